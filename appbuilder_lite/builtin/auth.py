"""Signing in and out."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, ClassVar

import wtforms
from flask import redirect, request
from flask.typing import ResponseReturnValue
from wtforms.validators import InputRequired

from appbuilder_lite.builtin.next_address import safe_next
from appbuilder_lite.resource.forms import form_meta
from appbuilder_lite.text import gettext, lazy
from appbuilder_lite.web.expired import why_again
from appbuilder_lite.web.form_page import fieldset_pages, with_the_rest
from appbuilder_lite.web.form_pages import FormPage
from appbuilder_lite.web.guard import sign_in_url
from appbuilder_lite.web.navigation import page_url
from appbuilder_lite.web.rendering import sign_in_shell, this_address
from appbuilder_lite.web.routes import expose, public, signed_in
from appbuilder_lite.web.session import forget_messages, sign_in, sign_out
from appbuilder_lite.web.view import BaseView

log = logging.getLogger("appbuilder_lite.security")


class AuthView(BaseView):
    """Signing out, whoever owns signing in."""

    route_base = ""
    default_view = "logout"

    @expose("/logout/", methods=["POST"])
    @signed_in
    def logout(self) -> ResponseReturnValue:
        """End the session and lead to the sign-in page, or to `APPBUILDER_LOGOUT_REDIRECT_URL`."""
        user = self.principal.user
        forget_messages()
        self.state.sm.on_user_logout(user)
        log.info("User %s signed out from %s.", self.state.sm.users.key(user), request.remote_addr)
        sign_out(self.state)
        return redirect(self.state.settings.logout_redirect_url or sign_in_url(self.state) or "/")


class SignInForm(wtforms.Form):
    """Name and password as they are typed; what is wrong with them is told in one sentence only."""

    username = wtforms.StringField(
        lazy("Username"),
        [InputRequired()],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = wtforms.PasswordField(
        lazy("Password"), [InputRequired()], render_kw={"autocomplete": "current-password"}
    )
    remember = wtforms.BooleanField(lazy("Remember me"))


class AuthDBView(AuthView):
    """Signing in with a name and a password that our tables, or the host's users, hold."""

    default_view = "login"

    login_template: ClassVar[str] = "appbuilder_lite/sign_in.html"
    """Template of the sign-in page; its variable `page` is a FormPage."""

    title: ClassVar[str] = lazy("Sign in")
    """Heading of the sign-in page."""

    invalid_login_message: ClassVar[str] = lazy("Username or password is wrong")
    """Said for every failure alike, so that nobody learns which names exist."""

    form: ClassVar[type[wtforms.Form]] = SignInForm
    """The form class; its fields `username` and `password` are what is checked."""

    @expose("/login/", methods=["GET", "POST"])
    @public
    def login(self) -> ResponseReturnValue:
        """Show the sign-in page, or sign in."""
        if self.principal.is_signed_in:
            return redirect(self._destination())
        form: Any = self.form(request.form if request.method == "POST" else None, meta=form_meta())
        if request.method == "GET":
            return self._page(form)
        username, password = form.username.data or "", form.password.data or ""
        user = self.state.sm.authenticate({"username": username, "password": password})
        if user is None:
            return self._page(form, error=gettext(self.invalid_login_message))
        remember = bool(form.remember.data) if "remember" in form else False
        sign_in(self.state, user, remember=remember)
        self.state.sm.on_user_login(user)
        return redirect(self._destination())

    def show_again(self, method: str, values: Mapping[str, Any]) -> ResponseReturnValue | None:
        """The sign-in page with the name that was typed."""
        return self._page(self.form(request.form, meta=form_meta()), error=why_again()) if method == "login" else None

    def _page(self, form: Any, error: str = "") -> ResponseReturnValue:
        form.username.label.text = gettext(self._name_of_username())
        typed = form.password if error and form.username.data else form.username
        told = {"aria-describedby": "sign-in-error"} if error else {}
        typed.render_kw = {**(typed.render_kw or {}), "autofocus": True, **told}
        page = FormPage(
            title=gettext(self.title),
            fieldsets=fieldset_pages(form, with_the_rest((), form)),
            action_url=this_address(),
            submit_label=gettext("Sign in"),
            errors=(("", error),) if error else (),
        )
        # A template of the host's may need whatever our other pages have.
        own = {"shell": sign_in_shell(self.state)} if self.login_template == AuthDBView.login_template else {}
        return self.render_template(self.login_template, page=page, **own), 422 if error else 200

    def _name_of_username(self) -> str:
        """People whose name is their e-mail address are asked for that."""
        users = self.state.sm.users
        return lazy("Email") if users.real_name("username") == users.real_name("email") else lazy("Username")

    def _destination(self) -> str:
        """The page that the person was on the way to, or home."""
        return safe_next(request.args.get("next"), request.host) or page_url(self.state, self.state.home) or "/"
