"""A record goes to the trash, comes back by Undo and from the trash, and goes for good: with and without scripts."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from example_app import demo
from tests.browser.conftest import Visit

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
STORES, TRASH = "/admin/storeview/list/", "/admin/storeview/trash"
PHONE: Any = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def _cells(page: Page) -> Locator:
    return page.locator("tbody").get_by_role("rowheader")


def _bar(page: Page) -> Locator:
    return page.get_by_role("group", name="Bulk actions")


def _delete(page: Page, count: int) -> None:
    """Tick the first rows of the list, and delete them."""
    for box in page.locator("tbody [name=rowid]").all()[:count]:
        box.check()
    _bar(page).get_by_role("button", name="Delete").click()
    question = page.locator("form[data-question]")
    expect(question).to_contain_text("to the trash, from which")
    question.get_by_role("button", name=re.compile("^Delete")).click()


@SCRIPTS
@pytest.mark.parametrize("window", [{}, PHONE], ids=["desktop", "phone"])
def test_undo_brings_back_what_was_deleted(visit: Visit, scripts: bool, window: Any) -> None:
    page = visit(demo.ADMIN, java_script_enabled=scripts, **window)
    page.goto(STORES)
    before = _cells(page).all_inner_texts()
    _delete(page, 2)
    expect(page.get_by_role("status").filter(has_text="Deleted 2 records")).to_be_visible()
    expect(_cells(page)).to_have_text(before[2:])
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status").filter(has_text="Restored 2 records")).to_be_visible()
    expect(page).to_have_url(re.compile(f"{STORES}$"))
    expect(_cells(page)).to_have_text(before)


@SCRIPTS
def test_the_trash_gives_back_and_takes_for_good(visit: Visit, scripts: bool) -> None:
    page = visit(demo.ADMIN, java_script_enabled=scripts)
    page.goto(STORES)
    before = _cells(page).all_inner_texts()
    _delete(page, 2)
    expect(_cells(page)).to_have_text(before[2:])
    page.get_by_role("main").get_by_role("link", name="Trash").click()
    expect(page.get_by_role("heading", name="Trash", level=1)).to_be_visible()
    expect(_cells(page)).to_have_count(2)
    first, second = _cells(page).all_inner_texts()
    page.get_by_role("button", name=f"More actions for {first}").click()
    page.locator("tbody [popover]").get_by_role("button", name="Restore").locator("visible=true").click()
    expect(page.get_by_role("status").filter(has_text=f"Restored {first}")).to_be_visible()
    expect(page).to_have_url(re.compile(f"{TRASH}$"))
    expect(_cells(page)).to_have_text([second])
    page.get_by_role("checkbox", name=f"Select {second}").check()
    _bar(page).get_by_role("button", name="Delete for good").click()
    question = page.locator("form[data-question]")
    expect(question.get_by_role("heading", name=re.compile(re.escape(second)))).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(1 if scripts else 0)


@SCRIPTS
def test_on_a_phone_what_can_be_done_stands_beside_the_words_about_it(visit: Visit, scripts: bool) -> None:
    page = visit(demo.ADMIN, java_script_enabled=scripts, **PHONE)
    page.goto(STORES)
    _delete(page, 2)
    message = page.get_by_role("status").filter(has_text="Deleted 2 records")
    assert abs(_middle(message) - _middle(page.get_by_role("button", name="Undo"))) <= 2
    page.goto(TRASH)
    row = page.locator("tbody tr").first
    button = row.get_by_role("button", name="More actions")
    assert abs(_middle(row) - _middle(button)) <= 2
    outer, inner = row.bounding_box(), button.bounding_box()
    assert outer is not None
    assert inner is not None
    assert inner["x"] + inner["width"] <= outer["x"] + outer["width"]


def _middle(element: Locator) -> float:
    """Where it stands between the top and the end of the page."""
    box = element.bounding_box()
    assert box is not None
    return box["y"] + box["height"] / 2
