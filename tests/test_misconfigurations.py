"""Mistakes in a declaration: found at start, all at once, each with its id, its place and its fix."""

import re
from pathlib import Path
from typing import Any

import flask_login
import pytest
import wtforms
from flask import Blueprint, Flask
from jinja2 import BaseLoader, ChoiceLoader, DictLoader, Environment, ModuleLoader, PrefixLoader
from wtforms.validators import Length

from appbuilder_lite import (
    AppBuilder,
    BaseView,
    ConfigurationError,
    MasterDetailView,
    ModelView,
    MultipleView,
    SecurityManager,
    SimpleFormView,
    SQLAInterface,
    expose,
    has_access,
)
from appbuilder_lite.builtin.roles import RoleModelView
from appbuilder_lite.errors import Problem
from appbuilder_lite.filters import FilterEqual, FilterEqualFunction
from appbuilder_lite.resource.resource import Resource
from tests.web.site import make_db, make_models


class Mistakes:
    """An app full of mistakes, and what is said of them."""

    def __init__(self) -> None:
        self.db = make_db()
        self.models = make_models(self.db)
        self.app = Flask("mistaken")
        self.app.config.update(SECRET_KEY="a secret of the test suite", SQLALCHEMY_DATABASE_URI="sqlite://")
        self.db.init_app(self.app)
        self.appbuilder = AppBuilder()

    def view(self, name: str, bases: tuple[type[Any], ...] = (ModelView,), **options: Any) -> None:
        options.setdefault("datamodel", SQLAInterface(self.models.Customer))
        self.appbuilder.add_view(type(name, bases, {"__module__": "shop.admin", **options}), name)

    def problems(self) -> list[Problem]:
        with pytest.raises(ConfigurationError) as caught:
            self.appbuilder.init_app(self.app, self.db)
        for problem in caught.value.problems:
            assert problem.id in str(caught.value)
            assert problem.where in str(caught.value)
            assert problem.fix
        return list(caught.value.problems)


OPTIONS: list[tuple[dict[str, Any], str, str, str]] = [
    ({"list_colums": ["name"]}, "AB101", "list_colums", "list_columns"),
    ({"serch_columns": ["name"]}, "AB101", "serch_columns", "search_columns"),
    ({"list_columns": ["nme"]}, "AB103", "list_columns[0]", "name"),
    ({"list_columns": ["name", "country.nam"]}, "AB103", "list_columns[1]", "name"),
    ({"show_columns": ["name", "contry.name"]}, "AB103", "show_columns[1]", "country"),
    ({"add_columns": ["nmae"]}, "AB103", "add_columns[0]", "name"),
    ({"edit_columns": ["emial"]}, "AB103", "edit_columns[0]", "email"),
    ({"search_columns": ["emial"]}, "AB103", "search_columns[0]", "email"),
    ({"order_columns": ["nmae"]}, "AB103", "order_columns[0]", "name"),
    ({"list_columns": "name"}, "AB104", "list_columns", "['name']"),
    ({"search_columns": "name"}, "AB104", "search_columns", "['name']"),
    ({"list_columns": ["name", "name"]}, "AB105", "list_columns[1]", "remove"),
    ({"list_columns": ["name", 7]}, "AB106", "list_columns[1]", ""),
    ({"page_size": "25"}, "AB106", "page_size", ""),
    ({"page_size": 0}, "AB107", "page_size", ""),
    ({"page_size": 100_000}, "AB107", "page_size", ""),
    ({"label_columns": {"nmae": "Name"}}, "AB103", "label_columns['nmae']", "name"),
    ({"description_columns": {"nmae": "Name"}}, "AB103", "description_columns['nmae']", "name"),
    ({"formatters_columns": {"nmae": str}}, "AB103", "formatters_columns['nmae']", "name"),
    ({"formatters_columns": {"name": "upper"}}, "AB106", "formatters_columns['name']", ""),
    ({"validators_columns": {"nmae": []}}, "AB103", "validators_columns['nmae']", "name"),
    ({"base_order": ("nmae", "asc")}, "AB103", "base_order", "name"),
    ({"base_order": ("name", "up")}, "AB114", "base_order", "asc"),
    ({"base_filters": [["nmae", FilterEqual, 1]]}, "AB103", "base_filters[0]", "name"),
    ({"base_filters": [["name", "FilterEqual", 1]]}, "AB111", "base_filters[0]", ""),
    ({"add_fieldsets": [("Person", {"fields": ["nmae"]})]}, "AB103", "add_fieldsets[0]", "name"),
    ({"edit_fieldsets": [("Person", {"felds": ["name"]})]}, "AB112", "edit_fieldsets[0]", ""),
    ({"list_template": "no/such.html"}, "AB213", "list_template", "templates"),
    ({"add_form": str}, "AB106", "add_form", ""),
    ({"datamodel": None}, "AB108", "datamodel", "SQLAInterface"),
    ({"default_view": "lst"}, "AB211", "default_view", "list"),
    ({"datamodel": SQLAInterface(dict)}, "AB108", "datamodel", "db.Model"),
    ({"base_order": "name"}, "AB114", "base_order", '("name", "asc")'),
    ({"base_filters": [["name", FilterEqual, lambda: "x"]]}, "AB111", "base_filters[0][2]", "FilterEqualFunction"),
    ({"base_filters": [["name", FilterEqualFunction, "x"]]}, "AB111", "base_filters[0][2]", "function"),
    ({"formatters_columns": {"name": lambda: "x"}}, "AB106", "formatters_columns['name']", "one value"),
    ({"validators_columns": {"name": Length(max=3)}}, "AB106", "validators_columns['name']", "[Length(...)]"),
    ({"pre_add": lambda self: None}, "AB106", "pre_add", "def pre_add(self, item)"),
    ({"post_add": staticmethod(lambda self, item: None)}, "AB106", "post_add", "def post_add(self, item)"),
    ({"route_base": "customers"}, "AB406", "route_base", '"/customers"'),
    ({"route_base": 7}, "AB106", "route_base", ""),
    ({"route_base": "/a/<b>"}, "AB406", "route_base", '"/customers"'),
    ({"route_base": "/x?y"}, "AB406", "route_base", "letters"),
    ({"route_base": "//x"}, "AB406", "route_base", "letters"),
    ({"resource_class": int}, "AB106", "resource_class", "Resource"),
    ({"resource_class": None}, "AB106", "resource_class", "Resource"),
    ({"class_permission_name": 7}, "AB106", "class_permission_name", ""),
    ({"extra_args": ["currency"]}, "AB106", "extra_args", "dict"),
    ({"exclude_route_methods": "delete"}, "AB104", "exclude_route_methods", "['delete']"),
    ({"exclude_route_methods": ["delte"]}, "AB215", "exclude_route_methods[0]", "delete"),
    ({"include_route_methods": ["list", "shw"]}, "AB215", "include_route_methods[1]", "show"),
    ({"method_permission_name": {"lst": "read"}}, "AB215", "method_permission_name['lst']", "list"),
    ({"method_permission_name": {"list": 7}}, "AB106", "method_permission_name['list']", ""),
    ({"base_permissions": ["list", "can_show"]}, "AB215", "base_permissions[0]", "can_list"),
    ({"base_permissions": ["can_list", "can_shw"]}, "AB215", "base_permissions[1]", "can_show"),
]


@pytest.mark.parametrize(
    ("options", "check", "place", "fix"), OPTIONS, ids=[f"{item[1]}-{item[2]}" for item in OPTIONS]
)
def test_a_mistaken_option_is_told_with_place_and_fix(
    options: dict[str, Any], check: str, place: str, fix: str
) -> None:
    mistakes = Mistakes()
    mistakes.view("CustomerView", **options)
    problem = mistakes.problems()[0]
    assert problem.id == check, problem
    assert problem.where.startswith(f"shop.admin.CustomerView.{place}"), problem
    assert fix in problem.fix, problem


def test_options_that_are_none_in_flask_appbuilder_may_be_none_here() -> None:
    mistakes = Mistakes()
    none = (
        *("label_columns", "description_columns", "validators_columns", "formatters_columns", "related_views"),
        *("search_columns", "search_exclude_columns", "base_filters", "base_order", "list_columns", "order_columns"),
        *("base_permissions", "class_permission_name", "method_permission_name", "include_route_methods", "extra_args"),
        *(f"{action}_columns" for action in ("show", "add", "edit")),
        *(f"{action}_exclude_columns" for action in ("show", "add", "edit")),
        *(f"{action}_fieldsets" for action in ("show", "add", "edit")),
        *(f"{action}_form{rest}" for action in ("add", "edit") for rest in ("", "_extra_fields", "_query_rel_fields")),
    )
    undeclared: dict[str, Any] = dict.fromkeys(none)
    mistakes.view("CustomerView", **undeclared)
    mistakes.appbuilder.init_app(mistakes.app, mistakes.db)
    with mistakes.app.app_context():
        (view,) = (view for view in mistakes.appbuilder.baseviews if view.view_name == "CustomerView")
        assert isinstance(view, ModelView)
        assert view.options.labels["name"] == "Name"
        assert not view.options.related_views
        assert not view.options.add_rel_queries


def test_a_view_of_roles_keeps_what_guards_roles() -> None:
    mistakes = Mistakes()

    class RoleView(RoleModelView):
        resource_class = Resource  # type: ignore[assignment]  # the mistake

    mistakes.appbuilder.add_view(RoleView, "My roles")
    problem = mistakes.problems()[0]
    assert problem.id == "AB106", problem
    assert "RoleResource" in problem.fix


def test_all_mistakes_come_in_one_error() -> None:
    mistakes = Mistakes()
    for number, (options, *_) in enumerate(OPTIONS):
        mistakes.view(f"Mistake{number}View", **options)
    found = mistakes.problems()
    assert len({problem.where.split(".")[2] for problem in found}) == len(OPTIONS) > 30
    assert {problem.id for problem in found} == {check for _, check, _, _ in OPTIONS}


def test_a_related_view_without_a_relation() -> None:
    mistakes = Mistakes()

    class TagView(ModelView):
        datamodel = SQLAInterface(mistakes.models.Tag)

    mistakes.view("CustomerView", related_views=[TagView])
    (problem,) = mistakes.problems()
    assert problem.id == "AB110"
    assert "related_views[0]" in problem.where


@pytest.mark.parametrize(
    ("options", "check", "place"),
    [
        ({}, "AB117", "views"),
        ({"views": None}, "AB117", "views"),
        ({"views": "TagView"}, "AB104", "views"),
        ({"views": 5}, "AB106", "views"),
        ({"views": [dict]}, "AB106", "views[0]"),
        ({"views": [MultipleView]}, "AB106", "views[0]"),
        ({"list_template": 5}, "AB106", "list_template"),
        ({"list_template": "nowhere.html"}, "AB213", "list_template"),
        ({"view": []}, "AB101", "view"),
    ],
)
def test_a_page_of_several_lists_that_names_something_else(options: dict[str, Any], check: str, place: str) -> None:
    mistakes = Mistakes()
    tags = type("TagView", (ModelView,), {"datamodel": SQLAInterface(mistakes.models.Tag)})
    mistakes.appbuilder.add_view(tags, "Tags")
    good = {} if place == "views" else {"views": [tags]}
    declared = {"__module__": "shop.admin", **good, **options}
    mistakes.appbuilder.add_view(type("DeskView", (MultipleView,), declared), "Desk")
    (problem,) = mistakes.problems()
    assert (problem.id, problem.where) == (check, f"shop.admin.DeskView.{place}")


def test_a_page_of_several_lists_has_each_once_and_only_those_with_a_list() -> None:
    mistakes = Mistakes()
    tag = {"datamodel": SQLAInterface(mistakes.models.Tag)}
    tags = type("TagView", (ModelView,), tag)
    hidden = type("HiddenView", (ModelView,), {**tag, "exclude_route_methods": ["list"], "default_view": "add"})
    for view in (tags, hidden):
        mistakes.appbuilder.add_view(view, view.__name__)
    desk = {"__module__": "shop.admin", "views": [tags, tags, hidden]}
    mistakes.appbuilder.add_view(type("DeskView", (MultipleView,), desk), "Desk")
    assert [(problem.id, problem.where) for problem in mistakes.problems()] == [
        ("AB105", "shop.admin.DeskView.views[1]"),
        ("AB117", "shop.admin.DeskView.views[2]"),
    ]


def test_a_master_needs_details_that_point_to_it() -> None:
    mistakes = Mistakes()
    tags = type("TagView", (ModelView,), {"datamodel": SQLAInterface(mistakes.models.Tag)})
    bases = (MasterDetailView,)
    mistakes.view("BareView", bases)
    mistakes.view("StrangeView", bases, related_views=[tags])
    mistakes.view("ModelessView", bases, datamodel=None, related_views=[tags])
    found = {(problem.id, problem.where) for problem in mistakes.problems() if not problem.warning}
    assert found == {
        ("AB117", "shop.admin.BareView.related_views"),
        ("AB110", "shop.admin.StrangeView.related_views[0]"),
        ("AB108", "shop.admin.ModelessView.datamodel"),
    }


def test_the_width_of_a_master_is_said_elsewhere(caplog: pytest.LogCaptureFixture) -> None:
    mistakes = Mistakes()
    orders = type("OrderView", (ModelView,), {"datamodel": SQLAInterface(mistakes.models.Order)})
    mistakes.view("CustomerView", (MasterDetailView,), related_views=[orders], master_div_width=4)
    mistakes.appbuilder.add_view(orders, "Orders")
    mistakes.appbuilder.init_app(mistakes.app, mistakes.db)
    assert "AB102" in caplog.text
    assert "--ab-master" in caplog.text


def test_two_views_of_one_name_are_both_named_with_file_and_line() -> None:
    mistakes = Mistakes()
    mistakes.view("CustomerView")
    mistakes.view("CustomerView")
    (problem,) = mistakes.problems()
    assert problem.id == "AB201"
    assert len(re.findall(r"test_misconfigurations\.py:\d+", f"{problem.where} {problem.message}")) == 2


def test_a_clash_of_addresses_with_the_host_names_both_sides() -> None:
    mistakes = Mistakes()

    @mistakes.app.get("/admin/customerview/show/<int:number>")
    def their_page(number: int) -> str:
        return str(number)

    mistakes.view("CustomerView")
    (problem,) = mistakes.problems()
    assert problem.id == "AB202"
    assert "their_page" in problem.message
    assert re.search(r"test_misconfigurations\.py:\d+", problem.message)
    assert re.search(r"test_misconfigurations\.py:\d+", problem.where)


def test_a_clash_of_addresses_between_two_views() -> None:
    mistakes = Mistakes()
    mistakes.view("CustomerView", route_base="/people")
    mistakes.view("PersonView", route_base="/people")
    assert {problem.id for problem in mistakes.problems()} == {"AB202"}


def test_a_clash_of_endpoints_and_blueprints_with_the_host() -> None:
    mistakes = Mistakes()
    mistakes.app.register_blueprint(Blueprint("appbuilder", __name__))
    mistakes.app.add_url_rule("/elsewhere", "appbuilder.CustomerView.list", lambda: "theirs")
    mistakes.view("CustomerView")
    assert {problem.id for problem in mistakes.problems()} == {"AB203", "AB204"}


def test_a_clash_of_tables_with_the_host() -> None:
    mistakes = Mistakes()
    from sqlalchemy import Column, Integer, Table

    Table("ab_role", mistakes.db.metadata, Column("id", Integer, primary_key=True))
    mistakes.view("CustomerView")
    problems = mistakes.problems()
    assert any("ab_role" in str(problem) for problem in problems)


def test_a_route_without_a_mark() -> None:
    mistakes = Mistakes()

    class Report(BaseView):
        default_view = "show"

        @expose("/show")
        def show(self) -> str:
            return ""

    mistakes.appbuilder.add_view(Report, "Report")
    (problem,) = mistakes.problems()
    assert problem.id == "AB210"
    assert problem.where.endswith("Report.show")


def test_a_form_view_without_a_form_and_a_view_that_is_none() -> None:
    mistakes = Mistakes()

    class Formless(SimpleFormView):
        pass

    mistakes.appbuilder.add_view(Formless, "Formless")
    mistakes.appbuilder.add_view(wtforms.Form, "Form")  # type: ignore[arg-type]  # the mistake
    assert {problem.id for problem in mistakes.problems()} == {"AB212", "AB209"}


class ImportForm(wtforms.Form):
    source = wtforms.StringField("Source")


@pytest.mark.parametrize(
    ("options", "check", "place", "fix"),
    [
        ({"form": dict}, "AB106", "form", "wtforms.Form"),
        ({"form": ImportForm()}, "AB106", "form", "wtforms.Form"),
        ({"form_columns": "source"}, "AB104", "form_columns", "['source']"),
        ({"form_columns": ["sorce"]}, "AB103", "form_columns[0]", "source"),
        ({"form_fieldsets": [("File", ["source"])]}, "AB112", "form_fieldsets[0]", "fields"),
        ({"form_fieldsets": [("File", {"fields": ["sorce"]})]}, "AB103", "form_fieldsets[0]['fields'][0]", "source"),
        ({"form_title": 7}, "AB106", "form_title", "text"),
        ({"redirect_url": None}, "AB106", "redirect_url", "text"),
        ({"include_route_methods": ["this_form_pots"]}, "AB215", "include_route_methods[0]", "this_form_post"),
    ],
)
def test_a_mistaken_option_of_a_form_view(options: dict[str, Any], check: str, place: str, fix: str) -> None:
    mistakes = Mistakes()
    mistakes.view("ImportView", (SimpleFormView,), **{"form": ImportForm, **options})
    (problem,) = mistakes.problems()
    assert (problem.id, problem.where) == (check, f"shop.admin.ImportView.{place}")
    assert fix in problem.fix


def test_what_leaves_out_pages_may_name_those_of_flask_appbuilder(caplog: pytest.LogCaptureFixture) -> None:
    mistakes = Mistakes()
    mistakes.view("CustomerView", exclude_route_methods={"api_read", "download"}, base_permissions=["can_list", "open"])
    mistakes.appbuilder.init_app(mistakes.app, mistakes.db)
    assert caplog.text.count("AB215") == 2


def test_a_related_view_of_something_that_is_no_model() -> None:
    mistakes = Mistakes()
    other = type("OtherView", (ModelView,), {"__module__": "shop.admin", "datamodel": SQLAInterface(dict)})
    mistakes.view("CustomerView", related_views=[other])
    mistakes.appbuilder.add_view(other, "Other")
    (problem,) = mistakes.problems()
    assert (problem.id, problem.where) == ("AB108", "shop.admin.OtherView.datamodel")


def test_a_bare_expose_is_refused_at_once() -> None:
    with pytest.raises(TypeError, match="parentheses"):
        expose(lambda self: "")  # type: ignore[arg-type]  # the mistake


def test_an_app_and_a_database_in_the_wrong_order() -> None:
    mistakes = Mistakes()
    with pytest.raises(ConfigurationError, match="AB208"):
        AppBuilder(mistakes.db, mistakes.app)  # type: ignore[arg-type]  # the mistake


def test_a_missing_secret_key() -> None:
    mistakes = Mistakes()
    mistakes.app.config["SECRET_KEY"] = None
    mistakes.view("CustomerView")
    assert [problem.id for problem in mistakes.problems()] == ["AB404"]


def test_a_secret_key_that_is_neither_text_nor_bytes() -> None:
    mistakes = Mistakes()
    mistakes.app.config["SECRET_KEY"] = 12345
    mistakes.view("CustomerView", route_base="customers")
    (problem,) = mistakes.problems()
    assert (problem.id, problem.where) == ("AB404", "app.config['SECRET_KEY']")
    assert "text or bytes" in problem.message


@pytest.mark.parametrize("weak", ["ChangeMe", b"changeme", b"SECRET_KEY", b"\xff" * 15])
def test_a_weak_secret_key_is_found_in_bytes_too(
    weak: str | bytes, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appbuilder_lite.binding_checks._SHORTEST_SECRET", 0 if weak.isascii() else 16)
    mistakes = Mistakes()
    mistakes.app.config["SECRET_KEY"] = weak
    mistakes.appbuilder.init_app(mistakes.app, mistakes.db)
    assert caplog.text.count("AB405") == 1


def compiled(folder: Path, templates: dict[str, str]) -> ModuleLoader:
    """A loader of templates that were compiled before, and have no source any more."""
    Environment(loader=DictLoader(templates)).compile_templates(folder, zip=None)
    return ModuleLoader(folder)


def test_compiled_templates_are_found(tmp_path: Path) -> None:
    loader = compiled(tmp_path, {"mine.html": "from the compiled template", "own/frame.html": ""})
    mistakes = Mistakes()
    flasks = mistakes.app.create_global_jinja_loader()
    mistakes.app.jinja_options = {"loader": ChoiceLoader([PrefixLoader({"shop": loader}), loader, flasks])}
    mistakes.view("CustomerView", list_template="mine.html", show_template="shop/mine.html")
    mistakes.view("CountryView", list_template="other.html", show_template="shop/other.html")
    assert [(problem.id, problem.where) for problem in mistakes.problems()] == [
        ("AB213", "shop.admin.CountryView.list_template"),
        ("AB213", "shop.admin.CountryView.show_template"),
    ]


def test_compiled_templates_where_flask_asks_for_their_source(tmp_path: Path) -> None:
    mistakes = Mistakes()
    mistakes.app.jinja_loader = compiled(tmp_path, {"mine.html": ""})
    mistakes.view("CustomerView", list_template="mine.html")
    (problem,) = mistakes.problems()
    assert (problem.id, problem.where) == ("AB213", "app.jinja_loader")
    assert "create_global_jinja_loader" in problem.fix


def test_a_loader_that_cannot_tell_is_believed() -> None:
    class Elsewhere(BaseLoader):
        has_source_access = False

    mistakes = Mistakes()
    mistakes.app.jinja_env.loader = ChoiceLoader([Elsewhere(), mistakes.app.create_global_jinja_loader()])
    mistakes.view("CustomerView", list_template="mine.html")
    mistakes.appbuilder.init_app(mistakes.app, mistakes.db)
    assert "CustomerView" in mistakes.appbuilder.state.views


def test_settings_that_are_unknown_wrong_or_set_twice() -> None:
    mistakes = Mistakes()
    mistakes.app.config.update(
        APPBUILDER_SYNK="auto",
        APPBUILDER_SYNC="sometimes",
        APPBUILDER_CHOICES_LIMIT="100",
        APPBUILDER_APP_NAME="One",
        APP_NAME="Two",
        APPBUILDER_URL_PREFIX="admin/",
        APPBUILDER_SECURITY_MANAGER_CLASS="shop.security.NoSuchManager",
        APPBUILDER_INDEX_VIEW="no_such_module.Index",
    )
    found = {problem.id: problem for problem in mistakes.problems()}
    assert found.keys() >= {"AB401", "AB402", "AB403", "AB406", "AB411"}
    assert "APPBUILDER_SYNC" in found["AB401"].fix


@pytest.mark.parametrize("prefix", ["/<lang>/admin", "/my admin", "/x?y", "/x#y", "//admin", "/../admin", "/a\n"])
def test_a_prefix_that_is_no_plain_path(prefix: str) -> None:
    mistakes = Mistakes()
    mistakes.appbuilder = AppBuilder(url_prefix=prefix)
    (problem,) = mistakes.problems()
    assert (problem.id, problem.where) == ("AB406", "url_prefix")
    assert "letters" in problem.fix


@pytest.mark.parametrize("path", ["/admin", "/back-office/v1.0/~me_2", "/übersicht", "/.well-known/staff"])
def test_a_plain_path_is_a_prefix_and_the_address_of_a_view(path: str) -> None:
    mistakes = Mistakes()
    mistakes.appbuilder = AppBuilder(url_prefix=path)
    mistakes.view("CustomerView", route_base=f"{path}/")
    mistakes.appbuilder.init_app(mistakes.app, mistakes.db)
    assert mistakes.app.test_client().get(f"{path}/login/").status_code == 503
    assert mistakes.app.test_client().get(f"{path}{path}/list/").status_code == 503


def test_arguments_of_an_appbuilder_that_are_no_text() -> None:
    mistakes = Mistakes()
    mistakes.appbuilder = AppBuilder(url_prefix=5, name=["x"])  # type: ignore[arg-type]  # the mistakes
    assert [(problem.id, problem.where) for problem in mistakes.problems()] == [
        ("AB403", "AppBuilder(url_prefix=...)"),
        ("AB403", "AppBuilder(name=...)"),
    ]


class Later:
    """A translation that is no text until it is shown, like those of Flask-Babel."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text


ARGUMENTS: list[tuple[str, tuple[Any, ...], dict[str, Any], str]] = [
    ("add_view", (None,), {}, "name"),
    ("add_view", ("",), {}, "name"),
    ("add_view", (" ",), {}, "name"),
    ("add_view", (7,), {}, "name"),
    ("add_view", (Later("Customers"),), {}, "name"),
    ("add_view", ("Customers",), {"href": 7}, "href"),
    ("add_view", ("Customers",), {"icon": 5}, "icon"),
    ("add_view", ("Customers",), {"label": 5}, "label"),
    ("add_view", ("Customers",), {"category": ["Sales"]}, "category"),
    ("add_view", ("Customers",), {"category_icon": b"cart"}, "category_icon"),
    ("add_view", ("Customers",), {"category_label": True}, "category_label"),
    ("add_view", ("Customers",), {"menu_cond": "x"}, "menu_cond"),
    ("add_view", ("Customers",), {"menu_cond": lambda user: True}, "menu_cond"),
    ("add_link", (None, "/x"), {}, "name"),
    ("add_link", ("Docs", None), {}, "href"),
    ("add_link", ("Docs", ""), {}, "href"),
    ("add_link", ("Docs", 7), {}, "href"),
    ("add_link", ("Docs", "/x"), {"icon": 5}, "icon"),
    ("add_link", ("Docs", "/x"), {"cond": "x"}, "cond"),
    ("add_separator", (5,), {}, "category"),
    ("add_separator", ("Sales",), {"cond": True}, "cond"),
]


def call(mistakes: Mistakes, method: str, positional: tuple[Any, ...], named: dict[str, Any]) -> None:
    """One call; each adds a view class of its own."""
    number = len(mistakes.appbuilder._recorded)
    options = {"__module__": "shop.admin", "datamodel": SQLAInterface(mistakes.models.Customer)}
    view = (type(f"Customer{number}View", (ModelView,), options),) if method == "add_view" else ()
    getattr(mistakes.appbuilder, method)(*view, *positional, **named)


@pytest.mark.parametrize(
    ("method", "positional", "named", "argument"),
    ARGUMENTS,
    ids=[f"{method}-{what}" for method, _, _, what in ARGUMENTS],
)
def test_a_mistaken_argument_is_told_with_the_place_of_the_call(
    method: str, positional: tuple[Any, ...], named: dict[str, Any], argument: str
) -> None:
    mistakes = Mistakes()
    call(mistakes, method, positional, named)
    (problem,) = mistakes.problems()
    assert problem.id == "AB106"
    assert re.search(r"test_misconfigurations\.py:\d+$", problem.where)
    assert problem.message.startswith(f"{argument}: ")


def test_mistaken_arguments_are_told_all_at_once_with_those_of_the_views() -> None:
    mistakes = Mistakes()
    for method, positional, named, _ in ARGUMENTS:
        call(mistakes, method, positional, named)
    mistakes.view("CountryView", list_columns=["nme"])
    assert [problem.id for problem in mistakes.problems()] == ["AB106"] * len(ARGUMENTS) + ["AB103"]


def test_a_mistaken_argument_of_what_is_added_later_leaves_nothing_behind() -> None:
    mistakes = Mistakes()
    mistakes.appbuilder.init_app(mistakes.app, mistakes.db)
    before = len(list(mistakes.app.url_map.iter_rules()))
    with pytest.raises(ConfigurationError, match="icon: int 5"):
        call(mistakes, "add_view", ("Customers",), {"icon": 5})
    assert len(list(mistakes.app.url_map.iter_rules())) == before


def test_a_dotted_class_that_does_not_import_is_never_a_silent_default() -> None:
    for path in ("shop.security.NoSuchManager", "Manager", "tests.test_misconfigurations.NoSuchClass"):
        mistakes = Mistakes()
        mistakes.app.config["APPBUILDER_SECURITY_MANAGER_CLASS"] = path
        (problem,) = mistakes.problems()
        assert problem.id == "AB411"
        assert path in problem.message


def test_a_login_manager_of_the_host_with_the_default_user_model() -> None:
    mistakes = Mistakes()
    flask_login.LoginManager(mistakes.app)
    mistakes.view("CustomerView")
    assert [problem.id for problem in mistakes.problems()] == ["AB330"]


def test_a_user_model_that_lacks_what_it_needs() -> None:
    mistakes = Mistakes()
    manager = type("Manager", (SecurityManager,), {"user_model": mistakes.models.Country})
    appbuilder = AppBuilder(security_manager_class=manager)
    with pytest.raises(ConfigurationError) as caught:
        appbuilder.init_app(mistakes.app, mistakes.db)
    assert {problem.id for problem in caught.value.problems} & {"AB301", "AB302", "AB309"}


def test_names_that_a_database_would_merge() -> None:
    mistakes = Mistakes()
    mistakes.view("CustomerView")
    mistakes.view("ClientView", class_permission_name="customerview")
    assert {problem.id for problem in mistakes.problems()} & {"AB320", "AB321", "AB322", "AB323"}


def test_no_database_and_a_foreign_one() -> None:
    app = Flask("without")
    app.config["SECRET_KEY"] = "a secret of the test suite"
    with pytest.raises(ConfigurationError, match="AB410"):
        AppBuilder(app)
    with pytest.raises(ConfigurationError, match="AB410"):
        AppBuilder(app, make_db())


def test_one_name_for_two_appbuilders() -> None:
    mistakes = Mistakes()
    AppBuilder(mistakes.app, mistakes.db)
    with pytest.raises(ConfigurationError, match="AB207"):
        AppBuilder(mistakes.app, mistakes.db)


def test_a_host_function_needs_both_names() -> None:
    def report() -> str:
        return ""

    with pytest.raises(TypeError, match="can_report"):
        has_access(report)


def test_the_users_own_attributes_are_the_users_own_business() -> None:
    mistakes = Mistakes()
    mistakes.view("CustomerView", greeting="hello", list_of_friends=["x"], helper=lambda self: None)
    mistakes.appbuilder.init_app(mistakes.app, mistakes.db)
    assert "/admin/customerview/list/" in {rule.rule for rule in mistakes.app.url_map.iter_rules()}
