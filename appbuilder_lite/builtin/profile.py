"""The person's own profile: names to change, roles to look at."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import wtforms
from flask import flash, redirect
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DataError, IntegrityError

from appbuilder_lite.errors import Rejected
from appbuilder_lite.resource.plain_text import fault_of
from appbuilder_lite.text import gettext, lazy
from appbuilder_lite.web.form_pages import FieldPage, FieldsetPage, FormPage
from appbuilder_lite.web.form_view import SimpleFormView
from appbuilder_lite.web.pages import Cell, ShowField, ShowPage, ShowSection
from appbuilder_lite.web.routes import signed_in

_EDITABLE = ("first_name", "last_name")
_LONGEST_NAME = 64


def _is_plain(_form: wtforms.Form, field: wtforms.Field) -> None:
    """Refuses what no database holds in a text."""
    fault = fault_of(field.data or "")
    if fault is not None:
        raise wtforms.ValidationError(fault)


def _name_field(label: str, autocomplete: str) -> wtforms.StringField:
    checks = [wtforms.validators.InputRequired(), wtforms.validators.Length(max=_LONGEST_NAME), _is_plain]
    return wtforms.StringField(label, checks, render_kw={"autocomplete": autocomplete})


class UserInfoEdit(wtforms.Form):
    """What people may change of themselves."""

    first_name = _name_field(lazy("First name"), "given-name")
    last_name = _name_field(lazy("Last name"), "family-name")


class UserInfoEditView(SimpleFormView):
    """My profile: first and last name where the user class has them; username, address and roles to read."""

    route_base = "/userinfoeditview"
    form = UserInfoEdit
    form_title = lazy("My profile")

    show_template = "appbuilder_lite/show.html"
    """Template where there is nothing to change; its variable `page` is a ShowPage."""

    @signed_in
    def this_form_get(self) -> ResponseReturnValue:
        """Show the profile."""
        if any(self.state.sm.users.has(name) for name in _EDITABLE):
            return self.get_response()
        fields = tuple(ShowField(name, label, Cell("text", text)) for name, label, text in self._facts())
        page = ShowPage(gettext(self.form_title), (ShowSection("", fields),))
        return self.render_template(self.show_template, page=page)

    @signed_in
    def this_form_post(self) -> ResponseReturnValue:
        """Save the profile."""
        return self.post_response()

    def form_get(self, form: Any) -> None:
        """Fill in the names that there are."""
        for field in form:
            field.data = self.state.sm.users.get(self.principal.user, field.name)

    def form_post(self, form: Any) -> ResponseReturnValue | None:
        """Write the names."""
        sm, user = self.state.sm, self.principal.user
        try:
            with sm.writing(commit=True):
                for field in form:
                    sm.users.set(user, field.name, field.data)
        except (DataError, IntegrityError) as error:
            raise Rejected(gettext("The database does not accept a value.")) from error
        flash(gettext("Your profile is saved."), "success")
        return redirect(self.url_for("this_form_get"))

    def form_page(self, form: Any) -> FormPage:
        """The form, with what can only be read below it."""
        page = super().form_page(form)
        facts = tuple(FieldPage(name, name, label, "static", text) for name, label, text in self._facts())
        return replace(page, fieldsets=(*page.fieldsets, FieldsetPage(gettext("Account"), facts)))

    def _new_form(self, formdata: Any) -> Any:
        form = super()._new_form(formdata)
        for name in _EDITABLE:
            if name in form and not self.state.sm.users.has(name):
                del form[name]
        names = [form[name] for name in _EDITABLE if name in form]
        if len(names) == 1:
            # A class with one name has the whole of it there.
            names[0].label.text = gettext("Name")
            names[0].render_kw = {**(names[0].render_kw or {}), "autocomplete": "name"}
        return form

    def _facts(self) -> list[tuple[str, str, str]]:
        """(name, label, text) of what the person cannot change here."""
        users, user = self.state.sm.users, self.principal.user
        facts = []
        for name, label in (("username", gettext("Username")), ("email", gettext("Email"))):
            if users.has(name) and (name == "username" or users.real_name(name) != users.real_name("username")):
                facts.append((name, label, str(users.get(user, name) or "")))
        roles = ", ".join(role.name for role in self.principal.roles)
        return [*facts, ("roles", gettext("Roles"), roles)]
