"""What the tests of sessions do with browsers."""

from typing import Any

from flask.testing import FlaskClient

from tests.web.site import PASSWORD, Browser, Site

LIST = "/admin/customerview/list/"
NEW = "another horse battery"
CAN_LIST = ("can_list", "CustomerView")


def remembered(site: Site, name: str) -> Browser:
    browser = site.browser()
    answer = browser.send("/admin/login/", username=name, password=PASSWORD, remember="y")
    assert answer.status_code == 302
    return browser


def only_the_remember_cookie(browser: Browser, site: Site) -> Browser:
    """What the person has after the browser was closed and opened again."""
    cookie = browser.client.get_cookie("remember_token")
    assert cookie is not None
    fresh = site.browser()
    fresh.client.set_cookie("remember_token", cookie.decoded_value)
    return fresh


def is_in(browser: Browser) -> bool:
    answer = browser.get("/admin/")
    assert answer.status_code in {200, 302}, answer.text
    return answer.status_code == 200


def session_of(client: FlaskClient) -> dict[str, Any]:
    with client.session_transaction() as found:
        return dict(found)
