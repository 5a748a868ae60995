"""From one record to the next in the order of the list that was read last: links, keys, beyond the rows of its page."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from example_app import demo
from tests.browser.conftest import Visit
from tests.browser.served import sign_in
from tests.browser.test_record import expect_heading

ORDERS = "/admin/orderview/list/?page_size=10&sort=number"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def step(page: Page, name: str) -> Locator:
    """The link to the record before or after; while there is none it leads nowhere."""
    return page.get_by_role("main").get_by_title(f"{name} record")


def open_order(page: Page, number: int, path: str = ORDERS) -> None:
    page.goto(path)
    page.get_by_role("rowheader", name=f"SO-{number:06}").get_by_role("link").click()
    expect_heading(page, f"SO-{number:06}")


def test_links_and_keys_lead_to_the_neighbours_in_the_order_of_the_list(page: Page) -> None:
    open_order(page, 3)
    step(page, "Next").click()
    expect_heading(page, "SO-000004")
    page.keyboard.press("[")
    expect_heading(page, "SO-000003")
    page.keyboard.press("[")
    expect_heading(page, "SO-000002")
    page.keyboard.press("]")
    expect_heading(page, "SO-000003")


def test_another_order_of_the_list_is_another_order_of_its_records(page: Page) -> None:
    open_order(page, 118, ORDERS.replace("=number", "=-number"))
    page.keyboard.press("]")
    expect_heading(page, "SO-000117")


def test_what_changed_in_place_counts(page: Page) -> None:
    page.goto(ORDERS)
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile("page=2"))
    page.get_by_role("rowheader", name="SO-000012").get_by_role("link").click()
    expect_heading(page, "SO-000012")
    page.keyboard.press("]")
    expect_heading(page, "SO-000013")


def test_beyond_the_rows_it_goes_on_with_the_neighbouring_page(page: Page) -> None:
    open_order(page, 10)
    for number in (11, 12):
        page.keyboard.press("]")
        expect_heading(page, f"SO-{number:06}")
    for number in (11, 10, 9):
        page.keyboard.press("[")
        expect_heading(page, f"SO-{number:06}")


def test_where_a_page_does_not_come_the_list_opens(page: Page) -> None:
    open_order(page, 10)
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError()); }")
    page.keyboard.press("]")
    expect(page).to_have_url(re.compile(r"/orderview/list/\?.*page=2"))


@pytest.mark.parametrize("status", [403, 500])
def test_where_a_page_is_an_error_that_page_opens_and_no_record(page: Page, status: int) -> None:
    # The console's line about the failed request is meant.
    other, is_broken = page.context.new_page(), list[bool]()

    def answer(route: Route) -> None:
        route.fulfill(status=status, body="<h1>Not now</h1>") if is_broken else route.continue_()

    # From the start, as the browser may take a while to let its requests through a route that is new.
    other.route("**/orderview/list/**", answer)
    open_order(other, 10)
    is_broken.append(True)
    other.keyboard.press("]")
    expect_heading(other, "Not now")


def test_after_the_session_has_ended_signing_in_leads_to_the_list(page: Page) -> None:
    open_order(page, 10)
    page.context.clear_cookies()
    page.keyboard.press("]")
    expect(page).to_have_url(re.compile(r"/login\?next=.*orderview%2Flist"))


@pytest.mark.parametrize("event", [{"altKey": True}, {"altKey": True, "ctrlKey": True}], ids=["Alt", "AltGr"])
def test_a_keyboard_with_brackets_on_its_third_level_has_the_keys_too(page: Page, event: dict[str, bool]) -> None:
    open_order(page, 3)
    page.evaluate(
        "event => document.body.dispatchEvent(new KeyboardEvent('keydown', {key: ']', bubbles: true, ...event}))", event
    )
    expect_heading(page, "SO-000004")


def test_at_both_ends_there_is_a_way_back_only(page: Page) -> None:
    page.goto("/admin/tagview/list/")
    names = page.get_by_role("rowheader").all_inner_texts()
    page.get_by_role("rowheader").first.get_by_role("link").click()
    expect_heading(page, names[0])
    expect(step(page, "Previous")).not_to_have_attribute("href", re.compile(""))
    expect(step(page, "Previous")).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("[")
    expect_heading(page, names[0])
    for name in names[1:]:
        page.keyboard.press("]")
        expect_heading(page, name)
    expect(step(page, "Next")).not_to_have_attribute("href", re.compile(""))


def test_from_form_to_form_and_a_key_in_a_field_is_a_letter(page: Page) -> None:
    page.goto(ORDERS)
    page.get_by_role("link", name="Edit SO-000003").click()
    expect_heading(page, "SO-000003")
    page.get_by_label("Number").press("]")
    expect(page.get_by_label("Number")).to_have_value("]SO-000003")
    page.get_by_label("Number").fill("SO-000003")
    page.evaluate("document.activeElement.blur()")
    page.once("dialog", lambda dialog: dialog.accept())
    page.keyboard.press("]")
    expect_heading(page, "SO-000004")
    expect(page).to_have_url(re.compile("/edit/4$"))
    expect(page.get_by_label("Number")).to_have_value("SO-000004")


def test_roles_have_neighbours_too(page: Page) -> None:
    page.goto("/admin/roles/list/")
    page.get_by_role("rowheader").first.get_by_role("link").click()
    expect(step(page, "Next")).to_be_visible()
    first = page.get_by_role("heading", level=1).inner_text()
    page.keyboard.press("]")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(first)


def test_what_no_list_has_shown_has_no_neighbours(page: Page) -> None:
    page.goto("/admin/tagview/list/")
    page.goto("/admin/orderview/show/3")
    expect(page.get_by_role("link", name="Edit", exact=True)).to_be_visible()
    expect(step(page, "Next")).to_have_count(0)
    page.goto("/admin/countryview/show/BE?related=customerview")
    link = page.locator("#related tbody tr").first.get_by_role("rowheader").get_by_role("link")
    name = link.inner_text()
    link.click()
    expect_heading(page, name)
    expect(step(page, "Next")).to_have_count(0)


def test_the_keys_stand_in_the_list_of_keys(page: Page) -> None:
    open_order(page, 3)
    page.keyboard.press("?")
    keys = page.get_by_role("dialog").get_by_role("listitem")
    expect(keys.filter(has_text="Previous record")).to_have_text("[Previous record")
    expect(keys.filter(has_text="Next record")).to_have_text("]Next record")
    page.keyboard.press("Escape")
    page.goto("/admin/tagview/show/1")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(keys.filter(has_text="Next record")).to_have_count(0)


def test_without_scripts_there_are_none(visit: Visit) -> None:
    page = visit(demo.ADMIN, java_script_enabled=False)
    open_order(page, 3)
    expect(step(page, "Next")).to_have_count(0)


def test_signing_out_forgets_them_and_nobody_else_meets_them(page: Page) -> None:
    open_order(page, 3)
    page.context.clear_cookies()
    sign_in(page, demo.CLERK)
    page.goto("/admin/orderview/show/3")
    expect(page.get_by_role("heading", level=1)).to_have_text("SO-000003")
    expect(step(page, "Next")).to_have_count(0)
    open_order(page, 3)
    expect(step(page, "Next")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 1
    kept = page.evaluate("JSON.parse(Object.values(sessionStorage)[0])")
    addresses = [text for row in [*kept["rows"], kept["pages"]] for text in row if text]
    assert {*kept} == {"owner", "rows", "pages"}
    assert all(re.match(r"(http://[^/]+)?/admin/orderview/", text) for text in addresses), addresses
    page.get_by_role("button", name="Carl Clerk").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).not_to_have_url(re.compile("/orderview/"))
    assert page.evaluate("sessionStorage.length") == 0


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_they_point_the_way_that_people_read(page: Page, direction: str) -> None:
    open_order(page, 3)
    page.evaluate(f"document.documentElement.dir = '{direction}'")
    flips = [
        step(page, name).locator("svg").evaluate("icon => getComputedStyle(icon).transform !== 'none'")
        for name in ("Previous", "Next")
    ]
    assert flips == [direction == "ltr", direction == "rtl"]


def test_on_a_phone_they_are_large_enough_for_a_finger(visit: Visit) -> None:
    page = visit(demo.ADMIN, **PHONE)
    open_order(page, 3)
    for name in ("Previous", "Next"):
        found = step(page, name).bounding_box()
        assert found is not None
        assert min(found["width"], found["height"]) >= 44
    step(page, "Next").tap()
    expect_heading(page, "SO-000004")
