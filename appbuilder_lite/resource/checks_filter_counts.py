"""Checks of `filter_counts`: columns whose choices can be counted, and that the list can be filtered by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from appbuilder_lite.data.interface import UnknownPath
from appbuilder_lite.data.types import Kind, Path
from appbuilder_lite.errors import Problem
from appbuilder_lite.resource import defaults
from appbuilder_lite.resource.checks_columns import any_path
from appbuilder_lite.resource.place import Place


def countable(place: Place, name: str, *at: Any) -> Iterator[Problem]:
    """A filter with choices: of an enum, of yes and no, or of a relation of the model itself."""
    yield from any_path(place, name, *at)
    try:
        path = place.datamodel.path(name)
    except UnknownPath:
        return
    if not _has_choices(path):
        fix = "name an enum, a yes-or-no column, or a relation of the model itself"
        yield place.problem("AB109", f"{name!r} has no choices to be counted", fix, *at)
    elif name not in _filtered(place):
        yield place.problem("AB109", f"the list has no filter of {name!r}", "name it in filter_columns, too", *at)


def _has_choices(path: Path) -> bool:
    if path.compared is not None:
        return bool(path.compared.choices) or path.compared.kind is Kind.BOOLEAN
    return path.relation is not None and path.relation.association is None and not path.through


def _filtered(place: Place) -> frozenset[str]:
    """The columns that have a filter, as the declared options and their defaults say."""
    declared = _names(place.values["filter_columns"])
    if place.values["filter_columns"] is None:
        listed = place.values["list_columns"]
        shown = defaults.shown_columns(place.datamodel) if listed is None else listed
        excluded = frozenset(_names(place.values["list_exclude_columns"]))
        declared = [name for name in _names(shown) if name not in excluded]
        declared += [*_names(place.values["list_optional_columns"]), *_names(place.values["search_columns"])]
    return frozenset(declared) | frozenset(_names(place.values["search_filters"]))


def _names(declared: Any) -> list[str]:
    """The names in an option, whatever else is wrong with it."""
    if isinstance(declared, str) or not isinstance(declared, Iterable):
        return []
    return [name for name in declared if isinstance(name, str)]
