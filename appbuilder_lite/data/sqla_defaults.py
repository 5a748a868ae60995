"""What a new record gets in a column that nobody fills: a plain value, what a function makes, or the database."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import LoaderCallableStatus, Mapper
from sqlalchemy.sql import schema

from appbuilder_lite.data.sqla_decorated import KnownOrRaw
from appbuilder_lite.data.sqla_types import plain_type
from appbuilder_lite.data.types import Column, Kind

# SQLAlchemy 2.1 has a mark of its own for a default that its column fills in.
_NO_DEFAULTS = (type(dataclasses.MISSING), LoaderCallableStatus)
# PostgreSQL tells the type of a text that it reflects. Databases differ in what a backslash means.
_QUOTED = re.compile(r"'((?:[^'\\]|'')*)'(?:::[\w .]+)?")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_TRUTHS: Mapping[str, bool] = MappingProxyType(
    {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False}
)
_BARE_KINDS = frozenset({Kind.INTEGER, Kind.NUMERIC, Kind.FLOAT, Kind.BOOLEAN})


def with_default(column: Column, mapper: Mapper[Any], stored: Sequence[sa.Column[Any]]) -> Column:
    """A column with what is known of its default; `stored` are those of the tables that it is kept in."""
    field = _dataclass_field(mapper, column.name)
    factory: Any = dataclasses.MISSING if field is None else field.default_factory
    if not isinstance(factory, _NO_DEFAULTS):
        return dataclasses.replace(column, has_default=True, make_default=factory)
    # A dataclass's None is as if nothing was given.
    if field is not None and field.default is not None and not isinstance(field.default, _NO_DEFAULTS):
        return dataclasses.replace(column, has_default=True, default=field.default)
    found = (_default(column, one) for one in stored)
    known = ((default, make) for default, make in found if default is not None or make is not None)
    default, make = next(known, (None, None))
    return dataclasses.replace(column, default=default, make_default=make)


def set_default(item: Any, field: dataclasses.Field[Any]) -> None:
    """Give a record what the dataclass has for a field that nobody gave, also for one that `__init__` does not take."""
    factory: Any = field.default_factory
    made = field.default if isinstance(factory, _NO_DEFAULTS) else factory()
    if not isinstance(made, _NO_DEFAULTS):
        setattr(item, field.name, made)


def _dataclass_field(mapper: Mapper[Any], name: str) -> dataclasses.Field[Any] | None:
    fields = dataclasses.fields(mapper.class_) if dataclasses.is_dataclass(mapper.class_) else ()
    return next((found for found in fields if found.name == name), None)


def _default(column: Column, stored: sa.Column[Any]) -> tuple[Any, Callable[[], Any] | None]:
    """The plain value and the function of one column, of which there is one at most."""
    default: Any = stored.default
    if default is None:
        return _literal(stored.server_default, column, stored.type), None
    if not isinstance(default, sa.ColumnDefault):
        return None, None
    if default.is_scalar:
        return default.arg, None
    return None, partial(default.arg, None) if default.is_callable and _needs_no_context(default.arg) else None


def _needs_no_context(function: Any) -> bool:
    """Whether SQLAlchemy has wrapped a function that takes nothing; one that takes the context stands as it is."""
    return getattr(function, "__globals__", None) is vars(schema)


def _literal(given: Any, column: Column, type_: Any) -> Any:
    """The value of a server's default that is a literal, where it is exactly one of the column's; else None."""
    argument = given.arg if isinstance(given, sa.DefaultClause) else None
    text = _text_of(argument, column.kind)
    if text is None or column.is_encoded:
        return None
    if column.kind is Kind.ENUM:
        return dict(KnownOrRaw(plain_type(type_)).known).get(text)
    try:
        return _READERS[column.kind](text, column) if column.kind in _READERS else None
    except ValueError:
        return None


def _text_of(argument: Any, kind: Kind) -> str | None:
    """What stands between the quotes of a literal, or a number or a truth as it is written."""
    if isinstance(argument, str):
        return argument
    if isinstance(argument, sa.True_ | sa.False_):
        return "true" if isinstance(argument, sa.True_) else "false"
    if isinstance(argument, sa.BindParameter) and isinstance(argument.value, str):
        return argument.value
    if not isinstance(argument, sa.TextClause):
        return None
    text = argument.text.strip()
    quoted = _QUOTED.fullmatch(text)
    if quoted:
        return quoted[1].replace("''", "'")
    return text if kind in _BARE_KINDS else None


def _short_enough(text: str, column: Column) -> str | None:
    return text if column.max_length is None or len(text) <= column.max_length else None


def _integer(text: str, column: Column) -> int | None:
    value = int(text) if _NUMBER.fullmatch(text) else None
    low, high = column.minimum, column.maximum
    is_within = value is not None and (low is None or low <= value) and (high is None or value <= high)
    return value if is_within else None


def _decimal(text: str, column: Column) -> Decimal | None:
    """A number that the database does not have to round."""
    places = len(text.partition(".")[2])
    is_exact = column.scale is None or places <= column.scale
    return Decimal(text) if is_exact and _NUMBER.fullmatch(text) else None


def _moment(text: str, column: Column) -> datetime | None:
    """A point in time; of one in a column with a zone nobody knows which it is meant in."""
    value = datetime.fromisoformat(text)
    return value if not column.timezone and value.isoformat(" ") == text.replace("T", " ") else None


def _time(text: str, column: Column) -> time | None:
    value = time.fromisoformat(text)
    return value if not column.timezone and value.isoformat() == text else None


def _date(text: str, _column: Column) -> date | None:
    value = date.fromisoformat(text)
    return value if value.isoformat() == text else None


_READERS: Mapping[Kind, Callable[[str, Column], Any]] = MappingProxyType(
    {
        Kind.STRING: _short_enough,
        Kind.TEXT: _short_enough,
        Kind.INTEGER: _integer,
        Kind.NUMERIC: _decimal,
        Kind.FLOAT: lambda text, _column: float(text) if _NUMBER.fullmatch(text) else None,
        Kind.BOOLEAN: lambda text, _column: _TRUTHS.get(text.lower()),
        Kind.DATE: _date,
        Kind.TIME: _time,
        Kind.DATETIME: _moment,
        Kind.UUID: lambda text, _column: UUID(text),
    }
)
