"""Fields that look for records: a combobox with scripts, a button that brings the form back without them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from example_app import demo
from tests.browser.conftest import Visit
from tests.browser.loading import follow
from tests.browser.served import Site, serve

ADD = "/admin/orderview/add"
EDIT = "/admin/orderview/edit/1"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def site(filled: Path, tmp_path: Path) -> Iterator[Site]:
    """A shop in which more than a few records are looked for."""
    with serve(filled, tmp_path, APPBUILDER_CHOICES_LIMIT=3) as found:
        yield found


def field(page: Page, path: str, name: str = "Customer") -> Locator:
    """The combobox of a form, ready to be typed in."""
    page.goto(path)
    found = page.get_by_role("combobox", name=f"{name}: search")
    expect(found).to_be_visible()
    return found


def options(page: Page) -> Locator:
    """What a combobox offers at the moment; a select has options too."""
    return page.locator(".ab-look-up-list [role=option]")


def sent(page: Page, name: str = "customer") -> list[str]:
    """What the form would send for a field."""
    script = "(form, name) => new FormData(form).getAll(name)"
    return list(page.locator("form.ab-form").evaluate(script, name))


def test_a_record_is_found_and_chosen_by_keys_alone(page: Page) -> None:
    box = field(page, ADD)
    box.focus()
    page.keyboard.type("an")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    name = options(page).nth(1).inner_text()
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", re.compile("-1$"))
    page.keyboard.press("Enter")
    expect(box).to_have_value(name)
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(options(page)).to_have_count(0)
    assert len(sent(page)) == 1
    assert page.url.endswith(ADD)


def test_what_is_chosen_stays_where_words_are_left_or_given_up(page: Page) -> None:
    box = field(page, EDIT)
    name, before = box.input_value(), sent(page)
    assert name
    box.fill("nobody of this name")
    expect(page.get_by_text("No record matches.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(box).to_have_value(name)
    box.fill("an")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("Tab")
    expect(box).to_have_value(name)
    expect(options(page)).to_have_count(0)
    assert sent(page) == before


def test_a_click_shows_what_there_is_and_further_ones(page: Page) -> None:
    box = field(page, EDIT)
    box.click()
    expect(options(page)).to_have_count(21)
    options(page).last.click()
    expect(options(page).nth(22)).to_be_visible()
    options(page).nth(22).click()
    expect(box).not_to_have_value("")
    assert len(sent(page)) == 1


def test_what_may_be_left_out_is_emptied(page: Page) -> None:
    box = field(page, EDIT, "Sold By")
    box.click()
    options(page).first.click()
    assert sent(page, "sold_by") != [""]
    box.fill("")
    page.keyboard.press("Tab")
    assert sent(page, "sold_by") == [""]


def test_several_are_added_one_after_the_other(page: Page) -> None:
    box = field(page, "/admin/productview/edit/1", "Tags")
    chosen = page.get_by_role("group", name="Tags", exact=True).get_by_role("checkbox", checked=True)
    before = chosen.count()
    box.click()
    expect(options(page).first).to_be_visible()
    names = options(page).all_inner_texts()
    known = page.get_by_role("group", name="Tags", exact=True).locator("label").all_inner_texts()
    new = next(name for name in names if name not in known)
    options(page).filter(has_text=re.compile(f"^{re.escape(new)}$")).click()
    expect(box).to_have_value("")
    expect(chosen).to_have_count(before + 1)
    follow(page.get_by_role("button", name="Save", exact=True))
    page.goto("/admin/productview/edit/1")
    expect(chosen).to_have_count(before + 1)


def test_a_filter_looks_for_its_record_in_the_drawer(page: Page) -> None:
    page.goto("/admin/orderview/list/")
    page.get_by_role("link", name="Filter", exact=True).click()
    box = page.get_by_role("combobox", name="Customer: search")
    box.fill("an")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    name = options(page).first.inner_text()
    box.press("Escape")
    expect(page.locator("dialog[open]")).to_be_visible()
    box.fill(name)
    expect(options(page)).to_have_count(1)
    box.press("Enter")
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile(r"/list/\?customer__eq=\d+$"))
    expect(page.get_by_text(f"Customer: {name}").first).to_be_visible()


def test_without_scripts_the_form_comes_back_with_what_was_found(visit: Visit) -> None:
    page = visit(demo.ADMIN, java_script_enabled=False)
    page.goto(ADD)
    page.get_by_label("Number").fill("SO-900002")
    page.get_by_label("Customer: search").fill("an")
    group = page.get_by_role("group", name="Customer", exact=True)
    group.get_by_role("button", name="Find").click()
    expect(page.get_by_label("Number")).to_have_value("SO-900002")
    group.get_by_role("radio").nth(1).check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Added")


def test_enter_in_another_field_saves_without_scripts(visit: Visit) -> None:
    page = visit(demo.ADMIN, java_script_enabled=False)
    page.goto(EDIT)
    page.get_by_label("Number").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Saved")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("options_", [{}, PHONE], ids=["desktop", "phone"])
def test_an_open_look_up_has_no_fault_and_stays_inside_of_the_page(
    visit: Visit, scheme: str, options_: dict[str, Any]
) -> None:
    page = visit(demo.ADMIN, color_scheme=scheme, **options_)
    field(page, EDIT).click()
    expect(options(page).first).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
