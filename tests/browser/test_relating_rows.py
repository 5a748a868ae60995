"""From a row of a form to the records that it points to: in a dialog with scripts, in a tab without them."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from example_app import demo
from tests.browser.conftest import Visit
from tests.browser.loading import follow, wait_for_script
from tests.browser.served import Site

EDIT = "/admin/orderview/edit/1"
PHONE: Any = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def site(limited_site: Site) -> Site:
    return limited_site


def rows(page: Page) -> Locator:
    return page.locator("fieldset.ab-rows > .ab-row")


def sent(page: Page, number: int) -> list[str]:
    """What the form would send for the product of a row."""
    script = "(form, name) => new FormData(form).getAll(name)"
    return list(page.locator("main form.ab-form").evaluate(script, f"_rows-items-{number}-product"))


def product_of(row: Locator) -> str:
    """What the product of a row is called."""
    script = "row => row.querySelector('[data-relation]').closest('.ab-field')"
    script += ".querySelector('option:checked, :checked ~ label')?.textContent ?? ''"
    return str(row.evaluate(script))


def fill_product(form: Any, name: str) -> None:
    """Type a product that is among the choices of a line."""
    form.get_by_label("Name", exact=True).fill(name)
    form.get_by_label("SKU").fill("ZZ-9000")
    form.get_by_label("Published").check()
    form.get_by_label("Released On").fill("2024-01-31")
    category = form.locator(".ab-field:has([name^=category])").first
    if category.locator("select").count():
        category.locator("select").select_option(index=1)
    elif category.get_by_role("combobox").count():
        category.get_by_role("combobox").focus()
        expect(category.get_by_role("option").first).to_be_visible()
        category.get_by_role("combobox").press("ArrowDown")
        category.get_by_role("combobox").press("Enter")
    else:
        category.get_by_role("button", name="Find").click()
        form.locator(".ab-field:has([name^=category]) input[name=category]:not([value=''])").first.check()
    form.get_by_label("Price", exact=True).fill("5")
    form.get_by_label("Cost").fill("2")


def opened(row: Locator, words: str) -> Locator:
    """The dialog that a link of a row opens."""
    row.get_by_role("link", name=words).click()
    found = row.page.get_by_role("dialog")
    expect(found).to_be_visible()
    return found


def save(dialog: Locator) -> None:
    dialog.get_by_role("button", name="Save").click()


def test_a_new_record_is_added_from_a_row_that_a_script_made_and_every_row_offers_it(page: Page, limit: int) -> None:
    page.goto(EDIT)
    rows(page).first.get_by_label("Quantity").fill("4")
    more = page.locator("fieldset.ab-rows > button[name=_add_row]")
    more.focus()
    wait_for_script(page, "inlines.js")
    more.click()
    number = rows(page).count() - 1
    row = rows(page).nth(number)
    expect(row.get_by_role("link", name="Edit product")).to_be_hidden()
    if limit == 3:
        # What the field offers lies over the links until it is closed.
        expect(row.get_by_role("option").first).to_be_visible()
        page.keyboard.press("Escape")
    dialog = opened(row, "New product")
    fill_product(dialog, "Zoe's Zither")
    save(dialog)
    expect(row.get_by_role("status").last).to_have_text("Added Zoe's Zither")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert product_of(row) == "Zoe's Zither"
    (key,) = sent(page, number)
    expect(row.get_by_role("link", name="Edit product")).to_have_attribute("href", re.compile(f"/edit/{key}\\?"))
    expect(rows(page).first.get_by_label("Quantity")).to_have_value("4")
    assert page.title().startswith("●")
    more.click()
    if limit == 100:
        for other in (rows(page).first, rows(page).last):
            expect(other.locator("option", has_text="Zoe's Zither")).to_have_count(1)
    ids = page.evaluate("() => [...document.querySelectorAll('[id]')].map(element => element.id)")
    assert len(ids) == len(set(ids))
    row.get_by_label("Unit price").fill("5")
    page.keyboard.press("Control+s")
    expect(page.get_by_text(re.compile("^Saved SO-"))).to_be_visible()
    page.goto(EDIT)
    assert "Zoe's Zither" in [product_of(rows(page).nth(place)) for place in range(number)]


def test_the_record_of_a_row_is_edited_and_all_rows_show_its_new_name(page: Page) -> None:
    page.goto(EDIT)
    before = sent(page, 0)
    dialog = opened(rows(page).first, "Edit product")
    dialog.get_by_label("Name", exact=True).fill("Zoe's Zither")
    save(dialog)
    expect(rows(page).first.get_by_role("status").last).to_have_text("Saved Zoe's Zither")
    assert product_of(rows(page).first) == "Zoe's Zither"
    assert sent(page, 0) == before
    expect(page.locator("fieldset.ab-rows [role=status]", has_text="Saved")).to_have_count(1)


@pytest.mark.parametrize("limit", [3], indirect=True)
def test_nothing_of_that_name_can_be_made_from_a_row(page: Page) -> None:
    page.goto(EDIT)
    row = rows(page).last
    box = row.get_by_role("combobox", name="Product: search")
    box.focus()
    page.keyboard.type("Zoe's Zither")
    expect(page.get_by_role("option", name="Create “Zoe's Zither”")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Name", exact=True)).to_have_value("Zoe's Zither")
    fill_product(dialog, "Zoe's Zither")
    save(dialog)
    expect(box).to_have_value("Zoe's Zither")
    expect(box).to_be_focused()


@pytest.mark.parametrize("limit", [100], indirect=True)
def test_the_link_of_a_row_follows_its_choice_alone(page: Page) -> None:
    page.goto(EDIT)
    select, other = rows(page).nth(1).locator("select"), rows(page).first.get_by_role("link", name="Edit product")
    before = other.get_attribute("href")
    select.focus()
    wait_for_script(page, "relation.js")
    select.select_option(index=3)
    link = rows(page).nth(1).get_by_role("link", name="Edit product")
    expect(link).to_have_attribute("href", re.compile(f"/edit/{select.input_value()}\\?"))
    assert other.get_attribute("href") == before


def test_without_scripts_a_tab_adds_and_a_button_of_the_rows_brings_the_choices(visit: Visit, limit: int) -> None:
    page = visit(demo.ADMIN, java_script_enabled=False)
    page.goto(EDIT)
    page.get_by_label("Note").fill("typed before")
    row = rows(page).last
    row.get_by_label("Quantity").fill("6")
    with page.context.expect_page() as found:
        row.get_by_role("link", name="New product").click()
    tab = found.value
    fill_product(tab, "Zoe's Zither")
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_text("Close this tab, and press “Update choices”")).to_be_visible()
    tab.close()
    if limit == 100:
        follow(page.locator("fieldset.ab-rows > noscript").get_by_role("button", name="Update choices"))
        row.locator("select").select_option(label="Zoe's Zither")
    else:
        row.get_by_role("searchbox").fill("Zither")
        follow(row.get_by_role("button", name="Find"))
        row.get_by_label("Zoe's Zither").check()
    expect(page.get_by_label("Note")).to_have_value("typed before")
    expect(row.get_by_label("Quantity")).to_have_value("6")
    row.get_by_label("Unit price").fill("5")
    follow(page.get_by_role("button", name="Save", exact=True).last)
    page.goto(EDIT)
    row = page.locator("fieldset.ab-rows > .ab-row", has=page.locator("[name$=-quantity][value='6']"))
    assert product_of(row) == "Zoe's Zither"


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desktop", "phone"])
def test_the_links_of_rows_fit_and_have_names(visit: Visit, options: Any) -> None:
    page = visit(demo.ADMIN, **options)
    page.goto(EDIT)
    least = 44 if options else 24
    for words in ("New product", "Edit product"):
        link = rows(page).first.get_by_role("link", name=words, exact=True)
        expect(link).to_be_visible()
        box = link.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= least
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0
    assert [fault["id"] for fault in Axe().run(page).response["violations"]] == []
    dialog = opened(rows(page).first, "New product")
    box = dialog.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= page.evaluate("() => innerWidth")


@pytest.mark.parametrize("limit", [100], indirect=True)
def test_rows_in_a_dialog_lead_to_tabs(page: Page) -> None:
    page.goto("/admin/orderitemview/add")
    page.locator("[data-relation=order]").get_by_role("link", name="New order").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Number").fill("SO-900009")
    with page.context.expect_page() as found:
        dialog.locator(".ab-row").first.get_by_role("link", name="New product").click()
    expect(found.value).to_have_url(re.compile("/productview/add[?]_related=1$"))
    found.value.close()
    dialog.get_by_role("button", name="Update choices").last.click()
    expect(dialog.get_by_label("Number")).to_have_value("SO-900009")
