"""The forms in which records are added and edited, and where a save leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue

from appbuilder_lite.errors import NotFound
from appbuilder_lite.resource.loaded import LOADED_MARKER
from appbuilder_lite.resource.resource import Outcome
from appbuilder_lite.text import gettext
from appbuilder_lite.web.conditional import with_conditions
from appbuilder_lite.web.conflicts import conflicts_of
from appbuilder_lite.web.duplicates import fill_from, source_of, told, told_again
from appbuilder_lite.web.expired import sent_again
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
from appbuilder_lite.web.gone import SHOWN, gone_form, shown, was_shown
from appbuilder_lite.web.inline_pages import inline_errors, inline_pages
from appbuilder_lite.web.inlines import comes_back
from appbuilder_lite.web.policy import ViewPolicy
from appbuilder_lite.web.relating import RELATED, RelationForms, marked
from appbuilder_lite.web.routes import expose, has_access

# The names of Django's admin.
ADD_ANOTHER = "_addanother"
CONTINUE = "_continue"


class FormRoutes(RelationForms):
    """Add and edit the records of a model."""

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
        try:
            item = self.resource.get_for("edit", pk, policy, self.options.edit_columns)
        except NotFound:
            if not was_shown(self, policy, pk):
                raise
            return self._gone_response(policy, pk)
        # Asked before the write: what a refused one leaves may not be there to be asked any more.
        name, deletable = self.datamodel.name_of(item), not policy.refused([item])["delete"]
        respond = partial(self._form_response, "edit", pk=pk, name=name, deletable=deletable)
        if request.method != "POST":
            form = self.resource.form("edit", policy, item=item)
            self.resource.note_loaded(form, item, policy)
            return respond(form, item=item)
        posted = posted_form(self.resource.edit_form)
        form = self.resource.form("edit", policy, formdata=posted, item=item)
        if comes_back(form, request.form):
            return respond(form, item=item)
        outcome = self.resource.edit(item, form, policy)
        if outcome.stale:
            fresh = self.resource.renewed(posted, item, outcome.errors, policy)
            asked = conflicts_of(fresh, outcome.stale, self.options, policy)
            return respond(fresh, item=self._still_there(pk), code=409, conflicts=asked)
        if outcome.is_late and was_shown(self, policy, pk) and self.datamodel.claim([item], ()).gone:
            return self._gone_response(policy, pk)
        if not outcome.ok:
            return respond(form, item=self._still_there(pk), code=422)
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
        try:
            item = self.resource.get_for(method, pk, policy, self.options.edit_columns) if pk else None
        except NotFound:
            if not was_shown(self, policy, pk):
                raise
            return self._gone_response(policy, pk)
        form_class = self.resource.add_form if method == "add" else self.resource.edit_form
        form = self.resource.form(method, policy, formdata=posted_form(form_class), item=item)
        name = "" if item is None else self.datamodel.name_of(item)
        page = sent_again(self.form_page(method, form, pk=pk, name=name))
        if item is not None and policy.refused([item])["delete"]:
            page = replace(page, delete_url="")
        return self.form_response(method, self._with_related(page, item), form)

    def post_add_redirect(self) -> ResponseReturnValue:
        """Where an add leads, unless the person asked for the next form ("Save and add another")."""
        return redirect(self._home_url())

    def post_edit_redirect(self) -> ResponseReturnValue:
        """Where an edit leads, unless the person asked for the next form ("Save and continue editing")."""
        return redirect(self._home_url())

    def form_page(self, action: str, form: Any, *, pk: str = "", name: str = "") -> FormPage:
        """The form as values for the template."""
        options = self.options
        is_new = action == "add"
        noun_title = gettext("New %(noun)s", noun=options.noun)
        title = (options.add_title or noun_title) if is_new else (options.edit_title or name)
        groups = options.add_fieldsets if is_new else options.edit_fieldsets
        look_up_url = partial(self.look_up_url, action, pk=pk)
        fieldsets = self.with_relations(form, fieldset_pages(form, with_the_rest(groups, form), look_up_url), pk)
        fieldsets = with_conditions(fieldsets, form, options.conditional_fields)
        inlines = inline_pages(self, action, form, pk)
        errors = (*form_errors(form), *inline_errors(inlines))
        if is_new and fieldsets and not errors:
            fieldsets = with_focus(fieldsets)
        loaded = ((LOADED_MARKER, form.loaded_text),) if form.loaded_text else ()
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
            hidden=(*loaded, *(() if is_new else ((SHOWN, shown(self, self.policy(), pk)),))),
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
        item: Any = None,
        code: int = 200,
        conflicts: tuple[Conflict, ...] = (),
    ) -> ResponseReturnValue:
        page = replace(self.form_page(action, form, pk=pk, name=name), conflicts=conflicts)
        page = page if deletable else replace(page, delete_url="")
        return self.form_response(action, self._with_related(page, item), form, code)

    def _gone_response(self, policy: ViewPolicy, pk: str) -> ResponseReturnValue:
        """What was typed into the form of a record that is gone (409)."""
        action, page, form = gone_form(self, policy, pk)
        return self.form_response(action, page, form, 409)

    def _with_related(self, page: FormPage, item: Any) -> FormPage:
        """The page with what belongs to the record below its form, where that stands on a page of its own."""
        is_alone = item is not None and page.is_record and RELATED not in request.values
        return replace(page, related=self.related_list(item)) if is_alone else page

    def _still_there(self, pk: str) -> Any:
        """The record after a save that failed: it may be gone, or be no more the person's to see."""
        return self.datamodel.get(pk, self.resource.scope(self.policy())) if self.options.related_views else None

    def _duplicate_response(self, form: Any, source: Any) -> ResponseReturnValue:
        """The add form with what it takes over from another record."""
        left = fill_from(self, form, source)
        page = told(self.form_page("add", form), self, form, source, left)
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
