"""What stands around the rows of a list: search, sorting, columns, paging and actions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from appbuilder_lite.data.query import Belonging, Comparison, Group, ListQuery, Order, Page, column_of, together
from appbuilder_lite.resource.exporting import FORMATS
from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.resource.params import sort_text, url_args
from appbuilder_lite.resource.policy import Policy
from appbuilder_lite.text import gettext
from appbuilder_lite.web.amounts import all_label, export_label, place
from appbuilder_lite.web.cells import NO_LINK, RecordUrl
from appbuilder_lite.web.filter_words import said
from appbuilder_lite.web.pages import ActionButton, Chip, Choice, ColumnChooser, CountedTab, Heading, ListPage
from appbuilder_lite.web.shell import MenuLink

FEW_PAGES = 7
"""Up to so many pages are turned one by one; with more there is a field for the number."""
PLACE_OF_FIELD = "{field}"
"""Stands in "Page 3 of 60" where the number of the page can be typed."""
NAMED_COLUMNS = 3
"""So many columns are named where the search box says what it looks into."""

UrlArgs = Mapping[str, str | list[str]]
"""The arguments that ask for a list, as `url_args` makes them."""


@dataclass(frozen=True, slots=True)
class Links:
    """Where a list's links lead for the current person; empty is what they may not do.

    Of several lists on one page each has a `prefix` before its arguments, and its links carry those of the `others`.
    `anchor` is the place in the page that they lead to.
    """

    list: str
    show: RecordUrl = NO_LINK
    edit: RecordUrl = NO_LINK
    delete: RecordUrl = NO_LINK
    add: str = ""
    related: Mapping[str, RecordUrl] = field(default_factory=dict)
    duplicate: RecordUrl = NO_LINK
    prefix: str = ""
    others: tuple[tuple[str, str], ...] = ()
    anchor: str = ""

    def asking(self, args: UrlArgs) -> str:
        """The address of the list with these arguments."""
        return f"{self.list}{self._query(args)}{self.anchor}"

    def leading(self, args: UrlArgs) -> str:
        """The same, for a page that has some twenty such links: a query alone leads to this very list too."""
        query = self._query(args)
        return f"{query}{self.anchor}" if query else f"{self.list}{self.anchor}"

    def _query(self, args: UrlArgs) -> str:
        return _written((*self.others, *[(f"{self.prefix}{name}", value) for name, value in flat(args)]))


@dataclass(frozen=True, slots=True)
class OfferedTab:
    """A part of the list: its title, what asks for it, and how many records it has (empty: not counted)."""

    title: str
    query: ListQuery
    count: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What the current person may do with the rows, and where their choices about lists are kept.

    `actions` are for ticked rows, which `bulk_delete_url` deletes; `row_actions` are for one record, each with its
    address by key. `columns_url` keeps columns, `has_columns` tells that it has some of this person. `filter_url` opens
    the form of the filters. `tabs` are the parts of the list; the first is all of it. `sums` say what its columns add
    up to. `has_all` tells that something can be done to all rows, those of other pages too. `trash_url` leads to what
    was deleted, `export_urls` to files of the list, by format.
    """

    actions: Sequence[ActionButton] = ()
    action_url: str = ""
    bulk_delete_url: str = ""
    row_actions: Sequence[tuple[ActionButton, RecordUrl]] = ()
    columns_url: str = ""
    has_columns: bool = False
    density_url: str = ""
    filter_url: str = ""
    tabs: Sequence[OfferedTab] = ()
    sums: Sequence[str] = ()
    has_all: bool = False
    trash_url: str = ""
    export_urls: Mapping[str, str] = field(default_factory=dict)


class ListTools:
    """Makes the tools of one view's lists."""

    def __init__(self, options: ResourceOptions) -> None:
        self.options = options

    def put_on(
        self, rows: ListPage, page: Page, links: Links, policy: Policy, offer: Offer, *, owners: Mapping[Belonging, str]
    ) -> ListPage:
        """The rows with all tools; `owners` has the name of each record that its filters are about."""
        query, options = page.query, self.options
        searched = self.searched(policy)
        orders = query.order or options.base_order
        is_filtered = query.comparisons or query.groups
        sorts = self._sorts(query, policy)
        # Rows that can be ticked are deleted by that; in a menu there is room for it all the same.
        row_delete = links.delete.before if offer.row_actions or not offer.bulk_delete_url else ""
        status, empty, hint = self._words(rows, page, searched, owners)
        has_field = page.reach > FEW_PAGES and page.number <= page.reach
        return replace(
            rows,
            headings=tuple(self._heading(heading, query, orders, links) for heading in rows.headings),
            searchable=bool(searched),
            search=query.search,
            search_placeholder=gettext("Search %(columns)s", columns=self._names(searched[:NAMED_COLUMNS]).lower()),
            sorts=sorts,
            order=sort_text(orders),
            columns=self._columns(page, links, policy, offer),
            density_url=offer.density_url,
            hidden=flat(url_args(query, options, search="", page=1, **({"order": ()} if sorts else {}))),
            chips=tuple(self._chips(query, links, offer, owners)),
            tabs=tuple(self._tab(tab, query, links) for tab in offer.tabs),
            sums=tuple(offer.sums),
            sums_url=self._sums_url(query, links, policy),
            clear_url=self._url(links, query, search="", comparisons=(), groups=(), page=1)
            if query.search or is_filtered
            else "",
            clear_label=gettext("Clear filters") if is_filtered else gettext("Clear search"),
            filter_url=offer.filter_url,
            first_url=self._url(links, query, page=1) if page.has_previous and page.pages is None else "",
            previous_url=self._turned(links, page, -1, before=page.head) if page.has_previous else "",
            next_url=self._turned(links, page, 1, after=page.tail) if page.has_next else "",
            page_sizes=self._page_sizes(query, links) if rows.total > options.page_sizes[0] else (),
            place=place(page, PLACE_OF_FIELD if has_field else ""),
            page_hidden=flat(url_args(query, options, page=1)) if has_field else None,
            actions=tuple(offer.actions),
            action_url=offer.action_url,
            bulk_delete_url=offer.bulk_delete_url,
            trash_url=offer.trash_url,
            exports=tuple(self._exports(query, offer)) if rows.rows else (),
            export_label=export_label(page),
            all_label=all_label(page) if offer.has_all else "",
            all_asked=urlencode(url_args(query.from_start(), options), doseq=True, safe=","),
            has_row_actions=bool(links.edit.before or row_delete or offer.row_actions),
            edit_prefix=links.edit.before,
            delete_prefix=row_delete,
            status=status,
            empty=empty,
            hint=hint,
        )

    def _chips(self, query: ListQuery, links: Links, offer: Offer, owners: Mapping[Belonging, str]) -> Iterator[Chip]:
        """What the list is narrowed by."""
        labels = self.options.labels
        if query.match_any and len(query.belongings) + len(together(query.comparisons)) > 1:
            all_url, way_out = self._url(links, query, match_any=False, page=1), gettext("All of them have to hold")
            yield Chip(gettext("Any of these"), all_url, way_out, offer.filter_url)
        for one in query.belongings:
            rest = tuple(other for other in query.belongings if other is not one)
            text = gettext("%(column)s: %(value)s", column=labels[one.relation], value=owners[one])
            yield Chip(text, self._url(links, query, belongings=rest, page=1), gettext("Show all"))
        for found in together(query.comparisons):
            path = found[0].path
            words = " ".join(self._said(one, owners) for one in found)
            rest_of = tuple(one for one in query.comparisons if one not in found)
            text = gettext("%(column)s: %(value)s", column=labels[path], value=words)
            way_out = gettext("Remove filter %(text)s", text=text)
            opens = f"{offer.filter_url}#filter-{path}" if offer.filter_url else ""
            yield Chip(text, self._url(links, query, comparisons=rest_of, page=1), way_out, opens)
        for group in query.groups:
            others = tuple(one for one in query.groups if one is not group)
            text = self._group_words(group, owners)
            way_out = gettext("Remove filter %(text)s", text=text)
            first = column_of(group.alternatives[0])
            opens = f"{offer.filter_url}#filter-{first}-or{group.number}" if offer.filter_url else ""
            yield Chip(text, self._url(links, query, groups=others, page=1), way_out, opens)
        if query.search:
            text = gettext("Search: %(text)s", text=query.search)
            yield Chip(text, self._url(links, query, search="", page=1), gettext("Clear search"))

    def _group_words(self, group: Group, owners: Mapping[Belonging, str]) -> str:
        """The filters of a group in words; one on the same column as the one before it does not name it again."""
        said, column = "", ""
        for block in group.blocks():
            words = " ".join(self._said(one, owners) if isinstance(one, Comparison) else owners[one] for one in block)
            if column_of(block[0]) != column:
                column = column_of(block[0])
                words = gettext("%(column)s: %(value)s", column=self.options.labels[column], value=words)
            said = gettext("%(first)s or %(second)s", first=said, second=words) if said else words
        return said

    def _tab(self, tab: OfferedTab, query: ListQuery, links: Links) -> CountedTab:
        return CountedTab(tab.title, self._url(links, tab.query), tab.count, tab.query.tab == query.tab)

    def _exports(self, query: ListQuery, offer: Offer) -> Iterator[MenuLink]:
        """The ways to files of all that is listed, whatever its page."""
        asked = replace(query.from_start(), page_size=self.options.page_size, sums=False)
        args = _written(flat(url_args(asked, self.options)))
        for name, url in offer.export_urls.items():
            yield MenuLink(FORMATS[name].label, f"{url}{args}")

    def _sums_url(self, query: ListQuery, links: Links, policy: Policy) -> str:
        """The same page with what its columns add up to; empty where that is there, or nothing to be had."""
        known = any(policy.can_access_field(name, "list") for name in self.options.list_sums)
        here = {"page": query.page, "after": query.after, "before": query.before}
        return self._url(links, query, sums=True, **here) if known and not query.sums else ""

    def narrowed_by(self, query: ListQuery, owners: Mapping[Belonging, str]) -> tuple[str, ...]:
        """What a list is narrowed by, in words."""
        part = (str(self.options.list_tabs[query.tab].title),) if query.tab else ()
        return (*part, *(chip.text for chip in self._chips(query, Links(""), Offer(), owners)))

    def _said(self, one: Comparison, owners: Mapping[Belonging, str]) -> str:
        return said(one, self.options.filters[one.path][one.operator], self.options.paths[one.path].compared, owners)

    def searched(self, policy: Policy) -> list[str]:
        """The columns that a search of this person looks into."""
        return [name for name in self.options.search_columns if policy.can_access_field(name, "list")]

    def _heading(self, heading: Heading, query: ListQuery, orders: Sequence[Order], links: Links) -> Heading:
        name = heading.name
        if name not in self.options.order_columns:
            return heading
        rank, now = next(((rank, order) for rank, order in enumerate(orders, 1) if order.path == name), (0, None))
        url = self._url(links, query, order=_next_order(name, now, is_asked=bool(query.order)), page=1)
        direction = "" if now is None else "descending" if now.descending else "ascending"
        return Heading(name, heading.label, heading.kind, url, direction, rank if len(orders) > 1 else 0)

    def _sorts(self, query: ListQuery, policy: Policy) -> tuple[Choice, ...]:
        """The orders that can be picked by name, for pages too narrow for headings."""
        names = [name for name in self.options.order_columns if policy.can_access_field(name, "list")]
        if not names:
            return ()
        now = sort_text(query.order)
        choices = [Choice("", gettext("Usual order"), not now), *self._both_ways(names, now)]
        if not any(choice.selected for choice in choices):
            choices.append(Choice(now, gettext("Several columns"), selected=True))
        return tuple(choices)

    def _both_ways(self, names: Sequence[str], now: str) -> Iterator[Choice]:
        for name in names:
            label = self.options.labels[name]
            up, down = sort_text((Order(name),)), sort_text((Order(name, descending=True),))
            yield Choice(up, label, now == up)
            yield Choice(down, gettext("%(column)s, descending", column=label), now == down)

    def _columns(self, page: Page, links: Links, policy: Policy, offer: Offer) -> ColumnChooser | None:
        options, query, shown = self.options, page.query, page.columns
        here = {"after": query.after, "before": query.before}
        further = [name for name in options.listable_columns if name not in shown]
        rest = [name for name in further if policy.can_access_field(name, "list")]
        if len(shown) + len(rest) < 2:
            return None
        return ColumnChooser(
            choices=tuple(Choice(name, options.labels[name], name in shown) for name in (*shown, *rest)),
            hidden=flat(url_args(query, options, columns=(), **here)),
            remember_url=offer.columns_url,
            forget_url=f"{offer.columns_url}&reset" if offer.has_columns else "",
            reset_url=self._url(links, query, columns=(), **here) if query.columns else "",
        )

    def _page_sizes(self, query: ListQuery, links: Links) -> tuple[tuple[int, str, bool], ...]:
        return tuple(
            (size, self._url(links, query, page_size=size, page=1), size == query.page_size)
            for size in self.options.page_sizes
        )

    def _turned(self, links: Links, page: Page, step: int, **position: str) -> str:
        """The page before or after this one: from the row on where this one ends, else by its number alone."""
        return self._url(links, page.query, page=max(1, page.number + step), **position)

    def _url(self, links: Links, query: ListQuery, **changes: Any) -> str:
        return links.leading(url_args(query, self.options, **changes))

    def _names(self, searched: Sequence[str]) -> str:
        # A host may give labels that are translated when they are shown.
        return ", ".join(str(self.options.labels[name]) for name in searched)

    def _words(
        self, rows: ListPage, page: Page, searched: Sequence[str], owners: Mapping[Belonging, str]
    ) -> tuple[str, str, str]:
        """What is said about this part of the list; where it is empty, why, and what to do about it."""
        query = page.query
        if rows.rows:
            return rows.span if page.has_previous or page.has_next else rows.count, rows.empty, ""
        if query.comparisons or query.groups:
            noun = self.options.noun
            if query.match_any and not query.groups:
                empty = gettext("No %(noun)s matches any of these filters.", noun=noun)
            else:
                empty = gettext("No %(noun)s matches all of these filters.", noun=noun)
            return empty, empty, gettext("Remove one of them above, or clear them all.")
        if not query.search and query.belongings:
            name = ", ".join(owners[one] for one in query.belongings)
            empty = gettext("No %(noun)s belongs to %(name)s.", noun=self.options.noun, name=name)
            return empty, empty, ""
        if not query.search and query.tab:
            title = self.options.list_tabs[query.tab].title
            empty = gettext("No %(noun)s is in “%(tab)s”.", noun=self.options.noun, tab=title)
            return empty, empty, ""
        if not query.search:
            hint = gettext("The first one that is added will be listed here.") if rows.add_url else ""
            return rows.empty, rows.empty, hint
        empty = gettext("No %(noun)s matches “%(search)s”.", noun=self.options.noun, search=query.search)
        hint = gettext("Each word has to be in one of these: %(columns)s.", columns=self._names(searched))
        return empty, empty, hint


def flat(args: UrlArgs) -> tuple[tuple[str, str], ...]:
    """Arguments as the hidden fields of a form: one pair for each value."""
    values = [(name, [value] if isinstance(value, str) else value) for name, value in args.items()]
    return tuple([(name, one) for name, found in values for one in found])


@lru_cache(maxsize=1000)
def _written(asked: tuple[tuple[str, str], ...]) -> str:
    """The query of an address. It is kept: the same few links stand on every page of a list."""
    return f"?{urlencode(asked, safe=',')}" if asked else ""


def _next_order(name: str, now: Order | None, *, is_asked: bool) -> tuple[Order, ...]:
    """Where a click leads: ascending, descending, then the usual order; from the usual order, the other way."""
    if now is None:
        return (Order(name),)
    if not is_asked:
        return (Order(name, not now.descending),)
    return () if now.descending else (Order(name, descending=True),)
