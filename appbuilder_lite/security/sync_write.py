"""The statements that create permission records, on a connection that its caller has opened."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, String, Table, cast, delete, inspect, literal_column, select, union_all, update

from appbuilder_lite.security.access import Access
from appbuilder_lite.security.factory import LOCK
from appbuilder_lite.security.grant_changes import (
    FINGERPRINT_PREFIX,
    GRANTS,
    WITHOUT_MARK,
    forget_fingerprints,
    touch_grants,
)
from appbuilder_lite.security.inserts import insert_ignoring
from appbuilder_lite.security.models import SecurityModels
from appbuilder_lite.security.sync_plan import SyncPlan, Wanted, declared_name, fingerprint, fold, make_plan

# Drivers that send many rows as one statement cut them into pages; one page holds all that one app declares.
_PAGE = {"insertmanyvalues_page_size": 10_000, **WITHOUT_MARK}


class SyncWriter:
    """Reads and writes the rows of a sync for one set of models."""

    def __init__(self, models: SecurityModels) -> None:
        self._models = models
        self._permission = _table(models.permission)
        self._view_menu = _table(models.view_menu)
        self._view = _table(models.permission_view)
        self._role = _table(models.role)

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables without which nothing can be synchronised."""
        return (self._models.state, self._permission, self._view_menu, self._view, self._role)

    def is_current(self, connection: Connection, wanted: Wanted) -> bool:
        """Whether these rows were written before: one statement."""
        state = self._models.state
        found = connection.execute(select(state.c.name).where(state.c.name == _row_name(wanted)))
        return found.first() is not None

    def lock(self, connection: Connection) -> bool:
        """Wait for whoever is writing; False where the row to wait at does not exist yet."""
        state = self._models.state
        statement = update(state).where(state.c.name == LOCK).values(value=secrets.token_hex(16))
        return bool(connection.execute(statement).rowcount)

    def seed(self, connection: Connection) -> None:
        """Make the row that writers wait at."""
        self._insert(connection, self._models.state, [{"name": LOCK, "value": ""}])

    def apply(self, connection: Connection, wanted: Wanted, *, force: bool) -> int:
        """Insert what is missing, fingerprint and notes last; the number of permission views that were missing."""
        stored = self._names(connection)
        if _row_name(wanted) in stored["state"] and not force:
            return 0
        self._insert_names(connection, self._permission, wanted.permissions - stored["permission"])
        self._insert_names(connection, self._view_menu, wanted.view_menus - stored["view_menu"])
        self._insert_names(connection, self._role, set(wanted.roles) - stored["role"])
        added = self._insert_views(connection, wanted, any_stored=bool(stored["permission"]))
        notes = {declared_name(access) for access in wanted.accesses} - stored["state"]
        rows = [{"name": GRANTS, "value": secrets.token_hex(16)}, {"name": _row_name(wanted), "value": ""}]
        rows += [{"name": name, "value": ""} for name in sorted(notes)]
        self._insert(connection, self._models.state, rows)
        return added

    def plan(self, connection: Connection, wanted: Wanted) -> SyncPlan:
        """Compare without writing."""
        accesses = (Access(*row) for row in connection.execute(self._stored()))
        roles = connection.scalars(select(self._role.c.name)).all()
        notes = connection.scalars(select(self._models.state.c.name)).all()
        return make_plan(wanted, accesses, roles, frozenset(notes))

    def prune(self, connection: Connection, wanted: Wanted) -> tuple[Access, ...]:
        """Delete what a sync made and nobody declares any more, and its names where nothing else uses them."""
        surplus = self.plan(connection, wanted).surplus
        if not surplus:
            return ()
        gone = set(surplus)
        columns = (self._view.c.id, self._permission.c.name, self._view_menu.c.name)
        rows = connection.execute(self._stored().with_only_columns(*columns)).all()
        ids = [row[0] for row in rows if Access(row[1], row[2]) in gone]
        _delete_each(connection, self._models.permission_view_role, "permission_view_id", ids)
        _delete_each(connection, self._view, "id", ids)
        self._delete_unused(connection, self._permission, "permission_id", {access.permission for access in gone})
        self._delete_unused(connection, self._view_menu, "view_menu_id", {access.view_menu for access in gone})
        _delete_each(connection, self._models.state, "name", [declared_name(access) for access in gone])
        forget_fingerprints(connection, self._models)
        touch_grants(connection, self._models)
        return surplus

    def _names(self, connection: Connection) -> Mapping[str, set[str]]:
        tables = {
            "permission": self._permission,
            "view_menu": self._view_menu,
            "role": self._role,
            "state": self._models.state,
        }
        # Cast, since a host may keep its own tables in another collation, and MariaDB refuses to mix them.
        parts: list[Any] = [
            select(literal_column(f"'{kind}'").label("kind"), cast(table.c.name, String(250)).label("name"))
            for kind, table in tables.items()
        ]
        found: dict[str, set[str]] = defaultdict(set)
        for kind, name in connection.execute(union_all(*parts)):
            found[kind].add(name)
        return found

    def _insert_names(self, connection: Connection, table: Table, names: Iterable[str]) -> None:
        self._insert(connection, table, [{"name": name} for name in sorted(names)])

    def _insert_views(self, connection: Connection, wanted: Wanted, *, any_stored: bool) -> int:
        permissions = self._ids(connection, self._permission, wanted.permissions)
        view_menus = self._ids(connection, self._view_menu, wanted.view_menus)
        stored = self._pairs(connection) if any_stored else set()
        pairs = {(permissions[access.permission], view_menus[access.view_menu]) for access in wanted.accesses}
        missing = sorted(pairs - stored)
        self._insert(
            connection, self._view, [{"permission_id": first, "view_menu_id": second} for first, second in missing]
        )
        return len(missing)

    def _ids(self, connection: Connection, table: Table, names: Iterable[str]) -> dict[str, Any]:
        """Ids by name. A database that ignores case may hold another spelling in its place: then that row's id."""
        stored = {name: row_id for row_id, name in connection.execute(select(table.c.id, table.c.name))}
        folded = {fold(name): row_id for name, row_id in stored.items()}
        return {name: stored[name] if name in stored else folded[fold(name)] for name in names}

    def _pairs(self, connection: Connection) -> set[tuple[Any, Any]]:
        rows = connection.execute(select(self._view.c.permission_id, self._view.c.view_menu_id))
        return {(first, second) for first, second in rows}

    def _insert(self, connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            statement = insert_ignoring(table, connection.dialect.name)
            connection.execute(statement, [dict(row) for row in rows], execution_options=_PAGE)

    def _stored(self) -> Any:
        view = self._view
        joined = view.join(self._permission, self._permission.c.id == view.c.permission_id)
        joined = joined.join(self._view_menu, self._view_menu.c.id == view.c.view_menu_id)
        return select(self._permission.c.name, self._view_menu.c.name).select_from(joined)

    def _delete_unused(self, connection: Connection, table: Table, column: str, names: set[str]) -> None:
        used = select(self._view.c[column]).where(self._view.c[column].is_not(None))
        unused = connection.execute(select(table.c.id, table.c.name).where(table.c.id.not_in(used))).all()
        _delete_each(connection, table, "id", [row[0] for row in unused if row[1] in names])


def _table(model: type[Any]) -> Table:
    table = inspect(model).local_table
    assert isinstance(table, Table), f"{model.__name__} must be mapped to a table of its own"
    return table


def _row_name(wanted: Wanted) -> str:
    return FINGERPRINT_PREFIX + fingerprint(wanted)


def _delete_each(connection: Connection, table: Table, column: str, values: Sequence[Any]) -> None:
    """Delete by key, in as few statements as the driver can, without a limit on how many."""
    keys = sorted(values)
    for start in range(0, len(keys), 500):
        statement = delete(table).where(table.c[column].in_(keys[start : start + 500]))
        connection.execute(statement, execution_options=WITHOUT_MARK)
