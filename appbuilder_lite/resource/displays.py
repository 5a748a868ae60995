"""What a value looks like by its type: plain displays that any surface can draw."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from appbuilder_lite.data.intervals import interval_text
from appbuilder_lite.data.naming import text_of
from appbuilder_lite.data.query import RelatedValue
from appbuilder_lite.data.types import Kind
from appbuilder_lite.data.unreadable import NO_TEXTS, Unreadable
from appbuilder_lite.text import class_label, gettext, lazy, ngettext, reader

LONGEST = 80
"""Characters of a text that a cell shows; the rest is in its title."""


class Display(NamedTuple):
    """A value as shown. `kind` is one of `web.pages.Cell`'s, or `html` for markup that a formatter made.

    `value` is the machine form (ISO date, "true", a related record's key), `title` the full form of what `text`
    shortens.
    """

    kind: str
    text: str = ""
    value: str = ""
    title: str = ""


EMPTY = Display("empty")

_NO_SUCH: Mapping[str, str] = MappingProxyType(
    {
        Kind.INTEGER: lazy("This value cannot be read as a number."),
        Kind.FLOAT: lazy("This value cannot be read as a number."),
        Kind.NUMERIC: lazy("This value cannot be read as a number."),
        Kind.DATE: lazy("This value cannot be read as a date."),
        Kind.DATETIME: lazy("This value cannot be read as a date and time."),
        Kind.TIME: lazy("This value cannot be read as a time."),
        Kind.INTERVAL: lazy("This value cannot be read as a span of time."),
        Kind.ENUM: lazy("This value is none of the choices."),
        Kind.UUID: lazy("This value cannot be read as a UUID."),
        Kind.JSON: lazy("This value cannot be read as JSON."),
    }
)
_UNKNOWN = lazy("This value cannot be read.")


def display(value: Any) -> Display:
    """A value by its type."""
    exact = _BY_EXACT_TYPE.get(type(value))
    if exact is not None:
        return exact(value)
    if value is None:
        return EMPTY
    if isinstance(value, Enum):
        return Display("choice", value.name.replace("_", " ").capitalize(), value.name)
    if isinstance(value, RelatedValue):
        return Display("link", value.text, value.key)
    for known, show in _BY_TYPE:
        if isinstance(value, known):
            return show(value)
    return _text(text_of(value) or class_label(type(value).__name__))


@cache
def display_of(kind: Kind) -> Callable[[Any], Display]:
    """The display of a column of this kind: where values are never texts, a text is one that cannot be read."""
    if kind not in NO_TEXTS:
        return display
    by_type: Mapping[type[Any], Callable[[Any], Display]] = {
        **_BY_EXACT_TYPE,
        str: lambda value: unread(Unreadable(value, kind)),
    }

    def show(value: Any) -> Display:
        exact = by_type.get(type(value))
        return display(value) if exact is None else exact(value)

    return show


def _boolean(value: bool) -> Display:
    return Display("boolean", gettext("Yes") if value else gettext("No"), "true" if value else "false")


def _datetime(value: datetime) -> Display:
    iso = value.isoformat()
    return Display("date", reader().datetime(value), iso, iso.replace("T", " "))


def _date(value: date) -> Display:
    return Display("date", reader().date(value), value.isoformat())


def _time(value: time) -> Display:
    return Display("date", reader().time(value), value.isoformat())


def _number(value: Any) -> Display:
    plain = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return Display("number", reader().number(value), plain)


def _text(value: str) -> Display:
    if len(value) <= LONGEST:
        return Display("text", value)
    return Display("long", f"{value[: LONGEST - 1].rstrip()}…", "", value)


def _json(value: Any) -> Display:
    return _text(json.dumps(value, ensure_ascii=False, default=str))


def _bytes(value: bytes) -> Display:
    count = len(value)
    return Display("text", ngettext("%(num)s byte", "%(num)s bytes", count))


def _interval(value: timedelta) -> Display:
    return Display("text", interval_text(value))


def _set(value: Any) -> Display:
    return listed(sorted(value, key=str))


def unread(value: Unreadable) -> Display:
    """A stored value that cannot be read: its text, and in the title what it is not."""
    shown, fault = _text(str(value)), fault_of_unread(value)
    return Display("unreadable", shown.text or "-", "", f"{fault} {shown.title}".strip())


def fault_of_unread(value: Unreadable) -> str:
    """What such a value is not."""
    return str(_NO_SUCH.get(value.kind, _UNKNOWN))


def listed(values: Any) -> Display:
    """Simple values after each other, as in an array; without any, no text at all."""
    return _text(", ".join(_item(value) for value in values)) if values else EMPTY


def _item(value: Any) -> str:
    if value is None:
        return "-"
    shown = display(value)
    return shown.title or shown.text


def _several(values: tuple[Any, ...]) -> Display:
    return Display("links", ", ".join(display(value).text for value in values)) if values else EMPTY


# The first that fits counts: a bool is an int, and a datetime a date.
_BY_TYPE: tuple[tuple[type[Any] | tuple[type[Any], ...], Callable[[Any], Display]], ...] = (
    (bool, _boolean),
    ((int, float, Decimal), _number),
    (datetime, _datetime),
    (date, _date),
    (time, _time),
    (timedelta, _interval),
    (Unreadable, unread),
    (str, _text),
    ((bytes, bytearray, memoryview), _bytes),
    (tuple, _several),
    ((set, frozenset), _set),
    ((dict, list), _json),
)

# Most values are of exactly one of these; a look-up costs a tenth of asking for each type in turn.
_BY_EXACT_TYPE: Mapping[type[Any], Callable[[Any], Display]] = MappingProxyType(
    {known: show for types, show in reversed(_BY_TYPE) for known in (types if isinstance(types, tuple) else (types,))}
)
