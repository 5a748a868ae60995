"""Locks records that are about to be deleted or acted on, and tells which of them somebody else was faster with."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, RelationshipDirection, Session, attributes

from appbuilder_lite.data.interface import Claimed
from appbuilder_lite.data.sqla_dependents import is_one_of
from appbuilder_lite.data.sqla_errors import write_failed
from appbuilder_lite.data.sqla_write import by_mapper
from appbuilder_lite.data.written import written

KEYS_PER_LOCK = 500
_HELD = "appbuilder_lite held"
_log = logging.getLogger(__name__)

Holds = Callable[[type[Any]], Any]
"""Makes for the class of a record what has to be true of its row by now."""


def claim(session: Session, items: Sequence[Any], holds: Holds | None = None) -> None:
    """Lock the rows that are about to be deleted; raises `WriteFailed` where somebody else was faster.

    SQLAlchemy only warns of a row that was gone already, so two people would each be told that they deleted it, and of
    rows that have the key of one record it deletes all. What `recheck` has locked in this savepoint stays locked.
    """
    held = _held(session)
    for mapper, group in by_mapper([item for item in items if sa.inspect(item) not in held]):
        rows = _locked(session, mapper, group, (), holds)
        if len(rows) < len(group):
            raise write_failed("stale")
        if len(rows) > len(group):
            _log.error("Several rows of %s have the key of one record, so it is not deleted", mapper.class_.__name__)
            raise write_failed("refused")


def recheck(session: Session, items: Sequence[Any], names: Iterable[str], holds: Holds | None = None) -> Claimed:
    """Lock the rows of records and read these attributes, and the version, again: a statement for each 500 of a class.

    Records that have changed take over what is stored now. What was not loaded before is not compared. Where
    `holds` is not true of a row, it is as good as gone.
    """
    wanted, changed, gone, held = tuple(names), [], [], []
    for mapper, group in by_mapper(items):
        columns = _columns(mapper, wanted)
        for some in _in_parts(group):
            rows = _locked(session, mapper, some, columns.values(), holds)
            keys = len(mapper.primary_key)
            found = {tuple(row[:keys]): row[keys:] for row in rows}
            for item in some:
                values = found.get(tuple(sa.inspect(item).identity))
                if values is None:
                    gone.append(item)
                elif _takes_over(session, item, dict(zip(columns, values, strict=True))):
                    changed.append(item)
            # Several rows of one key are for the delete to refuse.
            held += [sa.inspect(item) for item in some] if len(rows) == len(some) else []
    _hold(session, held)
    return Claimed(tuple(changed), tuple(gone))


def _locked(
    session: Session, mapper: Mapper[Any], group: Sequence[Any], columns: Iterable[Any], holds: Holds | None
) -> Sequence[Any]:
    """The keys of these records, and what these columns hold, as they are stored now."""
    if session.get_bind(mapper).dialect.name == "sqlite":
        # It has no locks on rows; a statement that may write makes the other writers wait.
        session.execute(sa.delete(mapper.primary_key[0].table).where(sa.false()))
    identities: list[Any] = [sa.inspect(item).identity for item in group]
    found = sa.select(*mapper.primary_key, *columns).where(is_one_of(mapper.primary_key, identities))
    if holds is not None:
        found = found.where(holds(mapper.class_))
    # Not of the mapper itself, which may read subclasses by an outer join: PostgreSQL locks none.
    if holds is not None or _is_inner(mapper.persist_selectable):
        found = found.select_from(mapper.persist_selectable)
    # All who lock several rows do it in one order, so that none of them waits for one who waits for them.
    # Plain columns do not tell the session of which database they are.
    found = found.order_by(*mapper.primary_key).with_for_update()
    return session.execute(found, bind_arguments={"mapper": mapper}).all()


def _columns(mapper: Mapper[Any], names: Iterable[str]) -> Mapping[str, Any]:
    """The stored columns behind these attributes, and of the version, where one statement can lock and read them."""
    version = mapper.version_id_col
    versions = () if version is None else (mapper.get_property_by_column(version).key,)
    columns = {name: mapper.columns[name] for name in (*names, *versions) if name in mapper.column_attrs}
    tables = set(mapper.tables) if _is_joined(mapper) else {mapper.primary_key[0].table}
    return {name: one for name, one in columns.items() if isinstance(one, sa.Column) and one.table in tables}


def _is_joined(mapper: Mapper[Any]) -> bool:
    """Whether a record stands in several tables, each of which has a part of it: such a join can be locked."""
    return _is_inner(mapper.persist_selectable) and mapper.inherits is not None


def _is_inner(found: Any) -> bool:
    return isinstance(found, sa.Join) and not (found.isouter or found.full)


def _takes_over(session: Session, item: Any, values: Mapping[str, Any]) -> bool:
    """Put what is stored now on a record; whether it is another than before."""
    known, mapper = vars(item), sa.inspect(item).mapper
    changed = {name for name, value in values.items() if name in known and _text(known[name]) != _text(value)}
    for name in changed:
        attributes.set_committed_value(item, name, values[name])
    relations = [
        found.key
        for found in mapper.relationships
        if found.direction is RelationshipDirection.MANYTOONE
        and any(mapper.get_property_by_column(column).key in changed for column in found.local_columns)
    ]
    if relations:
        session.expire(item, relations)
    return bool(changed)


def _text(value: Any) -> str | None:
    # A set that tracks its changes is of a class of its own.
    return written(set(value) if isinstance(value, set) else value)


def _in_parts(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), KEYS_PER_LOCK):
        yield items[start : start + KEYS_PER_LOCK]


def _held(session: Session) -> frozenset[Any]:
    """What was locked in the savepoint that is open now."""
    savepoint, held = session.info.get(_HELD, (None, frozenset()))
    return held if savepoint is not None and savepoint is session.get_nested_transaction() else frozenset()


def _hold(session: Session, states: Iterable[Any]) -> None:
    session.info[_HELD] = (session.get_nested_transaction(), _held(session).union(states))
