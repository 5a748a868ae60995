"""What a message offers to take back: kept beside it in the session until a page shows it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import session

from appbuilder_lite.web.shell import Undo

UNDO = "_ab_undo"
UNDONE = "undo"
"""The form field that tells what was sent by the button of a message."""
# The session is a cookie of 4 KB, which the host needs too.
_MOST_LETTERS = 1000
_PLACE = re.compile(r"[0-9]{1,3}")
LOCAL = re.compile(r"/(?![/\\])[^\x00-\x1f\x7f\\]*")
"""An address of this site, as it stands in a page: the prefix of an app may have any letters."""


def offer_undo(text: str, url: str, keys: Sequence[str]) -> bool:
    """Give the last message of this text a button that posts these keys to `url`; False where they are too many.

    It is told by its place among those that wait, too: others may have the same words.
    """
    place = str(_last_place(text))
    fits = bool(keys) and len(text) + len(url) + sum(len(key) + 3 for key in keys) <= _MOST_LETTERS
    if fits:
        session[UNDO] = [text, place, url, *keys]
    else:
        forget_undo()
    return fits


def forget_undo() -> None:
    """Offer nothing: a page of the host's may have shown the message, and one of the same words would offer it."""
    session.pop(UNDO, None)


def take_undo() -> tuple[str, int, Undo] | None:
    """The text of a message, its place among those that wait, and what it offers; it is offered once."""
    kept = session.pop(UNDO, None) if UNDO in session else None
    if not isinstance(kept, list) or len(kept) < 4 or not all(isinstance(part, str) for part in kept):
        return None
    text, place, url, *keys = kept
    if not (_PLACE.fullmatch(place) and LOCAL.fullmatch(url)):
        return None
    return text, int(place), Undo(url, ((UNDONE, "1"), *(("rowid", key) for key in keys)))


def _last_place(text: str) -> int:
    """Where the last of the messages that wait has this text; where none has, the first place."""
    waiting = [str(message) for _category, message in session.get("_flashes", ())]
    return max((place for place, message in enumerate(waiting) if message == text), default=0)
