"""The pages on which passwords are changed: one's own, and somebody else's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import wtforms
from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from appbuilder_lite.builtin.fields import new_password_field
from appbuilder_lite.builtin.password_rules import chosen_password
from appbuilder_lite.data.sqla_model import SQLAInterface
from appbuilder_lite.data.types import security_model
from appbuilder_lite.errors import NotFound, Problem, Rejected
from appbuilder_lite.text import gettext, lazy
from appbuilder_lite.web.form_pages import FormPage
from appbuilder_lite.web.form_view import SimpleFormView
from appbuilder_lite.web.giver import Giver
from appbuilder_lite.web.navigation import page_url
from appbuilder_lite.web.policy import view_of_model
from appbuilder_lite.web.routes import signed_in
from appbuilder_lite.web.session import renew
from appbuilder_lite.web.state import AppState


class ResetMyPasswordForm(wtforms.Form):
    """The current password, and the new one twice."""

    current_password = new_password_field(lazy("Current password"), "current-password")
    new_password = new_password_field(lazy("New password"))
    repeat_password = new_password_field(lazy("Repeat new password"))


class ResetPasswordForm(wtforms.Form):
    """The new password twice."""

    new_password = new_password_field(lazy("New password"))
    repeat_password = new_password_field(lazy("Repeat new password"))


class ResetMyPasswordView(SimpleFormView):
    """Change one's own password: every other session of the person ends, this one stays."""

    route_base = "/resetmypassword"
    form = ResetMyPasswordForm
    form_title = lazy("Change password")
    submit_label = lazy("Change password")

    @signed_in
    def this_form_get(self) -> ResponseReturnValue:
        """Show the form."""
        return self.get_response()

    @signed_in
    def this_form_post(self) -> ResponseReturnValue:
        """Change the password."""
        return self.post_response()

    def form_post(self, form: Any) -> ResponseReturnValue | None:
        """Check the current password, set the new one, keep this session."""
        sm, user = self.state.sm, self.principal.user
        if not sm.users.verify_password(user, form.current_password.data):
            raise Rejected(gettext("This is not your current password."), field="current_password")
        password = chosen_password(form, self.state, user=user)
        sm.reset_password(sm.users.key(user), password)
        renew(self.state, user)
        flash(gettext("Your password is changed. You are signed out everywhere else."), "success")
        return redirect(self.appbuilder.get_url_for_index)


class ResetPasswordView(SimpleFormView):
    """Set the password of another user, named by `?pk=`; that user's sessions end.

    One's own is changed on the page that asks for the current one, where there is one.
    """

    route_base = "/resetpassword"
    form = ResetPasswordForm
    form_title = lazy("Reset password")
    submit_label = lazy("Set password")

    accounts: SQLAInterface

    def bind(self, state: AppState) -> list[Problem]:
        """Resolve the view for one app; finds the user model by the security manager's slot."""
        self.accounts = SQLAInterface(security_model("user_model")).bind(state.session, resolve=state.sm.resolve_slot)
        return super().bind(state)

    def get_response(self) -> ResponseReturnValue:
        """Show the form, or why there is none."""
        return self._refusal() or super().get_response()

    def post_response(self) -> ResponseReturnValue:
        """Set the password, or say why not; asked here, so that a `form_post` of the host's own is guarded too."""
        return self._refusal() or super().post_response()

    def show_again(self, method: str, values: Mapping[str, Any]) -> ResponseReturnValue | None:
        """The form once more, or why there is none."""
        return self._refusal() or super().show_again(method, values)

    def form_post(self, form: Any) -> ResponseReturnValue | None:
        """Set the password."""
        sm, user = self.state.sm, self.user
        password = chosen_password(form, self.state, user=user)
        sm.reset_password(sm.users.key(user), password)
        if Giver(self.state, self.principal).is_self(user):
            renew(self.state, user)
        flash(gettext("The password of %(name)s is set.", name=sm.users.full_name(user)), "success")
        return redirect(self._back())

    def form_page(self, form: Any) -> FormPage:
        """The form, with whose password it is."""
        page = super().form_page(form)
        name = self.state.sm.users.full_name(self.user)
        intro = gettext("For %(name)s. Every session of this person ends.", name=name)
        return replace(page, intro=intro, cancel_url=self._back())

    @property
    def user(self) -> Any:
        """Whose password it is: within what the person may see of the users. Raises `NotFound`."""
        view = view_of_model(self.state, self.state.sm.models.user)
        user = self.accounts.get(
            request.args.get("pk", ""),
            (lambda query: query) if view is None else (lambda query: view.narrow(query, self.principal)),
        )
        if user is None:
            raise NotFound(gettext("This user does not exist or was deleted"))
        return user

    def _refusal(self) -> ResponseReturnValue | None:
        """The page for one's own password; the way back with the reason, where the user may do more than the person."""
        giver, user = Giver(self.state, self.principal), self.user
        own = page_url(self.state, self.state.page_of("resetmypasswordview"))
        if own and giver.is_self(user):
            return redirect(own)
        try:
            giver.check_user(user)
        except Rejected as error:
            flash(error.message, "danger")
            return redirect(self._back())
        return None

    def _back(self) -> str:
        view = view_of_model(self.state, self.state.sm.models.user)
        if view is not None and view.can_open("list"):
            return str(view.url_for("list"))
        return str(self.appbuilder.get_url_for_index)
