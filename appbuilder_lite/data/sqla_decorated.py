"""Values on their way through types that a host has made itself (`TypeDecorator`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.orm import Mapper

from appbuilder_lite.data.keys import InvalidKey

# What a type raises that cannot make anything of a value; whatever else is a fault of its own.
_REFUSALS = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError)
_ANY_DIALECT = DefaultDialect()


def takes(type_: Any, value: Any, dialect: sa.Dialect | None = None) -> bool:
    """Whether a type makes something of a value that the database can be given."""
    own = getattr(type(type_), "process_bind_param", None)
    if own is None or own is sa.TypeDecorator.process_bind_param:
        return True
    try:
        own(type_, value, dialect or _ANY_DIALECT)
    except _REFUSALS:
        return False
    return True


def key_value(type_: Any, value: Any, dialect: sa.Dialect | None) -> Any:
    """A value of an address as the key's type takes it; raises `InvalidKey`.

    Types that keep a UUID as text are written in many ways, and some take nothing but a UUID.
    """
    if value is None or takes(type_, value, dialect):
        return value
    try:
        found = UUID(value)
    except (ValueError, TypeError, AttributeError) as error:
        raise InvalidKey("the key's type does not take it") from error
    if not takes(type_, found, dialect):
        raise InvalidKey("the key's type does not take it")
    return found


def refused_columns(mapper: Mapper[Any], values: Any) -> tuple[str, ...]:
    """The attributes whose types do not take what a statement was to be given."""
    rows = values if isinstance(values, list | tuple) else [values]
    given = [row for row in rows if isinstance(row, Mapping)]
    return tuple(
        mapper.get_property_by_column(column).key
        for column in mapper.columns.values()
        if any(column.key in row and not takes(column.type, row[column.key]) for row in given)
    )


class KnownOrRaw(sa.TypeDecorator[Any]):
    """Reads an enum's column; what the enum does not know comes as the text that the database has.

    Rows that other programs wrote, or an older release of the app, must not keep all of a list from being shown.
    """

    impl = sa.String
    cache_ok = True

    def __init__(self, enum: sa.Enum) -> None:
        super().__init__()
        members = enum.enums if enum.enum_class is None else tuple(enum.enum_class)
        self.known = tuple(zip(enum.enums, members, strict=False))
        self._members = dict(self.known)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Any:
        return self._members.get(value, value)


def readable(column: Any) -> Any:
    """A selected column in a form that no stored value breaks."""
    if not isinstance(column.type, sa.Enum):
        return column
    # With a name of its own: the same column may be selected as a part of the key.
    return sa.type_coerce(column, KnownOrRaw(column.type)).label(None)
