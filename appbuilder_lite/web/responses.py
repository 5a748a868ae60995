"""One way in and out for every route of ours: the gate before the view, the headers and error pages after it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from flask import Response, current_app, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.exceptions import NotFound as NoSuchPage

from appbuilder_lite.errors import Forbidden, InvalidInput, NotFound, Unavailable
from appbuilder_lite.settings import Settings
from appbuilder_lite.text import gettext, one_line
from appbuilder_lite.web.entrance import Entrance
from appbuilder_lite.web.error_pages import error_page, http_error, missing_page, server_error_page, unavailable_page
from appbuilder_lite.web.expired import expired_page
from appbuilder_lite.web.guard import SAFE_METHODS, CsrfFailed, enter
from appbuilder_lite.web.readiness import make_ready
from appbuilder_lite.web.session import current_principal
from appbuilder_lite.web.state import AppState

log = logging.getLogger("appbuilder_lite")

Gate = Callable[[], ResponseReturnValue | None]


def answer(state: AppState, entrance: Entrance, values: Mapping[str, Any]) -> Response:
    """Answer a request to a route of ours: make ready, guard, call the view, and dress what comes back.

    `values` are those that the address carries.
    """
    gate = partial(enter, state, entrance.requirement)
    try:
        response = _answered(state, gate, partial(entrance.call, **values), entrance)
    except CsrfFailed as error:
        log.warning("CSRF check failed at %s: %s", one_line(request.path), error)
        response = _answered(state, _no_gate, partial(expired_page, state, entrance, values), entrance)
    return harden(response, state.settings)


def answer_unmatched(state: AppState, endpoint: str) -> Response:
    """Answer what no route below the prefix takes; nothing is done, so it is only learnt who asks.

    405 for an address of ours that does not take this kind of request, 404 for one that is none of ours. `endpoint`
    is the rule that takes whatever no other rule does.
    """

    def learn() -> None:
        current_principal(state)

    def refuse() -> ResponseReturnValue:
        allowed = _methods_here(endpoint)
        raise MethodNotAllowed(allowed) if allowed else NoSuchPage

    return harden(_answered(state, learn, refuse), state.settings)


def server_error(state: AppState) -> Response:
    """500: made of nothing that may fail too."""
    return harden(server_error_page(state), state.settings)


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


def _answered(
    state: AppState, gate: Gate, call: Callable[[], ResponseReturnValue], entrance: Entrance | None = None
) -> Response:
    """What comes back, an error as a page. Raises `CsrfFailed`, and what nobody has foreseen."""
    place = entrance.view if entrance is not None else None
    try:
        with _database_at_the_gate():
            make_ready(state)
            refusal = gate()
        return make_response(call() if refusal is None else refusal)
    except InvalidInput as error:
        return error_page(state, 400, _unclear(), str(error), place)
    except NotFound as error:
        return missing_page(state, str(error), place)
    except Forbidden as error:
        return error_page(state, 403, str(error), gettext("You may change others here, but not this one."), place)
    except Unavailable as error:  # logged once where it was found
        return unavailable_page(state, str(error))
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        log.exception("The database went away.")
        return unavailable_page(state, gettext("The database cannot be reached just now."))
    except HTTPException as error:
        return http_error(state, error, entrance)


def _no_gate() -> None:
    """Who asks has been through the gate already."""


def _unclear() -> str:
    if request.method in SAFE_METHODS:
        return gettext("This address cannot be understood")
    return gettext("This request cannot be understood")


def _methods_here(endpoint: str) -> list[str]:
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None, "there is one for each request"
    found = []
    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
        with suppress(HTTPException):
            if adapter.match(method=method)[0] != endpoint:
                found.append(method)
    return found


@contextmanager
def _database_at_the_gate() -> Iterator[None]:
    """Before the view runs only statements of ours do: a failing one means that the database is not there."""
    try:
        yield
    except SQLAlchemyError as error:
        log.exception("The database cannot be asked who may enter.")
        raise Unavailable(gettext("The database cannot be reached just now.")) from error
