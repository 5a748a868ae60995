"""Checks of rows that are edited inside another record's form: that one relation leads to them, and can be written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from appbuilder_lite.data.interface import DataModel
from appbuilder_lite.data.sqla_children import fault_of, foreign_keys, is_mapped, to_many, ways_back
from appbuilder_lite.data.sqla_model import SQLAInterface
from appbuilder_lite.data.types import Kind
from appbuilder_lite.errors import Problem
from appbuilder_lite.resource import checks_columns as columns
from appbuilder_lite.resource import checks_structures as structures
from appbuilder_lite.resource import checks_values as values
from appbuilder_lite.resource.checks_columns import Check, sequence, wrong_type
from appbuilder_lite.resource.checks_names import check_option_names
from appbuilder_lite.resource.inline import OPTIONS, Inline
from appbuilder_lite.resource.place import OptionPlace, Place, instead
from appbuilder_lite.resource.related_source import MOST_RELATED

# A row has neither a form class nor further fields: what the checks of columns ask about those.
_NO_FORMS: Mapping[str, Any] = MappingProxyType(
    {"add_form": None, "edit_form": None, "add_form_extra_fields": {}, "edit_form_extra_fields": {}}
)


def inlines(place: Place, value: Any) -> Iterator[Problem]:
    """A list of classes of rows, each with one relation of this model that leads to them."""
    shape = list(sequence(place, value))
    yield from shape
    seen: dict[str, int] = {}
    for index, inline in enumerate(() if shape else value):
        if not isinstance(inline, type) or not issubclass(inline, Inline):
            yield wrong_type(place, inline, "a subclass of Inline", index)
            continue
        found = list(_of_class(place, inline))
        yield from found
        name = inline.relation if found else relation_of(place.datamodel, inline)
        if name and seen.setdefault(name, index) != index:
            message = f"the rows of {name!r} stand here already, at index {seen[name]}"
            yield place.problem("AB105", message, "remove one of the two", index)
        yield from _in_the_form_too(place, name, index)


def relation_of(owner: DataModel, inline: type[Inline]) -> str:
    """The relation that leads to an inline's rows: the one it names, or the only one there is."""
    return inline.relation or next(iter(to_many(owner.model, inline.datamodel.target)), "")


def _of_class(place: Place, inline: type[Inline]) -> Iterator[Problem]:
    """What is wrong with one class of rows, as rows of this view's records."""
    yield from check_option_names(inline, Inline)
    datamodel, here = inline.datamodel, partial(OptionPlace, inline)
    if not isinstance(datamodel, SQLAInterface) or not is_mapped(datamodel.target):
        fix = "add datamodel = SQLAInterface(YourModel)"
        yield here("datamodel").problem("AB108", f"{inline.__name__} has no model of its rows", fix)
        return
    if not isinstance(place.datamodel, SQLAInterface):
        message = f"{place.datamodel.name} does not come from SQLAInterface, so rows cannot be saved with it"
        yield place.problem("AB116", message, "take SQLAInterface, or leave inlines out")
        return
    bound = datamodel.bind(place.datamodel.session)
    if bound.session is not place.datamodel.session:
        message = "the rows have a session of their own, so they cannot be saved together with their record"
        yield here("datamodel").problem("AB116", message, "leave the session out")
        return
    unusable = list(_relation(here("relation"), place.datamodel.model, inline))
    yield from unusable or _options(place, inline, bound)


def _relation(place: OptionPlace, owner: type[Any], inline: type[Inline]) -> Iterator[Problem]:
    child = inline.datamodel.target
    found = to_many(owner, child)
    ways = f"{owner.__name__} to {child.__name__}"
    if not found:
        fix = f"add a relationship() that leads from {ways}, one to many"
        yield place.problem("AB116", f"there is no one-to-many relation from {ways}", fix)
    elif inline.relation and inline.relation not in found:
        message = f"{inline.relation!r} is no one-to-many relation from {ways}"
        yield place.problem("AB116", message, instead(str(inline.relation), found))
    elif not inline.relation and len(found) > 1:
        names = " or ".join(f'relation = "{name}"' for name in found)
        yield place.problem("AB116", f"{len(found)} relations lead from {ways}: {', '.join(found)}", f"write {names}")
    else:
        name = inline.relation or next(iter(found))
        fault = fault_of(found[name])
        if fault:
            fix = "name a relation that is held by foreign keys alone"
            yield place.problem("AB116", f"{owner.__name__}.{name} {fault}, so its rows cannot be saved", fix)


def _options(view: Place, inline: type[Inline], datamodel: SQLAInterface) -> Iterator[Problem]:
    """What is wrong with the options; the relation is known to be right."""
    if not datamodel.key_columns or datamodel.is_read_only:
        where = OptionPlace(inline, "datamodel")
        fix = "give the model a primary key of plain columns"
        yield where.problem("AB113", f"{datamodel.name} has no key, so its rows cannot be told apart", fix)
    relation = to_many(view.datamodel.model, datamodel.model)[relation_of(view.datamodel, inline)]
    ties = ways_back(relation) | frozenset(foreign_keys(relation))
    for option in OPTIONS:
        value = getattr(inline, option)
        # Defaults are right.
        if option in _CHECKS and value is not getattr(Inline, option):
            place = Place(inline, option, datamodel, view.settings, {**_NO_FORMS, "ties": ties, "columns": value})
            yield from _CHECKS[option](place, value)
    are_numbers = _is_number(inline.min_rows) and _is_number(inline.max_rows)
    if are_numbers and inline.max_rows < inline.min_rows <= MOST_RELATED:
        message = f"at least {inline.min_rows} rows and at most {inline.max_rows} cannot both be"
        yield OptionPlace(inline, "min_rows").problem("AB107", message, "make max_rows the larger one")


def _field(place: Place, name: str, *at: Any) -> Iterator[Problem]:
    """A field that a row can have: neither what ties it to its record, nor several records."""
    found = list(columns.generated(place, name, *at))
    yield from found
    if found:
        return
    path = place.datamodel.path(name)
    if path.text in place.values["ties"]:
        message = f"{name!r} ties the row to its record, which is never typed"
        yield place.problem("AB109", message, "leave it out", *at)
    elif path.is_to_many:
        message = f"{name!r} holds several records, for which a row has no room"
        yield place.problem("AB109", message, "leave it out, or edit it in a view of the rows", *at)


def _order_column(place: Place, value: Any) -> Iterator[Problem]:
    column = place.datamodel.columns.get(value) if isinstance(value, str) else None
    if column is None:
        yield place.problem("AB103", f"no column {value!r}", instead(str(value), place.datamodel.columns))
    elif column.kind is not Kind.INTEGER or not column.writable or column.primary_key or column.foreign_key:
        yield place.problem("AB109", f"{value!r} cannot hold an order", "name a column of whole numbers")
    elif value in (getattr(place.view_class, "columns", None) or ()):
        fix = "leave it out of columns: the rows' order is what is saved"
        yield place.problem("AB105", f"{value!r} stands in columns, too", fix)


def _number(least: int) -> Callable[..., Iterator[Problem]]:
    def check(place: OptionPlace, value: Any) -> Iterator[Problem]:
        if not _is_number(value):
            yield wrong_type(place, value, "a whole number")
        elif not least <= value <= MOST_RELATED:
            message = f"{value} is not between {least} and {MOST_RELATED}"
            yield place.problem("AB107", message, f"use a number from {least} to {MOST_RELATED}")

    return check


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _relation_name(place: OptionPlace, value: Any) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield wrong_type(place, value, "the name of a relation")


def _in_the_form_too(place: Place, name: str, index: int) -> Iterator[Problem]:
    for option in ("add_columns", "edit_columns", "add_fieldsets", "edit_fieldsets"):
        if name and name in _named(place.values[option]):
            fix = f"take it out of {option}"
            yield place.problem("AB105", f"{name!r} stands in {option} already, as a field", fix, index)


def _named(value: Any) -> list[Any]:
    """The names in an option of a form, as far as it is in order."""
    if not isinstance(value, list | tuple):
        return []
    groups = [item[1].get("fields", ()) for item in value if isinstance(item, tuple | list) and _is_group(item)]
    return [*value, *(name for group in groups for name in group)]


def _is_group(item: Any) -> bool:
    return len(item) == 2 and isinstance(item[1], Mapping)


_CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "columns": columns.columns(_field),
        "order_column": _order_column,
        "extra": _number(0),
        "min_rows": _number(0),
        "max_rows": _number(1),
        "label_columns": values.by_column(columns.any_path, values.text),
        "description_columns": values.by_column(columns.any_path, values.text),
        "validators_columns": values.by_column(columns.any_path, values.validators),
        "form_query_rel_fields": structures.query_rel_fields,
        **dict.fromkeys(("relation",), _relation_name),
        **dict.fromkeys(("title", "noun"), values.value(values.text)),
        **dict.fromkeys(("can_add", "can_edit", "can_delete"), values.value(values.flag)),
    }
)
