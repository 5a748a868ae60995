"""Messages: a toast that goes when it can have been read, cards that stay, and the link and the button in both."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import flash
from playwright.sync_api import Locator, Page, expect

from example_app import demo
from tests.browser.conftest import Visit
from tests.browser.loading import OBSERVE
from tests.browser.served import Site

PHONE = {"width": 390, "height": 844}
SIZES = [{"width": 1280, "height": 800}, {"width": 700, "height": 500}, {"width": 560, "height": 600}, PHONE]
EDIT = "/admin/customerview/edit/7"


@pytest.fixture
def toast(page: Page) -> Locator:
    """The message after a tag was saved."""
    return save(page, "/admin/tagview/edit/1")


def save(page: Page, path: str, button: str = "Save") -> Locator:
    page.goto(path)
    page.get_by_role("button", name=button, exact=True).click()
    found = page.locator(".ab-flash", has=page.get_by_role("status").filter(has_text="Saved"))
    expect(found).to_be_visible()
    # What is there before the scripts are stands elsewhere, and its time has not begun.
    page.wait_for_load_state()
    return found


def pass_its_time(toast: Locator) -> float:
    """Let all of a toast's time pass at once; returns how long that is, in seconds."""
    spend = """toast => {
      const [animation] = toast.getAnimations();
      animation.finish();
      return animation.effect.getComputedTiming().delay / 1000;
    }"""
    return float(toast.evaluate(spend))


def test_good_news_leaves_after_six_seconds_and_moves_nothing(page: Page) -> None:
    page.add_init_script(OBSERVE)
    toast = save(page, "/admin/tagview/edit/1")
    heading = page.get_by_role("heading", level=1)
    before = heading.bounding_box()
    assert page.evaluate("document.activeElement === document.body")
    assert pass_its_time(toast) == 6
    expect(toast).to_have_count(0)
    assert heading.bounding_box() == before
    assert page.evaluate("window.observed.shift") <= 0.001


def test_its_time_stands_still_for_who_points_at_it_or_is_in_it(page: Page, toast: Locator) -> None:
    assert state(toast) == "running"
    toast.hover()
    assert state(toast) == "paused"
    page.mouse.move(0, 0)
    assert state(toast) == "running"
    toast.get_by_role("link").focus()
    assert state(toast) == "paused"
    page.keyboard.press("Tab")
    expect(toast.get_by_role("button", name="Close this message")).to_be_focused()
    assert state(toast) == "paused"
    page.keyboard.press("Tab")
    assert state(toast) == "running"


def test_its_time_stands_still_in_a_window_that_is_not_shown(page: Page, toast: Locator) -> None:
    hide = """hidden => {
      Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
      document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page.evaluate(hide, True)
    assert state(toast) == "paused"
    page.evaluate(hide, False)
    assert state(toast) == "running"


def test_its_time_has_not_begun_in_a_window_that_was_never_shown(page: Page) -> None:
    page.add_init_script("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    assert state(save(page, "/admin/tagview/edit/1")) == "paused"


def test_escape_closes_it(page: Page, toast: Locator) -> None:
    page.get_by_role("searchbox").first.focus()
    page.keyboard.press("Escape")
    expect(toast).to_have_count(0)
    expect(page.get_by_role("searchbox").first).to_be_focused()


def test_it_covers_neither_the_foot_of_a_list_nor_what_has_the_focus(page: Page) -> None:
    toast = save(page, EDIT)
    assert covered(page, toast, ".ab-paging :is(p, a)") == []
    page.locator("tbody").get_by_role("rowheader").nth(12).get_by_role("link").focus()
    assert covered(page, toast, ":focus") == []


def test_another_view_of_the_list_leaves_a_message_in_its_place(page: Page, toast: Locator) -> None:
    page.get_by_role("columnheader", name="Name").get_by_role("link").click()
    expect(page.get_by_role("columnheader", name="Name")).to_have_attribute("aria-sort", "descending")
    expect(toast).to_be_visible()


def test_a_message_that_comes_with_another_view_of_the_list_can_be_closed(page: Page) -> None:
    page.goto("/admin/tagview/list/")
    token = page.locator("[name=csrf_token]").first.input_value()
    # Another window, whose own page after it has not come yet.
    assert page.request.post("/admin/tagview/delete/9", form={"csrf_token": token}, max_redirects=0).status == 302
    page.get_by_role("columnheader", name="Name").get_by_role("link").click()
    close = page.get_by_role("button", name="Close this message")
    close.click()
    expect(close).to_have_count(0)


def state(toast: Locator) -> str:
    return str(toast.evaluate("toast => toast.getAnimations()[0].playState"))


def test_the_name_leads_to_the_record(page: Page, toast: Locator) -> None:
    name = toast.get_by_role("link").inner_text()
    toast.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator(".ab-flash")).to_have_count(0)


def test_a_message_is_closed_by_keys_and_the_next_key_goes_on_in_the_page(page: Page, toast: Locator) -> None:
    toast.get_by_role("button", name="Close this message").focus()
    page.keyboard.press("Enter")
    expect(toast).to_have_count(0)
    expect(page.get_by_role("main")).to_be_focused()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size['width']}")
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_it_covers_no_button_that_saves(visit: Visit, size: dict[str, int], direction: str) -> None:
    page = visit(demo.ADMIN, viewport=size)
    page.add_init_script(f"addEventListener('DOMContentLoaded', () => document.documentElement.dir = '{direction}')")
    toast = save(page, EDIT, "Save and continue editing")
    page.evaluate("scrollTo(0, 0)")
    assert covered(page, toast, ".ab-savebar :is(a, button)") == []
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert covered(page, toast, ".ab-savebar :is(a, button)") == []
    box = toast.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    assert box["y"] + box["height"] <= size["height"]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size['width']}")
def test_it_covers_no_button_for_ticked_rows(visit: Visit, size: dict[str, int]) -> None:
    page = visit(demo.ADMIN, viewport=size)
    toast = save(page, "/admin/orderview/edit/1")
    page.locator("tbody [name=rowid]").first.check()
    expect(page.get_by_role("group", name="Bulk actions")).to_be_visible()
    expect(toast).to_be_visible()
    assert covered(page, toast, ".ab-bulk button") == []


def covered(page: Page, toast: Locator, selector: str) -> list[str]:
    """The buttons, by their words, that a toast overlaps."""
    found: list[str] = toast.evaluate(
        """(toast, selector) => {
          const one = toast.getBoundingClientRect();
          const overlaps = ({left, right, top, bottom}) =>
            right > left && left < one.right && right > one.left && top < one.bottom && bottom > one.top;
          return [...document.querySelectorAll(selector)].filter(button => overlaps(button.getBoundingClientRect()))
            .map(button => button.textContent);
        }""",
        selector,
    )
    return found


def flashing(site: Site, *messages: tuple[str, str]) -> None:
    """Have the page `/say` of the shop flash these messages, and lead to the menu."""

    def say() -> Any:
        for category, text in messages:
            flash(text, category)
        return site.app.redirect("/admin/menu")

    site.app.view_functions["say"] = say


@pytest.fixture
def site(site: Site) -> Site:
    site.app.add_url_rule("/say", "say", lambda: "")
    return site


def test_warnings_errors_and_several_messages_stay_where_they_are(page: Page, site: Site) -> None:
    flashing(site, ("success", "2 deleted"), ("warning", "1 kept"), ("danger", "The mail was not sent"))
    page.goto("/say")
    cards = page.get_by_role("main").locator("> .ab-flash")
    expect(cards).to_have_count(3)
    assert {card.evaluate("card => getComputedStyle(card).position") for card in cards.all()} == {"relative"}
    expect(page.get_by_role("alert")).to_have_text("The mail was not sent")
    cards.nth(1).get_by_role("button", name="Close this message").click()
    expect(cards).to_have_count(2)
    assert Axe().run(page).response["violations"] == []


def test_a_longer_text_has_more_time(page: Page, site: Site) -> None:
    flashing(site, ("info", "The prices of all products of the category were changed as you wished. " * 2))
    page.goto("/say")
    toast = page.locator(".ab-toast")
    assert pass_its_time(toast) == 18
    expect(toast).to_have_count(0)


def test_without_scripts_a_message_is_a_card_above_the_page(visit: Visit) -> None:
    page = visit(demo.ADMIN, java_script_enabled=False)
    card = save(page, "/admin/tagview/edit/1")
    expect(card.get_by_role("button")).to_have_count(0)
    expect(card.get_by_role("link")).to_be_visible()
    boxes = card.bounding_box(), page.get_by_role("heading", level=1).bounding_box()
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[0]["y"] + boxes[0]["height"] < boxes[1]["y"]


def test_where_its_script_is_lost_a_toast_leaves_all_the_same(page: Page) -> None:
    page.route("**/messages.js*", lambda route: route.fulfill(body="", content_type="text/javascript"))
    toast = save(page, "/admin/tagview/edit/1")
    pass_its_time(toast)
    expect(toast).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [SIZES[0], PHONE], ids=["desktop", "phone"])
def test_axe_finds_no_fault_in_it(visit: Visit, size: dict[str, int], scheme: str) -> None:
    page = visit(demo.ADMIN, viewport=size, color_scheme=scheme, bypass_csp=True)
    toast = save(page, "/admin/tagview/edit/1")
    toast.hover()
    assert Axe().run(page).response["violations"] == []
