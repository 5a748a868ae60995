"""Our own sign-in page, in an app that has none."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.served import Site, serve_minimal
from tests.shop import PASSWORD


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with serve_minimal(tmp_path) as found:
        yield found


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_sign_in_leads_to_the_page_that_was_asked_for_and_out_again(visit: Visit, scripts: bool) -> None:
    page = visit(java_script_enabled=scripts)
    page.goto("/admin/users/list/?search=ada")
    send(page, "not the password")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Username")).to_have_value("ada")
    expect(page.get_by_label("Password")).to_be_focused()
    send(page, PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("Users")
    expect(page.get_by_role("searchbox")).to_have_value("ada")
    page.get_by_role("button", name="Ada Admin").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault_in_it(visit: Visit, scheme: str) -> None:
    page = visit(color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    page.goto("/admin/")
    assert Axe().run(page).response["violations"] == []
    send(page, "not the password")
    assert Axe().run(page).response["violations"] == []


def test_the_password_can_be_looked_at_and_is_hidden_when_it_is_sent(visit: Visit) -> None:
    page = visit()
    page.goto("/admin/login/")
    expect(page.get_by_label("Username")).to_be_focused()
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_label("Password")).to_have_attribute("type", "text")
    kinds: list[str] = page.evaluate(
        """() => {
          const kinds = [];
          addEventListener("submit", (event) => {
            event.preventDefault();
            kinds.push(document.querySelector("[name=password]").type);
          });
          document.querySelector("form button.ab-primary").click();
          return kinds;
        }"""
    )
    assert kinds == ["password"]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_expired_page_keeps_the_name(visit: Visit, site: Site, scripts: bool) -> None:
    page = visit(java_script_enabled=scripts)
    page.goto("/admin/login/")
    site.app.config["WTF_CSRF_TIME_LIMIT"] = -1
    send(page, PASSWORD)
    expect(page.get_by_role("alert")).to_contain_text("open for too long")
    site.app.config["WTF_CSRF_TIME_LIMIT"] = 3600
    expect(page.get_by_label("Username")).to_have_value("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")


def send(page: Page, password: str) -> None:
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
