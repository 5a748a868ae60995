"""Each unsafe request to our pages carries a token, whatever the host does; the host's own forms stay the host's."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, g
from flask_wtf import CSRFProtect, FlaskForm
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse
from wtforms import StringField

from appbuilder_lite import BaseView, PublicFormView, SimpleFormView, expose, has_access
from appbuilder_lite.builtin.auth import SignInForm
from tests.web.conftest import MakeSite
from tests.web.site import PASSWORD, Browser, Site, token_of

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
TOLD = "This form has expired"


def _plain(site: Site) -> None:
    """A host without any protection of its own."""


def _protected(site: Site) -> None:
    CSRFProtect(site.app)


def _exempt(site: Site) -> None:
    """A host that believes to have exempted us."""
    csrf = CSRFProtect(site.app)
    for blueprint in site.app.blueprints.values():
        csrf.exempt(blueprint)


def _waved_through(site: Site) -> None:
    @site.app.before_request
    def wave() -> None:
        g.csrf_valid = True


def _switched_off(site: Site) -> None:
    """The host's protection checks nothing by default."""
    site.app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_METHODS=[])
    CSRFProtect(site.app)


def _off_in_production(site: Site) -> None:
    site.app.config.update(WTF_CSRF_ENABLED=False, TESTING=False)


HOSTS = (_plain, _protected, _exempt, _waved_through, _switched_off, _off_in_production)


@pytest.fixture(params=HOSTS, ids=lambda prepare: prepare.__name__.strip("_"))
def guarded(request: pytest.FixtureRequest, make_site: MakeSite) -> Site:
    """A site on a host that protects itself, or not, in one of many ways."""
    site = make_site(create=False)
    request.param(site)
    site.create()
    site.fill(3)
    return site


def _unsafe_routes(site: Site) -> Iterator[tuple[str, str]]:
    adapter = site.app.url_map.bind("localhost")
    for rule in site.app.url_map.iter_rules():
        # Whatever no route takes is answered with 404 or 405 and does nothing.
        if rule.endpoint.startswith("appbuilder.") and rule.endpoint != "appbuilder.unmatched":
            for verb in sorted((rule.methods or set()) & set(UNSAFE)):
                yield verb, adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, "1"))


def _counts(site: Site) -> dict[str, int]:
    with site.app.app_context():
        models = (*vars(site.models).values(), site.sm.models.user, site.sm.models.role)
    return {model.__name__: site.count(model) for model in models}


def test_every_unsafe_route_of_ours_demands_the_token(guarded: Site) -> None:
    admin = guarded.admin()
    before, routes = _counts(guarded), list(_unsafe_routes(guarded))
    assert len(routes) > 10
    for verb, address in routes:
        for data in ({}, {"csrf_token": ""}, {"csrf_token": "nonsense"}):
            answer = admin.client.open(address, method=verb, data=data)
            assert answer.status_code == 400, (verb, address, data)
    assert _counts(guarded) == before
    assert admin.get("/admin/").status_code == 200, "nobody was signed out either"


def test_the_token_is_taken_from_the_form_or_a_header(guarded: Site) -> None:
    admin = guarded.admin()
    address = "/admin/countryview/add"
    assert admin.send(address, name="By form").status_code == 302
    for header in ("X-CSRFToken", "X-CSRF-Token"):
        answer = admin.client.post(
            address, data={"name": f"By {header}", "_fields": "name"}, headers={header: admin.token()}
        )
        assert answer.status_code == 302, answer.text
    assert guarded.count(guarded.models.Country) == 5


def test_a_token_in_the_address_or_a_cookie_is_none(guarded: Site) -> None:
    admin = guarded.admin()
    token = admin.token()
    admin.client.set_cookie("csrf_token", token)
    answer = admin.client.post(f"/admin/countryview/add?csrf_token={token}", data={"name": "Sneaked in"})
    assert answer.status_code == 400
    assert guarded.count(guarded.models.Country) == 2


def test_signing_in_takes_a_token(guarded: Site) -> None:
    guarded.user("ann")
    browser = guarded.browser()
    data = {"username": "ann", "password": PASSWORD}
    assert browser.client.post("/admin/login/", data=data).status_code == 400
    assert browser.get("/admin/").status_code == 302


def _expired(site: Site, browser: Browser) -> str:
    browser.token()
    site.app.config["WTF_CSRF_TIME_LIMIT"] = -1
    return browser.token()


def _foreign(site: Site, browser: Browser) -> str:
    """The token of somebody else's session."""
    return token_of(site.browser().get("/admin/login/"))


def _of_before_signing_in(site: Site, browser: Browser) -> str:
    other = site.browser()
    token = token_of(other.get("/admin/login/"))
    other.client.post("/admin/login/", data={"csrf_token": token, "username": "admin", "password": PASSWORD})
    browser.client = other.client
    return token


def _signed_with_another_key(site: Site, browser: Browser) -> str:
    browser.token()
    with browser.client.session_transaction() as found:
        value = found["csrf_token"]
    return str(URLSafeTimedSerializer("another key", salt="wtf-csrf-token").dumps(value))


def _unsigned(site: Site, browser: Browser) -> str:
    browser.token()
    with browser.client.session_transaction() as found:
        return str(found["csrf_token"])


TOKENS = (_expired, _foreign, _of_before_signing_in, _signed_with_another_key, _unsigned)


def _assert_told(answer: TestResponse) -> None:
    assert answer.status_code == 400
    assert TOLD in answer.text
    assert "Go back, reload the page" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("make_token", TOKENS, ids=lambda make: make.__name__.strip("_"))
def test_a_token_that_does_not_hold_is_told_in_words_and_writes_nothing(site: Site, make_token: Any) -> None:
    admin = site.admin()
    token = make_token(site, admin)
    answer = admin.client.post("/admin/countryview/add", data={"csrf_token": token, "name": "Written"})
    _assert_told(answer)
    assert site.count(site.models.Country) == 2
    site.app.config["WTF_CSRF_TIME_LIMIT"] = 3600
    assert admin.send("/admin/countryview/add", name="Written").status_code == 302


@pytest.mark.parametrize(
    "token", ["é", "\x00", "a" * 5000, "{}", "null", "W10.x.y"], ids=lambda token: ascii(token)[:9]
)
def test_a_token_of_nonsense_is_told_in_words(site: Site, token: str) -> None:
    admin = site.admin()
    _assert_told(admin.client.post("/admin/countryview/add", data={"csrf_token": token, "name": "Written"}))
    header = token.encode().decode("latin-1") if token.isprintable() else "x"
    answer = admin.client.post("/admin/countryview/add", data={"name": "Written"}, headers={"X-CSRFToken": header})
    _assert_told(answer)


def test_the_order_is_who_then_what_then_the_token(site: Site) -> None:
    site.user("ann")
    assert site.browser().client.post("/admin/countryview/add").status_code == 302
    assert site.sign_in("ann").client.post("/admin/countryview/add").status_code == 403


def test_switching_it_off_counts_while_testing(make_site: MakeSite) -> None:
    site = make_site(WTF_CSRF_ENABLED=False)
    site.fill(1)
    site.user("admin", roles=("Admin",))
    client = site.app.test_client()
    assert client.post("/admin/login/", data={"username": "admin", "password": PASSWORD}).status_code == 302
    assert client.post("/admin/countryview/add", data={"name": "Tested", "_fields": "name"}).status_code == 302
    site.app.testing = False
    assert client.post("/admin/countryview/add", data={"name": "Live", "_fields": "name"}).status_code == 400
    assert site.count(site.models.Country) == 3


def test_views_of_the_hosts_are_guarded_alike(make_site: MakeSite) -> None:
    site = make_site(create=False)
    done: list[str] = []

    class Buttons(BaseView):
        default_view = "press"

        @expose("/press", methods=["POST", "PUT", "PATCH", "DELETE"])
        @has_access
        def press(self) -> str:
            done.append("pressed")
            return "pressed"

    class Wish(PublicFormView):
        form = SignInForm

        def form_post(self, form: Any) -> str:
            done.append("wished")
            return "wished"

    class Order(SimpleFormView):
        form = SignInForm

        def form_post(self, form: Any) -> str:
            done.append("ordered")
            return "ordered"

    with site.app.app_context():
        for view in (Buttons, Wish, Order):
            site.builder.add_view_no_menu(view)
    site.create()
    admin = site.admin()
    fields = {"username": "a", "password": "b"}
    for verb in UNSAFE:
        assert admin.client.open("/admin/buttons/press", method=verb).status_code == 400
    for address in ("/admin/wish/form", "/admin/order/form"):
        assert admin.client.post(address, data=fields).status_code == 400
    assert site.browser().client.post("/admin/wish/form", data=fields).status_code == 400
    assert done == []
    token = {"csrf_token": admin.token()}
    for verb in UNSAFE:
        assert admin.client.open("/admin/buttons/press", method=verb, data=token).text == "pressed"
    assert admin.client.post("/admin/order/form", data={**fields, **token}).text == "ordered"
    assert site.browser().send("/admin/wish/form", **fields).text == "wished"


class _Name(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no annotations
    name = StringField()


def _add_host_pages(app: Flask) -> None:
    @app.route("/hello", methods=["GET", "POST"])
    def hello() -> str:
        form = _Name()
        return "hello" if form.validate_on_submit() else str(form.csrf_token)

    @app.post("/bare")
    def bare() -> str:
        return "taken"


@pytest.mark.parametrize(("prepare", "bare_status"), [(_plain, 200), (_protected, 400)])
def test_the_hosts_pages_keep_the_protection_they_had(make_site: MakeSite, prepare: Any, bare_status: int) -> None:
    site = make_site(create=False)
    _add_host_pages(site.app)
    prepare(site)
    site.create()
    browser = site.browser()
    token = token_of_field(browser.get("/hello"))
    assert browser.client.post("/hello", data={"csrf_token": token, "name": "x"}).text == "hello"
    assert browser.client.post("/hello", data={"name": "x"}).text != "hello"
    assert browser.client.post("/bare").status_code == bare_status


@pytest.mark.parametrize("prepare", [_plain, _protected])
def test_one_token_is_good_for_both(make_site: MakeSite, prepare: Any) -> None:
    site = make_site(create=False)
    _add_host_pages(site.app)
    prepare(site)
    site.create()
    site.fill(1)
    admin = site.admin()
    ours, hosts = admin.token(), token_of_field(admin.get("/hello"))
    assert admin.client.post("/hello", data={"csrf_token": ours, "name": "x"}).text == "hello"
    answer = admin.client.post("/admin/countryview/add", data={"csrf_token": hosts, "name": "x", "_fields": "name"})
    assert answer.status_code == 302


def test_the_hosts_own_name_for_the_token_is_ours_too(make_site: MakeSite) -> None:
    site = make_site(create=False, WTF_CSRF_FIELD_NAME="xsrf", WTF_CSRF_HEADERS=["X-Anti"])
    CSRFProtect(site.app)
    site.create()
    site.fill(1)
    site.user("admin", roles=("Admin",))
    client = site.app.test_client()
    token = token_of_field(client.get("/admin/login/"), "xsrf")
    data = {"xsrf": token, "username": "admin", "password": PASSWORD}
    assert client.post("/admin/login/", data=data).status_code == 302
    token = token_of_field(client.get("/admin/countryview/add"), "xsrf")
    fields = {"name": "By form", "_fields": "name"}
    assert client.post("/admin/countryview/add", data={**fields, "xsrf": token}).status_code == 302
    fields["name"] = "By header"
    assert client.post("/admin/countryview/add", data=fields, headers={"X-Anti": token}).status_code == 302
    fields["name"] = "By nothing"
    assert client.post("/admin/countryview/add", data=fields).status_code == 400
    assert site.count(site.models.Country) == 4


def test_over_tls_the_hosts_strict_referrer_check_lets_our_forms_pass(make_site: MakeSite) -> None:
    site = make_site(create=False)
    CSRFProtect(site.app)
    site.create()
    site.user("ann")
    client = site.app.test_client()
    page = client.get("/admin/login/", base_url="https://localhost")
    assert page.headers["Referrer-Policy"] == "same-origin", "so that browsers send the referrer to this site"
    data = {"csrf_token": token_of(page), "username": "ann", "password": PASSWORD}
    sent = {"Referer": "https://localhost/admin/login/"}
    assert client.post("/admin/login/", data=data, headers=sent, base_url="https://localhost").status_code == 302


def token_of_field(page: TestResponse, name: str = "csrf_token") -> str:
    """The token in a page, of ours or of the host's."""
    _before, found, rest = page.text.partition(f'name="{name}"')
    assert found, page.text
    return rest.partition('value="')[2].partition('"')[0]
