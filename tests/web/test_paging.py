"""Turning the pages of a long list: by the row where one ends, and with no more said than is known."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from appbuilder_lite import ModelView, SQLAInterface
from appbuilder_lite.data import sqla_totals
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import site_of
from tests.web.site import Browser, Site
from tests.web.test_templates import Document

LIST = "/admin/customerview/list/"


def _site(make_host: MakeHost, rows: int = 60, **options: Any) -> Site:
    def declare(site: Site) -> list[type[Any]]:
        declared = {"datamodel": SQLAInterface(site.models.Customer), "list_columns": ["name", "email", "country.name"]}
        return [type("CustomerView", (ModelView,), {**declared, **options})]

    return site_of(make_host, declare, rows=rows)


def _page(browser: Browser, url: str = "") -> Document:
    answer = browser.get(LIST + url)
    assert answer.status_code == 200, answer.text
    return Document(answer.text)


def _names(page: Document) -> list[str]:
    return [element.text for element in page.all("th", scope="row")]


def _way(page: Document, rel: str) -> str:
    return next((link.get("href") for link in page.all("a", rel=rel)), "")


def _asked(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)


def _words(page: Document) -> list[str]:
    return [element.text.strip() for element in (*page.all("p"), *page.all("span"))]


@pytest.mark.parametrize("sort", ["", "-name", "country.name,-email"])
def test_next_leads_through_all_rows_and_previous_back(make_host: MakeHost, sort: str) -> None:
    admin = _site(make_host).admin()
    [*whole] = _names(_page(admin, f"?page_size=100&sort={sort}"))
    page = _page(admin, f"?page_size=25&sort={sort}")
    seen, spans = _names(page), [_words(page)]
    while url := _way(page, "next"):
        assert "after" in _asked(url)
        page = _page(admin, url)
        seen += _names(page)
        spans.append(_words(page))
    assert seen == whole
    assert len(whole) == 60
    assert all(span in words for span, words in zip(["1-25 of 60", "26-50 of 60", "51-60 of 60"], spans, strict=True))
    assert "Page 3 of 3" in spans[-1]
    back = _page(admin, _way(page, "prev"))
    assert _names(back) == whole[25:50]
    assert _names(_page(admin, _way(back, "prev"))) == whole[:25]


def test_deleted_rows_and_a_new_one_move_no_other_row(make_host: MakeHost) -> None:
    site = _site(make_host)
    admin = site.admin()
    page = _page(admin, "?sort=name")
    following = _names(_page(admin, _way(page, "next")))
    with site.app.app_context():
        site.db.session.execute(sa.delete(site.models.Order))
        for number in (20, 21, 25):
            site.db.session.delete(site.db.session.get_one(site.models.Customer, number))
        site.db.session.add(site.models.Customer(name="Customer 0", email="new@example.org"))
        site.db.session.commit()
    assert _names(_page(admin, _way(page, "next"))) == following


def test_a_changed_order_or_search_begins_at_the_first_page(make_host: MakeHost) -> None:
    page = _page(_site(make_host).admin(), "?page=2&after=25")
    assert "26-50 of 60" in _words(page)
    links = [link.get("href") for link in page.all("a") if "after" in link.get("href") or "before" in link.get("href")]
    assert len(links) == 2
    assert sorted(links) == sorted([_way(page, "next"), _way(page, "prev")])
    kept = {field.get("name") for field in page.all("input", type="hidden") if field.get("name") in ("after", "before")}
    # The columns alone can change where one is.
    assert kept == {"after"}


@pytest.mark.parametrize(
    "asked", ["after=x", "before=1,2", "after=~n~n", "after=%00", "after=1&before=2", "after=1&after=2"]
)
def test_nonsense_is_told(make_host: MakeHost, asked: str) -> None:
    admin = _site(make_host, rows=5).admin()
    answer = admin.get(f"{LIST}?{asked}")
    assert answer.status_code == 400
    assert "<h1" in answer.text
    assert admin.get(LIST).status_code == 200


def test_nonsense_beside_a_filter_is_not_told_of_the_filter(make_host: MakeHost) -> None:
    answer = _site(make_host, rows=5).admin().get(f"{LIST}?name__ct=a&after=x")
    assert answer.status_code == 400
    assert "after: This is no place in the list" in " ".join(element.text for element in Document(answer.text).all("p"))


def test_any_text_of_a_row_stands_in_an_address(make_host: MakeHost) -> None:
    site = _site(make_host, rows=0)
    names = ["", " a", "&b=1", "#c", "%64", "~e", "_f", "é", "🦊", "' OR 1=1 --"]
    with site.app.app_context():
        for name in names:
            site.db.session.add(site.models.Customer(name=name, email=f"{name}@example.org"))
        site.db.session.commit()
    admin = site.admin()
    emails = []
    page = _page(admin, "?page_size=1&sort=name&cols=email")
    emails += _names(page)
    while url := _way(page, "next"):
        page = _page(admin, url)
        emails += _names(page)
    assert sorted(emails) == sorted(f"{name}@example.org" for name in names)


class TestWhatIsTold:
    """Values of a row stand in an address only where the person meets them in the list as they are."""

    def test_a_formatted_column_is_not_told(self, make_host: MakeHost) -> None:
        page = _page(_site(make_host, formatters_columns={"name": lambda name: name[-3:]}).admin(), "?sort=name")
        assert _asked(_way(page, "next")) == {"sort": ["name"], "page": ["2"]}

    def test_a_column_that_is_not_shown_is_not_told(self, make_host: MakeHost) -> None:
        admin = _site(make_host, list_columns=["name"], base_order=("email", "desc")).admin()
        page = _page(admin)
        assert _asked(_way(page, "next")) == {"page": ["2"]}
        assert _names(_page(admin, "?page=2&after=_x,1")) == _names(_page(admin, "?page=2")) != _names(page)

    def test_a_column_that_the_person_does_not_meet_is_not_told(self, make_host: MakeHost) -> None:
        def hidden(self: Any, user: Any, column: str, action: str) -> bool:
            return column != "email"

        page = _page(_site(make_host, base_order=("email", "desc"), can_access_field=hidden).admin())
        assert _names(page)[0] == "Customer 009"
        assert _asked(_way(page, "next")) == {"page": ["2"]}

    def test_a_key_that_the_person_does_not_meet_is_not_told(self, make_host: MakeHost) -> None:
        def hidden(self: Any, user: Any, column: str, action: str) -> bool:
            return column != "id"

        admin = _site(make_host, can_access_field=hidden).admin()
        page = _page(admin, "?sort=name")
        assert _asked(_way(page, "next")) == {"sort": ["name"], "page": ["2"]}
        assert _names(_page(admin, "?sort=name&page=2&after=_x,1")) == _names(_page(admin, "?sort=name&page=2"))


class TestCounts:
    """What `list_count` says above and below the rows."""

    @pytest.fixture(autouse=True)
    def few(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sqla_totals, "MOST", 40)

    def test_a_count_ends_at_its_cap(self, make_host: MakeHost) -> None:
        admin = _site(make_host).admin()
        first = _page(admin)
        assert {"More than 40 records", "1-25 of more than 40", "Page 1"} <= set(_words(first))
        assert not _way(first, "first")
        second = _page(admin, _way(first, "next"))
        assert {"26-50 of more than 51", "Page 2"} <= set(_words(second))
        assert _way(second, "first") == LIST
        third = _page(admin, _way(second, "next"))
        assert "Page 3" in _words(third)
        assert not _way(third, "next")
        assert "60 records" in _words(_page(admin, "?page=3"))

    def test_the_number_of_a_page_is_typed_as_far_as_it_is_known(self, make_host: MakeHost) -> None:
        page = _page(_site(make_host).admin(), "?page_size=5")
        (field,) = page.all("input", name="page")
        assert field.get("max") == "8"
        assert not [text for text in _words(page) if text.startswith("Page  of")]

    def test_a_page_far_beyond_the_end_is_the_first(self, make_host: MakeHost) -> None:
        admin = _site(make_host).admin()
        answer = admin.get(f"{LIST}?page=4000")
        assert answer.status_code == 302
        assert answer.headers["Location"].endswith(LIST)

    def test_an_exact_count_leads_to_the_last_page(self, make_host: MakeHost) -> None:
        admin = _site(make_host, list_count="exact").admin()
        assert {"60 records", "1-25 of 60", "Page 1 of 3"} <= set(_words(_page(admin)))
        assert admin.get(f"{LIST}?page=4000").headers["Location"].endswith("?page=3")

    def test_what_is_not_counted_has_no_number(self, make_host: MakeHost, count_statements: CountStatements) -> None:
        admin = _site(make_host, list_count="none").admin()
        _page(admin)
        with count_statements() as seen:
            page = _page(admin)
        assert len(seen) == 2, seen
        assert not [text for text in seen.texts if "count(" in text.lower()]
        assert {"1-25", "Page 1"} <= set(_words(page))
        assert not [text for text in _words(page) if "record" in text]
        last = _page(admin, "?page=3")
        assert {"51-60 of 60", "60 records"} <= set(_words(last))

    def test_the_app_says_how_where_the_view_does_not(self, make_host: MakeHost) -> None:
        def declare(site: Site) -> list[type[Any]]:
            model = SQLAInterface(site.models.Customer)
            own = {"datamodel": model, "list_count": "exact"}
            return [type("CustomerView", (ModelView,), {"datamodel": model}), type("OwnView", (ModelView,), own)]

        admin = site_of(make_host, declare, rows=60, APPBUILDER_LIST_COUNT="none").admin()
        assert "1-25" in _words(_page(admin))
        assert "60 records" in admin.get("/admin/ownview/list/").text

    def test_records_below_another_are_not_counted_either(self, make_host: MakeHost) -> None:
        def declare(site: Site) -> list[type[Any]]:
            customers = {"datamodel": SQLAInterface(site.models.Customer), "list_count": "none"}
            customer_view = type("CustomerView", (ModelView,), customers)
            country = {"datamodel": SQLAInterface(site.models.Country), "related_views": [customer_view]}
            return [customer_view, type("CountryView", (ModelView,), country)]

        page = site_of(make_host, declare, rows=60).admin().get("/admin/countryview/show/1")
        assert page.status_code == 200
        words = [element.text.strip() for element in (*Document(page.text).all("p"), *Document(page.text).all("a"))]
        assert {"1-10", "Show all"} <= set(words)


@pytest.mark.parametrize("asked", ["?page=2&after=25", "?page=1&before=26", "?page=2"])
def test_a_page_further_on_costs_what_the_first_costs(
    make_host: MakeHost, count_statements: CountStatements, asked: str
) -> None:
    admin = _site(make_host).admin()
    _page(admin, asked)
    with count_statements() as first:
        _page(admin)
    with count_statements() as further:
        _page(admin, asked)
    assert len(further) == len(first) == 3, further
