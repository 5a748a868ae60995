"""Filters of a list: in a drawer with scripts, on a page of their own without them, and as chips above the rows."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from example_app import demo
from tests.browser.conftest import Visit

ORDERS = "/admin/orderview/list/"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


def opened(page: Page, path: str = ORDERS, key: str = "") -> Locator:
    """The form, opened from the list by its link or by a key."""
    page.goto(path)
    if key:
        page.keyboard.press(key)
    else:
        page.get_by_role("link", name="Filter", exact=True).click()
    form = page.locator("form", has=page.locator(".ab-filters"))
    expect(form).to_be_visible()
    return form


@SCRIPTS
def test_a_filter_is_set_changed_and_removed(visit: Visit, scripts: bool) -> None:
    page = visit(demo.ADMIN, java_script_enabled=scripts)
    form = opened(page)
    assert form.evaluate("form => form.closest('dialog') !== null") is scripts
    form.get_by_role("checkbox", name="Paid").check()
    form.get_by_role("checkbox", name="Shipped").check()
    form.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile(r"/list/\?status__in=PAID&status__in=SHIPPED$"))
    states = page.locator("tbody .ab-state")
    assert set(states.all_inner_texts()) == {"Paid", "Shipped"}
    page.get_by_role("link", name="Status: Paid, Shipped", exact=True).click()
    form = page.locator("form", has=page.locator(".ab-filters"))
    expect(form.get_by_role("checkbox", name="Shipped")).to_be_checked()
    form.get_by_role("checkbox", name="Shipped").uncheck()
    form.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("link", name="Status: Paid", exact=True)).to_be_visible()
    assert set(states.all_inner_texts()) == {"Paid"}
    page.get_by_role("link", name="Remove filter Status: Paid").click()
    expect(page.locator("#list-count")).to_have_text("120 records")


@SCRIPTS
def test_filters_are_put_into_a_group_of_which_one_is_enough(visit: Visit, scripts: bool) -> None:
    page = visit(demo.ADMIN, java_script_enabled=scripts)
    form = opened(page)
    form.get_by_role("group", name="Number").get_by_role("textbox").fill("SO-00000")
    form.get_by_role("button", name="Use groups").click()
    expect(form.get_by_role("button", name="More rows")).to_be_visible()
    number, status = form.locator("#filter-number"), form.locator("#filter-status")
    expect(number.get_by_role("textbox")).to_have_value("SO-00000")
    number.get_by_role("combobox", name="Number: group").select_option("Group 1")
    status.get_by_role("checkbox", name="Paid").check()
    status.get_by_role("combobox", name="Status: group").select_option("Group 1")
    form.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile(r"/list/\?or\.1\.status__in=PAID&or\.1\.number__ct=SO-00000$"))
    words = "Status: Paid or Number: contains SO-00000"
    page.get_by_role("link", name=words, exact=True).click()
    expect(form.locator("#filter-status-or1").get_by_role("checkbox", name="Paid")).to_be_checked()
    # A blank row of the same column is for the same group.
    further = form.locator("#filter-status")
    expect(further.get_by_role("combobox", name="Status: group")).to_have_value("1")
    further.get_by_role("checkbox", name="New").check()
    form.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile(r"or\.1\.status__in=PAID&or\.1\.status__in=NEW&or\.1\.number"))
    page.get_by_role("link", name="Remove filter Status: Paid, New or Number").click()
    expect(page.locator("#list-count")).to_have_text("120 records")


def test_enter_applies_the_filters(page: Page) -> None:
    form = opened(page)
    field = form.get_by_role("group", name="Number").get_by_role("textbox")
    field.fill("SO-00000")
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"/list/\?number__ct=SO-00000$"))


def test_choices_say_how_many_records_they_have(page: Page) -> None:
    form = opened(page, f"{ORDERS}?number__ct=SO-00000")
    told = form.locator("#filter-status").get_by_role("checkbox", name=re.compile(r"\([0-9]+\)$"))
    expect(told).to_have_count(form.locator("#filter-status").get_by_role("checkbox").count())


def test_only_the_fields_that_an_operator_takes_are_there(page: Page) -> None:
    form = opened(page)
    total = form.get_by_role("group", name="Total")
    expect(total.get_by_role("spinbutton")).to_have_count(2)
    total.get_by_role("combobox").select_option("is")
    expect(total.get_by_role("spinbutton").nth(1)).to_be_hidden()
    when = form.get_by_role("group", name="Ordered At")
    when.get_by_role("combobox").select_option("last 7 days")
    expect(when.locator("input").first).to_be_hidden()
    form.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile(r"/list/\?ordered_at__within=last_7_days$"))


def test_with_keys_alone(page: Page) -> None:
    form = opened(page, key="f")
    expect(form.get_by_role("combobox", name="Status: how")).to_be_focused()
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(page.get_by_role("link", name="Filter", exact=True)).to_be_focused()
    page.keyboard.press("f")
    expect(form).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"status__in=NEW$"))


def test_the_words_of_a_chip_open_the_form_at_their_row(page: Page) -> None:
    page.goto(f"{ORDERS}?total__gte=10&number__ct=1")
    page.get_by_role("link", name="Total: at least 10", exact=True).click()
    total = page.get_by_role("dialog").get_by_role("group", name="Total")
    expect(total.get_by_role("combobox")).to_be_focused()
    expect(total.get_by_role("combobox")).to_be_in_viewport()
    expect(total.get_by_role("spinbutton").first).to_have_value("10")


def test_cancel_and_clear_all(page: Page) -> None:
    form = opened(page, f"{ORDERS}?status__in=PAID&sort=number")
    form.get_by_role("checkbox", name="New").check()
    form.get_by_role("link", name="Cancel").click()
    expect(form).to_have_count(0)
    expect(page).to_have_url(re.compile(r"status__in=PAID&sort=number$"))
    page.get_by_role("link", name="Filter", exact=True).click()
    form.get_by_role("link", name="Clear all").click()
    expect(page).to_have_url(re.compile(r"/list/\?sort=number$"))


def test_sorting_searching_and_paging_keep_the_filters(page: Page) -> None:
    page.goto(f"{ORDERS}?status__in=PAID&status__in=NEW&page_size=10")
    page.get_by_role("columnheader", name="Number").get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"sort=number&page_size=10&status__in=PAID&status__in=NEW$"))
    page.get_by_role("searchbox").fill("SO-")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page).to_have_url(re.compile("search=SO-"))
    assert set(page.locator("tbody .ab-state").all_inner_texts()) <= {"Paid", "New"}
    expect(page.get_by_role("link", name="Remove filter Status: Paid, New")).to_be_visible()


@SCRIPTS
def test_an_address_that_does_not_fit_opens_the_form_at_the_fault(visit: Visit, scripts: bool) -> None:
    # The console's line about the refused page is meant.
    page = visit(demo.ADMIN, java_script_enabled=scripts).context.new_page()
    page.goto(f"{ORDERS}?total__gte=lots&status__in=PAID")
    expect(page.get_by_role("heading", level=1)).to_have_text("Filter Orders")
    total = page.get_by_role("group", name="Total")
    expect(total).to_contain_text("This value does not fit the column.")
    expect(total.get_by_role("textbox").first).to_have_value("lots")
    expect(total.get_by_role("combobox")).to_be_focused()
    expect(page.get_by_role("checkbox", name="Paid")).to_be_checked()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("options", [{}, PHONE], ids=["desktop", "phone"])
def test_axe_finds_no_fault_in_the_drawer(visit: Visit, scheme: str, options: dict[str, Any]) -> None:
    page = visit(demo.ADMIN, color_scheme=scheme, **options)
    form = opened(page, f"{ORDERS}?total__gte=10&status__in=PAID")
    assert Axe().run(page).response["violations"] == []
    dialog = page.get_by_role("dialog").bounding_box()
    assert dialog is not None
    size = page.viewport_size
    assert size is not None
    assert dialog["x"] + dialog["width"] == size["width"], "at the end of the window"
    assert (dialog["y"], dialog["height"]) == (0, size["height"])
    expect(form.get_by_role("button", name="Apply")).to_be_in_viewport()


@SCRIPTS
def test_how_several_values_are_written_is_told_where_they_are_taken(visit: Visit, scripts: bool) -> None:
    page = visit(demo.ADMIN, java_script_enabled=scripts)
    opened(page)
    row = page.locator("#filter-number")
    hint = row.get_by_text("Several values")
    expect(row).to_be_visible()
    expect(hint).to_be_hidden()
    row.get_by_role("combobox").select_option("in")
    expect(hint).to_be_visible()
