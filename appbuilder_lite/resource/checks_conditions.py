"""Checks of `conditional_fields`: that fields can wait for others, and for values that those can have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from appbuilder_lite.data.interface import UnknownPath
from appbuilder_lite.data.types import Column, Kind
from appbuilder_lite.errors import Problem
from appbuilder_lite.resource.checks_columns import any_field, further_fields, mapping, wrong_type
from appbuilder_lite.resource.condition_values import choice_texts, text_of, values_in
from appbuilder_lite.resource.place import Place, instead

_DECIDING = frozenset({Kind.BOOLEAN, Kind.ENUM, Kind.INTEGER, Kind.STRING, Kind.TEXT})
_TYPES: Mapping[Kind, type[Any]] = {Kind.BOOLEAN: bool}


def conditional_fields(place: Place, value: Any) -> Iterator[Problem]:
    """A dict from a field to those that decide about it, each with a value or several."""
    shape = list(mapping(place, value))
    yield from shape
    sound = {}
    for name, rules in () if shape else value.items():
        faults = [*_asked(place, name), *_rules(place, name, rules)]
        yield from faults
        if not faults:
            sound[name] = rules
    for name in sound:
        if _leads_back(name, sound):
            yield place.problem("AB109", f"{name!r} waits for itself", "let it wait for another field", name)


def _asked(place: Place, name: str) -> Iterator[Problem]:
    """Something that a form asks for, and that a record can do without."""
    yield from any_field(place, name, name)
    column = place.datamodel.columns.get(name)
    if "." in name:
        yield place.problem("AB109", f"{name!r} is no field of a form", "name a column or a relation", name)
    elif column is not None and _has_to_be_there(column) and _is_added(place, name):
        message = f"{name!r} has to have a value, which a new record would lack where it is not asked for"
        yield place.problem("AB109", message, "make the column nullable, or give it a default", name)


def _has_to_be_there(column: Column) -> bool:
    return not column.nullable and not column.has_default


def _is_added(place: Place, name: str) -> bool:
    """Whether the add form asks for a column, as far as that is declared."""
    groups = place.values["add_fieldsets"]
    if isinstance(groups, list | tuple) and groups:
        return any(name in fields for fields in _fields_of(groups))
    columns, excluded = place.values["add_columns"], place.values["add_exclude_columns"]
    return (columns is None or name in columns) and name not in (excluded or ())


def _fields_of(groups: Any) -> Iterator[Any]:
    for group in groups:
        if isinstance(group, tuple | list) and len(group) == 2 and isinstance(group[1], Mapping):
            fields = group[1].get("fields", ())
            yield fields if isinstance(fields, list | tuple) else ()


def _rules(place: Place, name: str, rules: Any) -> Iterator[Problem]:
    shape = list(mapping(place, rules, name))
    yield from shape
    if not shape and not rules:
        yield place.problem("AB106", "nothing decides about it", 'write {"kind": "business"}', name)
    for one, values in () if shape else rules.items():
        unknown = list(any_field(place, one, name, one))
        yield from unknown or _values(place, name, one, values)


def _values(place: Place, name: str, one: str, declared: Any) -> Iterator[Problem]:
    """Values that the deciding field can have; those of a field that only a form has are its own business."""
    values = values_in(declared)
    if not values:
        yield place.problem("AB106", f"{one!r} can have no value", "name one value, or several", name, one)
    if one in further_fields(place):
        return
    fault = _cannot_decide(place, one)
    if fault:
        yield place.problem("AB109", f"{one!r} {fault}", "name a choice, a yes or no, a text or a relation", name, one)
        return
    column = place.datamodel.columns.get(one)
    if column is not None:
        for value in values:
            yield from _value(place, column, value, name, one)


def _cannot_decide(place: Place, name: str) -> str:
    try:
        path = place.datamodel.path(name)
    except UnknownPath:
        return "is no field of a form"
    if path.through or path.attribute is not None:
        return "is no field of a form"
    if path.relation is not None:
        return "has several values" if path.is_to_many else ""
    decides = path.column is not None and path.column.edited.kind in _DECIDING
    return "" if decides else "is of a kind that decides nothing"


def _value(place: Place, column: Column, value: Any, *at: Any) -> Iterator[Problem]:
    if value is None:
        return
    column = column.edited
    known = choice_texts(column)
    if known and text_of(value) not in known:
        message = f"{value!r} is no value of {column.name!r}"
        yield place.problem("AB109", message, instead(text_of(value), known), *at)
    elif not known and not _fits(column.kind, value):
        wanted = {Kind.BOOLEAN: "True or False", Kind.INTEGER: "a whole number"}.get(column.kind, "a text")
        yield wrong_type(place, value, wanted, *at)


def _fits(kind: Kind, value: Any) -> bool:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return is_number if kind is Kind.INTEGER else isinstance(value, _TYPES.get(kind, str))


def _leads_back(name: str, declared: Mapping[str, Mapping[str, Any]]) -> bool:
    seen: set[str] = set()
    ahead = [*declared[name]]
    while ahead:
        one = ahead.pop()
        if one == name:
            return True
        if one not in seen:
            seen.add(one)
            ahead += declared.get(one, ())
    return False
