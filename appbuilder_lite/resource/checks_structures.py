"""Checks of options with an inner form: fieldsets, filters, order, related views."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from appbuilder_lite.data.filters import BaseFilter, ColumnFilter, FunctionFilter
from appbuilder_lite.data.interface import UnknownPath
from appbuilder_lite.data.relation_filters import RelationFilter
from appbuilder_lite.errors import Problem
from appbuilder_lite.resource.checks_columns import (
    Usage,
    any_path,
    column_names,
    mapping,
    relation,
    sequence,
    sortable,
    wrong_type,
)
from appbuilder_lite.resource.place import OptionPlace, Place, instead
from appbuilder_lite.text import slug

_FIELDSET = '("Title", {"fields": ["name"], "expanded": True})'
_FILTER = '["name", FilterEqual, "value"]'
_ORDER = '("name", "asc")'
_TAB = '("Paid", {"filters": [["status", FilterEqual, "paid"]]})'
_TAB_KEYS = ("filters", "name")
_GROUP_KEYS = ("description", "expanded", "fields", "tab")


def fieldsets(usage: Usage) -> Callable[[OptionPlace, Any], Iterator[Problem]]:
    """A check of (title, {"fields": [...]}) groups whose fields are good for `usage`."""

    def check(place: OptionPlace, value: Any) -> Iterator[Problem]:
        if value is None:
            return
        shape = list(sequence(place, value))
        yield from shape
        seen: dict[str, int] = {}
        for index, item in enumerate(() if shape else value):
            wrong = list(_fieldset_shape(place, item, index))
            yield from wrong
            if not wrong:
                yield from column_names(place, item[1]["fields"], usage, index, "fields")
                yield from _told_before(place, item[1]["fields"], seen, index)

    return check


def _fieldset_shape(place: OptionPlace, item: Any, index: int) -> Iterator[Problem]:
    if not isinstance(item, tuple | list) or len(item) != 2 or not isinstance(item[1], Mapping):
        yield place.problem("AB112", f"{item!r} is not a fieldset", f"write {_FIELDSET}", index)
        return
    group = item[1]
    for key in group:
        if key not in _GROUP_KEYS:
            message = f"{key!r} is no key of a fieldset"
            yield place.problem("AB112", message, instead(str(key), _GROUP_KEYS), index, key)
    if "fields" not in group:
        yield place.problem("AB112", "the fieldset has no fields", f"write {_FIELDSET}", index)
    if not isinstance(group.get("expanded", True), bool):
        yield wrong_type(place, group["expanded"], "True or False", index, "expanded")
    for key in ("description", "tab"):
        if not isinstance(group.get(key, ""), str):
            yield wrong_type(place, group[key], "a text", index, key)


def _told_before(place: OptionPlace, fields: Any, seen: dict[str, int], index: int) -> Iterator[Problem]:
    for position, name in enumerate(() if isinstance(fields, str) else fields):
        if seen.setdefault(name, index) != index:
            message = f"{name!r} stands in fieldset {seen[name]} already"
            yield place.problem("AB105", message, "remove one of the two", index, "fields", position)


def filters(place: Place, value: Any) -> Iterator[Problem]:
    """A list of [column, filter class, value]."""
    if value is not None:
        yield from _filters(place, value, "")


def list_tabs(place: Place, value: Any) -> Iterator[Problem]:
    """A list of (title, {"filters": [...]}) pairs with different names."""
    shape = list(sequence(place, value))
    yield from shape
    seen: dict[str, int] = {}
    for index, item in enumerate(() if shape else value):
        wrong = list(_tab_shape(place, item, index))
        yield from wrong
        if wrong:
            continue
        yield from _filters(place, item[1]["filters"], "", index, "filters")
        name = tab_name(*item)
        if seen.setdefault(name, index) != index:
            message = f"the address of tab {seen[name]} is {name!r} already"
            yield place.problem("AB105", message, 'give one of the two another "name"', index)


def _tab_shape(place: Place, item: Any, index: int) -> Iterator[Problem]:
    if not isinstance(item, tuple | list) or len(item) != 2 or not item[0] or not isinstance(item[1], Mapping):
        yield place.problem("AB112", f"{item!r} is not a tab", f"write {_TAB}", index)
        return
    for key in item[1]:
        if key not in _TAB_KEYS:
            yield place.problem("AB112", f"{key!r} is no key of a tab", instead(str(key), _TAB_KEYS), index, key)
    if not item[1].get("filters"):
        yield place.problem("AB112", "the tab has no filters", f"write {_TAB}", index)
    if not isinstance(item[1].get("name", ""), str):
        yield wrong_type(place, item[1]["name"], "a text", index, "name")
    elif not tab_name(*item):
        fix = 'give it a "name" of letters and digits'
        yield place.problem("AB112", f"{item[0]!r} makes no name for an address", fix, index)


def tab_name(title: Any, group: Mapping[str, Any]) -> str:
    """What an address calls a tab: the name that it was given, else its title in letters of an address."""
    return slug(group.get("name") or str(title))


def _filters(place: Place, value: Any, prefix: str, *at: Any) -> Iterator[Problem]:
    """Filters whose columns belong to the model at the end of `prefix`."""
    shape = list(sequence(place, value, *at))
    yield from shape
    for index, item in enumerate(() if shape else value):
        if not isinstance(item, tuple | list) or len(item) != 3 or not isinstance(item[0], str):
            yield place.problem("AB111", f"{item!r} is not a filter", f"write {_FILTER}", *at, index)
            continue
        yield from any_path(place, prefix + item[0], *at, index, 0)
        if not isinstance(item[1], type) or not callable(getattr(item[1], "apply", None)):
            message = f"{item[1]!r} is not a filter class"
            yield place.problem("AB111", message, "take one from appbuilder_lite.filters", *at, index, 1)
            continue
        yield from _filter_value(place, item[1], item[2], *at, index, 2)


def _filter_value(place: Place, filter_class: type[Any], value: Any, *at: Any) -> Iterator[Problem]:
    """A function is asked by the filters made for it only, and those need one."""
    if issubclass(filter_class, FunctionFilter) and not callable(value):
        fix = "write a function without arguments, or take FilterEqual or FilterIn"
        yield place.problem("AB111", f"{filter_class.__name__} compares with what a function gives", fix, *at)
    elif issubclass(filter_class, ColumnFilter | RelationFilter) and callable(value):
        fix = "take FilterEqualFunction or FilterInFunction"
        yield place.problem("AB111", f"{filter_class.__name__} does not call a function", fix, *at)


_TAKEN = frozenset({"between", "filled", "empty", "within"})


def search_filters(place: Place, value: Any) -> Iterator[Problem]:
    """A dict from a column to filter classes that a person gives a value to, each with an operator of its own."""
    shape = list(mapping(place, value))
    yield from shape
    for name, classes in () if shape else value.items():
        yield from any_path(place, name, name)
        faults = list(sequence(place, classes, name))
        yield from faults
        for index, item in enumerate(() if faults else classes):
            if not isinstance(item, type) or not issubclass(item, BaseFilter) or issubclass(item, FunctionFilter):
                fix = "write a subclass of BaseFilter, from appbuilder_lite.filters"
                yield place.problem("AB111", f"{item!r} is no filter that people can set", fix, name, index)
            elif not item.name or not _is_operator(item.arg_name or ""):
                fix = 'give it a name for people and an arg_name of letters: name = "Sounds like", arg_name = "like"'
                yield place.problem("AB111", f"{item.__name__} has no name that an address can hold", fix, name, index)


def _is_operator(name: str) -> bool:
    """Whether a filter can be called so in an address, beside those that every column has."""
    return name.isidentifier() and "__" not in name and name not in _TAKEN


def base_order(place: Place, value: Any) -> Iterator[Problem]:
    """A (column, "asc" or "desc") pair, or a list of them."""
    if value is None:
        return
    if isinstance(value, str):
        yield place.problem("AB114", f"{value!r} is not an order", f'write ("{value}", "asc")')
        return
    shape = list(sequence(place, value))
    yield from shape
    if shape:
        return
    single = len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], str)
    pairs = [((), value)] if single else [((index,), pair) for index, pair in enumerate(value)]
    for at, pair in pairs:
        if not isinstance(pair, tuple | list) or len(pair) != 2 or not isinstance(pair[0], str):
            yield place.problem("AB114", f"{pair!r} is not an order", f"write {_ORDER}", *at)
            continue
        yield from sortable(place, pair[0], *at, 0)
        if pair[1] not in ("asc", "desc"):
            fix = instead(str(pair[1]), ("asc", "desc"))
            yield place.problem("AB114", f"{pair[1]!r} is not a direction", fix, *at, 1)


def query_rel_fields(place: Place, value: Any) -> Iterator[Problem]:
    """A dict from a relation to filters on its target."""
    shape = list(mapping(place, value))
    yield from shape
    for name, item in () if shape else value.items():
        unknown = list(relation(place, name, name))
        yield from unknown
        if not unknown:
            yield from _filters(place, item, f"{name}.", name)


def label_columns_of(place: Place, value: Any) -> Iterator[Problem]:
    """A dict from a relation to columns of its target."""
    shape = list(mapping(place, value))
    yield from shape
    for name, item in () if shape else value.items():
        unknown = list(relation(place, name, name))
        yield from unknown
        if not unknown:
            yield from column_names(place, item, _column_of(name), name)


def _column_of(relation_name: str) -> Usage:
    def usage(place: Place, name: str, *at: Any) -> Iterator[Problem]:
        try:
            path = place.datamodel.path(f"{relation_name}.{name}")
        except UnknownPath as error:
            yield place.problem("AB103", f"{error.path!r}: {error}", instead(error.part, error.known), *at)
            return
        if path.column is None:
            yield place.problem("AB109", f"{name!r} is not a plain column", "name a column", *at)

    return usage


def related_views(place: Place, value: Any) -> Iterator[Problem]:
    """A list of view classes, each with a relation to this model."""
    yield from listed_views(place, value, partial(_has_relation, place))


def _has_relation(place: Place, view: type[Any], index: int) -> Iterator[Problem]:
    other: Any = view.datamodel
    if not _points_here(place, other):
        ours, theirs = place.datamodel.name, _model_of(other).__name__
        message = f"{theirs}, the model of {view.__name__}, has no relation to {ours}"
        yield place.problem("AB110", message, f"add a relationship() to {ours} on {theirs}", index)


def listed_views(
    place: OptionPlace, value: Any, further: Callable[[Any, int], Iterable[Problem]] = lambda view, index: ()
) -> Iterator[Problem]:
    """A list of view classes, each once and with a list; `further` looks at each of them."""
    shape = list(sequence(place, value))
    yield from shape
    for index, view in enumerate(() if shape else value):
        if not isinstance(view, type) or getattr(view, "datamodel", None) is None:
            yield wrong_type(place, view, "a view class with a datamodel", index)
            continue
        if view in list(value)[:index]:
            yield place.problem("AB105", f"{view.__name__} stands here already", "remove one of the two", index)
        if not _has_list(view):
            message = f"{view.__name__} has no list, so nothing of it would be shown"
            yield place.problem("AB117", message, f"leave {view.__name__} its page 'list', or take it out here", index)
        yield from further(view, index)


def _has_list(view: type[Any]) -> bool:
    """Whether the options of a view leave it its list; what is wrong with them is told by their own checks."""
    excluded, included = getattr(view, "exclude_route_methods", ()), getattr(view, "include_route_methods", None)
    known, renamed = getattr(view, "base_permissions", None), getattr(view, "method_permission_name", None) or {}
    permission = f"can_{renamed.get('list', 'list')}" if isinstance(renamed, Mapping) else ""
    return (
        "list" not in (excluded or ())
        and (included is None or "list" in included)
        and (known is None or permission in known)
    )


def _model_of(datamodel: Any) -> Any:
    """The model of a data source that is not bound; None where only binding tells."""
    target = getattr(datamodel, "target", None)
    return target if isinstance(target, type) else None


def _points_here(place: Place, other: Any) -> bool:
    if _model_of(other) is None or not getattr(other, "is_mapped", True):
        return True
    return any(issubclass(place.datamodel.model, relation.target) for relation in other.relations.values())
