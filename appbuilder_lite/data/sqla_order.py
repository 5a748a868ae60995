"""The order of a list as SQL: its columns one by one, and what lies beyond a row in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import ColumnProperty

from appbuilder_lite.data.positions import STORED
from appbuilder_lite.data.query import Order
from appbuilder_lite.data.sqla_columns import typed_column
from appbuilder_lite.data.sqla_entity import Entity
from appbuilder_lite.data.sqla_paths import Condition, Joins, last_attribute
from appbuilder_lite.data.sqla_types import plain_type
from appbuilder_lite.data.types import Column, Kind, Path
from appbuilder_lite.errors import InvalidInput
from appbuilder_lite.text import gettext

# Where rows without a value stand: before all others, or after them.
_NULLS_LOW = frozenset({"sqlite", "mysql", "mariadb", "mssql"})
_NULLS_HIGH = frozenset({"postgresql", "oracle", "cockroachdb"})
_MYSQL = frozenset({"mysql", "mariadb"})
# What a database reads back from a text exactly as it has given it. Floats are not among them: a column of single
# precision is compared with a number of double precision.
_EXACT = frozenset(
    {Kind.STRING, Kind.TEXT, Kind.INTEGER, Kind.NUMERIC, Kind.BOOLEAN, Kind.DATE, Kind.TIME, Kind.DATETIME, Kind.UUID}
    | {Kind.ENUM}
)


@dataclass(frozen=True, slots=True)
class Term:
    """One column of an order.

    `value` is what a position has of it, and is compared with; `column` says how that is written (None: it cannot be).
    `nulls_first` tells where rows without a value come in this very direction, None that there are none.
    """

    attribute: Any
    descending: bool
    value: Any
    column: Column | None
    nulls_first: bool | None
    # MariaDB takes the date 0000-00-00 for NULL where a column cannot be that, but not in a comparison of this kind.
    has_zero_dates: bool = False

    @property
    def is_empty(self) -> Condition:
        """Whether a row has no value here."""
        found: Condition = self.value.is_not_distinct_from(None) if self.has_zero_dates else self.value.is_(None)
        return found

    @property
    def clause(self) -> Any:
        return self.attribute.desc() if self.descending else self.attribute.asc()

    def reversed(self) -> Term:
        nulls_first = None if self.nulls_first is None else not self.nulls_first
        return replace(self, descending=not self.descending, nulls_first=nulls_first)


def terms_of(
    entity: Entity, find: Callable[[str], Path], joins: Joins, orders: Sequence[Order], dialect: str
) -> list[Term]:
    """The columns of an order, which always ends in the key: a page never repeats a row of another.

    Rows without a key of their own are told apart by all that they hold. The key goes the way of the column before it:
    as it stands in an index, which can then be read in one go.
    """
    terms, used = [], set()
    for order in orders:
        path = find(order.path)
        if not path.sortable:
            raise InvalidInput("sort", gettext("This column cannot be sorted."))
        terms.append(_term(path, last_attribute(joins.alias(path.through), path), dialect, order.descending))
        used.add(path.text)
    descending = bool(orders) and orders[-1].descending
    rest = (name for name in (*entity.key_columns, *_others(entity)) if name not in used)
    return terms + [_term(entity.path(name), getattr(entity.model, name), dialect, descending) for name in rest]


def _others(entity: Entity) -> list[str]:
    """The columns that tell rows apart where their key does not."""
    if entity.has_own_key:
        return []
    own = (column for column in entity.columns.values() if column.orderable and not column.deferred)
    return [
        column.name
        for column in own
        if column.name not in entity.key_columns and _is_stored(getattr(entity.model, column.name))
    ]


def stretches(terms: Sequence[Term], values: Sequence[Any]) -> list[Condition]:
    """What is true of the rows that come after the row of these values: one stretch after the other.

    (a, b) comes after (x, y) where `a >= x AND (a > x OR b > y)`: the first half is what an index answers. It answers
    no "or is empty", so the rows without a value are a stretch of their own.
    """
    term, value = terms[0], values[0]
    rest = _beyond(terms[1:], values[1:])
    is_empty = term.is_empty
    if value is None:
        here = [sa.and_(is_empty, rest)]
        return [*here, term.value.is_not(None)] if term.nulls_first else here
    bound = sa.bindparam(None, value, type_=term.value.type)
    later = term.value < bound if term.descending else term.value > bound
    not_before = term.value <= bound if term.descending else term.value >= bound
    here = [sa.and_(not_before, sa.or_(later, rest)) if terms[1:] else later]
    return [*here, is_empty] if term.nulls_first is False else here


def _beyond(terms: Sequence[Term], values: Sequence[Any]) -> Condition:
    return sa.or_(*stretches(terms, values)) if terms else sa.false()


def _term(path: Path, attribute: Any, dialect: str, descending: bool) -> Term:
    column = path.column
    if column is not None and column.kind is Kind.OTHER:
        # SQLAlchemy denies some types their order, as MariaDB's YEAR; in SQL this changes nothing.
        attribute = sa.type_coerce(attribute, sa.Text)
    is_nullable = bool(path.through) or not _is_filled(attribute, dialect)
    nulls_first = descending == (dialect in _NULLS_HIGH) if is_nullable else None
    if is_nullable and dialect not in _NULLS_LOW | _NULLS_HIGH:
        return Term(attribute, descending, attribute, None, nulls_first)
    written = _written(path, attribute, dialect)
    value = sa.type_coerce(attribute, sa.types.NullType()) if written is STORED else attribute
    has_zero_dates = dialect in _MYSQL and column is not None and column.kind in {Kind.DATE, Kind.DATETIME}
    return Term(attribute, descending, value, written, nulls_first, has_zero_dates)


def _written(path: Path, attribute: Any, dialect: str) -> Column | None:
    """How values are written in a position; None where what is written is not what the database compares."""
    column = path.column or typed_column(path.text, attribute.type)
    if isinstance(attribute.type, sa.types.TypeDecorator) or column.kind not in _EXACT | {Kind.FLOAT}:
        # What a type of the host's stores is its own, and nothing to be shown.
        return None
    if dialect == "sqlite":
        return STORED
    plain = plain_type(attribute.type)
    if column.kind is Kind.UUID and not getattr(plain, "as_uuid", True):
        return replace(column, kind=Kind.STRING)
    # PostgreSQL compares CHAR(n) without the blanks that it gives it with.
    is_padded = isinstance(plain, sa.CHAR)
    # MariaDB sorts them by their place among the choices, but compares their texts.
    is_ranked = column.kind is Kind.ENUM and dialect in _MYSQL
    # What is computed may have more digits than its type tells.
    is_rounded = column.kind is Kind.NUMERIC and not _is_stored(attribute)
    is_inexact = column.kind is Kind.FLOAT or is_padded or is_ranked or is_rounded
    return None if is_inexact else column


def _is_filled(attribute: Any, dialect: str) -> bool:
    """Whether the database itself sees to it that there is a value.

    It does for a table's key; a column that the model alone calls NOT NULL may be an old table's. SQLite lets NULL into
    keys, but for the whole number that it numbers its rows by.
    """
    column = attribute.property.columns[0] if _is_stored(attribute) else None
    if column is None or not column.primary_key:
        return False
    numbers = type(plain_type(column.type)) in (sa.Integer, sa.INTEGER) and len(column.table.primary_key) == 1
    return dialect != "sqlite" or numbers


def _is_stored(attribute: Any) -> bool:
    found = getattr(attribute, "property", None)
    return isinstance(found, ColumnProperty) and isinstance(found.columns[0], sa.Column)
