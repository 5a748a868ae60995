"""The numbers that hold the order of rows, as few as possible changed and none given twice; which row goes first."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any


def places(numbers: Sequence[int | None], taken: Iterable[int | None], is_moved: bool) -> list[int | None]:
    """What each row's number has to become, in the order wanted; None where it can stay.

    `numbers` are the present ones, None for a row without one; `taken` are all that were there before. Where nothing
    `is_moved`, only new rows at the end get numbers. Given numbers are above all others, so that not even for a moment
    two rows have the same.
    """
    top = max((number for number in taken if number is not None), default=0)
    found: list[int | None] = []
    last: int | None = None
    stays = True
    for number in numbers:
        stays = stays and number is not None and (not is_moved or last is None or number > last)
        if stays or (not is_moved and number is not None):
            last = number
            found.append(None)
        else:
            top += 1
            found.append(top)
    return found


_ByKey = Sequence[Mapping[Any, Hashable]]


def in_turn(given: _ByKey, wanted: _ByKey) -> list[int]:
    """The order in which rows are written: who is to get a value comes after who gives it away.

    For each row, `given` are the values by unique key that it will no longer have, `wanted` those that it is to get.
    Rows that exchange their values wait for each other: one of them is first all the same.
    """
    givers = {pair: number for number, values in enumerate(given) for pair in values.items()}
    seen: set[int] = set()

    def visit(number: int) -> Iterator[int]:
        if number in seen:
            return
        seen.add(number)
        for pair in wanted[number].items():
            if pair in givers:
                yield from visit(givers[pair])
        yield number

    return [one for number in range(len(given)) for one in visit(number)]
