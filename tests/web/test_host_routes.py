"""Our marks on the host's own routes, and our answers in the host's own code."""

import logging

import pytest
from flask import Blueprint, abort
from flask.views import MethodView
from flask_login import current_user

from appbuilder_lite import has_access, public, signed_in
from appbuilder_lite.cli import appbuilder
from tests.conftest import CountStatements, MakeHost
from tests.web.conftest import MakeSite
from tests.web.hosts import make_people
from tests.web.site import Site

REPORT = ("can_open", "Sales report")


def _add_routes(site: Site) -> None:
    app = site.app

    @app.get("/report")
    @has_access(*REPORT)
    def report() -> str:
        return "the report"

    @app.post("/report")
    @has_access("can_send", "Sales report")
    def send_report() -> str:
        return "sent"

    @app.get("/mine")
    @signed_in
    def mine() -> str:
        return f"page of {current_user.username}"

    @app.get("/open")
    @public
    def open_to_all() -> str:
        return "open"

    @app.get("/asking")
    def asking() -> str:
        allowed = site.sm.can(current_user, *REPORT)
        return f"{allowed} {site.sm.has_access(*REPORT)}"

    pages = Blueprint("pages", __name__, url_prefix="/pages")

    @pages.get("/<int:number>")
    @has_access("can_read", "Pages")
    def page(number: int) -> str:
        return f"page {number}"

    app.register_blueprint(pages)

    class Stock(MethodView):
        decorators = [signed_in]

        @has_access("can_count", "Stock")
        def get(self) -> str:
            return "counted"

        def post(self) -> str:
            return "any signed-in person"

    app.add_url_rule("/stock", view_func=Stock.as_view("stock"))

    @app.errorhandler(403)
    def forbidden(error: Exception) -> tuple[str, int]:
        return "the host says no", 403


@pytest.fixture
def routed(make_site: MakeSite) -> Site:
    """A site whose host has routes with our marks."""
    site = make_site(create=False)
    _add_routes(site)
    site.create()
    return site


def test_a_permission_of_the_hosts_is_found_before_the_first_request(routed: Site) -> None:
    with routed.app.app_context():
        sm = routed.sm
        assert sm.find_permission("can_open") is not None
        assert sm.find_view_menu("Sales report") is not None
        for pair in (REPORT, ("can_send", "Sales report"), ("can_read", "Pages"), ("can_count", "Stock")):
            assert sm.find_permission_view_menu(*pair) is not None, pair


def test_the_records_are_made_by_the_first_request_to_our_pages(routed: Site) -> None:
    routed.browser().get("/admin/login/")
    with routed.app.app_context():
        stored = {(found.permission, found.view_menu) for found in routed.sm.store.stored_accesses()}
    assert {REPORT, ("can_read", "Pages"), ("can_count", "Stock")} <= stored


def test_the_records_are_made_by_the_command(routed: Site) -> None:
    answer = routed.app.test_cli_runner().invoke(appbuilder, ["sync"])
    assert answer.exit_code == 0, answer.output
    with routed.app.app_context():
        stored = {(found.permission, found.view_menu) for found in routed.sm.store.stored_accesses()}
    assert {REPORT, ("can_read", "Pages"), ("can_count", "Stock")} <= stored


@pytest.mark.parametrize(
    ("address", "back"),
    [
        ("/report", "%2Freport"),
        ("/report?year=2024&by=a%20b", "%2Freport%3Fyear%3D2024%26by%3Da%2520b"),
        ("/mine", "%2Fmine"),
        ("/pages/7", "%2Fpages%2F7"),
        ("/stock", "%2Fstock"),
    ],
)
def test_a_stranger_is_sent_to_sign_in_and_back(routed: Site, address: str, back: str) -> None:
    answer = routed.browser().get(address)
    assert (answer.status_code, answer.location) == (302, f"/admin/login/?next={back}")


def test_after_signing_in_the_way_leads_back_to_the_hosts_page(routed: Site) -> None:
    routed.user("ann", REPORT)
    browser = routed.browser()
    refused = browser.get("/report?year=2024")
    answer = browser.send(refused.location, username="ann", password="correct horse battery")
    assert answer.location == "/report?year=2024"
    assert browser.get(answer.location).text == "the report"


def test_a_strangers_post_leads_to_the_sign_in_page_without_a_way_back(routed: Site) -> None:
    answer = routed.browser().client.post("/report")
    assert (answer.status_code, answer.location) == (302, "/admin/login/")


def test_whoever_lacks_the_permission_meets_the_hosts_own_403(routed: Site) -> None:
    routed.user("ann")
    ann = routed.sign_in("ann")
    for address in ("/report", "/pages/7", "/stock"):
        answer = ann.get(address)
        assert (answer.status_code, answer.text) == (403, "the host says no")
    assert ann.get("/mine").text == "page of ann"
    assert ann.client.post("/stock").text == "any signed-in person"


def test_each_permission_opens_its_own_route(routed: Site) -> None:
    routed.user("ann", REPORT)
    routed.user("bob", ("can_read", "Pages"), ("can_count", "Stock"))
    ann, bob = routed.sign_in("ann"), routed.sign_in("bob")
    assert ann.get("/report").text == "the report"
    assert ann.client.post("/report").status_code == 403, "sending is another permission"
    assert ann.get("/pages/7").status_code == 403
    assert bob.get("/pages/7").text == "page 7"
    assert bob.get("/stock").text == "counted"
    assert bob.get("/report").status_code == 403


def test_an_admin_may_everything_and_posts_need_no_token_of_ours(routed: Site) -> None:
    admin = routed.admin()
    assert admin.get("/report").text == "the report"
    assert admin.client.post("/report").text == "sent", "protecting its own forms is the host's business"


def test_the_public_role_opens_a_route_to_strangers(routed: Site) -> None:
    with routed.app.app_context():
        sm = routed.sm
        sm.add_permission_role(sm.find_role("Public"), sm.find_permission_view_menu(*REPORT))
    assert routed.browser().get("/report").text == "the report"
    assert routed.browser().get("/pages/7").status_code == 302


def test_what_is_public_asks_nothing(routed: Site, count_statements: CountStatements) -> None:
    with count_statements() as seen:
        assert routed.browser().get("/open").text == "open"
    assert len(seen) == 0


def test_the_hosts_code_may_ask(routed: Site) -> None:
    routed.user("ann", REPORT)
    routed.user("bob")
    assert routed.browser().get("/asking").text == "False False"
    assert routed.sign_in("ann").get("/asking").text == "True True"
    assert routed.sign_in("bob").get("/asking").text == "False False"


def test_a_role_change_counts_on_the_hosts_route_at_the_next_request(routed: Site) -> None:
    routed.user("ann")
    ann = routed.sign_in("ann")
    assert ann.get("/report").status_code == 403
    with routed.app.app_context():
        sm = routed.sm
        role = sm.add_role("Readers")
        sm.set_user_roles(sm.find_user("ann"), [role])
        sm.add_permission_role(role, sm.find_permission_view_menu(*REPORT))
    assert ann.get("/report").status_code == 200


def test_a_route_of_the_hosts_costs_one_statement(routed: Site, count_statements: CountStatements) -> None:
    routed.user("ann", REPORT)
    ann = routed.sign_in("ann")
    ann.get("/report")
    with count_statements() as seen:
        ann.get("/report")
    assert len(seen) == 1, seen.texts


def test_a_refusal_is_logged_with_the_person(routed: Site, caplog: pytest.LogCaptureFixture) -> None:
    routed.user("ann")
    ann = routed.sign_in("ann")
    caplog.set_level(logging.WARNING, "appbuilder_lite.security")
    ann.get("/report")
    assert "Denied: can_open on Sales report to user 1, GET /report." in caplog.text


def test_the_hosts_own_sign_in_page_is_where_strangers_are_sent(make_host: MakeHost) -> None:
    people = make_people(make_host, "uuid", "host")

    @people.app.get("/report")
    @has_access(*REPORT)
    def report() -> str:
        return "the report"

    people.add("ann", REPORT)
    people.add("bob")
    answer = people.browser().get("/report")
    assert (answer.status_code, answer.location) == (302, "/login?next=%2Freport")
    assert people.enter("ann").get("/report").text == "the report"
    assert people.enter("bob").get("/report").status_code == 403


def test_marks_leave_the_function_its_name_and_words() -> None:
    @has_access(*REPORT)
    def report() -> str:
        """Sums."""
        return "the report"

    assert (report.__name__, report.__doc__) == ("report", "Sums.")


def test_a_bare_mark_on_a_plain_function_is_refused_at_once() -> None:
    with pytest.raises(TypeError, match=r'has_access\("can_report", "\.\.\."\)'):

        @has_access
        def report() -> str:
            return "the report"

    with pytest.raises(TypeError, match="needs both names"):
        has_access("can_open")  # type: ignore[call-overload]  # the mistake that this is about


def test_a_mark_without_names_on_a_class_of_the_hosts_is_found_and_closed(
    make_site: MakeSite, caplog: pytest.LogCaptureFixture
) -> None:
    site = make_site(create=False)

    class Report(MethodView):
        @has_access
        def get(self) -> str:
            return "open to everybody"

    site.app.add_url_rule("/report", view_func=Report.as_view("report"))
    site.create()
    assert site.browser().get("/report").status_code == 403
    assert site.browser().get("/admin/").status_code == 503
    assert "AB336" in caplog.text
    assert "Report.get" in caplog.text
    answer = site.app.test_cli_runner().invoke(appbuilder, ["check"])
    assert answer.exit_code != 0
    assert "AB336" in answer.output


def test_signed_in_guards_a_method_of_the_hosts_class(make_site: MakeSite) -> None:
    site = make_site(create=False)

    class Report(MethodView):
        @signed_in
        def get(self) -> str:
            return "for any user"

    site.app.add_url_rule("/report", view_func=Report.as_view("report"))
    site.create()
    site.user("ann")
    assert site.browser().get("/report").status_code == 302
    assert site.sign_in("ann").get("/report").text == "for any user"


def test_a_refusal_of_the_hosts_own_is_left_alone(make_site: MakeSite) -> None:
    site = make_site(create=False)

    @site.app.get("/secret")
    @signed_in
    def secret() -> str:
        abort(404)

    site.create()
    assert site.admin().get("/secret").status_code == 404
