"""All rows of a list: selected below it, and done batch by batch, with scripts and without them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from appbuilder_lite.web import all_matching
from example_app import demo
from tests.browser.conftest import Visit
from tests.browser.test_face import scan

ORDERS = "/admin/orderview/list/?total__gte=10"
BATCH = 40
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
DESKTOP = {"width": 1280, "height": 800}
PHONE: Any = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few records with each request."""
    monkeypatch.setattr(all_matching, "BATCH", BATCH)


def _select_all(page: Page, *, scripts: bool) -> int:
    """Select all rows that match; how many they are."""
    page.goto(ORDERS)
    box = page.get_by_role("checkbox", name=re.compile("Select all .* that match"))
    expect(box).to_be_hidden()
    head = page.get_by_role("checkbox", name="Select all rows of this page")
    # A phone shows cards, which have no head.
    if scripts and page.viewport_size == DESKTOP:
        head.check()
    else:
        page.locator("tbody [name=rowid]").first.check()
    box.check()
    return int(re.sub(r"\D", "", page.locator(".ab-all").inner_text()))


def _ask(page: Page, *, scripts: bool) -> int:
    total = _select_all(page, scripts=scripts)
    page.get_by_role("group", name="Bulk actions").get_by_role("button", name="Add a note").click()
    expect(page.get_by_text(f"It is about {total} records, all that match:")).to_be_visible()
    return total


def _hold(held: list[Route]) -> Callable[[Route], None]:
    """Keeps the steps that the script takes from being sent."""

    def handle(route: Route) -> None:
        if route.request.resource_type == "fetch" and "_run" in (route.request.post_data or ""):
            held.append(route)
        else:
            route.continue_()

    return handle


@SCRIPTS
@pytest.mark.parametrize("window", [{"viewport": DESKTOP}, PHONE], ids=["desktop", "phone"])
def test_all_that_match_are_done_batch_by_batch(visit: Visit, scripts: bool, window: Any) -> None:
    page = visit(demo.ADMIN, java_script_enabled=scripts, **window)
    total = _ask(page, scripts=scripts)
    page.get_by_label("Line").fill("Seen by the auditor")
    page.locator("form[data-question]").get_by_role("button", name="Add a note").click()
    go_on = page.get_by_role("button", name="Continue")
    for _ in range(0 if scripts else (total - 1) // BATCH):
        expect(page.get_by_role("progressbar")).to_be_visible()
        go_on.click()
    expect(page.get_by_role("status").filter(has_text=f"Add a note: {total} records")).to_be_visible()
    page.get_by_role("link", name="Back to Orders").click()
    expect(page).to_have_url(re.compile(r"total__gte=10"))
    page.locator("tbody th a").first.click()
    expect(page.get_by_text("Seen by the auditor")).to_be_visible()


def test_unticking_all_of_them_leaves_the_rows_of_the_page(visit: Visit) -> None:
    page = visit(demo.ADMIN)
    _select_all(page, scripts=True)
    page.locator("[name=_all]").uncheck()
    rows = page.locator("tbody [name=rowid]")
    expect(page.locator("tbody [name=rowid]:checked")).to_have_count(rows.count())
    expect(page.locator("[name=_all]")).to_be_visible()


def test_a_row_that_is_unticked_takes_all_of_them_back(visit: Visit) -> None:
    page = visit(demo.ADMIN)
    _select_all(page, scripts=True)
    page.locator("tbody [name=rowid]").first.uncheck()
    expect(page.locator("[name=_all]")).not_to_be_checked()
    expect(page.locator("[name=_all]")).to_be_hidden()


def test_it_is_cancelled_while_it_runs(visit: Visit) -> None:
    page = visit(demo.ADMIN)
    total = _ask(page, scripts=True)
    page.get_by_label("Line").fill("Seen")
    # The second step waits until Cancel has been pressed.
    held: list[Route] = []
    page.route("**/action_post", _hold(held))
    page.locator("form[data-question]").get_by_role("button", name="Add a note").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Cancel")).to_have_attribute("aria-disabled", "true")
    held[0].continue_()
    expect(page.get_by_text(f"Stopped after {2 * BATCH} of {total} records")).to_be_visible()
    expect(page.get_by_text(f"Add a note: {2 * BATCH} records")).to_be_visible()


def test_what_has_failed_is_told_and_not_sent_a_second_time(visit: Visit) -> None:
    page = visit(demo.ADMIN)
    _ask(page, scripts=True)
    page.get_by_label("Line").fill("Seen")
    sent: list[str] = []

    def fail(route: Route) -> None:
        if "_run" not in (route.request.post_data or "") or "Seen" not in (route.request.post_data or ""):
            route.continue_()
            return
        sent.append(route.request.resource_type)
        if route.request.resource_type == "fetch":
            # As a proxy answers that has not waited for what is being done.
            route.fulfill(status=504, content_type="text/html", body="<main><h1>Too slow</h1></main>")
        else:
            route.continue_()

    page.route("**/action_post", fail)
    page.locator("form[data-question]").get_by_role("button", name="Add a note").click()
    expect(page.get_by_role("heading", name="Too slow")).to_be_visible()
    assert sent == ["document", "fetch"]


def test_messages_of_each_batch_are_shown(visit: Visit) -> None:
    page = visit(demo.ADMIN)
    total = _ask(page, scripts=True)
    page.get_by_label("Line").fill("Seen")

    def told(route: Route) -> None:
        if route.request.resource_type != "fetch":
            route.continue_()
            return
        answer = route.fetch()
        words = '<div class="ab-flash ab-warning"><p role="status">A file is still there</p></div>'
        route.fulfill(response=answer, body=re.sub(r"(<main[^>]*>)", rf"\1{words}", answer.text()))

    page.route("**/action_post", told)
    page.locator("form[data-question]").get_by_role("button", name="Add a note").click()
    expect(page.get_by_role("status").filter(has_text=f"Add a note: {total} records")).to_be_visible()
    expect(page.get_by_text("A file is still there")).to_have_count((total - 1) // BATCH)


@pytest.mark.parametrize("window", [{"viewport": DESKTOP}, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault(visit: Visit, window: Any, scheme: str) -> None:
    page = visit(demo.ADMIN, color_scheme=scheme, bypass_csp=True, **window)
    _select_all(page, scripts=True)
    faults = scan(page)
    page.get_by_role("group", name="Bulk actions").get_by_role("button", name="Add a note").click()
    page.get_by_label("Line").fill("Seen")
    faults += scan(page)
    page.route("**/action_post", _hold([]))
    page.locator("form[data-question]").get_by_role("button", name="Add a note").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    assert faults + scan(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
