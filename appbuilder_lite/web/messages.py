"""What a page says after a redirect: Flask's messages, and the record that one may lead to.

A message is flashed as plain text, for a page of the host's shows it too; where its name leads is kept beside it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import flash, get_flashed_messages, request, session

from appbuilder_lite.web.shell import Flash, Undo
from appbuilder_lite.web.undo import LOCAL, take_undo

LINKS = "_ab_links"
UNSEEN = "X-Appbuilder-Unseen"
"""Header of a page that a script of ours reads and nobody sees: the messages wait for the next one."""
PLACE = "{name}"
"""Where the name of the record goes in a sentence."""

_CATEGORIES = ("success", "info", "warning", "danger")
_MOST_LINKS = 5
# The session is a cookie of 4 KB, which the host needs too.
_MOST_LETTERS = 600
# Letters of a text -> seconds that it takes to read it, and to reach its buttons; more than these stays in its place.
_READING = ((60, 6), (200, 18))
_Link = tuple[str, str, str, str]


def flash_of(sentence: str, name: str, url: str = "", category: str = "success") -> None:
    """Flash a sentence with the name of a record at its `PLACE`, which leads to `url` on pages of ours."""
    # Without a message that waits, what is kept belongs to one that a page of the host's has shown.
    kept = _links() if "_flashes" in session else []
    before, _, after = sentence.partition(PLACE)
    flash(f"{before}{name}{after}", category)
    link = (before, name, after, url)
    if url and sum(map(len, link)) <= _MOST_LETTERS:
        kept.append(link)
    if kept:
        session[LINKS] = [list(link) for link in kept[-_MOST_LINKS:]]
    else:
        session.pop(LINKS, None)


def messages() -> tuple[Flash, ...]:
    """The messages that wait for a page; none of them waits any longer."""
    if UNSEEN in request.headers:
        return ()
    links, undo = _links(), take_undo()
    if LINKS in session:
        del session[LINKS]
    if "_flashes" not in session:
        return ()
    found: list[Any] = list(get_flashed_messages(with_categories=True))
    told = [_flash(category, str(text), links, is_alone=len(found) == 1) for category, text in found]
    if undo is not None:
        text, place, offered = undo
        told = [_with_undo(one, offered) if (one.text, at) == (text, place) else one for at, one in enumerate(told)]
    return tuple(told)


def _links() -> list[_Link]:
    """What the session keeps; nothing of what was never put there by us."""
    kept = session.get(LINKS)
    return [tuple(link) for link in kept if _is_link(link)] if isinstance(kept, list) else []


def _is_link(link: Any) -> bool:
    is_whole = isinstance(link, list) and len(link) == 4 and all(isinstance(part, str) for part in link)
    return is_whole and LOCAL.fullmatch(link[3]) is not None


def _flash(category: str, text: str, links: list[_Link], *, is_alone: bool) -> Flash:
    """One message; its link is taken out of `links`, as another record may have the same name."""
    kind = category if category in _CATEGORIES else "info"
    seconds = _seconds(kind, text) if is_alone else 0
    link = next((link for link in links if "".join(link[:3]) == text), None)
    if link is None:
        return Flash(kind, text, seconds=seconds)
    links.remove(link)
    return Flash(kind, text, link[3], link[:3], seconds)


def _with_undo(flash: Flash, undo: Undo) -> Flash:
    """A message with a button, which takes longer to reach."""
    return replace(flash, undo=undo, seconds=flash.seconds and _READING[-1][1])


def _seconds(category: str, text: str) -> int:
    """How long a message floats; several are a report, which is read where it stands."""
    if category not in ("success", "info"):
        return 0
    return next((seconds for letters, seconds in _READING if len(text) <= letters), 0)
