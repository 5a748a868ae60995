"""Keeps a server's tables from one test to the next that makes the very same ones.

Making and dropping tables was most of a run on a server: two seconds a test on MariaDB, nearly all of it waiting.
Tables are kept where `MetaData.create_all` was the first that a test did to its database, and where its DDL, word for
word, is what the test before had sent. Whatever else comes first, a connection included, finds an empty database. So
does who follows a test that has left anything but rows.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol
from unittest.mock import patch

from sqlalchemy import URL, Connection, Engine, MetaData, create_mock_engine, event, text
from sqlalchemy.exc import DBAPIError

from tests import databases


class Server(Protocol):
    """What differs between servers; each function is called with a connection to a worker's database."""

    def structure(self, connection: Connection) -> Any:
        """What tells whether anything but rows was changed since."""

    def filled(self, connection: Connection) -> list[str]:
        """The tables that have rows, quoted."""

    def delete_rows(self, connection: Connection) -> None:
        """Delete all rows and count keys from 1 again."""


class PostgreSQL:
    """Each row of a catalogue says which transaction wrote it, so any DDL leaves a newer one or one less."""

    CATALOGUES = (
        *("namespace", "class", "attribute", "attrdef", "constraint", "index", "sequence", "type", "enum"),
        *("proc", "trigger", "rewrite", "policy", "extension", "collation", "description"),
    )

    def structure(self, connection: Connection) -> Any:
        count = "SELECT '{0}', count(*), max(xmin::text::bigint) FROM pg_{0}"
        return connection.execute(text(" UNION ALL ".join(map(count.format, self.CATALOGUES)))).all()

    def filled(self, connection: Connection) -> list[str]:
        # A table that rows were written to has pages until it is vacuumed, even if none was committed.
        own = "relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)"
        pages = f"SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND {own} AND pg_relation_size(oid) > 0"
        return list(connection.scalars(text(pages)))

    def delete_rows(self, connection: Connection) -> None:
        tables = self.filled(connection)
        connection.execute(text("SET session_replication_role = replica"))
        for table in tables:
            connection.execute(text(f"DELETE FROM {table}"))
        if tables:
            # Without the room of old rows new ones stand in the order in which they come.
            connection.execute(text(f"VACUUM {', '.join(tables)}"))
        connection.execute(
            text(
                "SELECT setval(seqrelid, seqstart, false) FROM pg_sequence "
                "WHERE pg_sequence_last_value(seqrelid) IS NOT NULL"
            )
        )


class MariaDB:
    """The server writes down each table as a statement, which tells the next key, too, where one was given."""

    NEXT_KEY = " AUTO_INCREMENT="
    OTHERS = (("triggers", "trigger"), ("routines", "routine"), ("events", "event"))

    def structure(self, connection: Connection) -> Any:
        others = [
            connection.scalar(text(f"SELECT count(*) FROM information_schema.{name} WHERE {kind}_schema = DATABASE()"))
            for name, kind in self.OTHERS
        ]
        written = self._written(connection).items()
        return {table: self._without_next_key(ddl) for table, ddl in written}, others

    def filled(self, connection: Connection) -> list[str]:
        tables = self._written(connection)
        return [table for table in tables if connection.scalar(text(f"SELECT EXISTS (SELECT 1 FROM {table})"))]

    def delete_rows(self, connection: Connection) -> None:
        connection.execute(text("SET foreign_key_checks = 0"))
        for table, ddl in self._written(connection).items():
            # Only this sets the next key back; it makes the table's file anew, so the others are spared.
            how = "TRUNCATE" if self.NEXT_KEY in ddl else "DELETE FROM"
            connection.execute(text(f"{how} {table}"))

    @staticmethod
    def _written(connection: Connection) -> dict[str, str]:
        quoted = [f"`{name}`" for name in connection.scalars(text("SHOW TABLES"))]
        return {table: connection.execute(text(f"SHOW CREATE TABLE {table}")).one()[1] for table in quoted}

    def _without_next_key(self, ddl: str) -> str:
        before, found, after = ddl.rpartition(self.NEXT_KEY)
        return before + after.lstrip("0123456789") if found else ddl


SERVERS: dict[str, Server] = {"postgresql": PostgreSQL(), "mysql": MariaDB(), "mariadb": MariaDB()}


@dataclass(frozen=True)
class Tables:
    """Tables that have just been made: by which DDL, how the database then looks, and which of them are born filled."""

    ddl: tuple[str, ...]
    structure: Any
    born_filled: list[str]


class WorkersDatabase:
    """A worker's database on a server, lent to one test after the other."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self._server = SERVERS[url.get_backend_name()]
        self._kept: tuple[str, ...] | None = None
        """The DDL of the tables that stand empty since the last test; a connection of the next one drops them."""
        self._made: Tables | None = None
        self._is_touched = False

    @contextmanager
    def lent(self) -> Iterator[None]:
        """For one test: the database is empty, or is so as soon as anybody looks."""
        self._made, self._is_touched = None, False
        create_all = MetaData.create_all

        def make(metadata: MetaData, bind: Any, *args: Any, **options: Any) -> None:
            is_whole = isinstance(bind, Engine) and bind.url.database == self.url.database and not args and not options
            if self._is_touched or not is_whole:
                create_all(metadata, bind, *args, **options)
                return
            ddl = _ddl_of(lambda connection: create_all(metadata, connection, checkfirst=False), self.url)
            if self._kept == ddl:
                self._kept = None
            create_all(metadata, bind)
            self._made = self._look(ddl)

        event.listen(Engine, "do_connect", self._before_connecting)
        try:
            with patch.object(MetaData, "create_all", make):
                yield
        finally:
            event.remove(Engine, "do_connect", self._before_connecting)
        if self._is_touched:
            self._clean()

    def _before_connecting(self, _dialect: Any, _record: Any, _args: Any, options: Any) -> None:
        if self.url.database not in options.values():
            return
        self._is_touched = True
        if self._kept is not None:
            # First of all, as emptying connects, too.
            self._kept = None
            databases.empty(self.url)

    def _look(self, ddl: tuple[str, ...]) -> Tables:
        with databases.connect(self.url) as connection:
            return Tables(ddl, self._server.structure(connection), self._server.filled(connection))

    def _clean(self) -> None:
        made = self._made
        if made is None or not self._could_empty(made):
            databases.empty(self.url)
        else:
            self._kept = made.ddl

    def _could_empty(self, made: Tables) -> bool:
        """Whether the tables are as they were made, and empty now; those that are born filled are to be born again."""
        try:
            with databases.connect(self.url) as connection:
                if self._server.structure(connection) != made.structure:
                    return False
                for table in made.born_filled:
                    connection.execute(text(f"DROP TABLE {table}"))
                self._server.delete_rows(connection)
        except DBAPIError:
            # A table that others refer to, or a user who may not: the thorough way says it if that fails, too.
            return False
        return True


def _ddl_of(create: Callable[[Any], None], url: URL) -> tuple[str, ...]:
    """What would be sent to a server to make tables."""
    sent: list[str] = []
    engine: Any = create_mock_engine(url, lambda ddl, *_: sent.append(str(ddl.compile(dialect=engine.dialect))))
    create(engine)
    return tuple(sent)
