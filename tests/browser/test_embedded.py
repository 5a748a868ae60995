"""Our pages inside a site that has a stylesheet of its own: neither changes how the other looks."""

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import DictLoader
from playwright.sync_api import Browser, Page, expect

from appbuilder_lite import AppBuilder
from tests.browser.chromium import Watch
from tests.browser.loading import wait_for_focus
from tests.browser.served import serving
from tests.web.site import PASSWORD, Site, make_db, make_models, make_views

LOOK = Path(__file__).parents[2] / "docs" / "look.md"
HEAD = '{% include "appbuilder_lite/_head.html" %}'
RESET = """
*, ::before, ::after { margin: 0; padding: 0; border: 0 solid; box-sizing: border-box; }
html { font: 18px/1.7 Georgia, serif; color: #246; }
h1, h2, h3, h4, small, strong { font-size: inherit; font-weight: inherit; }
a { color: inherit; text-decoration: inherit; }
ul, ol, menu { list-style: none; }
table { border-collapse: separate; border-spacing: 6px; text-align: center; }
th, td { padding: 12px; background: #fed; vertical-align: top; }
svg, img { display: inline; vertical-align: middle; }
button, input, select, textarea { font: 700 20px monospace; color: #c00; background: none; border-radius: 20px; }
label { display: inline-block; text-transform: uppercase; }
.card, .container { max-width: 900px; }
"""
SITE = """<!doctype html><html lang="en"><head><title>{% block title %}{% endblock %}</title>
<link rel="icon" href="data:,"><style>body { margin: 0; }</style>
{% if request.args.without != "site" %}<link rel="stylesheet" href="/static/{{ config.STYLE }}">{% endif %}
{% block head %}{% endblock %}</head><body>
<header class="navbar navbar-expand bg-dark" data-bs-theme="dark"><a class="navbar-brand" href="/">The site</a>
<ul class="navbar-nav"><li class="nav-item"><a class="nav-link active" href="/">Home</a></li></ul></header>
<section class="site"><h1>News</h1><h2>Today</h2>
<p>Words with <a href="/">a link</a>, <code>code</code> and <mark>a mark</mark>.</p><ul><li>One</li><li>Two</li></ul>
<table class="table table-striped"><thead><tr><th>A</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>
<form class="card"><label class="form-label">Words <input class="form-control"></label>
<select class="form-select"><option>1</option></select><textarea></textarea>
<button class="btn btn-primary">Send</button><fieldset><legend>Which</legend></fieldset></form></section>
{% block main %}{% endblock %}<footer class="container">The end</footer></body></html>"""

# What a stylesheet could change of each element. A border that has no width is none, whatever its style.
STYLES = """root => {
  const properties = ["color", "backgroundColor", "fontFamily", "fontSize", "fontWeight", "lineHeight", "textAlign",
    "textTransform", "textDecorationLine", "listStyleType", "display", "position", "boxSizing", "verticalAlign",
    "paddingTop", "paddingRight", "paddingBottom", "paddingLeft", "marginTop", "marginRight", "marginBottom",
    "marginLeft", "borderTopLeftRadius", "borderCollapse", "borderSpacing", "minHeight", "maxWidth", "height", "width",
    "opacity", "cursor", "boxShadow", "outlineStyle"];
  const border = (style, side) => parseFloat(style[`border${side}Width`]) ? style[`border${side}`] : "none";
  const isSeen = thing => thing.checkVisibility() && !thing.matches(".ab-vh");
  return [...document.querySelectorAll(`${root}, ${root} *`)].filter(isSeen).map(thing => {
    const style = getComputedStyle(thing);
    const borders = ["Top", "Left"].map(side => [side, border(style, side)]);
    const values = [...properties.map(name => [name, style[name]]), ...borders];
    return [`${thing.tagName}.${thing.getAttribute("class") ?? ""}`, Object.fromEntries(values)];
  });
}"""


@pytest.fixture(scope="module", params=["bootstrap5/css/bootstrap.min.css", "reset.css"], ids=["Bootstrap", "a reset"])
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site with a stylesheet of its own whose frame our pages stand in, as docs/look.md has it."""
    folder = tmp_path_factory.mktemp("framed")
    (folder / "reset.css").write_text(RESET)
    package = find_spec("flask_bootstrap")
    assert package is not None
    assert package.origin is not None
    static = folder if request.param == "reset.css" else Path(package.origin).parent / "static"
    app, db = Flask("framed", static_folder=str(static), static_url_path="/static"), make_db()
    app.config.update(
        SECRET_KEY="a secret of the test suite",
        SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder / 'framed.sqlite'}",
        STYLE=request.param,
    )
    app.jinja_loader = DictLoader({"site.html": SITE, "frame.html": frame()})
    db.init_app(app)
    models = make_models(db)
    views = make_views(models)
    appbuilder = AppBuilder(base_template="frame.html")
    for view, name in (
        (views.CustomerView, "Customers"),
        (views.OrderView, "Orders"),
        (views.CountryView, "Countries"),
    ):
        appbuilder.add_view(view, name, category="Sales", icon="fa-users")
    appbuilder.init_app(app, db)
    site = Site(app, db, appbuilder, models, views)
    site.create()
    site.fill(30)
    site.user("admin", roles=("Admin",))
    with serving(app) as url:
        yield url
    with app.app_context():
        db.engine.dispose()


def frame() -> str:
    """The frame of the docs, which can leave our stylesheet out."""
    (found,) = re.findall(r"^```jinja\n(.*?)^```$", LOOK.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert HEAD in found
    return str(found).replace(HEAD, '{% if request.args.without != "ours" %}' + HEAD + "{% endif %}")


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A window on the site in which the administrator has signed in."""
    watch = Watch(address)
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    found = context.new_page()
    watch.page(found)
    found.goto("/admin/login/")
    found.get_by_label("Username").fill("admin")
    found.get_by_label("Password").fill(PASSWORD)
    with found.expect_navigation():
        found.get_by_role("button", name="Sign in").click()
    yield found
    context.close()
    assert watch.faults == []


def styles(page: Page, path: str, without: str, root: str) -> list[tuple[str, dict[str, Any]]]:
    page.goto(f"{path}?without={without}")
    wait_for_focus(page)
    found: list[tuple[str, dict[str, Any]]] = page.evaluate(STYLES, root)
    return found


def changed(page: Page, path: str, without: str, root: str) -> set[str]:
    """What of the elements within `root` looks otherwise beside the stylesheet than without it."""
    alone, beside = styles(page, path, without, root), styles(page, path, "", root)
    assert [name for name, _ in alone] == [name for name, _ in beside]
    return {
        f"{name} {style}: {value} -> {other[style]}"
        for (name, one), (_, other) in zip(alone, beside, strict=True)
        for style, value in one.items()
        if value != other[style]
    }


PAGES = [
    "/admin/",
    "/admin/customerview/list/",
    "/admin/customerview/show/1",
    "/admin/customerview/edit/1",
    "/admin/users/add",
]


@pytest.mark.parametrize("path", PAGES)
def test_the_stylesheet_of_the_site_does_not_reach_our_pages(page: Page, path: str) -> None:
    assert changed(page, path, "site", ".ab") == set()


@pytest.mark.parametrize("root", ["header", ".site", "footer"])
def test_our_stylesheet_does_not_reach_the_site(page: Page, root: str) -> None:
    assert changed(page, "/admin/customerview/list/", "ours", root) == set()


def test_menu_palette_dialogs_and_messages_work_there(page: Page) -> None:
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Countries").click()
    expect(page.get_by_role("heading", name="Countries")).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("ControlOrMeta+k")
    palette = page.get_by_role("dialog", name="Search or jump to")
    expect(palette.get_by_role("option", name="Orders")).to_be_visible()
    assert palette.evaluate("dialog => getComputedStyle(dialog).borderTopLeftRadius") == "10px"
    page.keyboard.press("Escape")
    page.get_by_role("link", name="New country").click()
    page.get_by_label("Name").fill("Peru")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Added Peru")).to_be_visible()
    toast = page.locator(".ab .ab-toast:popover-open")
    assert toast.evaluate("toast => getComputedStyle(toast).position") == "fixed"
    toast.evaluate("toast => toast.getAnimations()[0].finish()")
    expect(toast).to_have_count(0)
    page.get_by_role("rowheader").get_by_role("link", name="Peru").click()
    expect(page.get_by_role("heading", name="Peru")).to_be_visible()
    page.wait_for_load_state()
    page.get_by_role("link", name="Delete").click()
    dialog = page.get_by_role("dialog")
    assert dialog.evaluate("dialog => getComputedStyle(dialog).borderTopLeftRadius") == "10px"
    dialog.get_by_role("button", name="Delete country").click()
    expect(page.get_by_role("status").filter(has_text="Deleted Peru")).to_be_visible()
