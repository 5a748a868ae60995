"""SimpleFormView and PublicFormView: a page with a form of the host's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask import redirect, request
from flask.typing import ResponseReturnValue

from appbuilder_lite.errors import Problem, Rejected
from appbuilder_lite.resource.forms import form_meta
from appbuilder_lite.resource.options import Fieldset
from appbuilder_lite.text import class_label, gettext, lazy
from appbuilder_lite.web.action_form import put_error
from appbuilder_lite.web.expired import sent_again
from appbuilder_lite.web.form_page import fieldset_pages, form_errors, has_file, posted_form
from appbuilder_lite.web.form_pages import FormPage
from appbuilder_lite.web.rendering import this_address
from appbuilder_lite.web.routes import expose, has_access, public
from appbuilder_lite.web.state import AppState
from appbuilder_lite.web.view import BaseView
from appbuilder_lite.web.view_checks import check_form_options


class BaseFormView(BaseView):
    """What both form views share. `form` is a `wtforms.Form`; the CSRF token is checked by the guard."""

    form: ClassVar[type[Any] | None] = None
    """The form class: `class Import(wtforms.Form): ...`."""

    form_title: ClassVar[str] = ""
    """Title of the page; empty is the class name in words."""

    form_columns: ClassVar[Sequence[str] | None] = None
    """Fields to show, in order; None is all of them."""

    form_fieldsets: ClassVar[Sequence[tuple[str | None, Mapping[str, Any]]] | None] = None
    """Fields in groups: `[("Address", {"fields": ["street", "city"], "expanded": True})]`."""

    form_template: ClassVar[str] = "appbuilder_lite/form.html"
    """Template of the page; its variable `page` is a FormPage."""

    submit_label: ClassVar[str] = lazy("Save")
    """Words on the button."""

    redirect_url: ClassVar[str] = ""
    """Where a form that was taken leads; empty is this page again."""

    default_view = "this_form_get"

    def bind(self, state: AppState) -> list[Problem]:
        problems = [*super().bind(state), *check_form_options(type(self))]
        if self.form is None and self.routes:
            fix = "set form = ... to a class made from wtforms.Form"
            problems.append(Problem("AB212", f"{self._where}.form", "this view has no form", fix))
        return problems

    def form_get(self, form: Any) -> None:
        """Fill the empty form before it is shown."""

    def form_post(self, form: Any) -> ResponseReturnValue | None:
        """Do what the valid form asks for; None leads to `redirect_url`. Raise `Rejected` to refuse."""
        return None

    def show_form(self, form: Any, code: int = 200) -> tuple[str, int]:
        """The page with this form in it."""
        return self.render_template(self.form_template, page=self.form_page(form)), code

    def form_page(self, form: Any) -> FormPage:
        """The form as values for the template."""
        fieldsets = fieldset_pages(form, self._fieldsets(form))
        return FormPage(
            title=self.form_title or class_label(self.view_name),
            fieldsets=fieldsets,
            action_url=self.form_url(),
            submit_label=gettext(self.submit_label),
            errors=form_errors(form),
            multipart=has_file(fieldsets),
        )

    def form_url(self) -> str:
        """Where the form is sent."""
        return this_address()

    def get_response(self) -> ResponseReturnValue:
        """Answer a GET: the form, filled by `form_get`."""
        form = self._new_form(None)
        self.form_get(form)
        return self.show_form(form)

    def post_response(self) -> ResponseReturnValue:
        """Answer a POST: do it, or show the form again with what was typed (422)."""
        form = self._posted_form()
        if not form.validate():
            return self.show_form(form, 422)
        try:
            result = self.form_post(form)
        except Rejected as error:
            put_error(form, error)
            return self.show_form(form, 422)
        return redirect(self.redirect_url or request.script_root + request.path) if result is None else result

    @property
    def view_title(self) -> str:
        return self.form_title or super().view_title

    def show_again(self, method: str, values: Mapping[str, Any]) -> ResponseReturnValue | None:
        """The form with what was typed."""
        if method != "this_form_post":
            return None
        page = sent_again(self.form_page(self._posted_form()))
        return self.render_template(self.form_template, page=page)

    def _posted_form(self) -> Any:
        assert self.form is not None, "checked at start (AB212)"
        return self._new_form(posted_form(self.form))

    def _new_form(self, formdata: Any) -> Any:
        assert self.form is not None, "checked at start (AB212)"
        # The guard has checked the token; a FlaskForm would show and ask for another.
        return self.form(formdata, meta=form_meta())

    def _fieldsets(self, form: Any) -> list[Fieldset]:
        if not self.form_fieldsets:
            return [Fieldset("", tuple(self.form_columns or (field.name for field in form)))]
        return [
            Fieldset(
                title or "",
                tuple(spec["fields"]),
                spec.get("expanded", True),
                spec.get("description", ""),
                spec.get("tab", ""),
            )
            for title, spec in self.form_fieldsets
        ]


class SimpleFormView(BaseFormView):
    """A page with a form, for people with its permissions (`can_this_form_get`, `can_this_form_post`).

    Example::

        class ImportView(SimpleFormView):
            form = ImportForm
            form_title = "Import prices"

            def form_post(self, form):
                start_import(form.source.data)
                flash("The import has started", "success")
    """

    @expose("/form")
    @has_access
    def this_form_get(self) -> ResponseReturnValue:
        """Show the form."""
        return self.get_response()

    @expose("/form", methods=["POST"])
    @has_access
    def this_form_post(self) -> ResponseReturnValue:
        """Take the form."""
        return self.post_response()


class PublicFormView(BaseFormView):
    """The same for everybody, signed in or not."""

    @expose("/form")
    @public
    def this_form_get(self) -> ResponseReturnValue:
        """Show the form."""
        return self.get_response()

    @expose("/form", methods=["POST"])
    @public
    def this_form_post(self) -> ResponseReturnValue:
        """Take the form."""
        return self.post_response()
