"""From the address of a list to its page, for every page on which the list of a view stands with all its tools."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue

from appbuilder_lite.data.query import Page
from appbuilder_lite.errors import InvalidFilters
from appbuilder_lite.resource import params
from appbuilder_lite.web.list_sums import list_sums
from appbuilder_lite.web.list_tabs import list_tabs
from appbuilder_lite.web.list_tools import Links
from appbuilder_lite.web.pages import ListPage
from appbuilder_lite.web.policy import ViewPolicy
from appbuilder_lite.web.related import owners_of, within
from appbuilder_lite.web.session import current_preference

LinksOf = Callable[[Page, ViewPolicy], Links]


def list_page(
    view: Any, url: str, links_of: LinksOf, *, others: tuple[tuple[str, str], ...] = ()
) -> ListPage | ResponseReturnValue:
    """The page of a view's records that this request asks for, at `url`; where there is none, what is answered instead.

    `links_of` says where its links lead for the current person; `others` is what the address says of something else.
    """
    options, policy = view.options, view.policy()
    query = params.parse(request.args, options)
    own = params.known_columns(current_preference(view.state), options)
    owners = owners_of(view, query.records, policy)
    theirs = within(view, owners, query)
    wanted = replace(query, columns=query.columns or own)
    try:
        page = view.resource.list(wanted, policy, theirs, with_items=policy.judges_items or view.judges_rows)
    except InvalidFilters as error:
        if not view.can_open("filter"):
            raise
        return view.filter_response(query, error.faults), 422
    if query.page > 1 and not page.rows:
        return redirect(Links(url, others=others).asking(params.url_args(query, options, page=page.pages or 1)))
    # What the address does not say is not put into the links either: they are for others too.
    page, offer = replace(page, query=query), view.offer(query, has_columns=bool(own))
    offer = replace(offer, tabs=list_tabs(view, query, policy, theirs), sums=list_sums(view, query, policy, theirs))
    if view.judges_rows:
        items = [row.item for row in page.rows if row.item is not None]
        offer = replace(offer, row_actions=view.row_actions(items))
    names = {one: owner.name for one, owner in zip(query.records, owners, strict=True)}
    found: ListPage = view.list_pages.whole(page, links_of(page, policy), policy, offer, names)
    return found
