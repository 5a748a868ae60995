"""The parts of a list as tabs above it."""

from __future__ import annotations

from typing import Any

import pytest

from appbuilder_lite import ModelView, SQLAInterface
from appbuilder_lite.filters import FilterEqual
from appbuilder_lite.web import list_tabs
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import site_of
from tests.web.site import Browser, Site, Status
from tests.web.test_templates import Document

LIST = "/admin/customerview/list/"
TABS = [
    ("New ones", {"filters": [["status", FilterEqual, Status.NEW]]}),
    ("In Norway", {"name": "norway", "filters": [["country.name", FilterEqual, "Norway"]]}),
    ("Nobody", {"filters": [["name", FilterEqual, "nobody"]]}),
]


def _site(make_host: MakeHost, **options: Any) -> Site:
    def declare(site: Site) -> list[type[Any]]:
        declared = {
            "datamodel": SQLAInterface(site.models.Customer),
            "list_columns": ["name", "status"],
            "search_columns": ["name"],
            "list_tabs": TABS,
        }
        return [
            type("CustomerView", (ModelView,), {**declared, **options}),
            type("CountryView", (ModelView,), {"datamodel": SQLAInterface(site.models.Country)}),
        ]

    return site_of(make_host, declare, rows=30)


def _page(browser: Browser, url: str = "") -> Document:
    answer = browser.get(LIST + url)
    assert answer.status_code == 200, answer.text
    return Document(answer.text)


def _names(page: Document) -> list[str]:
    return [element.text for element in page.all("th", scope="row")]


def _tabs(page: Document) -> dict[str, str]:
    """Address by title, of the tabs."""
    bar = next(found for found in page.all("nav") if found.get("aria-label") == "Parts of Customers")
    return {" ".join(link.text.split()): link.get("href") for link in page.inside(bar, "a")}


def test_a_tab_shows_its_part_of_the_list(make_host: MakeHost) -> None:
    admin = _site(make_host).admin()
    page = _page(admin)
    assert _tabs(page) == {
        "All": LIST,
        "New ones": "?tab=new-ones",
        "In Norway": "?tab=norway",
        "Nobody": "?tab=nobody",
    }
    assert len(_names(page)) == 25
    new = _page(admin, "?tab=new-ones")
    assert _names(new) == [f"Customer {number:03}" for number in range(1, 30, 2)]
    assert next(link.get("href") for link in new.all("a", **{"aria-current": "true"})) == "?tab=new-ones"
    assert len(_names(_page(admin, "?tab=norway"))) == 15


def test_a_list_without_parts_has_no_tabs(make_host: MakeHost) -> None:
    page = _page(_site(make_host, list_tabs=()).admin())
    assert not [found for found in page.all("nav") if found.get("class") == "ab-tabs"]


def test_a_search_a_filter_an_order_and_a_page_stay_within_the_tab(make_host: MakeHost) -> None:
    admin = _site(make_host, page_size=10).admin()
    page = _page(admin, "?tab=new-ones")
    assert {field.get("value") for field in page.all("input", type="hidden", name="tab")} == {"new-ones"}
    assert _names(_page(admin, "?tab=new-ones&search=00")) == [f"Customer {number:03}" for number in (1, 3, 5, 7, 9)]
    following = next(link.get("href") for link in page.all("a", rel="next"))
    assert _names(_page(admin, following)) == [f"Customer {number:03}" for number in range(21, 30, 2)]
    sorts = [link.get("href") for link in page.all("a") if "sort=" in link.get("href")]
    assert sorts
    assert all("tab=new-ones" in url for url in sorts)
    (opened,) = [link.get("href") for link in page.all("a", id="list-filter")]
    answer = admin.get(f"{opened}&0.name.op=ct&0.name.value=019")
    assert answer.status_code == 302
    assert "tab=new-ones" in answer.headers["Location"]
    assert _names(Document(admin.get(answer.headers["Location"]).text)) == ["Customer 019"]


def test_another_tab_forgets_what_was_searched_and_keeps_the_order(make_host: MakeHost) -> None:
    page = _page(_site(make_host).admin(), "?tab=nobody&sort=-name&search=x&name__ct=y&page_size=50")
    assert _tabs(page)["All"] == "?sort=-name&page_size=50"
    assert _tabs(page)["In Norway"] == "?tab=norway&sort=-name&page_size=50"


def test_an_empty_part_says_so(make_host: MakeHost) -> None:
    assert "No customer is in “Nobody”." in _site(make_host).admin().get(f"{LIST}?tab=nobody").text


@pytest.mark.parametrize("asked", ["tab=other", "tab=new-ones&tab=norway", "tab=%00"])
def test_a_part_that_the_list_does_not_have_is_told(make_host: MakeHost, asked: str) -> None:
    answer = _site(make_host).admin().get(f"{LIST}?{asked}")
    assert answer.status_code == 400
    assert "tab" in answer.text


class TestCounts:
    """What the tabs say they have, where the view wants it counted."""

    def test_each_part_is_counted_in_one_statement_more(
        self, make_host: MakeHost, count_statements: CountStatements
    ) -> None:
        admin = _site(make_host, list_tab_counts=True).admin()
        _page(admin)
        with count_statements() as seen:
            page = _page(admin, "?tab=norway")
        assert list(_tabs(page)) == ["All (30)", "New ones (15)", "In Norway (15)", "Nobody (0)"]
        # The person and the rights, the rows, and the parts.
        assert len(seen) == 3, seen

    def test_nothing_outside_of_what_the_person_sees_is_counted(self, make_host: MakeHost) -> None:
        def scope(self: Any, query: Any, user: Any) -> Any:
            return query.where(self.datamodel.model.id <= 10)

        admin = _site(make_host, list_tab_counts=True, scope=scope).admin()
        assert list(_tabs(_page(admin))) == ["All (10)", "New ones (5)", "In Norway (5)", "Nobody (0)"]
        assert len(_names(_page(admin, "?tab=norway"))) == 5

    def test_the_records_of_one_record_are_counted_alone(self, make_host: MakeHost) -> None:
        admin = _site(make_host, list_tab_counts=True).admin()
        tabs = _tabs(_page(admin, "?country__eq=1"))
        assert list(tabs) == ["All (15)", "New ones (0)", "In Norway (15)", "Nobody (0)"]
        assert tabs["Nobody (0)"] == "?tab=nobody&country__eq=1"

    def test_a_count_that_fails_costs_the_numbers_alone(
        self, make_host: MakeHost, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(_asked: Any) -> Any:
            raise RuntimeError("no")

        monkeypatch.setattr(list_tabs, "count", fail)
        admin = _site(make_host, list_tab_counts=True).admin()
        assert list(_tabs(_page(admin))) == ["All", "New ones", "In Norway", "Nobody"]
