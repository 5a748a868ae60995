"""ModelView: the pages of one model, made from its declaration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue

from appbuilder_lite.data.query import ListQuery, Page
from appbuilder_lite.errors import Problem
from appbuilder_lite.resource.checks import check_datamodel
from appbuilder_lite.resource.finding import Finder
from appbuilder_lite.resource.loaded import LOADED_MARKER
from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.resource.place import class_path
from appbuilder_lite.resource.resolving import resolve
from appbuilder_lite.resource.resource import Outcome
from appbuilder_lite.security.access import Access
from appbuilder_lite.text import gettext
from appbuilder_lite.web.cells import RecordUrl
from appbuilder_lite.web.conditional import with_conditions
from appbuilder_lite.web.conflicts import conflicts_of
from appbuilder_lite.web.duplicates import duplicate_url, fill_from, source_of, told, told_again
from appbuilder_lite.web.expired import sent_again
from appbuilder_lite.web.filtering import FilterRoutes
from appbuilder_lite.web.form_page import (
    fieldset_pages,
    filled_by_address,
    form_errors,
    has_file,
    posted_form,
    with_focus,
    with_the_rest,
)
from appbuilder_lite.web.form_pages import Conflict, FormPage
from appbuilder_lite.web.giving import giving_relations
from appbuilder_lite.web.inline_pages import inline_errors, inline_pages
from appbuilder_lite.web.inlines import InlineView, comes_back
from appbuilder_lite.web.list_page import ListPages
from appbuilder_lite.web.list_tools import Links, Offer
from appbuilder_lite.web.listing import list_page
from appbuilder_lite.web.pages import ListPage, RelatedList, ShowPage
from appbuilder_lite.web.policy import ViewPolicy, sealed_fields, view_of_model
from appbuilder_lite.web.related import related_list
from appbuilder_lite.web.relating import marked
from appbuilder_lite.web.rendering import page_url
from appbuilder_lite.web.routes import expose, has_access
from appbuilder_lite.web.show_page import ShowPages
from appbuilder_lite.web.state import AppState
from appbuilder_lite.web.trash import TrashRoutes
from appbuilder_lite.web.view_checks import check_added, check_resource_class

# The names of Django's admin.
ADD_ANOTHER = "_addanother"
CONTINUE = "_continue"
WRITING = frozenset({"add", "edit", "delete"})
"""Pages that records have where something tells them apart for sure, with those that belong to them."""


class ModelView(FilterRoutes, TrashRoutes):
    """List, show, add, edit and delete the records of a model.

    Example::

        class CustomerView(ModelView):
            datamodel = SQLAInterface(Customer)
            list_columns = ["name", "email", "country.name"]
            search_columns = ["name", "email"]
    """

    list_pages: ListPages
    show_pages: ShowPages
    finder: Finder

    def bind(self, state: AppState) -> list[Problem]:
        """Resolve the declaration against the model; returns every problem."""
        problems = [*super().bind(state), *check_resource_class(type(self))]
        unusable = check_datamodel(type(self))
        if unusable:
            return [*problems, *unusable]
        self.datamodel = self.bound_datamodel(state)
        taken = self._take_back() if self.datamodel.is_read_only else frozenset()
        self.options, found = self.resolve_options(state)
        problems += [*found, *self._check_taken(taken, found), *self.bind_trash(self.options)]
        if all(problem.warning for problem in problems):
            self.sealed = sealed_fields(state, self.datamodel, self.options)
            self.resource = self.resource_class(self.datamodel, self.options, self)
            self.resource.inlines = tuple(InlineView(inline, self) for inline in self.options.inlines)
            self.list_pages = ListPages(self.options)
            self.show_pages = ShowPages(self.options)
            self.finder = Finder(self.resource)
            self.trash_view = self.as_trash() if self.deletes_softly else None
            state.late_checks.append(partial(check_added, type(self), "related_views", self.options.related_views))
        return problems

    def _take_back(self) -> frozenset[str]:
        """Leave out the pages that write, and what only they ask for; those of the host's own stay."""
        routes = self.routes
        taken = {name for name, route in routes.items() if route.whole in WRITING and self._is_ours(name, route.whole)}
        self.routes = {name: route for name, route in routes.items() if name not in taken}
        asked = {route.requirement for route in self.routes.values()}
        asked.update(Access(name, self.view_menu) for name in self.actions)
        self.declared = self.declared - ({routes[name].requirement for name in taken} - asked)
        return frozenset(taken)

    def _is_ours(self, *methods: str) -> bool:
        return all(getattr(type(self), name) is getattr(ModelView, name, None) for name in methods)

    def _check_taken(self, taken: frozenset[str], found: Iterable[Problem]) -> Iterator[Problem]:
        """What a view is told that did not leave these pages out itself."""
        where, why = class_path(type(self)), f"{self.datamodel.name} has no key in the database, so"
        if self.default_view in taken:
            message = f"{why} there is no page {self.default_view!r}; the menu opens the list"
            yield Problem("AB115", f"{where}.default_view", message, 'use default_view = "list"', warning=True)
            self.default_view = "list"  # type: ignore[misc]  # this app's view alone opens with another page
            yield from self._check_default_view()
        elif taken and all(problem.id != "AB115" for problem in found):
            message = f"{why} its records are only listed and shown: no {', '.join(sorted(taken & WRITING))}"
            fix = (
                "give the table a primary key or a unique constraint that the model declares, "
                'or say so: exclude_route_methods = ["add", "edit", "delete"]'
            )
            yield Problem("AB115", f"{where}.datamodel", message, fix, warning=True)

    def bound_datamodel(self, state: AppState) -> Any:
        """The declared data source, made ready for one app."""
        return type(self).datamodel.bind(state.session, resolve=state.sm.resolve_slot)

    def resolve_options(self, state: AppState) -> tuple[ResourceOptions, tuple[Problem, ...]]:
        """What this view's declaration means in this app, and what is wrong with it."""
        guarded = giving_relations(state.sm.models, self.datamodel.model)
        return resolve(type(self), self.datamodel, state.settings, left_out=guarded)

    @expose("/list/")
    @has_access
    def list(self) -> ResponseReturnValue:
        """A page of the records."""
        found = list_page(self, self.url_for("list"), self.list_links)
        if not isinstance(found, ListPage):
            return found
        return self.render_template(self.options.templates["list"], page=found)

    @expose("/show/<pk>")
    @has_access
    def show(self, pk: str) -> ResponseReturnValue:
        """One record."""
        policy = self.policy()
        item = self.resource.get(pk, policy, self.options.show_columns)
        return self.render_template(self.options.templates["show"], page=self.show_page(item, pk), item=item)

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> ResponseReturnValue:
        """The form for a new record (GET); add it (POST)."""
        policy = self.policy()
        if request.method != "POST":
            form = self.resource.form("add", policy, formdata=filled_by_address(self.fills_form))
            source = source_of(self, policy)
            return self._form_response("add", form) if source is None else self._duplicate_response(form, source)
        form = self.resource.form("add", policy, formdata=posted_form(self.resource.add_form))
        if comes_back(form, request.form):
            return self._form_response("add", form)
        outcome = self.resource.add(form, policy)
        if not outcome.ok:
            return self._form_response("add", form, code=422)
        if (answer := self.saved_for_relation(outcome, "add")) is not None:
            return answer
        self._tell(outcome, "add")
        return self._next_form(outcome) or self.post_add_redirect()

    @expose("/edit/<pk>", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: str) -> ResponseReturnValue:
        """The form with a record (GET); save it (POST)."""
        policy = self.policy()
        item = self.resource.get_for("edit", pk, policy, self.options.edit_columns)
        # Asked before the write: what a refused one leaves may not be there to be asked any more.
        name, deletable = self.datamodel.name_of(item), not policy.refused([item])["delete"]
        respond = partial(self._form_response, "edit", pk=pk, name=name, deletable=deletable)
        if request.method != "POST":
            form = self.resource.form("edit", policy, item=item)
            self.resource.note_loaded(form, item, policy)
            return respond(form)
        posted = posted_form(self.resource.edit_form)
        form = self.resource.form("edit", policy, formdata=posted, item=item)
        if comes_back(form, request.form):
            return respond(form)
        outcome = self.resource.edit(item, form, policy)
        if outcome.stale:
            fresh = self.resource.renewed(posted, item, outcome.errors, policy)
            return respond(fresh, code=409, conflicts=conflicts_of(fresh, outcome.stale, self.options, policy))
        if not outcome.ok:
            return respond(form, code=422)
        if (answer := self.saved_for_relation(outcome, "edit")) is not None:
            return answer
        self._tell(outcome, "edit")
        return self._next_form(outcome) or self.post_edit_redirect()

    def refusal_title(self, method: str) -> str:
        """Heading of the page for somebody who may not do this with the records."""
        match method:
            case "add":
                return gettext("You cannot add to %(title)s", title=self.view_title)
            case "edit":
                return gettext("You cannot change %(title)s", title=self.view_title)
        return super().refusal_title(method)

    def show_again(self, method: str, values: Mapping[str, Any]) -> ResponseReturnValue | None:
        """The form with what was typed."""
        if method not in ("add", "edit"):
            return super().show_again(method, values)
        pk, policy = values.get("pk", ""), self.policy()
        item = self.resource.get_for(method, pk, policy, self.options.edit_columns) if pk else None
        form_class = self.resource.add_form if method == "add" else self.resource.edit_form
        form = self.resource.form(method, policy, formdata=posted_form(form_class), item=item)
        name = "" if item is None else self.datamodel.name_of(item)
        page = sent_again(self.form_page(method, form, pk=pk, name=name))
        if item is not None and policy.refused([item])["delete"]:
            page = replace(page, delete_url="")
        return self.form_response(method, page, form)

    def post_add_redirect(self) -> ResponseReturnValue:
        """Where an add leads, unless the person asked for the next form ("Save and add another")."""
        return redirect(self._home_url())

    def post_edit_redirect(self) -> ResponseReturnValue:
        """Where an edit leads, unless the person asked for the next form ("Save and continue editing")."""
        return redirect(self._home_url())

    def links(self) -> Links:
        """Where this view's lists lead for the current person."""
        return Links(
            list=self.url_for("list") if "list" in self.routes else request.script_root + request.path,
            show=self.record_url("show"),
            edit=self.record_url("edit"),
            delete=self.record_url("delete"),
            add=self.url_for("add") if self.can_open("add") else "",
            related=self._related_urls(),
            duplicate=self.duplicate_url(),
        )

    def duplicate_url(self) -> RecordUrl:
        """The address of the add form with a record's values; none where the person cannot make a duplicate."""
        # An add page of the host's own knows nothing of it.
        return duplicate_url(self) if self._is_ours("add") else RecordUrl()

    def links_of(self, page: Page, policy: ViewPolicy) -> Links:
        """The links of a list's rows: none to edit or delete a record where the person may not do that with it."""
        refused = policy.refused([row.item for row in page.rows if row.item is not None])
        links = self.links()
        return replace(links, edit=links.edit.without(refused["edit"]), delete=links.delete.without(refused["delete"]))

    def list_links(self, page: Page, policy: ViewPolicy) -> Links:
        """The links of the view's own list; other pages that show rows of it have those of `links_of`."""
        return self.links_of(page, policy)

    def offer(self, query: ListQuery, *, has_columns: bool) -> Offer:
        """What the current person may do with the rows of a list, and where their choices about it are kept."""
        is_known = self.principal.is_signed_in
        return Offer(
            actions=self.offered_actions(),
            action_url=self.action_url(),
            bulk_delete_url=self.bulk_delete_url(),
            row_actions=self.row_actions(),
            columns_url=f"{page_url(self.state, 'UtilView.columns')}?view={self.view_name}" if is_known else "",
            has_columns=has_columns,
            density_url=page_url(self.state, "UtilView.density") if is_known else "",
            filter_url=self.filter_url(query),
            trash_url=self.trash_url(),
            has_all=self.offers_all() and self.resource.can_walk,
        )

    def show_page(self, item: Any, pk: str) -> ShowPage:
        """A record as values for the template."""
        policy, actions, name = self.policy(), self.offered_actions(pk, item), self.datamodel.name_of(item)
        key, refused = self.datamodel.encode_key(item), policy.refused([item])
        sections = self.show_pages.sections(
            value_of=lambda path: self.datamodel.value(item, path),
            related=self._related_urls(),
            may_see=lambda name: policy.can_access_field(name, "show"),
        )
        return ShowPage(
            title=self.options.show_title or name,
            sections=sections,
            crumbs=self._crumbs(name),
            edit_url=self.record_url("edit").without(refused["edit"])(key),
            delete_url=self.record_url("delete").without(refused["delete"])(key),
            actions=actions,
            action_url=actions[0].url if actions else "",
            key=pk,
            related=self.related_list(item),
            duplicate_url=self.duplicate_url()(key),
        )

    def related_list(self, item: Any) -> RelatedList | None:
        """The list of the related view that the address asks for, or the first that the current person may open."""
        return related_list(self.state, self.options.related_views, item, request.args.get("related", ""))

    def form_page(self, action: str, form: Any, *, pk: str = "", name: str = "") -> FormPage:
        """The form as values for the template."""
        options = self.options
        is_new = action == "add"
        noun_title = gettext("New %(noun)s", noun=options.noun)
        title = (options.add_title or noun_title) if is_new else (options.edit_title or name)
        groups = options.add_fieldsets if is_new else options.edit_fieldsets
        look_up_url = partial(self.look_up_url, action, pk=pk)
        fieldsets = self.with_relations(form, fieldset_pages(form, with_the_rest(groups, form), look_up_url))
        fieldsets = with_conditions(fieldsets, form, options.conditional_fields)
        inlines = inline_pages(self, action, form, pk)
        errors = (*form_errors(form), *inline_errors(inlines))
        if is_new and fieldsets and not errors:
            fieldsets = with_focus(fieldsets)
        page = FormPage(
            title=title,
            fieldsets=fieldsets,
            action_url=self.form_url(action, pk),
            submit_label=gettext("Save"),
            cancel_url=self._home_url(),
            delete_url="" if is_new else self.record_url("delete")(pk),
            crumbs=self._crumbs(title),
            errors=errors,
            multipart=has_file(fieldsets),
            extra_submits=self._extra_submits(),
            hidden=((LOADED_MARKER, form.loaded_text),) if form.loaded_text else (),
            is_record=not is_new,
            inlines=inlines,
        )
        return marked(told_again(page, self, form) if is_new else page)

    def _form_response(
        self,
        action: str,
        form: Any,
        *,
        pk: str = "",
        name: str = "",
        deletable: bool = False,
        code: int = 200,
        conflicts: tuple[Conflict, ...] = (),
    ) -> ResponseReturnValue:
        page = replace(self.form_page(action, form, pk=pk, name=name), conflicts=conflicts)
        page = page if deletable else replace(page, delete_url="")
        return self.form_response(action, page, form, code)

    def _duplicate_response(self, form: Any, source: Any) -> ResponseReturnValue:
        """The add form with what it takes over from another record."""
        fill_from(self, form, source)
        page = told(self.form_page("add", form), self, form, source)
        return self.form_response("add", page, form)

    def form_response(self, action: str, page: FormPage, form: Any, code: int = 200) -> ResponseReturnValue:
        """The page on which the form of `add` or `edit` stands."""
        return self.render_template(self.options.templates[action], page=page, form=form), code

    def form_url(self, action: str, pk: str = "") -> str:
        """Where this request's forms of `add` and `edit` are opened and sent to."""
        return self.url_for(action, pk=pk) if pk else self.url_for(action)

    def fills_form(self, name: str) -> bool:
        """Whether a parameter of an address may fill a field of the add form."""
        return not name.startswith("_")

    def _extra_submits(self) -> tuple[tuple[str, str], ...]:
        """The further buttons of a form: names and words of those that lead where the current person may go."""
        another = ((ADD_ANOTHER, gettext("Save and add another")),) if self.can_open("add") else ()
        further = ((CONTINUE, gettext("Save and continue editing")),) if self.can_open("edit") else ()
        return another + further

    def _next_form(self, outcome: Outcome) -> ResponseReturnValue | None:
        """The form that the pressed button leads to; None for a plain save, and where the person may not open it."""
        if ADD_ANOTHER in request.form and self.can_open("add"):
            return redirect(self.form_url("add"))
        if CONTINUE in request.form and self.can_open("edit") and self.policy().lets("edit", outcome.item):
            return redirect(self.form_url("edit", outcome.key))
        return None

    def _related_urls(self) -> dict[str, RecordUrl]:
        """The address of each shown relation's records, where the current person may open them."""
        urls = {}
        for name in {*self.options.listable_columns, *self.options.show_columns}:
            relation = self.options.paths[name].relation
            view = view_of_model(self.state, relation.target) if relation is not None else None
            if isinstance(view, ModelView):
                urls[name] = view.record_url("show")
        return urls
