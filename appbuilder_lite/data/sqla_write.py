"""Writing inside a savepoint of the session's own transaction."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from inspect import signature
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import InvalidRequestError, OperationalError, ResourceClosedError, StatementError
from sqlalchemy.orm import (
    Mapper,
    RelationshipDirection,
    RelationshipProperty,
    Session,
    attributes,
)

from appbuilder_lite.data.error_values import hide_values
from appbuilder_lite.data.sqla_consequences import Plan
from appbuilder_lite.data.sqla_defaults import set_default
from appbuilder_lite.data.sqla_dependents import Dependents, is_one_of
from appbuilder_lite.data.sqla_errors import REFUSALS, translate, write_failed
from appbuilder_lite.data.types import Relation
from appbuilder_lite.data.written import written
from appbuilder_lite.errors import WriteFailed
from appbuilder_lite.text import gettext

_log = logging.getLogger(__name__)


class TransactionEnded(WriteFailed, RuntimeError):
    """A hook committed or rolled back the session while a write of ours was going on; what it committed stays."""

    def __init__(self) -> None:
        super().__init__("other", gettext("The record was not saved as a whole; please look at it again."))


@contextmanager
def savepoint(session: Session, mapper: Mapper[Any]) -> Iterator[Any]:
    """What is written inside lands and is committed with the session, or is undone up to the savepoint.

    What the host has pending is flushed before the savepoint, so that it outlives our failure.
    """
    _send_pending(session)
    nested = session.begin_nested()
    with _undone_on_error(session, nested), refusals(mapper):
        yield nested
        _still_open(nested)
        session.flush()
        # On SQLite releasing the outermost savepoint is a commit, so nothing may come between these two.
        nested.commit()
    with _rolled_back_on_error(session), refusals(mapper):
        session.commit()


@contextmanager
def attempt(session: Session, mapper: Mapper[Any]) -> Iterator[None]:
    """Work of somebody's own: committed when it ends, undone when it raises, but for what it has committed itself."""
    _send_pending(session)
    with refusals(mapper):
        with _undone_on_error(session, session.begin_nested()):
            yield
            session.flush()
        session.commit()


@contextmanager
def part(session: Session, mapper: Mapper[Any]) -> Iterator[None]:
    """A part of an attempt, undone for itself; `TransactionEnded` where that cannot be, as all before is undone too."""
    nested, done = session.begin_nested(), False
    with refusals(mapper):
        try:
            yield
            session.flush()
            done = True
        finally:
            if not done:
                _undo_part(session, nested)
        # Somebody's own code may have committed, and so ended it.
        if nested.is_active:
            nested.commit()


def _undo_part(session: Session, nested: Any) -> None:
    try:
        nested.rollback()
    except (ResourceClosedError, OperationalError) as error:
        session.rollback()
        raise TransactionEnded from error


@contextmanager
def refusals(mapper: Mapper[Any]) -> Iterator[None]:
    """Turns a database's refusal into `WriteFailed`."""
    try:
        yield
    except REFUSALS as error:
        failed = translate(error, mapper)
        if isinstance(error, StatementError):
            hide_values(error)
        if failed is None:
            raise
        raise failed from error


def _send_pending(session: Session) -> None:
    """Flush what is none of our write's business: where it is refused, the person at the form cannot mend it."""
    pending = [*session.new, *session.dirty, *session.deleted]
    try:
        session.flush()
    except REFUSALS:
        names = ", ".join(sorted({type(item).__name__ for item in pending}))
        _log.error(
            "The app's own code had left records in the session that cannot be saved, before our write: %s", names
        )
        raise


def _still_open(nested: Any) -> None:
    if not nested.is_active:
        _log.error("A hook ended the session's transaction: it must neither commit, roll back nor hide a failed flush")
        raise TransactionEnded


@contextmanager
def _undone_on_error(session: Session, nested: Any) -> Iterator[None]:
    done = False
    try:
        yield
        done = True
    finally:
        if not done:
            _roll_back(session, nested)


def _roll_back(session: Session, nested: Any) -> None:
    try:
        nested.rollback()
    except (ResourceClosedError, OperationalError):
        # No savepoint is left to go back to: a hook has ended the transaction, and all that came after is ours; or
        # MariaDB has, as it does at a deadlock.
        session.rollback()


@contextmanager
def _rolled_back_on_error(session: Session) -> Iterator[None]:
    done = False
    try:
        yield
        done = True
    finally:
        if not done:
            # A constraint that is checked at the commit has undone the host's rows too.
            session.rollback()


def mark_changed(item: Any, name: str) -> None:
    """Have a column written, though Python takes its value for the same: 1 is True to it, and not to JSON.

    None is written as NULL: SQLAlchemy would make the JSON `null` of it, which no `IS NULL` finds.
    """
    attributes.flag_modified(item, name)
    values = attributes.instance_dict(item)
    if values[name] is None:
        # Not by the attribute: validators and mutable types would be asked about something that is no value.
        values[name] = sa.null()


def unlink(item: Any, relation: Relation) -> None:
    """Let a relation to one record point to nothing.

    SQLAlchemy would empty all of its columns, and with them what the key or another relation holds.
    """
    if relation.emptied == relation.local_columns:
        setattr(item, relation.name, None)
        return
    for name in relation.emptied:
        setattr(item, name, None)
    attributes.set_committed_value(item, relation.name, None)


def new_record(mapper: Mapper[Any]) -> Any:
    """A new record with the defaults of its class.

    A class that cannot be made of nothing, as a dataclass with fields that must be given, is made as SQLAlchemy makes
    its records: without `__init__`.
    """
    if not dataclasses.is_dataclass(mapper.class_):
        return mapper.class_() if _needs_nothing(mapper.class_) else mapper.class_manager.new_instance()
    # A dataclass would set its relations to None, and with them the foreign keys that a form has.
    item = mapper.class_manager.new_instance()
    for field in dataclasses.fields(mapper.class_):
        if field.name in mapper.column_attrs:
            set_default(item, field)
    return item


def _needs_nothing(made: type[Any]) -> bool:
    """Whether a class can be called without arguments; what cannot tell is believed."""
    try:
        signature(made).bind()
    except TypeError:
        return False
    except ValueError:
        return True
    return True


def reread(session: Session, item: Any, names: Iterable[str]) -> frozenset[str]:
    """Lock the row of a record and read it again; the attributes among these that hold another value than before.

    A relation to one record goes by its foreign key; of those to several nothing is read. SQLite, which has no locks on
    rows, refuses a write after what was read here has changed. Raises `WriteFailed` where the record is gone.
    """
    columns, values = _stored_in(sa.inspect(item).mapper, names), dict(vars(item))
    before = {name: written(values[name]) for found in columns.values() for name in found if name in values}
    if not before:
        return frozenset()
    try:
        _refresh_locked(session, item, list(before))
    except InvalidRequestError as error:
        raise write_failed("stale") from error
    changed = {name for name, text in before.items() if written(getattr(item, name)) != text}
    found = frozenset(name for name, stored in columns.items() if changed.intersection(stored))
    relations = found.intersection(sa.inspect(item).mapper.relationships.keys())
    if relations:
        session.expire(item, relations)
    return found


def _refresh_locked(session: Session, item: Any, names: Sequence[str]) -> None:
    mapper: Mapper[Any] = sa.inspect(item).mapper
    # A lock compares the version of a record that has one.
    versions = () if mapper.version_id_col is None else (mapper.get_property_by_column(mapper.version_id_col).key,)
    if session.get_bind(mapper).dialect.name != "postgresql" or not _reads_further(mapper):
        session.refresh(item, [*names, *versions], with_for_update=True)
        return
    # PostgreSQL locks no outer join, and no union.
    table, identity = mapper.primary_key[0].table, sa.inspect(item).identity
    if isinstance(table, sa.Table):
        session.execute(
            sa.select(*mapper.primary_key).where(is_one_of(mapper.primary_key, [identity])).with_for_update(),
            bind_arguments={"mapper": mapper},
        )
    session.refresh(item, [*names, *versions])


def _reads_further(mapper: Mapper[Any]) -> bool:
    """Whether a record of this mapper is read from more than its own tables."""
    return bool(mapper.with_polymorphic_mappers) or not isinstance(mapper.persist_selectable, sa.Table | sa.Join)


def _stored_in(mapper: Mapper[Any], names: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """The column attributes that hold each of these attributes."""
    found: dict[str, Sequence[str]] = {}
    for name in names:
        if name in mapper.column_attrs:
            found[name] = (name,)
        elif name in mapper.relationships and mapper.relationships[name].direction is RelationshipDirection.MANYTOONE:
            local = mapper.relationships[name].local_columns
            found[name] = tuple(mapper.get_property_by_column(column).key for column in local)
    return found


def refuse_orphans(session: Session, plan: Plan, items: Sequence[Any]) -> None:
    """Raises `WriteFailed` where a delete would silently take the parent away from records that stay.

    SQLAlchemy sets the foreign keys of a one-to-many relation's records to NULL unless the relation cascades or leaves
    them to the database (`passive_deletes`); that is done only where the foreign key itself says ON DELETE SET NULL.
    The same is asked of the records that go with these, and where the database does not hold its own rules.
    """
    if plan.kept_by_us:
        identities: list[Any] = [sa.inspect(item).identity for item in items]
        if Dependents(plan, identities).has_any(session, plan.kept_by_us):
            raise write_failed("referenced")


def follows_rules(session: Session, mapper: Mapper[Any]) -> bool:
    """Whether the database follows the rules of foreign keys; SQLite does so only where each connection is told to."""
    connection = session.connection(bind_arguments={"bind": session.get_bind(mapper)})
    if connection.dialect.name != "sqlite":
        return True
    # Asked of the driver, as it is about the connection and reads nothing of the database.
    cursor = connection.connection.cursor()
    try:
        cursor.execute("PRAGMA foreign_keys")
        found = cursor.fetchone()
    finally:
        cursor.close()
    return bool(found and found[0])


def read_by_delete(mapper: Mapper[Any]) -> tuple[RelationshipProperty[Any], ...]:
    """The relations that SQLAlchemy reads of each record that it deletes, one by one unless they are there already."""
    return tuple(
        found
        for found in mapper.relationships
        if found.direction is not RelationshipDirection.MANYTOONE
        and not (found.viewonly or found.passive_deletes)
        and found.lazy not in {"dynamic", "write_only", "noload"}
    )


def by_mapper(items: Sequence[Any]) -> Iterator[tuple[Mapper[Any], list[Any]]]:
    """The records of each class: those of one that others inherit from may be of several."""
    groups: dict[Mapper[Any], list[Any]] = {}
    for item in items:
        groups.setdefault(sa.inspect(item).mapper, []).append(item)
    yield from groups.items()
