"""Arrays of simple values in a form: one per line, or shown alone where lines cannot tell them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appbuilder_lite.data.types import Column, Kind
from tests.resource.one_field import column, field_of


def array(kind: Kind, *, has_default: bool = False, nullable: bool = True, **item: Any) -> Column:
    return column(Kind.ARRAY, items=column(kind, **item), nullable=nullable, has_default=has_default)


TEXTS, WHOLE = array(Kind.TEXT), array(Kind.INTEGER, minimum=0, maximum=9)


@pytest.mark.parametrize(
    ("of", "text", "value"),
    [
        (TEXTS, " a \r\n\r\nb, c\r\n", [" a ", "b, c"]),
        (WHOLE, "1\n 2 \n", [1, 2]),
        (array(Kind.NUMERIC, precision=5, scale=2), "1.50", [Decimal("1.50")]),
        (array(Kind.DATE), "2024-02-29", [date(2024, 2, 29)]),
        (array(Kind.DATETIME), "2024-02-29 10:00", [datetime(2024, 2, 29, 10)]),
        (array(Kind.UUID), str(UUID(int=1)), [UUID(int=1)]),
        (TEXTS, " \r\n", None),
        (array(Kind.TEXT, nullable=False), "", []),
        (array(Kind.TEXT, nullable=False, has_default=True), "", None),
    ],
)
def test_lines_are_items(of: Column, text: str, value: Any) -> None:
    field = field_of(of, text)
    assert (field.data, field.errors) == (value, [])


def test_an_emptied_array_without_null_is_an_empty_one() -> None:
    assert field_of(array(Kind.TEXT, nullable=False, has_default=True), "", stored=["a"]).data == []


@pytest.mark.parametrize(
    ("of", "text", "message"),
    [
        (WHOLE, "1\n\nx", "Line 3: Not a whole number."),
        (WHOLE, "10", "Line 1: Must be at most 9."),
        (array(Kind.STRING, max_length=2), "ab\nabc", "Line 2: At most 2 characters; these are 3."),
        (TEXTS, "a\0", "A null character is not allowed."),
    ],
)
def test_a_line_that_is_no_item_is_refused_with_its_number(of: Column, text: str, message: str) -> None:
    assert field_of(of, text).errors == [message]


@given(st.lists(st.text(st.sampled_from(" \r\n\tab")) | st.none(), max_size=4))
def test_an_array_is_edited_only_where_lines_can_tell_it(stored: list[Any]) -> None:
    field = field_of(TEXTS, stored=stored)
    if field.input_kind == "textarea":
        assert not stored or field.parse(field.text_of(stored)) == stored
    else:
        assert any(item is None or not item.strip() or "\n" in item or "\r" in item for item in stored)


@pytest.mark.parametrize(
    ("of", "stored", "shown"),
    [(WHOLE, [1, None], "1, -"), (TEXTS, ["a", ""], "a, "), (WHOLE, [[1], [2]], "[1], [2]"), (WHOLE, (1, 2), "1, 2")],
)
def test_an_array_that_lines_cannot_tell_is_shown_and_stays(of: Column, stored: Any, shown: str) -> None:
    field = field_of(of, "5", stored=stored)
    assert (field.input_kind, field._value(), field.data is stored) == ("static", shown, True)
    assert field.description == ""


def test_the_field_says_how_it_is_filled_in() -> None:
    field = field_of(TEXTS, stored=["a", "b"])
    assert (field.input_kind, field._value(), field.description) == ("textarea", "a\nb", "One per line.")


def test_an_unchanged_array_is_the_stored_one() -> None:
    stored = ["a", "b"]
    assert field_of(TEXTS, "a\r\nb", stored=stored).data is stored
    assert not field_of(TEXTS, "a\r\n\r\nb", stored=stored).has_changed
