from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from appbuilder_lite.migrating import include_object
from example_app.shop import create_app
from example_app.shop.extensions import db


def test_the_migrations_make_the_tables_of_the_models(tmp_path: Path) -> None:
    app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path}/shop.sqlite", "SECRET_KEY": "only for tests"})
    with app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            is_own = include_object(db)
            context = MigrationContext.configure(connection, opts={"include_object": is_own})
            differences = compare_metadata(context, db.metadata)
            tables = set(inspect(connection).get_table_names())
        db.engine.dispose()
    assert differences == []
    own = {name for name, table in db.metadata.tables.items() if is_own(table, name, "table", False, None)}
    assert tables == {*own, "alembic_version"}


def test_the_migrations_can_be_undone(tmp_path: Path) -> None:
    app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path}/shop.sqlite", "SECRET_KEY": "only for tests"})
    with app.app_context():
        upgrade()
        downgrade(revision="base")
        tables = inspect(db.engine).get_table_names()
        db.engine.dispose()
    assert tables == ["alembic_version"]
