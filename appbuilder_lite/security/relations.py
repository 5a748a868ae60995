"""Ties the models to each other: relationships, and association rows that go with what they belong to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID
from weakref import WeakSet

from sqlalchemy import Column, Connection, Engine, Table, delete, event, select
from sqlalchemy import inspect as sqla_inspect
from sqlalchemy.orm import Mapper, backref, foreign, relationship

from appbuilder_lite.security.factory import key_column, key_name

Forget = Callable[[Connection, Any], None]


def relate_many(left: type[Any], left_name: str, right: type[Any], right_name: str | None, secondary: Table) -> None:
    """Adds a many-to-many relationship to both classes, or to the left one only.

    A name that a class has already is left as it is, with the relationship of the other side on its own.
    """
    sides = [(left, left_name, right, right_name)]
    if right_name is not None:
        sides.append((right, right_name, left, left_name))
    free = [side for side in sides if not hasattr(side[0], side[1])]
    if len(free) < 2:
        for owner, name, target, _back in free:
            _add(owner, name, relationship(target, secondary=secondary, passive_deletes=True))
        return
    # A relationship of a configured class looks for its other side at once, so that side has to come first.
    free.sort(key=lambda side: sqla_inspect(side[0]).configured)
    (owner, name, target, back), second = free
    if sqla_inspect(owner).configured:
        other = backref(str(back), passive_deletes=True)
        _add(owner, name, relationship(target, secondary=secondary, backref=other, passive_deletes=True))
        return
    for owner, name, target, back in (free[0], second):
        _add(owner, name, relationship(target, secondary=secondary, back_populates=back, passive_deletes=True))


def relate_one(owner: type[Any], name: str, target: type[Any], column: str) -> None:
    """Adds a many-to-one relationship, whether the host's class has a foreign key for it or not."""
    if not hasattr(owner, name):
        local = getattr(owner, column)
        condition = foreign(local) == getattr(target, key_name(target))
        _add(owner, name, relationship(target, primaryjoin=condition, lazy="joined"))


def _add(owner: type[Any], name: str, prop: Any) -> None:
    mapper: Mapper[Any] = sqla_inspect(owner)
    mapper.add_property(name, prop)


def forget_rows(columns: Sequence[Column[Any]]) -> Forget:
    """Deletes the rows of these tables that hold a key in the column given."""

    def forget(connection: Connection, key: Any) -> None:
        for column in columns:
            connection.execute(delete(column.table).where(column == key))

    return forget


def forget_permission_views(column: Column[Any], permission_view: type[Any], grants: Column[Any]) -> Forget:
    """Deletes the permission views that hold a key in the column given, and what grants them."""
    table: Any = column.table
    key = key_column(permission_view)

    def forget(connection: Connection, value: Any) -> None:
        connection.execute(delete(grants.table).where(grants.in_(select(key).where(column == value))))
        connection.execute(delete(table).where(column == value))

    return forget


def forget_where_made(forget: Forget, table: Table) -> Forget:
    """Does nothing in a database that has no tables of ours yet: the host's own pages must work there."""
    made: WeakSet[Engine] = WeakSet()

    def guarded(connection: Connection, key: Any) -> None:
        if connection.engine not in made:
            if not sqla_inspect(connection).has_table(table.name, schema=table.schema):
                return
            made.add(connection.engine)
        forget(connection, key)

    return guarded


def forget_with(model: type[Any], forget: Forget) -> None:
    """Runs `forget` before a row is deleted, in the same transaction."""
    name = key_name(model)

    def before_delete(_mapper: Any, connection: Connection, target: Any) -> None:
        forget(connection, getattr(target, name))

    event.listen(model, "before_delete", before_delete, propagate=True)


def forget_before_reuse(model: type[Any], forget: Forget) -> None:
    """Runs `forget` for a key that is given anew on SQLite, which counts the highest one up to a second time.

    A bulk `delete()` or plain SQL passes the mapper by, and by default nothing cascades on SQLite. A name that is the
    key comes back with the next person of that name; a UUID does not.
    """
    if key_column(model).type.python_type is UUID:
        return
    name = key_name(model)

    def after_insert(_mapper: Any, connection: Connection, target: Any) -> None:
        if connection.dialect.name == "sqlite":
            forget(connection, getattr(target, name))

    event.listen(model, "after_insert", after_insert, propagate=True)
