"""Where the words of a search stand in a text."""

from __future__ import annotations

import re

from appbuilder_lite.text import sought

Parts = tuple[tuple[str, bool], ...]
"""A text in pieces: each with whether it is one of the words that were looked for."""


def parts_of(text: str, words: str) -> Parts:
    """The text cut at the words that were looked for, whatever their case."""
    wanted = sorted({re.escape(word) for word in sought(words)}, key=len, reverse=True)
    if not wanted:
        return ((text, False),) if text else ()
    pieces = re.split(f"({'|'.join(wanted)})", text, flags=re.IGNORECASE)
    return tuple((piece, place % 2 == 1) for place, piece in enumerate(pieces) if piece)
