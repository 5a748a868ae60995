"""The permission sync: the records that views declare come to exist, once, whoever else starts at the same time.

Unique keys are the guard against duplicates. The row that writers wait at only saves them work; it is UPDATEd
first, since that waits for the other's transaction on every database, and then shows what that one wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from weakref import WeakSet

from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import SessionTransaction, scoped_session
from sqlalchemy.pool import SingletonThreadPool, StaticPool

from appbuilder_lite.errors import AppBuilderError, Unavailable
from appbuilder_lite.security.access import Access
from appbuilder_lite.security.inserts import ensure_begun
from appbuilder_lite.security.models import SecurityModels
from appbuilder_lite.security.sync_plan import SyncPlan, Wanted, wanted
from appbuilder_lite.security.sync_write import SyncWriter
from appbuilder_lite.settings import Settings

LIMIT_SECONDS = 2
# One that lost a wait looks once more: mostly the winner has written everything meanwhile.
_ATTEMPTS = 2


class TablesMissing(Unavailable):
    """Tables of ours do not exist; `tables` names them."""

    def __init__(self, tables: Iterable[str]) -> None:
        self.tables = tuple(tables)
        super().__init__(f"missing tables: {', '.join(self.tables)}; run: flask appbuilder upgrade (or create-tables)")


class SyncFailed(AppBuilderError):
    """The records could not be written now: locked, not allowed, or no connection free."""


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What a sync did. `added` counts permission views.

    `done` is False where the rows were written into a transaction of the session that has yet to be committed.
    """

    done: bool
    added: int = 0


class PermissionSync:
    """Makes the rows of declared permissions in the database of one app.

    It writes on a connection of its own. Where that would wait for, or share a driver connection with, the
    transaction that the session is in (SQLite, or a pool with a single connection), it writes inside a savepoint of
    that transaction instead.
    """

    def __init__(
        self,
        engine: Callable[[], Engine | Connection],
        session: scoped_session[Any],
        models: SecurityModels,
        settings: Settings,
    ) -> None:
        self._engine = engine
        self._session = session
        self._models = models
        self._settings = settings
        self._writer = SyncWriter(models)
        # Transactions of the session that hold our rows uncommitted: what they read there proves nothing.
        self._unconfirmed: WeakSet[SessionTransaction] = WeakSet()

    def run(self, declared: Iterable[Access], *, force: bool = False) -> SyncResult:
        """Make what is missing. One SELECT where nothing changed since the last time, at most 15 statements else.

        `force` compares even where the fingerprint is known. Raises `TablesMissing`, `Unavailable`, `SyncFailed`.
        """
        rows = wanted(declared, self._settings)
        with self._explained():
            for _ in range(_ATTEMPTS - 1):
                try:
                    return self._run(rows, force=force)
                except DBAPIError:
                    continue
            return self._run(rows, force=force)

    def is_current(self, declared: Iterable[Access]) -> bool:
        """Whether everything declared was written before: one SELECT."""
        with self._explained(), self._reading() as connection:
            return self._writer.is_current(connection, wanted(declared, self._settings))

    def plan(self, declared: Iterable[Access]) -> SyncPlan:
        """What `run` would add and what `prune` would remove; nothing is written."""
        with self._explained(), self._reading() as connection:
            return self._writer.plan(connection, wanted(declared, self._settings))

    def prune(self, declared_of_all: Iterable[Access]) -> tuple[Access, ...]:
        """Remove what an earlier sync made and no AppBuilder of this database declares any more; what was removed.

        `declared_of_all` is what all of them declare together: what another app's syncs made looks like surplus from
        here. What the app's own code made, or somebody before us, stays.
        """
        rows = wanted(declared_of_all, self._settings)
        with self._explained(), self._writing() as (connection, _):
            return self._writer.prune(connection, rows)

    def _run(self, rows: Wanted, *, force: bool) -> SyncResult:
        if self._is_unconfirmed():
            return SyncResult(done=False)
        if not force:
            with self._reading() as connection:
                if self._writer.is_current(connection, rows):
                    return SyncResult(done=True)
        with self._writing() as (connection, is_own):
            added = self._writer.apply(connection, rows, force=force)
        return SyncResult(done=is_own, added=added)

    def _is_unconfirmed(self) -> bool:
        transaction = self._session().get_transaction()
        return transaction is not None and transaction in self._unconfirmed

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        engine = self._engine()
        if isinstance(engine, Connection) or (self._is_busy() and _shares_its_connection(engine)):
            yield self._session_connection()
            return
        with engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[tuple[Connection, bool]]:
        """A locked transaction, and whether it is committed on leaving."""
        engine = self._engine()
        if isinstance(engine, Connection) or (self._is_busy() and _cannot_wait(engine)):
            with self._in_session() as connection:
                yield connection, False
            return
        with engine.connect() as connection:
            self._begin(connection)
            yield connection, True
            connection.commit()

    @contextmanager
    def _in_session(self) -> Iterator[Connection]:
        connection = self._session_connection()
        if isinstance(self._engine(), Connection):
            # A test suite of the host's that rolls everything back must be able to.
            ensure_begun(connection)
        with connection.begin_nested():
            if not self._writer.lock(connection):
                self._writer.seed(connection)
            yield connection
        transaction = self._session().get_transaction()
        if transaction is not None:
            self._unconfirmed.add(transaction)

    def _begin(self, connection: Connection) -> None:
        _limit(connection)
        if self._writer.lock(connection):
            return
        # Ends the transaction first: on MariaDB the vain UPDATE holds the gap that the others want to insert into.
        connection.commit()
        self._writer.seed(connection)
        connection.commit()
        if connection.dialect.name == "postgresql":
            _limit(connection)
        self._writer.lock(connection)

    def _is_busy(self) -> bool:
        return bool(self._session().in_transaction())

    def _session_connection(self) -> Connection:
        return self._session.connection(bind_arguments={"mapper": inspect(self._models.role)})

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what the database says into one of the three things that a caller can act on."""
        try:
            yield
        except PoolTimeout as error:
            raise SyncFailed("no database connection was free") from error
        except DBAPIError as error:
            missing = self._missing_tables()
            if missing:
                raise TablesMissing(missing) from error
            raise SyncFailed(f"the database refused: {type(error.orig).__name__}") from error

    def _missing_tables(self) -> list[str]:
        try:
            with self._reading() as connection:
                inspector = inspect(connection)
                tables = self._writer.tables
                return [table.fullname for table in tables if not inspector.has_table(table.name, table.schema)]
        except (DBAPIError, PoolTimeout) as error:
            raise Unavailable("the database cannot be reached") from error


def _shares_its_connection(engine: Engine) -> bool:
    """Whether a second connection of this engine is the same one for the driver."""
    return isinstance(engine.pool, (StaticPool, SingletonThreadPool))


def _cannot_wait(engine: Engine) -> bool:
    """Whether a second connection would wait for the session's transaction, which waits for us."""
    return engine.dialect.name == "sqlite" or _shares_its_connection(engine)


def _limit(connection: Connection) -> None:
    """Let no statement wait or run for longer than two seconds."""
    dialect = connection.dialect
    if dialect.name == "postgresql":
        limits = f"set_config('lock_timeout', '{LIMIT_SECONDS}s', true), "
        limits += f"set_config('statement_timeout', '{LIMIT_SECONDS}s', true)"
        connection.exec_driver_sql(f"SELECT {limits}")
    elif dialect.name in {"mysql", "mariadb"}:
        # Out of the pool, or the limits would stay on for whoever gets the connection next.
        connection.detach()
        statement = f"SET SESSION innodb_lock_wait_timeout = {LIMIT_SECONDS}"
        if getattr(dialect, "is_mariadb", False):
            statement += f", max_statement_time = {LIMIT_SECONDS}"
        connection.exec_driver_sql(statement)
    elif dialect.name == "sqlite" and not _shares_its_connection(connection.engine):
        connection.detach()
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {LIMIT_SECONDS * 1000}")
