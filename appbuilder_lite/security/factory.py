"""Makes the mapped classes and the tables that a host does not bring itself."""

from __future__ import annotations

import inspect
import types
from typing import Any

from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    insert,
)
from sqlalchemy import inspect as sqla_inspect
from sqlalchemy.orm import DeclarativeBase, Mapper
from sqlalchemy.sql.elements import quoted_name

from appbuilder_lite.security.digests import new_stamp
from appbuilder_lite.security.mixins import utc_now
from appbuilder_lite.security.protocols import Database

MODULE = "appbuilder_lite.security.models"
# Rows that exist from the start, so that whoever needs them can UPDATE them: the sync's lock, the grants' version.
LOCK = "lock"
SEEDED_STATE = (LOCK, "grants")


def make_base(db: Database, metadata: MetaData) -> type[DeclarativeBase]:
    """A declarative base beside `db.Model`: the same registry and metadata, nothing else of the host's.

    A host's base may bring columns of its own (a UUID key, a time stamp), be a dataclass, or name tables; our
    tables have to be the same in every host, as their migrations are.
    """
    # Read without touching: `query` is a property that asks for an app context.
    shared = {name: inspect.getattr_static(db.Model, name, None) for name in ("__fsa__", "query", "query_class")}
    namespace = {
        "registry": db.Model.registry,
        "metadata": metadata,
        "__module__": MODULE,
        **{name: value for name, value in shared.items() if value is not None},
    }
    return types.new_class("SecurityBase", (DeclarativeBase,), exec_body=lambda body: body.update(namespace))


def make_model(base: type[DeclarativeBase], mixin: type[Any], name: str, table: str, schema: str | None) -> type[Any]:
    """A mapped class with the mixin's columns and nothing more."""
    namespace = {
        "__module__": MODULE,
        "__doc__": mixin.__doc__,
        "__tablename__": table,
        # SQLite gives the highest id of a table a second time; what a deleted row was granted must not pass on.
        "__table_args__": {"schema": schema, "sqlite_autoincrement": True},
    }
    return types.new_class(name, (mixin, base), exec_body=lambda body: body.update(namespace))


def class_prefix(prefix: str, schema: str | None) -> str:
    """What stands before the class names of one set of tables: `ab_` gives `Ab`."""
    words = f"{schema or ''}_{prefix}".split("_")
    return "".join(word[:1].upper() + word[1:] for word in words) or "Ab"


def key_column(model: type[Any]) -> Column[Any]:
    """The single primary key column of a mapped class."""
    mapper: Mapper[Any] = sqla_inspect(model)
    (column,) = mapper.primary_key
    assert isinstance(column, Column)
    return column


def key_name(model: type[Any]) -> str:
    """The attribute name of the single primary key column of a mapped class."""
    mapper: Mapper[Any] = sqla_inspect(model)
    return mapper.get_property_by_column(key_column(model)).key


def reference(name: str, model: type[Any], **options: Any) -> Column[Any]:
    """A column that points at a class's key, of the key's own type; its row goes with the row it points at."""
    key = key_column(model)
    return Column(name, key.type, ForeignKey(key, ondelete="CASCADE"), nullable=False, **options)


def make_association(
    metadata: MetaData, name: str, schema: str | None, left: tuple[str, type[Any]], right: tuple[str, type[Any]]
) -> Table:
    """A table of pairs, found quickly from both sides."""
    table = Table(
        name,
        metadata,
        Column("id", Integer, primary_key=True),
        reference(*left),
        reference(*right),
        UniqueConstraint(left[0], right[0]),
        schema=schema,
    )
    Index(None, table.c[right[0]])
    return table


def make_state(metadata: MetaData, name: str, schema: str | None) -> Table:
    """Named values that all processes share: the sync's lock and fingerprints, the version of the grants."""
    table = Table(
        name,
        metadata,
        Column("name", String(128), primary_key=True),
        Column("value", String(255)),
        Column("changed_on", DateTime),
        schema=schema,
    )
    event.listen(table, "after_create", _seed)
    return table


def seed_rows() -> list[dict[str, Any]]:
    """The rows of a new state table."""
    return [{"name": name, "value": new_stamp(), "changed_on": utc_now()} for name in SEEDED_STATE]


def _seed(table: Table, connection: Any, **_options: Any) -> None:
    connection.execute(insert(table), seed_rows())


def make_user_stamp(metadata: MetaData, name: str, schema: str | None, user: type[Any]) -> Table:
    """A random text per user; a new one ends the user's sessions."""
    return Table(
        name,
        metadata,
        reference("user_id", user, primary_key=True, autoincrement=False),
        Column("stamp", String(64), nullable=False),
        Column("changed_on", DateTime),
        schema=schema,
    )


def make_preference(metadata: MetaData, name: str, schema: str | None, user: type[Any]) -> Table:
    """What a user chose to see: columns, page sizes, a theme."""
    return Table(
        name,
        metadata,
        reference("user_id", user, primary_key=True, autoincrement=False),
        Column("name", String(128), primary_key=True),
        Column("value", Text),
        schema=schema,
    )


def point(model: type[Any], column: str, target: type[Any], ondelete: str) -> None:
    """Adds a foreign key to a made class."""
    table: Table = model.__table__
    table.append_constraint(ForeignKeyConstraint([table.c[column]], [key_column(target)], ondelete=ondelete))


def name_constraints(table: Table) -> None:
    """Names what a host's naming convention or the database would name otherwise, as the migrations do."""
    table.primary_key.name = f"pk_{table.name}"
    for constraint in table.constraints:
        first = next(iter(constraint.columns.keys()), "") if hasattr(constraint, "columns") else ""
        if isinstance(constraint, UniqueConstraint):
            constraint.name = f"uq_{table.name}_{first}"
        elif isinstance(constraint, ForeignKeyConstraint):
            constraint.name = f"fk_{table.name}_{first}"
    for index in table.indexes:
        index.name = quoted_name(f"ix_{table.name}_{next(iter(index.columns)).name}", quote=None)


def add_index(model: type[Any], column: str) -> None:
    """Adds an index to a made class."""
    table: Table = model.__table__
    Index(None, table.c[column])


def add_pair(model: type[Any], *columns: str) -> None:
    """Adds a unique key to a made class."""
    table: Table = model.__table__
    table.append_constraint(UniqueConstraint(*(table.c[column] for column in columns)))
