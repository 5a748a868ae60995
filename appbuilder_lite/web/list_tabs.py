"""The parts that a list is shown in, as tabs above it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from appbuilder_lite.data.interface import Scope
from appbuilder_lite.data.query import MOST, ListQuery
from appbuilder_lite.data.sqla_counts import Counting, count, counting
from appbuilder_lite.text import gettext
from appbuilder_lite.web.amounts import figure
from appbuilder_lite.web.attempts import attempt
from appbuilder_lite.web.list_tools import OfferedTab
from appbuilder_lite.web.policy import ViewPolicy

ALL = ""
"""What the query of a list calls all of it."""


def list_tabs(view: Any, query: ListQuery, policy: ViewPolicy, within: Scope | None) -> Sequence[OfferedTab]:
    """All of the list, and each of its parts with what was counted; none where the view has no parts.

    `within` are the records that the list belongs to. What was searched and filtered in one part is not so in another.
    """
    declared = view.options.list_tabs
    if not declared:
        return ()
    bare = replace(query.from_start(), search="", comparisons=(), groups=(), match_any=False)
    queries = {name: replace(bare, tab=name) for name in (ALL, *declared)}
    known = _counted(view, queries, policy, within) if view.options.list_tab_counts else {}
    titles = {ALL: gettext("All"), **{name: str(tab.title) for name, tab in declared.items()}}
    return tuple(OfferedTab(titles[name], queries[name], figure(known.get(name))) for name in queries)


def _counted(
    view: Any, queries: Mapping[str, ListQuery], policy: ViewPolicy, within: Scope | None
) -> Mapping[str, int]:
    """The number of records in each part, in one statement; nothing of it where that fails."""
    asked = partial(_countings, view, queries.values(), policy, within)
    found = attempt(view.view_name, view.datamodel, lambda: count(list(asked())))
    return dict(zip(queries, found or (), strict=False))


def _countings(view: Any, queries: Any, policy: ViewPolicy, within: Scope | None) -> Iterator[Counting]:
    for query in queries:
        narrowed = view.resource.narrowed(query, policy, within)
        made = counting(view.datamodel, narrowed, MOST + 1)
        if made is not None:
            yield made
