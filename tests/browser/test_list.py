"""Lists in a real browser: refreshed in place, walked by keys, ticked, with columns to choose, on a phone."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from example_app import demo
from tests.browser.conftest import Visit
from tests.browser.test_face import DESKTOP, PHONE, scan

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
ORDERS = "/admin/orderview/list/"
CUSTOMERS = "/admin/customerview/list/"
TAGS = "/admin/tagview/list/"
MOST_HEAD = 200
FEWEST_RECORDS = 8


def cells(page: Page) -> Locator:
    """The first cell of each row."""
    return page.locator("tbody").get_by_role("rowheader")


def heading(page: Page, name: str) -> Locator:
    return page.get_by_role("columnheader", name=name)


def headings(page: Page) -> list[str]:
    return [text for text in page.locator("thead th").all_inner_texts() if text != "Actions"]


def keep(page: Page) -> None:
    """Note on the window that it is this one; a new page would not know."""
    page.evaluate("window.kept = true")


def is_kept(page: Page) -> bool:
    return bool(page.evaluate("window.kept === true"))


def box(locator: Locator) -> dict[str, float]:
    found = locator.bounding_box()
    assert found is not None
    return {"top": found["y"], "bottom": found["y"] + found["height"], "height": found["height"]}


class TestRefresh:
    """With scripts only the list of a page changes."""

    def test_sorting_searching_and_paging_keep_the_page_and_move_the_address(self, page: Page) -> None:
        page.goto(ORDERS)
        keep(page)
        heading(page, "Number").get_by_role("link").click()
        expect(page).to_have_url(re.compile(r"\?sort=number$"))
        expect(cells(page).first).to_have_text("SO-000001")
        expect(heading(page, "Number").get_by_role("link")).to_be_focused()
        page.get_by_role("searchbox").fill("SO-00007")
        page.keyboard.press("Enter")
        expect(page.locator("#list-count")).to_have_text("10 records")
        expect(page.get_by_role("searchbox")).to_be_focused()
        expect(page.get_by_role("status").filter(has_text="10 records")).to_have_count(1)
        page.get_by_role("link", name="Clear search").click()
        expect(page.locator("#list-count")).to_have_text("120 records")
        page.get_by_role("link", name="10", exact=True).click()
        expect(cells(page)).to_have_count(10)
        page.get_by_label("Page", exact=True).fill("7")
        page.keyboard.press("Enter")
        expect(cells(page).first).to_have_text("SO-000061")
        expect(page).to_have_url(re.compile(r"\?(?=.*sort=number)(?=.*page=7)(?=.*page_size=10)"))
        assert is_kept(page)
        page.reload()
        expect(cells(page).first).to_have_text("SO-000061")

    def test_turning_a_page_shows_its_top_and_says_what_is_there(self, page: Page) -> None:
        page.set_viewport_size({"width": 1280, "height": 500})
        page.goto(ORDERS)
        page.get_by_role("link", name="Next").click()
        expect(page.get_by_role("status").filter(has_text="26-50 of 120")).to_have_count(1)
        expect(page.get_by_role("region", name="Orders")).to_be_focused()
        expect(cells(page).first).to_be_in_viewport()
        assert page.locator("#list").get_attribute("aria-busy") is None

    def test_back_and_forward_bring_rows_focus_and_place_back(self, page: Page) -> None:
        page.goto(f"{ORDERS}?sort=number&page_size=50")
        keep(page)
        rows = page.get_by_role("region", name="Orders")
        rows.evaluate("box => box.scrollTo(0, 600)")
        page.get_by_role("link", name="Next").click()
        expect(cells(page).first).to_have_text("SO-000051")
        assert rows.evaluate("box => box.scrollTop") == 0
        page.go_back()
        expect(cells(page).first).to_have_text("SO-000001")
        expect(page.get_by_role("link", name="Next")).to_be_focused()
        assert rows.evaluate("box => box.scrollTop") == 600
        page.go_forward()
        expect(cells(page).first).to_have_text("SO-000051")
        assert is_kept(page)

    def test_who_comes_back_from_a_record_finds_the_row_they_left(self, page: Page) -> None:
        page.goto(f"{ORDERS}?sort=number")
        link = cells(page).nth(20).get_by_role("link")
        link.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("SO-000021")
        page.go_back()
        expect(link).to_be_focused()
        expect(link).to_be_in_viewport()

    def test_the_newest_click_wins_and_what_is_slow_is_shown_as_on_its_way(self, page: Page) -> None:
        page.goto(ORDERS)
        held: list[Route] = []
        page.route("**/?sort=number", lambda route: held.append(route))  # noqa: PLW0108  # Playwright counts its parameters
        heading(page, "Number").get_by_role("link").click()
        expect(page.locator("#list[data-loading][aria-busy=true]")).to_have_count(1)
        expect(cells(page).first).to_have_text("SO-000120")
        assert float(page.locator("tbody").evaluate("rows => getComputedStyle(rows).opacity")) == pytest.approx(0.6)
        page.unroute("**/?sort=number")
        heading(page, "Total").get_by_role("link").click()
        expect(heading(page, "Total")).to_have_attribute("aria-sort", "ascending")
        expect(page).to_have_url(re.compile(r"\?sort=total$"))
        assert len(held) == 1

    def test_typing_goes_on_while_a_list_is_on_its_way(self, page: Page) -> None:
        page.goto(ORDERS)
        held: list[Route] = []
        page.route("**/?search=SO-00", lambda route: held.append(route))  # noqa: PLW0108  # Playwright counts its parameters
        page.get_by_role("searchbox").press_sequentially("SO-00")
        page.keyboard.press("Enter")
        page.get_by_role("searchbox").press_sequentially("0100")
        while not held:
            page.wait_for_timeout(10)
        held[0].continue_()
        expect(page.locator("mark").first).to_be_visible()
        expect(page.get_by_role("searchbox")).to_have_value("SO-000100")
        page.keyboard.press("Enter")
        expect(cells(page)).to_have_text(["SO-000100"])

    def test_a_list_that_does_not_come_says_so_and_can_be_asked_for_again(self, page: Page) -> None:
        # The console's line about the failed request is meant.
        other = page.context.new_page()
        other.goto(ORDERS)
        other.route("**/?sort=number", lambda route: route.abort())
        heading(other, "Number").get_by_role("link").click()
        alert = other.get_by_role("alert")
        expect(alert).to_contain_text("could not be loaded")
        other.unroute("**/?sort=number")
        alert.get_by_role("link", name="Try again").click()
        expect(cells(other).first).to_have_text("SO-000001")
        expect(alert).to_have_count(0)

    def test_an_answer_that_is_no_list_becomes_a_page(self, page: Page) -> None:
        page.goto(ORDERS)
        page.context.clear_cookies()
        heading(page, "Number").get_by_role("link").click()
        expect(page).to_have_url(re.compile(r"/login\?next=.*sort"))

    def test_a_click_with_a_modifier_and_a_record_are_left_to_the_browser(self, page: Page) -> None:
        page.goto(ORDERS)
        with page.context.expect_page() as opened:
            heading(page, "Number").get_by_role("link").click(modifiers=["ControlOrMeta"])
        expect(cells(opened.value).first).to_have_text("SO-000001")
        expect(cells(page).first).to_have_text("SO-000120")

    def test_a_script_of_the_hosts_hears_of_the_new_list(self, page: Page) -> None:
        page.goto(ORDERS)
        page.evaluate("document.addEventListener('ab:refresh', (event) => { window.heard = event.detail.id; })")
        page.get_by_role("link", name="Next").click()
        expect(cells(page).first).to_have_text("SO-000095")
        assert page.evaluate("window.heard") == "list"


class TestOrder:
    """Headings, and the select of a phone."""

    @SCRIPTS
    def test_a_third_click_brings_the_usual_order_back(self, visit: Visit, scripts: bool) -> None:
        page = visit(demo.ADMIN, java_script_enabled=scripts)
        page.goto(ORDERS)
        for first in ("SO-000001", "SO-000120"):
            heading(page, "Number").get_by_role("link").click()
            expect(cells(page).first).to_have_text(first)
            expect(heading(page, "Number")).to_have_attribute("aria-sort", re.compile("ending$"))
        heading(page, "Number").get_by_role("link").click()
        expect(heading(page, "Ordered At")).to_have_attribute("aria-sort", "descending")
        expect(page).to_have_url(re.compile(f"{ORDERS}$"))

    def test_shift_adds_a_column_turns_it_and_takes_it_off(self, page: Page) -> None:
        page.goto(ORDERS)
        heading(page, "Status").get_by_role("link").click()
        expect(heading(page, "Status")).to_have_attribute("aria-sort", "ascending")
        for way in ("ascending", "descending"):
            heading(page, "Total").get_by_role("link").click(modifiers=["Shift"])
            expect(heading(page, "Total")).to_have_attribute("aria-sort", way)
        expect(page).to_have_url(re.compile(r"sort=status(,|%2C)-total$"))
        assert headings(page)[3].split() == ["Status", "1"]
        heading(page, "Total").get_by_role("link").click(modifiers=["Shift"])
        expect(page).to_have_url(re.compile(r"sort=status$"))


class TestRows:
    """Ticks, actions and keys."""

    def test_ticking_counts_reaches_to_shift_and_is_cleared(self, page: Page) -> None:
        page.goto(ORDERS)
        boxes = page.locator("tbody [name=rowid]")
        every = page.get_by_role("checkbox", name="Select all rows of this page")
        bar = page.get_by_role("group", name="Bulk actions")
        expect(bar).to_be_hidden()
        boxes.nth(1).click()
        boxes.nth(4).click(modifiers=["Shift"])
        expect(bar.get_by_role("status")).to_have_text("4 selected")
        assert every.evaluate("box => box.indeterminate")
        every.click()
        expect(bar.get_by_role("status")).to_have_text("25 selected")
        boxes.nth(3).click()
        boxes.nth(1).click(modifiers=["Shift"])
        expect(bar.get_by_role("status")).to_have_text("22 selected")
        bar.get_by_role("button", name="Clear").click()
        expect(bar).to_be_hidden()
        page.get_by_role("link", name="Next").click()
        expect(cells(page).first).to_have_text("SO-000095")
        boxes.nth(0).click()
        expect(bar.get_by_role("status")).to_have_text("1 selected")

    def test_the_bar_covers_no_row_and_leaves_no_gap(self, page: Page) -> None:
        page.goto(ORDERS)
        page.locator("tbody [name=rowid]").first.check()
        rows, foot, bar, card = (
            box(page.locator(part)) for part in (".ab-table-box", ".ab-paging", ".ab-bulk", "#list")
        )
        assert rows["bottom"] <= foot["top"] == pytest.approx(rows["bottom"], abs=1)
        assert bar["top"] == pytest.approx(foot["bottom"], abs=1)
        assert bar["bottom"] <= card["bottom"] <= 800

    def test_the_bar_works_without_scripts(self, visit: Visit) -> None:
        page = visit(demo.ADMIN, java_script_enabled=False)
        page.goto(f"{ORDERS}?search=SO-000119")
        bar = page.get_by_role("group", name="Bulk actions")
        expect(bar).to_be_hidden()
        page.get_by_role("checkbox", name="Select SO-000119").check()
        expect(bar).to_be_visible()
        bar.get_by_role("button", name="Clear").click()
        expect(bar).to_be_hidden()

    @SCRIPTS
    def test_enter_on_a_tick_runs_no_action(self, visit: Visit, scripts: bool) -> None:
        page = visit(demo.ADMIN, java_script_enabled=scripts)
        page.goto(ORDERS)
        box = page.get_by_role("checkbox", name="Select SO-000119")
        box.focus()
        page.keyboard.press("Space")
        expect(box).to_be_checked()
        page.keyboard.press("Enter")
        if scripts:
            expect(page.get_by_role("heading", level=1)).to_have_text("SO-000119")
        else:
            expect(box).to_be_checked()

    @SCRIPTS
    def test_what_else_can_be_done_with_a_row_stands_in_its_menu(self, visit: Visit, scripts: bool) -> None:
        page = visit(demo.ADMIN, java_script_enabled=scripts)
        page.goto(f"{ORDERS}?search=SO-000119")
        more = page.get_by_role("button", name="More actions for SO-000119")
        assert more.evaluate("button => getComputedStyle(button).opacity") == "0" if scripts else True
        cells(page).first.hover()
        more.click()
        expect(page.get_by_role("link", name="Delete", exact=True)).to_be_in_viewport()
        page.get_by_role("button", name="Mark as shipped").click()
        asked = page.get_by_role("dialog" if scripts else "main")
        asked.get_by_role("button", name="Mark as shipped").click()
        expect(page.get_by_role("status").filter(has_text="Shipped: SO-000119")).to_be_visible()

    def test_rows_are_walked_opened_ticked_edited_and_deleted_by_keys(self, page: Page) -> None:
        page.goto(ORDERS)
        keys = page.keyboard
        keys.press("j")
        keys.press("j")
        keys.press("j")
        keys.press("k")
        expect(page.get_by_role("link", name="SO-000119", exact=True)).to_be_focused()
        keys.press("x")
        keys.press("j")
        keys.press("j")
        keys.press("X")
        expect(page.get_by_role("group", name="Bulk actions").get_by_role("status")).to_have_text("3 selected")
        expect(page.get_by_role("link", name="SO-000117", exact=True)).to_be_focused()
        for key, path in (("o", "show"), ("Enter", "show"), ("e", "edit")):
            keys.press(key)
            page.wait_for_url(f"**/{path}/117")
            page.go_back()
            expect(page.get_by_role("link", name="SO-000117", exact=True)).to_be_focused()
        keys.press("#")
        expect(page.get_by_role("dialog", name="Delete 3 records?")).to_be_visible()
        keys.press("Escape")
        page.get_by_role("button", name="Clear", exact=True).click()
        page.get_by_role("link", name="SO-000117", exact=True).focus()
        keys.press("#")
        expect(page.get_by_role("dialog", name="Delete “SO-000117”?")).to_be_visible()
        keys.press("Escape")
        keys.press("/")
        expect(page.get_by_role("searchbox")).to_be_focused()
        keys.type("jxe#n")
        expect(page.get_by_role("searchbox")).to_have_value("jxe#n")
        page.get_by_role("link", name="SO-000117", exact=True).focus()
        keys.press("n")
        expect(page.get_by_role("heading", level=1)).to_have_text("New order")

    def test_keys_do_nothing_for_who_has_switched_them_off(self, page: Page) -> None:
        page.goto(ORDERS)
        page.context.add_cookies([{"name": "ab_shortcuts", "value": "off", "url": page.url}])
        page.goto(ORDERS)
        for key in ("j", "x", "n", "/"):
            page.keyboard.press(key)
        expect(page.locator("body")).to_be_focused()
        assert page.locator("tbody :checked").count() == 0


class TestColumns:
    """Which columns a list has."""

    @SCRIPTS
    def test_columns_are_chosen_kept_and_forgotten(self, visit: Visit, scripts: bool) -> None:
        page = visit(demo.ADMIN, java_script_enabled=scripts)
        page.goto(CUSTOMERS)
        own = headings(page)
        choose = page.get_by_role("button", name="Columns")
        choose.click()
        page.get_by_label("Email", exact=True).uncheck()
        page.get_by_label("City", exact=True).uncheck()
        page.get_by_role("button", name="Apply").click()
        expect(page).to_have_url(re.compile(r"\?cols="))
        expect(heading(page, "Email")).to_have_count(0)
        fewer = [name for name in own if name not in {"Email", "City"}]
        assert headings(page) == fewer
        page.get_by_role("button", name="Columns").click()
        page.get_by_role("button", name="Use as my columns").click()
        expect(page).to_have_url(re.compile(f"{CUSTOMERS}$"))
        page.goto(CUSTOMERS)
        assert headings(page) == fewer
        page.get_by_role("button", name="Columns").click()
        page.get_by_role("button", name="Reset").click()
        expect(heading(page, "Email")).to_be_visible()
        assert headings(page) == own

    def test_columns_move_up_and_down_and_the_focus_returns(self, page: Page) -> None:
        page.goto(CUSTOMERS)
        page.get_by_role("button", name="Columns").click()
        page.get_by_role("button", name="Move City up").click()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Move Name down").click()
        page.get_by_role("button", name="Apply").click()
        expect(page.locator("thead th").first).to_have_text("City")
        assert headings(page)[:3] == ["City", "Email", "Name"]
        expect(page.get_by_role("button", name="Columns")).to_be_focused()

    @SCRIPTS
    def test_the_height_of_rows_is_kept(self, visit: Visit, scripts: bool) -> None:
        page = visit(demo.ADMIN, java_script_enabled=scripts)
        for path, pressed, height in ((f"{CUSTOMERS}?page=2", "true", 32), (CUSTOMERS, "false", 40)):
            page.goto(path)
            page.get_by_role("button", name="Compact").click()
            expect(page.get_by_role("button", name="Compact")).to_have_attribute("aria-pressed", pressed)
            assert page.url.endswith(path)
            page.goto("/admin/tagview/list/")
            assert box(page.locator("tbody tr").nth(1))["height"] == pytest.approx(height, abs=1)

    def test_head_and_first_column_of_a_wide_list_stay(self, page: Page) -> None:
        page.set_viewport_size({"width": 960, "height": 640})
        page.goto("/admin/productview/list/")
        rows, first = page.get_by_role("region", name="Products"), cells(page).nth(20)
        before = rows.bounding_box()
        assert before is not None
        assert rows.evaluate("box => box.scrollWidth > box.clientWidth && box.scrollHeight > box.clientHeight")
        rows.evaluate("box => box.scrollTo(300, 400)")
        head, cell = heading(page, "SKU").bounding_box(), first.bounding_box()
        assert head is not None
        assert cell is not None
        own = heading(page, "Name").bounding_box()
        assert own is not None
        assert head["y"] == pytest.approx(before["y"], abs=1)
        assert cell["x"] == pytest.approx(before["x"], abs=1)
        assert own["x"] == pytest.approx(before["x"], abs=1)

    def test_no_cell_is_a_layer_of_its_own_where_the_list_is_not_wide(self, page: Page) -> None:
        page.goto("/admin/tagview/list/")
        assert cells(page).first.evaluate("cell => getComputedStyle(cell).position") == "static"


class TestPhone:
    """A list on a screen of 390 by 844."""

    @SCRIPTS
    def test_eight_records_fit_and_the_head_is_low(self, visit: Visit, scripts: bool) -> None:
        page = visit(demo.ADMIN, viewport=PHONE, has_touch=True, is_mobile=True, java_script_enabled=scripts)
        for path in (ORDERS, CUSTOMERS, "/admin/productview/list/"):
            page.goto(path)
            assert box(page.locator(".ab-toolbar"))["bottom"] <= MOST_HEAD, path
            rows = [box(row) for row in page.locator("tbody tr").all()[:15]]
            assert max(row["height"] for row in rows) <= 72, path
            assert len([row for row in rows if row["bottom"] <= PHONE["height"]]) >= FEWEST_RECORDS, path
            expect(page.get_by_role("link", name=re.compile("^New [a-z]"))).to_be_in_viewport()

    @SCRIPTS
    def test_the_order_is_picked_from_a_select(self, visit: Visit, scripts: bool) -> None:
        page = visit(demo.ADMIN, viewport=PHONE, has_touch=True, is_mobile=True, java_script_enabled=scripts)
        page.goto(ORDERS)
        page.get_by_label("Order", exact=True).select_option("Number")
        if not scripts:
            page.get_by_role("button", name="Search").click()
        expect(cells(page).first).to_have_text("SO-000001")
        expect(page.get_by_label("Order", exact=True)).to_have_value("number")
        page.get_by_role("searchbox").fill("SO-00007")
        page.keyboard.press("Enter")
        expect(cells(page)).to_have_count(10)
        expect(page).to_have_url(re.compile("sort=number"))

    @SCRIPTS
    def test_each_of_several_lists_has_an_order_of_its_own(self, visit: Visit, scripts: bool) -> None:
        page = visit(demo.ADMIN, viewport=PHONE, has_touch=True, is_mobile=True, java_script_enabled=scripts)
        page.goto("/admin/deskview/list/")
        order = page.get_by_label("Order", exact=True)
        place = order.first.locator("..").bounding_box()
        assert place is not None
        assert min(place["width"], place["height"]) >= 44
        order.first.select_option("Number")
        if not scripts:
            page.get_by_role("button", name="Sort").first.click()
        expect(page.get_by_role("rowheader").first).to_have_text("SO-000001")
        expect(page.get_by_role("table", name="Customers").get_by_role("rowheader").first).to_have_text("Ada Bauer")

    @pytest.mark.parametrize("search", ["", "a+rather+long+text+that+nobody+has"])
    def test_the_tools_stand_beside_the_last_of_what_narrows_the_list(self, visit: Visit, search: str) -> None:
        page = visit(demo.ADMIN, viewport=PHONE, has_touch=True, is_mobile=True)
        page.goto(f"{ORDERS}?customer__eq=7&search={search}")
        page.locator(".ab-chip > span").last.evaluate("words => words.textContent += ' and more'.repeat(9)")
        chip, tools = box(page.locator(".ab-chip").last), box(page.get_by_role("button", name="Columns"))
        assert tools["top"] < chip["bottom"]

    def test_the_table_is_still_one_for_who_cannot_see_it(self, visit: Visit) -> None:
        page = visit(demo.ADMIN, viewport=PHONE, has_touch=True, is_mobile=True)
        page.goto(f"{ORDERS}?page_size=10")
        table = page.get_by_role("table", name="Orders")
        expect(table.get_by_role("row")).to_have_count(11)
        expect(table.get_by_role("columnheader", name="Number")).to_have_count(1)
        expect(table.get_by_role("rowheader")).to_have_count(10)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault_in_any_state_of_a_list(visit: Visit, size: Any, scheme: str) -> None:
    page = visit(demo.ADMIN, viewport=size, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    faults: dict[str, list[str]] = {}
    page.goto(f"{CUSTOMERS}?search=an&sort=-name,city")
    faults["searched"] = scan(page)
    page.get_by_role("button", name="Columns").click()
    faults["columns"] = scan(page)
    page.keyboard.press("Escape")
    page.goto(ORDERS)
    page.locator("tbody [name=rowid]").first.check()
    faults["ticked"] = scan(page)
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile("page=2"))
    if size == DESKTOP:
        cells(page).first.hover()
        page.locator("tbody [popovertarget]").first.click()
    faults["refreshed, with a menu"] = scan(page)
    assert {name: found for name, found in faults.items() if found} == {}
