"""The pages of users, groups and roles link to no change that would be refused, and ask the database no more for it."""

from collections.abc import Iterable

import pytest

from appbuilder_lite import AppBuilder, ModelView, SecurityManager, SQLAInterface, security_model
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import site_of
from tests.web.site import PASSWORD, Browser, Site, make_db

PAGES = ("can_list", "can_show", "can_add", "can_edit", "can_delete")


def _rights(*views: str) -> list[tuple[str, str]]:
    return [(page, view) for view in views for page in PAGES]


def _linked(browser: Browser, url: str, base: str, method: str, keys: Iterable[int]) -> set[int]:
    page = browser.get(url)
    assert page.status_code == 200, page.text
    linked = {key for key in keys if f'"/admin/{base}/{method}/{key}"' in page.text}
    if method != "delete":
        return linked
    # A list deletes the rows that can be ticked, and has a link beside only where rows have a menu.
    ticked = {key for key in keys if f'name="rowid" value="{key}"' in page.text}
    assert not (linked and ticked) or linked == ticked
    return linked | ticked


def _role(site: Site, name: str, *grants: tuple[str, str]) -> int:
    with site.app.app_context():
        role = site.sm.add_role(name)
        for grant in grants:
            site.sm.add_permission_role(role, site.sm.find_permission_view_menu(*grant))
        return int(role.id)


@pytest.fixture
def manager(site: Site) -> Browser:
    """Mia manages users and groups. The administrator is 1; Ann (2) is anybody; Rob (3) manages roles, by a group."""
    site.user("admin", roles=("Admin",))
    site.user("ann", ("can_list", "CountryView"))
    site.user("rob")
    _role(site, "Role keeper", *_rights("RoleModelView"))
    with site.app.app_context():
        sm = site.sm
        sm.add_group("Keepers", roles=[sm.find_role("Role keeper")], users=[sm.find_user("rob")])
        sm.add_group("Friends", roles=[sm.find_role("role of ann")])
    site.user("mia", *_rights("UserDBModelView", "UserGroupModelView"))
    return site.sign_in("mia")


def test_the_list_of_users_links_to_no_change_of_somebody_beyond(site: Site, manager: Browser) -> None:
    for method, expected in (("show", {1, 2, 3, 4}), ("edit", {2, 4}), ("delete", {2, 4})):
        assert _linked(manager, "/admin/users/list/", "users", method, range(1, 5)) == expected, method
        assert _linked(site.sign_in("admin"), "/admin/users/list/", "users", method, range(1, 5)) == {1, 2, 3, 4}


def test_the_pages_of_somebody_beyond_link_to_no_change(site: Site, manager: Browser) -> None:
    for key, expected in ((1, set()), (2, {2}), (3, set())):
        assert _linked(manager, f"/admin/users/show/{key}", "users", "edit", [key]) == expected
        assert _linked(manager, f"/admin/users/show/{key}", "users", "delete", [key]) == expected
        assert _linked(manager, f"/admin/users/edit/{key}", "users", "delete", [key]) == expected


def test_the_links_cost_the_same_for_many_users(
    site: Site, manager: Browser, count_statements: CountStatements
) -> None:
    url = "/admin/users/list/?page_size=100"
    manager.get(url)
    with count_statements() as few:
        manager.get(url)
    with site.app.app_context():
        roles = [site.sm.add_role(f"Role {number}") for number in range(10)]
        groups = [site.sm.add_group(f"Group {number}", roles=[role]) for number, role in enumerate(roles)]
        for number in range(40):
            role, group = roles[number % 10], groups[number % 7]
            site.sm.add_user(f"u{number}", "U", "V", f"u{number}@example.org", role, groups=group)
    manager.get(url)
    with count_statements() as many:
        page = manager.get(url)
    assert "44 records" in page.text
    # The guard, the rows and their roles; then the grant version, and what each of these users has.
    assert len(many) == len(few) == 5, many


def test_the_list_of_groups_links_to_no_change_of_one_that_gives_more(
    site: Site, manager: Browser, count_statements: CountStatements
) -> None:
    for method in ("edit", "delete"):
        assert _linked(manager, "/admin/groups/list/", "groups", method, (1, 2)) == {2}
        assert _linked(manager, "/admin/groups/show/1", "groups", method, [1]) == set()
    with count_statements() as few:
        manager.get("/admin/groups/list/")
    with site.app.app_context():
        for number in range(10):
            site.sm.add_group(f"Group {number}", roles=[site.sm.add_role(f"Role {number}")])
    manager.get("/admin/groups/list/")
    with count_statements() as many:
        manager.get("/admin/groups/list/")
    assert len(many) == len(few), many


def test_roles_that_exist_by_themselves_are_not_deleted_and_are_changed_by_administrators_only(
    site: Site, count_statements: CountStatements
) -> None:
    site.user("kim", *_rights("RoleModelView"), ("can_list", "CountryView"))
    boss = _role(site, "Boss", ("can_list", "CountryView"), ("can_delete", "UserDBModelView"))
    clerk = _role(site, "Clerk", ("can_list", "CountryView"))
    with site.app.app_context():
        reserved = {site.sm.find_role(name).id for name in ("Admin", "Public")}
    kim, admin, keys = site.sign_in("kim"), site.admin(), [*reserved, boss, clerk]

    def linked(browser: Browser, method: str) -> set[int]:
        return _linked(browser, "/admin/roles/list/", "roles", method, keys)

    assert linked(kim, "edit") == {boss, clerk}
    assert linked(kim, "delete") == {clerk}
    assert linked(admin, "edit") == {*reserved, boss, clerk}
    assert linked(admin, "delete") == {boss, clerk}
    for number in range(10):
        _role(site, f"Role {number}", ("can_list", "CountryView"))
    kim.get("/admin/roles/list/")
    with count_statements() as seen:
        kim.get("/admin/roles/list/")
    # The guard, the rows, the figures of users and of permissions, and the grant version.
    assert len(seen) == 5, seen


def test_a_view_of_users_of_the_apps_own_links_to_no_more(make_host: MakeHost) -> None:
    class PeopleView(ModelView):
        datamodel = SQLAInterface(security_model("user_model"))
        list_columns = ["username"]

        def can_edit_item(self, user: object, item: object) -> bool:
            return getattr(item, "username", "") != "ann"

    site = site_of(make_host, lambda site: [PeopleView])
    site.user("admin", roles=("Admin",))
    site.user("ann")
    site.user("bob")
    site.user("mia", *_rights("PeopleView"))
    mia = site.sign_in("mia")
    assert _linked(mia, "/admin/peopleview/list/", "peopleview", "edit", range(1, 5)) == {3, 4}
    assert _linked(mia, "/admin/peopleview/list/", "peopleview", "delete", range(1, 5)) == {2, 3, 4}


def test_what_somebody_may_do_by_another_appbuilder_counts_too(
    make_host: MakeHost, count_statements: CountStatements
) -> None:
    db = make_db()
    app = make_host(db).app
    first = AppBuilder(app, db)
    with app.app_context():
        manager = type("Other", (SecurityManager,), {"user_model": first.sm.models.user})
    second = AppBuilder(app, db, name="two", url_prefix="/two", table_prefix="two_", security_manager_class=manager)
    with app.app_context():
        db.create_all()
        for sm in (first.sm, second.sm):
            sm.ensure_synced()
        admin = first.sm.add_user("admin", "A", "B", "a@example.org", first.sm.find_role("Admin"))
        chief = first.sm.add_user("chief", "A", "B", "c@example.org")
        second.sm.set_user_roles(chief, second.sm.find_role("Admin"))
        assert (admin.id, chief.id) == (1, 2)
        first.sm.reset_password(1, PASSWORD)
    browser = Browser(app.test_client())
    browser.send("/admin/login/", username="admin", password=PASSWORD)
    assert _linked(browser, "/admin/users/list/", "users", "edit", (1, 2)) == {1}
    with app.app_context():
        for number in range(20):
            first.sm.add_user(f"u{number}", "U", "V", f"u{number}@example.org")
    with count_statements() as seen:
        assert _linked(browser, "/admin/users/list/", "users", "edit", range(1, 23)) == {1, *range(3, 23)}
    # As for one AppBuilder; then who the administrator is at the other, and what these users have there.
    assert len(seen) == 6, seen
