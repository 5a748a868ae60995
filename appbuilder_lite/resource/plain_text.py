"""What no text from outside may hold, whatever it is meant for."""

from __future__ import annotations

from appbuilder_lite.text import gettext, has_lone_surrogate


def fault_of(text: str) -> str | None:
    """Why a text cannot be stored or looked for anywhere; None when it can."""
    if "\x00" in text:
        return gettext("A null character is not allowed.")
    if has_lone_surrogate(text):
        return gettext("Half of a character pair is not allowed.")
    return None


def presentable(text: str) -> str:
    """The text with what cannot be sent to a browser replaced by question marks."""
    return text.replace("\x00", "?").encode("utf-8", "replace").decode("utf-8")
