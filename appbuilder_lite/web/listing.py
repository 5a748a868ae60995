"""From the address of a list to its page, for every page on which the list of a view stands with all its tools."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue

from appbuilder_lite.data.interface import Scope
from appbuilder_lite.data.query import ListQuery, Page
from appbuilder_lite.errors import InvalidFilters
from appbuilder_lite.resource import params
from appbuilder_lite.resource.narrowing import value_faults
from appbuilder_lite.web.list_sums import list_sums
from appbuilder_lite.web.list_tabs import list_tabs
from appbuilder_lite.web.list_tools import Links
from appbuilder_lite.web.pages import ListPage
from appbuilder_lite.web.policy import ViewPolicy
from appbuilder_lite.web.related import Owners, names_of, owners_of, within
from appbuilder_lite.web.session import current_preference

LinksOf = Callable[[Page, ViewPolicy], Links]


@dataclass(frozen=True)
class AskedList:
    """What this request asks of the list of a view: `wanted` is the `query` with the columns that the person has."""

    view: Any
    policy: ViewPolicy
    query: ListQuery
    wanted: ListQuery
    has_columns: bool

    @cached_property
    def owners(self) -> Owners:
        """The records that its filters name; raises `InvalidFilters` and `NotFound`."""
        return owners_of(self.view, self.query, self.policy)

    @cached_property
    def within(self) -> Scope | None:
        """Narrows a `select()` to the records of these; raises `InvalidFilters` and `NotFound`."""
        return within(self.view, self.owners, self.query)

    def refused(self, error: InvalidFilters) -> ResponseReturnValue:
        """The form of the filters with what is wrong with them, for whoever may open it."""
        if not self.view.can_open("filter"):
            raise error
        faults = value_faults(self.query, self.view.options, self.policy, self.view.datamodel)
        return self.view.filter_response(self.query, {**faults, **error.faults}), 422


def asked_list(view: Any) -> AskedList:
    """Read what this request asks of a view's list; raises `InvalidInput`."""
    options, policy = view.options, view.policy()
    query = params.parse(request.args, options)
    own = params.known_columns(current_preference(view.state), options)
    wanted = replace(query, columns=query.columns or own)
    return AskedList(view, policy, query, wanted, has_columns=bool(own))


def list_page(
    view: Any, url: str, links_of: LinksOf, *, others: tuple[tuple[str, str], ...] = ()
) -> ListPage | ResponseReturnValue:
    """The page of a view's records that this request asks for, at `url`; where there is none, what is answered instead.

    `links_of` says where its links lead for the current person; `others` is what the address says of something else.
    """
    asked = asked_list(view)
    policy, query = asked.policy, asked.query
    try:
        theirs = asked.within
        page = view.resource.list(asked.wanted, policy, theirs, with_items=policy.judges_items or view.judges_rows)
    except InvalidFilters as error:
        return asked.refused(error)
    if query.page > 1 and not page.rows:
        return redirect(Links(url, others=others).asking(params.url_args(query, view.options, page=page.pages or 1)))
    # What the address does not say is not put into the links either: they are for others too.
    page, offer = replace(page, query=query), view.offer(query, has_columns=asked.has_columns)
    offer = replace(offer, tabs=list_tabs(view, query, policy, theirs), sums=list_sums(view, query, policy, theirs))
    if view.judges_rows:
        items = [row.item for row in page.rows if row.item is not None]
        offer = replace(offer, row_actions=view.row_actions(items))
    found: ListPage = view.list_pages.whole(page, links_of(page, policy), policy, offer, names_of(asked.owners))
    return found
