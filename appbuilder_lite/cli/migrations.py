"""Commands for our tables: create-tables, and upgrade, current, stamp and sql by Alembic."""

from __future__ import annotations

import click

from appbuilder_lite import migrating
from appbuilder_lite.cli.group import appbuilder, counted, with_state
from appbuilder_lite.web.state import AppState

_REVISION = click.argument("revision", default="head")


@appbuilder.command("upgrade")
@with_state
@_REVISION
def upgrade(state: AppState, *, revision: str) -> None:
    """Bring our tables to the newest revision, or to REVISION. Needs the extra "migrations".

    \b
    Example:
      flask appbuilder upgrade
    """
    version = migrating.upgrade(state.db, state.sm.models, revision)
    click.echo(f"The tables of appbuilder_lite are at revision {version.revision}.")


@appbuilder.command("current")
@with_state
def current(state: AppState) -> None:
    """Print the revision that our tables are at; exit code 1 where it is not the newest.

    \b
    Example:
      flask appbuilder current
    """
    version = migrating.current(state.db, state.sm.models)
    click.echo(version.revision or "none")
    if not version.is_newest:
        click.echo(f"The newest is {version.head}. Run: flask appbuilder upgrade (or create-tables)", err=True)
        raise SystemExit(1)


@appbuilder.command("stamp")
@with_state
@_REVISION
def stamp(state: AppState, *, revision: str) -> None:
    """Note a revision without touching the tables: for tables that came another way, e.g. by db.create_all().

    \b
    Example:
      flask appbuilder stamp
    """
    version = migrating.stamp(state.db, state.sm.models, revision)
    click.echo(f"Noted: revision {version.revision}.")


@appbuilder.command("sql")
@with_state
@_REVISION
@click.option("--dialect", help="postgresql, mysql or sqlite; by default that of the app's database.")
def sql(state: AppState, *, revision: str, dialect: str | None) -> None:
    """Print the SQL of an upgrade, for those who run it by hand. No database is asked.

    \b
    Examples:
      flask appbuilder sql > tables.sql
      flask appbuilder sql 0001:head --dialect postgresql
    """
    click.echo(migrating.sql(state.db, state.sm.models, revision, dialect=dialect), nl=False)


@appbuilder.command("create-tables")
@with_state
def create_tables(state: AppState) -> None:
    """Create the tables of ours that are missing, without Alembic, and note their revision.

    \b
    Example:
      flask appbuilder create-tables
    """
    made = migrating.create_tables(state.db, state.sm.models)
    for name in made:
        click.echo(f"created {name}")
    click.echo(f"{counted(len(made), 'table')} created." if made else "Every table exists.")
