"""The command that lists what there is to open."""

from __future__ import annotations

import click

from appbuilder_lite.cli.group import appbuilder, counted, echo_table, with_state
from appbuilder_lite.security.access import Access
from appbuilder_lite.web.state import AppState
from appbuilder_lite.web.view import BaseView


@appbuilder.command("list-views")
@click.option("--permissions", is_flag=True, help="List each permission on a line of its own.")
@with_state
def list_views(state: AppState, *, permissions: bool) -> None:
    """List the views with their address and permissions. Needs no database.

    \b
    Examples:
      flask appbuilder list-views
      flask appbuilder list-views --permissions
    """
    views = [view for view in state.views.values() if isinstance(view, BaseView)]
    if permissions:
        for access in sorted({access for view in views for access in view.declared}, key=_by_view_menu):
            click.echo(f"{access.view_menu}: {access.permission}")
        return
    rows = [(view.view_name, _address(state, view), view.view_menu, _names(view)) for view in views]
    echo_table(["view", "address", "view menu", "permissions"], rows)
    click.echo(counted(len(rows), "view") + ".", err=True)


def _by_view_menu(access: Access) -> tuple[str, str]:
    return access.view_menu, access.permission


def _address(state: AppState, view: BaseView) -> str:
    return state.settings.url_prefix + view.base_url or "/"


def _names(view: BaseView) -> str:
    return ", ".join(sorted(access.permission for access in view.declared)) or "-"
