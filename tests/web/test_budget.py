"""The statement budget: what a page may ask of the database, whatever the number of views, rows and roles."""

from typing import Any

import pytest

from appbuilder_lite import AppBuilder, ModelView, SQLAInterface
from tests.calls import calls
from tests.conftest import CountStatements, MakeHost
from tests.web.conftest import MakeSite
from tests.web.site import Browser, Site, make_db, make_models, make_views

VIEWS = [1, 10, 100]

# What a page costs beside who asks (1 statement): the page's rows and their count, or the record.
LIST = 3
TO_MANY = 1
# The first rows of the related view that is open, and their number.
RELATED = 2


def _site_with(make_host: MakeHost, count: int) -> Site:
    """A site with so many views of one model in the menu, the last of them of customers."""
    db = make_db()
    models = make_models(db)
    views = make_views(models)
    host = make_host(db)
    appbuilder = AppBuilder()
    for number in range(count - 1):
        view: Any = type(f"Country{number}View", (ModelView,), {"datamodel": SQLAInterface(models.Country)})
        appbuilder.add_view(view, f"Countries {number}", category=f"Category {number // 10}")
    appbuilder.add_view(views.CustomerView, "Customers")
    appbuilder.init_app(host.app, db)
    site = Site(host.app, db, appbuilder, models, views)
    site.create()
    site.fill()
    return site


@pytest.mark.parametrize("count", VIEWS)
@pytest.mark.parametrize("is_admin", [True, False], ids=["admin", "ordinary"])
def test_a_list_costs_the_same_for_any_number_of_views(
    make_host: MakeHost, count_statements: CountStatements, count: int, is_admin: bool
) -> None:
    site = _site_with(make_host, count)
    browser = _browser(site, is_admin=is_admin)
    browser.get("/admin/customerview/list/")
    with count_statements() as seen:
        page = browser.get("/admin/customerview/list/")
    assert "Customer 001" in page.text
    assert len(seen) == LIST + TO_MANY, seen


def _browser(site: Site, *, is_admin: bool) -> Browser:
    if is_admin:
        return site.admin()
    site.user("olga", ("can_list", "CustomerView"), ("can_show", "CustomerView"))
    return site.sign_in("olga")


@pytest.mark.parametrize("rows", [1, 25, 200])
def test_a_list_costs_the_same_for_any_number_of_rows(
    make_site: MakeSite, count_statements: CountStatements, rows: int
) -> None:
    site = make_site()
    site.fill(200)
    browser = site.admin()
    browser.get("/admin/customerview/list/")
    with count_statements() as seen:
        browser.get(f"/admin/customerview/list/?page_size={rows if rows > 1 else 10}")
    # What stands on one page needs no count.
    assert len(seen) == LIST + TO_MANY - (rows == 200), seen


@pytest.mark.parametrize(
    ("url", "budget"),
    [
        ("/admin/", 1 + 1),
        ("/admin/menu", 1),
        ("/admin/orderview/list/", 3),
        ("/admin/customerview/show/1", 2 + TO_MANY + RELATED),
        ("/admin/customerview/edit/1", 2 + TO_MANY + 2 + RELATED),
        ("/admin/customerview/add", 1 + 2),
        ("/admin/orderview/delete/1", 2),
        # Orders and tags hang on a customer: their numbers, and the first names of each.
        ("/admin/customerview/delete/1", 2 + 1 + 2),
        ("/admin/nowhere", 1),
        ("/admin/users/list/", 5),
        ("/admin/roles/list/", 5),
        ("/admin/permissionviews/list/", 3 + TO_MANY),
    ],
)
def test_what_a_page_costs(site: Site, count_statements: CountStatements, url: str, budget: int) -> None:
    browser = site.admin()
    browser.get(url)
    with count_statements() as seen:
        answer = browser.get(url)
    assert answer.status_code in {200, 404}
    assert len(seen) <= budget, seen


def test_a_sign_in_page_costs_one_statement(site: Site, count_statements: CountStatements) -> None:
    browser = site.browser()
    browser.get("/admin/login/")
    with count_statements() as seen:
        browser.get("/admin/login/")
    assert len(seen) <= 1, seen


def test_a_change_of_grants_costs_one_statement_more_once(site: Site, count_statements: CountStatements) -> None:
    site.user("olga", ("can_list", "OrderView"))
    olga = site.sign_in("olga")
    olga.get("/admin/orderview/list/")
    with site.app.app_context():
        role, grant = site.sm.find_role("role of olga"), site.sm.find_permission_view_menu("can_show", "OrderView")
        site.sm.add_permission_role(role, grant)
    with count_statements() as first:
        olga.get("/admin/orderview/list/")
    with count_statements() as second:
        olga.get("/admin/orderview/list/")
    assert (len(first), len(second)) == (4, 3), (first, second)


def test_static_files_ask_nothing(site: Site, count_statements: CountStatements) -> None:
    with count_statements() as seen:
        answer = site.browser().get("/admin/static/appbuilder.css")
        answer.close()
    assert answer.status_code == 200
    assert len(seen) == 0, seen


@pytest.mark.parametrize("count", VIEWS)
def test_starting_costs_nothing_and_the_first_request_little(
    make_host: MakeHost, count_statements: CountStatements, count: int
) -> None:
    with count_statements() as seen:
        site = _start(make_host, count)
    assert len(seen) == 0, seen
    with site.app.app_context():
        site.db.create_all()
    with count_statements() as first:
        site.browser().get("/admin/login/")
    assert len(first) <= 15 + 2, first
    again = _start(make_host, count)
    with count_statements() as warm:
        again.browser().get("/admin/login/")
    # The fingerprint; then who asks, and what the Public role grants, which a new process does not know yet.
    assert len(warm) == 1 + 1 + 1, warm


def test_a_further_view_costs_a_start_little(make_host: MakeHost) -> None:
    _start(make_host, 1)
    with calls() as of_one:
        _start(make_host, 1)
    with calls() as of_eleven:
        _start(make_host, 11)
    # Of each view its own class is read, of those of this package what was read before.
    assert (len(of_eleven) - len(of_one)) / 10 <= 1000, of_eleven


def _start(make_host: MakeHost, count: int) -> Site:
    db = make_db()
    models = make_models(db)
    appbuilder = AppBuilder()
    for number in range(count):
        view: Any = type(f"Country{number}View", (ModelView,), {"datamodel": SQLAInterface(models.Country)})
        appbuilder.add_view(view, f"Countries {number}")
    host = make_host(db)
    appbuilder.init_app(host.app, db)
    return Site(host.app, db, appbuilder)
