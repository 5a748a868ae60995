"""The permissions of a role as a matrix, with scripts and without."""

import re

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from example_app import demo
from tests.browser.conftest import Visit
from tests.browser.loading import follow
from tests.browser.served import Site
from tests.browser.test_face import DESKTOP, PHONE, scan, scroll_width

CLERK = "/admin/roles/edit/3"
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


def box(page: Page, name: str) -> Locator:
    return page.get_by_role("checkbox", name=name, exact=True)


def is_mixed(found: Locator) -> bool:
    return bool(found.evaluate("box => box.indeterminate"))


def shown_rows(page: Page) -> Locator:
    """The names of the views that are shown."""
    return page.locator(".ab-grants [scope=row]:visible")


def expect_many_rows(page: Page) -> None:
    """More rows than any search of these tests finds."""
    expect(shown_rows(page).nth(10)).to_be_visible()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/roles/list/")


@SCRIPTS
def test_ticks_are_saved_by_their_difference(visit: Visit, site: Site, scripts: bool) -> None:
    first, second = (visit(demo.ADMIN, java_script_enabled=scripts) for _ in range(2))
    for page in (first, second):
        page.goto(CLERK)
    box(first, "Add on Tags").check()
    save(first)
    box(second, "Edit on Orders").uncheck()
    save(second)
    first.goto(CLERK)
    expect(box(first, "Add on Tags")).to_be_checked()
    expect(box(first, "Edit on Orders")).not_to_be_checked()


def test_rows_columns_groups_and_all_have_a_tick_of_three_states(page: Page) -> None:
    page.goto(CLERK)
    row, group = box(page, "Everything on Customers"), box(page, "Everything on Sales")
    column, all_of_it = box(page, "Show on everything"), box(page, "Everything")
    assert [is_mixed(found) for found in (row, group, column, all_of_it)] == [True] * 4
    row.click()
    expect(row).to_be_checked()
    expect(box(page, "Delete on Customers")).to_be_checked()
    assert is_mixed(group)
    group.click()
    expect(box(page, "Mark as shipped on Orders")).to_be_checked()
    group.click()
    expect(row).not_to_be_checked()
    assert not is_mixed(row)
    column.click()
    expect(box(page, "Show on Stores")).to_be_checked()
    expect(box(page, "List on Stores")).not_to_be_checked()
    assert is_mixed(row)
    all_of_it.click()
    for found in (row, group, column):
        expect(found).to_be_checked()
    box(page, "Show on Stores").click()
    assert all(is_mixed(found) for found in (column, all_of_it, box(page, "Everything on Stores").first))


def test_what_is_not_shown_is_not_ticked_with_the_rest(page: Page) -> None:
    page.goto(CLERK)
    page.get_by_role("searchbox").fill("stock")
    expect(shown_rows(page)).to_have_text(["Stock"])
    box(page, "Everything").click()
    page.get_by_role("searchbox").fill("")
    expect_many_rows(page)
    expect(box(page, "Delete on Stock")).to_be_checked()
    expect(box(page, "Delete on Orders")).not_to_be_checked()
    # List, show, add, edit, delete and export.
    assert changes(page) == "+6 -0 changes"


def test_presets_set_the_rows_that_are_shown(page: Page) -> None:
    page.goto(CLERK)
    page.get_by_role("searchbox").fill("sales")
    page.get_by_role("button", name="Read only").click()
    records = {f"{what} on {view}" for what in ("List", "Show") for view in ("Orders", "Customers")}
    assert ticked(page) == {*records, "List on Desk"}
    assert changes(page) == "+1 -2 changes"
    page.get_by_role("button", name="Editor").click()
    assert len(ticked(page)) == 9
    page.get_by_role("button", name="Full").click()
    assert "Mark as shipped on Orders" in ticked(page)
    page.get_by_role("searchbox").fill("order items")
    assert ticked(page) == {"List on Order Items", "Show on Order Items"}


@pytest.mark.parametrize("what", ["a row", "a preset", "a permission"])
def test_ticks_that_are_not_saved_are_guarded(page: Page, what: str) -> None:
    page.goto(CLERK)
    page.get_by_role("searchbox").fill("stock")
    expect(page).not_to_have_title(re.compile("^●"))
    {
        "a row": box(page, "Everything on Stock"),
        "a preset": page.get_by_role("button", name="Full"),
        "a permission": box(page, "Delete on Stock"),
    }[what].click()
    expect(page).to_have_title(re.compile("^●"))


def changes(page: Page) -> str:
    """What the bar says; its minus is the typographical one."""
    return page.locator("[data-changes]").inner_text().replace("\N{MINUS SIGN}", "-")


def ticked(page: Page) -> set[str]:
    """The names of the ticks that are shown and set, but for those of rows, columns and groups."""
    return {str(found.get_attribute("aria-label")) for found in page.locator("td :checked:visible").all()}


def test_search_and_filter_work_as_one_types(page: Page) -> None:
    page.goto(CLERK)
    expect(page.get_by_role("button", name="Filter")).to_be_hidden()
    search, which = page.get_by_role("searchbox"), page.get_by_label("Which views")
    search.fill("cata pro")
    expect(shown_rows(page)).to_have_text(["Products"])
    expect(page.get_by_role("rowheader", name="Sales")).to_be_hidden()
    search.press("Enter")
    expect(page).to_have_url(re.compile(f"{CLERK}$"))
    search.fill("nothing of the kind")
    expect(page.get_by_text("No view matches.")).to_be_visible()
    search.fill("")
    which.select_option(label="With something granted")
    expect(shown_rows(page)).to_have_text(["Orders", "Customers", "Order Items"])
    box(page, "List on Order Items").uncheck()
    which.select_option(label="Changed")
    expect(shown_rows(page)).to_have_text(["Order Items"])
    which.select_option(label="All")
    which.select_option(label="With something not granted")
    expect(shown_rows(page).get_by_text("Orders", exact=True)).to_be_visible()


def test_changes_are_marked_counted_and_reviewed_before_they_are_saved(page: Page) -> None:
    page.goto(CLERK)
    assert changes(page) == ""
    page.get_by_role("button", name="Review changes").click()
    dialog = page.get_by_role("dialog", name="Review changes")
    expect(dialog.get_by_text("Nothing is changed.")).to_be_visible()
    dialog.get_by_role("button", name="Keep editing").click()
    for name in ("Add on Tags", "Edit on Tags", "Mark as shipped on Orders"):
        box(page, name).click()
    assert changes(page) == "+2 -1 changes"
    assert marked(page) == ["Mark as shipped on Orders", "Add on Tags", "Edit on Tags"]
    box(page, "Edit on Tags").click()
    assert marked(page) == ["Mark as shipped on Orders", "Add on Tags"]
    page.get_by_role("button", name="Review changes").click()
    expect(dialog.get_by_role("listitem")).to_have_text(["Add on Tags", "Mark as shipped on Orders"])
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Review changes")).to_be_focused()
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Save").click()
    page.wait_for_url("**/roles/list/")
    page.goto(CLERK)
    expect(box(page, "Add on Tags")).to_be_checked()
    expect(box(page, "Mark as shipped on Orders")).not_to_be_checked()


def marked(page: Page) -> list[str]:
    """The names of the ticks with a mark at their start."""
    found = page.evaluate(
        """() => [...document.querySelectorAll(".ab-grants td label")]
            .filter((label) => getComputedStyle(label, "::before").borderInlineStartWidth === "3px")
            .map((label) => label.firstElementChild.getAttribute("aria-label"))"""
    )
    return [str(name) for name in found]


def test_unsaved_ticks_are_not_left_without_a_question_and_a_search_is_no_change(page: Page) -> None:
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.goto(CLERK)
    page.get_by_role("searchbox").fill("tags")
    page.get_by_role("link", name="Cancel").click()
    page.wait_for_url("**/roles/list/")
    page.goto(CLERK)
    page.get_by_role("button", name="Read only").click()
    page.get_by_role("link", name="Cancel").click()
    page.wait_for_url("**/roles/list/")
    assert asked == ["beforeunload"]


def test_what_came_back_unsaved_is_still_marked_as_changed(page: Page) -> None:
    page.goto(CLERK)
    box(page, "Add on Tags").click()
    box(page, "Show on Orders").click()
    page.get_by_label("Name").fill("Admin")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("reserved")
    page.wait_for_load_state()
    assert changes(page) == "+1 -1 changes"
    assert marked(page) == ["Show on Orders", "Add on Tags"]
    box(page, "Add on Tags").click()
    assert changes(page) == "+0 -1 changes"
    assert marked(page) == ["Show on Orders"]


def test_without_scripts_rows_are_filtered_by_the_server_and_changes_reviewed_on_a_page(visit: Visit) -> None:
    page = visit(demo.ADMIN, java_script_enabled=False)
    page.goto(CLERK)
    expect(page.get_by_text("Filtering opens this page anew: save your changes first.")).to_be_visible()
    expect(page.get_by_role("button", name="Read only")).to_be_hidden()
    page.get_by_role("searchbox").fill("tags")
    page.get_by_role("button", name="Filter").click()
    expect(shown_rows(page)).to_have_text(["Tags"])
    box(page, "Add on Tags").check()
    assert marked(page) == ["Add on Tags"]
    page.get_by_role("button", name="Review changes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review the changes of Clerk")
    expect(page.get_by_role("main").get_by_role("listitem").last).to_have_text("Add on Tags")
    page.get_by_role("button", name="Keep editing").click()
    expect(box(page, "Add on Tags")).to_be_checked()
    box(page, "Show on Orders").uncheck()
    page.get_by_role("button", name="Review changes").click()
    save(page)
    page.goto(f"{CLERK}?show=granted")
    expect(box(page, "Add on Tags")).to_be_checked()
    expect(box(page, "Show on Orders")).not_to_be_checked()
    page.get_by_role("link", name="Show all").click()
    expect_many_rows(page)


def test_the_keyboard_reaches_ticks_and_saves(page: Page) -> None:
    page.goto(CLERK)
    keys = page.keyboard
    keys.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    keys.type("tags")
    for _ in range(30):
        keys.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-label')") == "Add on Tags":
            break
    keys.press("Space")
    expect(box(page, "Add on Tags")).to_be_checked()
    for _ in range(30):
        keys.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Save":
            break
    keys.press("Enter")
    page.wait_for_url("**/roles/list/")
    page.goto(CLERK)
    expect(box(page, "Add on Tags")).to_be_checked()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_state_of_the_matrix_has_a_fault_that_axe_finds(visit: Visit, size: dict[str, int], scheme: str) -> None:
    page = visit(demo.ADMIN, viewport=size, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    page.goto(CLERK)
    for summary in page.locator(".ab-grants summary").all():
        summary.click()
    box(page, "Add on Tags").click()
    box(page, "Show on Orders").click()
    faults = {"changed": scan(page)}
    page.get_by_role("button", name="Review changes").click()
    faults["review"] = scan(page)
    page.goto("/admin/roles/edit/2?menus=1&search=orders")
    faults["filtered"] = scan(page)
    page.goto("/admin/roles/edit/2")
    page.get_by_role("searchbox").fill("nothing of the kind")
    faults["nothing"] = scan(page)
    bare = visit(demo.ADMIN, viewport=size, color_scheme=scheme, bypass_csp=True, java_script_enabled=False)
    bare.goto(CLERK)
    box(bare, "Add on Tags").check()
    follow(bare.get_by_role("button", name="Review changes"))
    expect(bare.get_by_role("heading", level=1)).to_have_text("Review the changes of Clerk")
    content = bare.content()
    page.set_content(content.replace("<head>", f'<head><base href="{bare.url}">'))
    faults["review page"] = scan(page)
    assert {name: found for name, found in faults.items() if found} == {}


def test_a_phone_folds_each_view_and_shows_labels(visit: Visit) -> None:
    page = visit(demo.ADMIN, viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(CLERK)
    expect(box(page, "Add on Tags")).to_be_hidden()
    page.locator("summary", has_text="Tags").click()
    expect(box(page, "Add on Tags")).to_be_visible()
    label = page.locator("label", has=box(page, "Add on Tags"))
    assert label.inner_text() == "Add"
    label.click()
    expect(box(page, "Add on Tags")).to_be_checked()
    area = label.bounding_box()
    assert area is not None
    assert area["height"] >= 44
    assert scroll_width(page) == PHONE["width"]
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(box(page, "Add on Products")).to_be_visible()
    expect(box(page, "Add on Tags")).to_be_checked()
    assert page.locator(".ab-grants details").count() == 0


def test_a_phone_without_scripts_shows_every_label(visit: Visit) -> None:
    page = visit(demo.ADMIN, viewport=PHONE, java_script_enabled=False)
    page.goto(CLERK)
    expect(box(page, "Add on Tags")).to_be_visible()
    assert page.locator("label", has=box(page, "Add on Tags")).inner_text() == "Add"
    assert scroll_width(page) == PHONE["width"]


def test_the_head_and_the_first_column_stay_in_sight(page: Page) -> None:
    page.goto(CLERK)
    page.mouse.wheel(0, 600)
    page.wait_for_function("scrollY > 300")
    for head in (page.get_by_role("columnheader", name="List"), page.get_by_role("columnheader", name="View")):
        expect(head).to_be_in_viewport()
    header = page.get_by_role("banner").bounding_box()
    place = page.get_by_role("columnheader", name="List").bounding_box()
    assert header is not None
    assert place is not None
    assert abs(place["y"] - header["height"]) <= 1
    target = page.locator("label", has=box(page, "List on Countries")).bounding_box()
    assert target is not None
    assert min(target["width"], target["height"]) >= 28


def test_thousands_of_ticks_stay_usable(page: Page, site: Site) -> None:
    with site.app.app_context():
        security = site.app.extensions["appbuilder_lite"]["appbuilder"].sm
        names = [f"can_{name}" for name in ("list", "show", "add", "edit", "delete")]
        for number in range(600):
            security.add_permissions_view(names, f"Large{number}View", commit=False)
        security.session.commit()
    page.goto(CLERK)
    expect(box(page, "Edit on Large599View")).not_to_be_checked()
    box(page, "Everything").click()
    expect(box(page, "Edit on Large599View")).to_be_checked()
    page.get_by_role("searchbox").fill("large599")
    expect(shown_rows(page)).to_have_text(["Large599View"])
    save(page)
    page.goto(f"{CLERK}?search=large599")
    expect(box(page, "Edit on Large599View")).to_be_checked()
