"""Our pages inside a frame of the host's."""

import pytest

from appbuilder_lite import ConfigurationError
from tests.web.conftest import MakeSite
from tests.web.site import Site

SITE = """<!doctype html><html><head><title>{% block title %}{% endblock %}</title>{% block head %}{% endblock %}</head>
<body><p>The site's own words</p>{% block page %}{% block content %}{% endblock %}{% endblock %}</body></html>"""
FRAME = """{% extends "site.html" %}
{% block head %}{{ super() }}{% include "appbuilder_lite/_head.html" %}{% endblock %}
{% block page %}<div class="ab" lang="{{ shell.language }}" dir="{{ shell.direction }}">
<main class="ab-main" id="main" tabindex="-1">{% block content %}{% endblock %}</main></div>{% endblock %}"""
TEMPLATES = {"site.html": SITE, "frame.html": FRAME}


@pytest.fixture
def framed(make_site: MakeSite) -> Site:
    """A site whose frame is the host's, with rows."""
    site = make_site(builder={"base_template": "frame.html"}, templates=TEMPLATES)
    site.fill()
    return site


def test_every_page_stands_in_the_frame_of_the_host(framed: Site) -> None:
    browser = framed.admin()
    for path in ("/admin/", "/admin/customerview/list/", "/admin/customerview/add", "/admin/nothing"):
        page = browser.get(path).text
        assert "The site's own words" in page, path
        assert '<main class="ab-main"' in page, path
        assert "ab-header" not in page, path
        assert "/admin/static/embedded.css?v=" in page, path
        assert 'href="#ab-' not in page, "every icon has its file"
    assert "<title>Customers - " in browser.get("/admin/customerview/list/").text


def test_the_style_inside_a_frame_ends_at_our_own_element(framed: Site) -> None:
    css = framed.browser().get("/admin/static/embedded.css").text
    outside, _, inside = css.partition("@scope (.ab) {")
    assert ".ab-table" in inside
    assert ".ab-table" not in outside
    assert "view-transition" not in css


def test_the_sign_in_page_in_a_frame_of_the_host_has_the_whole_script(framed: Site, make_site: MakeSite) -> None:
    assert "/admin/static/appbuilder.js?v=" in framed.browser().get("/admin/login/").text
    assert "/admin/static/sign_in.js?v=" in make_site().browser().get("/admin/login/").text


def test_what_may_load_in_the_frame_of_the_host_is_the_hosts_to_say(framed: Site, make_site: MakeSite) -> None:
    assert "Content-Security-Policy" not in framed.browser().get("/admin/login/").headers
    strict = make_site(APPBUILDER_BASE_TEMPLATE="frame.html", templates=TEMPLATES, APPBUILDER_CSP="default-src 'self'")
    assert strict.browser().get("/admin/login/").headers["Content-Security-Policy"] == "default-src 'self'"


def test_a_page_that_may_ask_nothing_needs_no_template_of_the_host(make_site: MakeSite) -> None:
    site = make_site(create=False, APPBUILDER_BASE_TEMPLATE="broken.html", templates={"broken.html": "{{ no.thing }}"})
    page = site.browser().get("/admin/")
    assert page.status_code == 503
    assert "/admin/static/appbuilder.css?v=" in page.text


def test_a_frame_that_does_not_exist_is_named(make_site: MakeSite) -> None:
    with pytest.raises(ConfigurationError, match=r"AB213.*base_template.*no-such-frame\.html"):
        make_site(APPBUILDER_BASE_TEMPLATE="no-such-frame.html")
