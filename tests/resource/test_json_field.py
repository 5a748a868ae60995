"""JSON documents in a form: what was typed is what is stored, and what JSON cannot tell is left alone."""

import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appbuilder_lite.data.types import Kind
from tests.resource.one_field import column, field_of

JSON = column(Kind.JSON)
DOCUMENTS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abä"), inner),
)


@given(DOCUMENTS)
def test_every_document_is_read_as_it_was_written(value: Any) -> None:
    field = field_of(JSON)
    read = field.parse(field.text_of([value]))
    assert repr(read) == repr([value])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"b": 1, "a": [true, null, 1.0]}', {"b": 1, "a": [True, None, 1.0]}),
        ('"text"', "text"),
        ("null", None),
        (" ", None),
        ('"\\u00e9"', "é"),
    ],
)
def test_what_was_typed_is_what_is_stored(text: str, value: Any) -> None:
    field = field_of(JSON, text)
    assert (repr(field.data), field.errors) == (repr(value), [])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{'a': 1}", "Not JSON: see line 1, column 2."),
        ("[1,\n 2 3]", "Not JSON: see line 2, column 4."),
        ("[NaN]", "NaN is no JSON."),
        ('{"a": 1, "a": 2}', '"a" is given twice.'),
        ("1e999", "This number is too large."),
        ("9" * 5000, "This number is too large."),
        ("[" * 100_000, "This is nested too deeply."),
        ('"\\u0000"', "A null character is not allowed."),
        ('{"\\ud800": 1}', "Half of a character pair is not allowed."),
    ],
)
def test_what_is_no_document_is_refused_at_the_field(text: str, message: str) -> None:
    field = field_of(JSON, text, stored={"a": 1})
    assert field.errors == [message]
    assert field._value() == text


@pytest.mark.parametrize(("stored", "text"), [({"a": 1}, '{"a": true}'), ([1], "[1.0]"), ([0], "[false]")])
def test_a_change_that_python_takes_for_the_same_is_a_change(stored: Any, text: str) -> None:
    assert stored == field_of(JSON, text, stored=stored).data
    assert field_of(JSON, text, stored=stored).has_changed


@pytest.mark.parametrize("shown", ['{\r\n  "a": 1\r\n}', '{"a":1}'])
def test_a_document_written_in_another_way_is_no_change(shown: str) -> None:
    field = field_of(JSON, shown, stored={"a": 1})
    assert not field.has_changed


@pytest.mark.parametrize("stored", [[math.nan], {1: "a"}, [Decimal(1)], ["\ud800"], ["\0"], (1, 2), object()])
def test_what_json_cannot_tell_is_shown_and_stays(stored: Any) -> None:
    field = field_of(JSON, "[]", stored=stored)
    assert (field.input_kind, field.data is stored, field.errors) == ("static", True, [])
    assert field._value()


def test_a_required_document_must_be_given() -> None:
    assert field_of(JSON, "null", is_required=True).errors == ["This field is required."]
    assert field_of(JSON, "[]", is_required=True).errors == []
