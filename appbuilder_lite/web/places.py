"""The entries of a person's menu with what is behind them, for the pages that show more of it than links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from appbuilder_lite.security.access import Principal
from appbuilder_lite.text import gettext
from appbuilder_lite.web.icons import symbol
from appbuilder_lite.web.menu import MenuGroup, MenuItem
from appbuilder_lite.web.model_view import ModelView
from appbuilder_lite.web.navigation import item_url
from appbuilder_lite.web.state import AppState
from appbuilder_lite.web.view import BaseView


@dataclass(frozen=True, slots=True)
class Place:
    """An entry: its words, sign and address, where the person may add to it, and the view where it is one of records.

    `group` is the label of its category. An `add_url` that is empty is what the person may not do.
    """

    label: str
    url: str
    icon: str
    group: str
    add_url: str = ""
    add_label: str = ""
    view: ModelView | None = None


def places(state: AppState, principal: Principal) -> Sequence[Place]:
    """Every entry that the person sees, in the order of the menu."""
    groups = state.menu.visible(principal)
    return [_place(state, group, item) for group in groups for item in group.items if not item.is_separator]


def _place(state: AppState, group: MenuGroup, item: MenuItem) -> Place:
    view = state.views.get(item.endpoint.partition(".")[0])
    return Place(
        str(item.label),
        item_url(state, item),
        symbol(item.icon) or item.icon or symbol(group.icon) or group.icon,
        str(group.label),
        add_url=view.url_for("add") if isinstance(view, BaseView) and view.can_open("add") else "",
        add_label=view.options.add_title if isinstance(view, ModelView) else gettext("New"),
        view=view if isinstance(view, ModelView) else None,
    )
