"""The databases that the suite runs on, and how each test gets an empty one.

`TEST_DATABASE_URLS` names them, separated by commas; `sqlite` stands for a file per test and is the default.
On a server each test worker owns one database, `<name>_<worker>`, made when first needed and emptied after each test;
`tests/kept_tables.py` says which tables are kept.

No test is about a power cut, so nothing waits for the disk: that took half of the time on a busy machine.
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.pool import NullPool

SQLITE = "sqlite"
# A test that leaves a transaction open fails here and now; without a limit the next test would hang on its locks.
LOCK_SECONDS = 10

_ADMIN_DATABASE = MappingProxyType(
    {"postgresql": "postgres", "mysql": "information_schema", "mariadb": "information_schema"}
)
_CREATE_SUFFIX = MappingProxyType({"mysql": " CHARACTER SET utf8mb4", "mariadb": " CHARACTER SET utf8mb4"})
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_LOCK_LIMIT = MappingProxyType(
    {
        "postgresql": f"SET lock_timeout = '{LOCK_SECONDS}s'",
        "mysql": f"SET lock_wait_timeout = {LOCK_SECONDS}, innodb_lock_wait_timeout = {LOCK_SECONDS}",
        "mariadb": f"SET lock_wait_timeout = {LOCK_SECONDS}, innodb_lock_wait_timeout = {LOCK_SECONDS}",
    }
)


def targets(environ: Mapping[str, str] = os.environ) -> list[str]:
    """The URLs to run on, at least one."""
    urls = [url.strip() for url in environ.get("TEST_DATABASE_URLS", "").split(",")]
    return [url for url in urls if url] or [SQLITE]


def label(target: str) -> str:
    """The name of a target in test ids."""
    return SQLITE if target == SQLITE else make_url(target).get_backend_name()


def worker_url(target: str, worker: str) -> URL:
    """The database of one test worker on the server that `target` names."""
    url = make_url(target)
    if url.drivername == "mysql+pymysql" and url.host in _LOOPBACK:
        # PyMySQL reads all certificates of the machine for each connection, 25 ms, even where the server has no TLS.
        url = url.update_query_dict({"ssl_disabled": "true"})
    return url.set(database=f"{url.database}_{worker}")


def create(url: URL) -> None:
    """Makes an empty database, in place of one that an interrupted run left behind."""
    with _admin(url) as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {url.database}"))
        connection.execute(text(f"CREATE DATABASE {url.database}{_CREATE_SUFFIX.get(url.get_backend_name(), '')}"))
        if url.get_backend_name() == "postgresql":
            connection.execute(text(f"ALTER DATABASE {url.database} SET synchronous_commit = off"))


def drop(url: URL) -> None:
    with _admin(url) as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {url.database}"))


def empty(url: URL) -> None:
    """Drops every table, those of other schemas and in foreign key cycles too."""
    if url.get_backend_name() == "postgresql":
        _empty_postgresql(url)
    else:
        create(url)


@contextmanager
def _admin(url: URL) -> Iterator[Connection]:
    with connect(url.set(database=_ADMIN_DATABASE[url.get_backend_name()])) as connection:
        yield connection


@contextmanager
def connect(url: URL) -> Iterator[Connection]:
    """A connection on which each statement is a transaction."""
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(_LOCK_LIMIT[url.get_backend_name()]))
        yield connection


def _empty_postgresql(url: URL) -> None:
    # Emptying a schema takes a fifth of the time that a new database takes there.
    with connect(url) as connection:
        own = text(
            "SELECT quote_ident(nspname) FROM pg_namespace "
            "WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'"
        )
        for schema in connection.scalars(own).all():
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))


@event.listens_for(Engine, "connect")
def _do_not_wait_for_the_disk(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous = OFF")
