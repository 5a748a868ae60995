"""The suite's own foundation: each test gets an empty database, and statements are counted."""

from pathlib import Path

import pytest
from flask import render_template
from jinja2 import DictLoader
from sqlalchemy import ForeignKey, Integer, create_engine, inspect, select, text
from sqlalchemy.orm import mapped_column

from tests import databases
from tests.conftest import COMPILED_TEMPLATES, CountStatements, Host, MakeHost


def test_without_a_setting_the_suite_runs_on_sqlite() -> None:
    assert databases.targets({}) == ["sqlite"]
    assert databases.targets({"TEST_DATABASE_URLS": " "}) == ["sqlite"]


def test_targets_are_separated_by_commas() -> None:
    environ = {"TEST_DATABASE_URLS": "postgresql+psycopg://u@h/a, mysql+pymysql://u@h/a ,sqlite"}
    assert [databases.label(target) for target in databases.targets(environ)] == ["postgresql", "mysql", "sqlite"]


def test_each_worker_has_its_own_database() -> None:
    assert databases.worker_url("postgresql+psycopg://u@h/shop", "gw1").database == "shop_gw1"


def test_a_connection_to_this_machine_goes_without_tls() -> None:
    url = databases.worker_url("mysql+pymysql://u@127.0.0.1/shop?charset=utf8mb4", "gw1")
    assert url.query == {"charset": "utf8mb4", "ssl_disabled": "true"}
    assert databases.worker_url("mysql+pymysql://u@db.example/shop", "gw1").query == {}


def test_sqlite_does_not_wait_for_the_disk(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'quick.sqlite'}")
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA synchronous")) == 0
    engine.dispose()


def test_hosts_share_compiled_templates_and_a_changed_one_is_compiled_anew(make_host: MakeHost) -> None:
    for source in ("one", "one", "two"):
        app = make_host().app
        app.jinja_loader = DictLoader({"page.html": source})
        assert app.jinja_env.bytecode_cache is COMPILED_TEMPLATES
        with app.app_context():
            assert render_template("page.html") == source


def _make_cycle(host: Host) -> None:
    """Two tables that refer to each other, with rows that do so too."""

    class Left(host.db.Model):  # type: ignore[name-defined, misc]
        id = mapped_column(Integer, primary_key=True)
        right_id = mapped_column(ForeignKey("right.id", name="left_right"))

    class Right(host.db.Model):  # type: ignore[name-defined, misc]
        id = mapped_column(Integer, primary_key=True)
        left_id = mapped_column(ForeignKey("left.id", name="right_left"))

    with host.app.app_context():
        host.db.create_all()
        left = Left(id=1)
        host.db.session.add(left)
        host.db.session.flush()
        host.db.session.add(Right(id=1, left_id=1))
        host.db.session.flush()
        left.right_id = 1
        host.db.session.commit()


@pytest.mark.parametrize("turn", [1, 2])
def test_a_test_finds_an_empty_database_whatever_the_last_one_left(host: Host, turn: int) -> None:
    with host.app.app_context():
        assert inspect(host.db.engine).get_table_names() == []
    _make_cycle(host)


def test_hosts_of_one_test_share_the_database(make_host: MakeHost) -> None:
    _make_cycle(make_host())
    other = make_host()
    with other.app.app_context():
        assert sorted(inspect(other.db.engine).get_table_names()) == ["left", "right"]


def test_a_host_takes_configuration(make_host: MakeHost) -> None:
    assert make_host(SERVER_NAME="shop.example").app.config["SERVER_NAME"] == "shop.example"


def test_statements_are_counted_on_any_engine(tmp_path: Path, count_statements: CountStatements) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'counted.sqlite'}")
    with engine.connect() as before, count_statements() as seen:
        before.execute(select(text("1")))
        with engine.begin() as connection:
            connection.execute(select(text("2")))
    with engine.connect() as connection:
        connection.execute(select(text("3")))
    engine.dispose()
    assert len(seen) == 2
    assert seen.texts == ["SELECT 1", "SELECT 2"]


def test_statements_can_be_counted_for_one_db(make_host: MakeHost, count_statements: CountStatements) -> None:
    host, other = make_host(), make_host()
    with other.app.app_context():
        other_engine = other.db.engine
    with host.app.app_context(), count_statements(host.db) as seen:
        host.db.session.execute(select(text("1")))
        with other_engine.connect() as connection:
            connection.execute(select(text("2")))
    assert seen.texts == ["SELECT 1"]
