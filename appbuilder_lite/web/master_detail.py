"""MasterDetailView: the records of a model at the side, and beside them what belongs to the chosen one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask.typing import ResponseReturnValue

from appbuilder_lite.data.query import Page
from appbuilder_lite.errors import Problem
from appbuilder_lite.resource.params import url_args
from appbuilder_lite.web.cells import RecordUrl
from appbuilder_lite.web.list_tools import Links
from appbuilder_lite.web.listing import list_page
from appbuilder_lite.web.model_view import ModelView
from appbuilder_lite.web.pages import ListPage, RelatedList
from appbuilder_lite.web.related import related_lists
from appbuilder_lite.web.routes import expose, has_access
from appbuilder_lite.web.state import AppState

DETAIL = "#detail"


@dataclass(frozen=True, slots=True)
class DetailPage:
    """The record that is chosen: where it is opened and edited (empty: it may not be), and what belongs to it."""

    title: str
    url: str = ""
    edit_url: str = ""
    lists: tuple[RelatedList, ...] = ()


class MasterDetailView(ModelView):
    """A list at the side; a row of it opens the lists of its `related_views` beside it.

    Everything else is as in `ModelView`: search, filters, actions, and the pages of a record.

    Example::

        class CustomerView(MasterDetailView):
            datamodel = SQLAInterface(Customer)
            list_columns = ["name", "city"]
            related_views = [OrderView, InvoiceView]
    """

    list_template = "appbuilder_lite/master_detail.html"

    def bind(self, state: AppState) -> list[Problem]:
        problems = super().bind(state)
        if type(self).related_views or any(".related_views" in problem.where for problem in problems):
            return problems
        message = "a MasterDetailView has no related_views, so there is nothing to show beside its list"
        fix = "name the views of what belongs to a record: related_views = [OrderView]; or use ModelView"
        return [*problems, Problem("AB117", f"{self._where}.related_views", message, fix)]

    @expose("/list/")
    @expose("/list/<pk>")
    @has_access
    def list(self, pk: str = "") -> ResponseReturnValue:
        """A page of the records, and what belongs to the chosen one."""
        item = self.resource.get(pk, self.policy()) if pk else None
        key = "" if item is None else self.datamodel.encode_key(item)
        url = self.url_for("list", pk=key) if key else self.url_for("list")
        found = list_page(self, url, lambda page, policy: self._choosing(self.links_of(page, policy), url, page))
        if not isinstance(found, ListPage):
            return found
        detail = None if item is None else self.detail_page(item)
        page = replace(found, current=key)
        return self.render_template(self.options.templates["list"], page=page, detail=detail, stylesheet="panes.css")

    def detail_page(self, item: Any) -> DetailPage:
        """The chosen record as values for the template."""
        key, refused = self.datamodel.encode_key(item), self.policy().refused([item])
        return DetailPage(
            self.datamodel.name_of(item),
            self.record_url("show")(key),
            self.record_url("edit").without(refused["edit"])(key),
            related_lists(self.state, self.options.related_views, item),
        )

    def _choosing(self, links: Links, url: str, page: Page) -> Links:
        """The same links, but a row leads to what belongs to it, with the list as it is."""
        choose = RecordUrl.of(lambda key: self.url_for("list", pk=key))
        here = {"after": page.query.after, "before": page.query.before}
        asked = Links("").asking(url_args(page.query, self.options, **here))
        return replace(links, list=url, show=replace(choose, after=f"{choose.after}{asked}{DETAIL}"))
