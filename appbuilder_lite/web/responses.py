"""One way in and out for every route of ours: the gate before the view, the headers and error pages after it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from flask import Response, current_app, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from appbuilder_lite.errors import InvalidInput, NotFound, Unavailable
from appbuilder_lite.security.access import Requirement
from appbuilder_lite.settings import Settings
from appbuilder_lite.text import gettext, one_line
from appbuilder_lite.web.guard import CsrfFailed, enter
from appbuilder_lite.web.pages import ErrorPage, MenuLink
from appbuilder_lite.web.readiness import make_ready
from appbuilder_lite.web.rendering import page_url, render, render_bare, shell_so_far
from appbuilder_lite.web.session import current_principal
from appbuilder_lite.web.state import AppState

log = logging.getLogger("appbuilder_lite")

ERROR_TEMPLATE = "appbuilder_lite/error.html"


Gate = Callable[[], ResponseReturnValue | None]


def answer(state: AppState, requirement: Requirement, call: Callable[[], ResponseReturnValue]) -> Response:
    """Answer a request to a route of ours: make ready, guard, call the view, and dress what comes back."""
    return _dressed(state, lambda: enter(state, requirement), call)


def answer_unmatched(state: AppState, endpoint: str) -> Response:
    """Answer what no route below the prefix takes; nothing is done, so it is only learnt who asks."""

    def learn() -> None:
        current_principal(state)

    return _dressed(state, learn, lambda: _unmatched_page(state, endpoint))


def _dressed(state: AppState, gate: Gate, call: Callable[[], ResponseReturnValue]) -> Response:
    try:
        with _database_at_the_gate():
            make_ready(state)
            refusal = gate()
        result = call() if refusal is None else refusal
    except InvalidInput as error:
        result = error_page(state, 400, gettext("This address cannot be understood"), str(error))
    except CsrfFailed as error:
        log.warning("CSRF check failed at %s: %s", one_line(request.path), error)
        result = error_page(state, 400, gettext("This form has expired"), gettext(_EXPIRED))
    except NotFound as error:
        result = error_page(state, 404, gettext("Not found"), str(error) or gettext(_WORDS[404][1]))
    except Unavailable as error:  # logged once where it was found
        result = unavailable_page(state, str(error))
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        log.exception("The database went away.")
        result = unavailable_page(state, gettext("The database cannot be reached just now."))
    except HTTPException as error:
        result = _http_error(state, error)
    return harden(make_response(result), state.settings)


def harden(response: Response, settings: Settings) -> Response:
    """Put the security headers on a response of ours; a header that is there already stays."""
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Cache-Control", "no-store")
    if settings.csp is not None:
        headers.setdefault("Content-Security-Policy", settings.csp)
    return response


def error_page(state: AppState, code: int, title: str, text: str, error_id: str = "") -> tuple[str, int]:
    """An error in words, inside the shell where the person is known."""
    shell = shell_so_far(state)
    home = page_url(state, state.home) if shell.user_name else ""
    links = (MenuLink(gettext("Home"), home),) if home else ()
    page = ErrorPage(code, title, text, links, error_id)
    return render(state, ERROR_TEMPLATE, shell=shell, page=page), code


def unavailable_page(state: AppState, text: str) -> tuple[str, int]:
    """503: made without the database, and without asking who is there."""
    page = ErrorPage(503, gettext("Not available just now"), text)
    return render_bare(state, ERROR_TEMPLATE, page=page), 503


def _unmatched_page(state: AppState, endpoint: str) -> Response:
    """405 for an address of ours that does not take this kind of request, 404 for one that is none of ours.

    `endpoint` is the rule that takes whatever no other rule does.
    """
    allowed = _methods_here(endpoint)
    code = 405 if allowed else 404
    title, text = _WORDS[code]
    response = make_response(error_page(state, code, gettext(title), gettext(text)))
    if allowed:
        response.headers["Allow"] = ", ".join(allowed)
    return response


def _methods_here(endpoint: str) -> list[str]:
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None, "there is one for each request"
    found = []
    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
        with suppress(HTTPException):
            if adapter.match(method=method)[0] != endpoint:
                found.append(method)
    return found


def server_error(state: AppState, error: Exception) -> Response:
    """500: an id to quote, nothing of what went wrong; the log has both."""
    error_id = secrets.token_hex(4)
    log.error("Error %s at %s %s", error_id, request.method, one_line(request.path))
    page = ErrorPage(500, gettext("Something went wrong"), gettext(_FAILED), error_id=error_id)
    return harden(make_response(render_bare(state, ERROR_TEMPLATE, page=page), 500), state.settings)


_FAILED = "Nothing was saved. Try again; if it stays like this, tell whoever runs this site the number below."
_EXPIRED = "It was open for too long, or you have signed in again since. Go back, reload the page and send it again."
_WORDS = {
    401: ("Sign in first", "This page is for people who are signed in."),
    403: ("You cannot open this", "Your roles do not allow it. Ask whoever manages the roles here."),
    404: ("Not found", "There is no such page or record; it may have been deleted."),
    405: ("This cannot be done here", "This address does not take that kind of request."),
    413: ("This is too large", "What was sent is larger than this site takes."),
    429: ("Too many attempts", "Wait a while, then try again."),
}


def _http_error(state: AppState, error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()
    title, text = _WORDS.get(error.code, (error.name, error.description or ""))
    return error_page(state, error.code, gettext(title), gettext(text))


@contextmanager
def _database_at_the_gate() -> Iterator[None]:
    """Before the view runs only statements of ours do: a failing one means that the database is not there."""
    try:
        yield
    except SQLAlchemyError as error:
        log.exception("The database cannot be asked who may enter.")
        raise Unavailable(gettext("The database cannot be reached just now.")) from error
