"""Binding an AppBuilder to apps: nothing is shared between them, and a second one in an app has its limits."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, ForeignKey, Integer, String
from sqlalchemy.orm import relationship

from appbuilder_lite import (
    AppBuilder,
    BaseView,
    ConfigurationError,
    ModelView,
    SecurityManager,
    SQLAInterface,
    action,
    expose,
    has_access,
    signed_in,
)
from appbuilder_lite.web.menu import Menu
from tests.conftest import MakeHost
from tests.web.conftest import MakeSite
from tests.web.site import Site, make_db, make_models, make_views


class Greeting(BaseView):
    """A page that tells which app it belongs to."""

    default_view = "hello"

    @expose("/hello")
    @signed_in
    def hello(self) -> str:
        return self.state.app.name


def _app(name: str, db: Any) -> Flask:
    app = Flask(name)
    app.config.update(SECRET_KEY="a secret of the test suite", TESTING=True, SQLALCHEMY_DATABASE_URI="sqlite://")
    db.init_app(app)
    return app


@pytest.fixture
def db() -> Any:
    """A database object for several apps."""
    return make_db()


def test_a_view_instance_is_copied_for_each_app(db: Any) -> None:
    appbuilder = AppBuilder()
    appbuilder.add_view(Greeting(), "Greeting")
    apps = [_app(name, db) for name in ("one", "two")]
    for app in apps:
        appbuilder.init_app(app, db)
    for app in apps:
        with app.app_context():
            (view,) = [view for view in appbuilder.baseviews if isinstance(view, Greeting)]
            assert view.state.app is app


def test_a_given_menu_is_copied_for_each_app_and_keeps_its_class(db: Any) -> None:
    class Mine(Menu):
        pass

    menu = Mine()
    menu.add_link("Docs", href="https://example.org", category="Help")
    appbuilder = AppBuilder(menu=menu)
    appbuilder.add_view(Greeting, "Greeting", category="Help")
    for name in ("one", "two"):
        app = _app(name, db)
        appbuilder.init_app(app, db)
        with app.app_context():
            assert isinstance(appbuilder.menu, Mine)
            assert [item.name for item in appbuilder.menu.groups[0].items] == ["Docs", "Greeting"]
    assert [item.name for item in menu.groups[0].items] == ["Docs"]


def test_init_app_after_the_first_request_is_refused_and_leaves_nothing(db: Any) -> None:
    app = _app("late", db)
    app.test_client().get("/")
    with pytest.raises(ConfigurationError, match="AB206"):
        AppBuilder(app, db)
    assert not app.extensions.get("appbuilder_lite")


def test_a_second_appbuilder_with_users_of_its_own_is_refused(db: Any) -> None:
    class Other(SecurityManager):
        pass

    app = _app("two", db)
    AppBuilder(app, db)
    with pytest.raises(ConfigurationError, match="AB337"):
        AppBuilder(app, db, name="other", url_prefix="/other", table_prefix="xx_", security_manager_class=Other)


def test_a_second_appbuilder_may_have_roles_of_its_own_for_the_same_users(make_host: MakeHost) -> None:
    db = make_db()
    models = make_models(db)
    views = make_views(models)
    host = make_host(db)
    first = AppBuilder(host.app, db)
    with host.app.app_context():
        users = first.sm.models.user
    manager = type("Backstage", (SecurityManager,), {"user_model": users})
    second = AppBuilder(security_manager_class=manager, name="backstage", url_prefix="/backstage", table_prefix="bs_")
    second.add_view(views.CountryView, "Countries")
    second.init_app(host.app, db)
    site = Site(host.app, db, first, models, views)
    site.create()
    with host.app.app_context():
        second.sm.ensure_synced()
    admin = site.admin()
    assert admin.get("/admin/").status_code == 200
    assert admin.get("/backstage/countryview/list/").status_code == 403, "an Admin there has no role here"
    with host.app.app_context():
        ada = db.session.query(users).one()
        second.sm.set_user_roles(ada, [second.sm.find_role("Admin")])
    assert admin.get("/backstage/countryview/list/").status_code == 200


def test_an_empty_name_has_our_error_page_and_headers(make_site: MakeSite) -> None:
    site = make_site(create=False, builder={"name": "", "url_prefix": ""}, TESTING=False)

    class Broken(BaseView):
        default_view = "fail"

        @expose("/fail")
        @signed_in
        def fail(self) -> str:
            raise ZeroDivisionError("a secret of the view")

    with site.app.app_context():
        site.builder.add_view(Broken, "Broken")
    site.create()
    site.user("admin", roles=("Admin",))
    browser = site.browser()
    assert browser.send("/login/", username="admin", password="correct horse battery").status_code == 302
    answer = browser.get("/broken/fail")
    assert answer.status_code == 500
    assert "a secret of the view" not in answer.text
    assert answer.headers["X-Frame-Options"] == "DENY"


class Later:
    """A translation that is no text until it is shown, like those of Flask-Babel."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text


def test_texts_of_the_menu_may_be_none_as_in_flask_appbuilder_and_labels_translations(make_site: MakeSite) -> None:
    site = make_site(create=False)

    class Plain(Greeting):
        pass

    with site.app.app_context():
        none: Any = dict.fromkeys(["href", "icon", "label", "category", "category_icon", "category_label"])
        site.builder.add_view(Plain, "Plain", **none)
        site.builder.add_link("Docs", **{**none, "href": "/docs"})
        site.builder.add_separator(none["category"])
        later: Any = {"label": Later("Greetings"), "category_label": Later("Words")}
        site.builder.add_view(Greeting, "Greeting", category="Texts", **later)
    site.create()
    admin = site.admin()
    for url in ("/admin/", "/admin/menu", "/admin/search?q=gree", "/admin/plain/hello", "/admin/customerview/list/"):
        page = admin.get(url)
        assert page.status_code == 200, url
    menu = admin.get("/admin/menu").text
    assert all(word in menu for word in ("Plain", "Docs", "Greetings", "Words"))
    assert "None" not in menu


def test_marks_guard_functions_that_are_methods_of_no_view(site: Site) -> None:
    class Pages:
        @staticmethod
        @signed_in
        def still() -> str:
            return "open"

        @signed_in
        def bound(self) -> str:
            return "open"

        @has_access
        def unnamed(self) -> str:
            return "open"

    for name, function in (("still", Pages.still), ("bound", Pages().bound), ("unnamed", Pages().unnamed)):
        site.app.add_url_rule(f"/{name}", name, function)
    anonymous, admin = site.browser(), site.admin()
    for name in ("still", "bound"):
        assert anonymous.get(f"/{name}").status_code == 302
        assert admin.get(f"/{name}").text == "open"
    for browser in (anonymous, admin):
        assert browser.get("/unnamed").status_code == 403


def test_related_rows_count_whichever_relation_they_point_by(make_host: MakeHost) -> None:
    db: Any = make_db()

    class Person(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        name = Column(String(50))

        def __str__(self) -> str:
            return str(self.name)

    class Task(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        title = Column(String(50))
        author_id: Any = Column(ForeignKey("person.id"))
        owner_id: Any = Column(ForeignKey("person.id"))
        author = relationship(Person, foreign_keys=[author_id])
        owner = relationship(Person, foreign_keys=[owner_id])

    class TaskView(ModelView):
        datamodel = SQLAInterface(Task)
        list_columns = ["title"]

    class PersonView(ModelView):
        datamodel = SQLAInterface(Person)
        related_views = [TaskView]

    host = make_host(db)
    appbuilder = AppBuilder()
    appbuilder.add_view(PersonView, "People")
    appbuilder.add_view(TaskView, "Tasks")
    appbuilder.init_app(host.app, db)
    site = Site(host.app, db, appbuilder)
    site.create()
    with host.app.app_context():
        ann, bob, eve = (Person(name=name) for name in ("Ann", "Bob", "Eve"))
        db.session.add_all([Task(title="Sweep", author=ann, owner=bob), eve])
        db.session.commit()
    admin = site.admin()
    shown = ["Sweep" in admin.get(f"/admin/personview/show/{key}").text for key in (1, 2, 3)]
    assert shown == [True, True, False]


def test_what_an_action_changes_is_committed(make_site: MakeSite) -> None:
    site = make_site(create=False)
    models = site.models

    class Renaming(ModelView):
        datamodel = SQLAInterface(models.Country)

        @action("rename", "Rename")
        def rename(self, items: list[Any]) -> None:
            for item in items:
                item.name = f"{item.name}!"

    with site.app.app_context():
        site.builder.add_view(Renaming, "Renaming")
    site.create()
    site.fill(1)
    admin = site.admin()
    data = {"csrf_token": admin.token(), "action": "rename", "rowid": ["1", "2"]}
    assert admin.client.post("/admin/renaming/action_post", data=data).status_code == 302
    assert "Norway!" in admin.get("/admin/renaming/list/").text
