"""A list and its forms on one page, in a real browser."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from example_app import demo
from tests.browser.conftest import Visit
from tests.browser.test_face import PHONE, scroll_width

STOCK = "/admin/stocklevelview/list/"
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


def form(page: Page) -> Locator:
    return page.locator("#form")


def rows(page: Page) -> Locator:
    return page.locator("#list tbody tr")


@SCRIPTS
def test_a_row_is_edited_beside_the_list_which_is_then_as_it_was(visit: Visit, scripts: bool) -> None:
    page = visit(demo.ADMIN, java_script_enabled=scripts)
    page.goto(f"{STOCK}?search=pan&sort=-quantity&page_size=10")
    names = rows(page).get_by_role("rowheader").all_inner_texts()
    rows(page).nth(2).hover()
    rows(page).nth(2).get_by_role("link", name=re.compile("^Edit")).click()
    expect(page).to_have_url(re.compile(r"/list/edit/[\d,]+\?search=pan&sort=-quantity&page_size=10#form$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Stock")
    expect(rows(page).nth(2).locator("[aria-current]")).to_have_count(1)
    assert rows(page).get_by_role("rowheader").all_inner_texts() == names
    # The keyboard goes on in the form, not in the list before it.
    page.keyboard.press("Tab")
    expect(form(page).get_by_label("Quantity")).to_be_focused()
    form(page).get_by_label("Reorder below").fill("7")
    form(page).get_by_role("button", name="Save", exact=True).click()
    expect(page).to_have_url(re.compile(r"/stocklevelview/list/\?search=pan&sort=-quantity&page_size=10(#form)?$"))
    expect(form(page)).to_have_count(0)
    expect(rows(page).nth(2)).to_contain_text("7")


@SCRIPTS
def test_a_refused_save_comes_back_beside_the_list_with_the_focus_on_what_is_wrong(visit: Visit, scripts: bool) -> None:
    page = visit(demo.ADMIN, java_script_enabled=scripts)
    page.goto(f"{STOCK}edit/1,1?search=pan")
    form(page).get_by_label("Quantity").fill("9")
    form(page).get_by_label("Quantity").evaluate("field => field.removeAttribute('required')")
    form(page).get_by_label("Quantity").fill("")
    form(page).get_by_label("Reorder below").fill("3")
    form(page).get_by_role("button", name="Save", exact=True).click()
    expect(form(page).get_by_role("alert")).to_be_focused()
    expect(form(page).get_by_label("Reorder below")).to_have_value("3")
    expect(rows(page).first).to_be_visible()


def test_the_list_goes_on_beside_a_form_that_keeps_what_was_typed(page: Page) -> None:
    page.goto(f"{STOCK}edit/1,1?page_size=10")
    form(page).get_by_label("Reorder below").fill("11")
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile(r"/list/edit/1,1\?.*page=2"))
    expect(page.locator("#list-page-number")).to_have_value("2")
    expect(form(page).get_by_label("Reorder below")).to_have_value("11")
    form(page).get_by_role("button", name="Save", exact=True).click()
    expect(page).to_have_url(re.compile(r"/stocklevelview/list/\?.*page=2"))
    page.goto(f"{STOCK}?page_size=10")
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile("page=2"))
    page.get_by_role("link", name="New stock level").click()
    expect(page).to_have_url(re.compile(r"/list/add\?.*page=2"))
    form(page).get_by_role("link", name="Cancel").click()
    expect(page).to_have_url(re.compile(r"/stocklevelview/list/\?.*page=2"))


def test_a_search_that_is_cleared_beside_a_form_keeps_what_was_typed(page: Page) -> None:
    page.goto(f"{STOCK}edit/1,1?search=pan")
    form(page).get_by_label("Reorder below").fill("12")
    page.get_by_role("link", name="Clear search").first.click()
    expect(page).to_have_url(re.compile(r"/list/edit/1,1$"))
    expect(form(page).get_by_label("Reorder below")).to_have_value("12")
    page.go_back()
    expect(page.locator("#list-search")).to_have_value("pan")
    expect(form(page).get_by_label("Reorder below")).to_have_value("12")


def test_two_tabs_do_not_disturb_each_other(page: Page) -> None:
    page.goto(f"{STOCK}edit/1,1")
    other = page.context.new_page()
    other.goto(f"{STOCK}edit/1,2")
    form(page).get_by_label("Reorder below").fill("21")
    form(page).get_by_role("button", name="Save and continue editing").click()
    expect(page).to_have_url(re.compile(r"/list/edit/1,1$"))
    form(other).get_by_label("Reorder below").fill("22")
    form(other).get_by_role("button", name="Save and continue editing").click()
    expect(other).to_have_url(re.compile(r"/list/edit/1,2$"))
    for window, text in ((page, "21"), (other, "22")):
        window.reload()
        expect(form(window).get_by_label("Reorder below")).to_have_value(text)


def test_a_record_that_a_field_points_to_is_added_in_a_dialog(page: Page) -> None:
    page.goto(f"{STOCK}add")
    form(page).get_by_label("Reorder below").fill("5")
    form(page).get_by_role("link", name="New store").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", level=2, name="New store")).to_be_visible()
    dialog.get_by_role("link", name="Cancel").click()
    expect(dialog).to_have_count(0)
    expect(form(page).get_by_label("Reorder below")).to_have_value("5")


@SCRIPTS
def test_on_a_phone_the_form_takes_the_place_of_the_list(visit: Visit, scripts: bool) -> None:
    page = visit(demo.ADMIN, viewport=PHONE, has_touch=True, java_script_enabled=scripts)
    page.goto(f"{STOCK}?search=pan")
    rows(page).first.get_by_role("link", name=re.compile("^Edit")).tap()
    expect(form(page).get_by_label("Quantity")).to_be_in_viewport()
    expect(rows(page).first).to_be_hidden()
    assert scroll_width(page) <= PHONE["width"]
    form(page).get_by_role("link", name="Cancel").tap()
    expect(page).to_have_url(re.compile(r"/stocklevelview/list/\?search=pan$"))
    expect(rows(page).first).to_be_visible()
