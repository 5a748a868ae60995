"""What a user class lacks, and what is wrong with the names given for it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from appbuilder_lite.errors import Problem


class Signer(Protocol):
    """What these checks ask about a user class."""

    @property
    def can_verify(self) -> bool: ...

    def has(self, name: str) -> bool: ...


def unknown_attributes(
    model: type[Any], given: Mapping[str, str | None], logical: tuple[str, ...], where: str
) -> Iterator[Problem]:
    """Names in `user_attributes` that mean nothing to us, or nothing to the class."""
    for name, real in given.items():
        place = f"{where}, user_attributes[{name!r}]"
        if name not in logical:
            near = difflib.get_close_matches(name, logical, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            yield Problem("AB302", place, f"{name!r} is no logical name", f"{hint}known: {', '.join(logical)}")
        elif real is not None and not hasattr(model, real):
            near = difflib.get_close_matches(real, dir(model), n=1)
            hint = f"did you mean {near[0]!r}?" if near else "name one, or None where there is none"
            yield Problem("AB302", place, f"{model.__name__} has no attribute {real!r}", hint)


def lacking(users: Signer, where: str, *, own_sign_in: bool) -> Iterator[Problem]:
    """What a class lacks for signing in on our page; with the host's own sign-in nothing of it is asked."""
    if not own_sign_in:
        return
    if not (users.has("username") or users.has("email")):
        fix = (
            'name its column: user_attributes = {"username": "..."}, or use the app\'s own sign-in: login_view = "..."'
        )
        yield Problem("AB301", where, "has no column to sign in by", fix)
    if not users.can_verify:
        fix = (
            'name its column: user_attributes = {"password": "..."}, give it check_password(password), '
            "or register another authenticator"
        )
        yield Problem("AB309", where, "has no password, so nobody signs in by one", fix, warning=True)
