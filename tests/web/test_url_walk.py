"""Every route of ours, with every verb: closed to whoever has no right to it, and never a 500."""

from collections.abc import Iterator

import pytest
from werkzeug.routing import Rule

from appbuilder_lite import BaseView, ConfigurationError, SimpleFormView, expose
from appbuilder_lite.security.access import Mark
from tests.web.conftest import MakeSite
from tests.web.site import Browser, Site

VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

PUBLIC = {"appbuilder.AuthDBView.login", "appbuilder.static", "appbuilder.unmatched"}
SIGNED_IN = {
    "appbuilder.AuthDBView.logout",
    "appbuilder.IndexView.index",
    "appbuilder.UtilView.columns",
    "appbuilder.UtilView.density",
    "appbuilder.UtilView.menu",
    "appbuilder.UtilView.nav",
    "appbuilder.UtilView.search",
    "appbuilder.UtilView.shortcuts",
    "appbuilder.UtilView.theme",
    "appbuilder.ResetMyPasswordView.this_form_get",
    "appbuilder.ResetMyPasswordView.this_form_post",
    "appbuilder.UserInfoEditView.this_form_get",
    "appbuilder.UserInfoEditView.this_form_post",
}


def _rules(site: Site) -> Iterator[Rule]:
    return (rule for rule in site.app.url_map.iter_rules() if rule.endpoint.startswith("appbuilder."))


def addresses(site: Site, *values: str) -> Iterator[tuple[Rule, str]]:
    adapter = site.app.url_map.bind("localhost")
    for rule in _rules(site):
        for value in values if rule.arguments else values[:1]:
            yield rule, adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, value))


def _walk(site: Site, browser: Browser) -> Iterator[tuple[Rule, str, str, int, str]]:
    token = browser.token("/admin/login/") if browser.get("/admin/").status_code == 302 else browser.token()
    for rule, address in addresses(site, "1", "nonsense"):
        for verb in VERBS:
            data = {"csrf_token": token} if verb not in {"GET", "HEAD", "OPTIONS"} else None
            if rule.endpoint.endswith(".logout"):
                data = None
            answer = browser.client.open(address, method=verb, data=data)
            answer.close()
            yield rule, address, verb, answer.status_code, answer.location or ""


def test_a_stranger_gets_nowhere(site: Site) -> None:
    for rule, address, verb, status, location in _walk(site, site.browser()):
        where = f"{verb} {address}"
        assert status < 500, where
        if rule.endpoint in PUBLIC:
            continue
        assert status in {302, 403, 404, 405}, (where, status)
        if status == 302:
            assert location.startswith("/admin/login/"), where


def test_a_user_without_roles_gets_no_further_than_the_signed_in_pages(site: Site) -> None:
    site.user("nobody")
    for rule, address, verb, status, _ in _walk(site, site.sign_in("nobody")):
        where = f"{verb} {address}"
        assert status < 500, where
        if rule.endpoint in PUBLIC | SIGNED_IN:
            continue
        assert status in {403, 404, 405}, (where, status)


def test_an_admin_meets_no_server_error(site: Site) -> None:
    for _, address, verb, status, _location in _walk(site, site.admin()):
        assert status < 500, (verb, address)


def test_the_open_routes_are_these_and_no_others(site: Site) -> None:
    marks = {
        site.builder.state.endpoint(route.endpoint): route.requirement
        for view in site.builder.state.views.values()
        for route in view.routes.values()
    }
    assert {name for name, mark in marks.items() if mark is Mark.PUBLIC} == PUBLIC - {
        "appbuilder.static",
        "appbuilder.unmatched",
    }
    signed_in = {name for name, mark in marks.items() if mark is Mark.SIGNED_IN}
    actions = {name for name in signed_in if name.endswith((".action", ".action_post"))}
    assert signed_in - actions == SIGNED_IN


def test_reading_rights_open_no_writing_route(site: Site) -> None:
    site.user("reader", ("can_list", "CustomerView"), ("can_show", "CustomerView"))
    reader = site.sign_in("reader")
    page = reader.get("/admin/customerview/list/")
    assert page.status_code == 200
    for word in ("/add", "/edit/", "/delete/"):
        assert f"/admin/customerview{word}" not in page.text
    token = reader.token()
    for url in ("add", "edit/1", "delete/1"):
        assert reader.get(f"/admin/customerview/{url}").status_code == 403
        assert reader.client.post(f"/admin/customerview/{url}", data={"csrf_token": token}).status_code == 403
        spoofed = {"X-HTTP-Method-Override": "GET", "X-Original-URL": "/admin/"}
        assert reader.get(f"/admin/customerview/{url}", headers=spoofed).status_code == 403
    assert site.count(site.models.Customer) == 30


def test_get_and_head_change_nothing(site: Site) -> None:
    admin = site.admin()
    before = site.count(site.models.Customer)
    for _, address in addresses(site, "1"):
        for verb in ("GET", "HEAD"):
            admin.client.open(address, method=verb).close()
    assert site.count(site.models.Customer) == before
    assert admin.get("/admin/").status_code == 200, "still signed in: signing out takes a POST"


def test_a_route_without_a_mark_is_refused_at_start(make_site: MakeSite) -> None:
    site = make_site(create=False)

    class Open(BaseView):
        default_view = "page"

        @expose("/page")
        def page(self) -> str:
            return "open to everybody"

    with site.app.app_context(), pytest.raises(ConfigurationError, match=r"AB210.*\n?.*Open\.page"):
        site.builder.add_view(Open, "Open")


def test_an_override_keeps_the_marks_of_what_it_overrides(make_site: MakeSite) -> None:
    site = make_site(create=False)

    class Quiet(site.views.CustomerView):  # type: ignore[name-defined, misc]  # made at run time
        def list(self) -> str:
            return "mine"

    with site.app.app_context():
        site.builder.add_view(Quiet, "Quiet")
    site.create()
    assert site.browser().get("/admin/quiet/list/").status_code == 302
    assert site.admin().get("/admin/quiet/list/").text == "mine"


def test_base_permissions_leave_other_routes_out(make_site: MakeSite) -> None:
    site = make_site(create=False)

    class ReadOnly(site.views.CustomerView):  # type: ignore[name-defined, misc]  # made at run time
        base_permissions = ["can_list", "can_show"]

    with site.app.app_context():
        site.builder.add_view(ReadOnly, "Read only")
    site.create()
    site.fill(3)
    admin = site.admin()
    page = admin.get("/admin/readonly/list/")
    assert page.status_code == 200
    assert "/admin/readonly/edit/" not in page.text
    for url in ("add", "edit/1", "delete/1"):
        assert admin.get(f"/admin/readonly/{url}").status_code == 404
    with site.app.app_context():
        assert site.sm.find_permission_view_menu("can_edit", "ReadOnly") is None


def test_other_verbs_are_answered_by_us_with_what_is_allowed(site: Site) -> None:
    admin = site.admin()
    for verb, url, allowed in (
        ("DELETE", "/admin/customerview/list/", "GET, HEAD"),
        ("OPTIONS", "/admin/customerview/add", "GET, HEAD, POST"),
        ("GET", "/admin/logout/", "POST"),
    ):
        answer = admin.client.open(url, method=verb)
        assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "<h1" in answer.text
    assert admin.client.put("/admin/nowhere", data={}).status_code == 404


def test_a_form_view_without_a_form_is_refused_at_start(make_site: MakeSite) -> None:
    site = make_site(create=False)

    class Formless(SimpleFormView):
        pass

    with site.app.app_context(), pytest.raises(ConfigurationError, match="AB212"):
        site.builder.add_view(Formless, "Formless")
