"""The home page, the menu page and the theme."""

import pytest

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


def test_the_menu_is_a_page_too(site: Site) -> None:
    page = site.admin().get("/admin/menu")
    assert page.status_code == 200
    assert 'href="/admin/users/list/"' in page.text


@pytest.mark.parametrize("url", ["/admin/", "/admin/menu"])
def test_nobody_sees_them_anonymously(site: Site, url: str) -> None:
    assert site.browser().get(url).status_code == 302


def test_the_theme_is_kept_in_a_cookie_and_leads_back(site: Site) -> None:
    admin = site.admin()
    data = {"csrf_token": admin.token(), "theme": "dark", "next": "/admin/users/list/?page=1"}
    answer = admin.client.post("/admin/theme", data=data)
    assert (answer.status_code, answer.location) == (302, "/admin/users/list/?page=1")
    (cookie,) = [text for text in answer.headers.getlist("Set-Cookie") if text.startswith("ab_theme")]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert 'data-theme="dark"' in admin.get("/admin/").text


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", ""])
def test_the_theme_leads_home_rather_than_elsewhere(site: Site, target: str) -> None:
    admin = site.admin()
    answer = admin.client.post("/admin/theme", data={"csrf_token": admin.token(), "theme": "light", "next": target})
    assert answer.location == "/admin/"


def test_a_theme_that_is_none_is_refused(site: Site) -> None:
    admin = site.admin()
    answer = admin.client.post("/admin/theme", data={"csrf_token": admin.token(), "theme": "red"})
    assert answer.status_code == 400
    assert not answer.headers.getlist("Set-Cookie") or "ab_theme" not in str(answer.headers.getlist("Set-Cookie"))


def test_at_the_root_everything_works_without_a_prefix(make_site: MakeSite) -> None:
    site = make_site(APPBUILDER_URL_PREFIX="")
    site.user("ann")
    browser = site.browser()
    assert browser.send("/login/", username="ann", password="correct horse battery").location == "/"
    assert browser.get("/").status_code == 200
