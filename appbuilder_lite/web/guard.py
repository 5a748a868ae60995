"""The only gate: who asks, may they, and was it meant? Every route of ours and every surface asks here."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from flask import abort, current_app, g, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_login.utils import expand_login_view, login_url
from flask_wtf.csrf import validate_csrf
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms.validators import ValidationError

from appbuilder_lite.errors import AppBuilderError
from appbuilder_lite.security.access import Access, Decision, Reason, Requirement, decide
from appbuilder_lite.text import one_line
from appbuilder_lite.web.session import csrf_field, current_principal
from appbuilder_lite.web.state import AppState, request_state

log = logging.getLogger("appbuilder_lite.security")

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_FIELD = "csrf_token"
CSRF_HEADERS = ("X-CSRFToken", "X-CSRF-Token")


class CsrfFailed(AppBuilderError):
    """A request that changes something carried no valid CSRF token; answered with 400."""


def decision(state: AppState, requirement: Requirement) -> Decision:
    """Decide for the current person, with no effect."""
    return decide(current_principal(state), requirement)


def allows(state: AppState, permission: str, view_menu: str) -> bool:
    """Whether the current person has a permission on a view menu."""
    return bool(decision(state, Access(permission, view_menu)))


def enter(state: AppState, requirement: Requirement) -> ResponseReturnValue | None:
    """Let the current request to a route of ours in (None), or answer it with a refusal."""
    found = decision(state, requirement)
    if not found:
        return refuse(state, found)
    bound_body(state)
    if request.method not in SAFE_METHODS:
        check_csrf()
    return None


def check_csrf() -> None:
    """Demand a valid token in the form or a header; `WTF_CSRF_ENABLED = False` counts only while testing.

    Raises `CsrfFailed`. What the host's own CSRF protection thinks of the request plays no part.
    """
    if current_app.testing and not current_app.config.get("WTF_CSRF_ENABLED", True):
        return
    try:
        validate_csrf(_sent_token())
    except ValidationError as error:
        raise CsrfFailed(str(error)) from error
    except TypeError as error:
        # The session holds something else where the token should be; the next page begins with a new one.
        session.pop(csrf_field(), None)
        g.pop(csrf_field(), None)
        raise CsrfFailed("The CSRF token of the session is unreadable.") from error


def is_from_this_site() -> bool:
    """Whether the browser says that a page of this very site sent the request; where it says nothing, it is not.

    Whose token does not hold may see again only what was sent from here: else another site could fill in a form
    and leave it to the person to press the button.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(request.headers.get("Origin", "")).netloc == request.host


def wants_json() -> bool:
    """Whether the client would rather have JSON than a page; one that takes anything gets the page."""
    return request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json"


def _sent_token() -> str | None:
    headers = current_app.config.get("WTF_CSRF_HEADERS", CSRF_HEADERS)
    sent = (request.form.get(csrf_field()), request.form.get(CSRF_FIELD), *map(request.headers.get, headers))
    return next(filter(None, sent), None)


def bound_body(state: AppState) -> None:
    """Refuse a body larger than our limit, where the host has set none (413)."""
    if current_app.config.get("MAX_CONTENT_LENGTH") is not None:
        return
    limit = state.settings.max_form_bytes
    request.max_content_length = limit
    if (request.content_length or 0) > limit:
        raise RequestEntityTooLarge


def refuse(state: AppState, found: Decision) -> ResponseReturnValue:
    """Anonymous: the sign-in page, with the way back (401 for who wants JSON). Signed in: 403, never a redirect.

    Whom the host knows and we do not gets 403 too: a host that sends signed-in people away from its sign-in page
    would send them straight back.
    """
    log_denied(state, str(found.requirement))
    if found.reason is not Reason.ANONYMOUS or request_state(state).is_stranger:
        abort(403)
    if wants_json():
        abort(401)
    address = sign_in_url(state, request.full_path.rstrip("?") if request.method in SAFE_METHODS else None)
    return redirect(address) if address else abort(401)


def log_denied(state: AppState, what: str) -> None:
    """Note who was refused what, and where."""
    log.warning("Denied: %s to %s, %s %s.", what, who(state), request.method, one_line(request.path))


def sign_in_url(state: AppState, next_url: str | None = None) -> str:
    """Address of the sign-in page, ours or the host's; empty where there is none."""
    view = sign_in_view(state)
    if not view:
        return ""
    if next_url is None:
        return str(expand_login_view(view))
    return str(login_url(view, next_url=request.script_root + next_url))


def sign_in_view(state: AppState) -> str | None:
    """Endpoint of the sign-in page: the manager's `login_view`, else what the LoginManager names."""
    manager = getattr(current_app, "login_manager", None)
    view = state.sm.login_view or (manager.login_view if manager else None)
    if view is None and manager and manager.blueprint_login_views:
        view = next(iter(manager.blueprint_login_views.values()))
    return view


def who(state: AppState) -> str:
    """What the log calls the current person."""
    principal = current_principal(state)
    return f"user {state.sm.users.key(principal.user)}" if principal.is_signed_in else "an anonymous visitor"
