"""CompactCRUDMixin: a list, and on its page the form of a new record or of one of its records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue

from appbuilder_lite.data.query import Page
from appbuilder_lite.errors import InvalidInput, NotFound
from appbuilder_lite.resource import params
from appbuilder_lite.web.cells import EXAMPLE_KEY, RecordUrl
from appbuilder_lite.web.duplicates import FROM
from appbuilder_lite.web.form_pages import FormPage
from appbuilder_lite.web.guard import SAFE_METHODS, decision, refuse
from appbuilder_lite.web.list_tools import Links
from appbuilder_lite.web.listing import list_page
from appbuilder_lite.web.model_view import ModelView
from appbuilder_lite.web.pages import ListPage
from appbuilder_lite.web.policy import ViewPolicy
from appbuilder_lite.web.question_page import DeletePage
from appbuilder_lite.web.routes import expose, part_of
from appbuilder_lite.web.session import csrf_field

TEMPLATE = "appbuilder_lite/compact.html"
FORM = "#form"
_FORM_OF = {"add_beside": "add", "edit_beside": "edit"}
_ADDRESSES: tuple[tuple[str, dict[str, str]], ...] = (("add_beside", {}), ("edit_beside", {"pk": EXAMPLE_KEY}))


class CompactCRUDMixin(ModelView):
    """The forms of a view beside its list: what "New" and "Edit" of the list open, with the list as it is.

    Everything is in the address, `/list/add` and `/list/edit/<pk>` with the parameters of the list, and nothing in the
    session. The pages `/add` and `/edit/<pk>` stay what they are, for links from elsewhere.

    Example::

        class CustomerView(CompactCRUDMixin, ModelView):
            datamodel = SQLAInterface(Customer)
    """

    @expose("/list/add", methods=["GET", "POST"])
    @part_of("add")
    def add_beside(self) -> ResponseReturnValue:
        """The list, and the form for a new record (GET); add it (POST)."""
        return self._answer_beside(self.add)

    @expose("/list/edit/<pk>", methods=["GET", "POST"])
    @part_of("edit")
    def edit_beside(self, pk: str) -> ResponseReturnValue:
        """The list, and the form with one of its records (GET); save it (POST)."""
        return self._answer_beside(partial(self.edit, pk))

    def _answer_beside(self, answer: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
        """What a form answers, for those who may open the list that it stands beside, too."""
        if "list" not in self.routes:
            abort(404)
        found = decision(self.state, self.routes["list"].requirement)
        if not found:
            return refuse(self.state, found)
        # What the list cannot be asked for is told before anything is written.
        params.parse(request.args, self.options)
        return answer()

    def form_response(self, action: str, page: FormPage, form: Any, code: int = 200) -> ResponseReturnValue:
        if not self._beside or not self.can_open("list"):
            return super().form_response(action, page, form, code)
        found = self._list_beside()
        if found is None:
            return super().form_response(action, page, form, code)
        if not isinstance(found, ListPage):
            return found
        shown = {"page": self._at_side(found), "beside": page, "form": form}
        return self.render_template(TEMPLATE, form_template=self.options.templates[action], **shown), code

    def render_template(self, template: str, **values: Any) -> str:
        own = self.options.templates["list"]
        if template not in (own, TEMPLATE):
            return super().render_template(template, **values)
        script = {"list_template": own, "list_script": "compact.js"} if template == TEMPLATE else {}
        return super().render_template(template, **{"stylesheet": "panes.css", **script, **values})

    def form_page(self, action: str, form: Any, *, pk: str = "", name: str = "") -> FormPage:
        page = super().form_page(action, form, pk=pk, name=name)
        # The ways to the neighbours of a record are the rows of the list.
        return replace(page, crumbs=(), is_record=False) if self._beside else page

    def form_url(self, action: str, pk: str = "") -> str:
        if not self._beside or not self.can_open(f"{action}_beside"):
            return super().form_url(action, pk)
        return self._as_asked(self.url_for(f"{action}_beside", **({"pk": pk} if pk else {})))

    def list_links(self, page: Page, policy: ViewPolicy) -> Links:
        """The same links, but to the forms beside this very list."""
        links = super().list_links(page, policy)
        asked = self._as_asked("")
        edit, copy = links.edit, links.duplicate
        if edit.before and self.can_open("edit_beside"):
            there = RecordUrl.of(lambda key: self.url_for("edit_beside", pk=key))
            edit = replace(there, after=f"{there.after}{asked}{FORM}", refused=edit.refused)
        if copy.before and self.can_open("add_beside"):
            there = RecordUrl.of(lambda key: self.url_for("add_beside", **{FROM: key}))
            copy = replace(there, after=there.after + asked.replace("?", "&", 1), refused=copy.refused)
        add = self.url_for("add_beside") + asked if links.add and self.can_open("add_beside") else links.add
        here = self._here if self._beside else links.list
        return replace(links, list=here, add=add, edit=edit, duplicate=copy, others=self._others())

    def lists_beside(self) -> tuple[str, ...]:
        forms = [self.url_for(name, **values) for name, values in _ADDRESSES if name in self.routes]
        return (*super().lists_beside(), *(url[: url.rfind("/") + 1] for url in forms))

    def fills_form(self, name: str) -> bool:
        """At the address of a list its parameters ask for the list, and others fill the form."""
        return super().fills_form(name) and not (self._beside and params.asks_list(name, self.options))

    def delete_page(self, item: Any, pk: str) -> DeletePage:
        page = super().delete_page(item, pk)
        return replace(page, hidden=(*page.hidden, *self._asked_of_list()))

    def post_delete_redirect(self) -> ResponseReturnValue:
        """Where a delete leads: to the list as it was."""
        return redirect(self._list_as_it_was())

    def refusal_title(self, method: str) -> str:
        return super().refusal_title(_FORM_OF.get(method, method))

    def show_again(self, method: str, values: Any) -> ResponseReturnValue | None:
        return super().show_again(_FORM_OF.get(method, method), values)

    @property
    def _beside(self) -> str:
        """The method of this request's form beside the list; empty elsewhere."""
        return next(
            (name for name in _FORM_OF if request.endpoint == self.state.endpoint(f"{self.view_name}.{name}")), ""
        )

    @property
    def _here(self) -> str:
        """The address of this request for a form beside the list, without what it asks."""
        return self.url_for(self._beside, **(request.view_args or {}))

    def _list_beside(self) -> ListPage | ResponseReturnValue | None:
        """The list that this request asks for, or what is answered instead.

        None where there is none and something was sent: what was typed is worth more than a page that is gone.
        """
        is_asked = request.method in SAFE_METHODS
        try:
            found = list_page(self, self._here, self.list_links, others=self._others())
        except (InvalidInput, NotFound):
            if is_asked:
                raise
            return None
        return found if is_asked or isinstance(found, ListPage) else None

    def _is_ours(self, *methods: str) -> bool:
        theirs = [one for one in methods if getattr(type(self), one) is not getattr(CompactCRUDMixin, one, None)]
        return super()._is_ours(*theirs)

    def _home_url(self) -> str:
        url = super()._home_url()
        return self._as_asked(url) if self._beside and self.can_open("list") else url

    def _as_asked(self, url: str) -> str:
        """An address with what this request asks of the list."""
        query = params.parse(request.args, self.options)
        return Links(url).asking(params.url_args(query, self.options, after=query.after, before=query.before))

    def _others(self) -> tuple[tuple[str, str], ...]:
        """What the address says beside what it asks of the list: it goes on filling the form while the list changes."""
        if not self._beside:
            return ()
        # A form that sends them along has a token of its own.
        theirs = (one for one in request.args.items(multi=True) if one[0] != csrf_field())
        return tuple(one for one in theirs if not params.asks_list(one[0], self.options))

    def _at_side(self, page: ListPage) -> ListPage:
        """The list beside a form: its rows lead to theirs where they may, and what is asked for carries the form's."""
        others, columns = self._others(), page.columns
        return replace(
            page,
            columns=None if columns is None else replace(columns, hidden=(*columns.hidden, *others)),
            rows=[row._replace(show_url=row.edit_url or row.show_url) for row in page.rows],
            current=(request.view_args or {}).get("pk", ""),
            hidden=(*page.hidden, *others),
            page_hidden=None if page.page_hidden is None else (*page.page_hidden, *others),
        )
