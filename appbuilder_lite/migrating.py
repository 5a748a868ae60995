"""Makes and upgrades our tables, and keeps them out of the host's own migrations.

Alembic is imported here only, and only when a function needs it; it comes with the extra `migrations`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Engine, MetaData, PrimaryKeyConstraint, String, Table, insert, select
from sqlalchemy import inspect as sqla_inspect
from sqlalchemy.exc import NoSuchModuleError
from sqlalchemy.types import TypeEngine

from appbuilder_lite.errors import AppBuilderError
from appbuilder_lite.security.factory import key_column
from appbuilder_lite.security.models import SLOTS, SecurityModels, models_on
from appbuilder_lite.security.protocols import Database

HEAD = "0001"
"""The newest revision in `migrations/versions`, so that `create_tables` can note it without Alembic."""

IncludeObject = Callable[[Any, str | None, str, bool, Any], bool]


class MigrationError(AppBuilderError):
    """Our tables cannot be made or upgraded; the message says what to do first."""


@dataclass(frozen=True, slots=True)
class Version:
    """The revision that a database is at (None: none is noted) and the newest there is."""

    revision: str | None
    head: str = HEAD

    @property
    def is_newest(self) -> bool:
        return self.revision == self.head


@dataclass(frozen=True, slots=True)
class Layout:
    """What the revisions depend on: names, and the keys that our tables point at."""

    models: SecurityModels

    @property
    def prefix(self) -> str:
        return self.models.prefix

    @property
    def schema(self) -> str | None:
        return self.models.schema

    @property
    def version_table(self) -> str:
        return version_table(self.models)

    def makes(self, name: str) -> bool:
        """Whether a table is ours to make, by its name without the prefix."""
        return name not in SLOTS or name in self.models.made_slots

    def has_class(self, name: str) -> bool:
        """Whether a table is that of a model, and no table of pairs or notes."""
        return name in SLOTS

    def key_type(self, slot: str) -> TypeEngine[Any]:
        """The type of a model's key, which is the host's where the model is."""
        return key_column(getattr(self.models, slot)).type

    def target(self, slot: str) -> str:
        """A model's key as a foreign key names it: `schema.table.column`."""
        column = key_column(getattr(self.models, slot))
        return f"{column.table.fullname}.{column.name}"


def version_table(models: SecurityModels) -> str:
    """The name of the table in which our revision is noted; the host's history has its own."""
    return f"{models.prefix}alembic_version"


def migrations_path() -> Path:
    """Where the revisions are: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    for path in (package / "_migrations", package.parent / "migrations"):
        if (path / "env.py").is_file():
            return path
    raise MigrationError("The migrations of appbuilder_lite are not installed. Install the package again")


def engine_of(db: Database, models: SecurityModels) -> Engine:
    """The engine of our tables in the current app: that of the user model's bind key."""
    return db.engines[models.bind_key]


def upgrade(db: Database, models: SecurityModels, revision: str = "head") -> Version:
    """Bring our tables to a revision; nothing happens where they are there already.

    Raises MigrationError where Alembic is missing, where the host's own tables are, and where our tables exist
    without a revision noted.
    """
    engine = engine_of(db, models)
    command = _alembic("command")
    with engine.begin() as connection:
        _require_host_tables(connection, models)
        _require_history(connection, models)
        with _explained():
            command.upgrade(_config(models, connection=connection), revision)
    return current(db, models)


def current(db: Database, models: SecurityModels) -> Version:
    """The revision that the database is at. Needs no Alembic."""
    with engine_of(db, models).connect() as connection:
        return Version(_noted(connection, models))


def stamp(db: Database, models: SecurityModels, revision: str = "head") -> Version:
    """Note a revision without making anything, for tables that came another way."""
    command = _alembic("command")
    with engine_of(db, models).begin() as connection, _explained():
        command.stamp(_config(models, connection=connection), revision)
    return current(db, models)


def sql(db: Database, models: SecurityModels, revision: str = "head", *, dialect: str | None = None) -> str:
    """The statements of an upgrade as text, for those who run them by hand; no database is asked.

    `revision` may be a range (`0001:head`). `dialect` is that of our engine if not given: `postgresql`, `mysql`,
    `sqlite`.
    """
    command = _alembic("command")
    output = StringIO()
    name = dialect or engine_of(db, models).url.drivername
    with _explained():
        command.upgrade(_config(models, dialect=name, output=output), revision, sql=True)
    return output.getvalue()


def create_tables(db: Database, models: SecurityModels) -> tuple[str, ...]:
    """Make the tables that are missing and note the revision, without Alembic; the names of those that were made.

    Raises MigrationError where the host's own tables are missing, or where an older revision is noted.
    """
    with engine_of(db, models).begin() as connection:
        _require_host_tables(connection, models)
        noted = _noted(connection, models)
        if noted not in (None, HEAD):
            raise MigrationError(f"Our tables are at revision {noted}. Run: flask appbuilder upgrade")
        missing = [table for table in _made_tables(models) if not _exists(connection, table)]
        models.metadata.create_all(connection, tables=missing)
        if noted is None:
            table = _version_table(models)
            table.create(connection, checkfirst=True)
            connection.execute(insert(table).values(version_num=HEAD))
    return tuple(table.key for table in missing)


def include_object(db: Database, then: IncludeObject | None = None) -> IncludeObject:
    """For the host's `env.py`: keeps our tables out of its autogenerated migrations, in both directions.

    Exactly the tables that we made and our version tables are hidden, by name; a class that the host brings
    belongs to its own migrations. `then` is the host's own function, asked about everything else.

    Example: `Migrate(app, db, include_object=include_object(db))`.
    """

    def include(item: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
        if kind == "table" and any(_is_hidden(item, models) for models in models_on(db)):
            return False
        return then is None or then(item, name, kind, reflected, compare_to)

    return include


def _is_hidden(table: Table, models: SecurityModels) -> bool:
    is_version = (table.name, table.schema) == (version_table(models), models.schema)
    return is_version or table.key in models.made_tables


def _made_tables(models: SecurityModels) -> list[Table]:
    return [table for table in models.metadata.sorted_tables if table.key in models.made_tables]


def _version_table(models: SecurityModels) -> Table:
    """As Alembic makes it."""
    name = version_table(models)
    column = Column("version_num", String(32), nullable=False)
    return Table(
        name, MetaData(), column, PrimaryKeyConstraint("version_num", name=f"{name}_pkc"), schema=models.schema
    )


def _noted(connection: Connection, models: SecurityModels) -> str | None:
    table = _version_table(models)
    return connection.scalar(select(table.c.version_num)) if _exists(connection, table) else None


def _exists(connection: Connection, table: Table) -> bool:
    return sqla_inspect(connection).has_table(table.name, schema=table.schema)


def _require_host_tables(connection: Connection, models: SecurityModels) -> None:
    """Our tables point at the tables of the classes that the host brings."""
    for slot in sorted(set(SLOTS) - models.made_slots):
        model = getattr(models, slot)
        table: Any = key_column(model).table
        if not _exists(connection, table):
            raise MigrationError(
                f"The table {table.key} of {model.__module__}.{model.__qualname__} does not exist yet, and our tables "
                "point at it. Make the app's own tables first, e.g. by: flask db upgrade"
            )


def _require_history(connection: Connection, models: SecurityModels) -> None:
    if _noted(connection, models) is not None:
        return
    if _exists(connection, models.state):
        raise MigrationError(
            f"Our tables exist, but {version_table(models)} notes no revision, as after db.create_all(). "
            "If they are as they should be, run: flask appbuilder stamp"
        )
    found = [table.key for table in _made_tables(models) if _exists(connection, table)]
    if found:
        raise MigrationError(
            f"Somebody else has made the tables {', '.join(found)}, as in a database of Flask-AppBuilder's. To take "
            'them over (read "Coming from Flask-AppBuilder" first), run: flask appbuilder create-tables'
        )


def _config(models: SecurityModels, *, output: StringIO | None = None, **attributes: Any) -> Any:
    config = _alembic("config").Config(output_buffer=output) if output else _alembic("config").Config()
    config.set_main_option("script_location", str(migrations_path()).replace("%", "%%"))
    config.attributes.update(attributes, layout=Layout(models))
    return config


@contextmanager
def _explained() -> Iterator[None]:
    """Turn what Alembic says of a revision or a dialect that there is not into a MigrationError."""
    try:
        yield
    except (_alembic("util").CommandError, NoSuchModuleError) as error:
        raise MigrationError(
            f"{error}. The newest revision is {HEAD}; dialects are postgresql, mysql and sqlite"
        ) from error


def _alembic(module: str) -> Any:
    try:
        from alembic import command, config, util  # noqa: PLC0415  # an extra: whoever does not migrate does not need it
    except ImportError as error:
        raise MigrationError(
            "Alembic is not installed. Install appbuilder_lite[migrations], or run: flask appbuilder create-tables"
        ) from error
    return {"command": command, "config": config, "util": util}[module]
