"""Whether users keep passwords here, and whether a new one may be taken."""

from __future__ import annotations

from typing import Any

from appbuilder_lite.errors import Rejected
from appbuilder_lite.security.passwords import password_problem
from appbuilder_lite.security.user_adapter import UserAdapter
from appbuilder_lite.text import gettext
from appbuilder_lite.web.state import AppState


def keeps_passwords(users: UserAdapter) -> bool:
    """Whether a password can be set on the users of this app."""
    return users.has("password") or callable(getattr(users.model, "set_password", None))


def chosen_password(form: Any, state: AppState, *, user: Any) -> str:
    """The password that a form's fields `new_password` and `repeat_password` agree on.

    Raises `Rejected` where they differ, or the policy does not take it.
    """
    password: str = form["new_password"].data or ""
    if password != (form["repeat_password"].data or ""):
        raise Rejected(gettext("The two passwords differ."), field="repeat_password")
    users = state.sm.users
    names = ("username", "email", "first_name", "last_name")
    words = [str(users.get(user, name) or "") for name in names]
    problem = password_problem(password, state.settings, similar_to=words)
    if problem:
        raise Rejected(problem, field="new_password")
    return password
