"""Where the words of a search stand in the cells of a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from appbuilder_lite.text import sought
from appbuilder_lite.web.cells import CellMaker, RecordUrl
from appbuilder_lite.web.pages import Cell

_MARKED = frozenset({"text", "long", "link"})


def word_pattern(search: str) -> re.Pattern[str] | None:
    """Matches each of the words that are searched for, the longest first; None where there are none."""
    words = sorted(set(sought(search)), key=len, reverse=True)
    return re.compile(f"({'|'.join(map(re.escape, words))})", re.IGNORECASE) if words else None


def marking(make: CellMaker, pattern: re.Pattern[str]) -> CellMaker:
    """A maker of the same cells with the words marked; markup that a formatter made stays as it is."""

    def make_marked(value: Any, url: RecordUrl) -> Cell:
        cell = make(value, url)
        if cell.kind not in _MARKED:
            return cell
        parts = pattern.split(cell.text)
        if len(parts) == 1:
            return cell
        # The pattern is one group, so that every second part is what it matched.
        pairs = tuple([(text, number % 2 == 1) for number, text in enumerate(parts) if text])
        return Cell("marked", cell.text, cell.url, cell.value, cell.title, parts=pairs)

    return make_marked


def is_searched(column: str, searched: Sequence[str]) -> bool:
    """Whether a search looks into this column, or into the related records that it names."""
    return any(name == column or name.startswith(f"{column}.") for name in searched)
