"""Users, roles, groups, permissions, and what is kept beside them

Revision: 0001, the first
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from alembic import context, op
from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    String,
    Text,
    UniqueConstraint,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = "id"


def upgrade() -> None:
    """Makes every table that the host does not bring itself."""
    layout = context.config.attributes["layout"]
    _Tables(layout).make()


def downgrade() -> None:
    """Drops them, those that point at others first."""
    layout = context.config.attributes["layout"]
    for name in reversed(ORDER):
        if layout.makes(name):
            op.drop_table(layout.prefix + name, schema=layout.schema)


ORDER = (
    "user",
    "role",
    "group",
    "permission",
    "view_menu",
    "permission_view",
    "register_user",
    "user_role",
    "permission_view_role",
    "user_group",
    "group_role",
    "state",
    "user_stamp",
    "preference",
)


class _Tables:
    """The tables of this revision, by their name without the prefix."""

    def __init__(self, layout: Any) -> None:
        self.layout = layout

    def make(self) -> None:
        for name in ORDER:
            if self.layout.makes(name):
                getattr(self, name)()

    def user(self) -> None:
        self._create(
            "user",
            _id(),
            Column("first_name", String(64), nullable=False),
            Column("last_name", String(64), nullable=False),
            Column("username", String(128), nullable=False),
            Column("password", String(256)),
            Column("active", Boolean, nullable=False),
            Column("email", String(320), nullable=False),
            Column("last_login", DateTime),
            Column("login_count", Integer),
            Column("fail_login_count", Integer),
            Column("created_on", DateTime),
            Column("changed_on", DateTime),
            Column("created_by_fk", Integer),
            Column("changed_by_fk", Integer),
            self._unique("user", "username"),
            self._unique("user", "email"),
            self._points("user", "created_by_fk", "user", "SET NULL"),
            self._points("user", "changed_by_fk", "user", "SET NULL"),
        )

    def role(self) -> None:
        self._create("role", _id(), Column("name", String(64), nullable=False), self._unique("role", "name"))

    def group(self) -> None:
        self._create(
            "group",
            _id(),
            Column("name", String(100), nullable=False),
            Column("label", String(150)),
            Column("description", String(512)),
            self._unique("group", "name"),
        )

    def permission(self) -> None:
        name = Column("name", String(100), nullable=False)
        self._create("permission", _id(), name, self._unique("permission", "name"))

    def view_menu(self) -> None:
        name = Column("name", String(250), nullable=False)
        self._create("view_menu", _id(), name, self._unique("view_menu", "name"))

    def permission_view(self) -> None:
        # The columns of our own class are integers, whatever key a host's permission has.
        self._create(
            "permission_view",
            _id(),
            Column("permission_id", Integer, nullable=False),
            Column("view_menu_id", Integer, nullable=False),
            self._points("permission_view", "permission_id", "permission"),
            self._points("permission_view", "view_menu_id", "view_menu"),
            self._unique("permission_view", "permission_id", "view_menu_id"),
        )
        self._index("permission_view", "view_menu_id")

    def register_user(self) -> None:
        self._create(
            "register_user",
            _id(),
            Column("first_name", String(64), nullable=False),
            Column("last_name", String(64), nullable=False),
            Column("username", String(128), nullable=False),
            Column("password", String(256)),
            Column("email", String(320), nullable=False),
            Column("registration_date", DateTime),
            Column("registration_hash", String(256)),
            self._unique("register_user", "username"),
            self._unique("register_user", "email"),
        )

    def user_role(self) -> None:
        self._pairs("user_role", "user", "role")

    def permission_view_role(self) -> None:
        self._pairs("permission_view_role", "permission_view", "role")

    def user_group(self) -> None:
        self._pairs("user_group", "user", "group")

    def group_role(self) -> None:
        self._pairs("group_role", "group", "role")

    def state(self) -> None:
        table = self._create(
            "state",
            Column("name", String(128), nullable=False),
            Column("value", String(255)),
            Column("changed_on", DateTime),
            key=("name",),
        )
        now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
        names = ("lock", "grants")
        op.bulk_insert(table, [{"name": name, "value": secrets.token_hex(16), "changed_on": now} for name in names])

    def user_stamp(self) -> None:
        self._create(
            "user_stamp",
            self._reference("user", autoincrement=False),
            Column("stamp", String(64), nullable=False),
            Column("changed_on", DateTime),
            self._points("user_stamp", "user_id", "user"),
            key=("user_id",),
        )

    def preference(self) -> None:
        self._create(
            "preference",
            self._reference("user", autoincrement=False),
            Column("name", String(128), nullable=False),
            Column("value", Text),
            self._points("preference", "user_id", "user"),
            key=("user_id", "name"),
        )

    def _pairs(self, name: str, left: str, right: str) -> None:
        first, second = f"{left}_id", f"{right}_id"
        self._create(
            name,
            Column("id", Integer, nullable=False),
            self._reference(left),
            self._reference(right),
            self._unique(name, first, second),
            self._points(name, first, left),
            self._points(name, second, right),
        )
        self._index(name, second)

    def _create(self, name: str, *parts: Any, key: tuple[str, ...] = (ID,)) -> Any:
        table = self.layout.prefix + name
        # SQLite gives the highest id a second time otherwise; the pairs may have it so.
        keeps_ids = {"sqlite_autoincrement": True} if self.layout.has_class(name) else {}
        primary = PrimaryKeyConstraint(*key, name=f"pk_{table}")
        return op.create_table(table, *parts, primary, schema=self.layout.schema, **keeps_ids)

    def _index(self, name: str, column: str) -> None:
        table = self.layout.prefix + name
        op.create_index(f"ix_{table}_{column}", table, [column], schema=self.layout.schema)

    def _unique(self, name: str, *columns: str) -> UniqueConstraint:
        return UniqueConstraint(*columns, name=f"uq_{self.layout.prefix}{name}_{columns[0]}")

    def _points(self, name: str, column: str, slot: str, ondelete: str = "CASCADE") -> ForeignKeyConstraint:
        constraint = f"fk_{self.layout.prefix}{name}_{column}"
        return ForeignKeyConstraint([column], [self.layout.target(slot)], name=constraint, ondelete=ondelete)

    def _reference(self, slot: str, **options: Any) -> Column[Any]:
        return Column(f"{slot}_id", self.layout.key_type(slot), nullable=False, **options)


def _id() -> Column[Any]:
    return Column(ID, Integer, nullable=False)
