"""Rows in a form: further ones, another order and removed ones, with scripts and without them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from example_app import demo
from tests.browser.conftest import Visit
from tests.browser.loading import follow, wait_for_script
from tests.browser.served import Site, serve

EDIT = "/admin/orderview/edit/1"
ADD = "/admin/orderview/add"
PHONE: Any = {"width": 390, "height": 844}


@pytest.fixture
def site(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A shop in which products are chosen from a select, also in rows."""
    monkeypatch.setattr("appbuilder_lite.resource.inline_resource.MOST_OPTIONS", 1_000_000)
    with serve(filled, tmp_path, APPBUILDER_CHOICES_LIMIT=10_000) as found:
        yield found


def group(page: Page) -> Locator:
    return page.locator("fieldset.ab-rows")


def rows(page: Page) -> Locator:
    return page.locator("fieldset.ab-rows > .ab-row")


def quantities(page: Page) -> list[str]:
    found = rows(page).get_by_label("Quantity")
    return [found.nth(place).input_value() for place in range(found.count())]


@pytest.fixture(params=[True, False], ids=["scripts", "plain"])
def page(request: pytest.FixtureRequest, visit: Visit) -> Page:
    return visit(demo.ADMIN, java_script_enabled=request.param)


def test_another_row_is_added_filled_and_saved(page: Page) -> None:
    page.goto(EDIT)
    before = rows(page).count()
    page.get_by_label("Note").fill("typed before")
    rows(page).last.get_by_label("Quantity").fill("4")
    group(page).get_by_role("button", name="Add another line").click()
    expect(rows(page)).to_have_count(before + 1)
    expect(page.get_by_label("Note")).to_have_value("typed before")
    assert quantities(page)[-2] == "4"
    rows(page).nth(before - 1).get_by_label("Remove").check()
    added = rows(page).last
    added.get_by_label("Product").select_option(index=3)
    added.get_by_label("Quantity").fill("7")
    added.get_by_label("Unit price").fill("2.50")
    follow(page.get_by_role("button", name="Save", exact=True).last)
    page.goto(EDIT)
    assert "7" in quantities(page)
    assert "4" not in quantities(page)


def test_a_row_is_removed(page: Page) -> None:
    page.goto(EDIT)
    before = rows(page).count()
    rows(page).first.get_by_label("Remove").check()
    follow(page.get_by_role("button", name="Save", exact=True).last)
    page.goto(EDIT)
    expect(rows(page)).to_have_count(before - 1)


def test_a_script_adds_a_row_without_asking_the_server_and_goes_into_it(visit: Visit) -> None:
    page = visit(demo.ADMIN)
    page.goto(EDIT)
    count = rows(page).count()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.resource_type))
    page.locator("fieldset.ab-rows > button[name=_add_row]").focus()
    # Whoever is faster than the script has the row from the server.
    wait_for_script(page, "inlines.js")
    page.keyboard.press("Enter")
    expect(rows(page)).to_have_count(count + 1)
    assert not {"document", "fetch", "xhr"} & set(asked)
    expect(rows(page).last.get_by_label("Product")).to_be_focused()
    assert page.title().startswith("●")
    ids = page.evaluate("() => [...document.querySelectorAll('[id]')].map(element => element.id)")
    assert len(ids) == len(set(ids))


def test_enter_in_a_row_saves_and_adds_none(page: Page) -> None:
    page.goto(EDIT)
    rows(page).first.get_by_label("Quantity").fill("3")
    rows(page).first.get_by_label("Quantity").press("Enter")
    expect(page).not_to_have_url(EDIT)
    page.goto(EDIT)
    assert quantities(page)[0] == "3"


@pytest.mark.parametrize("size", [{"width": 1280, "height": 800}, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault_in_rows_with_faults(visit: Visit, size: Any, scheme: Any) -> None:
    page = visit(demo.ADMIN, viewport=size, color_scheme=scheme)
    page.goto(EDIT)
    group(page).get_by_role("button", name="Add another line").click()
    rows(page).first.get_by_label("Quantity").fill("0")
    rows(page).last.get_by_label("Quantity").fill("5")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert [fault["id"] for fault in Axe().run(page).response["violations"]] == []
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0


def test_rows_are_added_in_a_form_that_stands_in_a_dialog(visit: Visit) -> None:
    page = visit(demo.ADMIN)
    page.goto("/admin/orderitemview/add")
    page.get_by_role("link", name="New order").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".ab-row").first).to_be_visible()
    count = dialog.locator("fieldset > .ab-row").count()
    dialog.get_by_role("button", name="Add another line").click()
    expect(dialog.locator("fieldset > .ab-row")).to_have_count(count + 1)
    expect(dialog).to_be_visible()
