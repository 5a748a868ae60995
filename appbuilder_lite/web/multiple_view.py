"""MultipleView: the lists of several views on one page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

from flask import redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from appbuilder_lite.errors import InvalidInput, Problem
from appbuilder_lite.resource import params
from appbuilder_lite.resource.checks_structures import listed_views
from appbuilder_lite.resource.checks_values import template
from appbuilder_lite.resource.parameters import Args
from appbuilder_lite.resource.place import OptionPlace
from appbuilder_lite.web.amounts import place
from appbuilder_lite.web.list_tools import Links, Offer
from appbuilder_lite.web.pages import RelatedList
from appbuilder_lite.web.routes import expose, has_access
from appbuilder_lite.web.state import AppState
from appbuilder_lite.web.view import BaseView
from appbuilder_lite.web.view_checks import check_added

OWN = frozenset({"sort", "page", "page_size", "after", "before"})
"""What each list of the page can be asked for, behind its view's name and a dot: `orderview.page=2`."""
OLD = ("_oc_", "_od_", "page_", "psize_")
"""The same in Flask-AppBuilder's addresses, before the view's name: `psize_OrderView=50`."""


@dataclass(frozen=True, slots=True)
class MultiplePage:
    """Several lists below each other."""

    title: str
    lists: tuple[RelatedList, ...] = ()


class MultipleView(BaseView):
    """The lists of several views on one page, each for whoever may open that view's list.

    The views are added too, with `add_view` or `add_view_no_menu`. Each list is sorted and paged by itself; its heading
    leads to its own page, where it is searched and filtered.

    Example::

        class DeskView(MultipleView):
            views = [OrderView, CustomerView]
    """

    views: ClassVar[Sequence[type[Any]] | None] = ()
    """The views whose lists are shown, from top to bottom: `[OrderView, CustomerView]`."""

    list_template: ClassVar[str] = "appbuilder_lite/multiple_views.html"
    """Template of the page; its variable `page` is a MultiplePage."""

    def bind(self, state: AppState) -> list[Problem]:
        problems = [*super().bind(state), *self._check_views()]
        if all(problem.warning for problem in problems):
            state.late_checks.append(partial(check_added, type(self), "views", self.views or ()))
        return problems

    @expose("/list/")
    @has_access
    def list(self) -> ResponseReturnValue:
        """The lists, as far as the current person may open them."""
        shown, views = [], tuple(self._openable())
        names = [view.options.name for view in views]
        for view in views:
            found = self._shown_or_told(view, _Asked(request.args, view.options.name, names))
            if not isinstance(found, RelatedList):
                return found
            shown.append(found)
        page = MultiplePage(self.view_title, tuple(shown))
        return self.render_template(self.list_template, page=page), 400 if any(one.error for one in shown) else 200

    def _openable(self) -> Iterator[Any]:
        for view_class in self.views or ():
            view: Any = self.state.classes.get(view_class)
            if view is not None and view.can_open("list"):
                yield view

    def _shown_or_told(self, view: Any, asked: _Asked) -> RelatedList | ResponseReturnValue:
        """The list of a view; as it begins, and why, where this request asks it for what cannot be."""
        try:
            return self._shown(view, asked)
        except InvalidInput as error:
            found = self._shown(view, asked.for_nothing())
            told = f"{asked.full_name(error.parameter)}: {error.message}"
            return replace(found, error=told) if isinstance(found, RelatedList) else found

    def _shown(self, view: Any, asked: _Asked) -> RelatedList | ResponseReturnValue:
        """The list of a view as this request asks for it; where its page is not there, the way to its last one."""
        policy, options = view.policy(), view.options
        query, most = params.parse(asked, options), asked.most_rows(options.max_page_size)
        query = replace(query, page_size=min(query.page_size, most))
        page = view.resource.list(query, policy, with_items=policy.judges_items)
        own = Links(self.url_for("list"), prefix=asked.prefix, others=asked.others, anchor=f"#{view.view_name.lower()}")
        if query.page > 1 and not page.rows:
            return redirect(own.asking(params.url_args(query, options, page=page.pages or 1)))
        links = replace(view.links_of(page, policy), **{name: getattr(own, name) for name in _PLACE})
        found = view.list_pages.whole(page, links, policy, Offer(), {})
        # What its other tools do is done on the list's own page.
        hidden = (*asked.others, *((f"{asked.prefix}{name}", value) for name, value in found.hidden))
        sizes = tuple(one for one in found.page_sizes if one[0] <= most)
        shown = replace(found, sums_url="", page_hidden=None, place=place(page, ""), hidden=hidden, page_sizes=sizes)
        return RelatedList(shown, view.url_for("list"), id=view.view_name.lower(), prefix=asked.prefix)

    def _check_views(self) -> Iterator[Problem]:
        option = partial(OptionPlace, type(self))
        yield from listed_views(option("views"), () if self.views is None else self.views)
        yield from template(option("list_template"), self.list_template)
        if not self.views:
            message = "a MultipleView has no views, so there is nothing to show on its page"
            yield option("views").problem("AB117", message, "name the views to list: views = [OrderView, CustomerView]")


_PLACE = ("list", "prefix", "others", "anchor")


class _Asked:
    """What one list of the page is asked for, out of an address that has something for each of those named `names`."""

    def __init__(self, args: Args, name: str, names: Iterable[str]) -> None:
        self.args = args
        self.name = name
        self.prefix = f"{name.lower()}."
        self.old = frozenset(_old(name))
        self.names = frozenset(names) - {name}

    def for_nothing(self) -> _Asked:
        """The same list, asked for nothing of its own."""
        left = MultiDict(self.others)
        return _Asked(left, self.name, self.names)

    def most_rows(self, of_page: int) -> int:
        """The list's share of the rows that one page may have."""
        return max(1, of_page // (len(self.names) + 1))

    def full_name(self, parameter: str) -> str:
        """What a parameter of the list is called in the address of the page."""
        return f"{self.prefix}{parameter}" if parameter in OWN else parameter

    def getlist(self, key: str, /) -> Sequence[str]:
        if key in self.old:
            return self.args.getlist(key)
        return self.args.getlist(f"{self.prefix}{key}") if key in OWN else ()

    def __iter__(self) -> Iterator[str]:
        return iter(())

    @property
    def others(self) -> tuple[tuple[str, str], ...]:
        """What the other lists are asked for."""
        theirs = {f"{name.lower()}.{one}" for name in self.names for one in OWN}
        theirs.update(one for name in self.names for one in _old(name))
        return tuple((name, value) for name in self.args if name in theirs for value in self.args.getlist(name))


def _old(name: str) -> Iterator[str]:
    return (f"{one}{name}" for one in OLD)
