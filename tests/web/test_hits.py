"""Where the words of a search stand in a text."""

import pytest

from appbuilder_lite.web.hits import Parts, parts_of


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Anna Abbott", "an", (("An", True), ("na Abbott", False))),
        ("Hanna", "AN", (("H", False), ("an", True), ("na", False))),
        ("Anna Abbott", "bott anna", (("Anna", True), (" Ab", False), ("bott", True))),
        ("ananas", "an anan", (("anan", True), ("as", False))),
        ("a.b", ".", (("a", False), (".", True), ("b", False))),
        ("Anna", "zz", (("Anna", False),)),
        ("Anna", "  ", (("Anna", False),)),
        ("", "an", ()),
        ("Anna Abbott", '"na ab" x', (("An", False), ("na Ab", True), ("bott", False))),
    ],
)
def test_a_text_is_cut_at_the_words(text: str, words: str, expected: Parts) -> None:
    assert parts_of(text, words) == expected


@pytest.mark.parametrize("words", ["(", "[", "\\", "a|", "(?i)", "İ", "ß"])
def test_odd_words_break_nothing_and_lose_no_letter(words: str) -> None:
    text = "straße (İstanbul) [a|b] \\"
    assert "".join(piece for piece, _ in parts_of(text, words)) == text
