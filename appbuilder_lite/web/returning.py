"""The way back to a list as it was left: its search, filters, order and page, and no other address."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from flask import request

FIELD = "list"
"""The form field that carries on what a list was asked for."""
_LONGEST = 4000


def asked_of_list(list_url: str, *, beside: Collection[str] = ()) -> str:
    """What the list was asked for from which this request came, as the part of an address behind its `?`.

    A question that has been asked says so itself (`FIELD`); else it is in the Referer, if that is the list, or the list
    beside something else: `beside` are the beginnings of those addresses, whose last part may be any. Whatever they
    hold, only what a list can be asked for comes of it, so that nobody can be led elsewhere.
    """
    sent = request.form.get(FIELD)
    asked = _of_referrer(list_url, beside) if sent is None else sent
    if len(asked) > _LONGEST:
        return ""
    try:
        return urlencode(parse_qsl(asked, keep_blank_values=True, max_num_fields=200))
    except ValueError:
        return ""


def _of_referrer(list_url: str, beside: Collection[str]) -> str:
    try:
        found = urlsplit(request.referrer or "")
    except ValueError:
        return ""
    path, folder = unquote(found.path), unquote(found.path[: found.path.rfind("/") + 1])
    is_list = path == _path(list_url) or folder in map(_path, beside)
    return found.query if is_list else ""


def _path(url: str) -> str:
    return unquote(urlsplit(url).path)
