"""Buttons that copy a value, where the browser lets a page do that."""

import pytest
from playwright.sync_api import Locator, Page, expect

from example_app import demo
from tests.browser.conftest import Visit

CUSTOMER = "/admin/customerview/show/7"
MAY = {"permissions": ["clipboard-read", "clipboard-write"]}


def button(page: Page) -> Locator:
    return page.get_by_role("button", name="Copy Email")


def said(page: Page) -> Locator:
    return page.get_by_role("status").filter(has_text="Copied")


def test_the_address_is_copied_and_that_is_said(visit: Visit) -> None:
    page = visit(demo.ADMIN, **MAY)
    page.goto(CUSTOMER)
    expect(said(page)).to_have_count(0)
    button(page).focus()
    page.keyboard.press("Enter")
    expect(said(page)).to_have_count(1)
    link = page.get_by_role("main").locator("a[href^='mailto:']")
    assert page.evaluate("navigator.clipboard.readText()") == link.inner_text()
    expect(said(page)).to_have_count(0)
    expect(button(page)).to_be_focused()


def test_what_is_refused_is_not_said_to_be_copied(page: Page) -> None:
    page.goto(CUSTOMER)
    page.evaluate("""() => {
      window.asked = 0;
      navigator.clipboard.writeText = () => { window.asked += 1; return Promise.reject(new DOMException("no")); };
    }""")
    button(page).click()
    page.wait_for_function("window.asked === 1")
    # At once: what is said is taken back after a while.
    assert said(page).count() == 0


@pytest.mark.parametrize("lack", ["scripts", "clipboard"])
def test_where_nothing_can_be_copied_there_is_no_button(visit: Visit, lack: str) -> None:
    page = visit(demo.ADMIN, java_script_enabled=lack != "scripts")
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined });")
    page.goto(CUSTOMER)
    expect(page.get_by_text("katarzyna.fontana.7@example.com")).to_be_visible()
    expect(page.locator("[data-copy]")).to_have_count(1)
    expect(page.locator("[data-copy]")).to_be_hidden()


def test_on_a_phone_it_is_large_enough_for_a_finger_and_moves_nothing(visit: Visit) -> None:
    page = visit(demo.ADMIN, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.goto(CUSTOMER)
    box, value = button(page).bounding_box(), page.locator("dd:has([data-copy])").bounding_box()
    assert box is not None
    assert value is not None
    assert min(box["width"], box["height"]) >= 44
    assert value["height"] <= 24, "the line is no higher than any other"
