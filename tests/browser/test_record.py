"""Forms, records and the questions before a delete: with scripts, without them, by keyboard, on a phone."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from example_app import demo
from tests.browser.conftest import Visit
from tests.browser.served import Site

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
PHONE = {"width": 390, "height": 844}
SHIPPABLE = "/admin/orderview/list/?search=SO-000119"


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def expect_heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)
    # The heading is there before the scripts are, and a key pressed meanwhile is pressed for nothing.
    page.wait_for_load_state()


@contextmanager
def expired(site: Site) -> Iterator[None]:
    """Every token is too old for as long as this lasts."""
    site.app.config["WTF_CSRF_TIME_LIMIT"] = -1
    try:
        yield
    finally:
        site.app.config["WTF_CSRF_TIME_LIMIT"] = 3600


# Forms


@SCRIPTS
def test_save_and_add_another_then_save_and_continue(visit: Visit, scripts: bool) -> None:
    page = visit(demo.ADMIN, java_script_enabled=scripts)
    page.goto("/admin/tagview/add")
    expect(page.get_by_label("Name")).to_be_focused()
    page.get_by_label("Name").fill("one")
    page.get_by_label("Colour").fill("#111111")
    page.get_by_role("button", name="Save and add another").click()
    expect(page.get_by_role("status")).to_have_text("Added one")
    expect_heading(page, "New tag")
    expect(page.get_by_label("Name")).to_have_value("")
    page.get_by_label("Name").fill("two")
    page.get_by_label("Colour").fill("#222222")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_role("status")).to_have_text("Added two")
    expect_heading(page, "two")
    expect(page.get_by_label("Colour")).to_have_value("#222222")


@pytest.mark.parametrize("keys", ["ControlOrMeta+s", "ControlOrMeta+Enter"])
def test_keys_save(page: Page, keys: str) -> None:
    page.goto("/admin/tagview/edit/1")
    page.get_by_label("Name").fill("by keys")
    page.keyboard.press(keys)
    expect(page.get_by_role("status")).to_have_text("Saved by keys")


def test_a_changed_form_has_a_dot_in_its_title_and_a_tool_of_the_page_makes_none(page: Page) -> None:
    page.goto("/admin/productview/edit/1")
    expect(page).to_have_title(re.compile("^Classic"))
    page.get_by_role("searchbox", name="Search the choices").press_sequentially("v")
    expect(page).to_have_title(re.compile("^Classic"))
    page.get_by_label("Summary").press_sequentially("x")
    expect(page).to_have_title(re.compile("^● Classic"))


def test_what_came_back_with_faults_counts_as_changed(page: Page) -> None:
    page.goto("/admin/tagview/edit/1")
    page.get_by_label("Colour").fill("blue")
    save(page)
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page).to_have_title(re.compile("^● "))


def test_a_long_checklist_is_searched_and_counted(page: Page) -> None:
    page.goto("/admin/productview/edit/1")
    choices = page.get_by_role("group", name="Tags")
    before = choices.get_by_role("checkbox", checked=True).count()
    expect(choices.get_by_role("status").first).to_have_text(f"{before} chosen")
    search = choices.get_by_role("searchbox")
    search.fill("hand made".replace(" ", ""))
    expect(choices.get_by_role("checkbox")).to_have_count(1)
    search.press("Enter")
    expect(page).to_have_url(re.compile("/edit/1$"))
    choices.get_by_label("handmade").check()
    expect(choices.get_by_role("status").first).to_have_text(f"{before + 1} chosen")
    search.fill("nothing of that name")
    expect(choices.get_by_text("No choice matches.")).to_be_visible()
    search.fill("")
    save(page)
    page.goto("/admin/productview/show/1")
    expect(page.get_by_role("main")).to_contain_text("handmade")


def test_without_scripts_there_is_nothing_that_needs_them(visit: Visit) -> None:
    page = visit(demo.ADMIN, java_script_enabled=False)
    page.goto("/admin/productview/edit/1")
    expect(page.get_by_role("searchbox", name="Search the choices")).to_have_count(0)
    page.get_by_label("handmade").check()
    save(page)
    page.goto("/admin/productview/show/1")
    expect(page.get_by_role("main")).to_contain_text("handmade")
    page.goto("/admin/resetmypassword/form")
    expect(page.get_by_role("button", name="Show")).to_have_count(0)


def test_a_password_is_shown_while_it_is_typed(page: Page) -> None:
    page.goto("/admin/resetmypassword/form")
    field = page.get_by_label("Current password")
    field.fill("not this one")
    page.get_by_role("button", name="Show").first.click()
    expect(field).to_have_attribute("type", "text")
    page.get_by_role("button", name="Hide").click()
    expect(field).to_have_attribute("type", "password")


def test_switches_and_radios_work_by_keyboard(page: Page) -> None:
    page.goto("/admin/orderview/edit/1")
    page.get_by_role("radio", name="Delivered").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Cancelled")).to_be_checked()
    gift = page.get_by_role("checkbox", name="Gift")
    was = gift.is_checked()
    gift.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ControlOrMeta+s")
    expect(page.get_by_role("status")).to_have_text("Saved SO-000001")
    page.goto("/admin/orderview/show/1")
    expect(page.get_by_role("main")).to_contain_text("Cancelled")
    page.goto("/admin/orderview/edit/1")
    assert gift.is_checked() is not was


def test_on_a_phone_save_is_wide_and_in_reach_and_the_rest_follows(visit: Visit) -> None:
    page = visit(demo.ADMIN, viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto("/admin/productview/edit/1")
    button = page.get_by_role("button", name="Save", exact=True)
    box = button.bounding_box()
    assert box is not None
    assert box["width"] > 340
    assert PHONE["height"] - 80 < box["y"] + box["height"] <= PHONE["height"]
    for name in ("Save and add another", "Save and continue editing"):
        expect(page.get_by_role("button", name=name)).not_to_be_in_viewport()
    page.get_by_role("link", name="Delete").scroll_into_view_if_needed()
    expect(page.get_by_role("link", name="Cancel")).to_be_in_viewport()
    page.get_by_role("button", name="Save and continue editing").tap()
    expect(page.get_by_text("Saved Classic Frying Pan")).to_be_visible()


@SCRIPTS
def test_an_expired_form_comes_back_and_is_sent_again(visit: Visit, site: Site, scripts: bool) -> None:
    page = visit(demo.ADMIN, java_script_enabled=scripts)
    page.goto("/admin/tagview/add")
    page.get_by_label("Name").fill("kept")
    page.get_by_label("Colour").fill("#123456")
    with expired(site):
        save(page)
        expect(page.get_by_role("alert")).to_contain_text("open for too long")
    expect(page.get_by_label("Name")).to_have_value("kept")
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_role("status")).to_have_text("Added kept")


# The question before a delete, and before an action


def test_a_delete_is_asked_in_a_dialog_and_nothing_is_lost_by_closing_it(page: Page) -> None:
    for path in ("/admin/tagview/show/1", "/admin/tagview/edit/1"):
        page.goto(path)
        link = page.get_by_role("main").get_by_role("link", name="Delete", exact=True)
        link.focus()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog", name=re.compile("^Delete “"))
        expect(dialog.get_by_role("link", name="Cancel")).to_be_focused()
        assert page.get_by_role("heading", level=1, include_hidden=True).count() == 1
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(link).to_be_focused()
        page.keyboard.press("Enter")
        dialog.get_by_role("link", name="Cancel").click()
        expect(dialog).to_have_count(0)
        expect(link).to_be_focused()
        expect(page).to_have_url(re.compile(f"{path}$"))


def test_a_delete_by_dialog_deletes(page: Page) -> None:
    page.goto("/admin/tagview/show/1")
    name = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("main").get_by_role("link", name="Delete", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Delete tag").click()
    expect(page.get_by_role("status")).to_have_text(f"Deleted {name}")
    expect_heading(page, "Tags")


def test_a_link_that_is_opened_in_a_tab_is_left_alone(page: Page) -> None:
    page.goto("/admin/tagview/show/1")
    with page.context.expect_page() as opened:
        page.get_by_role("main").get_by_role("link", name="Delete", exact=True).click(modifiers=["ControlOrMeta"])
    opened.value.close()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_where_the_question_is_not_what_comes_its_page_opens(page: Page) -> None:
    page.goto("/admin/tagview/show/1")
    page.context.clear_cookies()
    page.get_by_role("main").get_by_role("link", name="Delete", exact=True).click()
    expect(page).to_have_url(re.compile(r"/login\?next="))


def test_an_action_asks_in_a_dialog_and_runs_once(page: Page) -> None:
    page.goto(SHIPPABLE)
    page.get_by_role("checkbox", name="SO-000119").check()
    button = page.get_by_role("button", name="Mark as shipped")
    button.click()
    dialog = page.get_by_role("dialog", name="Mark as shipped")
    expect(dialog).to_contain_text("1 record")
    dialog.get_by_role("link", name="Cancel").click()
    expect(button).to_be_focused()
    expect(page.get_by_role("checkbox", name="SO-000119")).to_be_checked()
    button.click()
    dialog.get_by_role("button", name="Mark as shipped").click()
    expect(page.get_by_role("status").first).to_have_text("Shipped: SO-000119")


def test_an_action_on_one_record_asks_in_a_dialog(page: Page) -> None:
    page.goto(SHIPPABLE)
    page.get_by_role("link", name="SO-000119", exact=True).click()
    expect_heading(page, "SO-000119")
    page.get_by_role("button", name="Mark as shipped").click()
    page.get_by_role("dialog").get_by_role("button", name="Mark as shipped").click()
    expect(page.get_by_role("status").first).to_have_text("Shipped: SO-000119")


# What else can be done with a record


@SCRIPTS
def test_on_a_narrow_page_it_is_in_a_menu_beside_edit(visit: Visit, scripts: bool) -> None:
    page = visit(demo.ADMIN, viewport=PHONE, has_touch=True, is_mobile=True, java_script_enabled=scripts)
    page.goto(SHIPPABLE)
    page.get_by_role("link", name="SO-000119", exact=True).tap()
    expect_heading(page, "SO-000119")
    expect(page.get_by_role("link", name="Edit", exact=True)).to_be_visible()
    menu = page.get_by_role("button", name="More actions", exact=True)
    box = menu.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    ship = page.get_by_role("button", name="Mark as shipped")
    expect(ship).to_have_count(0)
    menu.tap()
    assert page.locator("#record-more").get_by_text(re.compile(".")).all_inner_texts() == [
        "Duplicate",
        "Mark as shipped",
        "Delete",
    ]
    ship.tap()
    page.locator("form[data-question]").get_by_role("button", name="Mark as shipped").tap()
    expect(page.get_by_role("status").first).to_have_text("Shipped: SO-000119")


def test_a_question_that_the_menu_asked_gives_the_focus_back_to_it(visit: Visit) -> None:
    page = visit(demo.ADMIN, viewport=PHONE)
    page.goto("/admin/tagview/show/1")
    menu = page.get_by_role("button", name="More actions", exact=True)
    menu.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Duplicate")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Delete")).to_be_focused()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=re.compile("^Delete “"))
    expect(dialog.get_by_role("link", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()


def test_where_there_is_room_two_things_stand_beside_edit(page: Page) -> None:
    page.goto(SHIPPABLE)
    page.get_by_role("link", name="SO-000119", exact=True).click()
    expect(page.get_by_role("button", name="Mark as shipped")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="Delete", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="More actions", exact=True)).to_have_count(0)


# How it looks to a machine


@pytest.mark.parametrize("size", [{"width": 1280, "height": 800}, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault_in_what_is_there_for_a_moment(
    visit: Visit, site: Site, size: dict[str, int], scheme: str
) -> None:
    page = visit(demo.ADMIN, viewport=size, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    faults = {}
    page.goto("/admin/tagview/list/")
    page.get_by_role("rowheader").first.get_by_role("link").click()
    menu = page.get_by_role("button", name="More actions", exact=True)
    if size == PHONE:
        menu.click()
        faults["menu"] = violations(page)
    faults["neighbours"] = violations(page)
    page.get_by_role("main").get_by_role("link", name="Delete", exact=True).click()
    page.get_by_role("dialog").wait_for()
    faults["dialog"] = violations(page)
    page.goto("/admin/tagview/edit/1")
    with expired(site):
        save(page)
        page.get_by_role("alert").wait_for()
    faults["expired"] = violations(page)
    page.goto("/admin/tagview/show/999")
    faults["missing"] = violations(page)
    page.goto("/admin/tagview/list/?page=x")
    faults["unclear"] = violations(page)
    assert {name: found for name, found in faults.items() if found} == {}


def violations(page: Page) -> list[str]:
    return [str(fault["id"]) for fault in Axe().run(page).response["violations"]]
