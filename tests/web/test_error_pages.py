"""Error pages: each status in words and with a way on, as JSON for who wants that; 500 and 503 need nobody."""

import logging
from collections.abc import Iterable
from typing import Any

import flask_login
import pytest
from flask import Response, abort
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import MethodNotAllowed, TooManyRequests
from werkzeug.test import TestResponse

from appbuilder_lite import (
    AppBuilder,
    BaseView,
    ModelView,
    SecurityManager,
    SimpleFormView,
    SQLAInterface,
    action,
    expose,
    signed_in,
)
from tests.conftest import MakeHost
from tests.web.declared import site_of
from tests.web.site import Site, make_db
from tests.web.test_expired import Wish

JSON = {"Accept": "application/json"}


def _declare(site: Site) -> Iterable[type[Any]]:
    class CustomerView(ModelView):
        datamodel = SQLAInterface(site.models.Customer)

        @action("ship", "Ship them")
        def ship(self, items: Any) -> None:
            """Nothing."""

    class WishView(SimpleFormView):
        form = Wish
        form_title = "Make a wish"

    class Trouble(BaseView):
        default_view = "status"

        @expose("/status")
        @expose("/status/<int:code>")
        @signed_in
        def status(self, code: int = 418) -> ResponseReturnValue:
            if code == 405:
                raise MethodNotAllowed(["PUT"])
            if code == 429:
                raise TooManyRequests(retry_after=30)
            return abort(code)

        @expose("/own")
        @signed_in
        def own(self) -> ResponseReturnValue:
            return abort(Response("an answer of its own", 409))

        @expose("/crash", methods=["GET", "POST"])
        @signed_in
        def crash(self) -> ResponseReturnValue:
            raise ZeroDivisionError("the secret cause")

        @expose("/gone")
        @signed_in
        def gone(self) -> ResponseReturnValue:
            raise DBAPIError("SELECT secret", {}, Exception("gone"), connection_invalidated=True)

    return [CustomerView, WishView, Trouble]


@pytest.fixture
def site(make_host: MakeHost) -> Site:
    return site_of(make_host, _declare)


def _links(page: TestResponse) -> list[str]:
    """The links of the message itself."""
    _before, _found, message = page.text.partition("ab-message")
    return [part.partition('"')[0] for part in message.partition("</div>")[0].split('href="')[1:]]


STATUSES = {
    400: "This request cannot be understood",
    401: "Sign in first",
    403: "You cannot do this",
    404: "There is no such page",
    405: "This cannot be done here",
    413: "This is too large",
    422: "This cannot be taken",
    429: "Too many attempts",
    409: "Conflict",
}


def test_each_status_has_its_page_in_words_and_its_json(site: Site) -> None:
    admin = site.admin()
    for code, title in STATUSES.items():
        page = admin.get(f"/admin/trouble/status/{code}")
        assert (page.status_code, page.mimetype) == (code, "text/html")
        assert f"<h1>{title}</h1>" in page.text
        assert "Admin Tester" in page.text, "inside the whole shell"
        assert _links(page) == ["/admin/"]
        as_json = admin.get(f"/admin/trouble/status/{code}", headers=JSON)
        assert (as_json.status_code, as_json.mimetype) == (code, "application/json")
        assert as_json.get_json()["message"] == title
        assert set(as_json.get_json()) == {"message", "detail"}
        for answer in (page, as_json):
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["X-Frame-Options"] == "DENY"


def test_what_an_error_tells_in_its_headers_is_kept(site: Site) -> None:
    admin = site.admin()
    for headers in ({}, JSON):
        assert admin.get("/admin/trouble/status/405", headers=headers).headers["Allow"] == "PUT"
        assert admin.get("/admin/trouble/status/429", headers=headers).headers["Retry-After"] == "30"


def test_an_answer_that_an_error_brings_along_is_left_as_it_is(site: Site) -> None:
    answer = site.admin().get("/admin/trouble/own")
    assert (answer.status_code, answer.text) == (409, "an answer of its own")


@pytest.mark.parametrize(
    ("url", "title"),
    [
        ("list/", "You cannot open Customers"),
        ("show/1", "You cannot open Customers"),
        ("add", "You cannot add to Customers"),
        ("edit/1", "You cannot change Customers"),
        ("delete/1", "You cannot delete from Customers"),
    ],
)
def test_a_refusal_names_the_view_and_the_permission_that_is_lacking(site: Site, url: str, title: str) -> None:
    site.user("olga", ("can_this_form_get", "WishView"))
    olga = site.sign_in("olga")
    page = olga.get(f"/admin/customerview/{url}")
    assert page.status_code == 403
    assert f"<h1>{title}</h1>" in page.text
    permission = f"can_{url.strip('/').partition('/')[0]} on CustomerView"
    assert f"None of your roles has the permission “{permission}”" in page.text
    assert _links(page) == ["/admin/"], "no link to the list, which is closed to her too"
    answer = olga.get(f"/admin/customerview/{url}", headers=JSON)
    assert (answer.status_code, answer.get_json()["message"]) == (403, title)


def test_a_refusal_leads_back_to_the_list_where_that_is_open(site: Site) -> None:
    site.user("olga", ("can_list", "CustomerView"))
    olga = site.sign_in("olga")
    page = olga.get("/admin/customerview/edit/1")
    assert _links(page) == ["/admin/customerview/list/", "/admin/"]
    assert ">Back to Customers<" in page.text


def test_other_views_are_called_what_the_menu_or_their_title_says(site: Site) -> None:
    site.user("olga", ("can_list", "CustomerView"))
    page = site.sign_in("olga").get("/admin/wishview/form")
    assert "<h1>You cannot open Make a wish</h1>" in page.text
    with site.app.app_context():
        state = site.app.extensions["appbuilder_lite"]["appbuilder"]
        assert state.views["Trouble"].view_title == "Trouble"
        assert state.views["UserInfoEditView"].view_title == "My profile"
        assert state.views["PermissionViewModelView"].view_title == "Permissions on views and menus"


def test_an_action_that_is_closed_is_told_without_naming_the_list(site: Site) -> None:
    site.user("olga", ("can_list", "CustomerView"))
    olga = site.sign_in("olga")
    data = {"csrf_token": olga.token(), "action": "ship", "rowid": "1"}
    page = olga.client.post("/admin/customerview/action_post", data=data)
    assert page.status_code == 403
    assert "<h1>You cannot do this</h1>" in page.text


def test_a_missing_record_is_told_with_the_way_back(site: Site) -> None:
    admin = site.admin()
    for url in ("show/99", "edit/99", "delete/99"):
        page = admin.get(f"/admin/customerview/{url}")
        assert page.status_code == 404
        assert "<h1>This customer does not exist or was deleted</h1>" in page.text
        assert _links(page) == ["/admin/customerview/list/", "/admin/"]


def test_an_address_with_a_fault_says_which(site: Site) -> None:
    admin = site.admin()
    page = admin.get("/admin/customerview/list/?page=x")
    assert page.status_code == 400
    assert "<h1>This address cannot be understood</h1>" in page.text
    assert "page: Must be a whole number" in page.text
    assert admin.get("/admin/customerview/list/?page=x", headers=JSON).get_json()["detail"].startswith("page: ")


def test_nothing_here_is_told_with_the_ways_on_and_other_verbs_with_what_is_allowed(site: Site) -> None:
    admin = site.admin()
    page = admin.get("/admin/no/such/page")
    assert page.status_code == 404
    assert "<h1>There is no such page</h1>" in page.text
    answer = admin.client.delete("/admin/customerview/list/", headers=JSON)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert answer.get_json()["message"] == "This cannot be done here"


def test_strangers_are_sent_to_sign_in_and_get_401_where_they_want_json(site: Site) -> None:
    browser = site.browser()
    assert browser.get("/admin/customerview/list/").status_code == 302
    answer = browser.get("/admin/customerview/list/", headers=JSON)
    assert (answer.status_code, answer.get_json()["message"]) == (401, "Sign in first")
    assert _links(browser.get("/admin/no/such/page")) == []


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        ("*/*", "text/html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("application/json, text/plain, */*", "application/json"),
        ("application/json;q=0.5, text/html", "text/html"),
        ("image/png", "text/html"),
        ("nonsense;;q=x", "text/html"),
    ],
)
def test_json_is_for_who_would_rather_have_it(site: Site, accept: str, mimetype: str) -> None:
    assert site.admin().get("/admin/no/such/page", headers={"Accept": accept}).mimetype == mimetype


def test_a_body_that_is_too_large_is_told_inside_the_shell(make_host: MakeHost) -> None:
    site = site_of(make_host, _declare, rows=1, APPBUILDER_MAX_FORM_BYTES=1000)
    page = site.admin().client.post("/admin/customerview/add", data={"name": "x" * 2000})
    assert page.status_code == 413
    assert "<h1>This is too large</h1>" in page.text
    assert "Admin Tester" in page.text


@pytest.fixture
def live(site: Site) -> Site:
    """A site that answers errors as it does when it is deployed."""
    site.app.config["PROPAGATE_EXCEPTIONS"] = False
    return site


def test_a_crash_gives_an_id_that_the_log_has_too_and_nothing_else(
    live: Site, caplog: pytest.LogCaptureFixture
) -> None:
    admin = live.admin()
    token = admin.token()
    page = admin.get("/admin/trouble/crash?x=1")
    assert page.status_code == 500
    assert "<h1>Something went wrong</h1>" in page.text
    assert _links(page) == ["/admin/trouble/crash?x=1"]
    answer = admin.get("/admin/trouble/crash", headers=JSON)
    assert set(answer.get_json()) == {"message", "detail", "error_id"}
    posted = admin.client.post("/admin/trouble/crash", data={"csrf_token": token})
    assert _links(posted) == [], "what was posted is not sent again by a link"
    for text_of in (page.text, answer.text, posted.text):
        assert "secret cause" not in text_of
        assert "Traceback" not in text_of
        assert "Admin Tester" not in text_of
    ids = [record.args[0] for record in caplog.records if record.message.startswith("Error ") and record.args]  # type: ignore[index]
    assert [answer.get_json()["error_id"] == ids[1], f"<code>{ids[0]}</code>" in page.text] == [True, True]


def test_a_connection_that_went_away_is_a_503_in_words(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger="appbuilder_lite")
    admin = site.admin()
    page = admin.get("/admin/trouble/gone")
    assert page.status_code == 503
    assert "<h1>Not available just now</h1>" in page.text
    assert "SELECT" not in page.text
    assert _links(page) == ["/admin/trouble/gone"]
    assert admin.get("/admin/trouble/gone", headers=JSON).get_json()["message"] == "Not available just now"


def test_missing_tables_are_a_503_and_the_next_request_finds_them(make_host: MakeHost) -> None:
    site = site_of(make_host, _declare, rows=0)
    admin = site.admin()
    with site.app.app_context():
        site.db.session.execute(text("ALTER TABLE ab_user_role RENAME TO away"))
        site.db.session.commit()
    for headers, mimetype in (({}, "text/html"), (JSON, "application/json")):
        page = admin.get("/admin/", headers=headers)
        assert (page.status_code, page.mimetype) == (503, mimetype)
        assert "ab_user_role" not in page.text
    with site.app.app_context():
        site.db.session.execute(text("ALTER TABLE away RENAME TO ab_user_role"))
        site.db.session.commit()
    assert admin.get("/admin/").status_code == 200


def test_a_bare_page_runs_nothing_of_the_hosts_that_may_ask_the_database(make_host: MakeHost) -> None:
    """Flask-Login of a host loads the user for each template; with the database away that is one more error."""
    db = make_db()
    host = make_host(db)
    asked: list[str] = []

    class Account(flask_login.UserMixin, db.Model):  # type: ignore[misc, name-defined]  # the base is made at run time
        id = db.Column(db.Integer, primary_key=True)
        username = db.Column(db.String(20))

    manager = flask_login.LoginManager(host.app)
    manager.login_view = "sign_in"
    host.app.add_url_rule("/sign-in", "sign_in", lambda: "")
    manager.user_loader(asked.append)

    @host.app.context_processor
    def words() -> dict[str, str]:
        asked.append("processor")
        return {}

    AppBuilder(host.app, db, security_manager_class=type("Own", (SecurityManager,), {"user_model": Account}))
    client = host.app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = "1"
    answer = client.get("/admin/")
    assert answer.status_code == 503
    assert "<h1>Not available just now</h1>" in answer.text
    assert "processor" not in asked
