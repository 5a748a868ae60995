"""The security manager's sign-in: passwords checked in equal time, hashes kept strong, a line in the log."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from appbuilder_lite.security.authenticators import make_authenticator
from appbuilder_lite.security.inserts import insert_or_update
from appbuilder_lite.security.manager_users import UserRecords
from appbuilder_lite.security.passwords import spend_time
from appbuilder_lite.text import one_line

logger = logging.getLogger("appbuilder_lite.security")

_PASSWORD = "db"
# Before every other name in the table: on MariaDB a locked range holds the gap before it too.
_EVEN = "-sign-in:"
_EVEN_ROWS = 1000


class SignIn(UserRecords):
    """Finds out who signs in. An unknown name, an inactive user and a wrong password look and last the same."""

    authenticators: Sequence[str] = ("db",)
    """Names of the ways to sign in, tried in order; see `register_authenticator`. Default: by password."""

    def authenticate(self, credentials: Mapping[str, str]) -> Any:
        """The user whom one of the authenticators recognises, or None. Either comes to the log, with the address.

        Example: `sm.authenticate({"username": "alice", "password": "..."})`.
        """
        for name in self.authenticators:
            user = make_authenticator(name, self).authenticate(credentials)
            if user is not None:
                if name != _PASSWORD:
                    self._log_success(self._shown(user))
                return user
        # A password that was tried has told of itself.
        if _PASSWORD not in self.authenticators:
            self._log_failure(credentials.get("username", ""))
        return None

    def auth_user_db(self, username: str, password: str) -> Any:
        """The active user with this name (or e-mail address) and password, or None.

        A weaker hash is replaced by one of today's, and the user's counters are kept, where there are any.

        Example: `sm.auth_user_db("alice", "correct horse battery staple")`.
        """
        user = self._user_called({"username": username, "email": username})
        if user is None or not self.users.is_active(user):
            spend_time(password, self.settings.password_hash_method)
            self._write_evenly()
            return self._failed(username, None)
        if not self.users.verify_password(user, password):
            self.update_user_auth_stat(user, success=False)
            return self._failed(username, user)
        self._upgrade_hash(user, password)
        self.update_user_auth_stat(user, success=True)
        self._log_success(username)
        return user

    def update_user_auth_stat(self, user: Any, success: bool = True) -> None:
        """Count a sign-in or a failed one on the user, where the class has the columns, and commit.

        Example: `sm.update_user_auth_stat(user, success=False)`.
        """
        with self.writing(commit=True):
            if success:
                self._count(user, "login_count")
                self._put(user, "fail_login_count", 0)
                self._put(user, "last_login", self._now())
            else:
                self._count(user, "fail_login_count")

    def on_user_login(self, user: Any) -> None:
        """Called after somebody has signed in. Does nothing; made to be overridden."""

    def on_user_login_failed(self, user: Any) -> None:
        """Called after a failed sign-in, with the user of that name or None. Made to be overridden."""

    def on_user_logout(self, user: Any) -> None:
        """Called before somebody is signed out. Does nothing; made to be overridden."""

    def _failed(self, username: str, user: Any) -> None:
        self._log_failure(username)
        self.on_user_login_failed(user)

    def _log_success(self, name: str) -> None:
        logger.info("Signed in: %s from %s", one_line(name), self.current_address() or "no request")

    def _log_failure(self, name: str) -> None:
        logger.warning("Sign-in failed: %s from %s", one_line(name), self.current_address() or "no request")

    def _upgrade_hash(self, user: Any, password: str) -> None:
        if self.users.needs_upgrade(user):
            self.users.set_password(user, password)

    def _write_evenly(self) -> None:
        """Write as much as a wrong password does, which is counted on its user: a commit can be timed.

        One statement, as there; spread over many rows, so that a sign-in that hangs keeps hardly anybody waiting.
        """
        if not self.users.has("fail_login_count"):
            return
        values = {"name": f"{_EVEN}{secrets.randbelow(_EVEN_ROWS)}", "value": secrets.token_hex(16)}
        with self.writing(commit=True):
            statement = insert_or_update(self.models.state, self.store.connection().dialect.name, values)
            self.session.execute(statement, bind_arguments=self.bind)

    def _count(self, user: Any, name: str) -> None:
        if self.users.has(name):
            self.users.set(user, name, (self.users.get(user, name) or 0) + 1)

    def _put(self, user: Any, name: str, value: Any) -> None:
        if self.users.has(name):
            self.users.set(user, name, value)

    def _now(self) -> datetime:
        """The present moment in UTC, with a zone only where the user's column keeps one."""
        column: Any = self.users.column("last_login") if self.users.has("last_login") else None
        keeps_zone = bool(getattr(getattr(column, "type", None), "timezone", False))
        now = datetime.now(UTC)
        return now if keeps_zone else now.replace(tzinfo=None)
