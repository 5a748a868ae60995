"""The check of the fields whose choices depend on another field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from appbuilder_lite.data.interface import UnknownPath
from appbuilder_lite.errors import Problem
from appbuilder_lite.resource.checks_columns import mapping, relation, wrong_type
from appbuilder_lite.resource.place import Place


def dependent_choices(place: Place, value: Any) -> Iterator[Problem]:
    """A dict from a relation to one that the model and the relation's target both have, each with one record."""
    shape = list(mapping(place, value))
    yield from shape
    for name, on in () if shape else value.items():
        faults = list(_names(place, name, on))
        if not faults and _is_circle(name, value):
            message = f"{name!r} depends on itself by way of {on!r}"
            yield place.problem("AB109", message, "leave one of these out", name)
            continue
        yield from faults or _pair(place, name, on)


def _names(place: Place, name: Any, on: Any) -> Iterator[Problem]:
    for one in (name, on):
        if not isinstance(one, str):
            yield wrong_type(place, one, "the name of a relation", name)
        else:
            yield from relation(place, one, name)


def _pair(place: Place, name: str, on: str) -> Iterator[Problem]:
    relations = place.datamodel.relations
    target = relations[name].target.__name__
    if relations[on].cardinality.is_to_many:
        message = f"{on!r} holds several records, so it does not say which choices of {name!r} there are"
        yield place.problem("AB109", message, "name a relation to one record", name)
        return
    try:
        path = place.datamodel.path(f"{name}.{on}")
    except UnknownPath:
        path = None
    found = path and path.relation
    if not found or found.target is not relations[on].target or found.cardinality.is_to_many:
        message = f"{target} has no relation {on!r} to one {relations[on].target.__name__}"
        fix = f"add a relationship() of that name to {target}, or name a relation that both models have"
        yield place.problem("AB109", message, fix, name)


def _is_circle(name: str, value: Mapping[Any, Any]) -> bool:
    seen, at = {name}, value[name]
    while isinstance(at, str) and at in value and at not in seen:
        seen.add(at)
        at = value[at]
    return bool(at == name)
