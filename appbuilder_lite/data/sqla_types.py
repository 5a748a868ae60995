"""SQLAlchemy's column types read as kinds, lengths, ranges and choices."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import types as sa
from sqlalchemy.dialects import mysql, postgresql

from appbuilder_lite.data.types import Kind
from appbuilder_lite.text import column_label

# The order matters: an Enum is a String, Text too, and before SQLAlchemy 2.1 a Float is a Numeric.
_KINDS: tuple[tuple[type[Any], Kind], ...] = (
    (sa.Enum, Kind.ENUM),
    (mysql.SET, Kind.OTHER),
    (mysql.TINYTEXT, Kind.TEXT),
    (mysql.MEDIUMTEXT, Kind.TEXT),
    (mysql.LONGTEXT, Kind.TEXT),
    (sa.Text, Kind.TEXT),
    (sa.String, Kind.STRING),
    (sa.Boolean, Kind.BOOLEAN),
    (sa.Integer, Kind.INTEGER),
    (sa.Float, Kind.FLOAT),
    (sa.Numeric, Kind.NUMERIC),
    (sa.DateTime, Kind.DATETIME),
    (sa.Date, Kind.DATE),
    (sa.Time, Kind.TIME),
    (sa.Interval, Kind.INTERVAL),
    (sa.Uuid, Kind.UUID),
    (sa.JSON, Kind.JSON),
    (sa.ARRAY, Kind.ARRAY),
    (sa._Binary, Kind.BINARY),
)
_BITS: tuple[tuple[type[Any], int], ...] = (
    (mysql.TINYINT, 8),
    (sa.SmallInteger, 16),
    (mysql.MEDIUMINT, 24),
    (sa.BigInteger, 64),
    (sa.Integer, 32),
)

# No order of these means anything to a person, and PostgreSQL has none for json.
_NO_ORDER = frozenset({Kind.JSON, Kind.BINARY})
# Of the types that one database alone knows, those that it can order by.
_OWN_ORDER = (
    postgresql.BIT,
    postgresql.CIDR,
    postgresql.HSTORE,
    postgresql.INET,
    postgresql.MACADDR,
    postgresql.MACADDR8,
    postgresql.MONEY,
    postgresql.OID,
    postgresql.TSVECTOR,
    postgresql.ranges.AbstractRange,
    mysql.BIT,
    mysql.SET,
    mysql.YEAR,
)
_NOTATIONS: tuple[tuple[type[Any], str], ...] = (
    (postgresql.INET, "inet"),
    (postgresql.CIDR, "cidr"),
    (postgresql.MACADDR, "macaddr"),
)

# A domain's values go to the driver and come from it as they are: SQLAlchemy does nothing to those of these kinds.
_BARE = frozenset(
    {
        *(Kind.STRING, Kind.TEXT, Kind.BOOLEAN, Kind.INTEGER, Kind.NUMERIC, Kind.FLOAT),
        *(Kind.DATE, Kind.TIME, Kind.DATETIME),
    }
)


def decorators_of(type_: Any) -> list[Any]:
    """The types of a host's own (`TypeDecorator`) that a type is made of, the outer one first; none of SQLAlchemy's."""
    found = []
    while isinstance(type_, sa.TypeDecorator) and not isinstance(type_, (sa.Interval, sa.PickleType)):
        found.append(type_)
        type_ = type_.impl_instance
    return found


def plain_type(type_: Any) -> Any:
    """The type that a `TypeDecorator` or a domain is made of, or the type itself."""
    if isinstance(type_, sa.TypeDecorator):
        for decorator in decorators_of(type_):
            type_ = decorator.impl_instance
    if isinstance(type_, postgresql.DOMAIN) and kind_of(type_.data_type) in _BARE:
        return plain_type(type_.data_type)
    return type_


def kind_of(type_: Any) -> Kind:
    plain = plain_type(type_)
    for known, kind in _KINDS:
        if isinstance(plain, known):
            return kind
    try:
        return Kind.INTERVAL if plain.python_type is timedelta else Kind.OTHER
    except NotImplementedError:
        return Kind.OTHER


def range_of(type_: Any) -> tuple[int | None, int | None]:
    """The smallest and the largest number of an integer type."""
    plain = plain_type(type_)
    for known, bits in _BITS:
        if isinstance(plain, known):
            if getattr(plain, "unsigned", False):
                return 0, 2**bits - 1
            return -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    return None, None


def notation_of(type_: Any) -> str:
    """How the addresses of a type are written: `inet`, `cidr` or `macaddr`; empty for any other type."""
    plain = plain_type(type_)
    return next((name for known, name in _NOTATIONS if isinstance(plain, known)), "")


def item_type_of(type_: Any) -> Any:
    """The type of the items of an array that is a plain list of them; None for any other type."""
    plain = plain_type(type_)
    return plain.item_type if isinstance(plain, sa.ARRAY) and plain.dimensions in (None, 1) else None


def is_orderable(type_: Any) -> bool:
    """Whether every database that has this type can order by it: nobody knows it of a type that is not known here."""
    plain = plain_type(type_)
    if isinstance(plain, sa.ARRAY):
        return is_orderable(plain.item_type)
    kind = kind_of(plain)
    return kind not in _NO_ORDER and (kind is not Kind.OTHER or isinstance(plain, _OWN_ORDER))


def choices_of(type_: Any) -> tuple[tuple[Any, str], ...]:
    """(value, label) of each member of an enum type."""
    plain = plain_type(type_)
    if not isinstance(plain, sa.Enum):
        return ()
    if plain.enum_class is not None:
        return tuple((member, column_label(member.name)) for member in plain.enum_class)
    return tuple((value, value) for value in plain.enums)
