"""Finding records of one view by words, when several views are searched at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from appbuilder_lite.data.failed import Failed, attempt
from appbuilder_lite.data.query import ListQuery, Row
from appbuilder_lite.resource.options import on_page
from appbuilder_lite.resource.policy import Policy
from appbuilder_lite.resource.resource import Resource
from appbuilder_lite.resource.values import text_for
from appbuilder_lite.text import sought


@dataclass(frozen=True, slots=True)
class Found:
    """A record that was found: its encoded key, its name, and the text where the words stand if that is another."""

    key: str
    title: str
    detail: str = ""


class Finder:
    """Finds records of one view; holds no state of a request.

    A record goes by what stands in the first column of its list. Nothing is found where a person meets none of the
    columns that are searched.
    """

    def __init__(self, resource: Resource) -> None:
        self.resource = resource
        self._list_options = on_page(resource.options, "list")
        self._plans: dict[tuple[str, ...], Any] = {}

    def find(self, text: str, policy: Policy, limit: int) -> Sequence[Found]:
        """Up to `limit` records within the person's scope, in the list's own order; one statement, and no count."""
        options = self.resource.options
        searched = self.resource.searched(policy)
        if not searched or not sought(text):
            return ()
        columns = self._shown(searched, policy)
        query = ListQuery(search=text, order=options.base_order, page_size=limit)
        rows = self.resource.datamodel.head(self._plan(columns), query, self.resource.scope(policy), searched)
        return [self._found(row, columns, text) for row in rows]

    def _shown(self, searched: Sequence[str], policy: Policy) -> tuple[str, ...]:
        """The naming column, then those that are searched; one with several values would cost a statement more."""
        options = self.resource.options
        single = [name for name in options.list_columns if not options.paths[name].is_to_many]
        naming = [name for name in single if policy.can_access_field(name, "list")][:1]
        return tuple(dict.fromkeys((*naming, *(name for name in searched if not options.paths[name].is_to_many))))

    def _found(self, row: Row, columns: Sequence[str], text: str) -> Found:
        texts = [self._text(name, value) for name, value in zip(columns, row.values, strict=True)]
        title = (texts[0] if texts else "") or row.key
        lacking = [word.casefold() for word in sought(text) if word.casefold() not in title.casefold()]
        others = (other for other in texts[1:] if any(word in other.casefold() for word in lacking))
        return Found(row.key, title, next(others, ""))

    def _text(self, name: str, value: Any) -> str:
        """What a column shows; nothing where that cannot be made, of which the list itself tells."""
        made = value if isinstance(value, Failed) else attempt(text_for, name, value, self._list_options)
        return "" if isinstance(made, Failed) else made

    def _plan(self, columns: tuple[str, ...]) -> Any:
        if columns not in self._plans:
            options = self.resource.options
            self._plans[columns] = self.resource.datamodel.compile_list(
                columns, options.list_eager, label_columns_of=options.label_columns_of
            )
        return self._plans[columns]
