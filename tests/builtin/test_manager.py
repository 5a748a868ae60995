"""Which stock views an app gets."""

import pytest

from appbuilder_lite import AppBuilder, BaseView, SecurityManager, expose, signed_in
from appbuilder_lite.builtin.accounts import UserDBModelView
from appbuilder_lite.builtin.auth import AuthDBView
from appbuilder_lite.builtin.passwords import ResetMyPasswordView
from appbuilder_lite.builtin.profile import UserInfoEditView
from tests.conftest import Host
from tests.web.conftest import MakeSite

ADMIN_VIEWS = {
    "ResetPasswordView",
    "UserDBModelView",
    "RoleModelView",
    "UserGroupModelView",
    "PermissionModelView",
    "ViewMenuModelView",
    "PermissionViewModelView",
}
OWN_VIEWS = {"IndexView", "UtilView", "AuthDBView", "ResetMyPasswordView", "UserInfoEditView"}


def _names(builder: AppBuilder) -> set[str]:
    return {view.view_name for view in builder.baseviews}


def test_all_of_them_by_default(host: Host) -> None:
    assert _names(AppBuilder(host.app, host.db)) == ADMIN_VIEWS | OWN_VIEWS


def test_without_security_views_people_still_sign_in_and_change_their_password(host: Host) -> None:
    host.app.config["APPBUILDER_ADD_SECURITY_VIEWS"] = False
    assert _names(AppBuilder(host.app, host.db)) == OWN_VIEWS


def test_a_second_builder_that_shares_security_only_adds_a_way_out(host: Host) -> None:
    AppBuilder(host.app, host.db)
    second = AppBuilder(host.app, host.db, name="second", url_prefix="/second")
    with host.app.app_context():
        assert _names(second) == {"IndexView", "UtilView", "AuthView"}


def test_the_menu_has_the_names_of_flask_appbuilder(host: Host) -> None:
    builder = AppBuilder(host.app, host.db)
    (security,) = builder.menu.groups
    assert [item.name for item in security.items] == [
        "List Users",
        "List Roles",
        "List Groups",
        "-",
        "Base Permissions",
        "Views/Menus",
        "Permission on Views/Menus",
    ]
    assert [item.label for item in security.items][:3] == ["Users", "Roles", "Groups"]


@pytest.mark.parametrize(
    ("slot", "view"),
    [
        ("userdbmodelview", "UserDBModelView"),
        ("rolemodelview", "RoleModelView"),
        ("groupmodelview", "UserGroupModelView"),
        ("permissionmodelview", "PermissionModelView"),
        ("viewmenumodelview", "ViewMenuModelView"),
        ("permissionviewmodelview", "PermissionViewModelView"),
        ("resetmypasswordview", "ResetMyPasswordView"),
        ("resetpasswordview", "ResetPasswordView"),
        ("userinfoeditview", "UserInfoEditView"),
    ],
)
def test_an_empty_slot_has_no_view_and_the_rest_works(make_site: MakeSite, slot: str, view: str) -> None:
    manager = type("Manager", (SecurityManager,), {slot: None})
    site = make_site(builder={"security_manager_class": manager})
    assert view not in _names(site.builder)
    admin = site.admin()
    assert admin.get("/admin/").status_code == 200
    if slot != "userdbmodelview":
        assert admin.get("/admin/users/show/1").status_code == 200
        assert ("Reset password" in admin.get("/admin/users/show/1").text) == (slot != "resetpasswordview")


def test_without_a_sign_in_view_there_is_none(host: Host) -> None:
    manager = type("Manager", (SecurityManager,), {"authdbview": None})
    builder = AppBuilder(host.app, host.db, security_manager_class=manager)
    assert "AuthDBView" not in _names(builder)


def test_a_slot_takes_a_subclass_with_options_of_its_own(make_site: MakeSite) -> None:
    class People(UserDBModelView):
        route_base = "/people"
        list_title = "People"
        list_columns = ["username"]

    manager = type("Manager", (SecurityManager,), {"userdbmodelview": People})
    page = make_site(builder={"security_manager_class": manager}).admin().get("/admin/people/list/")
    assert page.status_code == 200
    assert "<h1>People</h1>" in page.text
    assert "admin@example.org" not in page.text


def test_the_frame_of_a_page_leads_to_what_fills_the_slots(make_site: MakeSite) -> None:
    slots = {
        "authdbview": type("Door", (AuthDBView,), {}),
        "userinfoeditview": type("Me", (UserInfoEditView,), {"route_base": "/me"}),
        "resetmypasswordview": type("MyKey", (ResetMyPasswordView,), {"route_base": "/mykey"}),
    }
    site = make_site(builder={"security_manager_class": type("Manager", (SecurityManager,), slots)})
    assert site.browser().get("/admin/").location == "/admin/login/?next=%2Fadmin%2F"
    admin = site.admin()
    page = admin.get("/admin/").text
    assert 'href="/admin/me/form"' in page
    assert 'href="/admin/mykey/form"' in page
    assert 'action="/admin/logout/"' in page
    assert admin.client.post("/admin/logout/", data={"csrf_token": admin.token()}).location == "/admin/login/"


def test_without_a_sign_in_view_strangers_are_refused(make_site: MakeSite) -> None:
    manager = type("Manager", (SecurityManager,), {"authdbview": None})
    site = make_site(builder={"security_manager_class": manager})
    assert site.browser().get("/admin/").status_code == 401


def test_a_slot_takes_a_view_of_another_kind(make_site: MakeSite) -> None:
    class Roles(BaseView):
        default_view = "all"

        @expose("/all")
        @signed_in
        def all(self) -> str:
            return "roles kept elsewhere"

    manager = type("Manager", (SecurityManager,), {"rolemodelview": Roles})
    admin = make_site(builder={"security_manager_class": manager}).admin()
    assert admin.get("/admin/roles/all").text == "roles kept elsewhere"
