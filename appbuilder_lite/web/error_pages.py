"""What went wrong, in words: a page inside the shell, a page that asks nobody anything, or JSON for who wants that."""

from __future__ import annotations

import logging
import secrets

from flask import Response, jsonify, make_response, request
from werkzeug.exceptions import HTTPException

from appbuilder_lite.security.access import Requirement
from appbuilder_lite.text import gettext, one_line
from appbuilder_lite.web.entrance import Entrance, Place
from appbuilder_lite.web.guard import decision, wants_json
from appbuilder_lite.web.navigation import page_url
from appbuilder_lite.web.pages import ErrorPage
from appbuilder_lite.web.rendering import render, render_bare, shell_so_far, this_address
from appbuilder_lite.web.session import current_principal
from appbuilder_lite.web.shell import MenuLink
from appbuilder_lite.web.state import AppState, request_state

log = logging.getLogger("appbuilder_lite")

ERROR_TEMPLATE = "appbuilder_lite/error.html"
_KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate")


def error_page(state: AppState, code: int, title: str, text: str, place: Place | None = None) -> Response:
    """An error in words, inside the shell where the person is known, with the ways on that they have."""
    if wants_json():
        return _as_json(code, title, text)
    page = ErrorPage(code, title, text, _ways_on(state, place))
    return make_response(render(state, ERROR_TEMPLATE, shell=shell_so_far(state), page=page), code)


def missing_page(state: AppState, message: str, place: Place | None = None) -> Response:
    """404 for a record that is not there, or not for this person; `message` says what is missing."""
    text = gettext("It may have been deleted since you saw it, or it is not for you to see.")
    return error_page(state, 404, message or gettext("There is no such record"), text, place)


def http_error(state: AppState, error: HTTPException, entrance: Entrance | None = None) -> Response:
    """The page of an error that the code or Werkzeug raised; an answer that it brought along is left as it is."""
    if error.response is not None or error.code is None or error.code < 400:
        return make_response(error.get_response())
    title, text = words_of(error.code) or (error.name, error.description or "")
    if error.code == 403 and entrance is not None and not decision(state, entrance.requirement):
        title = entrance.view.refusal_title(entrance.method)
        text = _what_is_lacking(state, entrance.requirement) or text
    response = error_page(state, error.code, title, text, None if entrance is None else entrance.view)
    for name, value in error.get_headers():
        if name in _KEPT_HEADERS:
            response.headers[name] = value
    return response


def unavailable_page(state: AppState, text: str) -> Response:
    """503: made without the database, and without asking who is there."""
    return _bare_page(state, 503, gettext("Not available just now"), text)


def server_error_page(state: AppState) -> Response:
    """500: an id to quote, nothing of what went wrong; the log has both."""
    error_id = secrets.token_hex(4)
    log.error("Error %s at %s %s", error_id, request.method, one_line(request.path))
    text = gettext("Try again. If it happens again, tell whoever runs this site the number below.")
    return _bare_page(state, 500, gettext("Something went wrong"), text, error_id)


def words_of(code: int) -> tuple[str, str] | None:
    """Heading and text of an error by its status; None where we have no words for it."""
    match code:
        case 400:
            return gettext("This request cannot be understood"), gettext("Go back, reload the page and try again.")
        case 401:
            return gettext("Sign in first"), gettext("This page is for people who are signed in.")
        case 403:
            return gettext("You cannot do this"), gettext("Ask whoever manages the roles here.")
        case 404:
            return gettext("There is no such page"), gettext("Its address may be mistyped, or it was moved or deleted.")
        case 405:
            return gettext("This cannot be done here"), gettext("This address does not take that kind of request.")
        case 413:
            return gettext("This is too large"), gettext("What was sent is larger than this site takes.")
        case 422:
            return gettext("This cannot be taken"), gettext("Something in what was sent does not fit.")
        case 429:
            return gettext("Too many attempts"), gettext("Wait a while, then try again.")
    return None


def _what_is_lacking(state: AppState, requirement: Requirement) -> str:
    """The permission that would have been needed, and whom to ask; empty for somebody whom we do not know."""
    if not current_principal(state).is_signed_in:
        return ""
    return gettext(
        "None of your roles has the permission “%(permission)s”. Ask whoever manages the roles here.",
        permission=str(requirement),
    )


def _ways_on(state: AppState, place: Place | None) -> tuple[MenuLink, ...]:
    """Back to the records, home, search: what the person may open of these."""
    if request_state(state).principal is None:
        return ()
    shell = shell_so_far(state)
    back = place.way_back() if place is not None else None
    home = MenuLink(gettext("Home"), page_url(state, state.home)) if shell.user_name else None
    return tuple(link for link in (back, home) if link is not None and link.url)


def _bare_page(state: AppState, code: int, title: str, text: str, error_id: str = "") -> Response:
    if wants_json():
        return _as_json(code, title, text, error_id)
    again = (MenuLink(gettext("Try again"), this_address()),) if request.method == "GET" else ()
    page = ErrorPage(code, title, text, again, error_id)
    return make_response(render_bare(state, ERROR_TEMPLATE, page=page), code)


def _as_json(code: int, title: str, text: str, error_id: str = "") -> Response:
    body = {"message": title, "detail": text, **({"error_id": error_id} if error_id else {})}
    return make_response(jsonify(body), code)
