"""Which values a type of the host's own (`TypeDecorator`) makes of what it stores, told by putting samples through it.

Nothing else tells it: the type that it decorates is that of what is stored. A list can be compared with a value only
where that is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import Any, get_args, get_type_hints
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect

from appbuilder_lite.data.sqla_types import decorators_of, kind_of, plain_type
from appbuilder_lite.data.types import Column, Kind
from appbuilder_lite.text import column_label

KEPT_TYPES = 1024
_DIALECT = DefaultDialect()
_UNKNOWN = Column("", Kind.OTHER, orderable=False, is_encoded=True)
_MOMENTS = tuple(datetime(year, 3, 4, 5, 6, 7) for year in (1969, 1999, 2000, 2026))
_NUMBERS = (-1000, -2, -1, 0, 1, 2, 10, 1000)


@dataclass(frozen=True, slots=True)
class _Samples:
    """Values of one Python type, from the smallest to the largest, and the column that they would be of."""

    column: Column
    family: str
    values: Sequence[Any]


def _samples(kind: Kind, values: Sequence[Any], family: str = "", *, timezone: bool = False) -> _Samples:
    return _Samples(replace(_UNKNOWN, kind=kind, timezone=timezone), family or kind, values)


_SAMPLES = (
    _samples(Kind.STRING, ("A sample", "b@example.org", "c")),
    _samples(Kind.INTEGER, _NUMBERS, "number"),
    _samples(Kind.FLOAT, tuple(number / 2 for number in _NUMBERS), "number"),
    _samples(Kind.NUMERIC, tuple(Decimal(number) / 2 for number in _NUMBERS), "number"),
    _samples(Kind.BOOLEAN, (False, True)),
    _samples(Kind.DATE, tuple(moment.date() for moment in _MOMENTS)),
    _samples(Kind.DATETIME, _MOMENTS),
    _samples(Kind.DATETIME, tuple(moment.replace(tzinfo=UTC) for moment in _MOMENTS), timezone=True),
    _samples(Kind.TIME, (time(0), time(9, 59), time(10), time(23, 59, 59))),
    _samples(Kind.INTERVAL, tuple(timedelta(minutes=number) for number in _NUMBERS)),
    _samples(Kind.UUID, (UUID(int=1), UUID(int=2**127))),
)
_DOCUMENTS: Sequence[dict[str, Any]] = ({}, {"a": [1, "b", None, {"c": True}]})
# What a column of a kind can be given, to the very type; of other kinds nobody knows.
_STORED: Mapping[Kind, tuple[type[Any], ...]] = MappingProxyType(
    {
        Kind.STRING: (str,),
        Kind.TEXT: (str,),
        Kind.ENUM: (str,),
        Kind.INTEGER: (int,),
        Kind.FLOAT: (float, int, Decimal),
        Kind.NUMERIC: (Decimal, int, float),
        Kind.BOOLEAN: (bool,),
        Kind.DATE: (date,),
        Kind.DATETIME: (datetime,),
        Kind.TIME: (time,),
        Kind.INTERVAL: (timedelta,),
        Kind.UUID: (UUID, str),
        Kind.BINARY: (bytes,),
    }
)
# In these the database finds the order of the values, not that of a language.
_ORDERED = frozenset(_STORED) - {Kind.STRING, Kind.TEXT, Kind.ENUM, Kind.UUID, Kind.BINARY, Kind.BOOLEAN}


def is_encoded(type_: Any) -> bool:
    """Whether values are stored as something else than they are in Python, by a type of the host's own."""
    return isinstance(type_, sa.TypeDecorator) and any(_has_own(one, *_READS) for one in decorators_of(type_))


def takes_as_is(type_: Any) -> bool:
    """Whether what is compared with a column of the type goes to the database as it is."""
    return not any(_has_own(one, *_WRITES) for one in decorators_of(type_))


@lru_cache(KEPT_TYPES)
def held_by(type_: Any) -> Column | None:
    """A column of the values that an encoded type has in Python; of the kind `other` where that is not known.

    It is `orderable` where what is stored has their order, and of the kind `json` where the type takes documents.
    None for types that store values as they are.
    """
    if not is_encoded(type_):
        return None
    # What SQL makes of a value can be told from no sample.
    if any(_has_own(one, *_IN_SQL) for one in decorators_of(type_)) or kind_of(type_) not in _STORED:
        return _UNKNOWN
    enum = next((found for found in _enums(type_) if all(_is_kept(type_, member) for member in found)), None)
    if enum is not None:
        return replace(_UNKNOWN, kind=Kind.ENUM, choices=tuple((one, column_label(one.name)) for one in enum))
    if all(_is_kept(type_, value) for value in _DOCUMENTS):
        return replace(_UNKNOWN, kind=Kind.JSON)
    kept = [found for found in _SAMPLES if all(_is_kept(type_, value) for value in found.values)]
    # Who takes texts as well as numbers takes anything: a text of the address could mean either.
    if len({found.family for found in kept}) != 1:
        return _UNKNOWN if kept else replace(_UNKNOWN, writable=not _is_foreign(type_))
    found = next((one for one in kept if one.column.kind is kind_of(type_)), kept[-1])
    return replace(found.column, orderable=_keeps_order(type_, found.values))


def _enums(type_: Any) -> Iterator[type[Enum]]:
    """The Python enums that a type names: in an attribute, or as what `process_result_value` is annotated to return."""
    for one in decorators_of(type_):
        for found in (*vars(one).values(), *vars(type(one)).values(), *_returned(one)):
            if isinstance(found, type) and issubclass(found, Enum) and len(found):
                yield found


def _returned(decorator: Any) -> Sequence[Any]:
    try:
        found = get_type_hints(decorator.process_result_value).get("return")
    except (NameError, TypeError, AttributeError, SyntaxError):
        return ()
    return (found, *get_args(found))


def _is_kept(type_: Any, value: Any) -> bool:
    """Whether a value comes back of its own type, and is found by what it is stored as.

    Upper case for lower is no harm to that; what is encrypted otherwise each time is never found again.
    """
    try:
        stored, again = _stored(type_, value), _stored(type_, value)
        loaded = _loaded(type_, stored)
        same = _stored(type_, loaded)
    except Exception:  # noqa: BLE001 - the type is anybody's code, and has said that it does not take the value
        return False
    if type(stored) not in _STORED[kind_of(type_)] or not stored == again == same:
        return False
    if isinstance(value, Enum):
        return loaded is value
    is_aware = getattr(value, "tzinfo", None) is not None
    return type(loaded) is type(value) and (getattr(loaded, "tzinfo", None) is not None) == is_aware


def _is_foreign(type_: Any) -> bool:
    """Whether the values of the stored kind are of no use to the type: it makes something else of them, or cannot.

    What it refuses as a value, and what it stores otherwise each time, it may take in other cases.
    """
    values = next((found.values for found in _SAMPLES if found.column.kind is kind_of(type_)), _SAMPLES[0].values)
    return not all(_may_take(type_, value) for value in values)


def _may_take(type_: Any, value: Any) -> bool:
    try:
        stored = _stored(type_, value)
        return bool(stored == value) or type(_loaded(type_, stored)) is type(value)
    except (AttributeError, TypeError, LookupError):
        return False
    except Exception:  # noqa: BLE001 - the type is anybody's code, and the value may be one that it refuses
        return True


def _keeps_order(type_: Any, values: Sequence[Any]) -> bool:
    if kind_of(type_) not in _ORDERED:
        return False
    stored = [_stored(type_, value) for value in values]
    return all(one < other for one, other in pairwise(stored))


def _stored(type_: Any, value: Any) -> Any:
    for one in decorators_of(type_):
        value = one.process_bind_param(value, _DIALECT) if _has_own(one, "process_bind_param") else value
    return value


def _loaded(type_: Any, value: Any) -> Any:
    for one in reversed(decorators_of(type_)):
        value = one.process_result_value(value, _DIALECT) if _has_own(one, "process_result_value") else value
    return value


_READS = ("process_result_value", "result_processor", "column_expression")
_WRITES = ("process_bind_param", "bind_processor", "bind_expression", "coerce_compared_value")
_IN_SQL = ("result_processor", "column_expression", "bind_processor", "bind_expression")


def _has_own(decorator: Any, *names: str) -> bool:
    """Whether a type's class says itself what one of these does."""
    return any(getattr(type(decorator), name) is not getattr(sa.TypeDecorator, name) for name in names)


def as_plain(attribute: Any) -> Any:
    """A column to be compared with what it may hold, a part of it or a limit, which is no value for its own type."""
    type_ = attribute.type
    return attribute if is_encoded(type_) or takes_as_is(type_) else sa.type_coerce(attribute, plain_type(type_))
