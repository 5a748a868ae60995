"""The columns of users, roles and permissions, for our own classes and for a host's.

Names and lengths are Flask-AppBuilder's. The columns carry no annotations, so that a class on a dataclass
base takes them as columns and not as dataclass fields; the functions below give them their types.
Relationships and foreign keys are added when the models are built, as only then all the classes are known.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Boolean, DateTime, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeEngine

T = TypeVar("T")


def utc_now() -> datetime:
    """The present moment in UTC, without a zone, as every supported database stores it."""
    return datetime.now(UTC).replace(tzinfo=None)


def _required(kind: TypeEngine[T], **options: Any) -> Mapped[T]:
    return mapped_column(kind, nullable=False, **options)


def _text(length: int) -> Mapped[str | None]:
    return mapped_column(String(length), nullable=True)


def _number() -> Mapped[int | None]:
    return mapped_column(Integer(), nullable=True)


def _moment(**options: Any) -> Mapped[datetime | None]:
    return mapped_column(DateTime(), nullable=True, **options)


class UserMixin:
    """A person who may sign in. `password` holds a hash, never a password."""

    id = _required(Integer(), primary_key=True)
    first_name = _required(String(64))
    last_name = _required(String(64))
    username = _required(String(128), unique=True)
    password = _text(256)
    active = _required(Boolean(), insert_default=True)
    email = _required(String(320), unique=True)
    last_login = _moment()
    login_count = _number()
    fail_login_count = _number()
    created_on = _moment(insert_default=utc_now)
    changed_on = _moment(insert_default=utc_now, onupdate=utc_now)
    created_by_fk = _number()
    changed_by_fk = _number()

    if TYPE_CHECKING:
        roles: Mapped[list[Any]]
        groups: Mapped[list[Any]]

    @property
    def is_authenticated(self) -> bool:
        """Whether this is a person; Flask-Login asks."""
        return True

    @property
    def is_active(self) -> bool:
        """Whether the person may sign in: the column `active`; Flask-Login asks."""
        return bool(self.active)

    @property
    def is_anonymous(self) -> bool:
        """Whether this is nobody; Flask-Login asks."""
        return False

    def get_id(self) -> str:
        """The key as text."""
        return str(self.id)

    def get_full_name(self) -> str:
        """First and last name, as pages call the person; override it for other names."""
        return f"{self.first_name or ''} {self.last_name or ''}".strip()

    def __str__(self) -> str:
        return self.get_full_name() or self.username or ""


class RoleMixin:
    """A named set of permissions."""

    id = _required(Integer(), primary_key=True)
    name = _required(String(64), unique=True)

    if TYPE_CHECKING:
        permissions: Mapped[list[Any]]
        user: Mapped[list[Any]]
        groups: Mapped[list[Any]]

    def __str__(self) -> str:
        return self.name or ""


class GroupMixin:
    """People who have the same roles."""

    id = _required(Integer(), primary_key=True)
    name = _required(String(100), unique=True)
    label = _text(150)
    description = _text(512)

    if TYPE_CHECKING:
        users: Mapped[list[Any]]
        roles: Mapped[list[Any]]

    def __str__(self) -> str:
        return self.label or self.name or ""


class PermissionMixin:
    """What may be done: `can_list`, `menu_access`."""

    id = _required(Integer(), primary_key=True)
    name = _required(String(100), unique=True)

    def __str__(self) -> str:
        return self.name or ""


class ViewMenuMixin:
    """What it may be done on: a view or a menu entry."""

    id = _required(Integer(), primary_key=True)
    name = _required(String(250), unique=True)

    def __str__(self) -> str:
        return self.name or ""


class PermissionViewMixin:
    """A permission on a view menu: what a role can be given."""

    id = _required(Integer(), primary_key=True)
    permission_id = _required(Integer())
    view_menu_id = _required(Integer())

    if TYPE_CHECKING:
        permission: Mapped[Any]
        view_menu: Mapped[Any]
        role: Mapped[list[Any]]

    @declared_attr.directive
    def __table_args__(cls) -> Any:
        return (UniqueConstraint("permission_id", "view_menu_id"),)

    def __str__(self) -> str:
        return f"{str(self.permission).replace('_', ' ')} on {self.view_menu}"


class RegisterUserMixin:
    """A person who asked for an account and has not confirmed it yet."""

    id = _required(Integer(), primary_key=True)
    first_name = _required(String(64))
    last_name = _required(String(64))
    username = _required(String(128), unique=True)
    password = _text(256)
    email = _required(String(320), unique=True)
    registration_date = _moment(insert_default=utc_now)
    registration_hash = _text(256)

    def __str__(self) -> str:
        return self.username or ""
