"""From a page of rows to the values of the list template. What does not change is worked out once per view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from appbuilder_lite.data.query import ListQuery, Order, Page, Row
from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.resource.params import url_args
from appbuilder_lite.resource.policy import Policy
from appbuilder_lite.text import gettext, ngettext
from appbuilder_lite.web.cells import NO_LINK, CellMaker, RecordUrl, cell_maker, is_number
from appbuilder_lite.web.pages import ActionButton, Heading, ListPage, ListRow


@dataclass(frozen=True, slots=True)
class Links:
    """Where a list's links lead for the current person; empty is what they may not do."""

    list: str
    show: RecordUrl = NO_LINK
    edit: RecordUrl = NO_LINK
    delete: RecordUrl = NO_LINK
    add: str = ""
    related: Mapping[str, RecordUrl] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list: its place in each row's values, and what makes its cells."""

    place: int
    name: str
    kind: str
    make: CellMaker


class ListPages:
    """Makes the list pages of one view."""

    def __init__(self, options: ResourceOptions) -> None:
        self.options = options
        self.columns = [_list_column(place, name, options) for place, name in enumerate(options.list_columns)]

    def page(
        self, page: Page, links: Links, policy: Policy, actions: Sequence[ActionButton] = (), action_url: str = ""
    ) -> ListPage:
        """Everything that the list template shows; a column that the person may not see is left out."""
        options, query = self.options, page.query
        columns = [column for column in self.columns if policy.can_access_field(column.name, "list")]
        searched = [name for name in options.search_columns if policy.can_access_field(name, "list")]
        return ListPage(
            title=options.list_title,
            noun=options.noun,
            count=ngettext("%(num)s record", "%(num)s records", page.total, num=page.total),
            headings=tuple(self._heading(column, query, links) for column in columns),
            rows=[_list_row(row, columns, links) for row in page.rows],
            add_url=links.add,
            add_label=gettext("New %(noun)s", noun=options.noun),
            searchable=bool(searched),
            search=query.search,
            search_placeholder=self._placeholder(searched),
            hidden=tuple(url_args(query, options, search="", page=1).items()),
            clear_url=self._url(links, query, search="", page=1) if query.search else "",
            first=page.first,
            last=page.last,
            total=page.total,
            page=query.page,
            pages=page.pages,
            previous_url=self._url(links, query, page=query.page - 1) if query.page > 1 else "",
            next_url=self._url(links, query, page=query.page + 1) if query.page < page.pages else "",
            page_sizes=self._page_sizes(query, links),
            actions=tuple(actions),
            action_url=action_url,
            has_row_actions=bool(links.edit.before or links.delete.before),
            empty=self._empty(query),
        )

    def _heading(self, column: ListColumn, query: ListQuery, links: Links) -> Heading:
        name, label, kind = column.name, self.options.labels[column.name], column.kind
        if name not in self.options.order_columns:
            return Heading(name, label, kind)
        orders = query.order or self.options.base_order
        now = next((order for order in orders if order.path == name), None)
        direction = "" if now is None else "descending" if now.descending else "ascending"
        return Heading(name, label, kind, self._url(links, query, order=_next_order(name, now), page=1), direction)

    def _page_sizes(self, query: ListQuery, links: Links) -> tuple[tuple[int, str, bool], ...]:
        return tuple(
            (size, self._url(links, query, page_size=size, page=1), size == query.page_size)
            for size in self.options.page_sizes
        )

    def _url(self, links: Links, query: ListQuery, **changes: Any) -> str:
        args = url_args(query, self.options, **changes)
        return f"{links.list}?{urlencode(args)}" if args else links.list

    def _placeholder(self, searched: Sequence[str]) -> str:
        labels = [self.options.labels[name] for name in searched]
        return gettext("Search %(columns)s", columns=", ".join(labels[:3]).lower())

    def _empty(self, query: ListQuery) -> str:
        if query.search:
            return gettext("No record matches “%(search)s”.", search=query.search)
        return gettext("There is nothing here yet.")


def _list_column(place: int, name: str, options: ResourceOptions) -> ListColumn:
    path = options.paths[name]
    return ListColumn(place, name, "number" if is_number(path) else "text", cell_maker(path, options))


def _list_row(row: Row, columns: Sequence[ListColumn], links: Links) -> ListRow:
    related, values = links.related, row.values
    cells = tuple(column.make(values[column.place], related.get(column.name, NO_LINK)) for column in columns)
    title = (cells[0].text if cells else "") or row.key
    return ListRow(row.key, title, cells, links.show(row.key), links.edit(row.key), links.delete(row.key))


def _next_order(name: str, now: Order | None) -> tuple[Order, ...]:
    if now is None:
        return (Order(name),)
    return () if now.descending else (Order(name, descending=True),)
