"""The frame: the rail, shortcuts and the list of them, and turning single keys off."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from example_app import demo
from tests.browser.conftest import Visit

ORDERS = "/admin/orderview/list/"
RAIL, WIDE = 56, 232


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_menu_collapses_to_a_rail_and_stays_one(visit: Visit, scripts: bool) -> None:
    page = visit(demo.ADMIN, java_script_enabled=scripts)
    page.goto(ORDERS)
    assert width_of_nav(page) == WIDE
    page.get_by_role("button", name="Collapse the menu").click()
    expect(page).to_have_url(re.compile(ORDERS))
    assert width_of_nav(page) == RAIL
    page.goto("/admin/customerview/list/")
    assert width_of_nav(page) == RAIL
    page.get_by_role("button", name="Keep the menu open").click()
    expect(page.get_by_role("button", name="Collapse the menu")).to_be_visible()
    assert width_of_nav(page) == WIDE


def test_the_rail_opens_for_the_pointer_and_for_the_keyboard(page: Page) -> None:
    page.context.add_cookies([{"name": "ab_nav", "value": "rail", "url": page.url}])
    page.goto(ORDERS)
    column = page.locator(".ab-nav-column")
    page.get_by_role("banner").hover()
    assert width(column) < WIDE
    column.hover(position={"x": 20, "y": 60})
    assert width(column) == WIDE
    page.get_by_role("banner").hover()
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.closest('.ab-nav') === null"):
        page.keyboard.press("Tab")
    assert width(column) == WIDE


def test_the_background_of_the_menu_reaches_down_a_long_page(page: Page) -> None:
    # On a low screen the whole page scrolls, not the rows of the list alone.
    page.set_viewport_size({"width": 1280, "height": 500})
    page.goto(f"{ORDERS}?page_size=100")
    heights = [page.locator(part).bounding_box() for part in (".ab-nav", ".ab-main")]
    assert heights[0] is not None
    assert heights[1] is not None
    assert heights[0]["height"] == heights[1]["height"] > 1000


def test_g_then_h_leads_home(page: Page) -> None:
    page.goto(ORDERS)
    page.keyboard.press("g")
    page.keyboard.press("h")
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")


def test_a_question_mark_lists_the_shortcuts_of_the_page(page: Page) -> None:
    page.goto("/admin/menu")
    page.keyboard.press("?")
    listed = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(listed.get_by_role("listitem").filter(has_text="Home")).to_contain_text("gh")
    expect(listed.get_by_text("Search", exact=True)).to_have_count(0)
    page.keyboard.press("Escape")
    expect(listed).to_have_count(0)
    page.goto(ORDERS)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog").get_by_text("Search", exact=True)).to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_in_a_field_keys_are_letters(page: Page) -> None:
    page.goto("/admin/tagview/add")
    page.get_by_label("Name").press_sequentially("g h?/")
    expect(page.get_by_label("Name")).to_have_value("g h?/")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_single_keys_can_be_turned_off(page: Page) -> None:
    page.goto(ORDERS)
    page.get_by_role("button", name="Olivia Owner").click()
    page.get_by_role("group", name="Single-key shortcuts").get_by_role("button", name="Off").click()
    expect(page.locator("html")).to_have_attribute("data-shortcuts", "off")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).not_to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Olivia Owner").click()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def test_nothing_about_shortcuts_shows_without_scripts(visit: Visit) -> None:
    page = visit(demo.ADMIN, java_script_enabled=False)
    page.goto(ORDERS)
    page.get_by_role("button", name="Olivia Owner").click()
    expect(page.get_by_role("button", name="Dark")).to_be_visible()
    expect(page.get_by_text("shortcuts").filter(visible=True)).to_have_count(0)


def width_of_nav(page: Page) -> float:
    page.get_by_role("banner").hover()
    return width(page.get_by_role("navigation", name="Main"))


def width(found: Locator) -> float:
    box = found.bounding_box()
    assert box is not None
    return float(box["width"])
