"""Colours: reading, mixing, and what can be read on what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appbuilder_lite.web.colours import contrast, mix, parse, readable

colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@pytest.mark.parametrize(
    ("text", "read"), [("#3b5bdb", "#3b5bdb"), ("#FFF", "#ffffff"), ("#0a9", "#00aa99"), ("#ABCDEF", "#abcdef")]
)
def test_a_colour_is_read_in_both_lengths(text: str, read: str) -> None:
    assert parse(text) == read


@pytest.mark.parametrize("text", ["", "#", "red", "#ff", "#fffff", "#1234567", "#ggg", "3b5bdb", "#fff;}", "#fff\n"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.478),
        ("#0000ff", "#ffffff", 8.592),
    ],
)
def test_contrast_is_what_wcag_defines(first: str, second: str, ratio: float) -> None:
    assert contrast(first, second) == pytest.approx(ratio, abs=0.001)
    assert contrast(second, first) == contrast(first, second)


@given(colours, colours)
def test_a_mix_of_nothing_and_of_everything(one: str, other: str) -> None:
    assert (mix(one, other, 0), mix(one, other, 1)) == (one, other)


@given(colours)
def test_what_is_made_readable_can_be_read(colour: str) -> None:
    assert contrast(readable(colour, "#000000", ["#ffffff", "#f1f3f6"], 4.5), "#f1f3f6") >= 4.5
    assert contrast(readable(colour, "#ffffff", ["#111418", "#20252c"], 4.5), "#20252c") >= 4.5


@given(colours)
def test_what_can_be_read_already_stays(colour: str) -> None:
    ratio = contrast(colour, "#ffffff")
    assert readable(colour, "#000000", ["#ffffff"], ratio) == colour
