import stat
from pathlib import Path

import pytest
from flask import Config

from example_app.shop import config, create_app
from example_app.shop.extensions import db


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of somebody who has set nothing."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("SECRET_KEY", raising=False)


def loaded(folder: Path, **settings: object) -> Config:
    """The settings of an app whose files live in `folder`."""
    found = Config(folder, {"SECRET_KEY": None})
    config.load(found, settings, folder)
    return found


def test_without_a_secret_key_one_is_made_and_kept(tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    first = loaded(folder)["SECRET_KEY"]
    kept = folder / "secret_key"
    assert len(first) == 64
    assert loaded(folder)["SECRET_KEY"] == first
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert list(folder.iterdir()) == [kept]


def test_two_shops_have_two_keys(tmp_path: Path) -> None:
    assert loaded(tmp_path / "one")["SECRET_KEY"] != loaded(tmp_path / "other")["SECRET_KEY"]


def test_the_key_of_a_process_that_was_faster_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    config.write_once(path, "first")
    config.write_once(path, "second")
    assert path.read_text() == "first"


def test_a_given_secret_key_is_used_and_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "from the environment")
    assert loaded(tmp_path)["SECRET_KEY"] == "from the environment"
    assert loaded(tmp_path, SECRET_KEY="from the caller")["SECRET_KEY"] == "from the caller"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgresql://me:p%40ss@db/shop", "postgresql+psycopg://me:p%40ss@db/shop"),
        ("postgres://db/shop", "postgresql+psycopg://db/shop"),
        ("mysql://db/shop", "mysql+pymysql://db/shop"),
        ("mariadb://db/shop", "mariadb+pymysql://db/shop"),
        ("postgresql+psycopg2://db/shop", "postgresql+psycopg2://db/shop"),
        ("sqlite:///other.sqlite", "sqlite:///other.sqlite"),
    ],
)
def test_database_url_names_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, used: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", given)
    url = loaded(tmp_path)["SQLALCHEMY_DATABASE_URI"]
    assert url.render_as_string(hide_password=False) == used


def test_the_default_database_is_a_file_in_the_instance_folder() -> None:
    app = create_app({"SECRET_KEY": "only for tests"})
    with app.app_context():
        assert db.engine.url.database == str(config.INSTANCE_FOLDER / "shop.sqlite")


def test_sqlite_checks_foreign_keys(tmp_path: Path) -> None:
    app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path}/shop.sqlite", "SECRET_KEY": "only for tests"})
    with app.app_context():
        with db.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        db.engine.dispose()


def test_an_app_is_made_while_its_database_is_down() -> None:
    app = create_app({"SQLALCHEMY_DATABASE_URI": "postgresql+psycopg://127.0.0.1:1/shop", "SECRET_KEY": "a"})
    with app.test_client().get("/static/shop.css") as answer:
        assert answer.status_code == 200
