"""Tabs of a form and of a record: a tab list for keys and readers, and one page with links without scripts."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from example_app import demo
from tests.browser.conftest import Visit

EDIT, ADD, SHOW = (f"/admin/employeeview/{page}" for page in ("edit/1", "add", "show/1"))


def expect_open(page: Page, name: str) -> None:
    expect(page.get_by_role("tab", selected=True)).to_contain_text(name)
    expect(page.get_by_role("tabpanel")).to_have_count(1)
    expect(page.get_by_role("tabpanel")).to_have_accessible_name(re.compile(name))


@pytest.mark.parametrize("path", [EDIT, SHOW])
def test_arrows_move_between_tabs(page: Page, path: str) -> None:
    page.goto(path)
    expect_open(page, "Person")
    page.get_by_role("tab", name="Person").focus()
    for key, name in [("ArrowRight", "Work"), ("ArrowRight", "Pay"), ("ArrowRight", "Person"), ("ArrowLeft", "Pay")]:
        page.keyboard.press(key)
        expect_open(page, name)
        expect(page.get_by_role("tab", name=name)).to_be_focused()
    page.keyboard.press("Home")
    expect_open(page, "Person")
    page.keyboard.press("End")
    expect_open(page, "Pay")
    assert Axe().run(page).response["violations"] == []


def test_the_tab_stays_after_save_and_continue(page: Page) -> None:
    page.goto(EDIT)
    page.get_by_role("tab", name="Work").click()
    page.get_by_label("Job title").fill("Baker")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("Saved Agnès Andersen")).to_be_visible()
    expect_open(page, "Work")
    expect(page.get_by_label("Job title")).to_have_value("Baker")
    page.reload()
    expect_open(page, "Work")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page).to_have_url(re.compile("/list/$"))


def test_a_tab_with_faults_opens_first_and_a_link_to_a_field_opens_its_tab(page: Page) -> None:
    page.goto(EDIT)
    page.locator("form.ab-form").evaluate("form => { form.noValidate = true; }")
    page.get_by_label("First name").fill("")
    page.get_by_role("tab", name="Pay").click()
    page.get_by_label("Salary").fill("")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_role("tab", name="Person (1 fault)")).to_have_attribute("aria-selected", "true")
    page.get_by_role("alert").get_by_role("link", name=re.compile("Salary")).click()
    expect_open(page, "Pay")
    expect(page.get_by_label("Salary")).to_be_focused()


def test_a_native_check_opens_the_tab_of_its_field(page: Page) -> None:
    page.goto(ADD)
    for label in ("Staff number", "First name", "Last name"):
        page.get_by_label(label).fill("x")
    page.get_by_role("button", name="Save", exact=True).click()
    expect_open(page, "Work")
    expect(page.get_by_label("Job title")).to_be_focused()


@pytest.mark.parametrize("path", [EDIT, SHOW])
def test_without_scripts_everything_is_there_with_links_to_it(visit: Visit, path: str) -> None:
    page = visit(demo.ADMIN, java_script_enabled=False)
    page.goto(path)
    expect(page.get_by_text("Salary").first).to_be_visible()
    expect(page.get_by_role("heading", name="Work")).to_be_visible()
    page.get_by_role("link", name="Pay", exact=True).click()
    expect(page).to_have_url(re.compile("#part-3$"))
