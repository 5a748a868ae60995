"""The home page."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Response, request
from sqlalchemy import Column, Integer

from appbuilder_lite import IndexView, ModelView, SQLAInterface
from appbuilder_lite.filters import FilterStartsWith
from tests.conftest import CountStatements, MakeHost
from tests.web.conftest import MakeSite
from tests.web.declared import site_with
from tests.web.site import Browser, Site, make_db, make_models, make_views


def test_the_home_page_has_a_card_for_each_view_that_may_be_opened(site: Site) -> None:
    site.user("ann", ("can_list", "CustomerView"), ("can_add", "CustomerView"), ("can_list", "CountryView"))
    text = site.sign_in("ann").get("/admin/").text
    main = text[text.index("<main") :]
    assert 'href="/admin/customerview/list/"' in main
    assert 'href="/admin/customerview/add"' in main
    assert 'href="/admin/countryview/list/"' in main
    assert "/admin/countryview/add" not in main
    assert "/admin/orderview/" not in main
    assert "Security" not in main


def test_an_administrator_sees_security_in_its_order(site: Site) -> None:
    text = site.admin().get("/admin/").text
    main = text[text.index("<main") :]
    links = ["users", "roles", "groups", "permissions", "viewmenus", "permissionviews"]
    places = [main.index(f'href="/admin/{link}/list/"') for link in links]
    assert places == sorted(places)


def test_somebody_without_roles_is_told_whom_to_ask(site: Site) -> None:
    site.user("ann")
    page = site.sign_in("ann").get("/admin/")
    assert page.status_code == 200
    assert "You have no access yet" in page.text
    assert "Ask an administrator for a role" in page.text


def test_the_home_page_costs_one_statement_and_one_for_all_counts(
    site: Site, count_statements: CountStatements
) -> None:
    admin = site.admin()
    admin.get("/admin/")
    with count_statements() as seen:
        admin.get("/admin/")
    assert len(seen) == 1 + 1, seen


def test_cards_tell_how_many_records_there_are(site: Site) -> None:
    site.fill()
    cards = cards_of(site.admin())
    assert cards["Customers"] == "30 records"
    assert cards["Countries"] == "2 records"
    assert cards["Users"] == "1 record"
    assert cards["Groups"] == "0 records"


def test_a_view_that_may_not_be_listed_is_not_counted(site: Site, count_statements: CountStatements) -> None:
    site.fill()
    site.user("ann", ("can_list", "CountryView"))
    ann = site.sign_in("ann")
    assert cards_of(ann) == {"Countries": "2 records"}
    site.user("ben")
    ben = site.sign_in("ben")
    ben.get("/admin/")
    with count_statements() as seen:
        ben.get("/admin/")
    assert len(seen) == 1, seen


def test_only_rows_that_the_person_may_see_are_counted(make_host: MakeHost) -> None:
    db = make_db()
    models = make_models(db)

    class Filtered(ModelView):
        datamodel = SQLAInterface(models.Customer)
        base_filters = [["name", FilterStartsWith, "Customer 01"]]
        base_order = ("name", "desc")

    class Scoped(ModelView):
        datamodel = SQLAInterface(models.Order)

        def scope(self, query: Any, user: Any) -> Any:
            return query.join(models.Order.customer).where(models.Customer.name < "Customer 003")

    class Nothing(ModelView):
        datamodel = SQLAInterface(models.Customer)

        def scope(self, query: Any, user: Any) -> Any:
            return query.where(db.false())

    site = site_with(make_host, db, models, (Filtered, "Filtered"), (Scoped, "Scoped"), (Nothing, "Nothing"))
    cards = cards_of(site.admin())
    assert {name: cards[name] for name in ("Filtered", "Scoped", "Nothing")} == {
        "Filtered": "10 records",
        "Scoped": "3 records",
        "Nothing": "0 records",
    }


def test_counting_ends_where_people_stop_reading(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.fill()
    monkeypatch.setattr("appbuilder_lite.web.counts.MOST", 29)
    assert cards_of(site.admin())["Customers"] == "29+ records"
    monkeypatch.setattr("appbuilder_lite.web.counts.MOST", 30)
    assert cards_of(site.admin())["Customers"] == "30 records"


def test_only_the_first_views_are_counted(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appbuilder_lite.web.counts.MOST_VIEWS", 2)
    cards = cards_of(site.admin())
    assert [bool(cards[name]) for name in ("Customers", "Countries", "Orders", "Users")] == [True, True, False, False]


def test_a_view_and_a_home_page_may_leave_the_counts_out(
    make_host: MakeHost, make_site: MakeSite, count_statements: CountStatements
) -> None:
    db = make_db()
    models = make_models(db)

    class Uncounted(ModelView):
        datamodel = SQLAInterface(models.Customer)
        index_count = False

    class Quiet(IndexView):
        show_counts = False

    site = site_with(make_host, db, models, (Uncounted, "Uncounted"), (make_views(models).OrderView, "Orders"))
    cards = cards_of(site.admin())
    assert (cards["Uncounted"], cards["Orders"]) == ("", "30 records")
    quiet = make_site(builder={"indexview": Quiet})
    admin = quiet.admin()
    admin.get("/admin/")
    with count_statements() as seen:
        assert not any(cards_of(admin).values())
    assert len(seen) == 1, seen


def test_a_view_whose_scope_fails_alone_has_no_count(make_host: MakeHost, caplog: pytest.LogCaptureFixture) -> None:
    db = make_db()
    models = make_models(db)

    class Broken(ModelView):
        datamodel = SQLAInterface(models.Customer)

        def scope(self, query: Any, user: Any) -> Any:
            raise KeyError("a mistake of the app's own")

    site = site_with(make_host, db, models, (Broken, "Broken"), (make_views(models).OrderView, "Orders"))
    cards = cards_of(site.admin())
    assert (cards["Broken"], cards["Orders"]) == ("", "30 records")
    assert "Nothing could be read of Broken" in caplog.text


def test_without_a_table_the_home_page_comes_without_counts(
    make_host: MakeHost, caplog: pytest.LogCaptureFixture
) -> None:
    db = make_db()
    models = make_models(db)

    class Missing(ModelView):
        datamodel = SQLAInterface(models.Tag)

    site = site_with(make_host, db, models, (Missing, "Missing"), (make_views(models).OrderView, "Orders"))
    admin = site.admin()
    with site.app.app_context():
        db.metadata.tables["customer_tag"].drop(db.engine)
        models.Tag.__table__.drop(db.engine)
    assert not any(cards_of(admin).values())
    assert "Nothing could be read of" in caplog.text
    assert admin.get("/admin/orderview/list/").status_code == 200


def test_what_the_app_has_pending_is_counted_and_kept(site: Site) -> None:
    @site.app.before_request
    def add() -> None:
        if request.path == "/admin/":
            site.db.session.add(site.models.Country(name="Atlantis"))

    @site.app.after_request
    def commit(response: Response) -> Response:
        site.db.session.commit()
        return response

    assert cards_of(site.admin())["Countries"] == "1 record"
    assert site.count(site.models.Country) == 1


def test_two_databases_are_asked_once_each(
    make_host: MakeHost, tmp_path: Path, count_statements: CountStatements
) -> None:
    db = make_db()
    models = make_models(db)

    class Elsewhere(db.Model):  # type: ignore[misc, name-defined]  # the base is made at run time
        __bind_key__ = "elsewhere"
        id = Column(Integer, primary_key=True)

    class ElsewhereView(ModelView):
        datamodel = SQLAInterface(Elsewhere)

    binds = {"elsewhere": f"sqlite:///{tmp_path / 'elsewhere.sqlite'}"}
    views = ((ElsewhereView, "Elsewhere"), (make_views(models).OrderView, "Orders"))
    site = site_with(make_host, db, models, *views, SQLALCHEMY_BINDS=binds)
    admin = site.admin()
    assert (cards_of(admin)["Elsewhere"], cards_of(admin)["Orders"]) == ("0 records", "30 records")
    with count_statements() as seen:
        admin.get("/admin/")
    assert len(seen) == 1 + 2, seen
    with site.app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def test_at_the_root_everything_works_without_a_prefix(make_site: MakeSite) -> None:
    site = make_site(APPBUILDER_URL_PREFIX="")
    site.user("ann")
    browser = site.browser()
    assert browser.send("/login/", username="ann", password="correct horse battery").location == "/"
    assert browser.get("/").status_code == 200


def cards_of(browser: Browser) -> dict[str, str]:
    """What each card says of its records, by its name."""
    text = browser.get("/admin/").text
    pattern = r'class="ab-index-link" href="[^"]*">([^<]+)</a>(?:<span class="ab-muted">([^<]+)</span>)?'
    return {label: count or "" for label, count in re.findall(pattern, text)}
