"""ModelView: the pages of one model, made from its declaration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from appbuilder_lite.data.query import ListQuery, Page
from appbuilder_lite.errors import Problem
from appbuilder_lite.resource.checks import check_datamodel
from appbuilder_lite.resource.finding import Finder
from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.resource.place import class_path
from appbuilder_lite.resource.resolving import resolve
from appbuilder_lite.security.access import Access
from appbuilder_lite.web.cells import RecordUrl
from appbuilder_lite.web.duplicates import duplicate_url
from appbuilder_lite.web.exporting import ExportRoutes
from appbuilder_lite.web.filtering import FilterRoutes
from appbuilder_lite.web.form_routes import FormRoutes
from appbuilder_lite.web.giving import giving_relations
from appbuilder_lite.web.inlines import InlineView
from appbuilder_lite.web.list_page import ListPages
from appbuilder_lite.web.list_tools import Links, Offer
from appbuilder_lite.web.listing import list_page
from appbuilder_lite.web.navigation import page_url
from appbuilder_lite.web.pages import ListPage, ShowPage
from appbuilder_lite.web.policy import ViewPolicy, sealed_fields, view_of_model
from appbuilder_lite.web.routes import expose, has_access
from appbuilder_lite.web.show_page import ShowPages
from appbuilder_lite.web.state import AppState
from appbuilder_lite.web.trash import TrashRoutes
from appbuilder_lite.web.view_checks import check_added, check_resource_class

WRITING = frozenset({"add", "edit", "delete"})
"""Pages that records have where something tells them apart for sure, with those that belong to them."""


class ModelView(FormRoutes, FilterRoutes, ExportRoutes, TrashRoutes):
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
            export_urls=self.export_urls(),
        )

    def show_page(self, item: Any, pk: str) -> ShowPage:
        """A record as values for the template."""
        policy, actions, name = self.policy(), self.offered_actions(pk, item), self.datamodel.name_of(item)
        key, refused = self.datamodel.encode_key(item), policy.refused([item])
        sections = self.show_pages.sections(
            key=key,
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

    def _related_urls(self) -> dict[str, RecordUrl]:
        """The address of each shown relation's records, where the current person may open them."""
        urls = {}
        for name in {*self.options.listable_columns, *self.options.show_columns}:
            relation = self.options.paths[name].relation
            view = view_of_model(self.state, relation.target) if relation is not None else None
            if isinstance(view, ModelView):
                urls[name] = view.record_url("show")
        return urls
