"""Where a relation's field, or a filter, finds records: a few to choose from, those of given keys, those of words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from appbuilder_lite.data.interface import DataModel, Scope
from appbuilder_lite.data.query import ListQuery, RelatedValue
from appbuilder_lite.resource.policy import LookUp

MOST_RELATED = 100
"""Records of one relation that a form carries, as its rows or as chosen ones; of more there is a link to their list."""
MOST_OPTIONS = 2000
"""Options that the selects in the rows of a form have together; where they had more, records are looked for."""
FOUND = 20
"""Records that one page of a look-up has."""
MOST_PAGES = 100
"""Pages that can be asked for: nobody turns more of them, they look for more words."""


def most_related(choices_limit: int) -> int:
    """So many chosen records a form carries: never fewer than its select offers."""
    return max(MOST_RELATED, choices_limit)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked for, on which page (from 1), what was found there, and whether there is a page after it."""

    text: str
    page: int
    records: Sequence[RelatedValue]
    more: bool


@dataclass
class Source:
    """Where a relation's records come from during one request: all within the scope.

    `limit` is the most that a select offers, `way` how the person finds others, if they may; `eager` names relations
    that the records' names follow. What `fits` is false for cannot stay where it stands, whatever the scope has.
    """

    datamodel: DataModel
    relation: str
    scope: Scope
    limit: int
    way: LookUp | None = None
    eager: Sequence[str] = ()
    fits: Callable[[Any], bool] = field(default=lambda _item: True)
    _offered: tuple[Sequence[RelatedValue], bool] | None = field(default=None, init=False)

    def offered(self) -> tuple[Sequence[RelatedValue], bool]:
        """The choices up to the limit, and whether there are more: asked for when first drawn, so not on a save."""
        if self._offered is None:
            details = () if self.way is None else self.way.search_columns
            self._offered = self.datamodel.choices(
                self.relation, self.scope, limit=self.limit, eager=self.eager, details=details
            )
        return self._offered

    def find(self, keys: Sequence[str]) -> Mapping[str, Any]:
        """The records of these keys, of those that are there."""
        return self.datamodel.related(self.relation, keys, self.scope) if keys else {}

    def look_up(self, text: str, page: int = 1) -> Finding:
        """The records that have the words; all of them, page by page, for none. Raises `InvalidInput`."""
        way = self.way or LookUp()
        query = ListQuery(search=text, order=way.order, page=page, page_size=FOUND)
        found = self.datamodel.look_up(self.relation, query, self.scope, way.search_columns, self.eager)
        records, more = found
        return Finding(text, page, records, more and page < MOST_PAGES)

    def keys_of(self, items: Iterable[Any]) -> dict[str, Any]:
        """Key -> record, of records that are loaded already."""
        return {self.datamodel.encode_key(item): item for item in items}
