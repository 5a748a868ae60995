"""The shop's settings: from the environment, then from the caller, and the rest by default."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Config
from sqlalchemy.engine import URL, make_url

PROJECT_FOLDER = Path(__file__).parent.parent
INSTANCE_FOLDER = PROJECT_FOLDER / "instance"
MIGRATIONS_FOLDER = PROJECT_FOLDER / "migrations"

DEFAULTS = {
    # Flask-SQLAlchemy looks for a relative file in the instance folder.
    "SQLALCHEMY_DATABASE_URI": "sqlite:///shop.sqlite",
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SHOP_NAME": "Corner & Co.",
    "SHOP_CURRENCY": "€",
    "APPBUILDER_APP_NAME": "Corner & Co. staff",
}

DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
}
"""The driver that is meant by a database URL which names none."""


def load(config: Config, settings: Mapping[str, Any], instance_folder: Path) -> None:
    """Fill `config` for an app whose files live in `instance_folder`.

    `DATABASE_URL` and `SECRET_KEY` are read from the environment; `settings` win over them. Where neither has a
    secret key, the instance folder keeps one.
    """
    config.from_mapping(DEFAULTS)
    config.from_mapping(from_environment())
    config.from_mapping(settings)
    if not config["SECRET_KEY"]:
        config["SECRET_KEY"] = kept_secret_key(instance_folder)


def from_environment() -> dict[str, Any]:
    """The settings that the environment has."""
    found: dict[str, Any] = {}
    if url := os.environ.get("DATABASE_URL"):
        found["SQLALCHEMY_DATABASE_URI"] = with_driver(url)
    if key := os.environ.get("SECRET_KEY"):
        found["SECRET_KEY"] = key
    return found


def with_driver(url: str) -> URL:
    """A database URL, with the driver that the shop uses where it names none."""
    parsed = make_url(url)
    return parsed.set(drivername=DRIVERS.get(parsed.drivername, parsed.drivername))


def kept_secret_key(folder: Path) -> str:
    """The random key kept in `folder`, made there the first time, readable by its owner only."""
    path = folder / "secret_key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_once(path, secrets.token_hex(32))
    return path.read_text(encoding="ascii")


def write_once(path: Path, text: str) -> None:
    """Write `path` unless it exists; of several processes the first wins, and none sees half a file."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
