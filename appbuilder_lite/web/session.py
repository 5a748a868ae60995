"""The Flask-Login adapter: who is signed in, signing in and out, and sessions that end when they should.

Where the host has a LoginManager (or names a `login_view`), it stays in charge: we only read `current_user` and keep
a digest of our own in the session. Where there is none, a LoginManager of ours is installed.
"""

from __future__ import annotations

import hmac
import logging
import time
from collections.abc import Iterable, Iterator
from typing import Any

from flask import Flask, current_app, g, has_request_context, request, session
from flask_login import COOKIE_NAME, LoginManager, current_user, logout_user, user_logged_in, user_logged_out

from appbuilder_lite.security.access import Principal
from appbuilder_lite.security.digests import session_digest
from appbuilder_lite.web.messages import LINKS
from appbuilder_lite.web.preferences import wanted_preference
from appbuilder_lite.web.runs import RUNS
from appbuilder_lite.web.state import NOTES, AppState, request_state, states_of, states_sharing
from appbuilder_lite.web.undo import UNDO

log = logging.getLogger("appbuilder_lite.security")

SINCE = "_ab_since"
_ENDED = "_ab_ended"
_TOLD_KEYS = (LINKS, UNDO, RUNS)
_SIGN_IN_KEYS = ("_user_id", "_fresh", "_id", "_remember", "_remember_seconds", SINCE, _ENDED)


def decide_owner(state: AppState, shared_with: AppState | None = None) -> None:
    """Who owns sign-in: the host where it has a LoginManager or names a `login_view`, else this extension."""
    if shared_with is not None and shared_with.sm is state.sm:
        state.owns_sign_in, state.login_manager = shared_with.owns_sign_in, shared_with.login_manager
    else:
        state.owns_sign_in = not hasattr(state.app, "login_manager") and state.sm.login_view is None


def install(state: AppState) -> None:
    """Put a LoginManager of ours in place where the host has none; listen to sign-ins, the host's own too."""
    app = state.app
    user_logged_in.connect(_on_sign_in, app)
    user_logged_out.connect(_on_sign_out, app)
    if state.owns_sign_in and state.login_manager is None:
        manager = state.login_manager = LoginManager()
        page = state.page_of("authdbview")
        manager.login_view = state.endpoint(page) if page else None
        manager.user_loader(lambda token: _load(state, token))
        app.config.setdefault("REMEMBER_COOKIE_SAMESITE", "Lax")
        app.config.setdefault("REMEMBER_COOKIE_SECURE", app.config["SESSION_COOKIE_SECURE"])
        # Its context processor would ask our tables who is there whenever the host renders a page of its own.
        manager.init_app(app, add_context_processor=False)


def current_principal(state: AppState) -> Principal:
    """Who asks, with the roles that count now; one statement per request, kept for its rest."""
    notes = request_state(state)
    if notes.principal is None:
        notes.principal = _read_principal(state)
    return notes.principal


def current_preference(state: AppState) -> str:
    """What the current person chose about the page that is asked for; empty where they have chosen nothing."""
    current_principal(state)
    snapshot = request_state(state).snapshot
    return (snapshot.preference if snapshot is not None else None) or ""


def current_address() -> str | None:
    """Where the request comes from; None where there is none."""
    return request.remote_addr if has_request_context() else None


def sign_in(state: AppState, user: Any, *, remember: bool = False) -> None:
    """Start a new signed-in session: the keys of an older one go, the host's own keys stay."""
    _drop_keys(state)
    # Where sessions are kept on the server, an id that somebody knew before must not become the signed-in one.
    regenerate = getattr(state.app.session_interface, "regenerate", None)
    if regenerate is not None:
        regenerate(session)
    login_manager = _begin(state)
    if remember:
        session["_remember"] = "set"
    login_manager._update_request_context_with_user(user)
    user_logged_in.send(state.app, user=user)


def become(state: AppState, user: Any) -> None:
    """Make this request's session one that a user has signed in to, ours or the host's, and tell nobody of it."""
    login_manager = _begin(state)
    if not state.owns_sign_in:
        session["_user_id"] = getattr(user, login_manager.id_attribute)()
    _on_sign_in(state.app, user)


def forget_messages() -> None:
    """Drop what waits to be told, by our pages and the host's: it is for nobody but whoever was signed in until now.

    What is flashed after this, about signing out, is told.
    """
    for key in ("_flashes", *_TOLD_KEYS):
        session.pop(key, None)


def forget_person() -> None:
    """Drop what a request has noted of its person from an app context that outlives it."""
    for note in (NOTES, "_login_user", csrf_field()):
        g.pop(note, None)


def sign_out(state: AppState) -> None:
    """End the session: our keys and Flask-Login's go, the remember cookie is cleared."""
    _drop_keys(state)
    logout_user()
    _forget(state)


def csrf_field() -> str:
    """Name of the CSRF token in forms and in the session; the host may have chosen it."""
    return str(current_app.config.get("WTF_CSRF_FIELD_NAME", "csrf_token"))


def session_token(state: AppState, user: Any) -> str:
    """What the session and the remember cookie hold of a user: the key, and a digest that ends with the password."""
    sm = state.sm
    key = sm.users.key(user)
    return f"{key}.{_digest(state, user, sm.store.snapshot(key).stamp)}"


def renew(state: AppState, user: Any) -> None:
    """Keep this session after its user's password changed; every other session of theirs ends."""
    if not state.owns_sign_in:
        session[_digest_key(state)] = _digest(state, user, state.sm.store.snapshot(state.sm.users.key(user)).stamp)
    else:
        session["_user_id"] = session_token(state, user)
        if _remember_cookie():
            session["_remember"] = "set"
    _forget(state)


def _login_manager(app: Flask) -> Any:
    return app.login_manager  # type: ignore[attr-defined]  # Flask-Login puts it there, Flask's type does not know it


def _begin(state: AppState) -> Any:
    """Mark the session as that of somebody who is just signing in; the LoginManager."""
    login_manager = _login_manager(state.app)
    session["_fresh"] = True
    session["_id"] = login_manager._session_identifier_generator()
    return login_manager


def _digest(state: AppState, user: Any, stamp: str | None) -> str:
    return next(_digests(state, user, stamp))


def _digests(state: AppState, user: Any, stamp: str | None) -> Iterator[str]:
    """The digest that a session is given now, then those by the keys before it, as Flask goes on taking its cookies."""
    users = state.sm.users
    for secret in (state.app.secret_key, *(state.app.config.get("SECRET_KEY_FALLBACKS") or ())):
        yield session_digest(str(secret), users.key(user), stamp, users.password_hash(user))


def _is_one_of(digest: str, expected: Iterable[str]) -> bool:
    sent = digest.encode("utf-8", "replace")
    return any(hmac.compare_digest(known.encode(), sent) for known in expected)


def _digest_key(state: AppState) -> str:
    """Where the session of a host keeps our digest: one for each security manager."""
    return f"_{state.sm.settings.table_prefix}digest"


def _drop_keys(state: AppState) -> None:
    for key in (*_SIGN_IN_KEYS, *_TOLD_KEYS, _digest_key(state), csrf_field()):
        session.pop(key, None)
    g.pop(csrf_field(), None)


def _forget(state: AppState) -> None:
    """Ask anew who is there, for the rest of this request."""
    for other in states_sharing(state):
        notes = request_state(other)
        notes.principal = notes.snapshot = None


def _remember_cookie() -> str:
    return request.cookies.get(current_app.config.get("REMEMBER_COOKIE_NAME", COOKIE_NAME), "")


def _load(state: AppState, token: str) -> Any | None:
    """Flask-Login's user loader: the user of a session token, or None for whatever cannot be trusted."""
    if _has_expired(state):
        return None
    found = _found(state, token)
    # Once: what is flashed after this is for whoever is here now.
    if found is None and _ENDED not in session:
        session[_ENDED] = True
        forget_messages()
    return found


def _found(state: AppState, token: str) -> Any | None:
    """The user of a session token, as long as their password, stamp and state are those that it was given for."""
    text, _, digest = str(token).rpartition(".")
    key = state.sm.users.parse_key(text) if text else None
    if key is None:
        return None
    snapshot = state.sm.store.snapshot(key, with_user=True, preference=wanted_preference())
    if snapshot.user is None:
        return None
    user = snapshot.user
    expected = tuple(_digests(state, user, snapshot.stamp))
    if not _is_one_of(digest, expected) or not state.sm.users.is_active(user):
        return None
    if digest != expected[0]:
        # So that the session outlives the key before.
        session["_user_id"] = f"{text}.{expected[0]}"
    for other in states_sharing(state):
        request_state(other).snapshot = snapshot
    return user


def _has_expired(state: AppState) -> bool:
    since = session.get(SINCE)
    if not isinstance(since, int):
        session[SINCE] = int(time.time())
        return False
    if time.time() - since < state.settings.session_hours * 3600:
        return False
    session.pop("_user_id", None)
    session.pop(SINCE, None)
    forget_messages()
    return True


def _read_principal(state: AppState) -> Principal:
    sm = state.sm
    user = _signed_in_user(state)
    if user is None:
        return _anonymous(state)
    # Our own loader has compared the digest, and noted what it read.
    notes = request_state(state)
    snapshot = notes.snapshot or sm.store.snapshot(sm.users.key(user), preference=wanted_preference())
    if not state.owns_sign_in and not _host_session_holds(state, user, snapshot.stamp):
        log.info("A session of user %s has ended: its password, stamp or state changed.", sm.users.key(user))
        forget_messages()
        sign_out(state)
        return _anonymous(state)
    notes.snapshot = snapshot
    return sm.grants.principal(snapshot, user)


def _anonymous(state: AppState) -> Principal:
    return state.sm.grants.principal(state.sm.store.snapshot(None), None)


def _signed_in_user(state: AppState) -> Any | None:
    if not hasattr(state.app, "login_manager") or not has_request_context():
        return None
    # Flask-Login cannot compare a signature that is not ASCII, and says so by a TypeError.
    if not _remember_cookie().rpartition("|")[2].isascii():
        return None
    user = current_user._get_current_object()
    if user is None or not getattr(user, "is_authenticated", True):
        return None
    if not isinstance(user, state.sm.models.user):
        log.warning(
            "current_user is a %s, not the user model %s: treated as anonymous.",
            type(user).__name__,
            state.sm.models.user.__name__,
        )
        request_state(state).is_stranger = True
        return None
    return user


def _on_sign_in(app: Flask, user: Any, **_: Any) -> None:
    """Tie a new session to the password and the stamp, whoever signed the user in."""
    for state in {id(state.sm): state for state in states_of(app).values()}.values():
        if isinstance(user, state.sm.models.user):
            _tie_own(state, user) if state.owns_sign_in else _tie_host(state, user)


def _on_sign_out(_app: Flask, **_: Any) -> None:
    """Take back what messages offer, whoever signs out: not the messages, as the host may have told that it did."""
    for key in _TOLD_KEYS:
        session.pop(key, None)


def _tie_own(state: AppState, user: Any) -> None:
    sm = state.sm
    if sm.users.password_hash(user) is None and sm.store.snapshot(sm.users.key(user)).stamp is None:
        # Without a password only a stamp tells this user from the next one who is given the same key.
        with sm.writing(commit=True):
            sm.end_sessions(user)
    session["_user_id"] = session_token(state, user)
    session[SINCE] = int(time.time())
    _forget(state)


def _tie_host(state: AppState, user: Any) -> None:
    sm, key = state.sm, _digest_key(state)
    session.pop(key, None)
    # A host that is deployed before our tables are made goes on signing its people in.
    if sm.store.is_there():
        session[key] = _digest(state, user, sm.store.snapshot(sm.users.key(user)).stamp)
    _forget(state)


def _host_session_holds(state: AppState, user: Any, stamp: str | None) -> bool:
    """Whether the host's session still belongs to this user, active, with this password and stamp.

    A session from before this extension was added has no digest: it counts while the user has no stamp row, and
    is tied to today's password from here on.
    """
    if not state.sm.users.is_active(user):
        return False
    key, expected = _digest_key(state), tuple(_digests(state, user, stamp))
    digest = session.get(key)
    is_from_before = key not in session and stamp is None
    if not is_from_before and not (isinstance(digest, str) and _is_one_of(digest, expected)):
        return False
    if digest != expected[0]:
        session[key] = expected[0]
    return True
