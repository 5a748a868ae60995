"""Which columns a CHECK of a table is about, by what a database calls it when it refuses a value.

One without a name is called by its text in SQLite; `<table>_<column>_check`, or `<table>_check` where it is about
several columns, in PostgreSQL; `<table>.<column>` beside its column, or `CONSTRAINT_1` behind all of them, in MariaDB.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import CompileError


def checked_columns(table: sa.Table, called: str) -> Sequence[str]:
    """The names of the columns of the check that is called so; empty where none is, or checks of others may be, too."""
    checks = list(_checks(table))
    found = [check for check in checks if check.name == called]
    # Of several that would have the same name a database numbers all but the first: exactly first, then by the stem.
    for name in (called, re.sub(r"_?\d+$", "", called)):
        found = found or [check for check in checks if check.name is None and name in _names(check, table)]
    about = {tuple(columns_of_check(check, table)) for check in found}
    return about.pop() if len(about) == 1 else ()


def columns_of_check(check: sa.CheckConstraint, table: sa.Table) -> Sequence[str]:
    """The names of the columns that a check is about; of one that is written as text they are its words."""
    if names := [column.name for column in check.columns]:
        return names
    words = set(re.findall(r"\w+", str(check.sqltext)))
    return [column.name for column in table.columns if column.name in words]


def _checks(table: sa.Table) -> Iterator[sa.CheckConstraint]:
    """Those of the table, and those that stand beside a column."""
    for holder in (table, *table.columns):
        yield from (found for found in holder.constraints if isinstance(found, sa.CheckConstraint))


def _names(check: sa.CheckConstraint, table: sa.Table) -> set[str]:
    """What databases call a check that has no name."""
    columns = columns_of_check(check, table)
    names = {_text(check), f"{table.name}_{columns[0]}_check" if len(columns) == 1 else f"{table.name}_check"}
    is_beside_column = isinstance(check.parent, sa.Column)
    return names | {f"{table.name}.{check.parent.name}" if is_beside_column else "CONSTRAINT"}


def _text(check: sa.CheckConstraint) -> str:
    """What stands between its parentheses where the table is made in SQLite."""
    options = {"literal_binds": True, "include_table": False}
    try:
        return str(check.sqltext.compile(dialect=sqlite.dialect(), compile_kwargs=options)).strip()
    except CompileError:
        return str(check.sqltext)
