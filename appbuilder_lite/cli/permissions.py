"""Commands for roles and permissions: sync, list-roles, export-roles, import-roles, touch-grants."""

from __future__ import annotations

from collections.abc import Iterable

import click
from sqlalchemy import Table, func, select

from appbuilder_lite.cli.group import appbuilder, counted, echo_table, require_tables, with_state
from appbuilder_lite.security.access import Access
from appbuilder_lite.security.grant_changes import touch_grants as mark_grants
from appbuilder_lite.web.readiness import complete
from appbuilder_lite.web.state import AppState, states_of


@appbuilder.command("sync")
@with_state
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--prune", is_flag=True, help="Also remove what syncs made and no view declares any more; asks first.")
@click.option("--force", is_flag=True, help="Compare every record even where nothing seems to have changed.")
@click.option("--yes", is_flag=True, help="Remove without asking.")
def sync(state: AppState, *, dry_run: bool, prune: bool, force: bool, yes: bool) -> None:
    """Create the permission records that the views declare: the step of a deployment after `upgrade`.

    \b
    Examples:
      flask appbuilder sync
      flask appbuilder sync --dry-run --prune
      flask appbuilder sync --prune --yes
    """
    complete(state)
    if dry_run:
        _show_plan(state, prune=prune)
        return
    result = state.sm.sync.run(state.sm.declared, force=force)
    click.echo(f"{counted(result.added, 'permission')} added." if result.added else "Every permission exists.")
    if prune:
        _prune(state, unasked=yes)


@appbuilder.command("list-roles")
@with_state
def list_roles(state: AppState) -> None:
    """List the roles: how many users have each (by groups not counted), and how many permissions it has.

    \b
    Example:
      flask appbuilder list-roles
    """
    require_tables(state)
    # First of all: it makes the roles that exist by themselves, where they are not there yet.
    roles = state.sm.get_all_roles()
    of_users = _counts(state, state.sm.models.user_role)
    of_permissions = _counts(state, state.sm.models.permission_view_role)
    rows = [
        (role.name, of_users.get(role.id, 0), _granted(state, role.name, of_permissions.get(role.id, 0)))
        for role in roles
    ]
    echo_table(["role", "users", "permissions"], rows)


@appbuilder.command("export-roles")
@with_state
@click.option("--path", type=click.Path(dir_okay=False), help="The file; by default role_export_<time>.json.")
@click.option("--indent", type=int, help="Spaces to indent by; by default all is on one line.")
def export_roles(state: AppState, *, path: str | None, indent: int | None) -> None:
    """Write the roles and what their rows grant to a JSON file, for another site. Users are not in it.

    \b
    Example:
      flask appbuilder export-roles --path roles.json --indent 2
    """
    require_tables(state)
    click.echo(f"Written: {state.sm.export_roles(path, indent)}")


@appbuilder.command("import-roles")
@with_state
@click.option("--path", type=click.Path(exists=True, dir_okay=False), required=True, help="A file of export-roles.")
def import_roles(state: AppState, *, path: str) -> None:
    """Make the roles of such a file grant what it says, and no more. Roles that are not in it stay as they are.

    \b
    Example:
      flask appbuilder import-roles --path roles.json
    """
    require_tables(state)
    names = state.sm.import_roles(path)
    click.echo(f"{counted(len(names), 'role')} imported: {', '.join(names)}" if names else "The file holds no role.")


@appbuilder.command("touch-grants")
@with_state
def touch_grants(state: AppState) -> None:
    """Let every running process read the roles' permissions anew: needed after changing them by raw SQL.

    \b
    Example:
      flask appbuilder touch-grants
    """
    require_tables(state)
    mark_grants(state.session, state.sm.models)
    state.session.commit()
    click.echo("Every process reads the permissions anew at its next request.")


def declared_of_all(state: AppState) -> frozenset[Access]:
    """What all AppBuilders of the app that share this one's tables declare together."""
    sharing = [other for other in states_of(state.app).values() if other.sm.models.role is state.sm.models.role]
    for other in sharing:
        complete(other)
    return frozenset(access for other in sharing for access in other.sm.declared)


def _show_plan(state: AppState, *, prune: bool) -> None:
    plan = state.sm.sync.plan(state.sm.declared)
    for name in plan.missing_roles:
        click.echo(f"would add the role {name}")
    _list("would add", plan.missing)
    surplus = _surplus(state) if prune else ()
    _list("would remove", surplus)
    if not plan and not surplus:
        click.echo("There is nothing to do.")


def _prune(state: AppState, *, unasked: bool) -> None:
    surplus = _surplus(state)
    if not surplus:
        click.echo("Nothing to remove.")
        return
    _list("surplus:", surplus)
    if not unasked:
        click.confirm(f"Remove {counted(len(surplus), 'permission')}, from every role too?", abort=True)
    removed = state.sm.sync.prune(declared_of_all(state))
    click.echo(f"{counted(len(removed), 'permission')} removed.")


def _surplus(state: AppState) -> tuple[Access, ...]:
    """What a prune would remove; tells what it would keep though no view declares it."""
    plan = state.sm.sync.plan(declared_of_all(state))
    _list("kept, as no sync has declared it:", plan.unknown)
    return plan.surplus


def _list(words: str, accesses: Iterable[Access]) -> None:
    for access in accesses:
        click.echo(f"{words} {access}")


def _granted(state: AppState, name: str, rows: int) -> str:
    if name == state.settings.admin_role and name not in state.settings.roles:
        return "all"
    return f"{rows} and those in code" if name in state.settings.roles else str(rows)


def _counts(state: AppState, table: Table) -> dict[object, int]:
    statement = select(table.c.role_id, func.count()).group_by(table.c.role_id)
    rows = state.session.execute(statement, bind_arguments=state.sm.bind)
    return {row[0]: row[1] for row in rows}
