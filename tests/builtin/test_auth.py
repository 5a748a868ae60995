"""Signing in and out on our own page."""

import logging
import re

import pytest
from flask import session

from appbuilder_lite import SecurityManager
from appbuilder_lite.builtin.auth import AuthDBView
from tests.conftest import CountStatements
from tests.web.conftest import MakeSite
from tests.web.site import PASSWORD, Site, token_of


def _main(text: str) -> str:
    """A page without what differs from request to request."""
    return re.sub(r'(name="csrf_token" value=)"[^"]+"', r"\1", text)


def test_the_page_asks_for_name_and_password_and_is_not_stored(site: Site) -> None:
    page = site.browser().get("/admin/login/")
    assert page.status_code == 200
    assert 'type="password" id="password"' in page.text
    assert 'autocomplete="current-password"' in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_a_sign_in_template_of_the_hosts_has_the_script_of_every_page(make_site: MakeSite) -> None:
    door = type("Door", (AuthDBView,), {"login_template": "door.html"})
    manager = type("Manager", (SecurityManager,), {"authdbview": door})
    templates = {"door.html": '{% extends "appbuilder_lite/sign_in.html" %}'}
    page = make_site(builder={"security_manager_class": manager}, templates=templates).browser().get("/admin/login/")
    assert "/static/appbuilder.js?v=" in page.text
    assert "sign_in.js" not in page.text


def test_the_right_password_signs_in_and_leads_home(site: Site) -> None:
    site.user("ann")
    browser = site.browser()
    answer = browser.send("/admin/login/", username="ann", password=PASSWORD)
    assert (answer.status_code, answer.location) == (302, "/admin/")
    assert browser.get("/admin/").status_code == 200


def test_signing_in_leads_to_where_the_person_was_going(site: Site) -> None:
    site.user("ann", ("can_list", "CountryView"))
    browser = site.browser()
    refused = browser.get("/admin/countryview/list/?search=a")
    assert refused.status_code == 302
    answer = browser.send(refused.location, username="ann", password=PASSWORD)
    assert answer.location == "/admin/countryview/list/?search=a"


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/%5Cevil.example%0d", "evil"])
def test_next_never_leaves_the_site(site: Site, target: str) -> None:
    site.user("ann")
    browser = site.browser()
    url = "/admin/login/?next=" + target.replace("%5C", "%255C")
    answer = browser.send(url, username="ann", password=PASSWORD)
    assert answer.status_code == 302
    assert answer.location.startswith("/")
    assert not answer.location.startswith(("//", "/\\"))


def test_a_forged_host_steers_no_redirect(site: Site) -> None:
    site.user("ann")
    browser = site.browser()
    page = browser.get("/admin/login/", headers={"Host": "evil.example"})
    assert "evil.example" not in page.text
    data = {"csrf_token": token_of(page), "username": "ann", "password": PASSWORD}
    answer = browser.client.post("/admin/login/?next=/admin/menu", data=data, headers={"Host": "evil.example"})
    assert answer.location == "/admin/menu"


def test_every_failure_looks_the_same(site: Site) -> None:
    site.user("ann")
    site.user("idle")
    with site.app.app_context():
        idle = site.sm.find_user("idle")
        idle.active = False
        site.sm.update_user(idle)
    answers = []
    for name, password in (("ann", "wr0ng!"), ("nobody", "wr0ng!"), ("idle", PASSWORD), ("ann", "")):
        answer = site.browser().send("/admin/login/", username=name, password=password)
        assert answer.status_code == 422
        assert "Username or password is wrong" in answer.text
        assert f'value="{name}"' in answer.text
        assert password == "" or password not in answer.text
        answers.append(_main(answer.text).replace(f'value="{name}"', ""))
    assert len(set(answers)) == 1


@pytest.mark.parametrize("name", ["", "a\x00b", "x" * 5000, "'; drop table ab_user --", "<script>", "\udc80"])
def test_nonsense_as_a_name_is_just_wrong(site: Site, name: str) -> None:
    browser = site.browser()
    token = browser.token("/admin/login/")
    data = {"csrf_token": token, "username": name.encode("utf-8", "surrogatepass"), "password": "wrong"}
    answer = browser.client.post("/admin/login/", data=data)
    assert answer.status_code == 422
    assert "<script>" not in answer.text


def test_signing_in_starts_a_new_session_and_keeps_what_is_the_hosts(site: Site) -> None:
    site.user("ann")
    with site.app.test_client() as client:
        with client.session_transaction() as before:
            before["cart"] = ["book"]
        page = client.get("/admin/login/")
        token = token_of(page)
        old = session["csrf_token"]
        client.post("/admin/login/", data={"csrf_token": token, "username": "ann", "password": PASSWORD})
        assert session.get("csrf_token") != old
        assert session["cart"] == ["book"]
        stale = client.post("/admin/logout/", data={"csrf_token": token})
        assert stale.status_code == 400


def test_remember_me_sets_a_cookie_that_scripts_cannot_read(site: Site) -> None:
    site.user("ann")
    answer = site.browser().send("/admin/login/", username="ann", password=PASSWORD, remember="y")
    (cookie,) = [text for text in answer.headers.getlist("Set-Cookie") if text.startswith("remember_token")]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    plain = site.browser().send("/admin/login/", username="ann", password=PASSWORD)
    assert not [text for text in plain.headers.getlist("Set-Cookie") if text.startswith("remember_token=ey")]


def test_who_is_signed_in_is_led_home(site: Site) -> None:
    answer = site.admin().get("/admin/login/")
    assert (answer.status_code, answer.location) == (302, "/admin/")


def test_signing_out_takes_a_post_and_a_token(site: Site) -> None:
    admin = site.admin()
    assert admin.get("/admin/logout/").status_code == 405
    assert admin.client.post("/admin/logout/").status_code == 400
    assert admin.get("/admin/").status_code == 200
    answer = admin.client.post("/admin/logout/", data={"csrf_token": admin.token()})
    assert (answer.status_code, answer.location) == (302, "/admin/login/")
    assert admin.get("/admin/").status_code == 302


def test_signing_out_leads_where_the_setting_says(make_site: MakeSite) -> None:
    site = make_site(APPBUILDER_LOGOUT_REDIRECT_URL="/goodbye")
    admin = site.admin()
    answer = admin.client.post("/admin/logout/", data={"csrf_token": admin.token()})
    assert answer.location == "/goodbye"


def test_an_anonymous_sign_out_leads_to_the_sign_in_page(site: Site) -> None:
    answer = site.browser().client.post("/admin/logout/")
    assert (answer.status_code, answer.location) == (302, "/admin/login/")


def test_hooks_are_called(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.user("ann")
    seen: list[tuple[str, str | None]] = []
    for hook in ("on_user_login", "on_user_login_failed", "on_user_logout"):

        def note(user: object, hook: str = hook) -> None:
            seen.append((hook, getattr(user, "username", None)))

        with site.app.app_context():
            monkeypatch.setattr(site.sm, hook, note)
    site.browser().send("/admin/login/", username="nobody", password="wrong")
    site.browser().send("/admin/login/", username="ann", password="wrong")
    ann = site.sign_in("ann")
    ann.client.post("/admin/logout/", data={"csrf_token": ann.token()})
    assert seen == [
        ("on_user_login_failed", None),
        ("on_user_login_failed", "ann"),
        ("on_user_login", "ann"),
        ("on_user_logout", "ann"),
    ]


def test_sign_ins_are_logged_on_one_line_without_the_password(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site.user("ann")
    caplog.set_level(logging.DEBUG)
    site.browser().send("/admin/login/", username="ann\r\nann signed in", password="s3cret-and-wrong")
    site.sign_in("ann")
    lines = [record.getMessage() for record in caplog.records]
    assert any("failed" in line.lower() and "ann" in line for line in lines)
    assert any("signed in" in line.lower() and "127.0.0.1" in line for line in lines)
    assert not any("\n" in line or "\r" in line for line in lines)
    assert "s3cret-and-wrong" not in caplog.text
    assert PASSWORD not in caplog.text


def test_the_sign_in_page_costs_no_more_than_the_anonymous_snapshot(
    site: Site, count_statements: CountStatements
) -> None:
    browser = site.browser()
    browser.get("/admin/login/")
    with count_statements() as seen:
        browser.get("/admin/login/")
    assert len(seen) <= 1


def test_mounted_below_another_path_every_address_keeps_it(site: Site) -> None:
    site.user("ann")
    client = site.app.test_client()
    mounted = {"SCRIPT_NAME": "/shop"}
    refused = client.get("/admin/menu", environ_overrides=mounted)
    assert refused.location == "/shop/admin/login/?next=%2Fshop%2Fadmin%2Fmenu"
    url = "/admin/login/?next=/shop/admin/menu"
    page = client.get(url, environ_overrides=mounted)
    assert f'action="/shop{url}"' in page.text
    data = {"csrf_token": token_of(page), "username": "ann", "password": PASSWORD}
    assert client.post(url, data=data, environ_overrides=mounted).location == "/shop/admin/menu"
    page = client.get("/admin/resetmypassword/form", environ_overrides=mounted)
    assert 'action="/shop/admin/resetmypassword/form"' in page.text
