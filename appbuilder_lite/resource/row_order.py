"""The numbers that hold the order of rows: as few as possible are changed, and none is given twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


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
