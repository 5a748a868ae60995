"""Sessions and cookies of nonsense, or of an older form, are anonymous and never a server error."""

from typing import Any

import flask_login
import pytest

from tests.web.sessions import is_in
from tests.web.site import PASSWORD, Site

TOKENS: list[Any] = [
    "1",
    1,
    0,
    True,
    None,
    "",
    ".",
    "1.",
    ".abc",
    "1." + "0" * 64,
    "1." + "é" * 64,
    "99999999999999999999999.x",
    "-1.x",
    "' or 1=1 --.x",
    "1\x00.x",
    "\ud800.\ud800",
    ["1", "x"],
    {"id": 1},
    1.5,
    "x" * 3000,
]


@pytest.mark.parametrize("token", TOKENS, ids=lambda token: ascii(token)[:30])
def test_a_session_of_nonsense_is_anonymous(site: Site, token: Any) -> None:
    site.user("ann")
    browser = site.browser()
    with browser.client.session_transaction() as before:
        before["_user_id"] = token
        before["_fresh"] = "perhaps"
        before["_id"] = 7
    assert browser.get("/admin/").status_code == 302
    assert browser.get("/admin/login/").status_code == 200
    assert browser.send("/admin/login/", username="ann", password=PASSWORD).status_code == 302
    assert is_in(browser)


@pytest.mark.parametrize("since", ["yesterday", None, [1], -5, 10**30, True, 1.5])
def test_a_nonsensical_start_of_the_session_is_no_error(site: Site, since: Any) -> None:
    site.user("ann")
    ann = site.sign_in("ann")
    with ann.client.session_transaction() as before:
        before["_ab_since"] = since
    assert ann.get("/admin/").status_code in {200, 302}


COOKIES = [
    "",
    "|",
    "1",
    "1|",
    "1|x",
    "1|é",
    "é|" + "0" * 128,
    "1." + "0" * 64 + "|" + "0" * 128,
    "%00|%00",
    "a|b|c",
    "x" * 4000,
    '"',
    "\x7f",
]


@pytest.mark.parametrize("name", ["remember_token", "session", "ab_theme"])
@pytest.mark.parametrize("value", COOKIES, ids=ascii)
def test_a_cookie_of_nonsense_is_anonymous(site: Site, name: str, value: str) -> None:
    header = f"{name}={value}".encode().decode("latin-1")
    client = site.app.test_client(use_cookies=False)
    assert client.get("/admin/", headers={"Cookie": header}).status_code == 302
    assert client.get("/admin/login/", headers={"Cookie": header}).status_code == 200


def test_a_remember_cookie_of_an_id_alone_is_anonymous(site: Site) -> None:
    site.user("ann")
    browser = site.browser()
    with site.app.app_context():
        browser.client.set_cookie("remember_token", flask_login.encode_cookie("1"))
    assert not is_in(browser)


@pytest.mark.parametrize("value", [1, ["x"], {"a": 1}, "é", ""])
def test_something_else_in_the_place_of_the_token_heals(site: Site, value: Any) -> None:
    site.user("ann")
    browser = site.browser()
    with browser.client.session_transaction() as before:
        before["csrf_token"] = value
    first = browser.send("/admin/login/", username="ann", password=PASSWORD)
    assert first.status_code in {302, 400}
    if first.status_code == 400:
        assert browser.send("/admin/login/", username="ann", password=PASSWORD).status_code == 302
    assert is_in(browser)
