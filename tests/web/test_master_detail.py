"""A list at the side, and beside it what belongs to the chosen record."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.test import TestResponse

from appbuilder_lite import MasterDetailView, ModelView, SQLAInterface
from appbuilder_lite.filters import FilterEqual
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import customer_views, site_of
from tests.web.site import Site
from tests.web.test_lists import page_of
from tests.web.test_templates import Document, Element

LIST = "/admin/countryview/list/"
ROWS = 8
# Norway has every other customer.
NORWEGIANS = ["Customer 000", "Customer 002", "Customer 004", "Customer 006"]
SPANIARDS = ["Customer 001", "Customer 003", "Customer 005", "Customer 007"]
NAMES = ["BuyerView", "VisitorView"]


def _site(
    make_host: MakeHost, names: Sequence[str] = NAMES, rows: int = ROWS, master: Any = None, **options: Any
) -> Site:
    """Countries with customers beside them, once per name; `options` are those of the last of these views."""

    def declare(site: Site) -> list[type[Any]]:
        views = customer_views(site, names, **options)
        country = {
            "datamodel": SQLAInterface(site.models.Country),
            "related_views": views,
            "list_columns": ["name"],
            "search_columns": ["name"],
            **(master or {}),
        }
        return [*views, type("CountryView", (MasterDetailView,), country)]

    return site_of(make_host, declare, rows=rows)


def _rows(page: Document, part: Element) -> list[Element]:
    """The links of the rows in a part of a page."""
    return [link for head in page.inside(part, "th") if head.get("scope") == "row" for link in page.inside(head, "a")]


def _master(answer: TestResponse) -> list[Element]:
    page = page_of(answer)
    [side] = page.all("div", id="list")
    return _rows(page, side)


def _details(answer: TestResponse) -> dict[str, list[str]]:
    """The headings of the lists beside the master -> the names of their rows."""
    page = page_of(answer)
    found = [part for part in page.all("section") if part.get("class") == "ab-related"]
    return {page.inside(part, "h2")[0].text: [link.text for link in _rows(page, part)] for part in found}


def _address(answer: TestResponse, name: str) -> str:
    [url] = [link.get("href") for link in _master(answer) if link.text == name]
    return url


def test_the_list_stands_there_with_nothing_chosen(make_host: MakeHost) -> None:
    answer = _site(make_host).admin().get(LIST)
    assert [link.text for link in _master(answer)] == ["Norway", "Spain"]
    assert _details(answer) == {}
    assert "Nothing is chosen." in answer.text
    assert "aria-current" not in answer.text.split("<main")[1]


def test_a_row_leads_to_what_belongs_to_it(make_host: MakeHost) -> None:
    admin = _site(make_host).admin()
    answer = admin.get(_address(admin.get(LIST), "Spain"))
    assert _details(answer) == {"Buyer": SPANIARDS, "Visitor": SPANIARDS}
    assert [link.text for link in _master(answer) if link.get("aria-current") == "true"] == ["Spain"]
    assert [link.text for link in _master(answer)] == ["Norway", "Spain"]
    [title] = [link for link in page_of(answer).all("a") if link.get("href") == "/admin/countryview/show/2"]
    assert title.text == "Spain"


def test_what_is_listed_beside_it_can_be_opened_and_added_to(make_host: MakeHost) -> None:
    admin = _site(make_host).admin()
    answer = admin.get(f"{LIST}1")
    links = [link.get("href") for link in page_of(answer).all("a")]
    assert "/admin/buyerview/add?country=1" in links
    assert "/admin/buyerview/list/?country__eq=1" in links
    assert "/admin/buyerview/show/1" in links
    assert "selected" in admin.get("/admin/buyerview/add?country=1").text


def test_the_chosen_one_and_the_list_as_it_is_stay_together(make_host: MakeHost) -> None:
    admin = _site(make_host).admin()
    answer = admin.get(f"{LIST}1?search=a&sort=-name")
    to_spain = urlsplit(_address(answer, "Spain"))
    assert (to_spain.path, to_spain.fragment) == (f"{LIST}2", "detail")
    assert parse_qs(to_spain.query) == {"search": ["a"], "sort": ["-name"]}
    page = page_of(answer)
    # What sorts and searches asks this same address again, with the chosen one in it.
    [heading] = [link for link in page.all("a") if link.get("data-sort") == "name"]
    assert heading.get("href") == "?search=a"
    [clear] = {link.get("href") for link in page.all("a") if link.text == "Clear search"}
    assert clear == "?sort=-name"
    [side] = page.all("div", id="list")
    assert {form.get("action") for form in page.inside(side, "form") if form.get("method") == "get"} == {""}


def test_a_page_that_is_not_there_leads_to_the_last_one_with_the_chosen_one(make_host: MakeHost) -> None:
    answer = _site(make_host).admin().get(f"{LIST}1?page=9&page_size=1")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{LIST}1?page=2&page_size=1")


@pytest.mark.parametrize("key", ["99", "nothing", "%00", "1.5", "-1", "1%2F2"])
def test_a_record_that_is_not_there_is_not_found(make_host: MakeHost, key: str) -> None:
    assert _site(make_host).admin().get(f"{LIST}{key}").status_code == 404


def test_a_master_outside_the_scope_is_not_found(make_host: MakeHost) -> None:
    admin = _site(make_host, master={"base_filters": [["name", FilterEqual, "Norway"]]}).admin()
    assert [link.text for link in _master(admin.get(LIST))] == ["Norway"]
    assert admin.get(f"{LIST}1").status_code == 200
    assert admin.get(f"{LIST}2").status_code == 404


def test_a_chosen_one_that_the_search_does_not_find_stays_beside_the_list(make_host: MakeHost) -> None:
    answer = _site(make_host).admin().get(f"{LIST}1?search=Spain")
    assert [link.text for link in _master(answer)] == ["Spain"]
    assert _details(answer)["Buyer"] == NORWEGIANS


def test_a_related_view_shows_only_its_own_rows(make_host: MakeHost) -> None:
    answer = _site(make_host, base_filters=[["name", FilterEqual, "Customer 000"]]).admin().get(f"{LIST}1")
    assert _details(answer) == {"Buyer": NORWEGIANS, "Visitor": ["Customer 000"]}


def test_a_view_that_the_person_may_not_list_is_left_out(make_host: MakeHost) -> None:
    site = _site(make_host)
    site.user("olga", ("can_list", "CountryView"), ("can_list", "BuyerView"))
    answer = site.sign_in("olga").get(f"{LIST}1")
    page = page_of(answer)
    sections = [part for part in page.all("section") if part.get("class") == "ab-related"]
    assert [part.get("id") for part in sections] == ["related-buyerview"]
    assert "Customer 000" in answer.text
    # Without their permissions there is nothing to open, to edit or to add either.
    others = [link.get("href") for link in page.all("a") if link.get("href").startswith("/admin/buyerview/")]
    assert [url for url in others if not url.startswith("/admin/buyerview/list/")] == []
    assert "/countryview/show/" not in answer.text
    assert "/countryview/edit/" not in answer.text


def test_who_may_list_none_of_them_is_told_so(make_host: MakeHost) -> None:
    site = _site(make_host)
    site.user("olga", ("can_list", "CountryView"))
    olga = site.sign_in("olga")
    assert "There is nothing to show of it here." in olga.get(f"{LIST}1").text
    assert "Customer" not in olga.get(f"{LIST}1").text


def test_it_asks_for_the_permission_of_the_list(make_host: MakeHost) -> None:
    site = _site(make_host)
    site.user("olga", ("can_list", "BuyerView"))
    olga = site.sign_in("olga")
    assert olga.get(LIST).status_code == 403
    assert olga.get(f"{LIST}1").status_code == 403
    assert site.browser().get(f"{LIST}1").status_code == 302


def test_a_wrong_filter_of_the_list_is_told_as_on_every_list(make_host: MakeHost) -> None:
    answer = _site(make_host, master={"filter_columns": ["id"]}).admin().get(f"{LIST}1?id__eq=x")
    assert answer.status_code == 422


def test_a_hook_keeps_the_edit_button_away(make_host: MakeHost) -> None:
    def can_edit_item(view: Any, user: Any, item: Any) -> bool:
        return str(item) != "Norway"

    admin = _site(make_host, master={"can_edit_item": can_edit_item}).admin()
    assert "/admin/countryview/edit/1" not in admin.get(f"{LIST}1").text
    assert "/admin/countryview/edit/2" in admin.get(f"{LIST}2").text


def test_ticked_rows_are_deleted_from_there(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        orders = type("OrderView", (ModelView,), {"datamodel": SQLAInterface(site.models.Order)})
        customers = {"datamodel": SQLAInterface(site.models.Customer), "related_views": [orders]}
        return [orders, type("CountryView", (MasterDetailView,), customers)]

    site = site_of(make_host, declare, rows=3)
    admin = site.admin()
    page = page_of(admin.get(f"{LIST}1"))
    [form] = [form for form in page.all("form") if form.get("class") == "ab-rows"]
    assert form.get("action") == "/admin/countryview/delete_selected"


@pytest.mark.parametrize("chosen", ["", "2"])
def test_a_list_comes_back_as_it_was_when_rows_of_it_are_deleted(make_host: MakeHost, chosen: str) -> None:
    admin = _site(make_host).admin()
    bulk, asked = "/admin/countryview/delete_selected", "search=a&sort=-name"
    data = {"csrf_token": admin.token(), "rowid": ["2"]}
    question = admin.client.post(bulk, data=data, headers={"Referer": f"http://localhost{LIST}{chosen}?{asked}"})
    assert f'href="{LIST}?{asked.replace("&", "&amp;")}"' in question.text, "by Cancel"
    other = admin.client.post(
        bulk, data=data, headers={"Referer": f"http://localhost/admin/countryview/show/2?{asked}"}
    )
    assert asked.replace("&", "&amp;") not in other.text


@pytest.mark.parametrize("rows", [ROWS, 60])
def test_it_costs_the_list_the_record_and_each_list_beside_it(
    make_host: MakeHost, count_statements: CountStatements, rows: int
) -> None:
    admin = _site(make_host, rows=rows).admin()
    admin.get(LIST)
    with count_statements() as bare:
        admin.get(LIST)
    with count_statements() as seen:
        answer = admin.get(f"{LIST}1")
    assert len(_details(answer)) == 2
    # Who asks and the rows; then the record, and rows and number of each list, as some of them stand elsewhere.
    assert len(bare) == 2, bare
    assert len(seen) == 2 + 1 + 2 * (2 if rows > ROWS else 1), seen


@pytest.mark.parametrize("base", [MasterDetailView, ModelView])
def test_related_views_that_were_not_added_are_told_all_at_once(
    make_host: MakeHost, caplog: pytest.LogCaptureFixture, base: type[ModelView]
) -> None:
    def declare(site: Site) -> list[type[Any]]:
        orders, others, added = (
            type(name, (ModelView,), {"datamodel": SQLAInterface(site.models.Order)})
            for name in ("OrderView", "OtherView", "AddedView")
        )
        own = {"datamodel": SQLAInterface(site.models.Customer), "related_views": [orders, added, others]}
        return [type("CustomerView", (base,), own), added]

    admin = site_of(make_host, declare).admin()
    assert admin.get("/admin/customerview/list/").status_code == 200
    told = [record.getMessage() for record in caplog.records if "AB218" in record.getMessage()]
    assert [re.findall(r"related_views\[\d\]: (\w+)", text) for text in told] == [["OrderView"], ["OtherView"]]
