"""Checks of what a view declares for one of its pages alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from appbuilder_lite.errors import Problem
from appbuilder_lite.resource import checks_columns as columns
from appbuilder_lite.resource import checks_values as values
from appbuilder_lite.resource.checks_columns import Usage, mapping
from appbuilder_lite.resource.place import Place, instead

_FORM = ("label_columns", "description_columns")
_PAGES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "list": ("label_columns", "formatters_columns"),
        "show": (*_FORM, "formatters_columns"),
        "add": _FORM,
        "edit": _FORM,
    }
)
_OPTIONS: Mapping[str, tuple[Usage, values.ValueCheck]] = MappingProxyType(
    {
        "label_columns": (columns.any_field, values.text),
        "description_columns": (columns.any_field, values.text),
        "formatters_columns": (columns.any_path, values.function),
    }
)


def page_options(place: Place, value: Any) -> Iterator[Problem]:
    """Options by page, each a dict by column as the option of that name is."""
    shape = list(mapping(place, value))
    yield from shape
    for page, own in () if shape else value.items():
        if page not in _PAGES:
            yield place.problem("AB112", f"{page!r} is none of the pages", instead(page, _PAGES), page)
            continue
        unusable = list(mapping(place, own, page))
        yield from unusable
        for option, given in () if unusable else own.items():
            if option not in _PAGES[page]:
                message = f"{option!r} is nothing that the page {page!r} has for itself"
                yield place.problem("AB112", message, instead(option, _PAGES[page]), page, option)
            else:
                yield from _by_column(place, given, page, option)


def _by_column(place: Place, given: Any, page: str, option: str) -> Iterator[Problem]:
    shape = list(mapping(place, given, page, option))
    yield from shape
    usage, check_value = _OPTIONS[option]
    for name, item in () if shape else given.items():
        yield from usage(place, name, page, option, name)
        yield from check_value(place, item, page, option, name)
