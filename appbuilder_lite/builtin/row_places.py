"""Where each view menu stands for people: its category, its name in the menu, and what its actions are called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from appbuilder_lite.security.access import Access
from appbuilder_lite.security.manager_access import MENU_ACCESS
from appbuilder_lite.text import class_label, gettext
from appbuilder_lite.web.menu import MenuGroup, MenuItem
from appbuilder_lite.web.state import AppState, states_of


@dataclass(frozen=True, slots=True)
class RowPlace:
    """The heading that a view menu stands under, and what people call it; headings come by `rank`."""

    group: str
    label: str
    rank: int = 0


class RowPlaces:
    """The places of all view menus, in the order of the menu; of every AppBuilder that has these roles."""

    def __init__(self, state: AppState) -> None:
        self._declared = state.sm.declared
        self._states = [other for other in states_of(state.app).values() if other.sm is state.sm]
        self._links: dict[str, str] = {}
        self._pages: dict[str, str] = {}
        followers: set[str] = set()
        self.known: dict[str, RowPlace] = {}
        self.words: dict[Access, str] = {}
        for other in self._states:
            for group in sorted(other.menu.groups, key=lambda group: group.is_last):
                followers.update([group.name] if group.name else [])
                followers.update(self._read(other, group))
        self._read_views()
        self.followers = frozenset(followers - self._links.keys())
        """Menu entries that show when their page may be opened, and categories: access to those changes nothing."""

    def row_of(self, access: Access) -> str:
        """The view menu in whose row a permission stands: that to see a page in the menu stands with the page."""
        menu = access.view_menu
        return self._pages.get(menu, menu) if access.permission == MENU_ACCESS else menu

    def of(self, view_menu: str, permissions: Iterable[str]) -> RowPlace:
        """Where a view menu stands that has these permissions."""
        found = self.known.get(view_menu)
        if found is not None:
            return found
        names = set(permissions)
        if names == {MENU_ACCESS}:
            return RowPlace(gettext("Menu"), self._links.get(view_menu, view_menu), 2)
        if any(Access(name, view_menu) in self._declared for name in names):
            return RowPlace(gettext("Not in the menu"), view_menu, 1)
        return RowPlace(gettext("Unknown to this app"), view_menu, 3)

    def _read(self, state: AppState, group: MenuGroup) -> Iterator[str]:
        """Learn the places of a category's pages; the names of the entries that show by themselves."""
        for item in group.items:
            view: Any = state.views.get(item.endpoint.partition(".")[0])
            if view is not None:
                self.known.setdefault(view.view_menu, _place(group, item))
                self._pages.setdefault(item.name, view.view_menu)
            if item.requirement == Access(MENU_ACCESS, item.name):
                self._links[item.name] = str(item.label)
            elif not item.is_separator:
                yield item.name

    def _read_views(self) -> None:
        """Learn the places of the pages that stand in no menu, and the names of all actions."""
        for state in self._states:
            views: list[Any] = list(state.views.values())
            for view in views:
                if view.declared:
                    label = _title(view) or class_label(view.view_name)
                    self.known.setdefault(view.view_menu, RowPlace(gettext("Not in the menu"), str(label), 1))
                self.words.update({Access(name, view.view_menu): str(item.text) for name, item in view.actions.items()})


def permission_words() -> dict[str, str]:
    """What the permissions of our own pages are called; a template's text each, as they are translated."""
    return {
        "can_list": gettext("List"),
        "can_show": gettext("Show"),
        "can_add": gettext("Add"),
        "can_edit": gettext("Edit"),
        "can_delete": gettext("Delete"),
        "can_download": gettext("Download"),
        "can_export": gettext("Export"),
        "can_this_form_get": gettext("Open"),
        "can_this_form_post": gettext("Send"),
        MENU_ACCESS: gettext("Menu entry"),
    }


def plain_words(permission: str) -> str:
    """A permission's name in words: `can_mark_paid` is "Mark paid"."""
    words = permission.removeprefix("can_").replace("_", " ").strip() or permission
    return words[:1].upper() + words[1:]


def _place(group: MenuGroup, item: MenuItem) -> RowPlace:
    return RowPlace(str(group.label) or gettext("Without a category"), str(item.label))


def _title(view: Any) -> str:
    """What a page is called that stands in no menu: its list's title, or its form's."""
    return getattr(getattr(view, "options", None), "list_title", "") or getattr(view, "form_title", "")
