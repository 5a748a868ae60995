"""The navigation of a page: what a person may open, the current page marked.

It is kept for all who see the same: an app of three hundred views would spend half of each page on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import is_
from typing import Any, NamedTuple

from flask import request, url_for

from appbuilder_lite.security.access import Principal, RoleGrants
from appbuilder_lite.text import is_translated_here, reader
from appbuilder_lite.web.folding import folded
from appbuilder_lite.web.icons import symbol
from appbuilder_lite.web.kept_addresses import address, hangs_on_request
from appbuilder_lite.web.menu import MenuGroup, MenuItem
from appbuilder_lite.web.shell import MenuCategory, MenuLink
from appbuilder_lite.web.state import AppState

MOST_KEPT = 200
"""So many navigations are kept at most: one for each set of roles, in each language."""


class Navigation(NamedTuple):
    """What these roles see, without a current page; `places` has the (category, link) indexes of each view's links."""

    roles: tuple[RoleGrants, ...]
    categories: tuple[MenuCategory, ...]
    places: Mapping[str, Sequence[tuple[int, int]]]


@dataclass(slots=True)
class Navigations:
    """The navigations of one app. `varying` are the entries whose look hangs on more than the person and language."""

    size: int
    varying: tuple[MenuItem, ...]
    is_fixed: bool
    kept: dict[Any, Navigation] = field(default_factory=dict)


def visible_menu(state: AppState, principal: Principal) -> tuple[MenuCategory, ...]:
    """The navigation as this person sees it, the current page marked."""
    found = _navigation(state, principal)
    return folded(_marked(found, _view_of(request.endpoint or "")))


def page_url(state: AppState, name: str) -> str:
    """Address of a page of ours without parameters (`"UserView.list"`), or an empty string where there is none."""
    endpoint = state.endpoint(name)
    return address(state, endpoint) if endpoint in state.app.view_functions else ""


def item_url(state: AppState, item: MenuItem) -> str:
    """Where an entry of the menu leads: a page of ours, an endpoint of the host, or an address as it is."""
    if item.endpoint:
        return page_url(state, item.endpoint)
    return url_for(item.href) if item.href in state.app.view_functions else item.href


def _navigation(state: AppState, principal: Principal) -> Navigation:
    navigations = _navigations(state)
    if not navigations.is_fixed:
        return _made(state, principal)
    key = (
        principal.is_signed_in,
        tuple([role.id for role in principal.roles]),
        reader().translations,
        request.script_root,
        tuple([str(group.label) for group in state.menu.groups]),
        tuple([_look(state, item, principal) for item in navigations.varying]),
    )
    found = navigations.kept.get(key)
    # Whatever a role grants anew makes another object of it, and to compare these is quicker than all their grants.
    if found is None or not all(map(is_, found.roles, principal.roles)):
        found = _made(state, principal)
        if len(navigations.kept) >= MOST_KEPT:
            navigations.kept.clear()
        navigations.kept[key] = found
    return found


def _navigations(state: AppState) -> Navigations:
    """What is kept for this app; nothing of before an entry was added."""
    groups = state.menu.groups
    size = sum([len(group.items) for group in groups])
    found: Navigations | None = state.navigations
    if found is None or found.size != size:
        items = [item for group in groups for item in group.items]
        varying = tuple(item for item in items if _varies(state, item))
        ours = [state.endpoint(item.endpoint) for item in items if item.endpoint]
        is_fixed = not any(hangs_on_request(state.app, endpoint) for endpoint in ours)
        found = state.navigations = Navigations(size, varying, is_fixed)
    return found


def _varies(state: AppState, item: MenuItem) -> bool:
    return item.condition is not None or item.href in state.app.view_functions or not is_translated_here(item.label)


def _look(state: AppState, item: MenuItem, principal: Principal) -> tuple[str, str] | None:
    """The words and address of an entry; None where this person does not see it now."""
    if not item.is_visible(principal):
        return None
    return ("", "") if item.is_separator else (str(item.label), item_url(state, item))


def _made(state: AppState, principal: Principal) -> Navigation:
    groups = state.menu.visible(principal)
    places: dict[str, list[tuple[int, int]]] = {}
    for at, group in enumerate(groups):
        for place, item in enumerate(group.items):
            if item.endpoint:
                places.setdefault(_view_of(state.endpoint(item.endpoint)), []).append((at, place))
    return Navigation(principal.roles, tuple(_category(state, group) for group in groups), places)


def _category(state: AppState, group: MenuGroup) -> MenuCategory:
    links = tuple([_link(state, item) for item in group.items])
    return MenuCategory(str(group.label), symbol(group.icon) or group.icon, links)


def _link(state: AppState, item: MenuItem) -> MenuLink | None:
    if item.is_separator:
        return None
    return MenuLink(str(item.label), item_url(state, item), symbol(item.icon) or item.icon)


def _marked(found: Navigation, here: str) -> list[MenuCategory]:
    """The categories, with the links to the view that is here marked as current."""
    categories = list(found.categories)
    for at, place in found.places.get(here, ()) if here else ():
        links = list(categories[at].links)
        link = links[place]
        links[place] = None if link is None else replace(link, current=True)
        categories[at] = replace(categories[at], links=tuple(links))
    return categories


def _view_of(endpoint: str) -> str:
    return endpoint.rpartition(".")[0]
