"""A database's refusal in the words of this package: its kind and the model's attributes concerned.

Error codes: SQLSTATE (PostgreSQL manual, appendix A), MariaDB's error code reference, and the texts of SQLite's
`sqlite3_errmsg`, which carries names but no code that tells the constraints apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import CircularDependencyError, DataError, DBAPIError, OperationalError, StatementError
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from sqlalchemy.schema import ColumnCollectionConstraint

from appbuilder_lite.data.sqla_checks import checked_columns
from appbuilder_lite.data.sqla_decorated import refused_columns
from appbuilder_lite.errors import InvalidInput, WriteFailed
from appbuilder_lite.text import gettext, lazy

REFUSALS = (
    StatementError,
    StaleDataError,
    ObjectDeletedError,
    CircularDependencyError,
    OverflowError,
    UnicodeEncodeError,
)
"""What may be a refusal; `translate` answers None for those that are something else, as a lost connection is."""

_MESSAGES: Mapping[str, str] = MappingProxyType(
    {
        "unique": lazy("There is already a record with these values."),
        "foreign_key": lazy("A record that this one refers to does not exist."),
        "referenced": lazy("Other records refer to this one."),
        "not_null": lazy("A value is missing."),
        "check": lazy("A value is not allowed."),
        "circular": lazy("A record cannot refer to itself, nor to one that refers to it."),
        "stale": lazy("Somebody else has changed or deleted this record."),
        "too_long": lazy("A text is too long."),
        "out_of_range": lazy("A value is out of range."),
        "too_deep": lazy("Too many records hang on one another for the database to delete them in one go."),
        "busy": lazy("Somebody else is changing the same records; please try again."),
        "refused": lazy("The database does not let this record be written."),
        "other": lazy("The database does not accept a value."),
    }
)
# Kinds that differ in their message alone.
_PUBLIC_KINDS: Mapping[str, str] = MappingProxyType(
    {"referenced": "foreign_key", "circular": "other", "too_deep": "other", "busy": "other", "refused": "other"}
)
_SQLSTATES: Mapping[str, str] = MappingProxyType(
    {
        "23505": "unique",
        "23503": "foreign_key",
        "23502": "not_null",
        "23514": "check",
        "23P01": "unique",
        "23001": "referenced",
        "22001": "too_long",
        "22003": "out_of_range",
        "22008": "out_of_range",
        "22007": "other",
        "22021": "other",
        "22P02": "other",
        "22P05": "other",
        # A view that cannot be written, a missing right, a database that is only read, a trigger that raises.
        "0A000": "refused",
        "25006": "refused",
        "42501": "refused",
        "44000": "refused",
        "55000": "refused",
        "P0001": "refused",
        "40001": "busy",
        "40P01": "busy",
        "55P03": "busy",
    }
)
_MARIADB_CODES: Mapping[int, str] = MappingProxyType(
    {
        1062: "unique",
        1586: "unique",
        1216: "foreign_key",
        1452: "foreign_key",
        1217: "referenced",
        1451: "referenced",
        1048: "not_null",
        1364: "not_null",
        3819: "check",
        4025: "check",
        1406: "too_long",
        1264: "out_of_range",
        1690: "out_of_range",
        1265: "other",
        1292: "other",
        1366: "other",
        # The same as PostgreSQL's above, from the missing right to the trigger; 1288 and 1471 are about views.
        1142: "refused",
        1143: "refused",
        1288: "refused",
        1290: "refused",
        1348: "refused",
        1369: "refused",
        1395: "refused",
        1471: "refused",
        1644: "refused",
        1792: "refused",
        # A row was changed since the transaction began, where innodb_snapshot_isolation is on (MariaDB 11.6: always).
        1020: "busy",
        1205: "busy",
        1213: "busy",
    }
)
# What procedures and functions that there are not have, too.
_NO_SAVEPOINT = 1305
# A text that the character set of a column does not have, compared with it: MariaDB calls that a mix of collations.
_MIXED_COLLATIONS = frozenset({1267, 1270, 1271})
_SQLITE_TEXTS: tuple[tuple[str, str], ...] = (
    ("UNIQUE constraint failed", "unique"),
    ("FOREIGN KEY constraint failed", "foreign_key"),
    ("NOT NULL constraint failed", "not_null"),
    ("CHECK constraint failed", "check"),
    ("datatype mismatch", "other"),
    ("because it is a view", "refused"),
    ("attempt to write a readonly database", "refused"),
    ("database is locked", "busy"),
    ("database table is locked", "busy"),
    ("string or blob too big", "too_long"),
)

_SQLITE_COLUMNS = re.compile(r"([\w$]+)\.([\w$]+)(?:,|$)")
_SQLITE_NAME = re.compile(r"(?:CHECK constraint failed: (.+)|constraint failed: index '(.+)')$", re.DOTALL)
_POSTGRESQL_KEY = re.compile(r"\(([^()]+)\)=")
_MARIADB_COLUMN = re.compile(r"(?:Column|[Ff]ield|column) [`']([^`']+)[`']")
_MARIADB_UNIQUE = re.compile(r"for key '(?:[^'.]+\.)?([^']+)'\s*$")
_MARIADB_CONSTRAINT = re.compile(r"CONSTRAINT `(?:[^`]+`\.`)?([^`]+)`")


def write_failed(kind: str, columns: tuple[str, ...] = ()) -> WriteFailed:
    """The error for a kind, with its message for people."""
    return WriteFailed(_PUBLIC_KINDS.get(kind, kind), gettext(_MESSAGES[kind]), columns)


VALUE_ERRORS = (StatementError, OverflowError)
"""What may be raised where a value fits neither its column's type nor the database: see `is_about_values`."""


def is_about_values(error: Exception) -> bool:
    """Whether a statement failed by the values that it was given: a type, the driver or the database refused them."""
    if isinstance(error, DataError | OverflowError) or not isinstance(error, DBAPIError):
        return True
    number = next(iter(getattr(error.orig, "args", ())), None)
    return isinstance(error, OperationalError) and number in _MIXED_COLLATIONS


@contextmanager
def fitting(asked: str, rollback: Callable[[], None]) -> Iterator[None]:
    """What is asked of the database with values that people gave, by the name of their parameter; empty: with none.

    Raises `InvalidInput` in that name, after a rollback, where a value fits neither its column's type nor the database.
    """
    try:
        yield
    except VALUE_ERRORS as error:
        if not asked or not is_about_values(error):
            raise
        rollback()
        raise InvalidInput(asked, gettext("This value does not fit the column.")) from error


def translate(error: Exception, mapper: Mapper[Any]) -> WriteFailed | None:
    """What the error says to people; None where it is no refusal of a write."""
    if isinstance(error, (StaleDataError, ObjectDeletedError)):
        return write_failed("stale")
    if isinstance(error, CircularDependencyError):
        return write_failed("circular", _own_references(mapper))
    # A value that its type cannot turn into what the database takes comes wrapped, as a date beyond the last one.
    cause = error.orig if isinstance(error, StatementError) else error
    if isinstance(cause, OverflowError):
        return write_failed("out_of_range")
    if isinstance(error, UnicodeEncodeError):
        return write_failed("other")
    if not isinstance(error, DBAPIError):
        return _from_type(error, mapper)
    return _from_database(error, mapper)


def _from_type(error: Exception, mapper: Mapper[Any]) -> WriteFailed | None:
    """A refusal of a type that a host has made, which is asked before the database is."""
    columns = refused_columns(mapper, error.params) if isinstance(error, StatementError) else ()
    return WriteFailed("other", gettext("This value does not fit the column."), columns) if columns else None


def _own_references(mapper: Mapper[Any]) -> tuple[str, ...]:
    """The foreign keys of a model that refer to records of its own kind."""
    columns = [
        column for found in mapper.relationships if found.mapper.common_parent(mapper) for column in found.local_columns
    ]
    return _attributes(mapper, [column.name for column in columns if column.foreign_keys])


def _from_database(error: DBAPIError, mapper: Mapper[Any]) -> WriteFailed | None:
    original: Any = error.orig
    state = getattr(original, "sqlstate", None) or getattr(original, "pgcode", None)
    number = original.args[0] if original.args else None
    if isinstance(number, int):
        kind, columns = _mariadb_kind(number, str(original)), _mariadb_columns(str(original), mapper)
    elif state is not None:
        kind, columns = _SQLSTATES.get(state), _postgresql_columns(original, mapper)
    else:
        kind, columns = _sqlite_kind(str(original)), _sqlite_columns(str(original), mapper)
    if kind is None:
        # A driver that refuses a value before it sends it, as psycopg does with NUL, has no code to give.
        return write_failed("other") if isinstance(error, (sa.exc.DataError, sa.exc.IntegrityError)) else None
    if kind == "foreign_key" and (error.statement or "").lstrip()[:6].upper() == "DELETE":
        kind, columns = "referenced", ()
    return write_failed(kind, columns)


def _mariadb_kind(number: int, message: str) -> str | None:
    # 1296 passes on what an engine says; InnoDB's 193: a rule would go more than 15 levels deep within a table.
    if number == 1296 and "error 193 " in message:
        return "too_deep"
    # A deadlock within a flush has undone the transaction, and what it would have gone back to with it.
    if number == _NO_SAVEPOINT and "SAVEPOINT" in message:
        return "busy"
    return _MARIADB_CODES.get(number)


def _sqlite_kind(message: str) -> str | None:
    return next((kind for text, kind in _SQLITE_TEXTS if text in message), None)


def _sqlite_columns(message: str, mapper: Mapper[Any]) -> tuple[str, ...]:
    if match := _SQLITE_NAME.search(message):
        return _constrained(mapper, match[1] or match[2])
    named = _SQLITE_COLUMNS.findall(message)
    return _attributes(mapper, (column for _table, column in named), named[0][0]) if named else ()


def _postgresql_columns(original: Any, mapper: Mapper[Any]) -> tuple[str, ...]:
    details = original.diag
    if details.column_name:
        return _attributes(mapper, [details.column_name], details.table_name)
    found = _constrained(mapper, details.constraint_name or "")
    if found:
        return found
    match = _POSTGRESQL_KEY.search(details.message_detail or "")
    return _attributes(mapper, match[1].split(", "), details.table_name) if match else ()


def _mariadb_columns(message: str, mapper: Mapper[Any]) -> tuple[str, ...]:
    unique = _MARIADB_UNIQUE.search(message.rstrip("\")'") + "'")
    if unique:
        return _constrained(mapper, unique[1]) or _named_key(mapper, unique[1])
    constraint = _MARIADB_CONSTRAINT.search(message)
    if constraint:
        return _constrained(mapper, constraint[1]) or _foreign_key(message, mapper)
    column = _MARIADB_COLUMN.search(message)
    return _attributes(mapper, [column[1]]) if column else ()


def _foreign_key(message: str, mapper: Mapper[Any]) -> tuple[str, ...]:
    match = re.search(r"FOREIGN KEY \(([^)]+)\)", message)
    return _attributes(mapper, [name.strip("` ") for name in match[1].split(",")]) if match else ()


def _named_key(mapper: Mapper[Any], key: str) -> tuple[str, ...]:
    """The columns of a key that was given no name: MariaDB calls it after its first column, then `<column>_2`."""
    if key == "PRIMARY":
        return _attributes(mapper, [column.name for column in mapper.primary_key])
    first = re.sub(r"_\d+$", "", key)
    for columns in _unnamed_uniques(mapper):
        if columns[0] in {key, first}:
            return _attributes(mapper, columns)
    return _attributes(mapper, [key])


def _unnamed_uniques(mapper: Mapper[Any]) -> Iterable[Sequence[str]]:
    for table in _tables(mapper):
        for constraint in table.constraints:
            if isinstance(constraint, sa.UniqueConstraint) and constraint.name is None:
                yield [column.name for column in constraint.columns]


def _constrained(mapper: Mapper[Any], name: str) -> tuple[str, ...]:
    """The columns of the model's constraint or index of this name, or of the check that a database calls so."""
    for table in _tables(mapper):
        named: list[Any] = [found for found in table.constraints if isinstance(found, ColumnCollectionConstraint)]
        columns = [[c.name for c in found.columns] for found in (*named, *table.indexes) if name and found.name == name]
        if found := next(filter(None, columns), ()) or checked_columns(table, name):
            return _attributes(mapper, found, table.name)
    return ()


def _tables(mapper: Mapper[Any]) -> list[sa.Table]:
    return [table for table in mapper.tables if isinstance(table, sa.Table)]


def _attributes(mapper: Mapper[Any], names: Iterable[str], table: str | None = None) -> tuple[str, ...]:
    """The attributes that hold these columns; nothing where the table is another model's."""
    wanted = list(names)
    found = {
        column.name: mapper.get_property_by_column(column).key
        for own in _tables(mapper)
        if table is None or own.name == table
        for column in own.columns
        if mapper.columns.contains_column(column)
    }
    return tuple(found[name] for name in wanted if name in found)
