"""Ticked rows are deleted together, with scripts and without them, on a screen and on a phone."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from example_app import demo
from tests.browser.conftest import Visit
from tests.browser.test_face import scan

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
TAGS = "/admin/tagview/list/"
CUSTOMERS = "/admin/customerview/list/?page_size=100"
DESKTOP = {"width": 1280, "height": 800}
PHONE: Any = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def _cells(page: Page) -> Locator:
    return page.locator("tbody").get_by_role("rowheader")


def _bar(page: Page) -> Locator:
    return page.get_by_role("group", name="Bulk actions")


def _ask(page: Page, path: str, count: int) -> Locator:
    """The question about the first rows of a list."""
    page.goto(path)
    for box in page.locator("tbody [name=rowid]").all()[:count]:
        box.check()
    _bar(page).get_by_role("button", name="Delete").click()
    question = page.locator("form[data-question]")
    question.wait_for()
    return question


@SCRIPTS
@pytest.mark.parametrize("window", [{"viewport": DESKTOP}, PHONE], ids=["desktop", "phone"])
def test_ticked_rows_are_asked_about_and_go(visit: Visit, scripts: bool, window: Any) -> None:
    page = visit(demo.ADMIN, java_script_enabled=scripts, **window)
    page.goto(TAGS)
    before = _cells(page).all_inner_texts()
    question = _ask(page, TAGS, 2)
    expect(question.locator("> ul").get_by_role("listitem")).to_have_text(before[:2])
    expect(question.get_by_role("heading", name="These stay, and are no longer linked to them")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(1 if scripts else 0)
    expect(question.get_by_role("link", name="Cancel")).to_be_focused()
    question.get_by_role("link", name="Cancel").click()
    expect(page).to_have_url(re.compile(f"{TAGS}$"))
    expect(_cells(page)).to_have_text(before)
    _ask(page, TAGS, 2).get_by_role("button", name="Delete 2 records").click()
    expect(page.get_by_role("status").filter(has_text="Deleted 2 records")).to_be_visible()
    expect(_cells(page)).to_have_text(before[2:])


@SCRIPTS
def test_one_row_goes_in_three_clicks(visit: Visit, scripts: bool) -> None:
    page = visit(demo.ADMIN, java_script_enabled=scripts)
    page.goto(TAGS)
    name = _cells(page).first.inner_text()
    page.get_by_role("checkbox", name=f"Select {name}").click()
    _bar(page).get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name=f"Delete “{name}”?")).to_be_visible()
    page.get_by_role("button", name="Delete tag").click()
    expect(page.get_by_role("status").filter(has_text=f"Deleted {name}")).to_be_visible()


@SCRIPTS
def test_of_many_the_number_is_typed(visit: Visit, scripts: bool) -> None:
    page = visit(demo.ADMIN, java_script_enabled=scripts)
    question = _ask(page, CUSTOMERS, 51)
    question.get_by_label("Type 51 to delete them").fill("15")
    question.get_by_role("button", name="Delete 51 records").click()
    field = page.get_by_label("Type 51 to delete them")
    expect(field).to_be_focused()
    expect(page.get_by_text("nothing was deleted")).to_be_visible()
    field.fill("51")
    page.get_by_role("button", name="Delete 51 records").click()
    expect(page.get_by_text("was kept: ").first).to_be_visible()


def test_the_key_asks_about_the_row_or_about_what_is_ticked(visit: Visit) -> None:
    page = visit(demo.ADMIN)
    page.goto(TAGS)
    page.keyboard.press("j")
    name = _cells(page).first.inner_text()
    page.keyboard.press("#")
    expect(page.get_by_role("dialog", name=f"Delete “{name}”?")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("tbody [name=rowid]").nth(2).check()
    page.get_by_role("link", name=name, exact=True).focus()
    page.keyboard.press("#")
    expect(page.get_by_role("dialog", name="Delete 2 records?")).to_be_visible()


def test_a_key_without_a_row_asks_nothing(visit: Visit) -> None:
    page = visit(demo.ADMIN)
    page.goto(TAGS)
    page.keyboard.press("#")
    page.keyboard.press("j")
    expect(_cells(page).first.get_by_role("link")).to_be_focused()
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("window", [{"viewport": DESKTOP}, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault_in_the_question(visit: Visit, window: Any, scheme: str) -> None:
    page = visit(demo.ADMIN, color_scheme=scheme, bypass_csp=True, **window)
    _ask(page, CUSTOMERS, 51)
    faults = scan(page)
    page.get_by_label("Type 51 to delete them").fill("15")
    page.get_by_role("button", name="Delete 51 records").click()
    page.get_by_text("nothing was deleted").wait_for()
    assert faults + scan(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
