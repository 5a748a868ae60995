"""Ways to sign in: a protocol and a registry. Several can be in use at once, tried in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol


class Authenticator(Protocol):
    """Finds out who somebody is."""

    def authenticate(self, credentials: Mapping[str, str]) -> Any | None:
        """The active user whom these credentials prove, or None; never says which part of them was wrong."""


class PasswordSignIn(Protocol):
    """What the password authenticator needs of the security manager."""

    def auth_user_db(self, username: str, password: str) -> Any | None: ...


AuthenticatorFactory = Callable[[Any], Authenticator]
"""Makes an authenticator for one app, given its security manager."""


class DatabaseAuthenticator:
    """User name (or e-mail address) and password, checked against the user's own record."""

    def __init__(self, manager: PasswordSignIn) -> None:
        self._manager = manager

    def authenticate(self, credentials: Mapping[str, str]) -> Any | None:
        return self._manager.auth_user_db(credentials.get("username", ""), credentials.get("password", ""))


_factories: dict[str, AuthenticatorFactory] = {"db": DatabaseAuthenticator}


def register_authenticator(name: str, factory: AuthenticatorFactory) -> None:
    """Make a way to sign in known by a name, to be listed in `SecurityManager.authenticators`.

    Registering the same factory again does nothing; another one under a name that is taken raises `ValueError`.

    Example: `register_authenticator("ldap", LdapAuthenticator)`.
    """
    known = _factories.setdefault(name, factory)
    if known is not factory:
        raise ValueError(f"authenticator {name!r} is {known!r} already; {factory!r} needs another name")


def make_authenticator(name: str, manager: Any) -> Authenticator:
    """The authenticator of this name for one app; raises `LookupError` with the names there are."""
    if name not in _factories:
        raise LookupError(f"no authenticator {name!r}; there are {', '.join(sorted(_factories))}")
    return _factories[name](manager)
