"""Pages of the host's own inside the shell: forms, exposed methods, permissions, templates, links and the home page."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
import wtforms
from flask import Blueprint, Response, flash, redirect
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from jinja2 import DictLoader

from appbuilder_lite import (
    AppBuilder,
    BaseView,
    ConfigurationError,
    IndexView,
    ModelView,
    PublicFormView,
    Rejected,
    SimpleFormView,
    SQLAInterface,
    expose,
    has_access,
    permission_name,
    public,
    signed_in,
)
from tests.conftest import MakeHost
from tests.web.declared import site_of
from tests.web.site import Browser, Site, make_db, make_models


def _site(make_host: MakeHost, *views: type[Any], builder: dict[str, Any] | None = None, **config: Any) -> Site:
    return site_of(make_host, lambda site: views, rows=0, builder=builder, **config)


def _post(browser: Browser, url: str, **data: Any) -> Any:
    return browser.client.post(url, data={"csrf_token": browser.token(), **data})


def _menu(page: str) -> list[str]:
    """The labels of the navigation's links, and `-` for each line between them."""
    nav = re.search(r'<nav class="ab-nav".*?</nav>', page, re.DOTALL)
    entry = r'<li class="(ab-separator)"|<a href="(?:(?!</a>).)*<span class="ab-nav-label">(.*?)</span></a>'
    found = re.findall(entry, nav[0] if nav else "", re.DOTALL)
    return ["-" if line else label for line, label in found]


# Forms


# What the stubs do not know: texts that are their own labels.
KINDS: Any = ["a", "b"]


class ImportForm(wtforms.Form):
    """A form with a field of several kinds."""

    source = wtforms.StringField(
        "Source", validators=[wtforms.validators.InputRequired(), wtforms.validators.Length(max=20)]
    )
    keep = wtforms.BooleanField("Keep the old")
    kind = wtforms.SelectField("Kind", choices=KINDS)


class ImportView(SimpleFormView):
    """Notes what it is given."""

    form = ImportForm
    form_title = "Import <prices>"
    submit_label = "Start"
    redirect_url = "/done"
    taken: list[dict[str, Any]] = []

    def form_get(self, form: Any) -> None:
        form.source.data = "from yesterday"

    def form_post(self, form: Any) -> ResponseReturnValue | None:
        if form.source.data == "refused":
            raise Rejected("Not <this> source", field="source")
        if form.source.data == "closed":
            raise Rejected("We are closed")
        if form.source.data == "own answer":
            return Response("own answer", status=202)
        self.taken.append(form.data)
        flash("It has started", "success")
        return None


@pytest.fixture(autouse=True)
def nothing_taken() -> None:
    ImportView.taken.clear()


FORM = "/admin/importview/form"


def test_a_form_is_shown_with_what_form_get_fills_in(make_host: MakeHost) -> None:
    page = _site(make_host, ImportView).admin().get(FORM)
    assert page.status_code == 200
    assert "<h1>Import &lt;prices&gt;</h1>" in page.text
    assert 'value="from yesterday"' in page.text
    assert ">Start</button>" in page.text
    assert 'maxlength="20"' in page.text


def test_a_valid_form_is_taken_and_leads_on(make_host: MakeHost) -> None:
    admin = _site(make_host, ImportView).admin()
    answer = admin.send(FORM, source="here", keep="y", kind="b")
    assert (answer.status_code, answer.location) == (302, "/done")
    assert ImportView.taken == [{"source": "here", "keep": True, "kind": "b"}]
    assert "It has started" in admin.get("/admin/").text


@pytest.mark.parametrize(
    ("fields", "message", "at"),
    [
        ({"source": ""}, "This field is required", "source"),
        ({"source": "x" * 21}, "longer than 20", "source"),
        ({"source": "x", "kind": "c"}, "Not a valid choice", "kind"),
        ({"source": "refused"}, "Not &lt;this&gt; source", "source"),
        ({"source": "closed"}, "We are closed", ""),
    ],
)
def test_a_form_that_is_not_taken_comes_back_with_what_was_typed(
    make_host: MakeHost, fields: dict[str, str], message: str, at: str
) -> None:
    answer = _site(make_host, ImportView).admin().send(FORM, **{"kind": "a", "keep": "y", **fields})
    assert answer.status_code == 422
    assert message in answer.text
    assert f'value="{fields["source"]}"' in answer.text
    assert re.search(r'name="keep"[^>]* checked', answer.text)
    assert (f'id="{at}-error"' in answer.text) == bool(at)
    assert ImportView.taken == []


def test_a_form_may_answer_by_itself(make_host: MakeHost) -> None:
    answer = _site(make_host, ImportView).admin().send(FORM, source="own answer", kind="a")
    assert (answer.status_code, answer.text) == (202, "own answer")
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_a_form_without_a_token_is_refused(make_host: MakeHost) -> None:
    admin = _site(make_host, ImportView).admin()
    for data in ({"source": "here", "kind": "a"}, {"source": "here", "kind": "a", "csrf_token": "made up"}):
        assert admin.client.post(FORM, data=data).status_code == 400
    assert ImportView.taken == []


def test_showing_and_sending_a_form_are_two_permissions(make_host: MakeHost) -> None:
    site = _site(make_host, ImportView)
    site.user("olga", ("can_this_form_get", "ImportView"))
    olga = site.sign_in("olga")
    assert olga.get(FORM).status_code == 200
    assert _post(olga, FORM, source="here", kind="a").status_code == 403
    assert site.browser().get(FORM).location.startswith("/admin/login/")
    site.user("nobody")
    assert site.sign_in("nobody").get(FORM).status_code == 403
    assert ImportView.taken == []


def test_a_public_form_is_open_to_strangers_and_still_wants_a_token(make_host: MakeHost) -> None:
    seen: list[str] = []

    class Newsletter(PublicFormView):
        form = ImportForm

        def form_post(self, form: Any) -> None:
            seen.append(form.source.data)

    browser = _site(make_host, Newsletter).browser()
    url = "/admin/newsletter/form"
    assert browser.client.post(url, data={"source": "x", "kind": "a"}).status_code == 400
    answer = browser.send(url, source="me", kind="a")
    assert (answer.status_code, answer.location) == (302, url)
    assert seen == ["me"]
    assert "Customers" not in browser.get(url).text


def test_a_form_of_flask_wtf_works_and_has_one_token(make_host: MakeHost) -> None:
    class Token(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
        source = wtforms.StringField("Source")

    class TokenView(SimpleFormView):
        form = Token
        redirect_url = "/done"

    admin = _site(make_host, TokenView).admin()
    page = admin.get("/admin/tokenview/form").text
    form = re.search(r'<form class="ab-form".*?</form>', page, re.DOTALL)
    assert form is not None
    assert form[0].count('name="csrf_token"') == 1
    assert admin.send("/admin/tokenview/form", source="x").location == "/done"


class UploadForm(wtforms.Form):
    """A form with a file."""

    prices = wtforms.FileField("Prices")
    note = wtforms.StringField("Note")


class UploadFlaskForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """The same by Flask-WTF."""

    prices = wtforms.FileField("Prices")
    note = wtforms.StringField("Note")


@pytest.mark.parametrize("form_class", [UploadForm, UploadFlaskForm])
def test_a_form_with_a_file_is_sent_and_read_as_one(make_host: MakeHost, form_class: type[Any]) -> None:
    seen: list[Any] = []

    class UploadView(SimpleFormView):
        form = form_class

        def form_post(self, form: Any) -> None:
            seen.append((form.prices.data.filename, form.prices.data.read(), form.note.data))

    admin = _site(make_host, UploadView).admin()
    url = "/admin/uploadview/form"
    page = admin.get(url).text
    assert 'enctype="multipart/form-data"' in page
    assert 'type="file"' in page
    data = {"csrf_token": admin.token(), "note": "new", "prices": (io.BytesIO(b"1;2"), "prices.csv")}
    assert admin.client.post(url, data=data).status_code == 302
    assert seen == [("prices.csv", b"1;2", "new")]
    data = {"csrf_token": admin.token(), "note": (io.BytesIO(b"x"), "x"), "prices": (io.BytesIO(b"1;2"), "prices.csv")}
    assert admin.client.post(url, data=data).status_code == 302
    assert seen[1] == ("prices.csv", b"1;2", None)


def test_columns_and_fieldsets_say_what_a_form_shows(make_host: MakeHost) -> None:
    class Ordered(SimpleFormView):
        form = ImportForm
        form_columns = ["kind", "source"]

    class Grouped(SimpleFormView):
        form = ImportForm
        form_fieldsets = [("Where", {"fields": ["source"]}), ("More", {"fields": ["keep", "kind"], "expanded": False})]

    admin = _site(make_host, Ordered, Grouped).admin()
    ordered, grouped = (admin.get(f"/admin/{name}/form").text for name in ("ordered", "grouped"))
    assert ordered.index('name="kind"') < ordered.index('name="source"')
    assert 'name="keep"' not in ordered
    assert "<legend><h2>Where</h2></legend>" in grouped
    assert "<summary><h2>More</h2></summary>" in grouped


# Exposed methods


class Reports(BaseView):
    """Methods exposed in every way."""

    route_base = "/our-reports"
    default_view = "first"
    extra_args = {"currency": "EUR", "years": [2024]}

    @expose("/first")
    @expose("/")
    @has_access
    def first(self) -> str:
        return "first"

    @expose("/year/<int:year>/<name>")
    @has_access
    @permission_name("first")
    def year(self, year: int, name: str) -> ResponseReturnValue:
        return {"year": year, "name": name}

    @expose("/change", methods=["POST", "PUT"])
    @has_access
    def change(self) -> ResponseReturnValue:
        return "changed", 201, {"X-Own": "yes", "Cache-Control": "private"}

    @expose("/both", methods=("get", "post"))
    @has_access
    def both(self) -> ResponseReturnValue:
        return redirect("/elsewhere")

    @expose("/mine")
    @signed_in
    def mine(self) -> str:
        return f"of {self.principal.user.username}"

    @expose("/open")
    @public
    def open(self) -> str:
        return "open"

    @expose("/page")
    @has_access
    def page(self) -> str:
        return self.render_template("own.html", total=12, years=[2025])

    def not_exposed(self) -> str:
        return "hidden"


OWN = {
    "own.html": (
        '{% extends "appbuilder_lite/layout.html" %}'
        "{% block content %}<h1>{{ total }} {{ currency }} {{ years }} {{ view.view_name }}"
        " {{ can('can_change', 'Reports') }}</h1>{{ '<b>' }}{% endblock %}"
    )
}


def _with_templates(site: Site, templates: dict[str, str]) -> Site:
    site.app.jinja_loader = DictLoader(templates)
    return site


def test_each_rule_of_a_method_leads_to_it(make_host: MakeHost) -> None:
    admin = _site(make_host, Reports).admin()
    for url in ("/admin/our-reports/first", "/admin/our-reports/"):
        assert admin.get(url).text == "first"
    assert admin.get("/admin/our-reports/year/2024/x%20y").json == {"year": 2024, "name": "x y"}
    assert admin.get("/admin/our-reports/year/soon/x").status_code == 404
    assert admin.get("/admin/our-reports/not_exposed").status_code == 404
    assert admin.get("/admin/our-reports/mine").text == "of admin"


def test_methods_are_those_that_were_exposed(make_host: MakeHost) -> None:
    admin = _site(make_host, Reports).admin()
    assert admin.get("/admin/our-reports/change").status_code in {404, 405}
    assert admin.client.post("/admin/our-reports/change").status_code == 400, "without a token"
    answer = _post(admin, "/admin/our-reports/change")
    assert (answer.status_code, answer.text, answer.headers["X-Own"]) == (201, "changed", "yes")
    assert answer.headers["Cache-Control"] == "private"
    token = admin.token()
    assert admin.client.put("/admin/our-reports/change", headers={"X-CSRFToken": token}).status_code == 201
    assert admin.client.delete("/admin/our-reports/change", headers={"X-CSRFToken": token}).status_code in {404, 405}
    assert admin.get("/admin/our-reports/both").location == "/elsewhere"
    assert _post(admin, "/admin/our-reports/both").location == "/elsewhere"


def test_a_shared_permission_opens_both_methods_and_no_other(make_host: MakeHost) -> None:
    site = _site(make_host, Reports)
    site.user("olga", ("can_first", "Reports"))
    olga, stranger = site.sign_in("olga"), site.browser()
    assert olga.get("/admin/our-reports/first").status_code == 200
    assert olga.get("/admin/our-reports/year/2024/x").status_code == 200
    assert olga.get("/admin/our-reports/mine").text == "of olga"
    assert olga.get("/admin/our-reports/page").status_code == 403
    assert _post(olga, "/admin/our-reports/change").status_code == 403
    assert stranger.get("/admin/our-reports/open").text == "open"
    assert stranger.get("/admin/our-reports/mine").location.startswith("/admin/login/")
    with site.app.app_context():
        assert site.sm.find_permission_view_menu("can_year", "Reports") is None
        assert site.sm.find_permission_view_menu("can_mine", "Reports") is None


def test_a_page_has_the_shell_extra_args_and_what_it_is_given(make_host: MakeHost) -> None:
    page = _with_templates(_site(make_host, Reports), OWN).admin().get("/admin/our-reports/page").text
    assert "<h1>12 EUR [2025] Reports True</h1>" in page
    assert "&lt;b&gt;" in page
    assert "Admin Tester" in page, "the shell"


def test_two_views_share_a_view_menu(make_host: MakeHost) -> None:
    class First(BaseView):
        default_view = "page"
        class_permission_name = "Shared"

        @expose("/page")
        @has_access
        def page(self) -> str:
            return self.view_name

    class Second(First):
        pass

    site = _site(make_host, First, Second)
    site.user("olga", ("can_page", "Shared"))
    olga = site.sign_in("olga")
    assert (olga.get("/admin/first/page").text, olga.get("/admin/second/page").text) == ("First", "Second")
    with site.app.app_context():
        assert site.sm.find_permission_view_menu("can_page", "First") is None


def test_permissions_are_renamed_by_method(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        names = {"list": "read", "show": "read", "add": "write", "edit": "write", "delete": "write"}
        options = {"datamodel": SQLAInterface(site.models.Country), "method_permission_name": names}
        return [type("CountryView", (ModelView,), options)]

    site = site_of(make_host, declare)
    site.user("reader", ("can_read", "CountryView"))
    reader = site.sign_in("reader")
    page = reader.get("/admin/countryview/list/")
    assert page.status_code == 200
    assert "/admin/countryview/edit/" not in page.text
    assert reader.get("/admin/countryview/show/1").status_code == 200
    for url in ("add", "edit/1", "delete/1"):
        assert reader.get(f"/admin/countryview/{url}").status_code == 403
    with site.app.app_context():
        assert site.sm.find_permission_view_menu("can_list", "CountryView") is None


@pytest.mark.parametrize(
    "options",
    [{"exclude_route_methods": {"delete", "edit", "add"}}, {"include_route_methods": ["list", "show"]}],
    ids=["exclude", "include"],
)
def test_methods_left_out_have_no_route_link_or_permission(make_host: MakeHost, options: dict[str, Any]) -> None:
    def declare(site: Site) -> list[type[Any]]:
        return [type("CountryView", (ModelView,), {"datamodel": SQLAInterface(site.models.Country), **options})]

    site = site_of(make_host, declare)
    admin = site.admin()
    for page in (admin.get("/admin/countryview/list/"), admin.get("/admin/countryview/show/1")):
        assert page.status_code == 200
        assert not re.search(r"/admin/countryview/(add|edit|delete)", page.text)
    for url in ("add", "edit/1", "delete/1"):
        assert admin.get(f"/admin/countryview/{url}").status_code == 404
        assert _post(admin, f"/admin/countryview/{url}").status_code in {404, 405}
    assert site.count(site.models.Country) == 2
    with site.app.app_context():
        assert site.sm.find_permission_view_menu("can_delete", "CountryView") is None


def test_a_view_without_a_list_still_shows_adds_and_edits(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        options = {"datamodel": SQLAInterface(site.models.Country), "exclude_route_methods": {"list"}}
        return [type("CountryView", (ModelView,), {**options, "default_view": "add"})]

    site = site_of(make_host, declare)
    admin = site.admin()
    for url in ("show/1", "add", "edit/1", "delete/1"):
        assert admin.get(f"/admin/countryview/{url}").status_code == 200, url
    assert admin.send("/admin/countryview/add", name="Chile").location == "/admin/"


# Templates


def test_templates_of_the_host_extend_ours_by_their_blocks(make_host: MakeHost) -> None:
    blocks = {
        "list": ("page_head", "{{ super() }}<p>Of the shop</p>"),
        "show": ("content", "<p>{{ item.name }}!</p>{{ super() }}"),
        "form": ("buttons", "<p>{{ form.name.data }}?</p>{{ super() }}"),
        "delete": ("question", "<p>{{ item.name }}, really?</p>"),
    }
    templates = {
        f"shop/{name}.html": f'{{% extends "appbuilder_lite/{name}.html" %}}{{% block {block} %}}{text}{{% endblock %}}'
        for name, (block, text) in blocks.items()
    }
    names = {f"{name}_template": f"shop/{name}.html" for name in ("list", "show", "delete")}
    options = {**names, "add_template": "shop/form.html", "edit_template": "shop/form.html"}
    db = make_db()
    site = Site(make_host(db).app, db, AppBuilder())
    site.models = make_models(db)
    _with_templates(site, templates)
    view = type("CountryView", (ModelView,), {"datamodel": SQLAInterface(site.models.Country), **options})
    site.builder.add_view(view, "Countries")
    site.builder.init_app(site.app, db)
    site.create()
    site.fill(0)
    admin = site.admin()
    listed = admin.get("/admin/countryview/list/").text
    assert "<p>Of the shop</p>" in listed
    assert "2 records" in listed
    assert "<p>Norway!</p>" in admin.get("/admin/countryview/show/1").text
    assert "<p>Norway?</p>" in admin.get("/admin/countryview/edit/1").text
    assert "<p>Norway, really?</p>" in admin.get("/admin/countryview/delete/1").text


def test_a_template_of_the_host_wins_over_ours_of_the_same_path(make_host: MakeHost) -> None:
    own = '{% extends "appbuilder_lite/layout.html" %}{% block content %}Own home{% endblock %}'
    admin = _with_templates(_site(make_host, Reports), {"appbuilder_lite/index.html": own}).admin()
    page = admin.get("/admin/").text
    assert "Own home" in page
    assert "Admin Tester" in page


def test_a_missing_template_is_found_at_start(make_host: MakeHost) -> None:
    class Lost(SimpleFormView):
        form = ImportForm
        form_template = "no/such.html"

    with pytest.raises(ConfigurationError, match=r"no/such\.html"):
        _site(make_host, Lost)


# The home page and the menu


class Home(IndexView):
    """A home page of the host's own."""

    extra_args = {"greeting": "Good morning"}
    index_template = "home.html"


def test_an_index_view_of_the_hosts_own_is_the_home_page(make_host: MakeHost) -> None:
    db = make_db()
    site = Site(make_host(db).app, db, AppBuilder(indexview=Home))
    _with_templates(site, {"home.html": "{{ greeting }}, {{ shell.user_name }}: {{ page.groups | length }}"})
    site.builder.add_view(Reports, "Reports")
    site.builder.init_app(site.app, db)
    site.create()
    site.user("olga")
    page = site.sign_in("olga").get("/admin/")
    assert page.text == "Good morning, Olga Tester: 0"


def test_the_menu_shows_what_may_be_opened_and_nothing_else(make_host: MakeHost) -> None:
    site = _site(make_host, Reports, ImportView)
    site.user("olga", ("can_first", "Reports"), ("menu_access", "ImportView"))
    assert _menu(site.sign_in("olga").get("/admin/").text) == ["Reports"]
    site.user("nobody")
    assert _menu(site.sign_in("nobody").get("/admin/").text) == []
    labels = _menu(site.admin().get("/admin/").text)
    assert labels[:2] == ["Reports", "ImportView"]


def _linked(make_host: MakeHost, conditions: dict[str, bool]) -> Site:
    """A site whose menu has links of every sort and lines between them."""
    db = make_db()
    host = make_host(db)
    host.app.add_url_rule("/reports/<int:year>", "yearly", lambda year: "yearly")
    host.app.add_url_rule("/reports", "reports", lambda: "of the host")
    site = Site(host.app, db, AppBuilder())
    add = site.builder.add_link
    add("Host page", "reports", category="Links")
    site.builder.add_separator("Links")
    add("Elsewhere", "https://example.org/?a=1&b=2", category="Links", label="Example <org>", icon="fa-globe")
    site.builder.add_separator("Links")
    add("Sometimes", "/sometimes", category="Links", cond=lambda: conditions["link"])
    site.builder.add_view(Reports, "Reports", category="Views", menu_cond=lambda: conditions["view"])
    site.builder.init_app(host.app, db)
    site.create()
    return site


def test_links_lead_to_endpoints_of_the_host_and_to_addresses(make_host: MakeHost) -> None:
    page = _linked(make_host, {"link": True, "view": True}).admin().get("/admin/").text
    assert 'href="/reports"' in page
    assert 'href="https://example.org/?a=1&amp;b=2"' in page
    assert "Example &lt;org&gt;" in page
    assert _menu(page)[:6] == ["Host page", "-", "Example &lt;org&gt;", "-", "Sometimes", "Reports"]


def test_conditions_are_asked_at_each_request(make_host: MakeHost) -> None:
    conditions = {"link": True, "view": True}
    admin = _linked(make_host, conditions).admin()
    assert {"Sometimes", "Reports"} <= set(_menu(admin.get("/admin/").text))
    conditions["link"] = False
    assert _menu(admin.get("/admin/").text)[:4] == ["Host page", "-", "Example &lt;org&gt;", "Reports"]
    conditions["view"] = False
    assert "Reports" not in _menu(admin.get("/admin/").text)
    assert admin.get("/admin/our-reports/first").status_code == 200, "a condition hides the link, it closes nothing"


def test_a_link_is_seen_by_who_has_menu_access_on_its_name(make_host: MakeHost) -> None:
    site = _linked(make_host, {"link": True, "view": True})
    site.user("olga", ("menu_access", "Elsewhere"))
    assert _menu(site.sign_in("olga").get("/admin/").text) == ["Example &lt;org&gt;"]


def test_a_link_that_cannot_be_built_is_told_at_start(make_host: MakeHost) -> None:
    db = make_db()
    host = make_host(db)
    host.app.add_url_rule("/reports/<int:year>", "yearly", lambda year: "yearly")
    site = Site(host.app, db, AppBuilder())
    site.builder.add_link("Yearly", "yearly")
    with pytest.raises(ConfigurationError, match=r"AB214.*\n?.*yearly"):
        site.builder.init_app(host.app, db)


def test_a_link_whose_address_the_host_fills_in(make_host: MakeHost, caplog: pytest.LogCaptureFixture) -> None:
    db = make_db()
    host = make_host(db)
    language: dict[str, str] = {}
    shop = Blueprint("shop", "shop")
    shop.add_url_rule("/<lang>/shop", "home", lambda lang: lang)
    shop.url_defaults(lambda endpoint, values: values.update(language))
    host.app.register_blueprint(shop)
    site = Site(host.app, db, AppBuilder())
    site.builder.add_link("Shop", "shop.home", cond=lambda: "hidden" not in language)
    site.builder.add_separator("")
    site.builder.add_link("Blog", "blog")
    site.builder.init_app(host.app, db)
    host.app.add_url_rule("/<lang>/blog", "blog", lambda lang: lang)
    host.app.url_defaults(lambda endpoint, values: values.update(language))
    site.create()
    admin = site.admin()
    assert "AB214" not in caplog.text
    assert not {"Shop", "Blog"} & set(_menu(admin.get("/admin/").text))
    assert [admin.get("/admin/menu").status_code, caplog.text.count("leaves out")] == [200, 2]
    language["lang"] = "no"
    page = admin.get("/admin/").text
    assert [word for word in _menu(page) if word in ("Shop", "Blog")] == ["Shop", "Blog"]
    assert 'href="/no/shop"' in page
    assert 'href="/no/blog' in page
    language["hidden"] = "yes"
    assert "Shop" not in _menu(admin.get("/admin/").text)


def test_a_view_in_the_menu_opens_without_a_value_in_its_address(make_host: MakeHost) -> None:
    class Yearly(BaseView):
        default_view = "year"

        @expose("/<int:year>")
        @has_access
        def year(self, year: int) -> str:
            return str(year)

    with pytest.raises(ConfigurationError, match=r"AB214.*\n?.*Yearly\.year"):
        _site(make_host, Yearly)


def test_a_view_outside_the_menu_may_need_a_value_in_its_address(make_host: MakeHost) -> None:
    class Yearly(BaseView):
        default_view = "year"

        @expose("/<int:year>")
        @has_access
        def year(self, year: int) -> str:
            return str(year)

    db = make_db()
    site = Site(make_host(db).app, db, AppBuilder())
    site.builder.add_view_no_menu(Yearly)
    site.builder.init_app(site.app, db)
    site.create()
    admin = site.admin()
    assert admin.get("/admin/yearly/2024").text == "2024"
    assert admin.get("/admin/").status_code == 200


def test_a_link_that_the_host_breaks_later_is_told_in_the_log(
    make_host: MakeHost, caplog: pytest.LogCaptureFixture
) -> None:
    db = make_db()
    host = make_host(db)
    site = Site(host.app, db, AppBuilder())
    site.builder.add_link("Yearly", "yearly")
    site.builder.init_app(host.app, db)
    host.app.add_url_rule("/reports/<int:year>", "yearly", lambda year: "yearly")
    site.create()
    assert site.browser().get("/admin/login/").status_code == 503
    assert "AB214" in caplog.text


def test_a_link_that_leads_nowhere_is_a_warning_when_the_app_is_complete(
    make_host: MakeHost, caplog: pytest.LogCaptureFixture
) -> None:
    db = make_db()
    site = Site(make_host(db).app, db, AppBuilder())
    for href in ("yearly", "monthly", "/shop", "https://example.org", "#top", "mailto:ada@example.org"):
        site.builder.add_link(href, href)
    site.builder.init_app(site.app, db)
    site.app.add_url_rule("/reports/", "monthly", lambda: "monthly")
    site.create()
    assert site.browser().get("/admin/login/").status_code == 200
    assert [record.getMessage().split(":")[0] for record in caplog.records if "AB216" in record.getMessage()] == [
        "[AB216] the menu"
    ]
    assert "'yearly' leads to 'yearly'" in caplog.text


def test_the_page_that_is_open_is_marked_in_the_menu(make_host: MakeHost) -> None:
    admin = _site(make_host, Reports, ImportView).admin()
    page = admin.get(FORM).text
    assert re.findall(r'<a href="([^"]+)" aria-current="page">', page) == [FORM]


def test_nothing_of_the_package_is_written_by_a_request(make_host: MakeHost, tmp_path: Path) -> None:
    before = dict(vars(Reports))
    admin = _site(make_host, Reports, ImportView).admin()
    admin.get("/admin/our-reports/first")
    assert dict(vars(Reports)) == before
