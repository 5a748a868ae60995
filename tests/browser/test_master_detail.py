"""A list beside what belongs to one of its records, and several lists on one page, in a real browser."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from example_app import demo
from tests.browser.conftest import Visit
from tests.browser.test_face import DESKTOP, PHONE, scroll_width

SIDE = "/admin/categoryview/list/"
DESK = "/admin/deskview/list/"
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


def side(page: Page) -> Locator:
    return page.locator("#list")


def row(page: Page, name: str) -> Locator:
    return side(page).get_by_role("link", name=name, exact=True)


@SCRIPTS
def test_a_row_opens_beside_its_list_and_the_list_goes_on(visit: Visit, scripts: bool) -> None:
    page = visit(demo.ADMIN, java_script_enabled=scripts)
    page.goto(SIDE)
    expect(page.get_by_text("Nothing is chosen.")).to_be_visible()
    row(page, "Pans").click()
    expect(page).to_have_url(re.compile(r"/categoryview/list/\d+#detail$"))
    expect(row(page, "Pans")).to_have_attribute("aria-current", "true")
    products = page.get_by_role("region", name="Products")
    expect(products.first).to_contain_text("Pan")
    side(page).get_by_role("searchbox").fill("kitchen")
    side(page).get_by_role("searchbox").press("Enter")
    expect(page).to_have_url(re.compile(r"/categoryview/list/\d+\?.*search=kitchen"))
    expect(row(page, "Pans")).to_have_count(0)
    expect(page.get_by_role("heading", level=2, name="Pans")).to_be_visible()
    row(page, "Cookware").click()
    expect(page).to_have_url(re.compile(r"/categoryview/list/\d+\?.*search=kitchen.*#detail$"))
    expect(page.get_by_role("heading", level=2, name="Cookware")).to_be_visible()
    expect(row(page, "Cookware")).to_have_attribute("aria-current", "true")


def test_the_open_row_is_in_sight_at_the_side(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(SIDE)
    row(page, "Towels").click()
    expect(page.get_by_role("heading", level=2, name="Towels")).to_be_in_viewport()
    expect(row(page, "Towels")).to_be_in_viewport()
    assert page.evaluate("scrollY") == 0


def test_on_a_phone_what_belongs_to_a_row_stands_below_the_list_and_is_gone_to(visit: Visit) -> None:
    page = visit(demo.ADMIN, viewport=PHONE)
    page.goto(SIDE)
    row(page, "Pans").click()
    expect(page.get_by_role("heading", level=2, name="Pans")).to_be_in_viewport()
    assert scroll_width(page) <= PHONE["width"]
    boxes = [page.locator(name).bounding_box() for name in ("#list", "#detail")]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[1]["y"] >= boxes[0]["y"] + boxes[0]["height"]


@SCRIPTS
def test_each_of_several_lists_turns_its_own_pages(visit: Visit, scripts: bool) -> None:
    page = visit(demo.ADMIN, viewport=DESKTOP, java_script_enabled=scripts)
    page.goto(DESK)
    orders, customers = page.locator("#orderview"), page.locator("#customerview")
    expect(orders.locator("tbody").get_by_role("rowheader").first).to_have_text("SO-000120")
    first = customers.locator("tbody").get_by_role("rowheader").first.inner_text()
    orders.get_by_role("link", name="Next").click()
    expect(orders.locator("tbody").get_by_role("rowheader").first).to_have_text("SO-000095")
    expect(customers.locator("tbody").get_by_role("rowheader").first).to_have_text(first)
    customers.get_by_role("columnheader", name="Name").get_by_role("link").click()
    expect(customers.locator("tbody").get_by_role("rowheader").first).not_to_have_text(first)
    expect(orders.locator("tbody").get_by_role("rowheader").first).to_have_text("SO-000095")
    expect(page).to_have_url(re.compile(r"orderview\.page=2.*customerview\.sort=-name.*#customerview$"))


def test_a_click_on_a_row_of_several_lists_opens_its_record(page: Page) -> None:
    page.goto(DESK)
    page.wait_for_load_state("networkidle")
    page.locator("#orderview tbody tr").nth(1).get_by_role("cell").nth(3).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("SO-000119")
