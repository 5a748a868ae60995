"""For an app's own tests: clients that are signed in as somebody with these roles and permissions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from flask import Flask, current_app, has_app_context, session
from flask.testing import FlaskClient
from sqlalchemy import inspect
from werkzeug.test import TestResponse

from appbuilder_lite.resource.place import instead
from appbuilder_lite.security.access import Access
from appbuilder_lite.web.session import become, forget_person
from appbuilder_lite.web.state import current_state

_NO_PASSWORD = "!"


def client_as(
    app: Flask,
    roles: Sequence[str] = (),
    permissions: Sequence[tuple[str, str]] = (),
    user: Any = None,
    *,
    name: str | None = None,
) -> FlaskClient:
    """A test client that is signed in as a user who has these roles and permissions, directly, and no others.

    The session is what a sign-in leaves, ours or the app's own; nobody is told of it. `roles` are names, and made
    where they are missing. `permissions` are pairs of a permission and a view menu, given by a role made for them.
    `user` is an object of the app's user class or a name, made where it is missing; without `roles` and
    `permissions` a user that exists keeps what they have. By default somebody is made: the same one for the same
    roles and permissions. `name` is that of the AppBuilder, where the app has several. All of it is committed.

    Raises `RuntimeError` unless `TESTING` is on, where our tables are missing, and where the user class wants more
    than a name; `LookupError` for a permission that nobody asks for; `ValueError` for somebody who cannot sign in.

    Example: `client_as(app, roles=["Clerk"], permissions=[("can_list", "OrderView")]).get("/admin/orderview/list/")`.
    """
    _check_arguments(app, roles, permissions)
    with _context(app):
        key = _Cast(current_state(name).sm).key(roles, permissions, user)
    client = _client(app)
    with app.test_request_context(environ_base=client.environ_base):
        state = current_state(name)
        become(state, state.sm.get_user_by_id(key))
        entries = dict(session)
    with client.session_transaction() as stored:
        stored.update(entries)
    return client


class _OfOnePerson:
    """A client whose requests know nothing of another client's person, where the test holds an app context open."""

    application: Flask

    def open(self, *args: Any, **named: Any) -> TestResponse:
        if _is_current(self.application):
            forget_person()
        answer: TestResponse = super().open(*args, **named)  # type: ignore[misc]  # the client's, which is mixed in
        return answer


class _Cast:
    """Finds and makes the users and roles of a test."""

    def __init__(self, sm: Any) -> None:
        self.sm = sm

    def key(self, roles: Sequence[str], permissions: Sequence[tuple[str, str]], user: Any) -> Any:
        """The key of the user, who has the roles and permissions by now."""
        sm = self.sm
        if not sm.store.is_there():
            raise RuntimeError("client_as: the tables are missing; call db.create_all() first, in an app context")
        granted = [self._role(role) for role in roles]
        if permissions:
            granted.append(self._role_with(permissions))
        found = self._found(self._name_for(roles, permissions) if user is None else user)
        if granted:
            sm.set_user_roles(found, granted)
        if not sm.users.is_active(found):
            raise ValueError("client_as: this user is not active, so nobody can be signed in as them")
        return sm.users.key(found)

    def _role(self, name: str) -> Any:
        role = self.sm.add_role(name)
        # Some databases find a name whatever its case, and others would make a second role of it.
        if role.name != name:
            raise LookupError(f"client_as: the role is called {role.name!r}, not {name!r}")
        return role

    def _role_with(self, permissions: Sequence[tuple[str, str]]) -> Any:
        """The role that grants exactly these."""
        accesses = sorted({Access(*pair) for pair in permissions})
        return self.sm.add_role(_called(*accesses), [self._permission_view(access) for access in accesses])

    def _permission_view(self, access: Access) -> Any:
        found = self.sm.find_permission_view_menu(access.permission, access.view_menu)
        if found is None and access not in self.sm.declared:
            known = instead(str(access), map(str, self.sm.declared))
            raise LookupError(f"client_as: no view and no route asks for {access}; {known}")
        return found or self.sm.add_permission_view_menu(access.permission, access.view_menu)

    def _found(self, user: Any) -> Any:
        sm = self.sm
        if isinstance(user, str):
            return sm.find_user(user) or sm.find_user(email=user) or self._made(user)
        if not isinstance(user, sm.models.user):
            wanted = sm.models.user.__name__
            raise TypeError(f"client_as: user is {user!r}; give a {wanted} or the name of one")
        # What was loaded in another context may have expired, but knows who it is.
        identity = inspect(user).identity
        if identity is None:
            raise ValueError("client_as: this user is in no database yet; add it to the session and commit first")
        return sm.get_user_by_id(identity[0])

    def _name_for(self, roles: Sequence[str], permissions: Sequence[tuple[str, str]]) -> str:
        name = _called(*sorted(roles), *sorted(Access(*pair) for pair in permissions))
        return f"{name}@example.com" if self._signs_in_by_address else name

    @property
    def _signs_in_by_address(self) -> bool:
        users = self.sm.users
        return users.real_name("email") is not None and users.real_name("email") == users.real_name("username")

    def _made(self, name: str) -> Any:
        sm = self.sm
        email = name if "@" in name else "" if self._signs_in_by_address else f"{name}@example.com"
        user = sm.add_user(name, "Test", "Client", email, hashed_password=_NO_PASSWORD)
        if not user:
            wanted = sm.models.user.__name__
            raise RuntimeError(f"client_as: no {wanted} can be made of a name alone; make one and give it as user=")
        return user


def _check_arguments(app: Flask, roles: Any, permissions: Any) -> None:
    if not app.testing:
        raise RuntimeError('client_as needs no password, so it is for tests only: set app.config["TESTING"] = True')
    if isinstance(roles, str):
        raise TypeError(f"client_as: roles is a bare string; write roles=[{roles!r}]")
    if isinstance(permissions, str) or any(isinstance(pair, str) or len(pair) != 2 for pair in permissions):
        raise TypeError('client_as: permissions are pairs; write permissions=[("can_list", "OrderView")]')


def _client(app: Flask) -> FlaskClient:
    """A client of the app's own class."""
    own = app.test_client_class or FlaskClient
    made: type[FlaskClient] = type(own.__name__, (_OfOnePerson, own), {})
    return made(app, app.response_class)


def _is_current(app: Flask) -> bool:
    return has_app_context() and current_app == app


def _context(app: Flask) -> AbstractContextManager[Any]:
    """The app context that is active, which may hold the test's transaction, else one of its own."""
    return nullcontext() if _is_current(app) else app.app_context()


def _called(*parts: Any) -> str:
    """A name for what is made of these parts, the same for the same ones, that fits into short columns."""
    return f"client-{hashlib.sha256(' / '.join(map(str, parts)).encode()).hexdigest()[:8]}"
