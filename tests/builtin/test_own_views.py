"""What guards users and roles holds in a host's own views and subclasses, whatever hooks they bring."""

from typing import Any

import pytest
from sqlalchemy import Column, String, select
from sqlalchemy.orm import validates

from appbuilder_lite import AppBuilder, ModelView, SecurityManager, SQLAInterface
from appbuilder_lite.builtin.accounts import UserDBModelView
from appbuilder_lite.builtin.passwords import ResetPasswordView
from appbuilder_lite.builtin.roles import RoleModelView, UserGroupModelView
from appbuilder_lite.data.types import security_model
from appbuilder_lite.security.mixins import UserMixin
from tests.builtin.forms import read_form, send_form
from tests.builtin.matrix import grants_of, key_of, role_key, send_difference, send_ticks
from tests.builtin.test_accounts import NEW
from tests.conftest import MakeHost
from tests.web.site import Site, make_db

PAGES = ("can_list", "can_show", "can_add", "can_edit", "can_delete")


class Hooks:
    """Every hook overridden without a word to the ones above, as is the habit with Flask-AppBuilder."""

    def pre_add(self, item: Any) -> None: ...

    def pre_update(self, item: Any) -> None: ...

    def pre_delete(self, item: Any) -> None: ...

    def after_flush(self, item: Any) -> None: ...

    def process_form(self, form: Any, is_created: bool) -> None: ...


class MyUsers(Hooks, UserDBModelView):
    """Users."""


class MyRoles(Hooks, RoleModelView):
    """Roles."""


class MyGroups(Hooks, UserGroupModelView):
    """Groups."""


class MyReset(ResetPasswordView):
    """Sets a password as a host's old code does."""

    def form_get(self, form: Any) -> None: ...

    def form_post(self, form: Any) -> None:
        self.state.sm.reset_password(self.state.sm.users.key(self.user), form["new_password"].data)


class OwnSecurity(SecurityManager):
    """Stock pages with hooks of the host's."""

    userdbmodelview = MyUsers
    rolemodelview = MyRoles
    groupmodelview = MyGroups
    resetpasswordview = MyReset


class PlainRoles(ModelView):
    """The role model as any other one."""

    datamodel = SQLAInterface(security_model("role_model"))
    edit_columns = ["name", "user", "permissions", "groups"]
    add_columns = ["name", "user", "permissions"]


class PlainGrants(ModelView):
    """The permissions on view menus as any other model."""

    datamodel = SQLAInterface(security_model("permissionview_model"))
    edit_columns = ["role"]


@pytest.fixture
def own(make_host: MakeHost) -> Site:
    """A host with a user class built on ours, a plain view of it, one that offers roles, and hooks of its own."""
    db = make_db()

    class Member(UserMixin, db.Model):  # type: ignore[misc,name-defined]  # the base is made at run time
        __tablename__ = "member"

    class MemberView(ModelView):
        datamodel = SQLAInterface(Member)

    class RightsView(ModelView):
        datamodel = SQLAInterface(Member)
        edit_columns = ["roles", "groups"]

    manager = type("Manager", (OwnSecurity,), {"user_model": Member})
    host = make_host(db)
    builder = AppBuilder(security_manager_class=manager)
    for view in (MemberView, RightsView, PlainRoles, PlainGrants):
        builder.add_view(view, view.__name__)
    builder.init_app(host.app, db)
    site = Site(host.app, db, builder)
    site.create()
    site.user("admin", roles=("Admin",))
    site.user("ann", ("can_list", "MemberView"))
    views = ("MyUsers", "MyGroups", "MemberView", "RightsView")
    reset = [(f"can_this_form_{way}", "MyReset") for way in ("get", "post")]
    site.user("mia", *((page, view) for page in PAGES for view in views), *reset)
    return site


def _roles(site: Site, name: str) -> list[str]:
    with site.app.app_context():
        return [role.name for role in site.sm.get_user_roles(site.sm.find_user(name))]


def _role_key(site: Site, name: str) -> str:
    with site.app.app_context():
        return str(site.sm.find_role(name).id)


def _user_key(site: Site, name: str) -> str:
    with site.app.app_context():
        return str(site.sm.find_user(name).id)


def test_a_new_user_has_password_and_roles_whatever_hooks_the_view_has(own: Site) -> None:
    answer = send_form(own.sign_in("admin"), "/admin/users/add", **NEW, roles_called=["role of ann"])
    assert answer.status_code == 302
    assert _roles(own, "bob") == ["role of ann"]
    assert own.sign_in("bob", NEW["new_password"]).get("/admin/memberview/list/").status_code == 200


def test_own_hooks_of_users_lose_no_check(own: Site) -> None:
    mia = own.sign_in("mia")
    assert send_form(mia, "/admin/users/add", **NEW, roles_called=["Admin"]).status_code == 422
    assert send_form(mia, "/admin/users/edit/2", roles_called=["Admin"]).status_code == 422
    assert send_form(mia, "/admin/users/edit/1", last_name="Stolen").status_code == 422
    send_form(mia, "/admin/users/delete/1")
    assert _roles(own, "ann") == ["role of ann"]
    assert _roles(own, "admin") == ["Admin"]


@pytest.mark.parametrize("page", ["users", "memberview"])
def test_no_view_of_users_gives_anybody_a_name_of_somebody_else(own: Site, page: str) -> None:
    key, admin = _user_key(own, "ann"), own.sign_in("admin")
    for changes in ({"username": "MIA"}, {"email": " mia"}):
        answer = send_form(admin, f"/admin/{page}/edit/{key}", **changes)
        assert answer.status_code == 422
        assert f'id="{next(iter(changes))}-error"' in answer.text
        assert "Somebody else signs in by this already." in answer.text
    assert send_form(admin, f"/admin/{page}/edit/{key}", username="Anna").status_code == 302


def test_own_hooks_lose_no_last_administrator(own: Site) -> None:
    admin = own.sign_in("admin")
    assert send_form(admin, "/admin/users/edit/1", roles=[]).status_code == 422
    send_form(admin, "/admin/users/delete/1")
    assert _roles(own, "admin") == ["Admin"]


def test_own_hooks_of_roles_and_groups_lose_no_check(own: Site) -> None:
    own.user("kim", *((page, "MyRoles") for page in PAGES))
    kim, mia = own.sign_in("kim"), own.sign_in("mia")
    beyond, url = key_of(own, "can_delete", "MyUsers"), f"/admin/roles/edit/{role_key(own, 'role of mia')}"
    assert send_difference(kim, "/admin/roles/add", added=[beyond], name="More").status_code == 422
    assert send_difference(kim, url, removed=[beyond]).status_code == 422
    assert send_form(mia, "/admin/groups/add", name="Chiefs", roles_called=["Admin"]).status_code == 422
    admin = own.sign_in("admin")
    assert send_ticks(admin, "/admin/roles/add", "Delete on Users", name="More").status_code == 302
    assert grants_of(own, "More") == {"can_delete on MyUsers"}


def test_an_own_way_to_set_passwords_is_guarded(own: Site) -> None:
    mia = own.sign_in("mia")
    chosen = {"new_password": "a good long one", "repeat_password": "a good long one"}
    data = {"csrf_token": mia.token(), **chosen}
    assert mia.client.post("/admin/resetpassword/form?pk=1", data=data).status_code == 302
    assert own.sign_in("admin").get("/admin/").status_code == 200
    mia.client.post("/admin/resetpassword/form?pk=2", data=data)
    assert own.sign_in("ann", "a good long one").get("/admin/").status_code == 200


def test_a_plain_view_of_users_offers_no_roles_and_takes_none(own: Site) -> None:
    mia = own.sign_in("mia")
    for url in ("/admin/memberview/add", "/admin/memberview/edit/2"):
        shown = read_form(mia.get(url)).values["_fields"][0].split(",")
        assert "username" in shown
        assert not {"roles", "groups"} & set(shown)
    data = {"csrf_token": mia.token(), "_fields": "roles", "roles": _role_key(own, "Admin")}
    mia.client.post("/admin/memberview/edit/2", data=data)
    assert _roles(own, "ann") == ["role of ann"]
    assert send_form(mia, "/admin/memberview/edit/2", last_name="Ash").status_code == 302


def test_a_plain_view_of_users_still_shows_their_roles(own: Site) -> None:
    assert "role of ann" in own.sign_in("admin").get("/admin/memberview/show/2").text


def test_no_view_of_users_changes_or_deletes_an_administrator_for_less(own: Site) -> None:
    mia = own.sign_in("mia")
    answer = send_form(mia, "/admin/memberview/edit/1", email="mine@example.org")
    assert answer.status_code == 422
    assert "Only an administrator may change an administrator." in answer.text
    send_form(mia, "/admin/memberview/delete/1")
    assert _roles(own, "admin") == ["Admin"]


def test_no_view_of_users_takes_the_last_administrator(own: Site) -> None:
    admin = own.sign_in("admin")
    answer = send_form(admin, "/admin/memberview/edit/1", active=[])
    assert "The last active administrator must remain one." in answer.text
    send_form(admin, "/admin/memberview/delete/1")
    assert send_form(admin, "/admin/rightsview/edit/1", roles=[]).status_code == 422
    assert send_form(admin, f"/admin/plainroles/edit/{_role_key(own, 'Admin')}", user=[]).status_code == 422
    with own.app.app_context():
        assert own.sm.has_active_admin()


def test_who_changes_users_by_a_plain_view_may_do_more_with_them(own: Site) -> None:
    own.user("eve", *((page, "MyUsers") for page in PAGES), ("can_list", "PlainGrants"))
    own.user("lee", ("can_list", "MemberView"), ("can_edit", "MemberView"))
    eve = own.sign_in("eve")
    refused = send_form(eve, f"/admin/users/edit/{_user_key(own, 'lee')}", last_name="Ash")
    assert refused.status_code == 422
    assert "This person may do more with users and roles than you." in refused.text
    assert send_form(eve, f"/admin/users/edit/{_user_key(own, 'ann')}", last_name="Ash").status_code == 302


def test_roles_that_a_developer_offers_are_given_by_the_same_rules(own: Site) -> None:
    with own.app.app_context():
        own.sm.add_role("Sales")
        own.sm.add_group("Chiefs", roles=[own.sm.find_role("Admin")])
    mia = own.sign_in("mia")
    refused = send_form(mia, "/admin/rightsview/edit/2", roles=[_role_key(own, "Admin")])
    assert refused.status_code == 422
    assert "Only an administrator may give the role Admin." in refused.text
    assert send_form(mia, "/admin/rightsview/edit/2", groups=["1"]).status_code == 422
    own_roles = send_form(mia, "/admin/rightsview/edit/3", roles=[_role_key(own, "Sales")])
    assert "You cannot change your own roles and groups." in own_roles.text
    assert send_form(mia, "/admin/rightsview/edit/2", roles=[_role_key(own, "Sales")]).status_code == 302
    assert _roles(own, "ann") == ["Sales"]
    admin = own.sign_in("admin")
    assert send_form(admin, "/admin/rightsview/edit/2", roles=[_role_key(own, "Admin")]).status_code == 302
    assert _roles(own, "ann") == ["Admin"]


def test_a_plain_view_of_roles_is_guarded_from_its_side_too(own: Site) -> None:
    own.user("kim", *((page, "PlainRoles") for page in PAGES))
    kim, admin_role = own.sign_in("kim"), _role_key(own, "Admin")
    with own.app.app_context():
        me = str(own.sm.find_user("kim").id)
    assert send_form(kim, f"/admin/plainroles/edit/{admin_role}", user=["1", me]).status_code == 422
    assert send_form(kim, f"/admin/plainroles/edit/{_role_key(own, 'role of mia')}", user=[me]).status_code == 422
    assert send_form(kim, "/admin/plainroles/add", name="Public").status_code == 422
    grant = _permission_view(own, "can_add", "MyUsers")
    assert send_form(kim, "/admin/plainroles/add", name="More", permissions=[grant]).status_code == 422
    send_form(kim, f"/admin/plainroles/delete/{_role_key(own, 'role of mia')}")
    assert _roles(own, "kim") == ["role of kim"]
    assert _roles(own, "mia") == ["role of mia"]
    mine = _permission_view(own, "can_list", "PlainRoles")
    assert send_form(kim, "/admin/plainroles/add", name="Less", permissions=[mine]).status_code == 302


def test_rows_that_permissions_are_made_of_are_for_administrators(own: Site) -> None:
    own.user("kim", *((page, "PlainGrants") for page in PAGES))
    kim, key = own.sign_in("kim"), _permission_view(own, "can_add", "MyUsers")
    answer = send_form(kim, f"/admin/plaingrants/edit/{key}", role=[_role_key(own, "role of kim")])
    assert answer.status_code == 422
    assert "Only an administrator may change this." in answer.text
    admin = own.sign_in("admin")
    answer = send_form(admin, f"/admin/plaingrants/edit/{key}", role=[_role_key(own, "role of kim")])
    assert answer.status_code == 302


def _permission_view(site: Site, permission: str, view_menu: str) -> str:
    with site.app.app_context():
        return str(site.sm.find_permission_view_menu(permission, view_menu).id)


def test_a_validator_that_asks_the_database_loses_no_check(make_host: MakeHost) -> None:
    db = make_db()

    class Asking(UserMixin, db.Model):  # type: ignore[misc,name-defined]  # the base is made at run time
        __tablename__ = "asking"

        @validates("email")
        def _is_free(self, _name: str, value: str) -> str:
            db.session.scalar(select(Asking.id).where(Asking.email == value))
            return value

    class AskingView(ModelView):
        datamodel = SQLAInterface(Asking)
        edit_columns = ["roles", "email"]

    site = _site_of(make_host, db, Asking, AskingView)
    site.user("mia", *((page, "AskingView") for page in PAGES))
    with site.app.app_context():
        site.sm.add_role("Sales")
    sales = [_role_key(site, "Sales")]
    answer = send_form(site.sign_in("mia"), "/admin/askingview/edit/2", roles=sales, email="other@example.org")
    assert "You cannot change your own roles and groups." in answer.text
    assert _roles(site, "mia") == ["role of mia"]


def test_the_key_of_a_user_is_for_administrators(make_host: MakeHost) -> None:
    db = make_db()

    class Named(db.Model):  # type: ignore[misc,name-defined]  # the base is made at run time
        __tablename__ = "named"
        username = Column(String(30), primary_key=True)
        password = Column(String(200))
        phone = Column(String(30))

    class NamedView(ModelView):
        datamodel = SQLAInterface(Named)
        edit_columns = ["username", "phone"]

    site = _site_of(make_host, db, Named, NamedView)
    site.user("mia", *((page, "NamedView") for page in PAGES))
    site.user("ann")
    mia = site.sign_in("mia")
    for name in ("admin", "ann"):
        answer = send_form(mia, f"/admin/namedview/edit/{name}", username="free")
        assert "Only an administrator may change the key of a user." in answer.text
    assert send_form(mia, "/admin/namedview/edit/ann", phone="1").status_code == 302
    assert send_form(site.sign_in("admin"), "/admin/namedview/edit/ann", username="free").status_code == 302


@pytest.fixture
def shared(make_host: MakeHost) -> tuple[Site, Any]:
    """Users whom two AppBuilders of one app share, each with roles of its own; the second one's security manager.

    "admin" (1) is an administrator at the first only; "mia" (2) manages users at the second, "eve" is its Admin.
    """
    db = make_db()

    class Member(UserMixin, db.Model):  # type: ignore[misc,name-defined]  # the base is made at run time
        __tablename__ = "member"

    managers = [type("Manager", (SecurityManager,), {"user_model": Member}) for _ in range(2)]
    host = make_host(db)
    first = AppBuilder(host.app, db, security_manager_class=managers[0])
    second = AppBuilder(
        host.app, db, security_manager_class=managers[1], name="second", url_prefix="/second", table_prefix="second_"
    )
    site = Site(host.app, db, first)
    site.create()
    site.user("admin", roles=("Admin",))
    site.user("mia")
    site.user("eve")
    reset = [(f"can_this_form_{way}", "ResetPasswordView") for way in ("get", "post")]
    with host.app.app_context():
        other = second.sm
        views = [
            other.find_permission_view_menu(*grant)
            for grant in (*((page, "UserDBModelView") for page in PAGES), *reset)
        ]
        other.set_user_roles(other.find_user("mia"), [other.add_role("Managers", views)])
        other.set_user_roles(other.find_user("eve"), [other.find_role("Admin")])
    return site, other


@pytest.mark.parametrize("name", ["mia", "eve"])
def test_an_administrator_elsewhere_in_the_app_cannot_be_touched(shared: tuple[Site, Any], name: str) -> None:
    site, _ = shared
    browser = site.sign_in(name)
    data = {"csrf_token": browser.token(), "new_password": "a good long one", "repeat_password": "a good long one"}
    answer = browser.client.post("/second/resetpassword/form?pk=1", data=data, follow_redirects=True)
    assert "Only an administrator may change an administrator." in answer.text
    assert send_form(browser, "/second/users/edit/1", email="mine@example.org").status_code == 422
    send_form(browser, "/second/users/delete/1")
    assert site.sign_in("admin").get("/admin/users/show/1").status_code == 200


def test_the_last_administrator_elsewhere_stays_one(shared: tuple[Site, Any]) -> None:
    site, second = shared
    with site.app.app_context():
        second.set_user_roles(second.find_user("admin"), [second.find_role("Admin")])
    admin = site.sign_in("admin")
    answer = send_form(admin, "/second/users/edit/1", active=[])
    assert "The last active administrator must remain one." in answer.text
    assert send_form(admin, "/second/users/edit/1", roles=[]).status_code == 302
    assert _roles(site, "admin") == ["Admin"]


def _site_of(make_host: MakeHost, db: Any, model: Any, view: type[ModelView]) -> Site:
    """A site with these users, one view of them, and an administrator."""
    host = make_host(db)
    builder = AppBuilder(security_manager_class=type("Manager", (SecurityManager,), {"user_model": model}))
    builder.add_view(view, view.__name__)
    builder.init_app(host.app, db)
    site = Site(host.app, db, builder)
    site.create()
    site.user("admin", roles=("Admin",))
    return site
