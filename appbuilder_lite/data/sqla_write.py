"""Writing inside a savepoint of the session's own transaction."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError, ResourceClosedError, StatementError
from sqlalchemy.orm import Mapper, RelationshipDirection, RelationshipProperty, Session, aliased, attributes

from appbuilder_lite.data.error_values import hide_values
from appbuilder_lite.data.sqla_errors import REFUSALS, translate, write_failed
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


def claim(session: Session, item: Any) -> None:
    """Lock the row that is about to be deleted; raises `WriteFailed` where somebody else was faster.

    SQLAlchemy only warns of a row that was gone already, so two people would each be told that they deleted it.
    """
    state: Any = sa.inspect(item)
    mapper: Mapper[Any] = state.mapper
    if session.get_bind(mapper).dialect.name == "sqlite":
        # It has no locks on rows; a statement that may write makes the other writers wait.
        session.execute(sa.delete(mapper.primary_key[0].table).where(sa.false()))
    pairs = zip(mapper.primary_key, state.identity, strict=True)
    found = sa.select(*mapper.primary_key).where(*(column == value for column, value in pairs))
    if session.execute(found.with_for_update()).first() is None:
        raise write_failed("stale")


def refuse_orphans(session: Session, item: Any) -> None:
    """Raises `WriteFailed` where a delete would silently take the parent away from other records.

    SQLAlchemy sets the foreign keys of a one-to-many relation's records to NULL unless the relation cascades or leaves
    them to the database (`passive_deletes`); that is done only where the foreign key itself says ON DELETE SET NULL.
    """
    mapper: Mapper[Any] = sa.inspect(type(item))
    questions = [_has_children(item, found) for found in mapper.relationships if _would_orphan(found)]
    if questions and any(session.execute(sa.select(*questions)).one()):
        raise write_failed("referenced")


def _would_orphan(found: RelationshipProperty[Any]) -> bool:
    if found.direction is not RelationshipDirection.ONETOMANY or found.viewonly or found.cascade.delete:
        return False
    rules = {(key.ondelete or "").upper() for column in found.remote_side for key in column.foreign_keys}
    return not (found.passive_deletes == "all" or "SET NULL" in rules or (found.passive_deletes and rules - {""}))


def _has_children(item: Any, found: RelationshipProperty[Any]) -> Any:
    child = aliased(found.mapper.class_)
    pairs = found.local_remote_pairs or ()
    mapper: Mapper[Any] = sa.inspect(type(item))
    conditions = [
        getattr(child, found.mapper.get_property_by_column(remote).key)
        == getattr(item, mapper.get_property_by_column(local).key)
        for local, remote in pairs
    ]
    return sa.exists(sa.select(1).select_from(child).where(*conditions))
