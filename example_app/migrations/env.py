"""The environment of the shop's migrations: Flask-Migrate's commands run it inside the app."""

import logging

from alembic import context
from flask import current_app

# An app that has set up its logging keeps it; otherwise the command line shows what is being done.
logging.basicConfig(format="%(levelname)s %(message)s")
logging.getLogger("alembic.runtime").setLevel(logging.INFO)

extension = current_app.extensions["migrate"]
options = {"target_metadata": extension.db.metadata, **extension.configure_args}


def write_sql() -> None:
    """Print the statements instead of running them."""
    context.configure(url=extension.db.engine.url, literal_binds=True, **options)
    with context.begin_transaction():
        context.run_migrations()


def migrate_database() -> None:
    """Run the migrations on the app's database."""
    with extension.db.engine.connect() as connection:
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    write_sql()
else:
    migrate_database()
