"""Addresses that are made once: what of them a request decides is asked at each request all the same."""

import re
from typing import Any

from appbuilder_lite import ModelView, SQLAInterface
from appbuilder_lite.web.navigation import page_url
from tests.conftest import MakeHost
from tests.web.declared import site_of
from tests.web.site import Browser, Site

LIST = "/admin/customerview/list/"
MOUNTED = {"SCRIPT_NAME": "/shop"}


def _site(make_host: MakeHost) -> Site:
    def declare(site: Site) -> list[type[Any]]:
        class CustomerView(ModelView):
            datamodel = SQLAInterface(site.models.Customer)

        return [CustomerView]

    return site_of(make_host, declare, rows=3)


def _addresses(browser: Browser, **overrides: Any) -> set[str]:
    """The addresses of our own that a list leads to."""
    page = browser.client.get(LIST, environ_overrides=overrides)
    assert page.status_code == 200
    return {found for found in re.findall(r'(?:href|src|action)="([^"]+)"', page.text) if "/admin/" in found}


def test_where_the_app_is_mounted_is_asked_at_each_request(make_host: MakeHost) -> None:
    browser = _site(make_host).admin()
    plain, mounted, again = _addresses(browser), _addresses(browser, **MOUNTED), _addresses(browser)
    assert {f"{LIST[:-5]}show/1", f"{LIST[:-5]}edit/1", f"{LIST[:-5]}add"} <= plain
    assert mounted == {f"/shop{address}" for address in plain}
    assert again == plain


def test_what_the_host_fills_in_is_asked_at_each_request(make_host: MakeHost) -> None:
    site, language = _site(make_host), {"lang": "no"}
    site.app.url_defaults(lambda endpoint, values: values.update(language))
    browser = site.admin()
    assert f"{LIST[:-5]}add?lang=no" in _addresses(browser)
    language["lang"] = "sv"
    found = _addresses(browser)
    assert f"{LIST[:-5]}add?lang=sv" in found
    assert not [address for address in found if "lang=no" in address]


def test_on_another_host_of_the_app_the_address_has_the_host(make_host: MakeHost) -> None:
    site = _site(make_host)
    app, state = site.app, site.builder.state
    app.config["SERVER_NAME"], app.subdomain_matching = "example.com", True
    for _ in range(2):
        with app.test_request_context("/", base_url="http://example.com"):
            assert page_url(state, "CustomerView.list") == LIST
        with app.test_request_context("/", base_url="http://api.example.com"):
            assert page_url(state, "CustomerView.list") == f"http://example.com{LIST}"
