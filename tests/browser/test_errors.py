"""Pages of errors as a running app sends them: readable by everybody, and nothing leaves a narrow window."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import RequestEntityTooLarge, TooManyRequests

from appbuilder_lite.resource.resource import Resource
from example_app import demo
from tests.browser.conftest import Visit
from tests.browser.served import Site
from tests.browser.test_face import DESKTOP, PHONE, scan, scroll_width

ORDERS = "/admin/orderview/list/"
ERRORS: dict[str, tuple[Exception, str]] = {
    "413": (RequestEntityTooLarge(), "This is too large"),
    "429": (TooManyRequests(), "Too many attempts"),
    "500": (RuntimeError("on purpose"), "Something went wrong"),
    "503": (
        OperationalError("SELECT 1", {}, Exception("on purpose"), connection_invalidated=True),
        "Not available just now",
    ),
}
LOOKS = [(DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "light"), (PHONE, "dark")]


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]['width']}-{look[1]}")
def window(visit: Visit, site: Site, request: pytest.FixtureRequest) -> Page:
    """A window of this size and scheme in which the administrator has signed in, on a site as in production."""
    site.app.config["PROPAGATE_EXCEPTIONS"] = False
    size, scheme = request.param
    return visit(demo.ADMIN, viewport=size, color_scheme=scheme, bypass_csp=True)


def test_axe_finds_no_fault_in_the_page_of_an_error(window: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    for code, (error, title) in ERRORS.items():

        def fail(*_: Any, error: Exception = error, **__: Any) -> None:
            raise error

        with monkeypatch.context() as patch:
            patch.setattr(Resource, "list", fail)
            answer = window.goto(ORDERS)
            assert answer is not None
            assert str(answer.status) == code
            expect(window.get_by_role("heading", level=1)).to_have_text(title)
            assert "on purpose" not in window.content()
            assert_sound(window, code)
    # The way on that the last of them offers.
    window.get_by_role("link", name="Try again").click()
    expect(window.get_by_role("heading", level=1)).to_have_text("Orders")


def test_axe_finds_no_fault_in_a_form_that_has_expired(window: Page, site: Site) -> None:
    window.goto("/admin/tagview/edit/1")
    window.get_by_label("Name").fill("spring sale")
    site.app.config["WTF_CSRF_TIME_LIMIT"] = -1
    window.get_by_role("button", name="Save", exact=True).click()
    expect(window.get_by_role("alert")).to_have_text(re.compile("open for too long"))
    expect(window.get_by_label("Name")).to_have_value("spring sale")
    assert_sound(window, "expired")


def assert_sound(page: Page, name: str) -> None:
    assert page.viewport_size is not None
    assert scroll_width(page) <= page.viewport_size["width"], name
    assert scan(page) == [], name
