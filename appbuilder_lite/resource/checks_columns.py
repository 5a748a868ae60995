"""Checks of columns: that a name leads somewhere, and to something that can be used where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from appbuilder_lite.data.filter_operators import operators_for
from appbuilder_lite.data.interface import UnknownPath
from appbuilder_lite.data.types import Kind, Path
from appbuilder_lite.errors import Problem
from appbuilder_lite.resource.defaults import sorting_columns
from appbuilder_lite.resource.duplicable import why_not
from appbuilder_lite.resource.editable import form_field_names, is_editable
from appbuilder_lite.resource.place import OptionPlace, Place, instead, nearest

Check = Callable[[Place, Any], Iterator[Problem]]
Usage = Callable[..., Iterator[Problem]]
"""What a column must be good for: called with the place, the name and where in the option it stands."""

_NUMBERS = frozenset({Kind.INTEGER, Kind.NUMERIC, Kind.FLOAT})
_UNSEARCHABLE = frozenset({Kind.ARRAY, Kind.BINARY, Kind.JSON, Kind.OTHER})


def columns(usage: Usage) -> Check:
    """A check of a sequence of column names, each good for `usage`."""

    def check(place: Place, value: Any) -> Iterator[Problem]:
        if value is not None:
            yield from column_names(place, value, usage)

    return check


def column_names(
    place: OptionPlace, value: Any, usage: Usage, *at: Any, wanted: str = "a column name"
) -> Iterator[Problem]:
    """Problems of a sequence of names that stands at `at` inside the option."""
    shape = list(sequence(place, value, *at))
    yield from shape
    if shape:
        return
    seen: dict[str, int] = {}
    for index, name in enumerate(value):
        here = (*at, index)
        if not isinstance(name, str):
            yield wrong_type(place, name, wanted, *here)
        elif name in seen:
            message = f"{name!r} stands here already, at index {seen[name]}"
            yield place.problem("AB105", message, "remove one of the two", *here)
        else:
            seen[name] = index
            yield from usage(place, name, *here)


def sequence(place: OptionPlace, value: Any, *at: Any) -> Iterator[Problem]:
    """Problems of a value that should be a list."""
    if isinstance(value, str):
        message = f"{value!r} is a bare string where a list is due; each letter would count as an entry"
        yield place.problem("AB104", message, f"write [{value!r}]", *at)
    elif not isinstance(value, Sequence | AbstractSet) or isinstance(value, bytes):
        yield wrong_type(place, value, "a list", *at)


def mapping(place: OptionPlace, value: Any, *at: Any) -> Iterator[Problem]:
    """Problems of a value that should be a dict with text keys."""
    if not isinstance(value, Mapping):
        yield wrong_type(place, value, "a dict", *at)
        return
    for key in value:
        if not isinstance(key, str):
            yield wrong_type(place, key, "a text key", *at, key)


def wrong_type(place: OptionPlace, value: Any, wanted: str, *at: Any) -> Problem:
    return place.problem("AB106", f"{kind_of(value)} is not {wanted}", f"write {wanted}", *at)


def kind_of(value: Any) -> str:
    """What a problem calls a value: the type and the beginning of it, or the name of a class."""
    return value.__name__ if isinstance(value, type) else f"{type(value).__name__} {_short(value)}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}..."


def any_path(place: Place, name: str, *at: Any) -> Iterator[Problem]:
    """A column, a relation, or an attribute of the model, dotted or not."""
    try:
        place.datamodel.path(name)
    except UnknownPath as error:
        yield _unknown(place, error, *at)


def _unknown(place: Place, error: UnknownPath, *at: Any) -> Problem:
    near = nearest(error.part, error.known)
    steps = error.path.split(".")
    if near and len(steps) > 1 and error.part in steps:
        steps[steps.index(error.part)] = near
        fix = f"did you mean {'.'.join(steps)!r}? allowed after that: {', '.join(sorted(error.known))}"
    else:
        fix = instead(error.part, error.known)
    return place.problem("AB103", f"{error.path!r}: {error}", fix, *at)


def _resolved(place: Place, name: str) -> Path | None:
    try:
        return place.datamodel.path(name)
    except UnknownPath:
        return None


def sortable(place: Place, name: str, *at: Any) -> Iterator[Problem]:
    """A path that SQL can order by."""
    yield from any_path(place, name, *at)
    path = _resolved(place, name)
    if path and not path.sortable:
        yield _unusable(
            place, name, "cannot be sorted by: it has no single column", "name a column, dotted or not", *at
        )


def ordering(place: Place, name: str, *at: Any) -> Iterator[Problem]:
    """A path that SQL can order by, or a relation to one record that `label_columns_of` tells how to sort."""
    path, named = _resolved(place, name), place.values["label_columns_of"]
    if path is None or path.relation is None or path.is_to_many:
        yield from sortable(place, name, *at)
    elif not (isinstance(named, Mapping) and sorting_columns(place.datamodel, name, named)):
        fix = f"name a column behind it, or say which ones name its records: label_columns_of = {{{name!r}: [...]}}"
        yield _unusable(place, name, "cannot be sorted by: it has no single column", fix, *at)


def summable(place: Place, name: str, *at: Any) -> Iterator[Problem]:
    """A path to a column of numbers, over relations to one record only."""
    yield from any_path(place, name, *at)
    path = _resolved(place, name)
    if path and (path.is_to_many or path.column is None or path.column.kind not in _NUMBERS):
        yield _unusable(place, name, "cannot be added up", "name a column of numbers", *at)
    elif path and path.column and path.column.is_encoded:
        fault = "is of a type that stores something else than its values, which the database cannot add up"
        yield _unusable(place, name, fault, "name a column of numbers", *at)


def searchable(place: Place, name: str, *at: Any) -> Iterator[Problem]:
    """A path that SQL can compare; the search box takes of them what can hold a word."""
    yield from any_path(place, name, *at)
    path = _resolved(place, name)
    if path is None:
        return
    if path.relation is not None:
        fix = f"name a column of it: '{name}.<column>'"
        fault = "is a relation, which the search box does not look into"
        yield replace(_unusable(place, name, fault, fix, *at), warning=True)
    is_python = path.attribute is not None and not path.sortable
    if is_python or (path.column is not None and path.column.kind in _UNSEARCHABLE):
        yield _unusable(place, name, "cannot be searched by the database", "name a column of text", *at)


def filterable(place: Place, name: str, *at: Any) -> Iterator[Problem]:
    """A path that a person can filter by: a column of a kind that has filters, or a relation."""
    yield from any_path(place, name, *at)
    path = _resolved(place, name)
    if path is None or name in (place.values["search_filters"] or ()):
        return
    if path.filtered is None or not operators_for(path.filtered):
        yield _unusable(place, name, *_why_unfiltered(path), *at)


def _why_unfiltered(path: Path) -> tuple[str, str]:
    """Why a path has no filters by itself, and what helps."""
    if path.attribute is not None and path.sortable and path.stands_for is None:
        fault = "has no filters: its SQL has no type that is known, has a window, or reads from tables not tied to it"
        return fault, "give the expression a type with type_coerce(), tie it as a subquery, or declare search_filters"
    return "has no filters", "name a column or a relation, or give it filters in search_filters"


def relation(place: Place, name: str, *at: Any) -> Iterator[Problem]:
    """A relation of the model itself."""
    if name not in place.datamodel.relations:
        message = f"{place.datamodel.name} has no relation {name!r}"
        yield place.problem("AB103", message, instead(name, place.datamodel.relations), *at)


def relation_path(place: Place, name: str, *at: Any) -> Iterator[Problem]:
    """A dotted name that ends in a relation."""
    yield from any_path(place, name, *at)
    path = _resolved(place, name)
    if path and (path.relation is None or path.relation.association):
        yield _unusable(place, name, "is not a relation, so nothing can be loaded with it", "name a relation", *at)


def form_column(place: Place, name: str, *at: Any) -> Iterator[Problem]:
    """Something that a form of this option's action has a field for."""
    action = place.option.partition("_")[0]
    form, extra = place.values[f"{action}_form"], place.values[f"{action}_form_extra_fields"]
    if name in form_field_names(form) or (isinstance(extra, Mapping) and name in extra):
        return
    if form_field_names(form):
        message = f"{form.__name__} has no field {name!r}"
        yield place.problem("AB103", message, instead(name, form_field_names(form)), *at)
        return
    yield from generated(place, name, *at)


def generated(place: Place, name: str, *at: Any) -> Iterator[Problem]:
    """Something that a generated form has a field for."""
    yield from any_path(place, name, *at)
    path = _resolved(place, name)
    if path and path.through:
        yield _unusable(place, name, "is a column of another model, so no form can write it", "name a relation", *at)
    elif path and not is_editable(path):
        has_extra = f"{place.option.partition('_')[0]}_form_extra_fields" in place.values
        fix = "leave it out, or give it a field in add_form_extra_fields or edit_form_extra_fields"
        fix = fix if has_extra else "leave it out"
        yield _unusable(place, name, "cannot be edited in a form", fix, *at)


def duplicable(place: Place, name: str, *at: Any) -> Iterator[Problem]:
    """Something that a new record can take over from another."""
    yield from any_path(place, name, *at)
    path = _resolved(place, name)
    fault = "" if path is None else why_not(path, place.datamodel)
    if fault:
        yield _unusable(place, name, fault, "leave it out", *at)


def any_field(place: Place, name: str, *at: Any) -> Iterator[Problem]:
    """Any path of the model, or a field that one of the two forms has."""
    if name not in further_fields(place):
        yield from any_path(place, name, *at)


def further_fields(place: Place) -> frozenset[str]:
    """Names of the fields that forms and extra fields of the class add to the model's."""
    names: set[str] = set()
    for action in ("add", "edit"):
        names.update(form_field_names(place.values[f"{action}_form"]))
        extra = place.values[f"{action}_form_extra_fields"]
        names.update(extra if isinstance(extra, Mapping) else ())
    return frozenset(names)


def _unusable(place: Place, name: str, fault: str, fix: str, *at: Any) -> Problem:
    return place.problem("AB109", f"{name!r} {fault}", fix, *at)
