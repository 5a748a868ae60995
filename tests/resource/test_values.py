"""What values look like."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from markupsafe import Markup

from appbuilder_lite.data.query import RelatedValue, Several
from appbuilder_lite.resource.displays import Display, display
from appbuilder_lite.resource.values import formatter_for
from tests.resource.conftest import Desk
from tests.resource.models import Size


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, Display("empty")),
        (True, Display("boolean", "Yes", "true")),
        (False, Display("boolean", "No", "false")),
        (0, Display("number", "0", "0")),
        (Decimal("1.10"), Display("number", "1.10", "1.10")),
        (Decimal("1E+3"), Display("number", "1000", "1000")),
        (0.1, Display("number", "0.1", "0.1")),
        ("", Display("text", "")),
        ("<b>", Display("text", "<b>")),
        (date(2024, 2, 29), Display("date", "2024-02-29", "2024-02-29")),
        (time(9, 5), Display("date", "09:05", "09:05:00")),
        (time(9, 5, 7), Display("date", "09:05:07", "09:05:07")),
        (
            datetime(2024, 2, 29, 9, 5, 7),
            Display("date", "2024-02-29 09:05", "2024-02-29T09:05:07", "2024-02-29 09:05:07"),
        ),
        (Size.EXTRA_LARGE, Display("choice", "Extra large", "EXTRA_LARGE")),
        (UUID(int=7), Display("text", "00000000-0000-0000-0000-000000000007")),
        (b"abc", Display("text", "3 bytes")),
        ({"a": [1, None, True]}, Display("text", '{"a": [1, null, true]}')),
        (timedelta(hours=25), Display("text", "1d 1h")),
        (RelatedValue("7", "Chile"), Display("link", "Chile", "7")),
        (Several(), Display("empty")),
        (Several([RelatedValue("7", "Chile"), RelatedValue("8", "Peru")]), Display("links", "Chile, Peru")),
    ],
)
def test_a_value_is_shown_by_its_type(value: Any, shown: Display) -> None:
    assert display(value) == shown


def test_a_zone_is_shown() -> None:
    assert display(datetime(2024, 1, 1, 12, tzinfo=UTC)).text == "2024-01-01 12:00+00:00"


def test_a_long_text_is_cut_and_whole_in_the_title() -> None:
    assert display("x" * 80) == Display("text", "x" * 80)
    assert display("x" * 81) == Display("long", "x" * 79 + "…", "", "x" * 81)


def test_columns_know_their_choices_and_booleans_of_any_driver(desk: Desk) -> None:
    options = desk.options()
    shown = formatter_for(options.paths["size"], options)
    assert shown(Size.SMALL).kind == "choice"
    assert shown("unknown") == Display("unreadable", "unknown", "", "This value is none of the choices.")
    assert shown(None).kind == "empty"
    assert formatter_for(options.paths["on_sale"], options)(1) == Display("boolean", "Yes", "true")
    assert formatter_for(options.paths["on_sale"], options)(None) == Display("empty")


@pytest.mark.parametrize(
    ("made", "shown"),
    [
        ("5 EUR", Display("text", "5 EUR")),
        (5, Display("number", "5", "5")),
        (None, Display("empty")),
        (Markup("<b>5</b>"), Display("html", Markup("<b>5</b>"))),
    ],
)
def test_a_formatter_gets_the_raw_value_and_its_markup_passes(desk: Desk, made: Any, shown: Display) -> None:
    seen = []

    def formatter(value: Any) -> Any:
        seen.append(value)
        return made

    options = desk.options(formatters_columns={"price": formatter})
    assert formatter_for(options.paths["price"], options)(Decimal("5.00")) == shown
    assert seen == [Decimal("5.00")]
