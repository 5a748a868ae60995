"""Statements whose form differs between databases: an insert that ignores what exists, a real BEGIN."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Insert, Table, insert
from sqlalchemy.dialects import mysql, postgresql, sqlite


def insert_ignoring(table: Table, dialect_name: str) -> Insert:
    """An INSERT that leaves a row alone where one of its unique keys is taken already.

    MariaDB's `INSERT IGNORE` would also hide every other error, so there the row is updated to what it was. On a
    database without such a clause it is a plain INSERT, which then fails on a duplicate.
    """
    if dialect_name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    if dialect_name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    if dialect_name in {"mysql", "mariadb"}:
        key = next(iter(table.primary_key.columns))
        return mysql.insert(table).on_duplicate_key_update({key.name: key})
    return insert(table)


def insert_or_update(table: Table, dialect_name: str, values: Mapping[str, Any]) -> Insert:
    """An INSERT of a row that becomes an UPDATE where its primary key is taken: a write in any case.

    On a database without such a clause it is a plain INSERT, which then fails on a duplicate.
    """
    if dialect_name in {"mysql", "mariadb"}:
        return mysql.insert(table).values(values).on_duplicate_key_update(dict(values))
    keys = list(table.primary_key.columns)
    if dialect_name == "postgresql":
        return postgresql.insert(table).values(values).on_conflict_do_update(index_elements=keys, set_=dict(values))
    if dialect_name == "sqlite":
        return sqlite.insert(table).values(values).on_conflict_do_update(index_elements=keys, set_=dict(values))
    return insert(table).values(values)


def ensure_begun(connection: Connection) -> None:
    """Make sure that a savepoint is not the outermost transaction: sqlite3 commits when it is released.

    Takes the lock for writing at once: SQLite lets nobody wait for it who has read in the same transaction.
    """
    if connection.dialect.name != "sqlite":
        return
    driver: Any = connection.connection.dbapi_connection
    if driver is not None and not driver.in_transaction:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
