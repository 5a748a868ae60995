"""A real browser before the example shop."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from example_app import demo
from tests.browser.chromium import EXECUTABLE, Watch, chromium
from tests.browser.served import Site, serve, sign_in
from tests.browser.tables import table
from tests.shop import fill

PATIENCE = 60_000
"""Milliseconds for what a page is to do or to show: enough for a machine that stands still for a while."""

expect.set_options(timeout=PATIENCE)

TABLES = {
    "budget": ("page", "requests", "KB gz", "KB decoded", "layout shift"),
    "task": ("task", "clicks", "keys", "loads", "at most"),
}
"""Figures that tests record as a property of this name, one line each: the heads of the tables they are printed as."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures that the tests have taken."""
    reports = terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
    for name, head in TABLES.items():
        lines = [value for report in reports for key, value in report.user_properties if key == name]
        if lines:
            terminalreporter.section(name)
            terminalreporter.write_line("\n".join(table(head, lines)))


class Visit(Protocol):
    """Opens a browser window with cookies of its own; keywords are Playwright's for a context."""

    def __call__(self, email: str | None = None, **options: Any) -> Page: ...


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not EXECUTABLE.exists() and not os.environ.get("CI"):
        pytest.skip(f"there is no Chromium at {EXECUTABLE}; CHROMIUM names another one")
    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a filled shop, to be copied."""
    file = tmp_path_factory.mktemp("filled") / "shop.sqlite"
    fill(f"sqlite:///{file}")
    return file


@pytest.fixture
def site(filled: Path, tmp_path: Path) -> Iterator[Site]:
    """A shop that nobody else uses."""
    with serve(filled, tmp_path) as found:
        yield found


@pytest.fixture(params=[100, 3], ids=["select", "look-up"])
def limit(request: pytest.FixtureRequest) -> int:
    """How many records a select offers; the shop has more than the second."""
    found: int = request.param
    return found


@pytest.fixture
def limited_site(filled: Path, tmp_path: Path, limit: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A shop in which records are chosen from a select, also in rows, or looked for."""
    monkeypatch.setattr("appbuilder_lite.resource.inline_resource.MOST_OPTIONS", 1_000_000)
    with serve(filled, tmp_path, APPBUILDER_CHOICES_LIMIT=limit if limit < 100 else 10_000) as found:
        yield found


@pytest.fixture
def watch(site: Site) -> Watch:
    """What is watched in all windows of a test."""
    return Watch(site.url)


@pytest.fixture
def visit(browser: Browser, site: Site, watch: Watch) -> Iterator[Visit]:
    """Opens windows on the shop, signed in where an address is given; fails if one did what no page may do."""
    contexts: list[BrowserContext] = []

    def open_window(email: str | None = None, **options: Any) -> Page:
        # Without transitions between pages a click never comes while one page turns into another.
        usual = {"viewport": {"width": 1280, "height": 800}, "base_url": site.url, "reduced_motion": "reduce"}
        context = browser.new_context(**{**usual, **options})
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        watch.page(page)
        if email is not None:
            sign_in(page, email)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert watch.faults == []


@pytest.fixture
def page(visit: Visit) -> Page:
    """A window in which the administrator has signed in."""
    return visit(demo.ADMIN)
