"""Sixty tables that no mapper designed, made by a script: odd names, keys of every shape, and keys that refer to them.

They are described here only to be made and filled. A host reads them back from the database, by automap.
"""

import datetime as dt
import decimal
import re
import uuid
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

COUNT = 60

Key = list[tuple[str, Any, list[Any]]]
"""(name, type, values of three rows) of each column of a key."""

TABLE_NAMES = ["order", "user data", "Group", "select", "metadata", "query", "a-b", "tab.le", "Ümlaut", "class"]
COLUMN_NAMES = [
    *("data", "errors", "page", "sort", "search", "type", "class", "query", "filter", "name", "validate", "process"),
    *("populate_obj", "meta", "items", "keys", "form", "cols", "_fields", "csrf_token", "_continue", "next", "pk"),
    *("my column", "select", "from", "a-b", "per%cent", "q?x", "ha#sh", "sla/sh", "co,mma", "do.t", "Caps", "ärger"),
    *("100", "label", "self", "item", "action", "page_size", "key", "value", "count", "index", "format", "hash"),
    *("validate_name", "filter_name", "a__in", "-minus", "_flt_0_name"),
]
KEYS: list[Key] = [
    [("id", sa.Integer(), [1, 2, 3])],
    [("code", sa.String(40), ["a/b?c#d%20 e", "..", "ü~,;"])],
    [("left", sa.Integer(), [1, 1, 2]), ("right side", sa.String(20), ["x y", "/", "x y"])],
    [("id", sa.BigInteger(), [2**53 + 1, -(2**62), 2**63 - 1])],
    [("day", sa.Date(), [dt.date(2024, 2, day) for day in (27, 28, 29)])],
    [("number", sa.Numeric(12, 3), [decimal.Decimal(text) for text in ("1.500", "-7.000", "100.125")])],
    [("uid", sa.Uuid(), [uuid.UUID(int=number) for number in (1, 2**100, 3)])],
    [("raw", sa.LargeBinary(8).with_variant(sa.VARBINARY(8), "mysql"), [b"\x00", b"ab\xff", b"/?#"])],
    [
        ("one", sa.SmallInteger(), [1, 2, 3]),
        ("two", sa.Date(), [dt.date(2024, 1, 1)] * 3),
        ("three", sa.String(9), ["", " ", "%"]),
    ],
    [],
]
TYPES: list[tuple[Any, list[Any]]] = [
    (sa.String(30), ["", "a\nb", None]),
    (sa.Integer(), [0, -1, None]),
    (sa.Numeric(8, 2), [decimal.Decimal("1.10"), decimal.Decimal(0), None]),
    (sa.Text(), ["  padded ", "<b>&amp;", None]),
    (sa.Date(), [dt.date(1, 1, 1), dt.date(9999, 12, 31), None]),
    (sa.DateTime(), [dt.datetime(2024, 5, 1, 12, 30), dt.datetime(1999, 12, 31, 23, 59, 59), None]),
    (sa.Float(), [0.1, -2.5, None]),
    (sa.LargeBinary(), [b"\x00\x01", b"", None]),
    (sa.JSON(), [{"a": [1]}, [], None]),
    (sa.Time(), [dt.time(1, 2, 3), dt.time(0), None]),
    (sa.Boolean(), [True, False, None]),
]


def table_name(number: int) -> str:
    return f"{TABLE_NAMES[number % len(TABLE_NAMES)]}{number}"


def table_number(name: str) -> int:
    return int(re.sub(r"\D", "", name))


def make_tables(engine: sa.Engine) -> sa.MetaData:
    """Make the tables with three rows each."""
    metadata = sa.MetaData()
    tables = [_table(metadata, number) for number in range(COUNT)]
    metadata.create_all(engine)
    with engine.begin() as connection:
        for table, rows in tables:
            connection.execute(sa.insert(table), rows)
    return metadata


def _table(metadata: sa.MetaData, number: int) -> tuple[sa.Table, list[dict[str, Any]]]:
    key = KEYS[number % len(KEYS)]
    named = {name for name, _type, _values in key}
    # MariaDB and PostgreSQL would number a key of one integer, which the others do not.
    columns = [sa.Column(name, type_, primary_key=True, autoincrement=False) for name, type_, _values in key]
    rows: list[dict[str, Any]] = [{name: values[at] for name, _type, values in key} for at in range(3)]
    for at, (name, type_, values) in enumerate(_plain_columns(number)):
        if name.lower() in {one.lower() for one in named}:
            continue
        named.add(name)
        needed = at == 0
        columns.append(sa.Column(name, type_, nullable=not needed))
        for row, value in zip(rows, values, strict=True):
            row[name] = value if value is not None or not needed else values[0]
    keys = []
    for prefix, target in _references(number):
        made, constraint, filled = _reference(prefix, target)
        columns += made
        keys.append(constraint)
        for row, referred in zip(rows, filled, strict=True):
            row.update(referred)
    return sa.Table(table_name(number), metadata, *columns, *keys), rows


def _plain_columns(number: int) -> Iterator[tuple[str, Any, list[Any]]]:
    for at in range(5):
        place = number * 5 + at
        type_, values = TYPES[place % len(TYPES)]
        yield COLUMN_NAMES[place % len(COLUMN_NAMES)], type_, values


def _references(number: int) -> Iterator[tuple[str, int]]:
    """(beginning of the columns' names, the table they refer to): two to one table, and one to the table itself."""
    target = number - 3 if KEYS[(number - 3) % len(KEYS)] else number - 4
    if target >= 0 and number % 2:
        yield "to", target
    if target >= 0 and number % 3 == 0:
        yield "also to", target
        yield "third", target
    if KEYS[number % len(KEYS)] and number % 4 == 0:
        yield "parent", number


def _reference(prefix: str, target: int) -> tuple[list[Any], Any, list[dict[str, Any]]]:
    """Columns that refer to the key of a table, the constraint, and the values of three rows."""
    key = KEYS[target % len(KEYS)]
    names = [f"{prefix} {name}" for name, _type, _values in key]
    columns = [sa.Column(name, type_) for name, (_own, type_, _values) in zip(names, key, strict=True)]
    constraint = sa.ForeignKeyConstraint(names, [f"{table_name(target)}.{name}" for name, _type, _values in key])
    # The first row refers to the first one, which is there before it whatever table it is of.
    rows = [
        {name: values[0] if at < 2 else None for name, (_own, _type, values) in zip(names, key, strict=True)}
        for at in range(3)
    ]
    return columns, constraint, rows
