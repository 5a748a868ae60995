"""Keys as URL segments: what goes in comes out, and nothing else is taken."""

import enum
import re
import urllib.parse
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appbuilder_lite.data.keys import InvalidKey, decode_key, encode_key
from appbuilder_lite.data.types import Column, Kind


class Colour(enum.Enum):
    RED = 1
    DARK_BLUE = 2


COLUMNS = {
    Kind.INTEGER: Column("a", Kind.INTEGER, minimum=-(2**31), maximum=2**31 - 1),
    Kind.STRING: Column("a", Kind.STRING, max_length=40),
    Kind.UUID: Column("a", Kind.UUID),
    Kind.DATE: Column("a", Kind.DATE),
    Kind.TIME: Column("a", Kind.TIME),
    Kind.DATETIME: Column("a", Kind.DATETIME),
    Kind.ENUM: Column("a", Kind.ENUM, choices=((Colour.RED, "Red"), (Colour.DARK_BLUE, "Dark Blue"))),
    Kind.BINARY: Column("a", Kind.BINARY),
    Kind.NUMERIC: Column("a", Kind.NUMERIC),
    Kind.BOOLEAN: Column("a", Kind.BOOLEAN),
    Kind.FLOAT: Column("a", Kind.FLOAT),
}
# Databases give offsets; a named zone has hours that come twice.
OFFSETS = st.integers(-900, 900).map(lambda minutes: timezone(timedelta(minutes=minutes)))
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.INTEGER: st.integers(-(2**31), 2**31 - 1),
    Kind.STRING: st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40),
    Kind.UUID: st.uuids(),
    Kind.DATE: st.dates(),
    Kind.TIME: st.times(),
    Kind.DATETIME: st.datetimes(timezones=st.none() | OFFSETS),
    Kind.ENUM: st.sampled_from(Colour),
    Kind.BINARY: st.binary(max_size=40),
    Kind.NUMERIC: st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=6),
    Kind.BOOLEAN: st.booleans(),
    Kind.FLOAT: st.floats(allow_nan=False, allow_infinity=False),
}
PARTS = st.sampled_from(list(COLUMNS)).flatmap(lambda kind: st.tuples(st.just(kind), VALUES[kind]))


@given(st.lists(PARTS, min_size=1, max_size=4))
@settings(deadline=None)
def test_a_key_survives_the_way_through_a_url(parts: list[tuple[Kind, Any]]) -> None:
    key = encode_key([value for _kind, value in parts])
    assert decode_key(key, [COLUMNS[kind] for kind, _value in parts]) == tuple(value for _kind, value in parts)
    assert re.fullmatch(r"[A-Za-z0-9_.@:,~-]+", key)
    assert key not in {".", ".."}
    assert urllib.parse.unquote(key) == key


@given(st.lists(VALUES[Kind.STRING], min_size=2, max_size=2), st.lists(VALUES[Kind.STRING], min_size=2, max_size=2))
@settings(deadline=None)
def test_different_keys_have_different_texts(one: list[str], other: list[str]) -> None:
    assert (encode_key(one) == encode_key(other)) is (one == other)


@given(st.text(), st.sampled_from(list(COLUMNS)))
@settings(deadline=None)
def test_any_text_is_a_key_or_invalid(text: str, kind: Kind) -> None:
    try:
        values = decode_key(text, [COLUMNS[kind]])
    except InvalidKey:
        return
    assert encode_key(values) == text


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ([17], "17"),
        ([-3], "-3"),
        (["red-shoes_2.0"], "red-shoes_2.0"),
        (["ann@example.org"], "ann@example.org"),
        (["a/b"], "a~2fb"),
        (["a,b", "c"], "a~2cb,c"),
        (["~"], "~7e"),
        ([""], "~"),
        ([".."], "~2e."),
        (["é"], "~c3~a9"),
        ([None, 1], "~n,1"),
        ([True], "true"),
        ([Colour.DARK_BLUE], "DARK_BLUE"),
        ([date(2024, 5, 1)], "2024-05-01"),
        ([datetime(2024, 5, 1, 12)], "2024-05-01T12:00:00"),
        ([time(12, 30)], "12:30:00"),
        ([b"\x00\xff"], "00ff"),
        ([Decimal("1E+3")], "1000"),
        ([UUID(int=1)], "00000000-0000-0000-0000-000000000001"),
    ],
)
def test_how_keys_look(parts: list[Any], text: str) -> None:
    assert encode_key(parts) == text


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.INTEGER, ""),
        (Kind.INTEGER, "017"),
        (Kind.INTEGER, "+17"),
        (Kind.INTEGER, "-0"),
        (Kind.INTEGER, " 17"),
        (Kind.INTEGER, "1_7"),
        (Kind.INTEGER, "\u0661\u0667"),
        (Kind.INTEGER, "2147483648"),
        (Kind.INTEGER, "-2147483649"),
        (Kind.INTEGER, "9" * 5000),
        (Kind.INTEGER, "1,2"),
        (Kind.NUMERIC, "1e9999999999"),
        (Kind.NUMERIC, "1E+3"),
        (Kind.NUMERIC, "NaN"),
        (Kind.NUMERIC, ".5"),
        (Kind.STRING, "a~00"),
        (Kind.STRING, "a~ed~a0~80"),
        (Kind.STRING, "a~ff"),
        (Kind.STRING, "a\0"),
        (Kind.STRING, "a\ud800"),
        (Kind.STRING, "a~"),
        (Kind.STRING, "a~2F"),
        (Kind.STRING, "a~62"),
        (Kind.STRING, "a b"),
        (Kind.STRING, "x" * 41),
        (Kind.UUID, "x"),
        (Kind.UUID, "0" * 32),
        (Kind.DATE, "2024-02-30"),
        (Kind.DATETIME, "2024-02-30T25:00"),
        (Kind.ENUM, "GREEN"),
        (Kind.NUMERIC, "Infinity"),
        (Kind.NUMERIC, "1e3"),
        (Kind.FLOAT, "inf"),
        (Kind.FLOAT, "nan"),
        (Kind.BOOLEAN, "1"),
        (Kind.BINARY, "0"),
        (Kind.BINARY, "0g"),
    ],
)
def test_what_is_no_key(kind: Kind, text: str) -> None:
    with pytest.raises(InvalidKey):
        decode_key(text, [COLUMNS[kind]])


def test_the_wrong_number_of_parts_is_no_key() -> None:
    with pytest.raises(InvalidKey):
        decode_key("1", [COLUMNS[Kind.INTEGER], COLUMNS[Kind.INTEGER]])


def test_an_over_long_text_is_no_key() -> None:
    with pytest.raises(InvalidKey):
        decode_key("x" * 5000, [Column("a", Kind.TEXT)])


def test_an_integer_without_a_range_has_64_bits() -> None:
    column = Column("a", Kind.INTEGER)
    assert decode_key(str(2**63 - 1), [column]) == (2**63 - 1,)
    with pytest.raises(InvalidKey):
        decode_key(str(2**63), [column])


def test_a_value_with_a_lone_surrogate_does_not_break_its_list() -> None:
    assert encode_key(["a\ud800"]) == "a~ed~a0~80"
