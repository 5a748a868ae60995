"""A guest, not the owner: what the host had is as it was, and nothing happens before the first request."""

import gc
import weakref
from typing import Any

import flask_login
import pytest
from flask import Flask, g
from flask_sqlalchemy import SQLAlchemy

from appbuilder_lite import AppBuilder, ConfigurationError, ModelView, SQLAInterface
from tests.conftest import CountStatements
from tests.web.conftest import MakeSite
from tests.web.site import Site, make_db, make_models, make_views

DOWN = "postgresql+psycopg://nobody:nothing@127.0.0.1:1/nowhere"


def _plain_app(url: str = "sqlite://") -> tuple[Flask, SQLAlchemy]:
    """An app of somebody's own with a bit of everything that an extension might disturb."""
    app = Flask("plain")
    app.config.update(SECRET_KEY="a secret of the test suite", TESTING=True, SQLALCHEMY_DATABASE_URI=url)
    db = make_db()
    db.init_app(app)

    @app.before_request
    def remember() -> None:
        g.remembered = True

    @app.context_processor
    def words() -> dict[str, str]:
        return {"greeting": "hello"}

    @app.errorhandler(404)
    def missing(error: Exception) -> tuple[str, int]:
        return "the host's own 404", 404

    @app.get("/")
    def home() -> str:
        return "home of the host"

    return app, db


def _facts(app: Flask) -> dict[str, Any]:
    return {
        "rules": {(rule.rule, rule.endpoint, frozenset(rule.methods or ())) for rule in app.url_map.iter_rules()},
        "before": {name: list(found) for name, found in app.before_request_funcs.items() if found},
        "after": {name: list(found) for name, found in app.after_request_funcs.items() if found},
        "teardown": {name: list(found) for name, found in app.teardown_request_funcs.items() if found},
        "processors": {name: list(found) for name, found in app.template_context_processors.items()},
        "handlers": {
            name: {code: dict(found) for code, found in by_code.items()}
            for name, by_code in app.error_handler_spec.items()
        },
        "views": dict(app.view_functions),
        "config": dict(app.config),
        "session": app.session_interface,
        "jinja made": "jinja_env" in vars(app),
    }


def _extend(app: Flask, db: SQLAlchemy, **options: Any) -> AppBuilder:
    models = make_models(db)
    appbuilder = AppBuilder(**options)
    appbuilder.add_view(make_views(models).CustomerView, "Customers")
    appbuilder.init_app(app, db)
    return appbuilder


def test_the_host_keeps_its_rules_handlers_and_functions() -> None:
    app, db = _plain_app()
    flask_login.LoginManager(app).user_loader(lambda key: None)
    manager = app.login_manager  # type: ignore[attr-defined]  # Flask-Login puts it there
    before, login = _facts(app), dict(vars(manager))
    with pytest.raises(ConfigurationError):
        _extend(app, db)
    assert _facts(app) == before, "a refused extension leaves nothing behind"

    app, db = _plain_app()
    before = _facts(app)
    _extend(app, db)
    after = _facts(app)
    assert before["rules"] <= after["rules"]
    ours = after["rules"] - before["rules"]
    assert all(rule.startswith("/admin") and endpoint.startswith("appbuilder.") for rule, endpoint, _ in ours)
    for part in ("before", "teardown", "session", "jinja made"):
        assert after[part] == before[part], part
    assert {name: view for name, view in after["views"].items() if name in before["views"]} == before["views"]
    theirs = {name: found for name, found in after["handlers"].items() if not str(name).startswith("appbuilder.")}
    assert theirs == before["handlers"]
    assert dict(vars(manager)) == login


def test_a_refused_extension_names_the_login_manager() -> None:
    app, db = _plain_app()
    flask_login.LoginManager(app)
    with pytest.raises(ConfigurationError) as caught:
        _extend(app, db)
    assert "AB330" in {problem.id for problem in caught.value.problems}


def test_the_hosts_pages_and_404_answer_as_before() -> None:
    app, db = _plain_app()
    _extend(app, db)
    client = app.test_client()
    assert client.get("/").text == "home of the host"
    assert client.get("/nothing-here").text == "the host's own 404"


def test_starting_with_the_database_down_asks_nothing(count_statements: CountStatements) -> None:
    app, db = _plain_app(DOWN)
    with count_statements() as seen:
        _extend(app, db)
    assert len(seen) == 0
    client = app.test_client()
    assert client.get("/").status_code == 200
    answer = client.get("/admin/login/")
    assert answer.status_code == 503
    assert "127.0.0.1" not in answer.text


def test_missing_tables_give_503_on_our_pages_only(make_site: MakeSite, caplog: pytest.LogCaptureFixture) -> None:
    site = make_site(create=False)
    for _ in range(3):
        answer = site.browser().get("/admin/")
        assert answer.status_code == 503
    assert "flask appbuilder" in answer.text
    told = [record for record in caplog.records if "flask appbuilder" in record.getMessage()]
    assert len(told) == 1, [record.getMessage() for record in told]
    site.create()
    assert site.browser().get("/admin/").status_code == 302


def test_a_hundred_apps_in_one_process_share_nothing() -> None:
    db = make_db()
    models = make_models(db)
    appbuilder = AppBuilder()
    appbuilder.add_view(make_views(models).CustomerView, "Customers")
    gone = []
    for _ in range(100):
        app = Flask("one of many")
        app.config.update(SECRET_KEY="a secret of the test suite", SQLALCHEMY_DATABASE_URI="sqlite://")
        db.init_app(app)
        appbuilder.init_app(app, db)
        gone.append(weakref.ref(app))
        with app.app_context():
            assert appbuilder.baseviews[0].state.app is app
            db.engine.dispose()
    del app
    gc.collect()
    assert sum(reference() is not None for reference in gone) <= 1


def test_two_apps_with_two_databases_do_not_see_each_other(tmp_path: Any) -> None:
    db = make_db()
    models = make_models(db)
    appbuilder = AppBuilder()
    appbuilder.add_view(make_views(models).CountryView, "Countries")
    sites = []
    for name in ("one", "two"):
        app = Flask(name)
        app.config.update(SECRET_KEY="a secret of the test suite", TESTING=True)
        app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{tmp_path / name}.sqlite"
        db.init_app(app)
        appbuilder.init_app(app, db)
        site = Site(app, db, appbuilder, models)
        site.create()
        sites.append(site)
    first, second = sites
    browser = first.admin()
    assert browser.send("/admin/countryview/add", name="Only in one").status_code == 302
    assert "Only in one" in browser.get("/admin/countryview/list/").text
    assert "Only in one" not in second.admin().get("/admin/countryview/list/").text
    for site in sites:
        with site.app.app_context():
            db.engine.dispose()


def test_an_empty_prefix_and_name_give_the_layout_of_flask_appbuilder() -> None:
    app = Flask("root")
    app.config.update(SECRET_KEY="a secret of the test suite", TESTING=True, SQLALCHEMY_DATABASE_URI="sqlite://")
    db = make_db()
    db.init_app(app)
    _extend(app, db, url_prefix="", name="")
    rules = {rule.endpoint: rule.rule for rule in app.url_map.iter_rules()}
    assert rules["CustomerView.list"] == "/customerview/list/"
    assert rules["AuthDBView.login"] == "/login/"
    assert rules["IndexView.index"] == "/"
    assert app.test_client().get("/no-such-page").status_code == 404


def test_two_appbuilders_in_one_app_share_users(tmp_path: Any) -> None:
    app, db = _plain_app(f"sqlite:///{tmp_path / 'two.sqlite'}")
    models = make_models(db)
    views = make_views(models)
    first, second = AppBuilder(), AppBuilder(name="backstage", url_prefix="/backstage")
    first.add_view(views.CustomerView, "Customers")
    second.add_view(views.CountryView, "Countries")
    first.init_app(app, db)
    second.init_app(app, db)
    site = Site(app, db, first, models, views)
    site.create()
    with app.app_context():
        assert first.sm is second.sm
    admin = site.admin()
    assert admin.get("/admin/customerview/list/").status_code == 200
    assert admin.get("/backstage/countryview/list/").status_code == 200
    assert "Countries" not in admin.get("/admin/").text
    assert site.browser().get("/backstage/").location.startswith("/admin/login/")
    with app.app_context():
        db.engine.dispose()


def test_views_added_after_binding_belong_to_the_app() -> None:
    app, db = _plain_app()
    models = make_models(db)
    views = make_views(models)
    appbuilder = AppBuilder(app, db)
    found = appbuilder.add_view(views.CustomerView, "Customers")
    assert isinstance(found, ModelView)
    assert "/admin/customerview/list/" in {rule.rule for rule in app.url_map.iter_rules()}
    assert appbuilder.add_view(views.CustomerView, "The same again") is found
    assert appbuilder.menu.find("The same again") is not None


def test_a_failed_late_view_leaves_nothing_behind() -> None:
    app, db = _plain_app()
    models = make_models(db)
    appbuilder = AppBuilder(app, db)

    class Wrong(ModelView):
        datamodel = SQLAInterface(models.Customer)
        list_columns = ["nme"]

    before = _facts(app)
    with pytest.raises(ConfigurationError, match="name"):
        appbuilder.add_view(Wrong, "Wrong")
    assert _facts(app) == before
    assert appbuilder.menu.find("Wrong") is None


def test_a_view_added_after_the_first_request_is_refused(site: Site) -> None:
    site.browser().get("/admin/")

    class Late(ModelView):
        datamodel = SQLAInterface(site.models.Tag)

    with site.app.app_context(), pytest.raises(ConfigurationError, match="AB206"):
        site.builder.add_view(Late, "Late")


def test_the_session_of_the_database_is_taken_as_flask_appbuilder_users_pass_it() -> None:
    app, db = _plain_app()
    with app.app_context():
        appbuilder = AppBuilder(app, db.session)
        assert appbuilder.session is db.session


def test_a_login_manager_installed_after_ours_is_found_at_the_first_request(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app, db = _plain_app()
    _extend(app, db)
    with app.app_context():
        db.create_all()
    flask_login.LoginManager(app).user_loader(lambda key: None)
    answer = app.test_client().get("/admin/")
    assert answer.status_code >= 500
    assert "AB332" in caplog.text
    assert app.test_client().get("/").status_code == 200
