"""A user manager who is no administrator makes no administrator, touches none, and gives away nothing beyond them."""

import re
from typing import Any

import pytest

from tests.builtin.forms import read_form, send_form
from tests.builtin.matrix import grants_of, key_of, read_matrix, role_key, send_difference, send_ticks
from tests.builtin.test_accounts import NEW
from tests.conftest import CountStatements
from tests.web.site import Browser, Site

USER_PAGES = ("can_list", "can_show", "can_add", "can_edit", "can_delete", "resetpasswords")
PAGES = ("can_list", "can_show", "can_add", "can_edit", "can_delete")


@pytest.fixture
def manager(site: Site) -> Browser:
    """Somebody who manages users, groups and roles, beside an administrator (1) and an ordinary user (2)."""
    site.user("admin", roles=("Admin",))
    site.user("ann", ("can_list", "CountryView"))
    grants = [
        *((name, "UserDBModelView") for name in USER_PAGES),
        *((name, "UserGroupModelView") for name in PAGES),
        ("can_this_form_get", "ResetPasswordView"),
        ("can_this_form_post", "ResetPasswordView"),
    ]
    site.user("mia", *grants)
    return site.sign_in("mia")


def _role(site: Site, name: str, *grants: tuple[str, str]) -> None:
    with site.app.app_context():
        role = site.sm.add_role(name)
        for permission, view_menu in grants:
            site.sm.add_permission_role(role, site.sm.find_permission_view_menu(permission, view_menu))


def _roles(site: Site, name: str) -> list[str]:
    with site.app.app_context():
        return [role.name for role in site.sm.get_user_roles(site.sm.find_user(name))]


def test_an_ordinary_role_can_be_given(site: Site, manager: Browser) -> None:
    _role(site, "Sales", ("can_list", "CustomerView"))
    assert send_form(manager, "/admin/users/edit/2", roles_called=["Sales"]).status_code == 302
    assert _roles(site, "ann") == ["Sales"]


def test_the_admin_role_cannot_be_given(site: Site, manager: Browser) -> None:
    answer = send_form(manager, "/admin/users/edit/2", roles_called=["Admin"])
    assert answer.status_code == 422
    assert "Only an administrator may give the role Admin." in answer.text
    assert _roles(site, "ann") == ["role of ann"]
    answer = send_form(manager, "/admin/users/add", **NEW, roles_called=["Admin"])
    assert answer.status_code == 422
    with site.app.app_context():
        assert site.sm.find_user("bob") is None


def test_the_admin_role_cannot_be_given_by_a_group(site: Site, manager: Browser) -> None:
    with site.app.app_context():
        site.sm.add_group("Chiefs", roles=[site.sm.find_role("Admin")])
        site.sm.add_group("Clerks")
    answer = send_form(manager, "/admin/users/edit/2", groups_called=["Chiefs"])
    assert answer.status_code == 422
    assert send_form(manager, "/admin/groups/edit/1", users=["2"]).status_code == 422
    assert send_form(manager, "/admin/groups/edit/2", users=["2"], roles_called=["Admin"]).status_code == 422
    assert send_form(manager, "/admin/groups/edit/2", users=["2"]).status_code == 302
    assert send_form(manager, "/admin/groups/delete/1").status_code == 302
    assert _roles(site, "ann") == ["role of ann"]
    with site.app.app_context():
        assert site.sm.find_group("Chiefs") is not None


def test_own_roles_and_groups_cannot_be_changed(site: Site, manager: Browser) -> None:
    _role(site, "Sales", ("can_list", "CustomerView"))
    with site.app.app_context():
        site.sm.add_group("Sellers", roles=[site.sm.find_role("Sales")])
    for changes in ({"roles_called": ["role of mia", "Sales"]}, {"groups_called": ["Sellers"]}):
        answer = send_form(manager, "/admin/users/edit/3", **changes)
        assert answer.status_code == 422
        assert "You cannot change your own roles and groups." in answer.text
    assert send_form(manager, "/admin/groups/edit/1", users=["3"]).status_code == 422
    assert _roles(site, "mia") == ["role of mia"]


def test_the_roles_of_a_group_that_one_is_in_cannot_be_changed(site: Site, manager: Browser) -> None:
    _role(site, "Sales", ("can_list", "CustomerView"))
    with site.app.app_context():
        site.sm.add_group("Mine", users=[site.sm.find_user("mia")])
        site.sm.add_group("Others", users=[site.sm.find_user("ann")])
    answer = send_form(manager, "/admin/groups/edit/1", roles_called=["Sales"])
    assert answer.status_code == 422
    assert "You cannot change your own roles and groups." in answer.text
    assert _roles(site, "mia") == ["role of mia"]
    assert send_form(manager, "/admin/groups/edit/1", label="Ours").status_code == 302
    assert send_form(manager, "/admin/groups/edit/2", roles_called=["Sales"]).status_code == 302
    assert set(_roles(site, "ann")) == {"Sales", "role of ann"}


def test_a_group_that_one_is_in_cannot_be_deleted(
    site: Site, manager: Browser, count_statements: CountStatements
) -> None:
    with site.app.app_context():
        site.sm.add_group("Mine", users=[site.sm.find_user("mia"), site.sm.find_user("admin")])
        site.sm.add_group("Others", users=[site.sm.find_user("ann")])
    token = read_form(manager.get("/admin/groups/edit/1")).values["csrf_token"]
    answer = manager.client.post("/admin/groups/delete/1", data={"csrf_token": token}, follow_redirects=True)
    assert "You cannot change your own roles and groups." in answer.text
    with count_statements() as few:
        page = manager.get("/admin/groups/list/")
    assert re.findall(r'name="rowid" value="(\d+)"', page.text) == ["2"]
    assert "/admin/groups/delete/" not in page.text
    with site.app.app_context():
        for number in range(5):
            site.sm.add_group(f"More {number}")
    with count_statements() as many:
        manager.get("/admin/groups/list/")
    assert len(many) == len(few), (few, many)
    assert send_form(manager, "/admin/groups/delete/2").status_code == 302
    assert send_form(site.sign_in("admin"), "/admin/groups/delete/1").status_code == 302
    with site.app.app_context():
        assert site.sm.find_group("Mine") is site.sm.find_group("Others") is None


def test_what_everybody_may_do_with_users_breaks_nothing(site: Site, manager: Browser) -> None:
    reset = [(f"can_this_form_{way}", "ResetPasswordView") for way in ("get", "post")]
    with site.app.app_context():
        for grant in (*((page, "UserDBModelView") for page in USER_PAGES), *reset):
            site.sm.add_permission_role(site.sm.get_public_role(), site.sm.find_permission_view_menu(*grant))
    _role(site, "Sales", ("can_list", "CustomerView"))
    visitor, chosen = site.browser(), {"new_password": "a good long one", "repeat_password": "a good long one"}
    assert send_form(visitor, "/admin/users/add", **NEW, roles_called=["Sales"]).status_code == 302
    assert send_form(visitor, "/admin/users/edit/1", last_name="Stolen").status_code == 422
    assert send_form(visitor, "/admin/resetpassword/form?pk=2", **chosen).status_code == 302
    assert site.sign_in("ann", "a good long one").get("/admin/").status_code == 200


def test_own_name_can_be_changed(site: Site, manager: Browser) -> None:
    assert send_form(manager, "/admin/users/edit/3", last_name="Moss").status_code == 302
    with site.app.app_context():
        assert site.sm.find_user("mia").last_name == "Moss"


def test_a_role_that_manages_roles_cannot_be_given(site: Site, manager: Browser) -> None:
    _role(site, "Role keeper", ("can_edit", "RoleModelView"))
    answer = send_form(manager, "/admin/users/add", **NEW, roles_called=["Role keeper"])
    assert answer.status_code == 422
    assert "may do more with users and roles than you" in answer.text


@pytest.mark.parametrize("active", [True, False])
@pytest.mark.parametrize("by_group", [True, False])
def test_an_administrator_cannot_be_touched(site: Site, manager: Browser, active: bool, by_group: bool) -> None:
    with site.app.app_context():
        other = site.sm.add_user("zoe", "Zoe", "Zed", "zoe@example.org")
        if by_group:
            site.sm.add_group("Chiefs", roles=[site.sm.find_role("Admin")], users=[other])
        else:
            site.sm.set_user_roles(other, [site.sm.find_role("Admin")])
        other.active = active
        site.sm.update_user(other)
        key = other.id
    answer = send_form(manager, f"/admin/users/edit/{key}", last_name="Stolen", active="true")
    assert answer.status_code == 422
    assert "Only an administrator may change an administrator." in answer.text
    send_form(manager, f"/admin/users/delete/{key}")
    refused = manager.get(f"/admin/resetpassword/form?pk={key}")
    assert refused.status_code == 302
    data = {"csrf_token": manager.token(), "new_password": "a good long one", "repeat_password": "a good long one"}
    answer = manager.client.post(f"/admin/resetpassword/form?pk={key}", data=data, follow_redirects=True)
    assert "Only an administrator may change an administrator." in answer.text
    with site.app.app_context():
        zoe = site.sm.find_user("zoe")
        assert (zoe.last_name, zoe.active, zoe.password) == ("Zed", active, None)


def test_somebody_elses_password_can_be_set(site: Site, manager: Browser) -> None:
    ann = site.sign_in("ann")
    page = manager.get("/admin/resetpassword/form?pk=2")
    assert "For Ann Tester." in page.text
    answer = send_form(
        manager, "/admin/resetpassword/form?pk=2", new_password="a good long one", repeat_password="a good long one"
    )
    assert (answer.status_code, answer.location) == (302, "/admin/users/list/")
    assert ann.get("/admin/").status_code == 302
    assert site.sign_in("ann", "a good long one").get("/admin/").status_code == 200


@pytest.mark.parametrize("pk", ["", "99", "x", "1%00", "99999999999999999999999"])
def test_a_password_of_nobody_is_not_found(site: Site, pk: str) -> None:
    assert site.admin().get(f"/admin/resetpassword/form?pk={pk}").status_code == 404


@pytest.mark.parametrize("change", [{"active": []}, {"roles": []}])
def test_the_last_active_administrator_stays_one(site: Site, change: dict[str, Any]) -> None:
    admin = site.admin()
    answer = send_form(admin, "/admin/users/edit/1", **change)
    assert answer.status_code == 422
    assert "The last active administrator must remain one." in answer.text
    assert send_form(admin, "/admin/users/delete/1").status_code == 302
    assert admin.get("/admin/users/list/").status_code == 200
    assert _roles(site, "admin") == ["Admin"]
    with site.app.app_context():
        assert site.sm.find_user("admin").active


def test_with_a_second_administrator_one_may_go(site: Site) -> None:
    site.user("eve", roles=("Admin",))
    admin = site.admin()
    assert send_form(admin, "/admin/users/edit/1", roles=[]).status_code == 302
    assert _roles(site, "eve") == []
    assert send_form(admin, "/admin/users/delete/1").status_code == 302


def test_the_group_of_the_last_administrator_stays(site: Site) -> None:
    with site.app.app_context():
        user = site.sm.add_user("eve", "Eve", "E", "eve@example.org", password="a good long one")
        site.sm.add_group("Chiefs", roles=[site.sm.find_role("Admin")], users=[user])
    eve = site.sign_in("eve", "a good long one")
    assert send_form(eve, "/admin/groups/edit/1", users=[]).status_code == 422
    assert send_form(eve, "/admin/groups/edit/1", roles=[]).status_code == 422
    send_form(eve, "/admin/groups/delete/1")
    assert _roles(site, "eve") == ["Admin"]
    assert eve.get("/admin/groups/list/").status_code == 200


def test_a_role_keeper_grants_only_what_they_may_do(site: Site) -> None:
    site.user("admin", roles=("Admin",))
    site.user("kim", *((name, "RoleModelView") for name in PAGES), ("can_list", "CountryView"))
    kim = site.sign_in("kim")
    assert send_ticks(kim, "/admin/roles/add", "List on Countries", name="Readers").status_code == 302
    beyond = key_of(site, "can_list", "CustomerView")
    refused = send_difference(kim, "/admin/roles/add", added=[beyond], name="More")
    assert refused.status_code == 422
    assert "You cannot grant what you may not do: can_list on CustomerView" in refused.text
    assert (grants_of(site, "Readers"), grants_of(site, "More")) == ({"can_list on CountryView"}, set())


@pytest.fixture
def keeper(site: Site, manager: Browser) -> int:
    """The key of somebody who manages roles, which the user manager may not."""
    site.user("rob", *((name, "RoleModelView") for name in PAGES))
    with site.app.app_context():
        return int(site.sm.find_user("rob").id)


BEYOND = "This person may do more with users and roles than you."


def test_whoever_may_do_more_with_roles_gets_no_password_from_less(site: Site, manager: Browser, keeper: int) -> None:
    url = f"/admin/resetpassword/form?pk={keeper}"
    assert BEYOND in manager.get(url, follow_redirects=True).text
    data = {"csrf_token": manager.token(), "new_password": "a good long one", "repeat_password": "a good long one"}
    assert BEYOND in manager.client.post(url, data=data, follow_redirects=True).text
    assert site.sign_in("rob").get("/admin/roles/list/").status_code == 200


def test_whoever_may_do_more_with_roles_is_not_edited_or_deleted_by_less(
    site: Site, manager: Browser, keeper: int
) -> None:
    answer = send_form(manager, f"/admin/users/edit/{keeper}", email="mine@example.org")
    assert answer.status_code == 422
    assert BEYOND in answer.text
    send_form(manager, f"/admin/users/delete/{keeper}")
    with site.app.app_context():
        assert site.sm.find_user("rob").email == "rob@example.org"


def test_the_page_of_somebody_beyond_offers_no_change(site: Site, manager: Browser, keeper: int) -> None:
    for key, is_offered in ((keeper, False), (2, True)):
        page = manager.get(f"/admin/users/show/{key}").text
        for way in (f"/admin/users/edit/{key}", f"/admin/users/delete/{key}", "/admin/users/action/resetpasswords/"):
            assert (way in page) is is_offered


def test_equals_may_change_each_other(site: Site, manager: Browser) -> None:
    site.user("max", *((name, "UserDBModelView") for name in USER_PAGES))
    with site.app.app_context():
        key = site.sm.find_user("max").id
    assert send_form(manager, f"/admin/users/edit/{key}", last_name="Moss").status_code == 302


@pytest.fixture
def kim(site: Site) -> Browser:
    """Somebody who manages roles and may list countries; "Boss" (by its key) is a role beyond them, "Clerk" is not."""
    site.user("admin", roles=("Admin",))
    site.user("kim", *((name, "RoleModelView") for name in PAGES), ("can_list", "CountryView"))
    _role(site, "Boss", ("can_list", "CountryView"), ("can_delete", "UserDBModelView"))
    _role(site, "Clerk", ("can_list", "CountryView"))
    return site.sign_in("kim")


def test_a_role_keeper_takes_away_only_what_they_may_do(site: Site, kim: Browser) -> None:
    before, url = grants_of(site, "Boss"), f"/admin/roles/edit/{role_key(site, 'Boss')}"
    beyond = key_of(site, "can_delete", "UserDBModelView")
    answer = send_difference(kim, url, removed=[beyond])
    assert answer.status_code == 422
    assert "You cannot take away what you may not do: can_delete on UserDBModelView" in answer.text
    assert grants_of(site, "Boss") == before
    assert send_ticks(kim, url, untick=["List on Countries"]).status_code == 302
    assert grants_of(site, "Boss") == {"can_delete on UserDBModelView"}


def test_what_a_role_keeper_may_not_do_is_locked_in_the_matrix(site: Site, kim: Browser) -> None:
    page = kim.get(f"/admin/roles/edit/{role_key(site, 'Boss')}")
    boxes = read_matrix(page).boxes
    assert (boxes["Delete on Users"].is_ticked, boxes["Delete on Users"].is_locked) == (True, True)
    assert (boxes["List on Customers"].is_ticked, boxes["List on Customers"].is_locked) == (False, True)
    assert not boxes["List on Countries"].is_locked
    assert "You can grant and take away only what you may do yourself" in page.text


def test_a_role_keeper_deletes_and_renames_only_roles_within_their_rights(site: Site, kim: Browser) -> None:
    before, boss = grants_of(site, "Boss"), role_key(site, "Boss")
    answer = send_ticks(kim, f"/admin/roles/edit/{boss}", name="Nobody")
    assert "The role Boss may do more than you." in answer.text
    send_form(kim, f"/admin/roles/delete/{boss}")
    assert grants_of(site, "Boss") == before
    assert send_ticks(kim, f"/admin/roles/edit/{role_key(site, 'Clerk')}", name="Writer").status_code == 302
    assert send_form(kim, f"/admin/roles/delete/{role_key(site, 'Writer')}").status_code == 302
    assert grants_of(site, "Writer") == set()


@pytest.mark.parametrize("by_group", [False, True])
def test_a_role_that_one_has_cannot_be_deleted(site: Site, kim: Browser, by_group: bool) -> None:
    with site.app.app_context():
        user, role = site.sm.find_user("kim"), site.sm.add_role("Own")
        if by_group:
            site.sm.add_group("Mine", roles=[role], users=[user])
        else:
            site.sm.set_user_roles(user, [*site.sm.get_user_roles(user), role])
    url = f"/admin/roles/delete/{role_key(site, 'Own')}"
    assert url not in kim.get("/admin/roles/list/").text
    token = read_form(kim.get(f"/admin/roles/edit/{role_key(site, 'Own')}")).values["csrf_token"]
    answer = kim.client.post(url, data={"csrf_token": token}, follow_redirects=True)
    assert "You cannot change your own roles and groups." in answer.text
    assert "Own" in _roles(site, "kim")
    assert send_ticks(kim, url.replace("delete", "edit"), name="Mine still").status_code == 302
    with site.app.app_context():
        site.sm.set_user_roles(
            site.sm.find_user("admin"), [site.sm.find_role("Admin"), site.sm.find_role("Mine still")]
        )
    assert send_form(site.sign_in("admin"), url).status_code == 302
    assert _roles(site, "kim") == ["role of kim"]


@pytest.mark.parametrize("role", ["Public", "Admin"])
def test_a_role_keeper_changes_no_reserved_role(site: Site, kim: Browser, role: str) -> None:
    key, refusal = role_key(site, role), f"Only an administrator may change the role {role}."
    page = kim.get(f"/admin/roles/edit/{key}")
    reason = (
        f"Only an administrator may change the role {role}." if role == "Public" else "This role may do everything."
    )
    assert reason in page.text
    assert read_matrix(page).boxes == {} or "<fieldset disabled>" in page.text
    answer = send_difference(kim, f"/admin/roles/edit/{key}", added=[key_of(site, "can_list", "CountryView")])
    assert answer.status_code == 422
    assert refusal in answer.text
    assert grants_of(site, role) == set()
    assert f"/admin/roles/edit/{key}" not in kim.get(f"/admin/roles/show/{key}").text
