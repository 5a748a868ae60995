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
LOCAL = re.compile(r"/(?![/\\])[^\x00-\x1f\x7f\\]*")
"""An address of this site, as it stands in a page: the prefix of an app may have any letters."""


def offer_undo(text: str, url: str, keys: Sequence[str]) -> bool:
    """Give the message of this text a button that posts these keys to `url`; False where they are too many."""
    fits = bool(keys) and len(text) + len(url) + sum(len(key) + 3 for key in keys) <= _MOST_LETTERS
    if fits:
        session[UNDO] = [text, url, *keys]
    else:
        forget_undo()
    return fits


def forget_undo() -> None:
    """Offer nothing: a page of the host's may have shown the message, and one of the same words would offer it."""
    session.pop(UNDO, None)


def take_undo() -> tuple[str, Undo] | None:
    """The text of a message with what it offers; it is offered once."""
    kept = session.pop(UNDO, None) if UNDO in session else None
    if not isinstance(kept, list) or len(kept) < 3 or not all(isinstance(part, str) for part in kept):
        return None
    text, url, *keys = kept
    return (text, Undo(url, ((UNDONE, "1"), *(("rowid", key) for key in keys)))) if LOCAL.fullmatch(url) else None
