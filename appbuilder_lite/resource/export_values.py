"""The values of a column as a file has them: exact, and without the markup that is made for pages."""

from __future__ import annotations

import base64
import html
import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from appbuilder_lite.data.intervals import interval_text
from appbuilder_lite.data.naming import text_of
from appbuilder_lite.data.query import RelatedValue, Several
from appbuilder_lite.data.types import Kind, Path
from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.resource.values import formatter_of
from appbuilder_lite.text import class_label, gettext

Plain = Any
"""What JSON can tell: None, yes or no, numbers, texts, and lists and dicts of them."""

_MARKUP = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)


def exporter_for(path: Path, options: ResourceOptions) -> Callable[[Any], Any]:
    """The function from the values of a path to those of a file: through the user's own formatter where there is one.

    A formatter may be there to hide a part of a value, as the digits of a card.
    """
    own = options.formatters.get(path.text)
    if own is not None:
        return formatter_of(own, path.column)
    if path.column is not None and path.column.kind is Kind.BOOLEAN:
        # SQLite and MariaDB give 0 and 1 where a statement names columns without their type.
        return lambda value: value if value is None or isinstance(value, str) else bool(value)
    return _as_it_is


def plain(value: Any) -> Plain:
    """A value by its type: dates and times in ISO 8601, bytes in base64, enums by their members' names."""
    if value is None or type(value) in (bool, int, str):
        return value
    if hasattr(value, "__html__"):
        return _without_markup(str(value.__html__()))
    for known, made in _BY_TYPE:
        if isinstance(value, known):
            return made(value)
    return text_of(value) or class_label(type(value).__name__)


def _as_it_is(value: Any) -> Any:
    return value


def _without_markup(text: str) -> str:
    return " ".join(html.unescape(_MARKUP.sub(" ", text)).split())


def _float(value: float) -> Plain:
    """JSON has no word for what is no number, nor for infinity."""
    return float(value) if math.isfinite(value) else str(value)


def _several(values: Several) -> Plain:
    found = [plain(value) for value in values]
    return [*found, gettext("%(count)s more", count=values.more)] if values.more else found


def _dict(value: Mapping[Any, Any]) -> Plain:
    return {str(key): plain(item) for key, item in value.items()}


def _list(values: Any) -> Plain:
    return [plain(value) for value in values]


def _set(values: Any) -> Plain:
    return _list(sorted(values, key=str))


# The first that fits counts: an enum may be a number, a bool is an int, and a datetime a date.
_BY_TYPE: tuple[tuple[type[Any] | tuple[type[Any], ...], Callable[[Any], Plain]], ...] = (
    (Enum, lambda value: value.name),
    (RelatedValue, lambda value: value.text),
    (str, str),
    (bool, bool),
    (int, int),
    (float, _float),
    (Decimal, "{:f}".format),
    ((datetime, date, time), lambda value: value.isoformat()),
    (timedelta, interval_text),
    ((bytes, bytearray, memoryview), lambda value: base64.b64encode(value).decode("ascii")),
    (Several, _several),
    (Mapping, _dict),
    ((list, tuple), _list),
    ((set, frozenset), _set),
)
