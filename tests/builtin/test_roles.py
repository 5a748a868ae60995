"""Roles, groups, and the lists of what can be granted."""

import pytest

from tests.builtin.forms import send_form
from tests.builtin.matrix import grants_of, role_key, send_ticks
from tests.web.conftest import MakeSite
from tests.web.site import Site


def test_a_new_role_has_the_permissions_that_were_ticked(site: Site) -> None:
    names = ("List on Customers", "Show on Customers")
    answer = send_ticks(site.admin(), "/admin/roles/add", *names, name="Sales")
    assert (answer.status_code, answer.location) == (302, "/admin/roles/list/")
    assert grants_of(site, "Sales") == {"can_list on CustomerView", "can_show on CustomerView"}


def test_a_permission_counts_at_the_next_request_of_another_user(site: Site) -> None:
    site.user("ann", ("can_list", "CountryView"))
    ann, admin = site.sign_in("ann"), site.admin()
    assert ann.get("/admin/customerview/list/").status_code == 403
    url = f"/admin/roles/edit/{role_key(site, 'role of ann')}"
    send_ticks(admin, url, "List on Customers", untick=["List on Countries"])
    assert ann.get("/admin/customerview/list/").status_code == 200
    assert ann.get("/admin/countryview/list/").status_code == 403


def test_public_can_be_given_a_permission_and_keeps_its_name(site: Site) -> None:
    admin = site.admin()
    page = admin.get("/admin/roles/edit/2")
    assert 'name="name"' not in page.text
    assert "What visitors who are not signed in may do." in page.text
    send_ticks(admin, "/admin/roles/edit/2", "List on Countries", name="Everybody")
    assert site.browser().get("/admin/countryview/list/").status_code == 200
    assert grants_of(site, "Everybody") == set()


def test_an_edit_without_a_change_writes_no_grant(site: Site) -> None:
    with site.app.app_context():
        view = site.sm.find_permission_view_menu("can_list", "CustomerView")
        key = site.sm.add_role("Sales", [view]).id
        before = site.sm.store.snapshot(None).version
    assert send_ticks(site.admin(), f"/admin/roles/edit/{key}").status_code == 302
    assert grants_of(site, "Sales") == {"can_list on CustomerView"}
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
    key = role_key(site, "role of ann")
    assert send_form(admin, f"/admin/roles/delete/{key}").status_code == 302
    assert ann.get("/admin/countryview/list/").status_code == 403
    send_form(admin, "/admin/roles/add", name="Next")
    assert grants_of(site, "Next") == set()
    assert ann.get("/admin/countryview/list/").status_code == 403


def test_the_page_of_the_admin_role_says_that_it_may_do_everything(site: Site) -> None:
    page = site.admin().get("/admin/roles/edit/1")
    assert "This role may do everything." in page.text


def test_a_group_gives_its_roles_to_its_members(site: Site) -> None:
    site.user("ann")
    ann, admin = site.sign_in("ann"), site.admin()
    send_ticks(admin, "/admin/roles/add", "List on Customers", name="Sales")
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
