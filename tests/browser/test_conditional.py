"""Fields that wait for others: they come and go with scripts, and say what they wait for without them."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from example_app import demo
from tests.browser.conftest import Visit

ADD, EDIT = "/admin/productview/add", "/admin/productview/edit/1"
HELP = "Only where Published is Yes"


def sent(page: Page) -> list[str]:
    """The names of what the form would send."""
    return list(page.locator("form.ab-form").evaluate("form => [...new FormData(form).keys()]"))


def test_a_field_is_there_only_while_its_condition_holds(page: Page) -> None:
    page.goto(ADD)
    field, box = page.get_by_label("Released on"), page.get_by_label("Published")
    expect(field).to_be_hidden()
    assert "released_on" not in sent(page)
    box.check()
    expect(field).to_be_visible()
    field.fill("2024-02-29")
    assert "released_on" in sent(page)
    box.uncheck()
    expect(field).to_be_hidden()
    assert "released_on" not in sent(page)
    box.check()
    expect(field).to_have_value("2024-02-29")
    expect(page.get_by_text(HELP)).to_have_count(0)
    assert Axe().run(page).response["violations"] == []


def test_a_field_that_goes_keeps_what_is_stored(page: Page) -> None:
    page.goto(EDIT)
    page.get_by_label("Published").check()
    page.get_by_label("Released on").fill("2024-02-29")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("Saved Classic")).to_be_visible()
    page.get_by_label("Published").uncheck()
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_label("Released on")).to_be_hidden()
    expect(page.get_by_text("Not saved")).to_have_count(0)
    page.get_by_label("Published").check()
    expect(page.get_by_label("Released on")).to_have_value("2024-02-29")


def test_a_field_that_is_required_where_it_is_asked_for_is_asked_for_by_the_browser_then_only(page: Page) -> None:
    page.goto(ADD)
    page.locator("[data-when]").evaluate("part => { part.dataset.required = ''; }")
    field = page.get_by_label("Released on")
    page.get_by_label("Published").check()
    expect(field).to_have_attribute("required", "")
    page.get_by_label("Published").uncheck()
    expect(page.locator("[name=released_on]")).not_to_have_attribute("required", "")


@pytest.mark.parametrize("path", [ADD, EDIT])
def test_without_scripts_every_field_is_there_and_says_what_it_waits_for(visit: Visit, path: str) -> None:
    page = visit(demo.ADMIN, java_script_enabled=False)
    page.goto(path)
    expect(page.get_by_label("Released on")).to_be_visible()
    expect(page.get_by_text(HELP)).to_be_visible()
