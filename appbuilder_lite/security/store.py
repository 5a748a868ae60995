"""Every query on the security tables that a request or a decision needs, as kept Core statements."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import (
    Boolean,
    Connection,
    Integer,
    Select,
    bindparam,
    false,
    inspect,
    literal_column,
    select,
    union,
    update,
)
from sqlalchemy.orm import Mapper, lazyload, outerjoin, scoped_session

from appbuilder_lite.security.access import Access, RoleGrants
from appbuilder_lite.security.factory import LOCK
from appbuilder_lite.security.grant_changes import GRANTS
from appbuilder_lite.security.grants import Snapshot
from appbuilder_lite.security.models import SecurityModels
from appbuilder_lite.security.user_adapter import UserAdapter
from appbuilder_lite.settings import Settings

_ONE: Any = literal_column("1").label("one")


class Store:
    """Reads users, roles and grants for one app. Its statements are made at the first use and kept.

    All of it runs in the session's own transaction, but never flushes it: what the host has pending is not
    written because somebody asked a question.
    """

    def __init__(
        self, session: scoped_session[Any], models: SecurityModels, users: UserAdapter, settings: Settings
    ) -> None:
        self._session = session
        self._models = models
        self._users = users
        self._settings = settings
        self._exists = False

    def connection(self) -> Connection:
        """The session's connection to the database that holds our tables."""
        return self._session.connection(bind_arguments={"mapper": self._mappers["role"]})

    def is_there(self) -> bool:
        """Whether our tables exist; asked until they do. For code that runs in the host's own pages."""
        if not self._exists:
            table = self._models.user_stamp
            self._exists = inspect(self.connection()).has_table(table.name, schema=table.schema)
        return self._exists

    @cached_property
    def _mappers(self) -> Mapping[str, Mapper[Any]]:
        models = self._models
        names = ("user", "role", "permission", "view_menu", "permission_view")
        return {name: inspect(getattr(models, name)) for name in names}

    @cached_property
    def user_key(self) -> Any:
        """The key column of the user's table."""
        return self._mappers["user"].primary_key[0]

    def user_key_of(self, value: Any) -> Any:
        """A user's key from whatever stands for it, such as a cookie's text; None where it cannot be a key."""
        return None if value is None else self._users.parse_key(str(value))

    def snapshot(self, key: Any, *, with_user: bool = False, preference: str = "") -> Snapshot:
        """What counts for the user of this key, in one statement; None is anonymous.

        With `with_user` the same statement brings the user too (None where there is none of that key), so that a
        session needs no second one; with `preference` it brings what the user chose under that name.
        """
        if key is None:
            return self._anonymous()
        values = {"key": key, "public": self._settings.public_role, "preference": preference}
        if not with_user:
            return _snapshot(self.connection().execute(self._signed_in, values).all())
        with self._session.no_autoflush:
            rows = self._session.execute(
                self._with_user, values, bind_arguments={"mapper": self._mappers["user"]}
            ).all()
        return _snapshot(rows, rows[0][4])

    def _anonymous(self) -> Snapshot:
        return _snapshot(self.connection().execute(self._public, {"public": self._settings.public_role}).all())

    @cached_property
    def _public(self) -> Select[Any]:
        one = _one_row()
        nothing: Any = literal_column("NULL")
        return self._about(one, one, self._public_ids, nothing, nothing)

    @cached_property
    def _signed_in(self) -> Select[Any]:
        one = _one_row()
        return self._about(one, one, union(*self._ids_of_user, self._public_ids), self._stamp, self._preference)

    @cached_property
    def _with_user(self) -> Select[Any]:
        one, user = _one_row(), self._models.user
        start = outerjoin(one, user, self.user_key == self._key)
        role_ids = union(*self._ids_of_user, self._public_ids)
        statement = self._about(one, start, role_ids, self._stamp, self._preference)
        # Related objects that the host's class loads eagerly would multiply the rows; they come when asked for.
        return statement.add_columns(user).options(lazyload("*"))

    @cached_property
    def _key(self) -> Any:
        return bindparam("key", type_=self.user_key.type)

    @property
    def _public_ids(self) -> Select[Any]:
        columns = self._mappers["role"].columns
        return select(columns["id"].label("role_id"), _ONE).where(columns["name"] == bindparam("public"))

    @property
    def _ids_of_user(self) -> tuple[Select[Any], Select[Any]]:
        """The role ids of a user: direct, and by group."""
        direct, groups, of_group = self._models.user_role, self._models.user_group, self._models.group_role
        by_group = select(of_group.c.role_id, _ONE).join(groups, groups.c.group_id == of_group.c.group_id)
        return (
            select(direct.c.role_id, _ONE).where(direct.c.user_id == self._key),
            by_group.where(groups.c.user_id == self._key),
        )

    def role_ids_of_users(self, keys: Sequence[Any]) -> dict[Any, list[Any]]:
        """The role ids of each of these users, direct and by group, in one statement."""
        direct, groups, of_group = self._models.user_role, self._models.user_group, self._models.group_role
        by_group = select(groups.c.user_id, of_group.c.role_id).join(of_group, groups.c.group_id == of_group.c.group_id)
        pairs = union(
            select(direct.c.user_id, direct.c.role_id).where(direct.c.user_id.in_(keys)),
            by_group.where(groups.c.user_id.in_(keys)),
        )
        return self._by_owner(keys, pairs)

    def role_ids_of_groups(self, ids: Collection[Any]) -> dict[Any, list[Any]]:
        """The role ids of each of these groups, in one statement."""
        table = self._models.group_role
        return self._by_owner(ids, select(table.c.group_id, table.c.role_id).where(table.c.group_id.in_(ids)))

    def _by_owner(self, owners: Collection[Any], pairs: Any) -> dict[Any, list[Any]]:
        found: dict[Any, list[Any]] = {owner: [] for owner in owners}
        for owner, role_id in self.connection().execute(pairs) if owners else ():
            found.setdefault(owner, []).append(role_id)
        return found

    @property
    def _stamp(self) -> Any:
        stamps = self._models.user_stamp
        return select(stamps.c.stamp).where(stamps.c.user_id == self._key).scalar_subquery()

    @property
    def _preference(self) -> Any:
        table = self._models.preference
        of_user = select(table.c.value).where(table.c.user_id == self._key)
        return of_user.where(table.c.name == bindparam("preference")).scalar_subquery()

    def _about(self, one: Any, start: Any, role_ids: Any, stamp: Any, preference: Any) -> Select[Any]:
        """Version, stamp, preference and one row per role id, or one row without an id."""
        state = self._models.state
        version = select(state.c.value).where(state.c.name == GRANTS).scalar_subquery()
        roles = role_ids.subquery("roles")
        joined = outerjoin(start, roles, roles.c.one == one.c.one)
        columns = (version.label("version"), stamp.label("stamp"), roles.c.role_id, preference.label("preference"))
        return select(*columns).select_from(joined)

    def role_grants(self, role_ids: Sequence[Any]) -> tuple[RoleGrants, ...]:
        """These roles with the grants of their rows, in one statement."""
        names: dict[Any, str] = {}
        grants: dict[Any, set[Access]] = {}
        for role_id, name, permission, view_menu in self.connection().execute(self._grants, {"ids": list(role_ids)}):
            names[role_id] = name
            found = grants.setdefault(role_id, set())
            if permission is not None and view_menu is not None:
                found.add(Access(permission, view_menu))
        return tuple(RoleGrants(role_id, name, frozenset(grants[role_id])) for role_id, name in names.items())

    @cached_property
    def _grants(self) -> Select[Any]:
        role, view = self._mappers["role"].columns, self._mappers["permission_view"].columns
        permission, view_menu = self._mappers["permission"].columns, self._mappers["view_menu"].columns
        of_role = self._models.permission_view_role
        joined = (
            self._mappers["role"]
            .local_table.outerjoin(of_role, of_role.c.role_id == role["id"])
            .outerjoin(self._mappers["permission_view"].local_table, view["id"] == of_role.c.permission_view_id)
            .outerjoin(self._mappers["permission"].local_table, permission["id"] == view["permission_id"])
            .outerjoin(self._mappers["view_menu"].local_table, view_menu["id"] == view["view_menu_id"])
        )
        columns = (role["id"], role["name"], permission["name"], view_menu["name"])
        return select(*columns).select_from(joined).where(role["id"].in_(bindparam("ids", expanding=True)))

    def stored_accesses(self) -> frozenset[Access]:
        """Every permission on every view menu that has a row."""
        return frozenset(Access(*row) for row in self.connection().execute(self.accesses_statement))

    @cached_property
    def accesses_statement(self) -> Select[Any]:
        """Selects the names of every permission view: permission, view menu."""
        view = self._mappers["permission_view"].columns
        permission, view_menu = self._mappers["permission"].columns, self._mappers["view_menu"].columns
        joined = (
            self._mappers["permission_view"]
            .local_table.join(self._mappers["permission"].local_table, permission["id"] == view["permission_id"])
            .join(self._mappers["view_menu"].local_table, view_menu["id"] == view["view_menu_id"])
        )
        return select(permission["name"], view_menu["name"]).select_from(joined)

    def has_active_admin(self) -> bool:
        """Whether some active user has the Admin role, directly or by a group; as far as this transaction sees."""
        return self._is_any(self._active_admins)

    def keeps_active_admin(self) -> bool:
        """The same, where a write depends on it: what others have committed since this transaction began counts.

        Ask after `lock_records`. A plain SELECT would show MariaDB's snapshot of before the wait for that lock.
        """
        return self._is_any([statement.with_for_update(read=True) for statement in self._active_admins])

    def _is_any(self, statements: Iterable[Select[Any]]) -> bool:
        connection = self.connection()
        return any(connection.execute(statement.limit(1)).first() is not None for statement in statements)

    @cached_property
    def _active_admins(self) -> tuple[Select[Any], Select[Any]]:
        """Selects administrators, directly and by a group. Joins only: a lock does not reach into a subquery."""
        role = self._mappers["role"].columns
        direct, groups, of_group = self._models.user_role, self._models.user_group, self._models.group_role
        active = select(self.user_key).where(*self._is_active, role["name"] == self._settings.admin_role)
        by_group = active.join(groups, groups.c.user_id == self.user_key)
        by_group = by_group.join(of_group, of_group.c.group_id == groups.c.group_id)
        return (
            active.join(direct, direct.c.user_id == self.user_key).join(
                self._mappers["role"].local_table, direct.c.role_id == role["id"]
            ),
            by_group.join(self._mappers["role"].local_table, of_group.c.role_id == role["id"]),
        )

    @property
    def _is_active(self) -> Iterator[Any]:
        """The condition that a user is active, where their class says it in a way that SQL can ask for."""
        column: Any = self._users.column("active")
        kind = getattr(column, "type", None)
        if isinstance(kind, Boolean):
            yield column
        elif isinstance(kind, Integer):
            yield column != 0

    def lock_records(self) -> None:
        """Let one writer at a time change users, roles and grants, until its transaction ends.

        The first thing that such a writer does. Two that lock the same rows in another order each would be a deadlock,
        which costs MariaDB's loser everything.
        """
        state, connection = self._models.state, self.connection()
        is_lock = state.c.name == LOCK
        if connection.dialect.name == "sqlite":
            # It has no locks on rows; a statement that may write makes the other writers wait.
            connection.execute(update(state).where(is_lock, false()).values(value=""))
        else:
            connection.execute(select(state.c.name).where(is_lock).with_for_update())

    @cached_property
    def roles_of_user(self) -> Select[Any]:
        """Selects the roles of the user of parameter `key`, direct and by group."""
        ids = union(*self._ids_of_user).subquery("roles")
        role = self._models.role
        return select(role).join(ids, ids.c.role_id == role.id).order_by(role.name)


def _one_row() -> Any:
    """A row to join to, so that there is an answer where nothing else is found."""
    return select(_ONE).subquery("one")


def _snapshot(rows: Iterable[Any], user: Any = None) -> Snapshot:
    rows = list(rows)
    role_ids = tuple(row[2] for row in rows if row[2] is not None)
    return Snapshot(rows[0][0], rows[0][1], role_ids, user, rows[0][3])
