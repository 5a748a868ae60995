"""A small shop: a storefront, a sign-in page, and the tables behind them."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from sqlalchemy import event

from appbuilder_lite.migrating import include_object
from example_app.shop import auth, config, seed, storefront
from example_app.shop.admin import appbuilder
from example_app.shop.extensions import db, login_manager, migrate


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """A shop, set up from the environment and from `settings`, which win.

    No database is asked for anything here; `flask db upgrade` makes the tables and `flask seed` fills them.
    """
    app = Flask(__name__, instance_path=str(config.INSTANCE_FOLDER))
    config.load(app.config, settings or {}, config.INSTANCE_FOLDER)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(config.MIGRATIONS_FOLDER), include_object=include_object(db))
    login_manager.init_app(app)
    enforce_foreign_keys_on_sqlite(app)
    app.register_blueprint(auth.blueprint)
    app.register_blueprint(storefront.blueprint)
    storefront.init_app(app)
    app.cli.add_command(seed.seed_command)
    appbuilder.init_app(app, db)
    return app


def enforce_foreign_keys_on_sqlite(app: Flask) -> None:
    """Have SQLite check foreign keys, which it does on request only, once for each connection."""
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA foreign_keys = ON"))
