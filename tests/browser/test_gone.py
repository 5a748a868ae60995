"""A record that is deleted while its form is open: what was typed comes back, on a page and in a dialog."""

import sqlite3

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.chromium import Watch
from tests.browser.served import Site

EDIT = "/admin/customerview/edit/1"
GONE = "This record is no longer there"


def lose(site: Site, key: int) -> None:
    """Somebody else deletes a customer."""
    with sqlite3.connect(site.file) as database:
        database.execute("DELETE FROM customer WHERE id = ?", (key,))
    database.close()


def test_what_was_typed_is_saved_as_a_new_record(page: Page, site: Site, watch: Watch) -> None:
    watch.meant.add((409, EDIT))
    page.goto(EDIT)
    page.get_by_label("Name").fill("Zoe Zebra")
    page.get_by_label("Email").fill("zoe@example.org")
    lose(site, 1)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(GONE)
    expect(page.get_by_role("link", name="Back to Customers")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="Save as a new record").click()
    expect(page.get_by_text("Added Zoe Zebra")).to_be_visible()


def test_a_form_in_a_dialog_becomes_that_of_a_new_record_which_is_chosen(page: Page, site: Site, watch: Watch) -> None:
    page.goto("/admin/orderview/edit/1")
    page.locator("[data-relation=customer]").get_by_role("link", name="Edit customer").click()
    dialog = page.get_by_role("dialog")
    path = str(dialog.locator("form").get_attribute("action"))
    watch.meant.add((409, path))
    dialog.get_by_label("Name").fill("Zoe Zebra")
    dialog.get_by_label("Email").fill("zoe@example.org")
    lose(site, int(path.rpartition("/")[2]))
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text(GONE)
    expect(dialog.get_by_label("Name")).to_have_value("Zoe Zebra")
    dialog.get_by_role("button", name="Save as a new record").click()
    expect(page.locator("[data-relation=customer] [role=status]")).to_contain_text("Added Zoe Zebra")
    expect(dialog).to_have_count(0)
