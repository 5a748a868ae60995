"""What each database says, and what people and forms are told; the texts and codes are the servers' own."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError

from appbuilder_lite.data.sqla_errors import translate
from tests.data.models import Customer, Line, Note


@dataclass
class Details:
    """What libpq tells apart from the message."""

    table_name: str | None = None
    column_name: str | None = None
    constraint_name: str | None = None
    message_detail: str | None = None


class PostgresqlError(Exception):
    def __init__(self, sqlstate: str | None, message: str = "", **details: str) -> None:
        super().__init__(message)
        self.sqlstate = sqlstate
        self.diag = Details(**details)


class MariadbError(Exception):
    """`args` are the code and the text, as PyMySQL has them."""


def _told(
    original: Exception,
    error_class: type[DBAPIError] = IntegrityError,
    statement: str = "INSERT",
    model: Any = Customer,
) -> tuple[str, tuple[str, ...]] | None:
    failed = translate(error_class(statement, {}, original), sa.inspect(model))
    return None if failed is None else (failed.kind, failed.columns)


@pytest.mark.parametrize(
    ("message", "kind", "columns"),
    [
        ("UNIQUE constraint failed: customer.email_address", "unique", ("email",)),
        ("UNIQUE constraint failed: customer.first, customer.last", "unique", ("first", "last")),
        ("UNIQUE constraint failed: index 'some_expression'", "unique", ()),
        ("UNIQUE constraint failed: audit.first", "unique", ()),
        ("NOT NULL constraint failed: customer.first", "not_null", ("first",)),
        ("CHECK constraint failed: score_not_negative", "check", ("score",)),
        ("CHECK constraint failed: score >= 0", "check", ()),
        ("FOREIGN KEY constraint failed", "foreign_key", ()),
        ("datatype mismatch", "other", ()),
    ],
)
def test_what_sqlite_says(message: str, kind: str, columns: tuple[str, ...]) -> None:
    assert _told(sqlite3.IntegrityError(message)) == (kind, columns)


@pytest.mark.parametrize(
    ("original", "kind", "columns"),
    [
        (
            PostgresqlError(
                "23505",
                table_name="customer",
                constraint_name="customer_first_last_key",
                message_detail="Key (first, last)=(Ann, Doe) already exists.",
            ),
            "unique",
            ("first", "last"),
        ),
        (
            PostgresqlError(
                "23505",
                table_name="audit",
                constraint_name="audit_first_key",
                message_detail="Key (first)=(Ann) already exists.",
            ),
            "unique",
            (),
        ),
        (PostgresqlError("23502", table_name="customer", column_name="email_address"), "not_null", ("email",)),
        (PostgresqlError("23514", table_name="customer", constraint_name="score_not_negative"), "check", ("score",)),
        (
            PostgresqlError("23503", table_name="customer", message_detail="Key (country_code)=(X) is not present."),
            "foreign_key",
            ("country_code",),
        ),
        (PostgresqlError("22001"), "too_long", ()),
        (PostgresqlError("22003"), "out_of_range", ()),
        (PostgresqlError("40P01"), "other", ()),
    ],
)
def test_what_postgresql_says(original: Exception, kind: str, columns: tuple[str, ...]) -> None:
    assert _told(original) == (kind, columns)


@pytest.mark.parametrize(
    ("code", "message", "kind", "columns"),
    [
        (1062, "Duplicate entry 'a' for key 'email_address'", "unique", ("email",)),
        (1062, "Duplicate entry 'a' for key 'customer.email_address'", "unique", ("email",)),
        (1062, "Duplicate entry 'a for key 'x'' for key 'email_address'", "unique", ("email",)),
        (1062, "Duplicate entry 'Ann-Doe' for key 'first'", "unique", ("first", "last")),
        (1062, "Duplicate entry 'Ann-Doe' for key 'first_2'", "unique", ("first", "last")),
        (1062, "Duplicate entry '1' for key 'PRIMARY'", "unique", ("id",)),
        (1062, "Duplicate entry '1' for key 'elsewhere'", "unique", ()),
        (1048, "Column 'email_address' cannot be null", "not_null", ("email",)),
        (1364, "Field 'first' doesn't have a default value", "not_null", ("first",)),
        (4025, "CONSTRAINT `score_not_negative` failed for `shop`.`customer`", "check", ("score",)),
        (
            1452,
            "Cannot add or update a child row: a foreign key constraint fails (`shop`.`customer`, CONSTRAINT "
            "`customer_ibfk_1` FOREIGN KEY (`country_code`) REFERENCES `country` (`code`))",
            "foreign_key",
            ("country_code",),
        ),
        (1406, "Data too long for column 'first' at row 1", "too_long", ("first",)),
        (1264, "Out of range value for column 'score' at row 1", "out_of_range", ("score",)),
        (1366, "Incorrect string value: '\\xF0' for column `shop`.`customer`.`first` at row 1", "other", ()),
        (1020, "Record has changed since last read in table 'customer'", "other", ()),
        (1296, "Got error 193 '`shop`.`area`, CONSTRAINT `area_ibfk_1` FOREIGN KEY' from InnoDB", "other", ()),
        (1213, "Deadlock found when trying to get lock; try restarting transaction", "other", ()),
        (1305, "SAVEPOINT sa_savepoint_1 does not exist", "other", ()),
    ],
)
def test_what_mariadb_says(code: int, message: str, kind: str, columns: tuple[str, ...]) -> None:
    assert _told(MariadbError(code, message)) == (kind, columns)


def test_a_composite_foreign_key_names_all_its_columns() -> None:
    message = "CONSTRAINT `note_ibfk_1` FOREIGN KEY (`order_id`, `position`) REFERENCES `line` (`order_id`, `position`)"
    assert _told(MariadbError(1452, message), model=Note) == ("foreign_key", ("order_id", "position"))


@pytest.mark.parametrize(
    "original",
    [
        sqlite3.IntegrityError("FOREIGN KEY constraint failed"),
        PostgresqlError(
            "23503", table_name="note", message_detail='Key (order_id)=(1) is still referenced from "note".'
        ),
        MariadbError(1451, "Cannot delete or update a parent row: a foreign key constraint fails"),
    ],
    ids=["sqlite", "postgresql", "mariadb"],
)
def test_a_delete_that_others_refer_to_is_told_apart(original: Exception) -> None:
    failed = translate(IntegrityError("DELETE FROM line", {}, original), sa.inspect(Line))
    assert failed is not None
    assert (failed.kind, failed.columns) == ("foreign_key", ())
    assert failed.message == "Other records refer to this one."


def test_a_driver_that_refuses_a_value_itself_has_no_code() -> None:
    nul = PostgresqlError(None, "PostgreSQL text fields cannot contain NUL (0x00) bytes")
    assert _told(nul, DataError) == ("other", ())


@pytest.mark.parametrize(
    "original",
    [
        sqlite3.OperationalError("no such table: customer"),
        PostgresqlError("57P01", "terminating connection due to administrator command"),
        MariadbError(2013, "Lost connection to server during query"),
        MariadbError(1296, "Got error 157 'Could not connect to storage engine' from NDBCLUSTER"),
    ],
    ids=["sqlite", "postgresql", "mariadb", "engine"],
)
def test_a_failure_that_is_no_refusal_is_left_alone(original: Exception) -> None:
    assert _told(original, OperationalError) is None


def test_other_exceptions_are_left_alone() -> None:
    assert translate(KeyError("x"), sa.inspect(Customer)) is None


def test_no_message_repeats_the_databases_words() -> None:
    secret = "Duplicate entry 'secret' for key 'email_address'"
    failed = translate(IntegrityError("INSERT", {}, MariadbError(1062, secret)), sa.inspect(Customer))
    assert failed is not None
    assert "secret" not in str(failed)
