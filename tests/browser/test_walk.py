"""What a person does all day, in a real browser, with scripts and without them."""

import re
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Dialog, Page, expect

from example_app import demo
from tests.browser.conftest import Visit
from tests.browser.loading import follow
from tests.browser.served import Site, sign_in

VIEWS = ("order", "orderitem", "customer", "product", "category", "tag", "store", "employee", "country", "stocklevel")
LISTS = [*(f"/admin/{name}view/list/" for name in VIEWS), "/admin/users/list/", "/admin/roles/list/"]
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


@SCRIPTS
def test_sign_in_on_the_shops_own_page_leads_to_ours(visit: Visit, scripts: bool) -> None:
    page = visit(java_script_enabled=scripts)
    page.goto("/admin/orderview/list/")
    expect(page).to_have_url(re.compile(r"/login\?next="))
    expect(page.get_by_role("link", name="Corner & Co.")).to_be_visible()
    page.get_by_label("E-mail address").fill(demo.ADMIN)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("is not right")).to_be_visible()
    sign_in(page, demo.ADMIN)
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")


@SCRIPTS
def test_list_search_sort_and_page(visit: Visit, scripts: bool) -> None:
    page = visit(demo.ADMIN, java_script_enabled=scripts)
    page.get_by_role("main").get_by_role("link", name="Orders").click()
    expect(page.locator("#list-count")).to_have_text("120 records")
    assert first_cells(page)[:2] == ["SO-000120", "SO-000119"]
    cells = page.locator("tbody").get_by_role("rowheader")
    page.get_by_role("columnheader", name="Number").get_by_role("link").click()
    expect(cells.first).to_have_text("SO-000001")
    assert first_cells(page)[:2] == ["SO-000001", "SO-000002"]
    page.get_by_role("link", name="Next").click()
    expect(page.locator(".ab-paging")).to_contain_text("26-50 of 120")
    assert first_cells(page)[0] == "SO-000026"
    page.get_by_role("searchbox").fill("SO-00007")
    page.get_by_role("button", name="Search").click()
    expect(cells).to_have_text([f"SO-00007{digit}" for digit in range(10)])
    page.get_by_role("link", name="Clear").click()
    expect(cells).to_have_count(25)


@SCRIPTS
def test_add_show_edit_and_delete(visit: Visit, scripts: bool) -> None:
    page = visit(demo.ADMIN, java_script_enabled=scripts)
    page.goto("/admin/tagview/list/")
    page.get_by_role("link", name="New tag").click()
    page.get_by_label("Name").fill("winter sale")
    page.get_by_label("Colour").fill("blue")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("1 field needs attention")
    expect(page.get_by_label("Name")).to_have_value("winter sale")
    page.get_by_label("Colour").fill("#102030")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("Added winter sale")
    page.get_by_role("rowheader").get_by_role("link", name="winter sale", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("winter sale")
    expect(page.get_by_text("#102030")).to_be_visible()
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Name").fill("spring sale")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("Saved spring sale")
    page.get_by_role("checkbox", name="Select spring sale").check()
    page.get_by_role("group", name="Bulk actions").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Delete “spring sale”?")).to_be_visible()
    page.get_by_role("button", name="Delete tag").click()
    expect(page.get_by_role("status")).to_have_text("Deleted spring sale")
    assert "spring sale" not in first_cells(page)


@SCRIPTS
def test_a_permission_given_to_a_role_counts_at_the_next_request(visit: Visit, scripts: bool) -> None:
    clerk = visit(demo.CLERK, java_script_enabled=scripts)
    clerk.goto("/admin/storeview/list/")
    expect(clerk.get_by_role("heading", level=1)).to_have_text("You cannot open Stores")
    admin = visit(demo.ADMIN, java_script_enabled=scripts)
    admin.get_by_role("main").get_by_role("link", name="Roles").click()
    admin.get_by_role("link", name=demo.CLERK_ROLE, exact=True).click()
    admin.get_by_label("List on Stores").check()
    admin.get_by_role("button", name="Save", exact=True).click()
    expect(admin.get_by_role("status")).to_have_text("Role changed")
    clerk.reload()
    expect(clerk.get_by_role("heading", level=1)).to_have_text("Stores")
    expect(clerk.get_by_role("link", name="New store")).to_have_count(0)


@SCRIPTS
def test_what_a_clerk_may_do_with_orders(visit: Visit, scripts: bool) -> None:
    page = visit(demo.CLERK, java_script_enabled=scripts)
    page.goto("/admin/orderview/list/?search=SO-000119")
    box = page.get_by_role("checkbox", name="SO-000119")
    box.check()
    page.get_by_role("button", name="Mark as shipped").click()
    question = page.locator("form").filter(has=page.get_by_role("heading", name="Mark as shipped"))
    question.get_by_role("button", name="Mark as shipped").click()
    expect(page.get_by_role("status").first).to_have_text("Shipped: SO-000119")
    expect(page.get_by_role("link", name="New order")).to_have_count(0)
    expect(page.get_by_role("link", name="Delete")).to_have_count(0)


def test_a_colour_scheme_is_kept_and_sign_out_works(page: Page) -> None:
    page.get_by_role("button", name="Olivia Owner").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto("/admin/orderview/list/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="Olivia Owner").click()
    follow(page.get_by_role("button", name="Sign out"))
    page.goto("/admin/")
    expect(page).to_have_url(re.compile("/login"))


def test_a_whole_row_leads_to_its_record(page: Page) -> None:
    page.goto("/admin/customerview/list/")
    row = page.locator("tbody tr").first
    name = row.get_by_role("rowheader").inner_text()
    row.get_by_role("cell").nth(3).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_leaving_a_changed_form_asks(page: Page) -> None:
    page.goto("/admin/tagview/add")
    page.get_by_label("Name").press_sequentially("half a word")
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.goto("/admin/")
    assert asked == ["beforeunload"]


def test_saving_a_page_unchanged_changes_nothing(page: Page, site: Site) -> None:
    before = contents(site)
    for path in LISTS:
        page.goto(path)
        edit_second(page)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("status")).to_be_visible()
    assert contents(site) == before


def edit_second(page: Page) -> None:
    """Open the form of a list's second record; where a row opens beside its list, that is where it is edited."""
    row = page.get_by_role("row").nth(2)
    if page.locator("#detail").count() == 0:
        row.get_by_role("link", name="Edit").click()
        return
    name = row.get_by_role("rowheader").inner_text()
    row.get_by_role("rowheader").get_by_role("link").click()
    expect(page.locator("#detail").get_by_role("heading", level=2).first).to_have_text(name)
    page.locator("#detail").get_by_role("link", name="Edit", exact=True).click()


def contents(site: Site) -> set[str]:
    """Every row of the database, as SQL; but for the notes on what changed last."""
    with closing(sqlite3.connect(site.file)) as connection:
        return {line for line in connection.iterdump() if '"ab_state"' not in line}


def first_cells(page: Page) -> list[str]:
    return page.locator("tbody").get_by_role("rowheader").all_inner_texts()
