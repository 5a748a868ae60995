"""Texts of URLs and forms as a column takes them."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from appbuilder_lite.data.filter_values import column_value
from appbuilder_lite.data.types import Column, Kind
from appbuilder_lite.errors import InvalidInput
from tests.data.models import Status

CHOICES = ((Status.NEW, "New"), (Status.PAID, "Paid"))


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.STRING, "5", "5"),
        (Kind.INTEGER, "5", 5),
        (Kind.INTEGER, 5, 5),
        (Kind.NUMERIC, "5.50", Decimal("5.50")),
        (Kind.FLOAT, "5.5", 5.5),
        (Kind.BOOLEAN, "Yes", True),
        (Kind.BOOLEAN, "0", False),
        (Kind.BOOLEAN, True, True),
        (Kind.DATE, "2024-05-01", date(2024, 5, 1)),
        (Kind.TIME, "12:30", time(12, 30)),
        (Kind.DATETIME, "2024-05-01 12:30", datetime(2024, 5, 1, 12, 30)),
        (Kind.UUID, str(uuid.UUID(int=1)), uuid.UUID(int=1)),
        (Kind.ENUM, "PAID", Status.PAID),
        (Kind.ENUM, "p", Status.PAID),
        (Kind.ENUM, Status.NEW, Status.NEW),
        (Kind.DATE, None, None),
        (Kind.OTHER, "x", "x"),
    ],
)
def test_a_text_becomes_the_columns_type(kind: Kind, text: Any, value: Any) -> None:
    found = column_value(text, Column("a", kind, choices=CHOICES if kind is Kind.ENUM else ()))
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.INTEGER, "5.5"),
        (Kind.INTEGER, ""),
        (Kind.INTEGER, str(2**63)),
        (Kind.INTEGER, "9" * 5000),
        (Kind.NUMERIC, "inf"),
        (Kind.NUMERIC, "x"),
        (Kind.FLOAT, "nan"),
        (Kind.FLOAT, "1e999"),
        (Kind.BOOLEAN, "maybe"),
        (Kind.DATE, "2024-02-30"),
        (Kind.TIME, "25:00"),
        (Kind.DATETIME, "soon"),
        (Kind.UUID, "1"),
        (Kind.ENUM, "x"),
    ],
)
def test_a_text_that_is_none_is_bad_input(kind: Kind, text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        column_value(text, Column("a", kind, choices=CHOICES if kind is Kind.ENUM else ()))
    assert caught.value.parameter == "a"


def test_text_enums_are_taken_by_their_value() -> None:
    column = Column("a", Kind.ENUM, choices=(("x", "x"),))
    assert column_value("x", column) == "x"
    with pytest.raises(InvalidInput):
        column_value("y", column)


def test_what_is_no_column_takes_any_value() -> None:
    assert column_value("5", None) == "5"
