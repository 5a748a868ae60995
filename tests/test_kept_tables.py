"""A test on a server finds its database as if all tables had been dropped, whether they were or not."""

from collections.abc import Iterator

import pytest
from sqlalchemy import (
    URL,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.pool import NullPool

from tests import databases
from tests.kept_tables import WorkersDatabase
from tests.statements import statements


@pytest.fixture
def database(database_url: str) -> Iterator[WorkersDatabase]:
    """A second database on the server."""
    url = make_url(database_url)
    if url.get_backend_name() == databases.SQLITE:
        pytest.skip("a SQLite file is made for each test")
    url = url.set(database=f"{url.database}_kept")
    databases.create(url)
    yield WorkersDatabase(url)
    databases.drop(url)


def shop(length: int = 50) -> MetaData:
    """Two tables that refer to each other, and one that is born with a row."""
    metadata = MetaData()
    Table(
        "left",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("name", String(length)),
        Column("right_id", ForeignKey("right.id", name="left_right", use_alter=True)),
    )
    Table("right", metadata, Column("id", Integer, primary_key=True), Column("left_id", ForeignKey("left.id")))
    born = Table("born", metadata, Column("name", String(20), primary_key=True))
    event.listen(born, "after_create", lambda table, connection, **_: connection.execute(table.insert(), {"name": "a"}))
    return metadata


def use(url: URL, metadata: MetaData, *further: str) -> list[str]:
    """What a test does: make tables, write rows, send statements; the tables that were not there."""
    engine = create_engine(url, poolclass=NullPool)
    with statements(engine) as seen:
        metadata.create_all(engine)
    left, right, born = (metadata.tables[name] for name in ("left", "right", "born"))
    with engine.begin() as connection:
        assert connection.execute(left.insert(), {"name": "one"}).inserted_primary_key == (1,)
        assert connection.execute(right.insert(), {"left_id": 1}).inserted_primary_key == (1,)
        connection.execute(left.update(), {"right_id": 1})
        assert connection.scalars(select(born.c.name)).all() == ["a"]
        connection.execute(born.insert(), {"name": "b"})
        assert connection.execute(select(left.c.id)).all() == [(1,)]
        for statement in further:
            connection.execute(text(statement))
    words = [" ".join(statement.split()).replace("`", "").replace('"', "") for statement in seen.texts]
    return sorted(table for table in metadata.tables if any(one.startswith(f"CREATE TABLE {table} ") for one in words))


def test_the_tables_of_the_test_before_are_kept_without_their_rows(database: WorkersDatabase) -> None:
    found = []
    for _ in range(3):
        with database.lent():
            found.append(use(database.url, shop()))
    assert found == [["born", "left", "right"], ["born"], ["born"]]


def test_who_connects_first_finds_nothing(database: WorkersDatabase) -> None:
    with database.lent():
        use(database.url, shop())
    with database.lent():
        engine = create_engine(database.url, poolclass=NullPool)
        assert inspect(engine).get_table_names() == []
        assert use(database.url, shop()) == ["born", "left", "right"]


def test_a_test_that_does_not_connect_between_takes_nothing_away(database: WorkersDatabase) -> None:
    with database.lent():
        use(database.url, shop())
    with database.lent():
        pass
    with database.lent():
        assert use(database.url, shop()) == ["born"]


def test_other_tables_of_the_same_names_are_made_anew(database: WorkersDatabase) -> None:
    with database.lent():
        use(database.url, shop())
    with database.lent():
        assert use(database.url, shop(length=60)) == ["born", "left", "right"]


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE more (id integer)",
        "CREATE VIEW more AS SELECT 1 AS one",
        "ALTER TABLE born ADD COLUMN more integer",
        "ALTER TABLE born ALTER COLUMN name SET DEFAULT 'x'",
        "CREATE INDEX more ON born (name)",
        "CREATE SEQUENCE more",
        "DROP TABLE born",
    ],
)
def test_what_else_a_test_leaves_is_gone(database: WorkersDatabase, change: str) -> None:
    with database.lent():
        use(database.url, shop(), change)
    with database.lent():
        assert use(database.url, shop()) == ["born", "left", "right"]


def test_a_table_that_was_there_first_is_gone(database: WorkersDatabase) -> None:
    with database.lent():
        engine = create_engine(database.url, poolclass=NullPool)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE more (id integer)"))
        use(database.url, shop())
    with database.lent():
        use(database.url, shop())
        assert sorted(inspect(engine).get_table_names()) == ["born", "left", "right"]
