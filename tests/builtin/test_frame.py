"""What belongs to the frame of every page: the menu as a page, and what a reader chooses."""

import pytest

from tests.web.site import Site

CHOICES = [("theme", "dark"), ("nav", "rail"), ("shortcuts", "off")]


def test_the_menu_is_a_page_too(site: Site) -> None:
    page = site.admin().get("/admin/menu")
    assert page.status_code == 200
    assert 'href="/admin/users/list/"' in page.text


@pytest.mark.parametrize("url", ["/admin/", "/admin/menu"])
def test_nobody_sees_them_anonymously(site: Site, url: str) -> None:
    assert site.browser().get(url).status_code == 302


@pytest.mark.parametrize(("name", "value"), CHOICES)
def test_a_choice_is_kept_in_a_cookie_and_leads_back(site: Site, name: str, value: str) -> None:
    admin = site.admin()
    data = {"csrf_token": admin.token(), name: value, "next": "/admin/users/list/?page=1"}
    answer = admin.client.post(f"/admin/{name}", data=data)
    assert (answer.status_code, answer.location) == (302, "/admin/users/list/?page=1")
    (cookie,) = [text for text in answer.headers.getlist("Set-Cookie") if text.startswith(f"ab_{name}")]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert f'data-{name}="{value}"' in admin.get("/admin/").text


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", ""])
def test_a_choice_leads_home_rather_than_elsewhere(site: Site, target: str) -> None:
    admin = site.admin()
    answer = admin.client.post("/admin/theme", data={"csrf_token": admin.token(), "theme": "light", "next": target})
    assert answer.location == "/admin/"


@pytest.mark.parametrize("name", [name for name, _ in CHOICES])
@pytest.mark.parametrize("value", ["red", "", None])
def test_a_choice_that_is_none_is_refused(site: Site, name: str, value: str | None) -> None:
    admin = site.admin()
    sent = {"csrf_token": admin.token()} | ({name: value} if value is not None else {})
    answer = admin.client.post(f"/admin/{name}", data=sent)
    assert answer.status_code == 400
    assert f"ab_{name}" not in str(answer.headers.getlist("Set-Cookie"))


@pytest.mark.parametrize("name", [name for name, _ in CHOICES])
def test_a_cookie_that_nobody_set_counts_as_none(site: Site, name: str) -> None:
    admin = site.admin()
    admin.client.set_cookie(f"ab_{name}", '"><script>')
    page = admin.get("/admin/")
    assert page.status_code == 200
    assert f'data-{name}="><' not in page.text
