"""How many records the choices of a list's filters have, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from appbuilder_lite.data.query import MOST, Facet, ListQuery, fault_place
from appbuilder_lite.data.types import Column, Kind
from appbuilder_lite.errors import InvalidInput, NotFound
from appbuilder_lite.resource.facets import counted_by
from appbuilder_lite.web.amounts import figure
from appbuilder_lite.web.attempts import attempt
from appbuilder_lite.web.filter_groups import only
from appbuilder_lite.web.filter_page import EMPTY, FILLED
from appbuilder_lite.web.filter_rows import choice_name
from appbuilder_lite.web.policy import ViewPolicy
from appbuilder_lite.web.related import Owners, owners_of, within


class FilterCounts:
    """Counts the choices of one column after the other, a statement each, within what the person may see."""

    def __init__(self, view: Any, query: ListQuery, policy: ViewPolicy) -> None:
        self.view = view
        self.query = query
        self.policy = policy
        self._owners: Owners = {}
        self._known: dict[str, Callable[[str], str]] = {}

    def __call__(self, name: str) -> Callable[[str], str]:
        """What says how many records a choice of the column has; nothing where it was not asked for, or fails."""
        if name not in self._known:
            self._known[name] = self._counted(name)
        return self._known[name]

    def _counted(self, name: str) -> Callable[[str], str]:
        view = self.view
        asked = name in view.options.filter_counts
        found = attempt(view.view_name, view.datamodel, partial(self._facet, name)) if asked else None
        if found is None:
            return lambda _choice: ""
        return partial(_words, _by_choice(found, view.options.paths[name].compared), whole=found.whole)

    def _facet(self, name: str) -> Facet | None:
        view, query = self.view, counted_by(self.query, name)
        try:
            self._owners = owners_of(view, query, self.policy, self._owners)
            found: Facet = view.resource.facet(name, query, self.policy, within(view, self._owners, query))
        except (InvalidInput, NotFound):
            # The list says what is wrong with what it was asked for.
            return None
        return found


def without_faults(query: ListQuery, faults: Mapping[str, str]) -> ListQuery:
    """The query without the filters that something is wrong with."""
    return replace(
        query,
        belongings=tuple(one for one in query.belongings if fault_place(one) not in faults),
        comparisons=tuple(one for one in query.comparisons if fault_place(one) not in faults),
        groups=only(query.groups, lambda one, number: fault_place(one, number) not in faults),
    )


def _by_choice(found: Facet, column: Column | None) -> Mapping[str, int]:
    """The numbers by the value that the form has for a choice."""
    if column is None or column.kind is not Kind.BOOLEAN:
        return {choice_name(held): number for held, number in found.counts.items() if held is not None}
    yes, no, none = (found.counts.get(held, 0) for held in (True, False, None))
    return {"yes": yes, "no": no, EMPTY: none, FILLED: yes + no}


def _words(counts: Mapping[str, int], choice: str, *, whole: bool) -> str:
    number = counts.get(choice, 0)
    if not choice or not (number or whole):
        return ""
    return figure(number) if whole or number > MOST else f"{figure(number)}+"
