"""What the question before a delete tells of others, and the way back to the list: with scripts and without them."""

import re

import pytest
from playwright.sync_api import expect

from example_app import demo
from tests.browser.conftest import Visit

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


@SCRIPTS
def test_what_keeps_a_record_is_told_and_led_to(visit: Visit, scripts: bool) -> None:
    page = visit(demo.ADMIN, java_script_enabled=scripts)
    page.goto("/admin/categoryview/show/1")
    page.get_by_role("main").get_by_role("link", name="Delete", exact=True).click()
    question = page.locator("form[data-question]")
    expect(question.get_by_role("heading", name="It cannot be deleted because of these")).to_be_visible()
    expect(question.get_by_role("button")).to_have_count(0)
    expect(question.get_by_role("link", name="Cancel")).to_be_focused()
    question.get_by_role("link", name="Show all in Categories").click()
    expect(page).to_have_url(re.compile(r"/admin/categoryview/list/\?parent__eq=1$"))


@SCRIPTS
def test_the_list_comes_back_as_it_was_left(visit: Visit, scripts: bool) -> None:
    page = visit(demo.ADMIN, java_script_enabled=scripts)
    page.goto("/admin/tagview/list/?search=e&sort=-name")
    page.locator("tbody [name=rowid]").first.check()
    page.get_by_role("group", name="Bulk actions").get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete tag").click()
    expect(page.get_by_role("status").filter(has_text="Deleted ")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/admin/tagview/list/\?search=e&sort=-name$"))
