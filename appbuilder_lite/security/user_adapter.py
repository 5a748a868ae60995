"""The one place that knows a host's names for what a user has."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import inspect as sqla_inspect
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import ColumnProperty, Mapper, SynonymProperty

from appbuilder_lite.errors import Problem, Rejected
from appbuilder_lite.security import passwords, user_checks
from appbuilder_lite.security.factory import key_column, key_name
from appbuilder_lite.text import gettext, is_storable

CANDIDATES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "username": ("username", "user_name", "login"),
        "email": ("email", "email_address"),
        "first_name": ("first_name", "firstname"),
        "last_name": ("last_name", "lastname"),
        "active": ("active", "is_active"),
        "password": ("password", "password_hash"),
        "last_login": ("last_login", "last_login_at"),
        "login_count": ("login_count",),
        "fail_login_count": ("fail_login_count",),
    }
)
"""Logical name -> the attributes that stand for it where `user_attributes` says nothing."""
_CHECKS = ("verify_password", "check_password")
_UNUSABLE = ("!", "*")
_LARGEST_INTEGER = MappingProxyType({"small_integer": 2**15 - 1, "integer": 2**31 - 1, "big_integer": 2**63 - 1})


class UserAdapter:
    """Reads and writes users of any class by logical names.

    `user_attributes` maps a logical name to the class's attribute, or to None where it has none, and beats what
    is found by name. Overriding this class does what names cannot.
    """

    def __init__(
        self,
        model: type[Any],
        user_attributes: Mapping[str, str | None] | None = None,
        *,
        hash_method: str = passwords.DEFAULT_METHOD,
    ) -> None:
        self.model = model
        self.hash_method = hash_method
        self._given = dict(user_attributes or {})
        self._readable = {name: self._find(name) for name in CANDIDATES}
        self._names = {name: real if real and self._is_column(real) else None for name, real in self._readable.items()}
        self.key_name = key_name(model)
        self._check = next((name for name in _CHECKS if callable(getattr(model, name, None))), None)

    @property
    def names(self) -> Mapping[str, str | None]:
        """Logical name -> name of the class's column, None where it has no column for it."""
        return MappingProxyType(self._names)

    def has(self, name: str) -> bool:
        """Whether the class has a column for it."""
        return self._names.get(name) is not None

    def real_name(self, name: str) -> str | None:
        """The class's name of a column, None where it has none."""
        return self._names.get(name)

    def column(self, name: str) -> Any:
        """The class's column, as SQL takes it; None where it has none."""
        real = self._names.get(name)
        return None if real is None else getattr(self.model, real)

    def get(self, user: Any, name: str) -> Any:
        """A value by its logical name; None where the class has nothing to read it from."""
        real = self._readable.get(name)
        return None if real is None else getattr(user, real)

    def set(self, user: Any, name: str, value: Any) -> bool:
        """Put a value by its logical name; whether the class can take it."""
        real = self._readable.get(name)
        if real is None or not self._is_settable(real):
            return False
        setattr(user, real, value)
        return True

    def has_changed(self, user: Any, name: str) -> bool:
        """Whether a logical name of a user, new or stored, has another value than the database knows."""
        column = self.column(name)
        if column is None:
            return False
        state = sqla_inspect(user)
        key = getattr(getattr(column, "property", None), "key", None)
        # An expression of the class's may change with each column that it has.
        keys = [key] if key in state.mapper.column_attrs else state.mapper.column_attrs.keys()
        return any(state.attrs[key].history.has_changes() for key in keys)

    def key(self, user: Any) -> Any:
        """The user's key, of the type that the class gives it."""
        return getattr(user, self.key_name)

    def parse_key(self, text: str) -> Any:
        """The key that `str()` made this text of, None where no key looks like it."""
        kind = key_column(self.model).type
        if kind.python_type is int:
            largest = _LARGEST_INTEGER.get(kind.__visit_name__, 2**63 - 1)
            short = text.removeprefix("-")
            is_number = short.isascii() and short.isdecimal() and len(short) <= 19
            return int(text) if is_number and abs(int(text)) <= largest else None
        if kind.python_type is UUID:
            return _uuid(text)
        is_text = kind.python_type is str and is_storable(text)
        return text if is_text else None

    def full_name(self, user: Any) -> str:
        """How the user is called on pages: first and last name, else what the class offers, else the key."""
        parts = [self.get(user, "first_name"), self.get(user, "last_name")]
        offered = getattr(user, "get_full_name", None) or getattr(user, "full_name", None)
        name = " ".join(str(part) for part in parts if part) or (offered() if callable(offered) else offered)
        return str(name or self.get(user, "username") or self.get(user, "email") or self.key(user))

    def is_active(self, user: Any) -> bool:
        """Whether the user may sign in; a class that does not say has active users only."""
        value = self.get(user, "active")
        return self._readable["active"] is None or bool(value() if callable(value) else value)

    def password_hash(self, user: Any) -> str | None:
        """What is kept of the password; None where there is none, or the class shows none."""
        if not self.has("password"):
            return None
        stored = self.get(user, "password")
        return stored if stored is None or isinstance(stored, str) else str(stored)

    @property
    def can_verify(self) -> bool:
        """Whether people can sign in by password at all."""
        return self._check is not None or self.has("password")

    def verify_password(self, user: Any, password: str) -> bool:
        """Whether this is the user's password; the class's own check decides where it has one."""
        stored = self.password_hash(user)
        if self._check is None:
            return passwords.check_password(stored, password, self.hash_method)
        if self.has("password") and (not stored or stored.startswith(_UNUSABLE)):
            return passwords.spend_time(password, self.hash_method)
        try:
            return bool(getattr(user, self._check)(password))
        except ValueError:
            # A hash that the host's library cannot read, or a password that has no UTF-8.
            return passwords.spend_time(password, self.hash_method)

    def set_password(self, user: Any, password: str) -> None:
        """Keep a new password, by the class's own `set_password` where it has one.

        Raises Rejected where the class keeps no passwords, or cannot keep this one.
        """
        if not (self.has("password") or hasattr(self.model, "set_password")):
            raise Rejected(gettext("Passwords are not kept here."), field="password")
        try:
            if hasattr(self.model, "set_password"):
                user.set_password(password)
            else:
                self.set(user, "password", passwords.hash_password(password, self.hash_method))
        except ValueError as error:
            raise Rejected(gettext("This password cannot be kept."), field="password") from error

    def needs_upgrade(self, user: Any) -> bool:
        """Whether a hash of ours is weaker than new ones; the hashes of a class with its own check are its own."""
        stored = self.password_hash(user)
        return self._check is None and stored is not None and passwords.needs_upgrade(stored, self.hash_method)

    def problems(self, *, own_sign_in: bool = True) -> tuple[Problem, ...]:
        """What is wrong with `user_attributes`, and what the class lacks for signing in on our page."""
        where = f"{self.model.__module__}.{self.model.__qualname__}"
        return (
            *user_checks.unknown_attributes(self.model, self._given, tuple(CANDIDATES), where),
            *user_checks.lacking(self, where, own_sign_in=own_sign_in),
        )

    def _find(self, name: str) -> str | None:
        if name in self._given:
            real = self._given[name]
            return real if real is not None and hasattr(self.model, real) else None
        found = [real for real in CANDIDATES[name] if hasattr(self.model, real)]
        # A column beats a property: `password` is often one that only takes, beside the column `password_hash`.
        columns = [real for real in found if self._is_column(real)]
        readable = found if name == "active" else []
        return next(iter([*columns, *readable]), None)

    def _is_column(self, real: str) -> bool:
        mapper: Mapper[Any] = sqla_inspect(self.model)
        if mapper.has_property(real):
            return isinstance(mapper.get_property(real), (ColumnProperty, SynonymProperty))
        return isinstance(self._attribute(real), hybrid_property)

    def _is_settable(self, real: str) -> bool:
        attribute = self._attribute(real)
        return not isinstance(attribute, (property, hybrid_property)) or attribute.fset is not None

    def _attribute(self, real: str) -> Any:
        # Hybrids are no plain attributes of the class: asked for, they give their SQL.
        return inspect.getattr_static(self.model, real, None)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
