"""The security manager's users: look-ups and writers with Flask-AppBuilder's names."""

from __future__ import annotations

import inspect as python_inspect
import logging
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, inspect, select, update
from sqlalchemy.exc import DataError, IntegrityError

from appbuilder_lite.security.digests import new_stamp
from appbuilder_lite.security.manager_parts import as_list
from appbuilder_lite.security.sign_in_names import NameTaken, SignInNames
from appbuilder_lite.text import one_line

logger = logging.getLogger("appbuilder_lite.security")


class UserRecords(SignInNames):
    """Users by the logical names of `user_attributes`, whatever class they are of."""

    def find_user(self, username: str | None = None, email: str | None = None) -> Any:
        """The user of this name or, without one, of this e-mail address; None where there is none, or several.

        Case counts only where `APPBUILDER_USERNAME_CI` is off, or to choose between two spellings.

        Example: `sm.find_user("alice")`, `sm.find_user(email="alice@example.com")`.
        """
        if username:
            return self._user_called({"username": username})
        return self._user_called({"email": email}) if email else None

    def get_user_by_id(self, pk: Any) -> Any:
        """The user of this key, or None; a text that cannot be a key is None too.

        Example: `sm.get_user_by_id(1)`, `sm.get_user_by_id("1")`.
        """
        key = self.store.user_key_of(pk)
        return None if key is None else self.session.get(self.models.user, key)

    def get_all_users(self) -> list[Any]:
        """Every user.

        Example: `len(sm.get_all_users())`.
        """
        return list(self.session.scalars(select(self.models.user).order_by(self.store.user_key)))

    def get_first_user(self) -> Any:
        """The user with the lowest key, or None.

        Example: `sm.get_first_user() is None`.
        """
        return self.session.scalar(select(self.models.user).order_by(self.store.user_key).limit(1))

    def count_users(self) -> int:
        """How many users there are.

        Example: `sm.count_users() == 0`.
        """
        return self.session.scalar(select(func.count(self.store.user_key))) or 0

    def add_user(  # noqa: PLR0913, PLR0917  # Flask-AppBuilder's signature
        self,
        username: str,
        first_name: str,
        last_name: str,
        email: str,
        role: Any = None,
        password: str = "",
        hashed_password: str = "",
        groups: Any = None,
        commit: bool = True,
    ) -> Any:
        """Make an active user with a role, or several; False where the name or address is taken.

        Taken is what somebody is found by at sign-in; see `check_names`. What the user's class lacks is left out.
        Without a password nobody can sign in by one.

        Example: `sm.add_user("alice", "Alice", "Ash", "alice@example.com", sm.find_role("Sales"), password="...")`.
        """
        values = {
            "username": username,
            "first_name": first_name,
            "last_name": last_name,
            "email": email,
            "active": True,
        }
        try:
            with self.changing(commit=commit):
                user = self._new_user(values, password, hashed_password)
                self._link_user(user, roles=as_list(role), groups=as_list(groups))
        except (IntegrityError, DataError, NameTaken):
            logger.warning("User %s is not added: name or address taken, or a value does not fit", one_line(username))
            return False
        return user

    def update_user(self, user: Any, commit: bool = True) -> bool:
        """Write what was changed on a user; False where a value is taken or does not fit.

        Raises `Rejected`, with nothing written, where it would leave no active Admin.

        Example: `user.active = False; sm.update_user(user)`.
        """
        if user not in self.session:
            user = self.session.merge(user)
        # Starting a savepoint flushes, and what was flushed before it cannot be undone with it. So the changes are
        # taken back and made again inside.
        with self.session.no_autoflush:
            changes = _take_changes(user)
        try:
            with self.changing(commit=commit), self.keep_an_admin():
                for name, value in changes.items():
                    setattr(user, name, value)
                self.check_names(user)
                self.session.flush()
        except (IntegrityError, DataError, NameTaken):
            logger.warning("User %s is not updated: a value is taken or does not fit", self._shown(user))
            return False
        return True

    def set_user_roles(self, user: Any, roles: Any, commit: bool = True) -> None:
        """Give a user these roles and no others. Works for every user class.

        Raises `Rejected`, with nothing written, where it would leave no active Admin.

        Example: `sm.set_user_roles(user, [sm.find_role("Sales")])`.
        """
        table = self.models.user_role
        with self.changing(commit=commit), self.keep_an_admin():
            self.session.flush()
            key, ids = self.users.key(user), [role.id for role in as_list(roles)]
            others = table.delete().where(table.c.user_id == key, table.c.role_id.not_in(ids))
            self.session.execute(others, bind_arguments=self.bind)
            self._link_user(user, roles=as_list(roles), groups=[])

    def delete_user(self, user_or_id: Any, commit: bool = True) -> bool:
        """Delete a user and what ties them to roles and groups; whether there was one.

        Raises `Rejected`, with nothing written, for the last active Admin.

        Example: `sm.delete_user(sm.find_user("alice"))`.
        """
        user = user_or_id if isinstance(user_or_id, self.models.user) else self.get_user_by_id(user_or_id)
        if user is None:
            return False
        with self.changing(commit=commit), self.keep_an_admin():
            self.session.delete(user)
            self.session.flush()
        return True

    def reset_password(self, userid: Any, password: str, commit: bool = True) -> bool:
        """Set a password, and end the user's sessions; False where there is no such user.

        Example: `sm.reset_password(user.id, "correct horse battery staple")`.
        """
        user = self.get_user_by_id(userid)
        if user is None:
            logger.warning("No password is set: no user %s", one_line(userid))
            return False
        with self.writing(commit=commit):
            self.users.set_password(user, password)
            self.session.flush()
            self.end_sessions(user)
        logger.info("Password of %s is set", self._shown(user))
        return True

    def end_sessions(self, user: Any) -> None:
        """Give a user a new stamp, so that every session and token of theirs ends; the caller commits.

        Example: `sm.end_sessions(user); db.session.commit()`.
        """
        stamps, key, stamp = self.models.user_stamp, self.users.key(user), new_stamp()
        renewal = update(stamps).where(stamps.c.user_id == key).values(stamp=stamp)
        renewed: Any = self.session.execute(renewal, bind_arguments=self.bind)
        if not renewed.rowcount:
            self.insert(stamps, [{"user_id": key, "stamp": stamp}])

    def _new_user(self, values: Mapping[str, Any], password: str, hashed_password: str) -> Any:
        user = new_record(self.models.user)
        taken: set[str] = set()
        for name, value in values.items():
            real = self.users.real_name(name)
            # Where one column is both name and address, an address that was not given leaves the name there.
            if real is not None and (value or real not in taken):
                self.users.set(user, name, value)
                taken.add(real)
        self.check_names(user)
        if hashed_password and self.users.has("password"):
            self.users.set(user, "password", hashed_password)
        elif password:
            self.users.set_password(user, password)
        self.session.add(user)
        self.session.flush()
        return user

    def _link_user(self, user: Any, *, roles: list[Any], groups: list[Any]) -> None:
        key = {"user_id": self.users.key(user)}
        self.link(self.models.user_role, key, "role_id", [role.id for role in roles])
        self.link(self.models.user_group, key, "group_id", [group.id for group in groups])
        relations = inspect(self.models.user).relationships.keys()
        self.session.expire(user, [name for name in ("roles", "groups") if name in relations])

    def _shown(self, user: Any) -> str:
        """A user in the log: by name, where the class has one."""
        name = self.users.get(user, "username") if self.users.has("username") else self.users.key(user)
        return one_line(name)


def _take_changes(user: Any) -> dict[str, Any]:
    """Undo what was changed and not flushed, relationships and their other sides too; the new values by name."""
    state, changes = inspect(user), {}
    for name in [item.key for item in state.attrs if item.history.has_changes()]:
        changes[name] = _copied(getattr(user, name))
        if name not in state.mapper.relationships:
            state.session.expire(user, [name])
            continue
        history = state.attrs[name].load_history()
        before = [*(history.unchanged or ()), *(history.deleted or ())]
        is_list = state.mapper.relationships[name].uselist
        setattr(user, name, before if is_list else next(iter(before), None))
    return changes


def _copied(value: Any) -> Any:
    """A collection of its own, as setting the attribute back empties the one that it holds."""
    return list(value) if isinstance(value, list) else value


def new_record(model: type[Any]) -> Any:
    """A new record of a class whose constructor may want arguments that nobody can know here."""
    try:
        python_inspect.signature(model).bind()
    except TypeError:
        mapper = inspect(model)
        mapper.registry.configure(cascade=True)
        return mapper.class_manager.new_instance()
    return model()
