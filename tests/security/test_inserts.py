"""Statements in the words of each database."""

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, make_url, select, text

from appbuilder_lite.security.inserts import ensure_begun, insert_ignoring, insert_or_update
from appbuilder_lite.security.manager import BaseSecurityManager

TABLE = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("name", String(9), unique=True))


@pytest.mark.parametrize(
    ("name", "url", "ending"),
    [
        ("sqlite", "sqlite://", "ON CONFLICT DO NOTHING"),
        ("postgresql", "postgresql+psycopg://", "ON CONFLICT DO NOTHING"),
        ("mysql", "mysql+pymysql://", "ON DUPLICATE KEY UPDATE id = t.id"),
        ("mariadb", "mysql+pymysql://", "ON DUPLICATE KEY UPDATE id = t.id"),
        ("oracle", "sqlite://", "VALUES (?, ?)"),
    ],
)
def test_a_duplicate_is_ignored_in_the_words_of_the_database(name: str, url: str, ending: str) -> None:
    assert str(insert_ignoring(TABLE, name).compile(dialect=make_url(url).get_dialect()())).endswith(ending)


def test_a_released_savepoint_can_still_be_rolled_back() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        TABLE.create(connection)
        connection.commit()
        for _ in range(2):
            ensure_begun(connection)
        with connection.begin_nested():
            connection.execute(TABLE.insert().values(name="a"))
        connection.rollback()
        assert connection.scalar(text("SELECT count(*) FROM t")) == 0
    engine.dispose()


def test_a_row_is_made_and_then_changed(manager: BaseSecurityManager) -> None:
    state, connection = manager.models.state, manager.store.connection()
    for value in ("first", "second"):
        statement = insert_or_update(state, connection.dialect.name, {"name": "row", "value": value})
        connection.execute(statement)
        assert connection.scalars(select(state.c.value).where(state.c.name == "row")).all() == [value]
