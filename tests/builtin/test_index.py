"""The home page."""

from tests.conftest import CountStatements
from tests.web.conftest import MakeSite
from tests.web.site import Site


def test_the_home_page_has_a_card_for_each_view_that_may_be_opened(site: Site) -> None:
    site.user("ann", ("can_list", "CustomerView"), ("can_add", "CustomerView"), ("can_list", "CountryView"))
    text = site.sign_in("ann").get("/admin/").text
    main = text[text.index("<main") :]
    assert 'href="/admin/customerview/list/"' in main
    assert 'href="/admin/customerview/add"' in main
    assert 'href="/admin/countryview/list/"' in main
    assert "/admin/countryview/add" not in main
    assert "/admin/orderview/" not in main
    assert "Security" not in main


def test_an_administrator_sees_security_in_its_order(site: Site) -> None:
    text = site.admin().get("/admin/").text
    main = text[text.index("<main") :]
    links = ["users", "roles", "groups", "permissions", "viewmenus", "permissionviews"]
    places = [main.index(f'href="/admin/{link}/list/"') for link in links]
    assert places == sorted(places)


def test_somebody_without_roles_is_told_whom_to_ask(site: Site) -> None:
    site.user("ann")
    page = site.sign_in("ann").get("/admin/")
    assert page.status_code == 200
    assert "Ask an administrator for a role" in page.text


def test_the_home_page_costs_one_statement(site: Site, count_statements: CountStatements) -> None:
    admin = site.admin()
    admin.get("/admin/")
    with count_statements() as seen:
        admin.get("/admin/")
    assert len(seen) == 1, seen


def test_at_the_root_everything_works_without_a_prefix(make_site: MakeSite) -> None:
    site = make_site(APPBUILDER_URL_PREFIX="")
    site.user("ann")
    browser = site.browser()
    assert browser.send("/login/", username="ann", password="correct horse battery").location == "/"
    assert browser.get("/").status_code == 200
