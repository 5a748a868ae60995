"""What belongs to a record, below it: tabs that open in place, and are links where scripts do not run."""

import re

from playwright.sync_api import Dialog, Locator, Page, expect

from example_app import demo
from tests.browser.conftest import Visit
from tests.browser.test_record import expect_heading

BELGIUM = "/admin/countryview/show/BE"


def tab(page: Page, name: str) -> Locator:
    return page.get_by_role("navigation", name="Related records").get_by_role("link", name=re.compile(f"^{name} \\("))


def below(page: Page) -> Locator:
    """The heading of the related view that is open."""
    return page.get_by_role("region", name="Related records").get_by_role("heading", level=2)


def test_another_tab_opens_in_place_and_the_back_button_brings_the_first_one_back(page: Page) -> None:
    page.goto(BELGIUM)
    page.evaluate("window.kept = true")
    customers = tab(page, "Customers")
    words = customers.inner_text()
    customers.focus()
    page.keyboard.press("Enter")
    expect(below(page)).to_have_text("Customers")
    expect(page).to_have_url(re.compile(r"/BE\?related=customerview#related$"))
    expect(tab(page, "Customers")).to_be_focused()
    expect(tab(page, "Customers")).to_have_attribute("aria-current", "true")
    expect(tab(page, "Stores")).not_to_have_attribute("aria-current", "true")
    count = words.partition("(")[2].rstrip(")")
    expect(page.get_by_role("status").filter(has_text=f"Customers: {count} records")).to_have_count(1)
    page.go_back()
    expect(below(page)).to_have_text("Stores")
    expect(page).to_have_url(re.compile("/BE$"))
    page.go_forward()
    expect(below(page)).to_have_text("Customers")
    assert page.evaluate("window.kept"), "it is the same page all the time"


def test_a_tab_has_an_address_of_its_own_without_scripts(visit: Visit) -> None:
    page = visit(demo.ADMIN, java_script_enabled=False)
    page.goto(BELGIUM)
    tab(page, "Customers").click()
    expect(page).to_have_url(re.compile(r"/BE\?related=customerview#related$"))
    expect(below(page)).to_have_text("Customers")
    expect(tab(page, "Customers")).to_have_attribute("aria-current", "true")
    page.get_by_role("link", name="Show all").click()
    expect(page).to_have_url(re.compile(r"/customerview/list/\?country__eq=BE$"))


def test_a_tab_that_does_not_come_can_be_tried_again(page: Page) -> None:
    # The console's line about the failed request is meant.
    other = page.context.new_page()
    other.goto(BELGIUM)
    seen = other.evaluate_handle("""() => {
      const related = document.querySelector("#related"), seen = [];
      new MutationObserver(() => seen.push(related.ariaBusy)).observe(related, {attributes: true});
      return seen;
    }""")
    other.route("**/BE?related=*", lambda route: route.abort())
    tab(other, "Customers").click()
    alert = other.get_by_role("alert")
    expect(alert).to_contain_text("could not be loaded")
    assert "true" in seen.json_value()
    other.unroute("**/BE?related=*")
    alert.get_by_role("link", name="Try again").click()
    expect(below(other)).to_have_text("Customers")


def test_after_the_session_has_ended_a_tab_leads_to_the_sign_in_page(page: Page) -> None:
    page.goto(BELGIUM)
    for name in ("Customers", "Stores"):
        tab(page, name).click()
        expect(below(page)).to_have_text(name)
    page.context.clear_cookies()
    page.go_back()
    expect(page).to_have_url(re.compile(r"/login\?next="))


def test_the_open_tab_of_many_is_in_sight(visit: Visit) -> None:
    # Two tabs do not fit into so narrow a page.
    width = 200
    page = visit(demo.ADMIN, viewport={"width": width, "height": 844})
    page.goto(BELGIUM)
    assert page.locator("#related .ab-tabs ul").evaluate("strip => strip.scrollWidth > strip.clientWidth")
    tab(page, "Customers").click()
    expect(below(page)).to_have_text("Customers")
    for _ in ("after a click", "after the page was loaded again"):
        found = tab(page, "Customers").bounding_box()
        assert found is not None
        assert 0 <= found["x"] <= width - found["width"] + 1
        page.reload()


def test_a_tab_opens_in_a_tab_of_the_browser_where_that_is_asked_for(page: Page) -> None:
    page.goto(BELGIUM)
    with page.context.expect_page() as opened:
        tab(page, "Customers").click(modifiers=["ControlOrMeta"])
    expect(below(opened.value)).to_have_text("Customers")
    expect(below(page)).to_have_text("Stores")


def test_a_row_of_a_tab_that_came_later_leads_to_its_record(page: Page) -> None:
    page.goto(BELGIUM)
    tab(page, "Customers").click()
    expect(below(page)).to_have_text("Customers")
    row = page.locator("#related tbody tr").first
    name = row.get_by_role("rowheader").inner_text()
    row.get_by_role("cell").nth(1).click()
    expect_heading(page, name)


def test_below_a_form_another_tab_keeps_what_was_typed_and_another_page_asks(page: Page) -> None:
    page.goto(BELGIUM.replace("show", "edit"))
    name = page.get_by_label("Name", exact=True)
    name.fill("Belgique")
    tab(page, "Customers").click()
    expect(below(page)).to_have_text("Customers")
    expect(name).to_have_value("Belgique")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    below(page).get_by_role("link").click(no_wait_after=True)
    expect(name).to_have_value("Belgique")
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Belgique").first).to_be_visible()
