"""How the pages hold up: on a phone, and for people with assistive technology."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from example_app import demo
from tests.browser.conftest import Visit
from tests.browser.paths import PATHS

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_fault_that_axe_finds(visit: Visit, size: dict[str, int], scheme: str) -> None:
    page = visit(demo.ADMIN, viewport=size, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    faults = {name: found for name, path in PATHS.items() if (found := violations(page, path))}
    send_faulty_form(page)
    faults["errors in a form"] = scan(page)
    page.goto("/admin/")
    page.get_by_role("button", name="Olivia Owner").click()
    faults["user menu"] = scan(page)
    page.get_by_role("button", name="Keyboard shortcuts").click()
    faults["shortcuts"] = scan(page)
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Search or jump to").click()
    page.get_by_role("combobox").fill("an")
    page.get_by_role("group", name="Customers").wait_for()
    faults["palette"] = scan(page)
    clerk = visit(demo.CLERK, viewport=size, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    faults["forbidden"] = violations(clerk, "/admin/storeview/list/")
    assert {name: found for name, found in faults.items() if found} == {}


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_nothing_scrolls_sideways_on_a_phone(visit: Visit, scripts: bool) -> None:
    page = visit(demo.ADMIN, viewport=PHONE, has_touch=True, is_mobile=True, java_script_enabled=scripts)
    wide = {name: width for name, path in PATHS.items() if (width := width_of(page, path)) > PHONE["width"]}
    assert wide == {}


def test_a_phone_has_the_menu_behind_a_button(visit: Visit) -> None:
    page = visit(demo.ADMIN, viewport=PHONE, has_touch=True, is_mobile=True)
    entry = page.get_by_role("navigation").get_by_role("link", name="Employees")
    expect(entry).not_to_be_visible()
    page.get_by_role("link", name="Menu", exact=True).click()
    page.get_by_role("dialog").get_by_role("link", name="Employees").click()
    expect(page).to_have_url(re.compile("/employeeview/list/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Employees")
    expect(entry).not_to_be_visible()


def test_a_phone_without_scripts_has_the_menu_on_a_page(visit: Visit) -> None:
    page = visit(demo.ADMIN, viewport=PHONE, java_script_enabled=False)
    page.get_by_role("link", name="Menu", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Menu")
    page.get_by_role("main").get_by_role("link", name="Employees").click()
    expect(page).to_have_url(re.compile("/employeeview/list/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Employees")


def test_every_page_has_one_heading_and_a_title(page: Page) -> None:
    for path in PATHS.values():
        page.goto(path)
        assert page.get_by_role("heading", level=1).count() == 1, path
        assert page.title().endswith("Corner & Co. staff"), path


def violations(page: Page, path: str) -> list[str]:
    page.goto(path)
    return scan(page)


def scan(page: Page) -> list[str]:
    """What axe-core finds on the page as it stands: the rule and where it is broken."""
    found: Any = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {', '.join(str(node['target']) for node in fault['nodes'])}" for fault in found]


def send_faulty_form(page: Page) -> None:
    page.goto("/admin/customerview/add")
    page.get_by_label("Name").fill("Anna Abbott")
    page.get_by_label("Email").fill("nowhere")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("alert").wait_for()


def width_of(page: Page, path: str) -> int:
    page.goto(path)
    box = page.locator("html").bounding_box()
    assert box is not None
    return max(int(box["width"]), scroll_width(page))


def scroll_width(page: Page) -> int:
    """How wide the page wants to be; asked of the browser itself, so that it works without scripts."""
    metrics = page.context.new_cdp_session(page).send("Page.getLayoutMetrics")
    return int(metrics["cssContentSize"]["width"])
