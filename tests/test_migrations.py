"""Our tables are made by our own migrations, the same as the models say, and hidden from the host's."""

import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, ForeignKey, Integer, MetaData, String, Uuid, inspect, select, text
from sqlalchemy.orm import DeclarativeBase, mapped_column

from appbuilder_lite import migrating
from appbuilder_lite.migrating import MigrationError, include_object
from appbuilder_lite.security.mixins import RoleMixin, UserMixin
from appbuilder_lite.security.models import SecurityModels, build_models
from tests.conftest import Host, MakeHost
from tests.statements import statements

CONVENTION = {"uq": "uq_%(column_0_name)s", "fk": "fk_%(column_0_name)s", "pk": "pk_x_%(table_name)s"}
KEYS: dict[str, Any] = {
    "default": None,
    "integer": (Integer, {}),
    "big_integer": (BigInteger().with_variant(Integer, "sqlite"), {}),
    "uuid": (Uuid, {"default": uuid.uuid4}),
    "string": (String(40), {}),
}


def _manager(db: Any, kind: str) -> type[Any]:
    """A manager class whose user has this kind of key, in a column with a name of its own."""
    if KEYS[kind] is None:
        return object
    key, options = KEYS[kind]

    class Person(db.Model):  # type: ignore[misc]  # Flask-SQLAlchemy makes the base at run time
        __tablename__ = "person"
        number = mapped_column("person_no", key, primary_key=True, **options)
        email = mapped_column(String(50))

    return type("Manager", (), {"user_model": Person})


def _differences(host: Host, models: SecurityModels) -> list[Any]:
    """What Alembic would change in the database to make it what the models say."""

    def ours(item: Any, _name: Any, kind: str, _reflected: bool, _compare_to: Any) -> bool:
        return kind != "table" or item.key in models.made_tables

    with migrating.engine_of(host.db, models).connect() as connection:
        options = {"compare_type": True, "include_object": ours}
        found: list[Any] = compare_metadata(MigrationContext.configure(connection, opts=options), models.metadata)
        return found


def _make_host_tables(host: Host, models: SecurityModels) -> None:
    own = [table for table in models.metadata.sorted_tables if table.key not in models.made_tables]
    models.metadata.create_all(migrating.engine_of(host.db, models), tables=own)


def _tables(host: Host) -> set[str]:
    return set(inspect(host.db.engine).get_table_names())


@pytest.mark.parametrize("kind", KEYS)
def test_an_upgrade_makes_what_the_models_say(make_host: MakeHost, kind: str) -> None:
    host = make_host(SQLAlchemy(metadata=MetaData(naming_convention=CONVENTION)))
    models = build_models(host.db, _manager(host.db, kind))
    with host.app.app_context():
        _make_host_tables(host, models)
        version = migrating.upgrade(host.db, models)
        assert version.is_newest
        assert models.made_tables <= _tables(host)
        assert _differences(host, models) == []


@pytest.mark.parametrize("kind", KEYS)
def test_create_tables_makes_the_same(make_host: MakeHost, kind: str) -> None:
    host = make_host()
    models = build_models(host.db, _manager(host.db, kind), prefix="crm_")
    with host.app.app_context():
        _make_host_tables(host, models)
        assert set(migrating.create_tables(host.db, models)) == models.made_tables
        assert _differences(host, models) == []
        assert migrating.upgrade(host.db, models).is_newest


@pytest.mark.parametrize("make", [migrating.upgrade, migrating.create_tables])
def test_the_lock_and_the_version_of_the_grants_are_there(
    host: Host, make: Callable[[Any, SecurityModels], object]
) -> None:
    models = build_models(host.db, object)
    with host.app.app_context():
        make(host.db, models)
        rows = {name: value for name, value, _changed in host.db.session.execute(select(models.state))}
        assert rows.keys() == {"lock", "grants"}
        assert len(rows["grants"] or "") == 32


@pytest.mark.parametrize("make", [migrating.upgrade, migrating.create_tables])
def test_a_second_time_changes_nothing(host: Host, make: Callable[[Any, SecurityModels], object]) -> None:
    models = build_models(host.db, object)
    with host.app.app_context():
        make(host.db, models)
        with statements() as seen:
            make(host.db, models)
        assert [line for line in seen.texts if line.startswith(("CREATE", "INSERT", "UPDATE", "DROP", "ALTER"))] == []
        assert migrating.current(host.db, models).revision == migrating.HEAD


@pytest.mark.parametrize("make", [migrating.upgrade, migrating.create_tables])
def test_a_missing_user_table_is_named(host: Host, make: Callable[[Any, SecurityModels], object]) -> None:
    models = build_models(host.db, _manager(host.db, "uuid"))
    with host.app.app_context():
        with pytest.raises(MigrationError, match=r"The table person of .*Person does not exist yet.*flask db upgrade"):
            make(host.db, models)
        assert _tables(host) == set()


def test_tables_without_a_revision_are_not_made_again(host: Host) -> None:
    models = build_models(host.db, object)
    with host.app.app_context():
        host.db.create_all()
        with pytest.raises(MigrationError, match="flask appbuilder stamp"):
            migrating.upgrade(host.db, models)
        assert migrating.stamp(host.db, models).is_newest
        assert migrating.upgrade(host.db, models).is_newest


def test_an_older_revision_is_left_to_the_upgrade(host: Host) -> None:
    models = build_models(host.db, object)
    with host.app.app_context():
        migrating.create_tables(host.db, models)
        with host.db.engine.begin() as connection:
            connection.execute(text("UPDATE ab_alembic_version SET version_num = '0000'"))
        assert not migrating.current(host.db, models).is_newest
        with pytest.raises(MigrationError, match="revision 0000"):
            migrating.create_tables(host.db, models)


def test_an_empty_database_has_no_revision(host: Host) -> None:
    models = build_models(host.db, object)
    with host.app.app_context():
        assert migrating.current(host.db, models).revision is None


def test_a_downgrade_takes_everything_away(host: Host) -> None:
    from alembic import command

    models = build_models(host.db, _manager(host.db, "integer"))
    with host.app.app_context():
        _make_host_tables(host, models)
        migrating.upgrade(host.db, models)
        with host.db.engine.begin() as connection:
            command.downgrade(migrating._config(models, connection=connection), "base")
        assert _tables(host) - {"ab_alembic_version", "sqlite_sequence"} == {"person"}


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql", "mysql"])
@pytest.mark.parametrize("kind", KEYS)
def test_the_upgrade_can_be_read_as_sql(dialect: str, kind: str) -> None:
    db = SQLAlchemy()
    models = build_models(db, _manager(db, kind), prefix="x_")
    with statements() as seen:
        script = migrating.sql(db, models, dialect=dialect)
    assert len(seen) == 0
    assert script.count("CREATE TABLE") == len(models.made_tables) + 1
    assert "INSERT INTO x_alembic_version" in script
    assert script.count("INSERT INTO x_state") == 2


def test_the_sql_makes_the_tables(host: Host) -> None:
    models = build_models(host.db, object)
    with host.app.app_context():
        script = migrating.sql(host.db, models)
        lines = [line for line in script.splitlines() if not line.startswith("--")]
        with host.db.engine.connect() as connection:
            for statement in "\n".join(lines).split(";"):
                if statement.strip() and statement.strip() not in {"BEGIN", "COMMIT"}:
                    connection.exec_driver_sql(statement.replace("%", "%%"))
            connection.commit()
        assert migrating.current(host.db, models).is_newest
        assert _differences(host, models) == []


def test_revisions_only_add() -> None:
    script = "\n".join(path.read_text() for path in (migrating.migrations_path() / "versions").glob("*.py"))
    upgrades = script.split("def downgrade")[0]
    for operation in ("drop_", "alter_column", "batch_alter_table", "op.execute"):
        assert operation not in upgrades


def test_the_newest_revision_is_the_one_that_the_code_names() -> None:
    scripts = ScriptDirectory(str(migrating.migrations_path()))
    assert scripts.get_heads() == [migrating.HEAD]


def test_two_prefixes_have_two_histories(host: Host) -> None:
    first, second = build_models(host.db, object), build_models(host.db, object, prefix="crm_")
    with host.app.app_context():
        migrating.upgrade(host.db, first)
        assert migrating.current(host.db, second).revision is None
        migrating.upgrade(host.db, second)
        assert _differences(host, second) == []
        assert {"ab_alembic_version", "crm_alembic_version"} <= _tables(host)


def test_the_tables_follow_the_bind_key_of_the_users(make_host: MakeHost, tmp_path: Path) -> None:
    db: Any = SQLAlchemy()

    class Person(db.Model):  # type: ignore[misc]  # Flask-SQLAlchemy makes the base at run time
        __bind_key__ = "people"
        id = mapped_column(Integer, primary_key=True)

    host = make_host(db, SQLALCHEMY_BINDS={"people": f"sqlite:///{tmp_path / 'people.sqlite'}"})
    models = build_models(db, type("Manager", (), {"user_model": Person}))
    with host.app.app_context():
        _make_host_tables(host, models)
        migrating.upgrade(db, models)
        assert _tables(host) == set()
        assert models.made_tables <= set(inspect(db.engines["people"]).get_table_names())
        db.session.add(models.role(name="Sales"))
        db.session.commit()
        assert db.session.scalars(select(models.role.name)).all() == ["Sales"]


def test_a_schema_holds_tables_and_version(make_host: MakeHost) -> None:
    host = make_host()
    models = build_models(host.db, object, schema="security")
    with host.app.app_context():
        if host.db.engine.dialect.name != "postgresql":
            assert "CREATE TABLE security.ab_user (" in migrating.sql(host.db, models, dialect="postgresql")
            return
        with host.db.engine.begin() as connection:
            connection.execute(text("CREATE SCHEMA security"))
        assert migrating.upgrade(host.db, models).is_newest
        names = set(inspect(host.db.engine).get_table_names(schema="security"))
        assert {f"security.{name}" for name in names} == models.made_tables | {"security.ab_alembic_version"}


def _autogenerated(host: Host, include: migrating.IncludeObject) -> set[str]:
    """The tables that the host's autogenerate would create or drop."""
    with host.db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": include})
        changes = compare_metadata(context, host.db.metadata)
    return {change[1].name for change in changes if change[0] in {"add_table", "remove_table"}}


def test_the_hosts_autogenerate_sees_only_its_own_tables(host: Host) -> None:
    db: Any = host.db

    class Job(RoleMixin, db.Model):  # type: ignore[misc]  # Flask-SQLAlchemy makes the base at run time
        __tablename__ = "ab_job"

    class Note(db.Model):  # type: ignore[misc]  # Flask-SQLAlchemy makes the base at run time
        id = mapped_column(Integer, primary_key=True)
        job_id = mapped_column(ForeignKey("ab_job.id"))

    models = build_models(db, type("Manager", (), {"role_model": Job}))
    with host.app.app_context():
        before = _autogenerated(host, include_object(db))
        assert before == {"ab_job", "note"}, "also a host's table that begins like ours"
        _make_host_tables(host, models)
        migrating.upgrade(db, models)
        assert _autogenerated(host, include_object(db)) == set()
        with db.engine.begin() as connection:
            connection.execute(text("CREATE TABLE ab_old (id INTEGER)"))
        assert _autogenerated(host, include_object(db)) == {"ab_old"}


def test_the_hosts_own_function_is_asked_about_the_rest(host: Host) -> None:
    db: Any = host.db

    class Note(db.Model):  # type: ignore[misc]  # Flask-SQLAlchemy makes the base at run time
        id = mapped_column(Integer, primary_key=True)

    class Draft(db.Model):  # type: ignore[misc]  # Flask-SQLAlchemy makes the base at run time
        id = mapped_column(Integer, primary_key=True)

    build_models(db, object)

    def no_drafts(_item: Any, name: str | None, _kind: str, _reflected: bool, _compare_to: Any) -> bool:
        return name != "draft"

    with host.app.app_context():
        assert _autogenerated(host, include_object(db, no_drafts)) == {"note"}


def test_our_upgrade_sees_nothing_of_the_hosts_history(host: Host) -> None:
    models = build_models(host.db, object)
    with host.app.app_context():
        with host.db.engine.begin() as connection:
            connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
            connection.execute(text("INSERT INTO alembic_version VALUES ('f00')"))
        migrating.upgrade(host.db, models)
        with host.db.engine.connect() as connection:
            assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "f00"


def test_a_user_on_our_mixin_belongs_to_the_host(make_host: MakeHost) -> None:
    class Base(DeclarativeBase):
        pass

    db: Any = SQLAlchemy(model_class=Base)

    class Member(UserMixin, db.Model):  # type: ignore[misc]  # Flask-SQLAlchemy makes the base at run time
        nickname = mapped_column(String(20))

    host = make_host(db)
    models = build_models(db, type("Manager", (), {"user_model": Member}))
    with host.app.app_context():
        _make_host_tables(host, models)
        migrating.upgrade(db, models)
        assert "ab_user" not in _tables(host)
        assert _differences(host, models) == []


def test_without_alembic_the_error_names_the_extra(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    models = build_models(host.db, object)
    monkeypatch.setitem(sys.modules, "alembic", None)
    with host.app.app_context():
        with pytest.raises(MigrationError, match=r"appbuilder_lite\[migrations\]"):
            migrating.upgrade(host.db, models)
        assert len(migrating.create_tables(host.db, models)) == len(models.made_tables)


def test_missing_migrations_are_an_error_that_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(migrating, "__file__", str(tmp_path / "package" / "migrating.py"))
    with pytest.raises(MigrationError, match="Install the package again"):
        migrating.migrations_path()


def test_migrations_inside_the_package_are_taken_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for folder in (tmp_path / "package" / "_migrations", tmp_path / "migrations"):
        folder.mkdir(parents=True)
        (folder / "env.py").touch()
    monkeypatch.setattr(migrating, "__file__", str(tmp_path / "package" / "migrating.py"))
    assert migrating.migrations_path() == tmp_path / "package" / "_migrations"
