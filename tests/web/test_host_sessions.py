"""Sessions where the host owns signing in: tied to the password and the stamp, ended without a loop."""

import logging
import re
from typing import Any

import flask_login
import pytest
from flask import flash
from flask.testing import FlaskClient
from werkzeug.security import generate_password_hash
from werkzeug.test import TestResponse

from appbuilder_lite import AppBuilder, SecurityManager
from tests.conftest import MakeHost
from tests.web.hosts import KINDS, QUICK, People, add_host_sign_in, make_people
from tests.web.sessions import CAN_LIST, LIST, NEW, session_of
from tests.web.site import PASSWORD, Browser, Site, make_db


@pytest.fixture
def hosted(make_host: MakeHost) -> People:
    """A host with its own Flask-Login, which sends signed-in people away from its sign-in page."""
    people = make_people(make_host, "integer", "host")
    people.add("ann", CAN_LIST)
    return people


def _follow(client: FlaskClient, address: str) -> TestResponse:
    """Follow redirects as a browser does; a browser gives up after some twenty."""
    for _ in range(10):
        answer = client.get(address)
        if answer.status_code != 302:
            return answer
        address = answer.location
    raise AssertionError(f"redirected in circles: {address}")


def _shown_to_the_host(browser: Browser) -> str:
    return str(browser.get("/").text)


def test_the_digest_is_put_into_the_session_at_the_hosts_sign_in(hosted: People) -> None:
    ann = hosted.enter("ann")
    found = session_of(ann.client)
    assert re.fullmatch(r"[0-9a-f]{64}", found["_ab_digest"])
    assert found["_user_id"] == "1", "the host's own token is left alone"
    assert ann.get(LIST).status_code == 200


def test_our_sign_in_page_is_not_there(hosted: People) -> None:
    assert hosted.browser().get("/admin/login/").status_code == 404
    assert hosted.browser().get(LIST).location == "/login?next=%2Fadmin%2Fcustomerview%2Flist%2F"


def test_a_session_from_before_counts_only_without_a_stamp(hosted: People) -> None:
    for has_stamp, status in ((False, 200), (True, 302)):
        with hosted.app.app_context():
            if has_stamp:
                hosted.sm.end_sessions(hosted.get("ann"))
                hosted.db.session.commit()
        browser = hosted.browser()
        with browser.client.session_transaction() as before:
            before.update(_user_id="1", _fresh=True)
        assert browser.get(LIST).status_code == status


def test_a_session_from_before_is_tied_to_the_password_it_met(hosted: People) -> None:
    browser = hosted.browser()
    with browser.client.session_transaction() as before:
        before.update(_user_id="1", _fresh=True)
    assert browser.get(LIST).status_code == 200
    with hosted.app.app_context():
        hosted.get("ann").password = generate_password_hash("changed by the host", QUICK)
        hosted.db.session.commit()
    assert browser.get(LIST).status_code == 302


@pytest.mark.parametrize("digest", ["", "0" * 64, "é" * 64, 7, None, ["x"], {"a": 1}], ids=ascii)
def test_a_wrong_digest_signs_out_and_leads_to_the_sign_in_page_without_a_loop(hosted: People, digest: Any) -> None:
    ann = hosted.enter("ann")
    with ann.client.session_transaction() as before:
        before.update(_ab_digest=digest, cart=["book"])
    assert _follow(ann.client, LIST).text == "sign in here"
    assert _shown_to_the_host(ann) == "signed in: False"
    assert ann.client.get_cookie("remember_token") is None
    assert session_of(ann.client)["cart"] == ["book"]


def test_a_new_password_ends_the_session_without_a_loop(hosted: People) -> None:
    ann = hosted.enter("ann")
    with hosted.app.app_context():
        hosted.sm.reset_password(1, NEW)
    assert _shown_to_the_host(ann) == "signed in: True", "the host's pages end when ours are visited"
    assert _follow(ann.client, LIST).text == "sign in here"
    assert _shown_to_the_host(ann) == "signed in: False"


def test_an_inactive_user_is_out_without_a_loop(hosted: People) -> None:
    ann = hosted.enter("ann")
    with hosted.app.app_context():
        hosted.get("ann").is_active = False
        hosted.db.session.commit()
    assert _follow(ann.client, LIST).text == "sign in here"
    assert _shown_to_the_host(ann) == "signed in: False"


def test_a_non_ascii_remember_cookie_is_anonymous_on_our_pages(hosted: People) -> None:
    client = hosted.app.test_client(use_cookies=False)
    header = {"Cookie": "remember_token=1|é".encode().decode("latin-1")}
    assert client.get(LIST, headers=header).status_code == 302


def test_signing_out_on_our_page_signs_out_of_the_host(hosted: People) -> None:
    ann = hosted.enter("ann")
    answer = ann.client.post("/admin/logout/", data={"csrf_token": ann.token()})
    assert (answer.status_code, answer.location) == (302, "/login")
    assert _shown_to_the_host(ann) == "signed in: False"
    assert "_ab_digest" not in session_of(ann.client)


def test_messages_of_the_host_that_wait_go_with_who_signs_out_on_our_page(hosted: People) -> None:
    ann = hosted.enter("ann")
    token = ann.token()
    with ann.client.session_transaction() as kept:
        kept["_flashes"] = [("message", "Your card ends with 4711")]
    ann.client.post("/admin/logout/", data={"csrf_token": token})
    assert "_flashes" not in session_of(ann.client)


def test_what_a_host_tells_of_its_own_sign_out_stays(hosted: People) -> None:
    @hosted.app.get("/leave")
    def leave() -> str:
        flash("You have left")
        flask_login.logout_user()
        return "left"

    ann = hosted.enter("ann")
    with ann.client.session_transaction() as kept:
        kept["_ab_undo"] = ["Deleted b", "/admin/x", "2"]
    ann.client.get("/leave")
    left = session_of(ann.client)
    assert left["_flashes"] == [("message", "You have left")]
    assert "_ab_undo" not in left


def test_changing_ones_password_on_our_page_keeps_this_session_at_the_host(hosted: People) -> None:
    here, there = hosted.enter("ann"), hosted.enter("ann")
    fields = {"current_password": PASSWORD, "new_password": NEW, "repeat_password": NEW}
    assert here.send("/admin/resetmypassword/form", **fields).status_code == 302
    assert here.get(LIST).status_code == 200
    assert there.get(LIST).status_code == 302


def test_the_digest_of_one_person_is_of_no_use_to_another(hosted: People) -> None:
    hosted.add("bob", CAN_LIST)
    ann, bob = hosted.enter("ann"), hosted.enter("bob")
    with bob.client.session_transaction() as before:
        before["_ab_digest"] = session_of(ann.client)["_ab_digest"]
    assert bob.get(LIST).status_code == 302


def test_without_a_sign_in_page_strangers_are_told(hosted: People) -> None:
    app: Any = hosted.app
    app.login_manager.login_view = None
    answer = hosted.browser().get(LIST)
    assert answer.status_code == 401
    assert "Sign in first" in answer.text


class _Stranger(flask_login.UserMixin):  # type: ignore[misc]  # Flask-Login has no annotations
    """Somebody whom the host knows from elsewhere."""

    id = "partner-1"


def test_a_current_user_of_another_class_is_nobody_here(make_host: MakeHost, caplog: pytest.LogCaptureFixture) -> None:
    people = make_people(make_host, "integer", "host")
    people.add("ann", roles=("Admin",))
    app: Any = people.app
    app.login_manager.user_loader(lambda text: _Stranger())
    browser = people.browser()
    with browser.client.session_transaction() as before:
        before.update(_user_id="1", _fresh=True)
    caplog.set_level(logging.WARNING, "appbuilder_lite.security")
    answer = _follow(browser.client, LIST)
    assert answer.status_code == 403, "the host's sign-in page would send them back for ever"
    lines = [record.getMessage() for record in caplog.records]
    assert "current_user is a _Stranger, not the user model Account: treated as anonymous." in lines
    assert _shown_to_the_host(browser) == "signed in: True", "the host's own session is the host's"


def test_the_host_signs_people_in_before_our_tables_are_made(make_host: MakeHost) -> None:
    db = make_db()
    host = make_host(db)
    kind = KINDS["integer"]
    model = kind.build(db, (flask_login.UserMixin,))
    add_host_sign_in(host.app, db, model, kind, int)
    manager = type("Security", (SecurityManager,), {"user_model": model})
    builder = AppBuilder(host.app, db, security_manager_class=manager)
    with host.app.app_context():
        model.__table__.create(db.engine)
        db.session.add(model(username="ann"))
        db.session.commit()
    client = host.app.test_client()
    assert client.post("/login", data={"name": "ann"}).status_code == 302
    assert client.get("/").text == "signed in: True"
    assert client.get("/admin/").status_code == 503
    Site(host.app, db, builder).create()
    assert client.get("/admin/").status_code == 200


def test_a_hosts_session_outlives_a_change_of_the_secret_key(hosted: People) -> None:
    ann, old = hosted.enter("ann"), hosted.app.config["SECRET_KEY"]
    hosted.app.config.update(SECRET_KEY="the secret of the next year", SECRET_KEY_FALLBACKS=[old])
    assert ann.get(LIST).status_code == 200
    hosted.app.config["SECRET_KEY_FALLBACKS"] = None
    assert ann.get(LIST).status_code == 200
