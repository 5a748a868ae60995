"""Sessions of our own sign-in: begun anew, kept by cookies that give nothing away, ended when they should be."""

import re
import time
from collections.abc import Callable
from typing import Any

import flask_login
import pytest
from flask.sessions import SecureCookieSessionInterface
from werkzeug.security import generate_password_hash

from tests.conftest import CountStatements, MakeHost
from tests.web.conftest import MakeSite
from tests.web.hosts import QUICK, make_people
from tests.web.sessions import CAN_LIST, LIST, NEW, is_in, only_the_remember_cookie, remembered, session_of
from tests.web.site import PASSWORD, Site, token_of


def test_signing_in_drops_the_keys_of_an_older_sign_in_and_keeps_the_hosts(site: Site) -> None:
    site.user("ann")
    browser = site.browser()
    with browser.client.session_transaction() as before:
        before.update(cart=["book"], _user_id="7.old", _ab_since=1, _remember="clear", _remember_seconds="x")
    browser.send("/admin/login/", username="ann", password=PASSWORD)
    found = session_of(browser.client)
    assert found["cart"] == ["book"]
    assert found["_user_id"].startswith("1.")
    assert found["_ab_since"] > 1
    assert "_remember_seconds" not in found
    assert is_in(browser)


def test_the_csrf_token_is_another_one_after_signing_in_and_out(site: Site) -> None:
    site.user("ann")
    browser = site.browser()
    browser.get("/admin/login/")
    tokens = [session_of(browser.client)["csrf_token"]]
    browser.send("/admin/login/", username="ann", password=PASSWORD)
    browser.get("/admin/")
    tokens.append(session_of(browser.client)["csrf_token"])
    browser.client.post("/admin/logout/", data={"csrf_token": browser.token()})
    browser.get("/admin/login/")
    tokens.append(session_of(browser.client)["csrf_token"])
    assert len(set(tokens)) == 3


def test_the_hosts_name_of_the_token_rotates_too(make_site: MakeSite) -> None:
    site = make_site(WTF_CSRF_FIELD_NAME="xsrf")
    site.user("ann")
    browser = site.browser()
    before = re.search(r'name="xsrf" value="([^"]+)"', browser.get("/admin/login/").text)
    assert before is not None
    data = {"xsrf": before.group(1), "username": "ann", "password": PASSWORD}
    assert browser.client.post("/admin/login/", data=data).status_code == 302
    assert browser.client.post("/admin/theme", data={"xsrf": before.group(1), "theme": "dark"}).status_code == 400


@pytest.mark.parametrize("verb", ["GET", "HEAD", "PUT", "DELETE"])
def test_only_a_post_signs_out(site: Site, verb: str) -> None:
    admin = site.admin()
    assert admin.client.open("/admin/logout/", method=verb).status_code in {404, 405}
    assert is_in(admin)


def test_signing_out_ends_the_session_and_the_remember_cookie(site: Site) -> None:
    site.user("ann")
    ann = remembered(site, "ann")
    with ann.client.session_transaction() as before:
        before["cart"] = ["book"]
    answer = ann.client.post("/admin/logout/", data={"csrf_token": ann.token()})
    assert answer.status_code == 302
    assert ann.client.get_cookie("remember_token") is None
    assert session_of(ann.client)["cart"] == ["book"]
    assert not {"_user_id", "_fresh", "_id", "_ab_since"} & session_of(ann.client).keys()
    assert not is_in(ann)


def test_who_is_signed_in_may_be_asked_while_signing_in(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.user("ann", CAN_LIST)
    with site.app.app_context():
        sm = site.sm
        sm.end_sessions(sm.find_user("ann"))
        site.db.session.commit()
    seen: list[bool] = []
    monkeypatch.setattr(sm, "on_user_login", lambda user: seen.append(sm.has_access(*CAN_LIST)))
    ann = site.sign_in("ann")
    assert seen == [True]
    assert is_in(ann)


def test_a_view_of_the_hosts_may_sign_in_by_flask_login(make_site: MakeSite) -> None:
    site = make_site(create=False)

    @site.app.post("/token-sign-in")
    def token_sign_in() -> str:
        flask_login.login_user(site.sm.find_user("ann"), remember=True)
        return "welcome"

    site.create()
    site.user("ann")
    browser = site.browser()
    browser.client.post("/token-sign-in")
    assert is_in(browser)
    assert is_in(only_the_remember_cookie(browser, site))
    with site.app.app_context():
        site.sm.reset_password(1, NEW)
    assert not is_in(browser)
    assert not is_in(only_the_remember_cookie(browser, site))


class _StoredSessions(SecureCookieSessionInterface):
    """What a store on the server offers: a new id for what the session holds."""

    regenerated = 0

    def regenerate(self, found: Any) -> None:
        assert "_user_id" not in found
        self.regenerated += 1


def test_a_session_kept_on_the_server_gets_a_new_id_at_sign_in(site: Site) -> None:
    site.user("ann")
    stored = site.app.session_interface = _StoredSessions()
    site.browser().send("/admin/login/", username="ann", password="wrong")
    assert stored.regenerated == 0
    site.sign_in("ann")
    assert stored.regenerated == 1


def test_outside_of_a_request_nobody_is_signed_in(site: Site) -> None:
    with site.app.app_context():
        assert site.sm.has_access(*CAN_LIST) is False


def test_the_cookies_are_small_closed_to_scripts_and_hold_no_secret(site: Site) -> None:
    site.user("ann")
    with site.app.app_context():
        stored = site.sm.find_user("ann").password
    answer = site.browser().send("/admin/login/", username="ann", password=PASSWORD, remember="y")
    cookies = answer.headers.getlist("Set-Cookie")
    assert {text.partition("=")[0] for text in cookies} == {"session", "remember_token"}
    for text in cookies:
        assert "HttpOnly" in text
        assert len(text) < 4096
        assert stored not in text
        assert stored.rpartition("$")[2] not in text
    assert "SameSite=Lax" in next(text for text in cookies if text.startswith("remember_token"))


def test_the_remember_cookie_is_secure_where_the_session_is(make_site: MakeSite) -> None:
    site = make_site(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="Strict")
    site.user("ann")
    client = site.app.test_client()
    page = client.get("/admin/login/", base_url="https://localhost")
    data = {"csrf_token": token_of(page), "username": "ann", "password": PASSWORD, "remember": "y"}
    answer = client.post("/admin/login/", data=data, base_url="https://localhost")
    for text in answer.headers.getlist("Set-Cookie"):
        assert "Secure" in text


def test_our_login_manager_reads_no_user_for_the_hosts_templates(site: Site, count_statements: CountStatements) -> None:
    admin = site.admin()
    assert "current_user" not in {
        name for make in site.app.template_context_processors[None] for name in _in_request(site, make)
    }
    with count_statements() as seen:
        admin.get("/nothing-of-ours")
    assert len(seen) == 0


def _in_request(site: Site, make: Callable[[], Any]) -> set[str]:
    with site.app.test_request_context():
        return set(make())


def _new_password(site: Site, user: Any) -> None:
    site.sm.reset_password(user.id, NEW)


def _new_stamp(site: Site, user: Any) -> None:
    site.sm.end_sessions(user)
    site.db.session.commit()


def _new_hash(site: Site, user: Any) -> None:
    user.password = generate_password_hash(PASSWORD, QUICK)
    site.db.session.commit()


def _no_password(site: Site, user: Any) -> None:
    user.password = None
    site.db.session.commit()


def _inactive(site: Site, user: Any) -> None:
    user.active = False
    site.sm.update_user(user)


def _deleted(site: Site, user: Any) -> None:
    site.sm.delete_user(user)


def _another_with_the_id(site: Site, user: Any) -> None:
    key, model = user.id, type(user)
    site.sm.delete_user(user)
    names = {"first_name": "Bob", "last_name": "Bold", "email": "bob@example.org", "username": "bob"}
    site.db.session.add(model(id=key, password=generate_password_hash(PASSWORD, QUICK), **names))
    site.db.session.commit()


ENDINGS = (_new_password, _new_stamp, _new_hash, _no_password, _inactive, _deleted, _another_with_the_id)


@pytest.mark.parametrize("end", ENDINGS, ids=lambda end: end.__name__.strip("_"))
def test_session_and_remember_cookie_end_at_the_next_request(site: Site, end: Callable[[Site, Any], None]) -> None:
    site.user("ann", CAN_LIST)
    ann = remembered(site, "ann")
    assert ann.get(LIST).status_code == 200
    again = only_the_remember_cookie(ann, site)
    with site.app.app_context():
        end(site, site.sm.find_user("ann"))
    for browser in (ann, again, only_the_remember_cookie(ann, site)):
        answer = browser.get(LIST)
        assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/admin/login/")
        assert browser.client.post("/admin/customerview/delete/1").status_code == 302
    assert site.count(site.models.Customer) == 30


def test_changing_ones_own_password_keeps_this_session_and_ends_the_others(site: Site) -> None:
    site.user("ann")
    here, there = remembered(site, "ann"), remembered(site, "ann")
    stolen = only_the_remember_cookie(there, site)
    copied = only_the_remember_cookie(here, site)
    fields = {"current_password": PASSWORD, "new_password": NEW, "repeat_password": NEW}
    assert here.send("/admin/resetmypassword/form", **fields).status_code == 302
    assert is_in(here)
    assert is_in(only_the_remember_cookie(here, site)), "this browser goes on remembering"
    assert not any(is_in(browser) for browser in (there, stolen, copied))


def test_an_unremembered_browser_is_not_remembered_by_changing_the_password(site: Site) -> None:
    site.user("ann")
    ann = site.sign_in("ann")
    ann.send("/admin/resetmypassword/form", current_password=PASSWORD, new_password=NEW, repeat_password=NEW)
    assert ann.client.get_cookie("remember_token") is None


def test_a_session_ends_after_its_hours_however_busy(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.user("ann")
    ann = site.sign_in("ann")
    start = time.time()
    for hours, expected in ((6, True), (11.9, True), (12.1, False), (12.2, False), (1, False)):
        monkeypatch.setattr(time, "time", lambda hours=hours: start + hours * 3600)
        assert is_in(ann) is expected, hours


def test_the_hours_are_a_setting(make_site: MakeSite, monkeypatch: pytest.MonkeyPatch) -> None:
    site = make_site(APPBUILDER_SESSION_HOURS=1)
    site.user("ann")
    ann = site.sign_in("ann")
    start = time.time()
    monkeypatch.setattr(time, "time", lambda: start + 3700)
    assert not is_in(ann)


def test_a_remembered_browser_begins_a_new_session_after_the_hours(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.user("ann")
    ann, start = remembered(site, "ann"), time.time()
    monkeypatch.setattr(time, "time", lambda: start + 13 * 3600)
    assert is_in(ann)
    assert session_of(ann.client)["_ab_since"] == int(start + 13 * 3600)
    with site.app.app_context():
        _new_stamp(site, site.sm.find_user("ann"))
    assert not is_in(ann)


@pytest.mark.parametrize("reuse", [False, True])
def test_a_passwordless_users_key_revives_nothing(make_host: MakeHost, reuse: bool) -> None:
    people = make_people(make_host, "no password")
    key = people.add("ann", roles=("Admin",))
    ann = people.enter("ann")
    assert is_in(ann)
    with people.app.app_context():
        people.db.session.delete(people.get("ann"))
        people.db.session.commit()
        if reuse:
            people.db.session.add(people.model(id=key, login="bob"))
            people.db.session.commit()
    assert not is_in(ann)


def test_sessions_outlive_a_change_of_the_secret_key_as_flasks_do(site: Site) -> None:
    site.user("ann")
    ann, old = site.sign_in("ann"), site.app.config["SECRET_KEY"]
    site.app.config.update(SECRET_KEY="the secret of the next year", SECRET_KEY_FALLBACKS=[old])
    stayed_away = site.browser()
    cookie = ann.client.get_cookie("session")
    assert cookie is not None
    stayed_away.client.set_cookie("session", cookie.decoded_value)
    assert is_in(ann)
    site.app.config["SECRET_KEY_FALLBACKS"] = []
    assert is_in(ann), "the session was signed anew when it was used"
    assert not is_in(stayed_away)
