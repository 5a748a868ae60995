"""What inputs are called: as their columns, where that can stand in a list, in an id and beside a form's own."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appbuilder_lite.resource.inputs import input_name
from appbuilder_lite.resource.parameters import name_of, name_text

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("name", "name"),
        ("address.city-0", "address.city-0"),
        ("ärger", "ärger"),
        ("unit price", "~unit~20price"),
        ("a,b", "~a~2cb"),
        ("_fields", "~_fields"),
        ("csrf_token", "~csrf_token"),
        ("100%", "~100~25"),
        ("~a", "~~7ea"),
    ],
)
def test_how_inputs_are_called(name: str, text: str) -> None:
    assert input_name(name) == text


@given(TEXTS, TEXTS)
def test_different_columns_have_different_inputs(one: str, other: str) -> None:
    assert (input_name(one) == input_name(other)) is (one == other)


@given(TEXTS)
def test_an_input_stands_in_a_list_and_is_none_of_the_forms_own(name: str) -> None:
    found = input_name(name)
    assert not re.search(r"[\s,]", found)
    assert not found.startswith("_")


@given(TEXTS.filter(lambda name: "~2c" not in name and not name.startswith("~2d")))
def test_a_column_of_any_name_stands_in_a_list_of_columns(name: str) -> None:
    text = name_text(name)
    assert "," not in text
    assert not text.startswith("-")
    assert name_of(text) == name
