"""The palette by keyboard alone, what it remembers, and the search page without scripts."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from appbuilder_lite.web.nearness import nearest
from example_app import demo
from tests.browser.conftest import Visit
from tests.browser.served import sign_in

CUSTOMERS = "/admin/customerview/list/"


@pytest.fixture
def page(page: Page) -> Page:
    """The administrator's window, with the home page there and its scripts run."""
    page.goto("/admin/")
    return page


def open_palette(page: Page) -> Locator:
    page.keyboard.press("ControlOrMeta+k")
    field = page.get_by_role("combobox", name="Search or jump to")
    expect(field).to_be_focused()
    expect(page.get_by_role("option", name="New order")).to_be_visible()
    return field


def active(page: Page) -> Locator:
    return page.locator("[role=option][aria-selected=true]")


def test_a_page_is_two_letters_away(page: Page) -> None:
    open_palette(page)
    page.keyboard.type("cu")
    expect(active(page)).to_have_text("Customers")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Customers")


def test_a_slip_of_the_finger_still_finds_an_action(page: Page) -> None:
    open_palette(page)
    page.keyboard.type("new cutsomer")
    expect(active(page)).to_have_text("New customer")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("New customer")


def test_a_record_is_found_by_name_and_opened(page: Page) -> None:
    page.goto(CUSTOMERS)
    name = page.locator("tbody").get_by_role("rowheader").nth(4).inner_text()
    open_palette(page)
    page.keyboard.type(name)
    option = page.get_by_role("group", name="Customers").get_by_role("option", name=name).first
    expect(option).to_be_visible()
    assert option.locator("mark").all_inner_texts() == name.split()
    while active(page).inner_text() != option.inner_text():
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_arrows_go_round_and_tell_assistive_technology(page: Page) -> None:
    field = open_palette(page)
    first = active(page).inner_text()
    page.keyboard.press("ArrowUp")
    last = active(page)
    assert last.inner_text() != first
    expect(field).to_have_attribute("aria-activedescendant", last.get_attribute("id") or "")
    page.keyboard.press("ArrowDown")
    expect(active(page)).to_have_text(first)


def test_escape_gives_the_focus_back(page: Page) -> None:
    page.goto("/admin/tagview/add")
    page.get_by_label("Colour").focus()
    open_palette(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_label("Colour")).to_be_focused()
    open_palette(page)
    page.keyboard.press("ControlOrMeta+k")
    expect(page.get_by_label("Colour")).to_be_focused()


def test_what_is_nowhere_leads_to_the_search_page(page: Page) -> None:
    open_palette(page)
    page.keyboard.type("qqqq")
    expect(page.get_by_role("status")).to_have_text("Nothing found so far. Enter searches everywhere.")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/admin/search\?q=qqqq"))
    expect(page.get_by_text("Nothing matches “qqqq”.")).to_be_visible()


def test_only_the_last_words_are_asked_for_and_a_late_answer_counts_no_more(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/admin/search?q=a" in request.url else None)
    open_palette(page)
    page.keyboard.type("an", delay=10)
    page.keyboard.type("na", delay=10)
    expect(page.get_by_role("group", name="Customers")).to_be_visible()
    assert [url.rpartition("=")[2] for url in asked] == ["anna"]
    page.keyboard.type(" qqqq")
    expect(page.get_by_role("group", name="Customers")).to_have_count(0)


def test_a_theme_is_an_action(page: Page) -> None:
    open_palette(page)
    page.keyboard.type("dark")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_what_was_opened_is_offered_again_until_sign_out(page: Page) -> None:
    page.goto("/admin/customerview/show/7")
    name = page.get_by_role("heading", level=1).inner_text()
    page.goto("/admin/customerview/edit/7")
    page.goto("/admin/customerview/show/999999")
    open_palette(page)
    recent = page.get_by_role("group", name="Recently opened")
    expect(recent.get_by_role("option")).to_have_count(1)
    expect(recent.get_by_role("option")).to_contain_text(name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.wait_for_load_state()
    assert page.evaluate("localStorage.length") == 1
    page.get_by_role("button", name="Olivia Owner").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login**")
    assert page.evaluate("localStorage.length") == 0


def test_what_somebody_else_opened_in_this_browser_is_not_offered(page: Page) -> None:
    page.goto("/admin/orderview/show/7")
    page.context.clear_cookies()
    sign_in(page, demo.CLERK)
    page.keyboard.press("ControlOrMeta+k")
    expect(page.get_by_role("option", name="Orders")).to_be_visible()
    expect(page.get_by_role("group", name="Recently opened")).to_have_count(0)


@pytest.mark.parametrize("text", ["ord", "odrers", "zoe", "evel", "custmoer", "items or", "taz", "rders", "oorder"])
def test_the_palette_ranks_as_the_search_page_does(page: Page, text: str) -> None:
    page.goto("/admin/search")
    labels = page.get_by_role("main").locator(".ab-group").first.get_by_role("link").all_inner_texts()
    open_palette(page)
    page.keyboard.type(text)
    shown = page.get_by_role("group", name="Go to").get_by_role("option").all_inner_texts()
    assert shown == list(nearest(text, labels, str))[:7]


def test_the_search_page_works_without_scripts(visit: Visit) -> None:
    page = visit(demo.ADMIN, java_script_enabled=False)
    page.get_by_role("link", name="Search or jump to").click()
    page.get_by_role("searchbox").fill("an")
    page.get_by_role("searchbox").press("Enter")
    expect(page).to_have_title("an - Search - Corner & Co. staff")
    hit = page.locator(".ab-group").filter(has_text="Customers").get_by_role("link").nth(1)
    name = hit.locator("span").first.inner_text()
    hit.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_a_phone_has_it_behind_the_sign(visit: Visit) -> None:
    page = visit(demo.ADMIN, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.goto("/admin/")
    page.get_by_role("link", name="Search or jump to").tap()
    page.get_by_role("combobox").fill("stock")
    page.get_by_role("option", name="Stock", exact=True).tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Stock")
