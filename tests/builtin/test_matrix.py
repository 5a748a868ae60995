"""The permissions of a role as a matrix: what it shows, and that it saves differences."""

import logging
import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from appbuilder_lite import AppBuilder, BaseView, ModelView, SQLAInterface, action, expose, has_access
from tests.builtin.forms import read_form
from tests.builtin.matrix import (
    grants_of,
    key_of,
    read_matrix,
    role_key,
    send_difference,
    send_ticks,
    ticked,
)
from tests.conftest import CountStatements, MakeHost
from tests.statements import Statements
from tests.web.conftest import MakeSite
from tests.web.site import Browser, Site, make_db, make_models

LISTS = [("can_list", "CustomerView"), ("can_list", "CountryView")]


@pytest.fixture
def sales(site: Site) -> str:
    """The address of the role "Sales", which may list customers and countries."""
    return _make_role(site, "Sales", *LISTS)


def _make_role(site: Site, name: str, *grants: tuple[str, str]) -> str:
    with site.app.app_context():
        views = [site.sm.find_permission_view_menu(*grant) for grant in grants]
        return f"/admin/roles/edit/{site.sm.add_role(name, views).id}"


def test_views_stand_under_their_category_in_the_order_of_the_menu(site: Site, sales: str) -> None:
    found = read_matrix(site.admin().get(sales))
    assert found.columns == ["View", "List", "Show", "Add", "Edit", "Delete", "Other"]
    assert list(found.groups) == ["Sales", "Security", "Not in the menu"]
    assert found.groups["Sales"] == ["Customers", "Countries", "Orders"]
    assert found.groups["Security"][:3] == ["Users", "Roles", "Groups"]


def test_what_the_role_has_is_ticked(site: Site, sales: str) -> None:
    page = site.admin().get(sales)
    assert ticked(page) == {"List on Customers", "List on Countries"}
    total = len(read_matrix(page).boxes)
    assert f"2 of {total} permissions" in page.text


def test_actions_and_other_permissions_are_named_in_their_row(make_host: MakeHost) -> None:
    db = make_db()
    models = make_models(db)

    class ShippingView(ModelView):
        datamodel = SQLAInterface(models.Order)
        base_permissions = ["can_list", "ship", "can_weigh_parcels", "can_download"]

        @action("ship", "Mark as shipped")
        def ship(self, items: Any) -> None: ...

    class ReportView(BaseView):
        default_view = "monthly"

        @expose("/monthly")
        @has_access
        def monthly(self) -> str:
            return ""

    host = make_host(db)
    builder = AppBuilder()
    builder.add_view(ShippingView, "Shipping", label="Parcels", category="Sales")
    builder.add_view_no_menu(ReportView)
    builder.add_link("Handbook", href="https://example.org/", category="Help")
    builder.init_app(host.app, db)
    host.app.add_url_rule("/gauge", "gauge", has_access("can_read", "Gauge")(lambda: ""))
    site = Site(host.app, db, builder)
    site.create()
    found = read_matrix(site.admin().get("/admin/roles/edit/2"))
    assert found.columns[-2:] == ["Download", "Other"]
    wanted = {"List on Parcels", "Download on Parcels", "Mark as shipped on Parcels", "Weigh parcels on Parcels"}
    assert {name for name in found.boxes if name.endswith("on Parcels")} == wanted
    assert {"Monthly on Report View", "Read on Gauge", "Menu entry on Handbook"} <= found.boxes.keys()
    assert found.groups["Menu"] == ["Handbook"]
    assert {"Report View", "Gauge"} <= set(found.groups["Not in the menu"])


def test_what_no_view_declares_any_more_stands_last(site: Site, sales: str) -> None:
    with site.app.app_context():
        site.sm.add_permission_view_menu("can_list", "OldView")
    groups = read_matrix(site.admin().get(sales)).groups
    assert groups["Unknown to this app"] == ["OldView"]
    assert list(groups)[-1] == "Unknown to this app"


def test_menu_entries_that_follow_their_page_are_shown_on_demand_and_never_lost(site: Site) -> None:
    url = _make_role(site, "Sales", ("menu_access", "Customers"), ("menu_access", "Sales"), LISTS[0])
    admin = site.admin()
    page = admin.get(url)
    assert ticked(page) == {"List on Customers"}
    assert f'href="{url}?menus=1"' in page.text
    send_ticks(admin, url, untick=["List on Customers"])
    assert grants_of(site, "Sales") == {"menu_access on Customers", "menu_access on Sales"}
    page = admin.get(f"{url}?menus=1")
    assert ticked(page) == {"Menu entry on Customers", "Menu entry on Sales"}
    assert f'action="{url}?menus=1"' in page.text
    send_ticks(admin, f"{url}?menus=1", untick=["Menu entry on Sales"])
    assert grants_of(site, "Sales") == {"menu_access on Customers"}


def test_two_people_who_change_different_ticks_both_win(site: Site, sales: str) -> None:
    site.user("eve", roles=("Admin",))
    admin, eve = site.admin(), site.sign_in("eve")
    first, second = admin.get(sales), eve.get(sales)
    assert send_ticks(admin, sales, "Edit on Orders", page=first).status_code == 302
    assert send_ticks(eve, sales, untick=["List on Countries"], page=second).status_code == 302
    assert grants_of(site, "Sales") == {"can_list on CustomerView", "can_edit on OrderView"}


def test_what_somebody_else_did_already_is_no_error(site: Site, sales: str) -> None:
    site.user("eve", roles=("Admin",))
    admin, eve = site.admin(), site.sign_in("eve")
    pages = admin.get(sales), eve.get(sales)
    for browser, page in zip((admin, eve), pages, strict=True):
        answer = send_ticks(browser, sales, "Edit on Orders", untick=["List on Countries"], page=page)
        assert answer.status_code == 302
    assert grants_of(site, "Sales") == {"can_list on CustomerView", "can_edit on OrderView"}


def test_what_somebody_else_took_away_does_not_come_back(site: Site, sales: str) -> None:
    admin = site.admin()
    old = admin.get(sales)
    send_ticks(admin, sales, untick=["List on Countries"])
    assert send_ticks(admin, sales, "Add on Orders", page=old).status_code == 302
    assert grants_of(site, "Sales") == {"can_list on CustomerView", "can_add on OrderView"}


def test_a_permission_that_appeared_since_is_not_taken_away(site: Site, sales: str) -> None:
    admin = site.admin()
    old = admin.get(sales)
    with site.app.app_context():
        site.sm.add_permission_role(site.sm.find_role("Sales"), site.sm.add_permission_view_menu("can_new", "NewView"))
    send_ticks(admin, sales, untick=["List on Countries"], page=old)
    assert grants_of(site, "Sales") == {"can_list on CustomerView", "can_new on NewView"}


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("search=cust", {"Customers"}),
        ("search=SALES+count", {"Countries"}),
        ("show=granted", {"Customers", "Countries"}),
        ("show=granted&search=customers", {"Customers"}),
        ("search=%00", set()),
        ("show=nonsense&search=orders", {"Orders"}),
    ],
)
def test_without_scripts_the_server_finds_the_rows(site: Site, sales: str, query: str, rows: set[str]) -> None:
    page = site.admin().get(f"{sales}?{query}")
    found = read_matrix(page)
    assert {row for group in found.groups.values() for row in group} == rows
    assert f'href="{sales}">Show all</a>' in page.text


def test_rows_that_a_page_did_not_show_stay_as_they_are(site: Site, sales: str) -> None:
    admin = site.admin()
    send_ticks(admin, f"{sales}?search=customers", "Edit on Customers", untick=["List on Customers"])
    assert grants_of(site, "Sales") == {"can_edit on CustomerView", "can_list on CountryView"}


def test_a_form_without_the_matrix_changes_no_permission(site: Site, sales: str) -> None:
    admin = site.admin()
    data = {"csrf_token": admin.token(), "_fields": "name", "name": "Sellers"}
    assert admin.client.post(sales, data=data).status_code == 302
    assert len(grants_of(site, "Sellers")) == 2


@pytest.mark.parametrize("key", ["999999", "9999999999999999999"])
def test_a_permission_that_is_none_is_refused(site: Site, sales: str, key: str) -> None:
    answer = send_difference(site.admin(), sales, added=[key, key_of(site, "can_edit", "OrderView")])
    assert answer.status_code == 422
    assert "A permission that was ticked does not exist." in answer.text
    assert len(grants_of(site, "Sales")) == 2


@pytest.mark.parametrize(
    "shown",
    ["\0", "1/999999999999999999", "999999", "9" * 5000, "-1/3", "1/", "/", "1/2/3", ",,,", "x", "\ud800", "٣"],
)
def test_nonsense_about_what_was_shown_takes_away_only_what_it_names(site: Site, sales: str, shown: str) -> None:
    admin = site.admin()
    data = {
        "csrf_token": admin.token(),
        "_fields": "permissions",
        "permissions": shown.encode("utf-8", "surrogatepass"),
    }
    answer = admin.client.post(sales, data=data)
    assert answer.status_code == 302
    assert len(grants_of(site, "Sales")) == (0 if shown.startswith("1/9") else 2)


def test_names_that_are_no_permissions_are_left_alone(site: Site, sales: str) -> None:
    odd = ["\0", "1\0", "x", "-1", "1.5", "1e3", "٣", "9" * 400]
    assert send_difference(site.admin(), sales, added=odd).status_code == 302
    assert len(grants_of(site, "Sales")) == 2


def test_a_tick_that_is_sent_twice_counts_once(site: Site, sales: str) -> None:
    admin, key = site.admin(), key_of(site, "can_edit", "OrderView")
    shown = key_of(site, "can_list", "CustomerView")
    data = {"csrf_token": admin.token(), "permissions": [shown, shown], key: ["on", "on"]}
    assert admin.client.post(sales, data=data).status_code == 302
    assert grants_of(site, "Sales") == {"can_list on CountryView", "can_edit on OrderView"}


def test_ticks_survive_an_error_elsewhere_in_the_form(site: Site, sales: str) -> None:
    admin = site.admin()
    answer = send_ticks(admin, sales, "Edit on Orders", untick=["List on Countries"], name="")
    assert answer.status_code == 422
    assert ticked(answer) == {"List on Customers", "Edit on Orders"}
    assert answer.text.count("ab-pending") == 2
    assert grants_of(site, "Sales") == {"can_list on CustomerView", "can_list on CountryView"}
    assert send_ticks(admin, sales, page=answer, name="Sellers").status_code == 302
    assert grants_of(site, "Sellers") == {"can_list on CustomerView", "can_edit on OrderView"}


def _press(browser: Browser, page: TestResponse, button: str) -> TestResponse:
    """Send the form of a page by a button of that name."""
    url = re.findall(r'<form [^>]*method="post" action="([^"]+)"', page.text[page.text.index("<main") :])[0]
    return browser.client.post(url, data={**read_form(page).values, button: "1"})


def test_a_review_lists_the_difference_and_saves_nothing(site: Site, sales: str) -> None:
    admin = site.admin()
    changes: dict[str, Any] = {"untick": ["List on Countries"], "name": "Sellers", "_review": "1"}
    review = send_ticks(admin, sales, "Edit on Orders", **changes)
    assert review.status_code == 200
    assert re.findall(r"<li>([^<]+)</li>", review.text[review.text.index("<main") :])[-2:] == [
        "Edit on Orders",
        "List on Countries",
    ]
    assert "The name becomes Sellers." in review.text
    assert len(grants_of(site, "Sales")) == 2
    assert _press(admin, review, "save").status_code == 302
    assert grants_of(site, "Sellers") == {"can_list on CustomerView", "can_edit on OrderView"}


def test_after_a_review_the_form_can_be_changed_further(site: Site, sales: str) -> None:
    admin = site.admin()
    review = send_ticks(admin, sales, "Edit on Orders", untick=["List on Countries"], name="Sellers", _review="1")
    form = _press(admin, review, "_change")
    assert form.status_code == 200
    assert ticked(form) == {"List on Customers", "Edit on Orders"}
    assert 'value="Sellers"' in form.text
    send_ticks(admin, sales, "List on Countries", page=form)
    assert grants_of(site, "Sellers") == {
        "can_list on CustomerView",
        "can_list on CountryView",
        "can_edit on OrderView",
    }


def test_a_review_without_changes_says_so_and_a_faulty_form_is_shown_again(site: Site, sales: str) -> None:
    admin = site.admin()
    assert "Nothing is changed." in send_ticks(admin, sales, _review="1").text
    faulty = send_ticks(admin, sales, "Edit on Orders", name="", _review="1")
    assert faulty.status_code == 422
    assert "Edit on Orders" in ticked(faulty)


def test_a_new_role_can_be_reviewed(site: Site) -> None:
    admin = site.admin()
    review = send_ticks(admin, "/admin/roles/add", "Edit on Orders", name="New ones", _review="1")
    assert grants_of(site, "New ones") == set()
    assert _press(admin, review, "save").status_code == 302
    assert grants_of(site, "New ones") == {"can_edit on OrderView"}


def test_a_form_that_has_expired_comes_back_with_its_ticks(site: Site, sales: str) -> None:
    admin = site.admin()
    page = admin.get(sales)
    fields = {**read_form(page).values, "csrf_token": "old", key_of(site, "can_edit", "OrderView"): "on"}
    answer = admin.client.post(sales, data=fields, headers={"Origin": "http://localhost"})
    assert answer.status_code == 400
    assert "Send again" in answer.text
    assert grants_of(site, "Sales") == {"can_list on CustomerView", "can_list on CountryView"}
    assert _press(admin, answer, "again").status_code == 302
    assert "can_edit on OrderView" in grants_of(site, "Sales")


def test_the_review_asks_for_the_same_right_as_the_edit(site: Site, sales: str) -> None:
    site.user("ann", ("can_list", "RoleModelView"), ("can_show", "RoleModelView"))
    assert send_difference(site.sign_in("ann"), sales, _review="1").status_code == 403


def test_the_admin_role_is_ticked_throughout_and_cannot_be_changed(site: Site) -> None:
    admin = site.admin()
    page = admin.get("/admin/roles/edit/1")
    boxes = read_matrix(page).boxes.values()
    assert boxes
    assert all(box.is_ticked and box.is_locked for box in boxes)
    assert "<fieldset disabled>" in page.text
    assert ">Save</button>" not in page.text
    answer = send_difference(admin, "/admin/roles/edit/1", added=[key_of(site, "can_list", "CountryView")])
    assert answer.status_code == 422
    assert "The role Admin may do everything: there is nothing to grant." in answer.text
    assert grants_of(site, "Admin") == set()


def test_what_code_gives_a_role_is_locked_and_the_rest_is_not(make_site: MakeSite) -> None:
    site = make_site(APPBUILDER_ROLES={"Auditor": [["C.*View", "can_(list|show)"]]})
    admin, url = site.admin(), f"/admin/roles/edit/{role_key(site, 'Auditor')}"
    page = admin.get(url)
    locked = {name for name, box in read_matrix(page).boxes.items() if box.is_locked}
    assert (
        locked == ticked(page) == {f"{what} on {on}" for what in ("List", "Show") for on in ("Customers", "Countries")}
    )
    assert "What the code of this site gives this role is ticked" in page.text
    assert 'name="name"' not in page.text
    assert send_ticks(admin, url, "Edit on Orders").status_code == 302
    assert grants_of(site, "Auditor") == {"can_edit on OrderView"}


def test_whoever_may_only_look_reads_what_a_role_may_do(site: Site, sales: str) -> None:
    site.user("ann", ("can_list", "RoleModelView"), ("can_show", "RoleModelView"))
    ann, show = site.sign_in("ann"), sales.replace("edit", "show")
    page = ann.get(show)
    assert page.status_code == 200
    assert re.findall(r"<dt>(Customers|Countries|Orders)</dt>\s*<dd[^>]*>([^<]+)", page.text) == [
        ("Customers", "List"),
        ("Countries", "List"),
    ]
    assert 'class="ab-tabs"' not in page.text
    assert f'href="{show}">Sales</a>' in ann.get("/admin/roles/list/").text
    tabs = site.admin().get(show).text
    assert f'<a href="{sales}">Permissions</a>' in tabs


def test_the_log_tells_who_changed_what(site: Site, sales: str, caplog: pytest.LogCaptureFixture) -> None:
    admin = site.admin()
    caplog.set_level(logging.INFO, "appbuilder_lite.security")
    send_ticks(admin, sales, "Edit on Orders", untick=["List on Countries"])
    wanted = "Permissions of role Sales, by user 1: granted can_edit on OrderView; taken away can_list on CountryView"
    assert wanted in caplog.messages
    caplog.clear()
    send_ticks(admin, sales)
    assert not [text for text in caplog.messages if "Permissions of role" in text]


@pytest.fixture
def large(make_host: MakeHost) -> Site:
    """A site with more than three thousand permissions, of views that stand in no menu: that has a size of its own."""
    db = make_db()
    host = make_host(db)
    builder = AppBuilder()
    usual = [f"can_{name}" for name in ("list", "show", "add", "edit", "delete")]
    for number in range(600):
        view: Any = type(f"Country{number}View", (BaseView,), {"base_permissions": usual})
        builder.add_view_no_menu(view)
    builder.init_app(host.app, db)
    site = Site(host.app, db, builder)
    site.create()
    return site


def test_three_thousand_permissions_open_and_save_in_few_bytes_and_statements(
    large: Site, count_statements: CountStatements
) -> None:
    admin, url = large.admin(), _make_role(large, "Sales")
    admin.get(url)
    with count_statements() as opened:
        page = admin.get(url)
    assert len(opened) == 3, opened
    names = read_matrix(page).boxes
    assert len(names) > 3000
    assert len(page.data) < 300_000
    with count_statements() as saved:
        assert send_ticks(admin, url, *names, page=page).status_code == 302
    assert _count(saved) < 10, saved
    full = admin.get(url)
    assert ticked(full) == set(names)
    assert len(full.data) < 300_000
    with count_statements() as emptied:
        assert send_ticks(admin, url, untick=names, page=full).status_code == 302
    assert _count(emptied) < 10, emptied
    assert grants_of(large, "Sales") == set()


def _count(seen: Statements) -> int:
    """How many statements there are beside the savepoint around them."""
    return sum(not text.startswith(("SAVEPOINT", "RELEASE")) for text in seen.texts)
