"""What the parts of the security manager share: the app's stores, and how a write is bracketed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Table, inspect, select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import scoped_session

from appbuilder_lite.data.error_values import hide_values
from appbuilder_lite.errors import Rejected
from appbuilder_lite.security.access import Access, Principal
from appbuilder_lite.security.grants import GrantCache
from appbuilder_lite.security.inserts import ensure_begun, insert_ignoring
from appbuilder_lite.security.models import SecurityModels
from appbuilder_lite.security.store import Store
from appbuilder_lite.security.sync import PermissionSync
from appbuilder_lite.security.sync_gate import SyncGate
from appbuilder_lite.security.user_adapter import UserAdapter
from appbuilder_lite.settings import Settings
from appbuilder_lite.text import gettext, is_storable


class ManagerParts:
    """The state that `BaseSecurityManager` sets up, and the few steps that all its subjects need."""

    settings: Settings
    session: scoped_session[Any]
    models: SecurityModels
    users: UserAdapter
    store: Store
    grants: GrantCache
    sync: PermissionSync
    gate: SyncGate
    declared: frozenset[Access]
    current_principal: Callable[[], Principal]
    announced: Callable[[], frozenset[Access]]
    current_address: Callable[[], str | None]
    narrowed: Callable[[Any, Any], Any]

    def declare(self, accesses: Iterable[Access]) -> None:
        """Add permissions that a view, an action, a menu or code declares; the next request makes their records.

        Example: `sm.declare([Access("can_approve", "Invoices")])`.
        """
        added = frozenset(accesses) - self.declared
        if added:
            self.declared |= added

    def ensure_synced(self) -> None:
        """Make the declared records exist, once per app; see `SyncGate.ensure` for what is raised."""
        self.gate.ensure(self.declared)

    def has_active_admin(self) -> bool:
        """Whether some active user has the Admin role, directly or by a group; their rows stay locked until the commit.

        Example, in a hook after the flush: `if not sm.has_active_admin(): raise Rejected("Keep one Admin")`.
        """
        return self.store.keeps_active_admin()

    @contextmanager
    def writing(self, *, commit: bool) -> Iterator[None]:
        """Bracket a write: a savepoint that is undone alone where something raises, then a commit where asked.

        What the host has pending in the session stays pending or is committed with it, but is never rolled back.
        A database's error holds no value: it may come to a log, and a hash is no business of a log's.
        """
        try:
            ensure_begun(self.store.connection())
            with self.session.begin_nested():
                yield
            if commit:
                self.session.commit()
        except StatementError as error:
            hide_values(error)
            raise

    @contextmanager
    def changing(self, *, commit: bool) -> Iterator[None]:
        """Bracket a write of what permissions are made of: as `writing`, and one writer at a time."""
        with self.writing(commit=commit):
            self.store.lock_records()
            yield

    @contextmanager
    def keep_an_admin(self) -> Iterator[None]:
        """Refuse what is written inside if it takes the last active Admin away; used inside `changing`."""
        had_one = self.store.keeps_active_admin()
        yield
        self.session.flush()
        if had_one and not self.store.keeps_active_admin():
            raise Rejected(gettext("The last active administrator must remain one."))

    def prepare_look_up(self) -> None:
        """Let declared records exist before they are looked for, unless a transaction could be in the way."""
        self.declare(self.announced())
        if not self.session().in_transaction():
            self.ensure_synced()

    def row(self, model: type[Any], **values: Any) -> Any:
        """The record with these values, or None."""
        if not all(is_storable(value) for value in values.values() if isinstance(value, str)):
            return None
        return self.session.scalar(select(model).filter_by(**values))

    def row_or_new(self, model: type[Any], key: Mapping[str, Any], **others: Any) -> Any:
        """The record with this unique key, made where it is missing; whoever makes it at the same time gets it too."""
        found = self.row(model, **key)
        if found is not None:
            return found
        self.store.lock_records()
        self.insert(inspect(model).local_table, [{**key, **others}])
        statement = select(model).filter_by(**key)
        if self._dialect_name in {"mysql", "mariadb"}:
            # A plain SELECT shows what there was when the transaction began, without the row that was in the way.
            statement = statement.with_for_update(read=True)
        return self.session.scalar(statement)

    def link(self, table: Table, key: Mapping[str, Any], column: str, values: Sequence[Any]) -> None:
        """Add rows to an association table, without those that are there; used inside `changing`."""
        self.insert(table, [{**key, column: value} for value in values])

    def insert(self, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows, without those of which a unique key is taken already."""
        if rows:
            statement = insert_ignoring(table, self._dialect_name)
            self.session.execute(statement, [dict(row) for row in rows], bind_arguments=self.bind)

    @property
    def bind(self) -> dict[str, Any]:
        """Leads statements on tables to the database of our models."""
        return {"mapper": inspect(self.models.role)}

    @property
    def _dialect_name(self) -> str:
        return self.store.connection().dialect.name


def as_list(values: Any) -> list[Any]:
    """None, one thing, or several: as a list."""
    if values is None:
        return []
    return list(values) if isinstance(values, (list, tuple, set, frozenset)) else [values]
