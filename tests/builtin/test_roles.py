"""Roles, groups, and the lists of what can be granted."""

import pytest

from tests.builtin.forms import read_form, send_form
from tests.conftest import CountStatements
from tests.web.conftest import MakeSite
from tests.web.site import Site


def _grants(site: Site, name: str) -> set[tuple[str, str]]:
    with site.app.app_context():
        role = site.sm.find_role(name)
        return {(view.permission.name, view.view_menu.name) for view in role.permissions}


def test_a_new_role_has_the_permissions_that_were_ticked(site: Site) -> None:
    labels = ["can list on CustomerView", "can show on CustomerView"]
    answer = send_form(site.admin(), "/admin/roles/add", name="Sales", permissions_called=labels)
    assert (answer.status_code, answer.location) == (302, "/admin/roles/list/")
    assert _grants(site, "Sales") == {("can_list", "CustomerView"), ("can_show", "CustomerView")}


def test_a_permission_counts_at_the_next_request_of_another_user(site: Site) -> None:
    site.user("ann", ("can_list", "CountryView"))
    ann, admin = site.sign_in("ann"), site.admin()
    assert ann.get("/admin/customerview/list/").status_code == 403
    with site.app.app_context():
        key = site.sm.find_role("role of ann").id
    send_form(admin, f"/admin/roles/edit/{key}", permissions_called=["can list on CustomerView"])
    assert ann.get("/admin/customerview/list/").status_code == 200
    assert ann.get("/admin/countryview/list/").status_code == 403


def test_public_can_be_given_a_permission_and_keeps_its_name(site: Site) -> None:
    admin = site.admin()
    page = admin.get("/admin/roles/edit/2")
    assert 'name="name"' not in page.text
    send_form(admin, "/admin/roles/edit/2", permissions_called=["can list on CountryView"], name="Everybody")
    assert site.browser().get("/admin/countryview/list/").status_code == 200
    with site.app.app_context():
        assert site.sm.find_role("Everybody") is None


def test_an_edit_without_a_change_writes_no_grant(site: Site) -> None:
    with site.app.app_context():
        view = site.sm.find_permission_view_menu("can_list", "CustomerView")
        key = site.sm.add_role("Sales", [view]).id
        before = site.sm.store.snapshot(None).version
    assert send_form(site.admin(), f"/admin/roles/edit/{key}").status_code == 302
    assert _grants(site, "Sales") == {("can_list", "CustomerView")}
    with site.app.app_context():
        assert site.sm.store.snapshot(None).version == before


@pytest.mark.parametrize("name", ["Admin", "admin", "Public", "Auditor", "Public "])
def test_a_reserved_name_is_not_taken(make_site: MakeSite, name: str) -> None:
    site = make_site(APPBUILDER_ROLES={"Auditor": [["CustomerView", "can_list"]]})
    with site.app.app_context():
        key = site.sm.add_role("Sales").id
    admin = site.admin()
    for url in ("/admin/roles/add", f"/admin/roles/edit/{key}"):
        answer = send_form(admin, url, name=name)
        assert answer.status_code == 422
        assert site.count(site.app.extensions["appbuilder_lite"]["appbuilder"].sm.models.role) == 4


@pytest.mark.parametrize("key", [1, 2])
def test_a_reserved_role_is_not_deleted(site: Site, key: int) -> None:
    admin = site.admin()
    for url in (f"/admin/roles/show/{key}", f"/admin/roles/edit/{key}"):
        assert f"/admin/roles/delete/{key}" not in admin.get(url).text
    send_form(admin, f"/admin/roles/delete/{key}")
    assert admin.get(f"/admin/roles/show/{key}").status_code == 200


def test_a_deleted_role_grants_nothing_to_the_next_one(site: Site) -> None:
    site.user("ann", ("can_list", "CountryView"))
    ann, admin = site.sign_in("ann"), site.admin()
    with site.app.app_context():
        key = site.sm.find_role("role of ann").id
    assert send_form(admin, f"/admin/roles/delete/{key}").status_code == 302
    assert ann.get("/admin/countryview/list/").status_code == 403
    send_form(admin, "/admin/roles/add", name="Next")
    assert _grants(site, "Next") == set()
    assert ann.get("/admin/countryview/list/").status_code == 403


@pytest.mark.parametrize("value", ["999999", "x", "1; drop table ab_role", "\u0000", "99999999999999999999"])
def test_a_permission_that_is_none_is_refused(site: Site, value: str) -> None:
    answer = send_form(site.admin(), "/admin/roles/add", name="Sales", permissions=[value])
    assert answer.status_code == 422
    assert "Not one of the choices." in answer.text


def test_the_admin_page_says_that_it_may_do_everything(site: Site) -> None:
    admin = site.admin()
    assert "This role may do everything" in admin.get("/admin/roles/edit/1").text
    assert "Everything" in admin.get("/admin/roles/show/1").text


def test_the_form_offers_every_permission_in_one_statement(site: Site, count_statements: CountStatements) -> None:
    admin = site.admin()
    admin.get("/admin/roles/edit/2")
    with count_statements() as seen:
        page = admin.get("/admin/roles/edit/2")
    with site.app.app_context():
        offered = [f"{access.permission.replace('_', ' ')} on {access.view_menu}" for access in site.sm.declared]
    assert set(read_form(page).labels) == set(offered)
    assert len(seen) == 3, seen


def test_a_group_gives_its_roles_to_its_members(site: Site) -> None:
    site.user("ann")
    ann, admin = site.sign_in("ann"), site.admin()
    send_form(admin, "/admin/roles/add", name="Sales", permissions_called=["can list on CustomerView"])
    answer = send_form(admin, "/admin/groups/add", name="Berlin", users=["1"], roles_called=["Sales"])
    assert answer.status_code == 302
    assert ann.get("/admin/customerview/list/").status_code == 200
    send_form(admin, "/admin/groups/delete/1")
    assert ann.get("/admin/customerview/list/").status_code == 403


@pytest.mark.parametrize(
    ("route", "text"),
    [("permissions", "can_list"), ("viewmenus", "CustomerView"), ("permissionviews", "menu_access")],
)
def test_what_views_declare_is_listed_searched_and_read_only(site: Site, route: str, text: str) -> None:
    admin = site.admin()
    page = admin.get(f"/admin/{route}/list/")
    assert page.status_code == 200
    assert text in admin.get(f"/admin/{route}/list/?search={text}").text
    for method in ("add", "edit/1", "show/1", "delete/1"):
        assert admin.get(f"/admin/{route}/{method}").status_code == 404


def test_the_list_of_permissions_names_the_roles_that_grant_them(site: Site) -> None:
    site.user("ann", ("can_list", "CountryView"))
    page = site.admin().get("/admin/permissionviews/list/?search=can_list+countryview")
    assert "role of ann" in page.text
    assert "1 record" in page.text
