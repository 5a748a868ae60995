"""The words of a search box as a condition on the columns that are searched."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from appbuilder_lite.data.sqla_paths import Condition, last_attribute, where_related
from appbuilder_lite.data.types import Column, Kind, Path
from appbuilder_lite.text import is_storable, sought

_WHOLE = re.compile(r"-?[0-9]{1,20}")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def matches(root: Any, text: str, paths: Sequence[Path]) -> Condition:
    """Each word, and each phrase in quotation marks, stands in at least one of the columns.

    One that none of them can hold matches no row.
    """
    words = sought(text)
    if not paths or not words:
        return sa.true()
    return sa.and_(*(sa.or_(sa.false(), *_word(root, word, paths)) for word in words))


def _word(root: Any, word: str, paths: Sequence[Path]) -> Iterator[Condition]:
    if not is_storable(word):
        return
    for path in paths:
        make = _maker(word, path)
        if make is not None:
            yield where_related(root, path.through, make)


def _maker(word: str, path: Path) -> Callable[[Any], Condition] | None:
    """The condition on this path's column; None where the column cannot hold the word."""
    column = path.column
    if column is None:
        if path.attribute is None or not path.sortable:
            return None
        return lambda root: sa.cast(last_attribute(root, path), sa.String).icontains(word, autoescape=True)
    make = _CONDITIONS.get(column.kind)
    test = None if make is None else make(word, column)
    if test is None:
        return None
    return lambda root: test(last_attribute(root, path))


Test = Callable[[Any], Condition] | None


def _contains(word: str, _column: Column) -> Test:
    return lambda attribute: sa.or_(*(attribute.icontains(text, autoescape=True) for text in spellings(word)))


def spellings(word: str) -> Sequence[str]:
    """The word in the cases that SQLite, which folds ASCII alone, would take for different words."""
    if word.isascii():
        return [word]
    spellings = dict.fromkeys((word, word.lower(), word.upper(), word.capitalize()))
    return [text for text in spellings if is_storable(text)]


def _equals_whole(word: str, column: Column) -> Test:
    if not _WHOLE.fullmatch(word):
        return None
    number = int(word)
    low = -(2**63) if column.minimum is None else column.minimum
    high = 2**63 - 1 if column.maximum is None else column.maximum
    return (lambda attribute: attribute == number) if low <= number <= high else None


def _equals_decimal(word: str, column: Column) -> Test:
    try:
        number = Decimal(word)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number.adjusted()) > (column.precision or 30):
        return None
    return lambda attribute: attribute == number


def _equals_float(word: str, column: Column) -> Test:
    if _equals_decimal(word, column) is None:
        return None
    return lambda attribute: attribute == float(word)


def _equals_uuid(word: str, _column: Column) -> Test:
    try:
        value = UUID(word)
    except ValueError:
        return None
    return lambda attribute: attribute == as_stored(attribute, value)


def as_stored(attribute: Any, value: Any) -> Any:
    """A value to compare a column with: a UUID is a text where the column's type keeps it as one."""
    return str(value) if isinstance(value, UUID) and not getattr(attribute.type, "as_uuid", True) else value


def _is_choice(word: str, column: Column) -> Test:
    wanted = word.casefold()
    values = [value for value, label in column.choices if wanted in label.casefold()]
    return (lambda attribute: attribute.in_(values)) if values else None


def _in_dates(word: str, _column: Column) -> Test:
    found = _period(word)
    if found is None:
        return None
    first, last = found
    return lambda attribute: attribute.between(first, last)


def _in_datetimes(word: str, _column: Column) -> Test:
    found = _period(word)
    if found is None or found[1] == date.max:
        return None
    start = datetime.combine(found[0], time.min)
    end = datetime.combine(found[1] + timedelta(days=1), time.min)
    return lambda attribute: sa.and_(attribute >= start, attribute < end)


def _period(word: str) -> tuple[date, date] | None:
    """First and last day of a year (2024), a month (2024-05) or a day (2024-05-01)."""
    match = _DATE.fullmatch(word)
    if match is None:
        return None
    year, month, day = match.groups()
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if day:
        return first, first
    if month:
        return first, first.replace(day=monthrange(first.year, first.month)[1])
    return first, first.replace(month=12, day=31)


_CONDITIONS: Mapping[Kind, Callable[[str, Column], Test]] = MappingProxyType(
    {
        Kind.STRING: _contains,
        Kind.TEXT: _contains,
        Kind.INTEGER: _equals_whole,
        Kind.NUMERIC: _equals_decimal,
        Kind.FLOAT: _equals_float,
        Kind.UUID: _equals_uuid,
        Kind.ENUM: _is_choice,
        Kind.DATE: _in_dates,
        Kind.DATETIME: _in_datetimes,
    }
)
