"""ModelView: the pages of one model, made from its declaration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from appbuilder_lite.errors import Problem
from appbuilder_lite.resource import params
from appbuilder_lite.resource.checks import check_datamodel
from appbuilder_lite.resource.declaration import ResourceDeclaration
from appbuilder_lite.resource.options import Fieldset, ResourceOptions, resolve
from appbuilder_lite.resource.resource import Outcome, Resource
from appbuilder_lite.security.access import Principal
from appbuilder_lite.text import gettext
from appbuilder_lite.web.actions import ActionRoutes
from appbuilder_lite.web.cells import RecordUrl
from appbuilder_lite.web.form_page import fieldset_pages, form_errors, has_file, posted_form
from appbuilder_lite.web.giving import giving_relations
from appbuilder_lite.web.list_page import Links, ListPages
from appbuilder_lite.web.pages import Crumb, DeletePage, FormPage, RelatedList, ShowPage
from appbuilder_lite.web.policy import ViewPolicy, sealed_fields, view_of_model
from appbuilder_lite.web.related import related_lists
from appbuilder_lite.web.routes import expose, has_access
from appbuilder_lite.web.show_page import ShowPages
from appbuilder_lite.web.state import AppState


class ModelView(ActionRoutes, ResourceDeclaration):
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
    sealed: frozenset[tuple[str, str]]

    def bind(self, state: AppState) -> list[Problem]:
        """Resolve the declaration against the model; returns every problem."""
        problems = super().bind(state)
        unusable = check_datamodel(type(self))
        if unusable:
            return [*problems, *unusable]
        self.datamodel = type(self).datamodel.bind(state.session, resolve=state.sm.resolve_slot)
        guarded = giving_relations(state.sm.models, self.datamodel.model)
        self.options, found = resolve(type(self), self.datamodel, state.settings, left_out=guarded)
        problems += found
        if all(problem.warning for problem in problems):
            self.sealed = sealed_fields(state, self.datamodel, self.options)
            self.resource = self.resource_class(self.datamodel, self.options, self)
            self.list_pages = ListPages(self.options)
            self.show_pages = ShowPages(self.options)
        return problems

    @expose("/list/")
    @has_access
    def list(self) -> ResponseReturnValue:
        """A page of the records."""
        policy = self.policy()
        query = params.parse(request.args, self.options)
        page = self.resource.list(query, policy)
        if query.page > page.pages:
            return redirect(self.url_for("list", **params.url_args(query, self.options, page=page.pages)))
        found = self.list_pages.page(page, self.links(), policy, self.offered_actions(), self.action_url())
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
        form = self.resource.form("add", policy, formdata=posted_form())
        outcome = self.resource.add(form, policy)
        if not outcome.ok:
            return self._form_response("add", form, code=422)
        self._tell(outcome, "add")
        return self.post_add_redirect()

    @expose("/edit/<pk>", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: str) -> ResponseReturnValue:
        """The form with a record (GET); save it (POST)."""
        policy = self.policy()
        item = self.resource.get(pk, policy, self.options.edit_columns)
        name = str(item)
        if request.method != "POST":
            return self._form_response("edit", self.resource.form("edit", policy, item=item), pk=pk, name=name)
        form = self.resource.form("edit", policy, formdata=posted_form(), item=item)
        outcome = self.resource.edit(item, form, policy)
        if not outcome.ok:
            return self._form_response("edit", form, pk=pk, name=name, code=422)
        self._tell(outcome, "edit")
        return self.post_edit_redirect()

    @expose("/delete/<pk>", methods=["GET", "POST"])
    @has_access
    def delete(self, pk: str) -> ResponseReturnValue:
        """Ask (GET), then delete (POST)."""
        policy = self.policy()
        item = self.resource.get(pk, policy)
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

    def post_add_redirect(self) -> ResponseReturnValue:
        """Where an add leads."""
        return redirect(self._home_url())

    def post_edit_redirect(self) -> ResponseReturnValue:
        """Where an edit leads."""
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

    def record_url(self, method: str) -> RecordUrl:
        """The address of a method by key, or none where the current person may not open it."""
        if not self.can_open(method):
            return RecordUrl()
        return RecordUrl.of(lambda key: self.url_for(method, pk=key))

    def show_page(self, item: Any, pk: str) -> ShowPage:
        """A record as values for the template."""
        policy, actions = self.policy(), self.offered_actions(pk)
        sections = self.show_pages.sections(
            value_of=lambda path: self.datamodel.value(item, path),
            related=self._related_urls(),
            may_see=lambda name: policy.can_access_field(name, "show"),
        )
        return ShowPage(
            title=self.options.show_title or str(item),
            sections=sections,
            crumbs=self._crumbs(str(item)),
            edit_url=self.record_url("edit")(pk),
            delete_url=self.record_url("delete")(pk),
            actions=actions,
            action_url=actions[0].url if actions else "",
            key=pk,
            related=self.related_pages(item),
        )

    def related_pages(self, item: Any) -> tuple[RelatedList, ...]:
        """The lists of the related views that the current person may open."""
        return related_lists(self.state, self.options.related_views, item)

    def form_page(self, action: str, form: Any, *, pk: str = "", name: str = "") -> FormPage:
        """The form as values for the template."""
        options = self.options
        is_new = action == "add"
        noun_title = gettext("New %(noun)s", noun=options.noun)
        title = (options.add_title or noun_title) if is_new else (options.edit_title or name)
        fieldsets = fieldset_pages(form, _groups(options.add_fieldsets if is_new else options.edit_fieldsets, form))
        return FormPage(
            title=title,
            fieldsets=fieldsets,
            action_url=self.url_for("add") if is_new else self.url_for("edit", pk=pk),
            submit_label=gettext("Save"),
            cancel_url=self._home_url(),
            delete_url="" if is_new else self.record_url("delete")(pk),
            crumbs=self._crumbs(title),
            errors=form_errors(form),
            multipart=has_file(fieldsets),
        )

    def delete_page(self, item: Any, pk: str) -> DeletePage:
        """The question before a delete."""
        name = str(item)
        return DeletePage(
            title=gettext("Delete “%(name)s”?", name=name),
            action_url=self.url_for("delete", pk=pk),
            cancel_url=self.record_url("show")(pk) or self._home_url(),
            submit_label=gettext("Delete %(noun)s", noun=self.options.noun),
            text=gettext("This cannot be undone."),
            crumbs=self._crumbs(name),
        )

    def _form_response(
        self, action: str, form: Any, *, pk: str = "", name: str = "", code: int = 200
    ) -> ResponseReturnValue:
        page = self.form_page(action, form, pk=pk, name=name)
        return self.render_template(self.options.templates[action], page=page, form=form), code

    def _crumbs(self, last: str) -> tuple[Crumb, ...]:
        first = (Crumb(self.options.list_title, self.url_for("list")),) if self.can_open("list") else ()
        return (*first, Crumb(last))

    def _home_url(self) -> str:
        return self.url_for("list") if self.can_open("list") else self.appbuilder.get_url_for_index

    def _tell(self, outcome: Outcome, action: str) -> None:
        flash(self.options.messages[f"{action}_row_message"], "success")
        for text in outcome.notices:
            flash(text, "warning")

    def _related_urls(self) -> dict[str, RecordUrl]:
        """The address of each shown relation's records, where the current person may open them."""
        urls = {}
        for name in {*self.options.list_columns, *self.options.show_columns}:
            relation = self.options.paths[name].relation
            view = view_of_model(self.state, relation.target) if relation is not None else None
            if isinstance(view, ModelView):
                urls[name] = view.record_url("show")
        return urls


def _groups(fieldsets: Sequence[Fieldset], form: Any) -> list[tuple[str, Sequence[str], bool]]:
    """The fieldsets of a form; fields that none of them names come last."""
    groups: list[tuple[str, Sequence[str], bool]] = [(item.title, item.fields, item.expanded) for item in fieldsets]
    named = {name for _, names, _ in groups for name in names}
    rest = [field.name for field in form if field.name not in named]
    return [*groups, ("", rest, True)] if rest else groups
