"""What a field takes, and what it refuses at the field."""

import math
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wtforms import Form

from appbuilder_lite.data.types import Column, Kind
from appbuilder_lite.resource.fields import column_field
from tests.resource.models import Size
from tests.resource.one_field import column, field_of

INTEGER = column(Kind.INTEGER, minimum=-(2**31), maximum=2**31 - 1)
NUMERIC = column(Kind.NUMERIC, precision=10, scale=2)
ENUM = column(Kind.ENUM, choices=((Size.SMALL, "Small"), (Size.EXTRA_LARGE, "Extra large")))


@pytest.mark.parametrize(
    ("of", "text", "value"),
    [
        (column(Kind.STRING), " a ", " a "),
        (column(Kind.STRING), "", None),
        (column(Kind.STRING), " ", " "),
        (column(Kind.STRING, max_length=2), "😀é", "😀é"),
        (column(Kind.TEXT), "a\r\nb", "a\nb"),
        (INTEGER, " +5 ", 5),
        (INTEGER, "-2147483648", -(2**31)),
        (INTEGER, "", None),
        (NUMERIC, "1.10", Decimal("1.10")),
        (NUMERIC, ".5", Decimal("0.5")),
        (NUMERIC, "1.100", Decimal("1.100")),
        (NUMERIC, "1e3", Decimal("1000")),
        (NUMERIC, "99999999.99", Decimal("99999999.99")),
        (NUMERIC, "0e999", Decimal(0)),
        (column(Kind.FLOAT), "1e-5", 1e-5),
        (column(Kind.DATE), "2024-02-29", date(2024, 2, 29)),
        (column(Kind.DATE), " ", None),
        (column(Kind.TIME), "23:59", time(23, 59)),
        (column(Kind.TIME), "23:59:58.123456", time(23, 59, 58, 123_456)),
        (column(Kind.DATETIME), "2024-02-29T12:30", datetime(2024, 2, 29, 12, 30)),
        (column(Kind.DATETIME), "2024-02-29 12:30:01", datetime(2024, 2, 29, 12, 30, 1)),
        (column(Kind.DATETIME), "2024-02-29T12:30+02:00", datetime(2024, 2, 29, 10, 30)),
        (column(Kind.DATETIME, timezone=True), "2024-02-29T12:30", datetime(2024, 2, 29, 12, 30, tzinfo=UTC)),
        (column(Kind.UUID), "{00000000-0000-0000-0000-000000000007}", UUID(int=7)),
        (ENUM, "EXTRA_LARGE", Size.EXTRA_LARGE),
        (ENUM, "", None),
        (column(Kind.BOOLEAN, nullable=False), "true", True),
        (column(Kind.BOOLEAN), "false", False),
        (column(Kind.BOOLEAN), "", None),
    ],
)
def test_a_text_is_read(of: Column, text: str, value: Any) -> None:
    field = field_of(of, text)
    assert field.errors == []
    assert field.data == value
    assert type(field.data) is type(value)


@pytest.mark.parametrize(
    ("of", "text", "error"),
    [
        *((of, "a\0", "null character") for of in (column(Kind.STRING), INTEGER, column(Kind.DATE), ENUM)),
        *((of, "\ud800", "character pair") for of in (column(Kind.TEXT), NUMERIC, column(Kind.UUID))),
        (column(Kind.STRING, max_length=3), "abcd", "At most 3 characters; these are 4."),
        *((INTEGER, text, "Not a whole number") for text in ("x", "1.0", "1e3", "٣", "1_0", "0x1", "nan", "9" * 500)),
        (INTEGER, "2147483648", "at most 2147483647"),
        (INTEGER, "-2147483649", "at least -2147483648"),
        (INTEGER, "9" * 100, "at most"),
        *(
            (NUMERIC, text, "Not a number")
            for text in ("NaN", "sNaN", "inf", "-Infinity", "1,5", "x", "1e9999999", "٣")
        ),
        *((NUMERIC, text, "before the point") for text in ("100000000", "1e8", "-1e999999")),
        *((NUMERIC, text, "after the point") for text in ("0.001", "1.234", "1e-999999")),
        *((column(Kind.NUMERIC), text, "the point") for text in ("1e400", "1e-400")),
        *((column(Kind.FLOAT), text, "Not a number") for text in ("nan", "inf", "x", "1_0")),
        (column(Kind.FLOAT), "1e999", "too large"),
        *(
            (column(Kind.DATE), text, "Not a date")
            for text in ("2024-02-30", "29.02.2024", "0000-01-01", "10000-01-01")
        ),
        *((column(Kind.TIME), text, "Not a time") for text in ("25:00", "noon", "12:61")),
        (column(Kind.TIME), "12:00+01:00", "without a zone"),
        *((column(Kind.DATETIME), text, "Not a date and time") for text in ("2024-02-30T00:00", "2024-02-29", "x")),
        (column(Kind.DATETIME, timezone=True), "0001-01-01T00:00+14:00", "Not a date and time"),
        (column(Kind.UUID), "7", "Not a UUID"),
        (ENUM, "MEDIUM", "Not one of the choices"),
        (ENUM, "s", "Not one of the choices"),
        (column(Kind.BOOLEAN, nullable=False), "maybe", "Neither yes nor no"),
        (column(Kind.BOOLEAN), "maybe", "Not one of the choices"),
    ],
)
def test_what_cannot_be_stored_is_an_error_at_the_field(of: Column, text: str, error: str) -> None:
    field = field_of(of, text)
    (found,) = field.errors
    assert error in found


@pytest.mark.parametrize("kind", [Kind.STRING, Kind.INTEGER, Kind.NUMERIC, Kind.DATETIME, Kind.UUID, Kind.ENUM])
@settings(deadline=None)
@given(text=st.text())
def test_any_text_gives_a_value_or_an_error(kind: Kind, text: str) -> None:
    field = field_of(column(kind, max_length=10, choices=((Size.SMALL, "Small"),)), text)
    assert field.errors or field.data is None or field.data == field.parse(text)
    field._value().encode("utf-8")


def test_a_value_given_twice_is_an_error() -> None:
    assert field_of(INTEGER, "1", "2").errors == ["Given more than once."]


@pytest.mark.parametrize("text", ["", "   "])
@pytest.mark.parametrize("kind", [Kind.STRING, Kind.TEXT, Kind.INTEGER, Kind.DATE, Kind.ENUM])
def test_a_required_value_is_required_on_an_add(kind: Kind, text: str) -> None:
    field = field_of(column(kind, nullable=False), text, is_required=True)
    wanted = "This field is required." if kind is not Kind.ENUM or not text else "Not one of the choices."
    assert field.errors == [wanted]
    assert field.flags.required


def test_a_required_value_cannot_be_emptied_but_an_empty_one_may_stay() -> None:
    text = column(Kind.STRING, nullable=False)
    assert field_of(text, "", stored="a", is_required=True).errors == ["This field is required."]
    assert field_of(text, "", stored="", is_required=True).errors == []


def test_a_stored_value_that_breaks_the_rules_may_stay() -> None:
    field = field_of(column(Kind.STRING, max_length=2), "abc", stored="abc")
    assert (field.errors, field.has_changed) == ([], False)


@pytest.mark.parametrize("shown", ["NaN", "Infinity"])
def test_a_number_that_browsers_cannot_hold_stands_in_a_text_field(shown: str) -> None:
    field = field_of(NUMERIC, shown, stored=Decimal(shown))
    assert (field.input_kind, field.has_changed, field.errors) == ("text", False, [])


def test_equal_numbers_keep_the_stored_digits() -> None:
    stored = Decimal("1.10")
    assert field_of(NUMERIC, "1.1", stored=stored).data is stored
    assert not field_of(column(Kind.FLOAT), "1e0", stored=1.0).has_changed
    assert math.copysign(1, field_of(column(Kind.FLOAT), "-0.0", stored=-0.0).data) == -1


def test_line_ends_stay_of_the_kind_they_were() -> None:
    of = column(Kind.TEXT)
    assert field_of(of, "a\r\nb\r\nc", stored="a\r\nb").data == "a\r\nb\r\nc"
    assert field_of(of, "a\r\nb\r\nc", stored="a\nb").data == "a\nb\nc"


def test_a_zoned_time_is_shown_in_utc_and_keeps_its_zone_when_unchanged() -> None:
    of = column(Kind.DATETIME, timezone=True)
    stored = datetime(2024, 1, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    assert field_of(of, stored=stored).text_of(stored) == "2024-01-01T10:00:00"
    assert field_of(of, "2024-01-01T10:00", stored=stored).data is stored
    assert field_of(of, "2024-01-01T11:00", stored=stored).data == datetime(2024, 1, 1, 11, tzinfo=UTC)


def test_a_time_at_the_end_of_all_time_can_be_shown() -> None:
    stored = datetime.max.replace(tzinfo=timezone(timedelta(hours=-5)))
    assert field_of(column(Kind.DATETIME, timezone=True), stored=stored).text_of(stored).startswith("9999-12-31T23:59")


@pytest.mark.parametrize(
    ("of", "value", "kind"),
    [
        (column(Kind.STRING, max_length=50), "a", "text"),
        (column(Kind.STRING, max_length=50), "a\nb", "textarea"),
        (column(Kind.STRING, max_length=501), "a", "textarea"),
        (column(Kind.STRING, max_length=320), "a", "text"),
        (column(Kind.TEXT), "a", "textarea"),
        (INTEGER, 5, "number"),
        (NUMERIC, None, "number"),
        (column(Kind.FLOAT), 1.5, "number"),
        (column(Kind.FLOAT), math.inf, "text"),
        (column(Kind.DATE), date(2024, 1, 1), "date"),
        (column(Kind.TIME), time(1, 2, 3, 4000), "time"),
        (column(Kind.TIME), time(1, 2, 3, 4), "text"),
        (column(Kind.DATETIME), None, "datetime-local"),
        (column(Kind.DATETIME), datetime(2024, 1, 1, 1, 2, 3, 4), "text"),
        (ENUM, None, "select"),
        (column(Kind.BOOLEAN), None, "select"),
        (column(Kind.BOOLEAN, nullable=False), True, "checkbox"),
        (column(Kind.UUID), None, "text"),
    ],
)
def test_the_control_can_hold_the_value(of: Column, value: Any, kind: str) -> None:
    form_class = type("OneForm", (Form,), {"x": column_field(of, is_required=False)})
    assert form_class(obj=type("Item", (), {"x": value})())["x"].input_kind == kind


def test_bounds_are_attributes_of_the_control() -> None:
    assert field_of(INTEGER).render_kw == {"min": -(2**31), "max": 2**31 - 1, "step": 1}
    assert field_of(column(Kind.STRING, max_length=9)).render_kw == {"maxlength": 9}


def test_a_nullable_boolean_has_three_answers() -> None:
    field = field_of(column(Kind.BOOLEAN), stored=False)
    assert [choice[:3] for choice in field.iter_choices()] == [
        ("", "Unset", False),
        ("true", "Yes", False),
        ("false", "No", True),
    ]


def test_an_unticked_box_is_not_sent() -> None:
    assert field_of(column(Kind.BOOLEAN, nullable=False), stored=True).data is False


def test_an_enums_stored_value_is_a_choice_though_it_is_offered_no_more() -> None:
    of = column(Kind.ENUM, choices=(("new", "New"),))
    field = field_of(of, "old", stored="old")
    assert (field.errors, field.has_changed) == ([], False)
    assert [choice[0] for choice in field.iter_choices()] == ["", "new", "old"]


def test_what_was_typed_is_shown_again_with_its_error() -> None:
    field = field_of(INTEGER, "1x")
    assert field._value() == "1x"
    assert field_of(INTEGER, "1\0\ud800")._value() == "1??"


def test_a_default_is_offered_on_an_add_and_can_be_emptied() -> None:
    assert field_of(INTEGER, default=3)._value() == "3"
    assert field_of(column(Kind.STRING, nullable=False), "", default="x").data == ""
