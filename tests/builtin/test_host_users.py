"""The stock views on a user class of the host's own, with its own names, key and sign-in."""

import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask, request
from flask_login import LoginManager, login_user
from sqlalchemy import BigInteger, Boolean, Column, Integer, String, Uuid

from appbuilder_lite import AppBuilder, SecurityManager
from appbuilder_lite.builtin.accounts import UserDBModelView
from appbuilder_lite.cli import appbuilder as group
from appbuilder_lite.filters import FilterRelationManyToManyEqual
from tests.builtin.forms import read_form, send_form
from tests.conftest import CountStatements, Host, MakeHost
from tests.web.site import PASSWORD, Browser, make_db

UUID_KEY = uuid.UUID("12345678-1234-5678-1234-567812345678")


@dataclass
class HostSite:
    """A host with users of its own, extended."""

    host: Host
    account: Any
    builder: AppBuilder

    @property
    def app(self) -> Flask:
        return self.host.app

    def add(self, role: str | None = "Admin", **values: Any) -> str:
        """An account with a role, made by the host itself; its key."""
        with self.app.app_context():
            account = self.account(**values)
            self.host.db.session.add(account)
            self.host.db.session.commit()
            sm = self.builder.sm
            if role:
                sm.set_user_roles(account, [sm.find_role(role)])
            return str(account.id)

    def host_sign_in(self, key: str) -> Browser:
        browser = Browser(self.app.test_client())
        assert browser.client.post("/enter", data={"key": key}).status_code == 204
        return browser

    def sign_in(self, name: str) -> Browser:
        browser = Browser(self.app.test_client())
        assert browser.send("/admin/login/", username=name, password=PASSWORD).status_code == 302
        return browser


def with_email(db: Any) -> Any:
    """E-mail as login, own column names, a UUID key, and its own `set_password`."""

    class Account(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(Uuid, primary_key=True, default=uuid.uuid4)
        mail = Column(String(200), unique=True, nullable=False)
        is_enabled = Column(Boolean, nullable=False, default=True)
        secret = Column(String(200))

        is_authenticated = True
        is_anonymous = False

        @property
        def is_active(self) -> bool:
            return bool(self.is_enabled)

        @property
        def roles(self) -> list[str]:
            return ["the host's own idea of roles"]

        def get_id(self) -> str:
            return str(self.id)

        def __str__(self) -> str:
            return str(self.mail)

    return Account


def bare(db: Any) -> Any:
    """A name and a big key: no password, no address, nothing to switch off."""

    class Member(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
        login = Column(String(80), unique=True, nullable=False)

        is_authenticated = True
        is_active = True
        is_anonymous = False

        def get_id(self) -> str:
            return str(self.id)

    return Member


def demanding(db: Any) -> Any:
    """A class that cannot be made of what our form knows."""

    class Citizen(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(String(20), primary_key=True)
        username = Column(String(80), unique=True, nullable=False)
        password = Column(String(200))
        tax_number = Column(String(20), nullable=False)

        is_authenticated = True
        is_active = True
        is_anonymous = False

        def get_id(self) -> str:
            return str(self.id)

    return Citizen


ACCOUNT = {"username": "mail", "email": "mail", "active": "is_enabled", "password": "secret"}


def _site(
    make_host: MakeHost, make_model: Any, attributes: dict[str, Any], *, host_signs_in: bool, **slots: Any
) -> HostSite:
    db = make_db()
    model = make_model(db)
    manager = type("Manager", (SecurityManager,), {"user_model": model, "user_attributes": attributes, **slots})
    host = make_host(db)
    if host_signs_in:
        _install_sign_in(host, model)
    builder = AppBuilder(host.app, db, security_manager_class=manager)
    with host.app.app_context():
        db.create_all()
        builder.sm.ensure_synced()
    return HostSite(host, model, builder)


def _install_sign_in(host: Host, model: Any) -> None:
    manager = LoginManager(host.app)
    kind = model.id.type.python_type

    def load(key: str) -> Any:
        return host.db.session.get(model, kind(key))

    manager.user_loader(load)
    manager.login_view = "enter"

    @host.app.route("/enter", methods=["GET", "POST"])
    def enter() -> tuple[str, int]:
        if request.method == "POST":
            login_user(load(request.form["key"]))
        return "", 204


@pytest.fixture
def accounts(make_host: MakeHost) -> HostSite:
    """The host's accounts, sign-in ours."""
    return _site(make_host, with_email, ACCOUNT, host_signs_in=False)


def test_people_sign_in_by_address_and_are_asked_for_it(accounts: HostSite) -> None:
    result = accounts.app.test_cli_runner().invoke(
        group, ["create-admin", "--username", "ada@example.org"], env={"APPBUILDER_PASSWORD": PASSWORD}
    )
    assert result.exit_code == 0, result.output
    page = Browser(accounts.app.test_client()).get("/admin/login/")
    assert ">Email<" in page.text
    admin = accounts.sign_in("ada@example.org")
    assert "ada@example.org" in admin.get("/admin/users/list/").text
    listed = accounts.app.test_cli_runner().invoke(group, ["list-users"])
    assert "ada@example.org" in listed.stdout
    assert "Admin" in listed.stdout


def test_accounts_are_added_edited_shown_and_deleted(accounts: HostSite) -> None:
    with accounts.app.app_context():
        accounts.builder.sm.add_user("ada@example.org", "", "", "", accounts.builder.sm.find_role("Admin"), PASSWORD)
        accounts.builder.sm.add_role("Sales")
    admin = accounts.sign_in("ada@example.org")
    chosen = {"mail": "bob@example.org", "new_password": PASSWORD, "repeat_password": PASSWORD}
    assert send_form(admin, "/admin/users/add", **chosen, roles_called=["Sales"]).status_code == 302
    bob = accounts.sign_in("bob@example.org")
    with accounts.app.app_context():
        user = accounts.builder.sm.find_user("bob@example.org")
        key = str(user.id)
        assert [role.name for role in accounts.builder.sm.get_user_roles(user)] == ["Sales"]
    page = admin.get(f"/admin/users/show/{key}")
    assert "Sales" in page.text
    assert "own idea of roles" not in page.text
    assert send_form(admin, f"/admin/users/edit/{key}", roles=[], is_enabled=[]).status_code == 302
    assert bob.get("/admin/").status_code == 302
    assert send_form(admin, f"/admin/users/delete/{key}").status_code == 302
    with accounts.app.app_context():
        assert accounts.builder.sm.find_user("bob@example.org") is None


def test_an_account_does_not_get_the_address_of_another(accounts: HostSite) -> None:
    accounts.add(mail="bob@example.org")
    key = accounts.add(None, mail="ann@example.org")
    runner = accounts.app.test_cli_runner()
    options = ["--username", "ada@example.org"]
    made = runner.invoke(group, ["create-admin", *options], env={"APPBUILDER_PASSWORD": PASSWORD})
    assert made.exit_code == 0, made.output
    answer = send_form(accounts.sign_in("ada@example.org"), f"/admin/users/edit/{key}", mail=" Bob@Example.org")
    assert answer.status_code == 422
    assert 'id="mail-error"' in answer.text
    assert "Somebody else signs in by this already." in answer.text


def test_the_list_shows_the_roles_of_our_tables_at_the_price_of_one_statement(
    accounts: HostSite, count_statements: CountStatements
) -> None:
    with accounts.app.app_context():
        sm = accounts.builder.sm
        sm.add_user("ada@example.org", "", "", "", sm.find_role("Admin"), PASSWORD)
        roles = [sm.add_role("Sales"), sm.add_role("Stock")]
        for number in range(20):
            sm.add_user(f"u{number}@example.org", "", "", "", roles[number % 2], PASSWORD)
        sm.add_user("nobody@example.org", "", "", "", None, PASSWORD)
        sales = roles[0].id
    admin = accounts.sign_in("ada@example.org")
    admin.get("/admin/users/list/")
    with count_statements() as seen:
        page = admin.get("/admin/users/list/").text
    assert ">Roles<" in page
    assert page.count(f'<a href="/admin/roles/show/{sales}">Sales</a>') == 10
    assert "own idea of roles" not in page
    # The guard, the rows, and the roles.
    assert len(seen) == 3, seen


def test_a_list_of_the_hosts_own_may_name_roles_and_groups(make_host: MakeHost) -> None:
    class Staff(UserDBModelView):
        list_columns = ["mail", "appbuilder_roles", "appbuilder_groups"]
        show_columns = show_fieldsets = None  # type: ignore[assignment]  # as not declared
        base_filters = [["appbuilder_groups", FilterRelationManyToManyEqual, 1]]

    db = make_db()
    account = with_email(db)
    values = {"user_model": account, "user_attributes": ACCOUNT, "userdbmodelview": Staff}
    host = make_host(db)
    builder = AppBuilder(host.app, db, security_manager_class=type("Manager", (SecurityManager,), values))
    with host.app.app_context():
        db.create_all()
        sm = builder.sm
        ada = sm.add_user("ada@example.org", "", "", "", sm.find_role("Admin"), PASSWORD)
        sm.add_user("bob@example.org", "", "", "", None, PASSWORD)
        sm.add_group("Berlin", users=[ada])
    page = HostSite(host, account, builder).sign_in("ada@example.org").get("/admin/users/list/")
    text = page.text.partition("<main")[2]
    for word in ("ada@example.org", "Admin", "Berlin", ">Groups<", "1 record"):
        assert word in text, word
    assert "bob@example.org" not in text


def test_passwords_of_accounts_are_set_and_reset(accounts: HostSite) -> None:
    with accounts.app.app_context():
        accounts.builder.sm.add_user("ada@example.org", "", "", "", accounts.builder.sm.find_role("Admin"), PASSWORD)
        user = accounts.builder.sm.add_user("bob@example.org", "", "", "", None, PASSWORD)
        key = str(user.id)
    admin, bob = accounts.sign_in("ada@example.org"), accounts.sign_in("bob@example.org")
    chosen = {"new_password": "a good long one", "repeat_password": "a good long one"}
    assert send_form(admin, f"/admin/resetpassword/form?pk={key}", **chosen).status_code == 302
    assert bob.get("/admin/").status_code == 302
    mine = {"current_password": PASSWORD, "new_password": "another good one", "repeat_password": "another good one"}
    assert send_form(admin, "/admin/resetmypassword/form", **mine).status_code == 302
    assert admin.get("/admin/").status_code == 200


def test_the_profile_of_somebody_without_names_is_only_shown(accounts: HostSite) -> None:
    with accounts.app.app_context():
        accounts.builder.sm.add_user("ada@example.org", "", "", "", accounts.builder.sm.find_role("Admin"), PASSWORD)
    page = accounts.sign_in("ada@example.org").get("/admin/userinfoeditview/form")
    assert page.status_code == 200
    assert "ada@example.org" in page.text
    assert "Admin" in page.text
    assert not read_form(page).values


PAGES = ["users/list/", "users/add", "roles/list/", "roles/show/1", "groups/add", "userinfoeditview/form", "", "menu"]


@pytest.mark.parametrize(
    ("make_model", "attributes", "values", "lacking"),
    [
        (with_email, ACCOUNT, {"mail": "ada@example.org", "secret": "!"}, []),
        (bare, {"username": "login"}, {"login": "ada"}, ["resetmypassword/form", "resetpassword/form"]),
        (demanding, {}, {"id": "a/1", "username": "ada", "tax_number": "7"}, ["users/add"]),
    ],
    ids=["uuid", "bare", "demanding"],
)
def test_where_the_host_signs_in_every_page_works_or_does_not_exist(
    make_host: MakeHost, make_model: Any, attributes: dict[str, Any], values: dict[str, Any], lacking: list[str]
) -> None:
    site = _site(make_host, make_model, attributes, host_signs_in=True)
    key = site.add(**values)
    admin = site.host_sign_in(key)
    for page in PAGES:
        assert admin.get(f"/admin/{page}").status_code == (404 if page in lacking else 200), page
    for page in (*lacking, "login/"):
        assert admin.get(f"/admin/{page}").status_code == 404, page
    shown = admin.get("/admin/users/list/").text
    assert 'href="/admin/roles/show/1">Admin</a>' in shown
    link = shown.partition('href="/admin/users/show/')[2].partition('"')[0]
    with site.app.app_context():
        site.builder.sm.add_role("Sales")
    assert admin.get(f"/admin/users/show/{link}").status_code == 200
    edited = send_form(admin, f"/admin/users/edit/{link}", roles_called=["Admin", "Sales"])
    assert edited.status_code == 302
    assert "Sales" in admin.get(f"/admin/users/show/{link}").text
    assert send_form(admin, f"/admin/users/edit/{link}", roles=[]).status_code == 422


def test_where_the_host_signs_in_our_way_out_ends_its_session(make_host: MakeHost) -> None:
    site = _site(make_host, bare, {"username": "login"}, host_signs_in=True)
    admin = site.host_sign_in(site.add(login="ada"))
    answer = admin.client.post("/admin/logout/", data={"csrf_token": admin.token()})
    assert (answer.status_code, answer.location) == (302, "/enter")
    assert admin.get("/admin/").status_code == 302


def test_members_without_passwords_get_their_roles_by_commands(make_host: MakeHost) -> None:
    site = _site(make_host, bare, {"username": "login"}, host_signs_in=True)
    run = site.app.test_cli_runner().invoke
    made = run(group, ["create-user", "--username", "ida", "--role", "Public"])
    assert made.exit_code == 0, made.output
    site.add(role=None, login="ada")
    assert run(group, ["create-admin", "--username", "ada", "--promote"]).exit_code == 0
    refused = run(group, ["reset-password", "--username", "ada"])
    assert refused.exit_code == 1
    assert "keeps no password" in refused.stderr
    listed = run(group, ["list-users"])
    assert listed.stdout.splitlines()[0].split() == ["username", "roles"]


def test_a_class_that_needs_more_has_no_page_to_add_users_and_check_says_why(make_host: MakeHost) -> None:
    site = _site(make_host, demanding, {}, host_signs_in=True)
    checked = site.app.test_cli_runner().invoke(group, ["check"])
    assert checked.exit_code == 0, checked.output
    assert "[AB310]" in checked.stdout
    leaving_out = type("Users", (UserDBModelView,), {"exclude_route_methods": {"add"}})
    quiet = _site(make_host, demanding, {}, host_signs_in=True, userdbmodelview=leaving_out)
    assert "[AB310]" not in quiet.app.test_cli_runner().invoke(group, ["check"]).stdout


def test_a_class_that_needs_more_is_promoted_not_made(make_host: MakeHost) -> None:
    site = _site(make_host, demanding, {}, host_signs_in=True)
    run = site.app.test_cli_runner().invoke
    refused = run(group, ["create-admin", "--username", "ada"], env={"APPBUILDER_PASSWORD": PASSWORD})
    assert refused.exit_code == 1
    assert "--promote" in refused.stderr
