"""Lists of the records that belong to one other record, and the way to them from its page."""

from collections.abc import Callable
from typing import Any

import pytest

from appbuilder_lite import ModelView, SQLAInterface
from appbuilder_lite.filters import FilterEqual
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import site_of
from tests.web.site import Site
from tests.web.test_lists import first_cells, page_of

LIST = "/admin/customerview/list/"
NORWAY, SPAIN = "1", "2"


def _site(make_host: MakeHost, *, rows: int = 30, country: dict[str, Any] | None = None, **options: Any) -> Site:
    """Customers, and countries with a list of theirs."""

    def declare(site: Site) -> list[type[Any]]:
        customers = {"datamodel": SQLAInterface(site.models.Customer), "search_columns": ["name", "email"], **options}
        view = type("CustomerView", (ModelView,), customers)
        tags = type("TagView", (ModelView,), {"datamodel": SQLAInterface(site.models.Tag), "related_views": [view]})
        values = {"datamodel": SQLAInterface(site.models.Country), "related_views": [view], **(country or {})}
        return [view, tags, type("CountryView", (ModelView,), values)]

    return site_of(make_host, declare, rows=rows)


def _of(site: Site, column: str, key: int) -> list[str]:
    """The names of the customers of a country (`country_id`) or with a tag (`tags`), by the database."""
    model = site.models.Customer
    with site.app.app_context():
        query = site.db.session.query(model.name)
        found = query.filter(model.tags.any(id=key)) if column == "tags" else query.filter_by(country_id=key)
        return sorted(name for (name,) in found)


@pytest.mark.parametrize(
    ("url", "column", "parameter"),
    [("/admin/countryview/show/1", "country_id", "country__eq"), ("/admin/tagview/show/1", "tags", "tags__has")],
)
def test_a_record_leads_to_all_that_belong_to_it(make_host: MakeHost, url: str, column: str, parameter: str) -> None:
    site = _site(make_host, page_size=100)
    names = _of(site, column, 1)
    assert len(names) > 10
    admin = site.admin()
    (link,) = (link for link in page_of(admin.get(url)).all("a") if link.text == f"Show all {len(names)}")
    assert link.get("href") == f"{LIST}?{parameter}=1"
    assert sorted(first_cells(admin.get(link.get("href")))) == names


def test_a_short_list_below_a_record_needs_no_link(make_host: MakeHost) -> None:
    answer = _site(make_host, rows=6).admin().get("/admin/countryview/show/1")
    assert "Show all" not in answer.text
    page = page_of(answer)
    assert f"{LIST}?country__eq=1" in [link.get("href") for link in page.all("a")], "its title leads there all the same"


def test_what_it_is_narrowed_by_is_a_chip_and_stays_with_every_link(make_host: MakeHost) -> None:
    page = page_of(_site(make_host, page_size=5).admin().get(f"{LIST}?country__eq=1&search=customer&sort=name"))
    assert [chip.text for chip in page.all("span", **{"class": "ab-chip"})] == [
        "Country: NorwayShow all",
        "Search: customerClear search",
    ]
    links = [
        link.get("href") for link in page.all("a") if link.get("href").startswith("?") and link.text != "Try again"
    ]
    without = [link for link in links if "country__eq=1" not in link]
    assert without == ["?search=customer&sort=name"]
    assert {box.get("value") for box in page.all("input", type="hidden", name="country__eq")} == {"1"}


def test_it_is_searched_and_paged_like_any_other_list(make_host: MakeHost) -> None:
    site = _site(make_host, page_size=10)
    admin, names = site.admin(), _of(site, "country_id", 1)
    assert first_cells(admin.get(f"{LIST}?country__eq=1&sort=name&page=2")) == names[10:]
    assert first_cells(admin.get(f"{LIST}?country__eq=1&search={names[3]}")) == [names[3]]
    assert admin.get(f"{LIST}?country__eq=1&page=9").location == f"{LIST}?page=2&country__eq=1"


def test_where_nothing_belongs_to_it_the_page_says_so(make_host: MakeHost) -> None:
    site = _site(make_host, rows=1)
    answer = site.admin().get(f"{LIST}?country__eq={SPAIN}")
    assert "No customer belongs to Spain." in answer.text
    page = page_of(answer)
    assert [chip.text for chip in page.all("span", **{"class": "ab-chip"})] == ["Country: SpainShow all"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("country__eq=99", 422),
        ("country__eq=nonsense", 422),
        ("country__eq=%00", 400),
        ("country__eq=" + "9" * 5000, 422),
        ("country__eq=1&country__eq=2", 400),
        ("country__has=1", 400),
        ("country__eq=", 200),
    ],
)
def test_nonsense_is_told(make_host: MakeHost, query: str, status: int) -> None:
    assert _site(make_host, rows=3).admin().get(f"{LIST}?{query}").status_code == status


def _no_right(site: Site) -> None:
    site.user("olga", ("can_list", "CustomerView"))


def _both_rights(site: Site) -> None:
    site.user("olga", ("can_list", "CustomerView"), ("can_show", "CountryView"))


@pytest.mark.parametrize(
    ("options", "country", "grant", "status"),
    [
        ({}, {}, _no_right, 404),
        ({"can_access_field": lambda _view, _user, column, _action: column != "country"}, {}, _both_rights, 404),
        ({}, {"base_filters": [["name", FilterEqual, "Spain"]]}, _both_rights, 422),
    ],
    ids=["no right to countries", "the column is hidden", "the country is out of sight"],
)
def test_it_tells_nothing_that_the_person_may_not_know(
    make_host: MakeHost, options: dict[str, Any], country: dict[str, Any], grant: Callable[[Site], None], status: int
) -> None:
    site = _site(make_host, rows=6, country=country, **options)
    grant(site)
    olga = site.sign_in("olga")
    for asked in (
        "country__eq",
        "country__neq",
        "or.1.country__eq",
        "or.2.country__not_in",
        "country__in=2&country__in",
    ):
        answer = olga.get(f"{LIST}?{asked}={NORWAY}")
        assert (answer.status_code, "Norway" in answer.text) == (status, False)
    assert olga.get(LIST).status_code == 200


def test_it_shows_no_row_that_the_list_would_not_show(make_host: MakeHost) -> None:
    site = _site(make_host, base_filters=[["name", FilterEqual, "Customer 000"]])
    assert first_cells(site.admin().get(f"{LIST}?country__eq={NORWAY}")) == ["Customer 000"]


def test_it_costs_one_statement_more(make_host: MakeHost, count_statements: CountStatements) -> None:
    admin = _site(make_host).admin()
    few = f"{LIST}?page_size=10"
    admin.get(few)
    with count_statements() as plain:
        admin.get(few)
    with count_statements() as narrowed:
        admin.get(f"{few}&country__eq=1")
    assert len(narrowed) == len(plain) + 1
