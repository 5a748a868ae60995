"""Texts that are addresses, which the page of a record makes into links."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

LONGEST_EMAIL = 254
LONGEST = 2000
# HTML's own notion of an e-mail address (https://html.spec.whatwg.org/#valid-e-mail-address), with a dot in its domain.
_EMAIL = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~-]+@(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z]{2,63}", re.ASCII | re.IGNORECASE
)
# What no address holds as it is; browsers take a backslash for a slash.
_FOREIGN = re.compile(r'[\s\\<>"]')


def link_of(text: str) -> str:
    """Where a text leads that is an e-mail address or a web address and nothing else; empty for any other."""
    if len(text) <= LONGEST_EMAIL and _EMAIL.fullmatch(text):
        return f"mailto:{quote(text, safe='@+')}"
    return text if _is_web_address(text) else ""


def is_email(link: str) -> bool:
    """Whether a link of `link_of` leads to an e-mail address."""
    return link.startswith("mailto:")


def _is_web_address(text: str) -> bool:
    """Whether it is one of http or https without a name before its host, which could pass for the host."""
    # What is not printable includes the marks that turn the direction of what is read.
    if len(text) > LONGEST or not text.isprintable() or _FOREIGN.search(text):
        return False
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(host) and "@" not in parts.netloc
