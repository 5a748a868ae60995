"""Many keys as one short text and back: `3/7,9` is 3 to 7 and 9. No key holds a comma or a slash."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

# No database counts further; a longer one would be slow to read, too.
_NUMBER = re.compile(r"[0-9]{1,19}")


class ShownKeys:
    """The keys that a text stands for. A span takes no room, however far its ends are apart."""

    def __init__(self, text: str) -> None:
        pieces = text.split(",")
        self._single = frozenset(pieces)
        self._spans = sorted(found for piece in pieces if (found := _span(piece)))
        self._starts = [first for first, _last in self._spans]

    def __contains__(self, key: str) -> bool:
        if key in self._single:
            return True
        if not self._spans or not is_number(key):
            return False
        place = bisect_right(self._starts, int(key)) - 1
        return place >= 0 and int(key) <= self._spans[place][1]


def packed(keys: Iterable[str]) -> str:
    """The text of these keys."""
    keys = list(keys)
    runs = _runs(sorted(int(key) for key in keys if is_number(key)))
    numbers = (f"{first}" if first == last else f"{first}/{last}" for first, last in runs)
    return ",".join([*numbers, *(key for key in keys if not is_number(key))])


def is_number(key: str) -> bool:
    """Whether a text is a number that can be a key."""
    return _NUMBER.fullmatch(key) is not None


def _span(piece: str) -> tuple[int, int] | None:
    first, slash, last = piece.partition("/")
    return (int(first), int(last)) if slash and is_number(first) and is_number(last) else None


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    first = last = None
    for number in numbers:
        if first is None or last is None:
            first = last = number
        elif number == last + 1:
            last = number
        else:
            yield first, last
            first = last = number
    if first is not None and last is not None:
        yield first, last
