"""The search over everything that a person may open: pages by their names, records by the views' own search."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from appbuilder_lite.resource.finding import Found
from appbuilder_lite.security.access import Principal
from appbuilder_lite.text import gettext, sought
from appbuilder_lite.web.attempts import attempt
from appbuilder_lite.web.hits import parts_of
from appbuilder_lite.web.model_view import ModelView
from appbuilder_lite.web.nearness import nearest
from appbuilder_lite.web.pages import SearchGroup, SearchHit, SearchPage
from appbuilder_lite.web.places import Place, places
from appbuilder_lite.web.shell import MenuLink
from appbuilder_lite.web.state import AppState

FEWEST_LETTERS = 2
"""Letters that the longest word has at least where records are searched."""
LONGEST = 100
RECORDS = 5
"""Records of one view that a search shows."""
SECONDS = 2.0
"""After so long no further view is searched."""


@dataclass(frozen=True, slots=True)
class Searched:
    """A view that a search looks into, as the menu names it."""

    label: str
    icon: str
    view: ModelView


def search(state: AppState, principal: Principal, text: str) -> SearchPage:
    """What the words find: pages, what can be added, and records; every page and no record for no words."""
    found = places(state, principal)
    links = [MenuLink(place.label, place.url, place.icon) for place in found]
    actions = [MenuLink(place.add_label, place.add_url, "ab-plus") for place in found if place.view and place.add_url]
    is_short = not any(len(word) >= FEWEST_LETTERS for word in sought(text))
    groups, notices = ((), ()) if is_short else _records(found, text, state.settings.search_views)
    return SearchPage(
        title=gettext("Search"),
        search=text,
        is_short=is_short,
        links=tuple(nearest(text, links, _label)),
        actions=tuple(nearest(text, dict.fromkeys(actions), _label)),
        groups=groups,
        notices=notices,
        fewest=FEWEST_LETTERS,
        longest=LONGEST,
    )


def _label(link: MenuLink) -> str:
    return link.label


def _records(found: Sequence[Place], text: str, most: int) -> tuple[tuple[SearchGroup, ...], tuple[str, ...]]:
    """The records of at most so many views, and what people should know about the rest."""
    groups, failed, left_out = [], [], []
    end = time.monotonic() + SECONDS
    for number, searched in enumerate(_searched(found)):
        if number >= most or time.monotonic() > end:
            left_out.append(searched.label)
            continue
        records = _find(searched.view, text)
        if records is None:
            failed.append(searched.label)
        elif records:
            groups.append(_group(searched, records, text))
    return tuple(groups), tuple(_notices(failed, left_out))


def _notices(failed: Sequence[str], left_out: Sequence[str]) -> Iterator[str]:
    if failed:
        yield gettext("These could not be searched: %(names)s.", names=", ".join(failed))
    if left_out:
        yield gettext("These were not searched: %(names)s. Search in their own lists.", names=", ".join(left_out))


def _searched(found: Sequence[Place]) -> Iterator[Searched]:
    """The views of records that the person may list, each once, unless they opted out."""
    seen: set[str] = set()
    for place in found:
        view = place.view
        if view is None or view.view_name in seen or not view.options.global_search:
            continue
        if view.options.search_columns and view.can_open("list"):
            seen.add(view.view_name)
            yield Searched(place.label, place.icon, view)


def _find(view: ModelView, text: str) -> Sequence[Found] | None:
    return attempt(view.view_name, view.datamodel, lambda: view.finder.find(text, view.policy(), RECORDS))


def _group(searched: Searched, records: Sequence[Found], text: str) -> SearchGroup:
    all_url, url = searched.view.url_for("list", search=text), searched.view.record_url("show")
    hits = (
        SearchHit(url(record.key) or all_url, parts_of(record.title, text), parts_of(record.detail, text))
        for record in records
    )
    return SearchGroup(searched.label, all_url, searched.icon, tuple(hits))
