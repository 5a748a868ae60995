"""Signing in with an e-mail address and a password, and out again."""

import uuid
from functools import cache

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required, login_user, logout_user
from sqlalchemy import select
from werkzeug.security import check_password_hash, generate_password_hash

from example_app.shop.extensions import db, login_manager
from example_app.shop.models import Account
from example_app.shop.models.accounts import utc_now

blueprint = Blueprint("auth", __name__)

login_manager.login_view = "auth.login"
login_manager.login_message = "Please sign in to see this page."
login_manager.login_message_category = "info"


@login_manager.user_loader  # type: ignore[untyped-decorator]  # Flask-Login ships no types
def load_account(key: str) -> Account | None:
    """The enabled account that a session belongs to; one switched off meanwhile is signed out."""
    try:
        account = db.session.get(Account, uuid.UUID(key))
    except ValueError:
        return None
    return account if account and account.is_enabled else None


@blueprint.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    """The sign-in page; whoever is signed in already is sent on."""
    target = safe_target(request.values.get("next"))
    if current_user.is_authenticated:
        return redirect(target)
    if request.method == "GET":
        return render_template("auth/login.html", email="", target=target)
    email = request.form.get("email", "")
    account = find_account(email, request.form.get("password", ""))
    if account is None or not login_user(account):
        flash("The e-mail address or the password is not right.", "error")
        return render_template("auth/login.html", email=email, target=target), 401
    account.last_seen_at = utc_now()
    db.session.commit()
    flash(f"Welcome, {account.full_name}.", "success")
    return redirect(target)


@blueprint.post("/logout")
@login_required  # type: ignore[untyped-decorator]  # Flask-Login ships no types
def logout() -> ResponseReturnValue:
    """Sign out, and go back to the home page."""
    logout_user()
    flash("You are signed out.", "info")
    return redirect(url_for("storefront.home"))


def find_account(email: str, password: str) -> Account | None:
    """The account with that address, if the password is its own.

    An unknown address costs as much time as a wrong password, so that the time does not tell who is a customer.
    """
    # An address with control characters is nobody's, and PostgreSQL refuses to look for a NUL.
    account = db.session.scalar(select(Account).filter_by(email=email.strip().lower())) if email.isprintable() else None
    if account is None:
        check_password_hash(nobodys_hash(), password)
        return None
    return account if account.check_password(password) else None


@cache
def nobodys_hash() -> str:
    """A hash to compare with where there is no account."""
    return generate_password_hash(uuid.uuid4().hex)


def safe_target(target: str | None) -> str:
    """`target` if it is a path on this site, else the home page."""
    # Browsers read a backslash as a slash and drop tabs and line ends, so "/\t/elsewhere" leads away from here.
    is_path = target is not None and target.startswith("/") and not target.startswith(("//", "/\\"))
    if target is None or not is_path or not target.isprintable():
        return url_for("storefront.home")
    return target
