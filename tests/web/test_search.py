"""The search over everything: what it looks into, what it never shows, and what it costs."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.test import TestResponse

from appbuilder_lite import AppBuilder, ModelView, SQLAInterface
from appbuilder_lite.filters import FilterStartsWith
from appbuilder_lite.web import search
from tests.conftest import CountStatements, MakeHost
from tests.web.conftest import MakeSite
from tests.web.declared import site_with
from tests.web.site import Browser, Site, make_db, make_models, make_views

READ = (("can_list", "CustomerView"), ("can_show", "CustomerView"))


def records(browser: Browser, text: str) -> dict[str, list[str]]:
    """Names of what is found, by view."""
    return {group["label"]: [_text(hit["parts"]) for hit in group["hits"]] for group in asked(browser, text)["groups"]}


def asked(browser: Browser, text: str) -> dict[str, Any]:
    answer = ask(browser, text)
    assert answer.status_code == 200
    found: dict[str, Any] = json.loads(answer.data)
    return found


def ask(browser: Browser, text: str) -> TestResponse:
    return browser.get("/admin/search", query_string={"q": text}, headers={"Accept": "application/json"})


def _text(parts: list[list[Any]]) -> str:
    return "".join(piece for piece, _ in parts)


def test_records_are_found_through_each_views_own_search(site: Site) -> None:
    found = records(site.admin(), "007")
    assert found == {"Customers": ["Customer 007"], "Orders": ["A00007"]}


def test_a_hit_leads_to_its_record_and_a_group_to_its_list(site: Site) -> None:
    group = asked(site.admin(), "Customer 007")["groups"][0]
    assert group["url"] == "/admin/customerview/list/?search=Customer+007"
    key = group["hits"][0]["url"].removeprefix("/admin/customerview/show/")
    assert site.admin().get(f"/admin/customerview/show/{key}").text.count("Customer 007") > 0


def test_what_was_found_elsewhere_in_the_record_is_told(site: Site) -> None:
    (group,) = asked(site.admin(), "c7@")["groups"]
    assert group["hits"][0]["parts"] == [["Customer 007", False]]
    assert group["hits"][0]["detail"] == [["c7@", True], ["example.org", False]]


def test_at_most_five_records_of_a_view(site: Site) -> None:
    assert len(records(site.admin(), "customer")["Customers"]) == search.RECORDS == 5


def test_a_view_that_the_person_may_not_list_is_not_searched(site: Site, count_statements: CountStatements) -> None:
    site.user("olga", *READ)
    olga = site.sign_in("olga")
    assert records(olga, "007") == {"Customers": ["Customer 007"]}
    with count_statements() as seen:
        ask(olga, "007")
    assert len(seen) == 1 + 1, seen


def test_somebody_without_rights_finds_nothing(site: Site, count_statements: CountStatements) -> None:
    site.user("olga", ("can_show", "CustomerView"))
    olga = site.sign_in("olga")
    olga.get("/admin/")
    with count_statements() as seen:
        page = asked(olga, "customer")
    assert (page["links"], page["actions"], page["groups"]) == ([], [], [])
    assert len(seen) == 1, seen


def test_without_its_own_page_a_record_is_in_the_list(site: Site) -> None:
    site.user("otto", ("can_list", "CustomerView"), ("can_edit", "CustomerView"))
    (group,) = asked(site.sign_in("otto"), "c7@")["groups"]
    assert group["hits"][0]["url"] == group["url"] == "/admin/customerview/list/?search=c7@"


@pytest.mark.parametrize("text", ["customer", "01", "example"])
def test_rows_outside_the_scope_are_never_found(make_host: MakeHost, text: str) -> None:
    db = make_db()
    models = make_models(db)

    class Filtered(ModelView):
        datamodel = SQLAInterface(models.Customer)
        base_filters = [["name", FilterStartsWith, "Customer 01"]]
        list_columns = ["name", "email"]
        search_columns = ["name", "email"]

    class Scoped(ModelView):
        datamodel = SQLAInterface(models.Customer)
        list_columns = ["name", "email"]
        search_columns = ["name", "email"]

        def scope(self, query: Any, user: Any) -> Any:
            return query.where(models.Customer.name == "Customer 012") if user is not None else query

    site = site_with(make_host, db, models, (Filtered, "Filtered"), (Scoped, "Scoped"))
    found = records(site.admin(), text)
    assert found["Filtered"]
    assert all(name.startswith("Customer 01") for name in found["Filtered"])
    assert found.get("Scoped", []) in ([], ["Customer 012"])


def test_a_column_that_the_person_does_not_meet_is_neither_searched_nor_shown(make_host: MakeHost) -> None:
    db = make_db()
    models = make_models(db)

    class Customers(ModelView):
        datamodel = SQLAInterface(models.Customer)
        list_columns = ["name", "email"]
        search_columns = ["email", "name"]

        def can_access_field(self, user: Any, column: str, action: str) -> bool:
            return column != "email"

    class Hidden(Customers):
        def can_access_field(self, user: Any, column: str, action: str) -> bool:
            return False

    site = site_with(make_host, db, models, (Customers, "Customers"), (Hidden, "Hidden"))
    admin = site.admin()
    assert "Customers" not in records(admin, "example.org")
    assert records(admin, "Customer 007") == {"Customers": ["Customer 007"]}
    assert "example.org" not in ask(admin, "Customer 007").text.replace("/admin", "")


def test_a_view_may_opt_out_and_one_outside_the_menu_is_left_alone(
    make_host: MakeHost, count_statements: CountStatements
) -> None:
    db = make_db()
    models = make_models(db)
    views = make_views(models)

    class Quiet(ModelView):
        datamodel = SQLAInterface(models.Customer)
        global_search = False

    class Unsearchable(ModelView):
        datamodel = SQLAInterface(models.Customer)
        search_columns: list[str] = []

    host, appbuilder = make_host(db), AppBuilder()
    appbuilder.add_view(Quiet, "Quiet")
    appbuilder.add_view(Unsearchable, "Unsearchable")
    appbuilder.add_view_no_menu(views.OrderView)
    appbuilder.add_view(views.CustomerView, "Customers")
    appbuilder.add_view(views.CustomerView, "Customers once more", menu_cond=lambda: True)
    appbuilder.init_app(host.app, db)
    site = Site(host.app, db, appbuilder, models)
    site.create()
    site.fill()
    admin = site.admin()
    assert records(admin, "007") == {"Customers": ["Customer 007"]}
    with count_statements() as seen:
        ask(admin, "007")
    # Who asks; customers, users, roles and groups.
    assert len(seen) == 1 + 4, seen


def test_every_view_costs_one_statement_without_a_count(site: Site, count_statements: CountStatements) -> None:
    admin = site.admin()
    ask(admin, "00")
    with count_statements() as seen:
        ask(admin, "00")
    # Who asks; customers, countries, orders, users, roles and groups.
    assert len(seen) == 1 + 6, seen
    texts = [text.lower() for text in seen.texts[1:]]
    assert all("limit" in text and "count(" not in text for text in texts)


@pytest.mark.parametrize("text", ["", "a", " a ", "?", "a b c"])
def test_fewer_than_two_letters_search_no_records(site: Site, count_statements: CountStatements, text: str) -> None:
    admin = site.admin()
    admin.get("/admin/")
    with count_statements() as seen:
        page = asked(admin, text)
    assert page["groups"] == []
    assert len(seen) == 1, seen


def test_one_letter_finds_pages_and_says_what_records_need(site: Site) -> None:
    page = site.admin().get("/admin/search?q=c")
    assert "Records are searched from 2 letters on." in page.text
    assert 'href="/admin/customerview/list/"' in page.text[page.text.index("<main") :]


def test_only_so_many_views_are_searched_and_the_rest_is_told(
    make_site: MakeSite, count_statements: CountStatements
) -> None:
    site = make_site(APPBUILDER_SEARCH_VIEWS=2)
    site.fill()
    admin = site.admin()
    page = asked(admin, "007")
    assert [group["label"] for group in page["groups"]] == ["Customers"]
    assert page["notices"] == [
        "These were not searched: Orders, Users, Roles, Groups. Search in their own lists.",
    ]
    with count_statements() as seen:
        ask(admin, "007")
    assert len(seen) == 1 + 2, seen


def test_after_two_seconds_no_further_view_is_searched(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def clock() -> Iterator[float]:
        yield from (0.0, 0.1)
        while True:
            yield search.SECONDS + 0.1

    times = clock()
    monkeypatch.setattr("appbuilder_lite.web.search.time.monotonic", lambda: next(times))
    page = asked(site.admin(), "007")
    assert [group["label"] for group in page["groups"]] == ["Customers"]
    assert page["notices"][0].startswith("These were not searched: Countries, Orders")


def test_a_view_that_fails_is_told_and_the_others_are_searched(
    make_host: MakeHost, caplog: pytest.LogCaptureFixture
) -> None:
    db = make_db()
    models = make_models(db)
    views = make_views(models)

    class Broken(ModelView):
        datamodel = SQLAInterface(models.Customer)

        def scope(self, query: Any, user: Any) -> Any:
            raise KeyError("a mistake of the app's own")

    class Missing(ModelView):
        datamodel = SQLAInterface(models.Tag)

    site = site_with(make_host, db, models, (Broken, "Broken"), (Missing, "Missing"), (views.OrderView, "Orders"))
    admin = site.admin()
    with site.app.app_context():
        db.session.execute(db.text("DELETE FROM customer_tag"))
        db.session.commit()
        db.metadata.tables["customer_tag"].drop(db.engine)
        models.Tag.__table__.drop(db.engine)
    page = asked(admin, "007")
    assert [group["label"] for group in page["groups"]] == ["Orders"]
    assert page["notices"] == ["These could not be searched: Broken, Missing."]
    assert "Nothing could be read of Broken" in caplog.text
    assert "a mistake of the app's own" not in admin.get("/admin/search?q=007").text


def test_pages_and_actions_are_found_by_their_names(site: Site) -> None:
    admin = site.admin()
    page = asked(admin, "custmer")
    assert [link["label"] for link in page["links"]] == ["Customers"]
    assert [(link["label"], link["url"]) for link in page["actions"]] == [("New customer", "/admin/customerview/add")]
    assert len(asked(admin, "")["links"]) > 5


def test_what_may_not_be_added_is_no_action(site: Site) -> None:
    site.user("olga", *READ)
    page = asked(site.sign_in("olga"), "")
    assert [link["label"] for link in page["links"]] == ["Customers"]
    assert page["actions"] == []


def test_the_page_marks_the_hits_and_escapes_the_words(site: Site) -> None:
    admin = site.admin()
    assert "<mark>Customer</mark> <mark>007</mark>" in admin.get("/admin/search?q=customer+007").text
    page = admin.get("/admin/search", query_string={"q": "<script>alert(1)</script>"})
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "Nothing matches" in page.text


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
@pytest.mark.parametrize(
    "query",
    ["q=%00abc", "q=" + "a" * 101, "q=ab&q=cd"],
    ids=["null", "huge", "twice"],
)
def test_what_cannot_be_searched_for_is_refused(site: Site, query: str, accept: str) -> None:
    answer = site.admin().get(f"/admin/search?{query}", headers={"Accept": accept})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "text", ["%%", "__", "'; DROP TABLE customer; --", "\\\\", "é" * 100, "aq " * 33, "\t\n aq", "\ufffdq"]
)
def test_odd_words_find_what_they_say(site: Site, text: str) -> None:
    assert records(site.admin(), text).get("Customers") in (None, [])


def test_nobody_searches_anonymously(site: Site) -> None:
    assert site.browser().get("/admin/search?q=customer").status_code == 302
    assert ask(site.browser(), "customer").status_code == 401


def test_a_browser_gets_a_page_and_the_palette_json(site: Site) -> None:
    admin = site.admin()
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    page = admin.get("/admin/search?q=ab", headers={"Accept": accept})
    assert page.mimetype == "text/html"
    assert admin.get("/admin/search?q=ab").mimetype == "text/html"
    assert ask(admin, "ab").mimetype == "application/json"
    assert ask(admin, "ab").headers["Cache-Control"] == "no-store"
