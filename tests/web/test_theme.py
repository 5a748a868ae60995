"""The host's look: colours, shapes, brand, banner, stylesheets and scripts of its own."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from hypothesis import given
from hypothesis import strategies as st

from appbuilder_lite import AppBuilder, ConfigurationError
from appbuilder_lite.web.assets import STATIC_FOLDER
from appbuilder_lite.web.colours import contrast, parse
from appbuilder_lite.web.theme import Theme, read_theme, theme_css
from tests.web.conftest import MakeSite

TOKENS = (STATIC_FOLDER / "styles" / "tokens.css").read_text(encoding="utf-8")


def pair(css: str, token: str) -> tuple[str, str]:
    """The colours of a token in the light and in the dark scheme."""
    found = re.search(rf"--ab-{token}: (?:light-dark\((#\w+), (#\w+)\)|(#\w+));", css)
    assert found is not None, token
    light, dark, both = found.groups()
    return parse(light or both) or "", parse(dark or both) or ""


@given(st.integers(0, 0xFFFFFF).map("#{:06x}".format))
def test_with_any_accent_texts_and_focus_can_be_read(accent: str) -> None:
    css = theme_css(Theme(accent=accent))
    for scheme in (0, 1):
        link, tint = pair(css, "link")[scheme], pair(css, "accent-bg")[scheme]
        for surface in ("bg", "surface", "raised", "hover"):
            below = pair(TOKENS, surface)[scheme]
            assert contrast(link, below) >= 4.5, surface
            assert contrast(pair(css, "focus")[scheme], below) >= 3, surface
        assert contrast(link, tint) >= 4.5
        for button in ("accent", "accent-hover"):
            assert contrast(pair(css, "accent-ink")[scheme], pair(css, button)[scheme]) >= 4.5


def test_a_theme_is_a_stylesheet_of_its_own(make_site: MakeSite) -> None:
    browser = make_site(APPBUILDER_THEME={"accent": "#0b7285", "radius": 2, "density": "compact"}).browser()
    page = browser.get("/admin/login/").text
    address = re.search(r'href="(/admin/static/theme\.css\?v=\w+)"', page)
    assert address is not None
    css = browser.get(address[1])
    assert css.cache_control.immutable
    assert "--ab-accent: #0b7285;" in css.text
    assert "--ab-radius: 2px;" in css.text
    assert 'data-density="compact"' in page


def test_without_a_theme_there_is_no_stylesheet_of_it(make_site: MakeSite) -> None:
    browser = make_site().browser()
    assert "theme.css" not in browser.get("/admin/login/").text
    assert browser.get("/admin/static/theme.css").status_code == 404


def test_two_apps_have_two_themes(make_site: MakeSite) -> None:
    one, two = make_site(APPBUILDER_THEME={"accent": "#123456"}), make_site(APPBUILDER_THEME={"accent": "#654321"})
    assert "#123456" in one.browser().get("/admin/static/theme.css").text
    assert "#654321" in two.browser().get("/admin/static/theme.css").text


def test_brand_logo_and_banner_are_on_every_page(make_site: MakeSite) -> None:
    theme = {"brand": "Corner & Co.", "logo": "/files/logo.svg"}
    site = make_site(APPBUILDER_THEME=theme, APPBUILDER_BANNER="Staging <1>")
    for page in (site.browser().get("/admin/login/"), site.browser().get("/admin/nothing")):
        assert "Corner &amp; Co.</a>" in page.text
        assert '<img class="ab-logo" src="/files/logo.svg" alt="">' in page.text
        assert '<p class="ab-banner">Staging &lt;1&gt;</p>' in page.text


def test_stylesheets_and_scripts_of_the_host_come_after_ours(make_site: MakeSite) -> None:
    site = make_site(APPBUILDER_STYLESHEETS=["/assets/a.css", "/assets/b.css"], APPBUILDER_SCRIPTS=["/assets/a.js"])
    for path, script in (("/admin/login/", "sign_in.js"), ("/admin/nothing", "appbuilder.js")):
        page = site.browser().get(path).text
        order = ["/static/appbuilder.css", "/assets/a.css", "/assets/b.css", f"/static/{script}", "/assets/a.js"]
        assert sorted(order, key=page.index) == order


def test_a_file_of_the_static_folder_is_named_without_a_slash(tmp_path: Path) -> None:
    (tmp_path / "admin.css").write_text("")
    app, db = Flask("own", static_folder=tmp_path, static_url_path="/files"), SQLAlchemy()
    app.config.update(SECRET_KEY="a secret of the test suite", SQLALCHEMY_DATABASE_URI="sqlite://")
    app.config.update(APPBUILDER_STYLESHEETS=["admin.css"])
    db.init_app(app)
    AppBuilder(app, db)
    assert 'href="/files/admin.css"' in app.test_client().get("/admin/nothing").text


def test_a_file_that_is_not_there_is_named(make_site: MakeSite) -> None:
    with pytest.raises(ConfigurationError) as caught:
        make_site(
            APPBUILDER_STYLESHEETS=["none.css"], APPBUILDER_SCRIPTS=["none.js"], APPBUILDER_THEME={"logo": "no.svg"}
        )
    found = [problem for problem in caught.value.problems if problem.id == "AB409"]
    assert [problem.where for problem in found] == [
        "app.config['APPBUILDER_STYLESHEETS']",
        "app.config['APPBUILDER_SCRIPTS']",
        "app.config['APPBUILDER_THEME']",
    ]


@pytest.mark.parametrize(
    ("theme", "fault", "fix"),
    [
        ({"acent": "#fff"}, "no part of the theme", "did you mean accent?"),
        ({"zzz": 1}, "no part of the theme", "accent, radius, density, brand, logo"),
        ({"accent": "blue"}, "'blue' cannot be used", "#3b5bdb"),
        ({"accent": "#fff} body {display: none"}, "cannot be used", "#3b5bdb"),
        ({"radius": "4px"}, "'4px' cannot be used", "pixels from 0 to 24"),
        ({"radius": 25}, "25 cannot be used", "pixels from 0 to 24"),
        ({"radius": True}, "True cannot be used", "pixels from 0 to 24"),
        ({"density": "dense"}, "'dense' cannot be used", "compact"),
        ({"brand": " "}, "cannot be used", "words of the header"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_fix(theme: dict[str, Any], fault: str, fix: str) -> None:
    read, problems = read_theme(theme)
    assert read == Theme()
    assert [problem.id for problem in problems] == ["AB408"]
    assert fault in problems[0].message
    assert fix in problems[0].fix


@pytest.mark.parametrize("value", ["admin.css", [""], [1], {"a": 1}])
def test_stylesheets_are_a_list_of_texts(make_site: MakeSite, value: Any) -> None:
    with pytest.raises(ConfigurationError, match="list of texts"):
        make_site(APPBUILDER_STYLESHEETS=value)
