"""ModelView: the pages of one model, made from its declaration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from appbuilder_lite.data.query import ListQuery, Page
from appbuilder_lite.errors import InvalidFilters, Problem
from appbuilder_lite.resource import params
from appbuilder_lite.resource.checks import check_datamodel
from appbuilder_lite.resource.declaration import ResourceDeclaration
from appbuilder_lite.resource.finding import Finder
from appbuilder_lite.resource.options import ResourceOptions, resolve
from appbuilder_lite.resource.resource import Outcome, Resource
from appbuilder_lite.security.access import Principal
from appbuilder_lite.text import gettext
from appbuilder_lite.web.actions import ActionRoutes
from appbuilder_lite.web.cells import RecordUrl
from appbuilder_lite.web.expired import sent_again, why_again
from appbuilder_lite.web.filtering import FilterRoutes
from appbuilder_lite.web.form_page import fieldset_pages, form_errors, has_file, posted_form, with_focus, with_the_rest
from appbuilder_lite.web.giving import giving_relations
from appbuilder_lite.web.list_page import ListPages
from appbuilder_lite.web.list_tools import Links, Offer
from appbuilder_lite.web.messages import PLACE, flash_of
from appbuilder_lite.web.pages import Crumb, DeletePage, FormPage, RelatedList, ShowPage
from appbuilder_lite.web.policy import ViewPolicy, sealed_fields, view_of_model
from appbuilder_lite.web.related import owners_of, related_list, within_all
from appbuilder_lite.web.rendering import page_url
from appbuilder_lite.web.routes import expose, has_access
from appbuilder_lite.web.session import current_preference
from appbuilder_lite.web.shell import MenuLink
from appbuilder_lite.web.show_page import ShowPages
from appbuilder_lite.web.state import AppState
from appbuilder_lite.web.view_checks import check_resource_class

# The names of Django's admin.
ADD_ANOTHER = "_addanother"
CONTINUE = "_continue"


class ModelView(FilterRoutes, ActionRoutes, ResourceDeclaration):
    """List, show, add, edit and delete the records of a model.

    Example::

        class CustomerView(ModelView):
            datamodel = SQLAInterface(Customer)
            list_columns = ["name", "email", "country.name"]
            search_columns = ["name", "email"]
    """

    resource_class: ClassVar[type[Resource]] = Resource
    """What reads and writes the records; a subclass of `Resource` with steps of its own."""

    options: ResourceOptions
    resource: Resource
    list_pages: ListPages
    show_pages: ShowPages
    finder: Finder
    sealed: frozenset[tuple[str, str]]

    def bind(self, state: AppState) -> list[Problem]:
        """Resolve the declaration against the model; returns every problem."""
        problems = [*super().bind(state), *check_resource_class(type(self))]
        unusable = check_datamodel(type(self))
        if unusable:
            return [*problems, *unusable]
        self.datamodel = self.bound_datamodel(state)
        self.options, found = self.resolve_options(state)
        problems += found
        if all(problem.warning for problem in problems):
            self.sealed = sealed_fields(state, self.datamodel, self.options)
            self.resource = self.resource_class(self.datamodel, self.options, self)
            self.list_pages = ListPages(self.options)
            self.show_pages = ShowPages(self.options)
            self.finder = Finder(self.resource)
        return problems

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
        policy = self.policy()
        query = params.parse(request.args, self.options)
        own = params.known_columns(current_preference(self.state), self.options)
        owners = owners_of(self, query.belongings, policy)
        wanted = replace(query, columns=query.columns or own)
        try:
            page = self.resource.list(wanted, policy, within_all(owners), with_items=policy.judges_items)
        except InvalidFilters as error:
            return self.filter_response(query, error.faults), 422
        if query.page > page.pages:
            return redirect(self.url_for("list", **params.url_args(query, self.options, page=page.pages)))
        # What the address does not say is not put into the links either: they are for others too.
        page, offer = replace(page, query=query), self.offer(query, has_columns=bool(own))
        names = {one.relation: owner.name for one, owner in zip(query.belongings, owners, strict=True)}
        found = self.list_pages.whole(page, self.links_of(page, policy), policy, offer, names)
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
            return self._form_response("add", self.resource.form("add", policy))
        form = self.resource.form("add", policy, formdata=posted_form(self.resource.add_form))
        outcome = self.resource.add(form, policy)
        if not outcome.ok:
            return self._form_response("add", form, code=422)
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
        if request.method != "POST":
            form = self.resource.form("edit", policy, item=item)
            return self._form_response("edit", form, pk=pk, name=name, deletable=deletable)
        form = self.resource.form("edit", policy, formdata=posted_form(self.resource.edit_form), item=item)
        outcome = self.resource.edit(item, form, policy)
        if not outcome.ok:
            return self._form_response("edit", form, pk=pk, name=name, deletable=deletable, code=422)
        self._tell(outcome, "edit")
        return self._next_form(outcome) or self.post_edit_redirect()

    @expose("/delete/<pk>", methods=["GET", "POST"])
    @has_access
    def delete(self, pk: str) -> ResponseReturnValue:
        """Ask (GET), then delete (POST)."""
        policy = self.policy()
        item = self.resource.get_for("delete", pk, policy)
        page = self.delete_page(item, pk)
        if request.method != "POST":
            return self.render_template(self.options.templates["delete"], page=page, item=item)
        outcome = self.resource.delete(item, policy)
        if not outcome.ok:
            for _, text in outcome.errors:
                flash(text, "danger")
            return redirect(page.cancel_url or self.url_for("list"))
        self._tell(outcome, "delete")
        return self.post_delete_redirect()

    @property
    def view_title(self) -> str:
        return self.options.list_title

    def refusal_title(self, method: str) -> str:
        """Heading of the page for somebody who may not do this with the records."""
        match method:
            case "add":
                return gettext("You cannot add to %(title)s", title=self.view_title)
            case "edit":
                return gettext("You cannot change %(title)s", title=self.view_title)
            case "delete":
                return gettext("You cannot delete from %(title)s", title=self.view_title)
        return super().refusal_title(method)

    def way_back(self) -> MenuLink | None:
        """The list, for whoever may open it."""
        if not self.can_open("list"):
            return None
        return MenuLink(gettext("Back to %(title)s", title=self.view_title), self.url_for("list"))

    def show_again(self, method: str, values: Mapping[str, Any]) -> ResponseReturnValue | None:
        """The form with what was typed, or the question before a delete."""
        if method not in ("add", "edit", "delete"):
            return super().show_again(method, values)
        pk, policy = values.get("pk", ""), self.policy()
        item = self.resource.get_for(method, pk, policy) if pk else None
        if method == "delete":
            question = replace(self.delete_page(item, pk), text=why_again())
            return self.render_template(self.options.templates["delete"], page=question, item=item)
        form_class = self.resource.add_form if method == "add" else self.resource.edit_form
        form = self.resource.form(method, policy, formdata=posted_form(form_class), item=item)
        name = "" if item is None else self.datamodel.name_of(item)
        page = sent_again(self.form_page(method, form, pk=pk, name=name))
        if item is not None and policy.refused([item])["delete"]:
            page = replace(page, delete_url="")
        return self.render_template(self.options.templates[method], page=page, form=form)

    def post_add_redirect(self) -> ResponseReturnValue:
        """Where an add leads, unless the person asked for the next form ("Save and add another")."""
        return redirect(self._home_url())

    def post_edit_redirect(self) -> ResponseReturnValue:
        """Where an edit leads, unless the person asked for the next form ("Save and continue editing")."""
        return redirect(self._home_url())

    def post_delete_redirect(self) -> ResponseReturnValue:
        """Where a delete leads."""
        return redirect(self._home_url())

    def policy(self) -> ViewPolicy:
        """What the current person may do here."""
        return ViewPolicy(self, self.principal)

    def narrow(self, query: Any, principal: Principal) -> Any:
        """A `select()` of this view's model, narrowed to what somebody may see here."""
        return self.resource.scoped(query, ViewPolicy(self, principal))

    def records(self, keys: Sequence[str]) -> Sequence[Any]:
        """The records of these keys, within the current person's scope; raises `NotFound` if one is missing."""
        return self.resource.get_many(keys, self.policy())

    def links(self) -> Links:
        """Where this view's lists lead for the current person."""
        return Links(
            list=self.url_for("list") if "list" in self.routes else request.script_root + request.path,
            show=self.record_url("show"),
            edit=self.record_url("edit"),
            delete=self.record_url("delete"),
            add=self.url_for("add") if self.can_open("add") else "",
            related=self._related_urls(),
        )

    def links_of(self, page: Page, policy: ViewPolicy) -> Links:
        """The links of a list's rows: none to edit or delete a record where the person may not do that with it."""
        refused = policy.refused([row.item for row in page.rows if row.item is not None])
        links = self.links()
        return replace(links, edit=links.edit.without(refused["edit"]), delete=links.delete.without(refused["delete"]))

    def offer(self, query: ListQuery, *, has_columns: bool) -> Offer:
        """What the current person may do with the rows of a list, and where their choices about it are kept."""
        is_known = self.principal.is_signed_in
        return Offer(
            actions=self.offered_actions(),
            action_url=self.action_url(),
            row_actions=self.row_actions(),
            columns_url=f"{page_url(self.state, 'UtilView.columns')}?view={self.view_name}" if is_known else "",
            has_columns=has_columns,
            density_url=page_url(self.state, "UtilView.density") if is_known else "",
            filter_url=self.filter_url(query),
        )

    def record_url(self, method: str) -> RecordUrl:
        """The address of a method by key, or none where the current person may not open it."""
        if not self.can_open(method):
            return RecordUrl()
        return RecordUrl.of(lambda key: self.url_for(method, pk=key))

    def show_page(self, item: Any, pk: str) -> ShowPage:
        """A record as values for the template."""
        policy, actions, name = self.policy(), self.offered_actions(pk), self.datamodel.name_of(item)
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
        fieldsets, errors = fieldset_pages(form, with_the_rest(groups, form)), form_errors(form)
        if is_new and fieldsets and not errors:
            fieldsets = with_focus(fieldsets)
        return FormPage(
            title=title,
            fieldsets=fieldsets,
            action_url=self.url_for("add") if is_new else self.url_for("edit", pk=pk),
            submit_label=gettext("Save"),
            cancel_url=self._home_url(),
            delete_url="" if is_new else self.record_url("delete")(pk),
            crumbs=self._crumbs(title),
            errors=errors,
            multipart=has_file(fieldsets),
            extra_submits=self._extra_submits(),
            is_record=not is_new,
        )

    def delete_page(self, item: Any, pk: str) -> DeletePage:
        """The question before a delete."""
        name = self.datamodel.name_of(item)
        return DeletePage(
            title=gettext("Delete “%(name)s”?", name=name),
            action_url=self.url_for("delete", pk=pk),
            cancel_url=self.record_url("show")(pk) or self._home_url(),
            submit_label=gettext("Delete %(noun)s", noun=self.options.noun),
            text=gettext("This cannot be undone."),
            crumbs=self._crumbs(name),
        )

    def _form_response(
        self, action: str, form: Any, *, pk: str = "", name: str = "", deletable: bool = False, code: int = 200
    ) -> ResponseReturnValue:
        page = self.form_page(action, form, pk=pk, name=name)
        page = page if deletable else replace(page, delete_url="")
        return self.render_template(self.options.templates[action], page=page, form=form), code

    def _crumbs(self, last: str) -> tuple[Crumb, ...]:
        first = (Crumb(self.options.list_title, self.url_for("list")),) if self.can_open("list") else ()
        return (*first, Crumb(last))

    def _home_url(self) -> str:
        return self.url_for("list") if self.can_open("list") else self.appbuilder.get_url_for_index

    def _extra_submits(self) -> tuple[tuple[str, str], ...]:
        """The further buttons of a form: names and words of those that lead where the current person may go."""
        another = ((ADD_ANOTHER, gettext("Save and add another")),) if self.can_open("add") else ()
        further = ((CONTINUE, gettext("Save and continue editing")),) if self.can_open("edit") else ()
        return another + further

    def _next_form(self, outcome: Outcome) -> ResponseReturnValue | None:
        """The form that the pressed button leads to; None for a plain save, and where the person may not open it."""
        if ADD_ANOTHER in request.form and self.can_open("add"):
            return redirect(self.url_for("add"))
        if CONTINUE in request.form and self.can_open("edit") and self.policy().lets("edit", outcome.item):
            return redirect(self.url_for("edit", pk=outcome.key))
        return None

    def _tell(self, outcome: Outcome, action: str) -> None:
        declared = self.options.messages[f"{action}_row_message"]
        if declared:
            flash(declared, "success")
        else:
            flash_of(_done(action), outcome.name, "" if action == "delete" else self._way_in(outcome))
        for text in outcome.notices:
            flash(text, "warning")

    def _way_in(self, outcome: Outcome) -> str:
        """Where the person may open a record that was written: its page, else its form; empty where neither."""
        if self.can_open("edit") and not self.can_open("show") and self.policy().lets("edit", outcome.item):
            return self.record_url("edit")(outcome.key)
        return self.record_url("show")(outcome.key)

    def _related_urls(self) -> dict[str, RecordUrl]:
        """The address of each shown relation's records, where the current person may open them."""
        urls = {}
        for name in {*self.options.listable_columns, *self.options.show_columns}:
            relation = self.options.paths[name].relation
            view = view_of_model(self.state, relation.target) if relation is not None else None
            if isinstance(view, ModelView):
                urls[name] = view.record_url("show")
        return urls


def _done(action: str) -> str:
    match action:
        case "add":
            return gettext("Added %(name)s", name=PLACE)
        case "edit":
            return gettext("Saved %(name)s", name=PLACE)
    return gettext("Deleted %(name)s", name=PLACE)
