"""What may be logged, and what may be stored."""

import pytest

from appbuilder_lite.text import has_lone_surrogate, is_storable, one_line, sought


@pytest.mark.parametrize(("text", "fits"), [("alice", True), ("ä 🙂", True), ("a\0", False), ("\ud800", False)])
def test_a_text_is_storable_where_every_database_takes_it(text: str, fits: bool) -> None:
    assert is_storable(text) is fits


@pytest.mark.parametrize(("text", "has_one"), [("a\0", False), ("🙂", False), ("a\ud800", True), ("\udfff", True)])
def test_half_of_a_pair_is_found(text: str, has_one: bool) -> None:
    assert has_lone_surrogate(text) is has_one


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("alice", "alice"),
        ("/admin/ä b", "/admin/ä b"),
        ("x\r\nSigned in: root", "x\\r\\nSigned in: root"),
        ("\x1b[0m\u2028\ud800", "\\x1b[0m\\u2028\\ud800"),
        (7, "7"),
        ("x" * 500, "x" * 200),
    ],
)
def test_what_comes_to_a_log_is_one_short_line(text: object, line: str) -> None:
    assert one_line(text) == line
    assert line.isprintable()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        (" anna  abbott ", ["anna", "abbott"]),
        ('"anna abbott"', ["anna abbott"]),
        ('x " new  york " y', ["x", "new  york", "y"]),
        ('"anna"', ["anna"]),
        ('5" pipe 3"', ['5"', "pipe", '3"']),
        ('"never closed here', ['"never', "closed", "here"]),
        ('"a"b c"', ['"a"b', 'c"']),
        ('""', ['""']),
        ('" "', ['"', '"']),
        ('"a b" "c d"', ["a b", "c d"]),
    ],
)
def test_a_search_looks_for_words_and_for_phrases_in_quotation_marks(text: str, found: list[str]) -> None:
    assert sought(text) == found
