"""Lengths of time as texts that people can write, exact to the microsecond."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appbuilder_lite.data.intervals import interval_text, parse_interval
from appbuilder_lite.data.types import Kind
from tests.resource.one_field import column, field_of

INTERVAL = column(Kind.INTERVAL)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (timedelta(0), "0s"),
        (timedelta(days=400, seconds=3661), "400d 1h 1m 1s"),
        (timedelta(minutes=-90), "-1h 30m"),
        (timedelta(microseconds=-1), "-0.000001s"),
        (timedelta(days=1, microseconds=500_000), "1d 0.5s"),
        (timedelta(seconds=10), "10s"),
    ],
)
def test_an_interval_is_written_in_units(value: timedelta, text: str) -> None:
    assert interval_text(value) == text


@given(st.timedeltas())
def test_every_interval_is_read_as_it_was_written(value: timedelta) -> None:
    assert parse_interval(interval_text(value)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (" 26:30 ", timedelta(hours=26, minutes=30)),
        ("1d 02:30:00.5", timedelta(days=1, hours=2, minutes=30, microseconds=500_000)),
        ("-0:00:01", timedelta(seconds=-1)),
        ("90m", timedelta(minutes=90)),
        ("1d2h", timedelta(days=1, hours=2)),
        ("", None),
    ],
)
def test_an_interval_may_be_written_in_other_ways(text: str, value: timedelta | None) -> None:
    field = field_of(INTERVAL, text)
    assert (field.data, field.errors) == (value, [])


@pytest.mark.parametrize("text", ["5", "d", "-", "1.5d", "1h 1d", "1:2:3", "0.0000001s", "999999999d 48h", "9" * 400])
def test_what_is_no_interval_is_refused_at_the_field(text: str) -> None:
    field = field_of(INTERVAL, text)
    assert field.errors == ["Not a length of time; write it like 1d 2h 30m 4.5s."]
