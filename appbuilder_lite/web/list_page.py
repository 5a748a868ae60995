"""From a page of rows to the values of the list template. What does not change is worked out once per view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from appbuilder_lite.data.failed import at_once
from appbuilder_lite.data.query import Belonging, Page, Row
from appbuilder_lite.resource.options import ResourceOptions, on_page
from appbuilder_lite.resource.policy import Policy
from appbuilder_lite.text import gettext
from appbuilder_lite.web.amounts import amount, span
from appbuilder_lite.web.cells import NO_LINK, CellMaker, RecordUrl, cell_maker, is_number
from appbuilder_lite.web.failures import careful
from appbuilder_lite.web.list_tools import Links, ListTools, Offer
from appbuilder_lite.web.marks import is_searched, marking, word_pattern
from appbuilder_lite.web.pages import ActionButton, Cell, Heading, ListPage, ListRow

Maker = tuple[CellMaker, RecordUrl]
RowActions = Sequence[tuple[ActionButton, RecordUrl]]


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list: how its cells look, and what makes them.

    `kind` is `number` where figures stand at the end of the cells, else `text`; empty where only the values tell.
    """

    name: str
    kind: str
    make: CellMaker


class ListPages:
    """Makes the list pages of one view."""

    def __init__(self, options: ResourceOptions) -> None:
        options = on_page(options, "list")
        self.options = options
        self.tools = ListTools(options)
        self.columns = {name: _list_column(name, options) for name in options.listable_columns}

    def whole(
        self, page: Page, links: Links, policy: Policy, offer: Offer, owners: Mapping[Belonging, str]
    ) -> ListPage:
        """Everything that the list template shows: the rows, and what sorts, searches, pages and acts on them.

        `owners` has what the records are called that they belong to, by what was asked for.
        """
        rows = self.page(page, links, policy, offer.row_actions)
        return self.tools.put_on(rows, page, links, policy, offer, owners=owners)

    def page(self, page: Page, links: Links, policy: Policy, row_actions: RowActions = ()) -> ListPage:
        """The rows of a list that stands inside another page: there is no way from them to further ones."""
        options = self.options
        columns = [self.columns[name] for name in page.columns]
        makers = self._makers(columns, page, links, policy)
        rows = self._rows(page.rows, columns, makers, links, row_actions)
        return ListPage(
            title=options.list_title,
            noun=options.noun,
            count=amount(page),
            headings=self._headings(columns, rows),
            rows=rows,
            add_url=links.add,
            add_label=gettext("New %(noun)s", noun=options.noun),
            total=page.total,
            span=span(page),
            page=page.number,
            pages=page.reach,
            has_row_actions=bool(links.edit.before or links.delete.before or row_actions),
            has_row_menus=bool(row_actions),
            empty=gettext("There is no %(noun)s yet.", noun=options.noun),
        )

    def _rows(
        self,
        rows: Sequence[Row],
        columns: Sequence[ListColumn],
        makers: Sequence[Maker],
        links: Links,
        row_actions: RowActions,
    ) -> list[ListRow]:
        def one_by_one() -> list[ListRow]:
            return [_list_row(row, self._careful(row.key, columns, makers), links, row_actions) for row in rows]

        if any(row.has_failed for row in rows):
            return one_by_one()
        return at_once(lambda: [_list_row(row, makers, links, row_actions) for row in rows], one_by_one)

    def _careful(self, key: str, columns: Sequence[ListColumn], makers: Sequence[Maker]) -> list[Maker]:
        """The same makers, with a mark where they fail at a value of this record."""
        return [
            (partial(careful, make, self.options.name, column.name, key), url)
            for column, (make, url) in zip(columns, makers, strict=True)
        ]

    def _headings(self, columns: Sequence[ListColumn], rows: Sequence[ListRow]) -> tuple[Heading, ...]:
        if not columns:
            # A model has nothing else to show, or the person may see nothing else.
            return (Heading("", gettext("Key"), "text"),)
        return tuple(
            Heading(column.name, self.options.labels[column.name], column.kind or _kind_of(rows, place))
            for place, column in enumerate(columns)
        )

    def _makers(self, columns: Sequence[ListColumn], page: Page, links: Links, policy: Policy) -> list[Maker]:
        """What makes the cells of each column: what is searched for is marked in them."""
        pattern = word_pattern(page.query.search)
        if pattern is None:
            return [(column.make, links.related.get(column.name, NO_LINK)) for column in columns]
        searched = self.tools.searched(policy)
        return [
            (
                marking(column.make, pattern) if is_searched(column.name, searched) else column.make,
                links.related.get(column.name, NO_LINK),
            )
            for column in columns
        ]


def _list_column(name: str, options: ResourceOptions) -> ListColumn:
    path = options.paths[name]
    is_computed = path.text in options.formatters or (path.column is None and path.relation is None)
    kind = "number" if is_number(path) else "" if is_computed else "text"
    return ListColumn(name, kind, cell_maker(path, options))


def _kind_of(rows: Sequence[ListRow], place: int) -> str:
    """The kind of a column by what its cells are: a heading stands where its figures do."""
    return "number" if any(row.cells[place].kind == "number" for row in rows) else "text"


def _list_row(row: Row, makers: Sequence[Maker], links: Links, row_actions: RowActions) -> ListRow:
    key = row.key
    cells = tuple([make(value, url) for (make, url), value in zip(makers, row.values, strict=True)])
    title = (cells[0].text if cells else "") or key
    shown = cells or (Cell("text", key),)
    actions = tuple([_of_record(button, to) for button, url in row_actions if (to := url(key))]) if row_actions else ()
    return ListRow(
        key, title, shown, links.show(key), links.edit(key), links.delete(key), actions, links.duplicate(key)
    )


def _of_record(button: ActionButton, url: str) -> ActionButton:
    return ActionButton(button.name, button.label, button.icon, button.confirmation, button.danger, url)
