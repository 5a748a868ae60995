"""Names by their first letters, one slip forgiven; `scripts/palette.js` ranks by the same rule."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")

_LETTERS = re.compile(r"[^\W_]+")
FORGIVEN_FROM = 4
"""Letters of a word from which on one slip is forgiven."""


def nearest(text: str, items: Iterable[T], name_of: Callable[[T], str]) -> Sequence[T]:
    """The items whose name has each word of the text, the better ones first; all of them for an empty text.

    Best is a word that begins so, then one that has it inside, then one that begins so but for one slip: another
    letter, one too many, one missing, or two that changed places.
    """
    typed = _words(text)
    costs = ((sum(_cost(word, _words(name_of(item))) for word in typed), item) for item in items)
    return [item for _, item in sorted((pair for pair in costs if pair[0] < _NO_MATCH), key=lambda pair: pair[0])]


_NO_MATCH = 1000


def _words(text: str) -> list[str]:
    letters = (letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return _LETTERS.findall("".join(letters).lower())


def _cost(typed: str, words: Sequence[str]) -> int:
    if any(word.startswith(typed) for word in words):
        return 0
    if any(typed in word for word in words):
        return 1
    if len(typed) >= FORGIVEN_FROM and any(_is_slip(typed, word) for word in words):
        return 2
    return _NO_MATCH


def _is_slip(typed: str, word: str) -> bool:
    """Whether a word begins with what was typed, were it not for one slip."""
    at = next((place for place, pair in enumerate(zip(typed, word, strict=False)) if pair[0] != pair[1]), len(word))
    after, rest = typed[at + 1 :], typed[at:]
    is_another, is_too_many = word.startswith(after, at + 1), word.startswith(after, at)
    is_missing = word.startswith(rest, at + 1)
    has_changed = rest[:2] == word[at : at + 2][::-1] and word.startswith(typed[at + 2 :], at + 2)
    return is_another or is_too_many or is_missing or has_changed
