"""Filter values as a column takes them: what comes from a URL or a form is text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import ip_interface, ip_network
from math import isfinite
from types import MappingProxyType
from typing import Any
from uuid import UUID

from appbuilder_lite.data.intervals import parse_interval
from appbuilder_lite.data.sqla_entity import Entity
from appbuilder_lite.data.types import Column, Kind
from appbuilder_lite.errors import InvalidInput
from appbuilder_lite.text import gettext, reader

_MOST_DIGITS = 1000
_HARDWARE = re.compile("[0-9a-f]{12}")
_TRUE = frozenset({"true", "1", "yes", "y", "on"})
_FALSE = frozenset({"false", "0", "no", "n", "off"})


def column_value(value: Any, column: Column | None) -> Any:
    """The value with the column's Python type; raises `InvalidInput` for a text or a number that it cannot hold."""
    if column is None or value is None:
        return value
    try:
        read = _READERS[column.kind](value, column) if isinstance(value, str) and column.kind in _READERS else value
    except (ValueError, ArithmeticError) as error:
        raise InvalidInput(column.name, gettext("This value does not fit the column.")) from error
    if column.kind is Kind.INTEGER and isinstance(read, int) and not _in_range(read, column):
        raise InvalidInput(column.name, gettext("This number is out of range."))
    return read


def is_yes(text: str) -> bool:
    """Whether a text of an address says yes."""
    return text.strip().lower() in _TRUE


def whole_day(value: Any, column: Column | None) -> tuple[datetime, datetime] | None:
    """Where a day begins and where the next one does, for a date without a time in a column of points in time.

    Example: `whole_day("2026-01-31", placed)` is midnight of January 31 and midnight of February 1.
    """
    if column is None or column.kind is not Kind.DATETIME or not isinstance(value, str):
        return None
    if column.is_encoded and not column.orderable:
        return None
    try:
        day = date.fromisoformat(value.strip())
    except ValueError:
        return None
    return limits(day, day, column)


def limits(first: date, last: date, column: Column) -> tuple[datetime, datetime]:
    """Where the first day begins and where the last one ends, as the column holds it; days are the reader's."""
    try:
        start = datetime.combine(first, time.min)
        end = datetime.max if last == date.max else datetime.combine(last + timedelta(days=1), time.min)
        return (_as_utc(start), _as_utc(end)) if column.timezone else (start, end)
    except OverflowError:
        raise InvalidInput(column.name, gettext("This value does not fit the column.")) from None


def _as_utc(local: datetime) -> datetime:
    """A time of the reader's as UTC. Zones of pytz have to find the offset of a time themselves."""
    zone = reader().zone
    localize = getattr(zone, "localize", None)
    aware: datetime = local.replace(tzinfo=zone) if localize is None else localize(local)
    return aware.astimezone(UTC)


def key_of(target: Entity, value: Any) -> tuple[Any, ...]:
    """The key that a record, an encoded key, a tuple or a plain key value stands for; raises `InvalidKey`."""
    if isinstance(value, target.model):
        return target.key_values(value)
    if isinstance(value, str):
        return target.decode(value)
    return value if isinstance(value, tuple) else (value,)


def _in_range(number: int, column: Column) -> bool:
    low = -(2**63) if column.minimum is None else column.minimum
    high = 2**63 - 1 if column.maximum is None else column.maximum
    return low <= number <= high


def _integer(text: str, _column: Column) -> int:
    return int(text)


def _decimal(text: str, _column: Column) -> Decimal:
    value = Decimal(text)
    if not value.is_finite() or abs(value.adjusted()) > _MOST_DIGITS or len(value.as_tuple().digits) > _MOST_DIGITS:
        raise ValueError("not finite, or more than a person reads and a database holds")
    return value


def _float(text: str, _column: Column) -> float:
    value = float(text)
    if not isfinite(value):
        raise ValueError("not finite")
    return value


def _boolean(text: str, _column: Column) -> bool:
    if text.strip().lower() not in _TRUE | _FALSE:
        raise ValueError("neither true nor false")
    return is_yes(text)


def _datetime(text: str, column: Column) -> datetime:
    """A point in time as the column holds it; without a zone it is the reader's time where the column keeps one."""
    value = datetime.fromisoformat(text.strip())
    if column.timezone:
        return _as_utc(value) if value.tzinfo is None else value.astimezone(UTC)
    if value.tzinfo is not None:
        raise ValueError("a zone that the column does not keep")
    return value


def _hardware(text: str) -> str:
    digits = text.replace("-", "").replace(":", "").replace(".", "").lower()
    if not _HARDWARE.fullmatch(digits):
        raise ValueError("not six bytes")
    return ":".join(digits[place : place + 2] for place in range(0, 12, 2))


def _address(text: str) -> str:
    if ip_interface(text).ip.version == 6 and "%" in text:
        raise ValueError("PostgreSQL keeps no zone")
    return text


_NOTATIONS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"": str, "inet": _address, "cidr": lambda text: str(ip_network(_address(text))), "macaddr": _hardware}
)


def _choice(text: str, column: Column) -> Any:
    members = [value for value, _label in column.choices]
    for name_of in (lambda value: getattr(value, "name", value), lambda value: str(getattr(value, "value", value))):
        for member in members:
            if text == name_of(member):
                return member
    raise ValueError("not one of the choices")


_READERS: Mapping[Kind, Callable[[str, Column], Any]] = MappingProxyType(
    {
        Kind.INTEGER: _integer,
        Kind.NUMERIC: _decimal,
        Kind.FLOAT: _float,
        Kind.BOOLEAN: _boolean,
        Kind.ENUM: _choice,
        Kind.DATE: lambda text, _column: date.fromisoformat(text.strip()),
        Kind.TIME: lambda text, _column: time.fromisoformat(text.strip()),
        Kind.DATETIME: _datetime,
        Kind.INTERVAL: lambda text, _column: parse_interval(text),
        Kind.UUID: lambda text, _column: UUID(text.strip()),
        Kind.OTHER: lambda text, column: _NOTATIONS[column.notation](text.strip() if column.notation else text),
    }
)
