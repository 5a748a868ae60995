"""The whole way from sign-in to a saved change by keyboard alone."""

from playwright.sync_api import Page, expect

from example_app import demo
from tests.browser.conftest import Visit
from tests.shop import PASSWORD

MOST_TABS = 80


def test_find_a_customer_and_change_it(visit: Visit) -> None:
    page = visit()
    keys = page.keyboard
    page.goto("/admin/customerview/list/")
    # The shop's page puts the focus into the first field by itself.
    expect(page.get_by_label("E-mail address")).to_be_focused()
    keys.type(demo.ADMIN)
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Customers")
    page.wait_for_load_state()
    name = page.locator("tbody").get_by_role("rowheader").nth(3).inner_text()
    keys.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    keys.type(name)
    keys.press("Enter")
    expect(page.get_by_role("link", name="Clear")).to_be_visible()
    tab_to(page, name)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    tab_to(page, "Edit")
    keys.press("Enter")
    page.wait_for_url("**/edit/**")
    expect(page.get_by_label("City")).to_be_visible()
    tab_to(page, "City")
    keys.press("ControlOrMeta+A")
    keys.type("Ghent")
    tab_to(page, "Save")
    keys.press("Enter")
    expect(page.get_by_role("status")).to_have_text(f"Saved {name}")
    page.goto("/admin/customerview/list/?search=ghent")
    expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()


def test_the_first_tab_offers_to_skip_to_the_content(page: Page) -> None:
    page.goto("/admin/customerview/list/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_faults_of_a_form_get_the_focus_and_lead_to_their_fields(page: Page) -> None:
    page.goto("/admin/customerview/add")
    page.get_by_label("Name").fill("Anna Abbott")
    page.get_by_label("Email").fill("nowhere")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Email")).to_be_focused()


def tab_to(page: Page, name: str) -> None:
    """Press Tab until something of that name has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(NAME_OF_FOCUSED) == name:
            return
    raise AssertionError(f"{name!r} is not reached by {MOST_TABS} times Tab")


NAME_OF_FOCUSED = """() => {
  const element = document.activeElement;
  const text = element.labels?.[0]?.innerText ?? element.innerText ?? "";
  return text.replace("(optional)", "").trim();
}"""
