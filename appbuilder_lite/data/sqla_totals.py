"""How many rows a list has: counted, counted up to a limit, as the database believes, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import scoped_session

from appbuilder_lite.data.query import MOST, Certainty, Count
from appbuilder_lite.data.sqla_entity import Entity

_LARGEST = 2**63 - 1
_ONE: Any = sa.literal_column("1")
# PostgreSQL notes how many rows stood on how many pages of the file; the file has grown since as its rows have.
_POSTGRESQL = """
SELECT CASE WHEN relpages > 0 THEN CAST(
  reltuples / relpages * (pg_relation_size(oid) / CAST(current_setting('block_size') AS integer)) AS bigint) END
FROM pg_class WHERE oid = to_regclass(:name)
"""
_MYSQL = """
SELECT table_rows FROM information_schema.tables
WHERE table_schema = COALESCE(:schema, DATABASE()) AND table_name = :table
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows there are in all, as far as that is known."""

    total: int
    certainty: Certainty

    def may_have(self, place: int) -> bool:
        """Whether there may be a row at this place, from 0."""
        return 0 <= place <= _LARGEST and (self.certainty is not Certainty.EXACT or place < self.total)


def count_of(entity: Entity, scoped: sa.Select[Any], how: Count) -> sa.Select[Any]:
    """The statement that counts the rows of `scoped`: all of them, or one more than `MOST` at most.

    To hand on their keys takes SQLite twice as long as to count them. Where rows have no key of their own, a scope may
    make them distinct by their columns.
    """
    rows = scoped.order_by(None)
    if entity.has_own_key:
        rows = rows.with_only_columns(_ONE, maintain_column_froms=True)
    return sa.select(sa.func.count()).select_from((rows if how is Count.EXACT else rows.limit(MOST + 1)).subquery())


def counted(session: Any, entity: Entity, statement: sa.Select[Any], how: Count, *, is_whole: bool) -> Counted:
    """The number that `count_of` makes, in one statement at most; `is_whole` where it is of all that the model has.

    An estimate of a table that is small takes a second one: there it is counted. So is what the app itself may narrow
    in every statement of its session.
    """
    if how is Count.NONE:
        return Counted(0, Certainty.LEAST)
    if how is Count.EXACT:
        return Counted(_number(session, statement), Certainty.EXACT)
    is_estimated = how is Count.ESTIMATED and is_whole and not _has_listeners(session)
    about = _estimate(session, entity) if is_estimated else 0
    if about > MOST:
        return Counted(about, Certainty.ABOUT)
    found = _number(session, statement)
    return Counted(MOST, Certainty.MORE) if found > MOST else Counted(found, Certainty.EXACT)


def _has_listeners(session: Any) -> bool:
    """Whether the app looks at, or changes, what is asked of the session."""
    real = session() if isinstance(session, scoped_session) else session
    return bool(real.dispatch.do_orm_execute)


def _number(session: Any, statement: sa.Select[Any]) -> int:
    number: int = session.execute(statement).scalar_one()
    return number


def _estimate(session: Any, entity: Entity) -> int:
    """How many rows the database believes the model's table to have; 0 where it has no idea, or is not asked."""
    bind, table = session.get_bind(entity.mapper), entity.mapper.local_table
    ask = _ESTIMATES.get(bind.dialect.name)
    if ask is None or entity.mapper.inherits is not None or not isinstance(table, sa.Table):
        return 0
    found = session.execute(ask(table, bind.dialect), bind_arguments={"mapper": entity.mapper}).scalar()
    return int(found or 0)


def _postgresql(table: sa.Table, dialect: Any) -> Any:
    return sa.text(_POSTGRESQL).bindparams(name=dialect.identifier_preparer.format_table(table))


def _mysql(table: sa.Table, _dialect: Any) -> Any:
    return sa.text(_MYSQL).bindparams(schema=table.schema, table=table.name)


_ESTIMATES: Mapping[str, Callable[[sa.Table, Any], Any]] = MappingProxyType(
    {"postgresql": _postgresql, "mysql": _mysql, "mariadb": _mysql}
)
