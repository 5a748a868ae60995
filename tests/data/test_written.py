"""Values as texts: the same for the same value, another for another."""

import datetime
import enum
import uuid
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appbuilder_lite.data.written import written


class Colour(enum.Enum):
    RED = 1
    GREEN = 2


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.decimals(allow_nan=False),
    st.text(),
    st.binary(),
    st.dates(),
    st.times(),
    st.datetimes(),
    st.timedeltas(),
    st.uuids(),
    st.sampled_from(Colour),
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


@given(VALUES)
def test_every_value_is_written_and_always_the_same(value: Any) -> None:
    assert written(value) is not None
    assert written(value) == written(value)


@given(SCALARS, SCALARS)
def test_other_values_are_written_in_another_way(one: Any, other: Any) -> None:
    if written(one) == written(other):
        assert type(one) is type(other)
        assert one == other or "\r" in f"{one}{other}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        (0, None),
        ("", None),
        ("1", 1),
        (1, 1.0),
        (Decimal("1.0"), Decimal("1.00")),
        (Colour.RED, "RED"),
        ([1], "[1]"),
        ({"a": 1}, [["a", 1]]),
        (datetime.date(2024, 1, 1), "2024-01-01"),
        (uuid.UUID(int=1), str(uuid.UUID(int=1))),
    ],
)
def test_values_that_only_look_alike_differ(one: Any, other: Any) -> None:
    assert written(one) != written(other)


def test_line_ends_and_zones_make_no_other_value() -> None:
    assert written("a\r\nb") == written("a\nb")
    noon = datetime.datetime(2024, 1, 1, 12, tzinfo=datetime.UTC)
    assert written(noon) == written(noon.astimezone(datetime.timezone(datetime.timedelta(hours=2))))


def test_the_last_line_end_counts_whatever_its_kind() -> None:
    assert written("a\r\n") == written("a\n") == written("a\r")
    assert written("a\r\n") != written("a")


def test_a_moment_that_utc_has_no_room_for_is_written() -> None:
    west = datetime.timezone(datetime.timedelta(hours=-5))
    assert written(datetime.datetime.max.replace(tzinfo=west)) is not None


def test_a_set_has_no_order() -> None:
    assert written({"a", "b", "c"}) == written({"c", "b", "a"})


def test_an_object_of_the_apps_own_tells_nothing() -> None:
    assert written(object()) is None
    assert written([object()]) is None
