"""What each kind of page costs a browser that has never seen it, and that all of it works in one without scripts.

The server of the tests sends our own files compressed, as every server of ours does, and pages as they are: to compress
those is the business of the proxy before it, so they are counted as gzip makes them.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Cookie, Page

from example_app import demo
from tests.browser.chromium import Watch
from tests.browser.conftest import Visit
from tests.browser.loading import KB, cold_window, load
from tests.browser.paths import PATHS
from tests.browser.served import Site, serve, serve_minimal, sign_in

Record = Callable[[str, object], None]

MOST = {"requests": 5, "transfer": 45 * KB, "decoded": 150 * KB, "scripts": 24 * KB, "styles": 48 * KB, "fonts": 0}
MOST_OF = {
    **{name: {"decoded": 300 * KB} for name in ("role-add", "role-admin", "role-matrix", "role-public")},
    "sign-in": {"transfer": 15 * KB},
}
MOST_SHIFT = 0.02

# Without scripts a control that does nothing is one that only a script could make do something.
DEAD_CONTROLS = """() => {
  const leadsNowhere = link => !link.href ||
    (link.pathname === location.pathname && link.hash && !document.getElementById(link.hash.slice(1)));
  const sendsNothing = field => !field.form || !field.name;
  const doesNothing = button =>
    !(button.form && button.type !== "button") && !button.popoverTargetElement && !button.commandForElement;
  const kinds = [
    ["a", leadsNowhere],
    ["button, [type=submit], [type=image]", doesNothing],
    ["input:not([type=submit], [type=image]), select, textarea", sendsNothing],
    ["[role=button], [role=link], [role=switch]", thing => !thing.matches("a, button, input, summary")],
  ];
  // What is folded away can be unfolded.
  const isShown = thing => thing.checkVisibility() || thing.closest("[popover], details:not([open])");
  const isThere = thing => isShown(thing) && !thing.closest("[hidden]") && !thing.disabled;
  return kinds.flatMap(([kind, isDead]) =>
    [...document.querySelectorAll(kind)].filter(isThere).filter(isDead).map(thing => thing.outerHTML.slice(0, 150)));
}"""


@pytest.fixture(scope="module")
def shop(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A shop that is only looked at."""
    with serve(filled, tmp_path_factory.mktemp("shop")) as found:
        yield found


@pytest.fixture(scope="module")
def cookies(browser: Browser, shop: Site) -> list[Cookie]:
    """What a browser has in which the administrator has signed in."""
    context = browser.new_context(base_url=shop.url)
    sign_in(context.new_page(), demo.ADMIN)
    found = context.cookies()
    context.close()
    return found


@pytest.mark.parametrize("name", PATHS)
def test_a_page_fits_the_budget(
    name: str, browser: Browser, shop: Site, cookies: list[Cookie], record_property: Record
) -> None:
    assert over_budget(name, browser, shop.url, PATHS[name], cookies, record_property) == []


def test_our_own_sign_in_page_fits_the_budget(browser: Browser, tmp_path: Path, record_property: Record) -> None:
    with serve_minimal(tmp_path) as site:
        assert over_budget("sign-in", browser, site.url, "/admin/login/", [], record_property) == []
        page = browser.new_page(base_url=site.url, java_script_enabled=False)
        assert dead_controls(page, "/admin/login/") == []
        page.close()


def test_no_control_is_dead_without_scripts(visit: Visit) -> None:
    page = visit(demo.ADMIN, java_script_enabled=False)
    found = {name: dead for name, path in PATHS.items() if (dead := dead_controls(page, path))}
    assert found == {}


def over_budget(
    name: str, browser: Browser, url: str, path: str, cookies: list[Cookie], record_property: Record
) -> list[str]:
    """Load a page cold and note its figures for the table; what is more than it may be, and what no page may do."""
    watch, most = Watch(url), MOST | MOST_OF.get(name, {})
    with cold_window(browser, cookies) as page:
        watch.page(page)
        found = load(page, url + path)
    record_property("budget", (name, found.requests, found.transfer / KB, found.decoded / KB, found.shift))
    over = [f"{what}: {getattr(found, what)} > {limit}" for what, limit in most.items() if getattr(found, what) > limit]
    shifts = [f"layout shift: {found.shift} > {MOST_SHIFT}"] if found.shift > MOST_SHIFT else []
    return over + shifts + watch.faults


def dead_controls(page: Page, path: str) -> list[str]:
    page.goto(path)
    found: list[str] = page.evaluate(DEAD_CONTROLS)
    return found
