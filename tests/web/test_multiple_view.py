"""Several lists on one page, each sorted and paged by itself."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.test import TestResponse

from appbuilder_lite import ModelView, MultipleView, SQLAInterface
from appbuilder_lite.filters import FilterEqual
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import site_of
from tests.web.site import Site
from tests.web.test_lists import page_of
from tests.web.test_templates import Document, Element

LIST = "/admin/deskview/list/"


def _site(make_host: MakeHost, rows: int = 30, order: Any = None, customer: Any = None, **config: Any) -> Site:
    """Orders and customers on one page; further options of the two views."""

    def declare(site: Site) -> list[type[Any]]:
        orders = {
            "datamodel": SQLAInterface(site.models.Order),
            "list_columns": ["number"],
            "page_size": 10,
            **(order or {}),
        }
        customers = {
            "datamodel": SQLAInterface(site.models.Customer),
            "list_columns": ["name", "email"],
            "page_size": 10,
            **(customer or {}),
        }
        views = [type("OrderView", (ModelView,), orders), type("CustomerView", (ModelView,), customers)]
        return [*views, type("DeskView", (MultipleView,), {"views": views})]

    return site_of(make_host, declare, rows=rows, **config)


def _part(page: Document, name: str) -> Element:
    [part] = page.all("section", id=name)
    return part


def _first(answer: TestResponse, name: str) -> str:
    """The first row of one of the lists."""
    page = page_of(answer)
    return next(head.text for head in page.inside(_part(page, name), "th") if head.get("scope") == "row")


def _link(answer: TestResponse, name: str, words: str) -> str:
    page = page_of(answer)
    return next(link.get("href") for link in page.inside(_part(page, name), "a") if link.text == words)


def _sections(answer: TestResponse) -> list[str]:
    return [part.get("id") for part in page_of(answer).all("section") if part.get("class") == "ab-related"]


def test_the_lists_stand_below_each_other_in_their_order(make_host: MakeHost) -> None:
    answer = _site(make_host).admin().get(LIST)
    assert _sections(answer) == ["orderview", "customerview"]
    assert (_first(answer, "orderview"), _first(answer, "customerview")) == ("A00000", "Customer 000")
    ids = [element.get("id") for element in page_of(answer).elements if element.get("id")]
    assert sorted(ids) == sorted(set(ids))


def test_each_list_is_paged_and_sorted_by_itself(make_host: MakeHost) -> None:
    admin = _site(make_host).admin()
    answer = admin.get(LIST)
    answer = admin.get(_follow(_link(answer, "orderview", "Next")))
    assert (_first(answer, "orderview"), _first(answer, "customerview")) == ("A00010", "Customer 000")
    answer = admin.get(_follow(_link(answer, "customerview", "Name")))
    answer = admin.get(_follow(_link(answer, "customerview", "Name")))
    assert (_first(answer, "orderview"), _first(answer, "customerview")) == ("A00010", "Customer 029")
    answer = admin.get(_follow(_link(answer, "customerview", "Next")))
    assert (_first(answer, "orderview"), _first(answer, "customerview")) == ("A00010", "Customer 019")
    answer = admin.get(_follow(_link(answer, "orderview", "Previous")))
    assert (_first(answer, "orderview"), _first(answer, "customerview")) == ("A00000", "Customer 019")
    answer = admin.get(_follow(_link(answer, "orderview", "25")))
    assert len(_rows_of(answer, "orderview")) == 25
    assert len(_rows_of(answer, "customerview")) == 10


def test_the_lists_share_the_rows_that_one_page_may_have(make_host: MakeHost) -> None:
    answer = _site(make_host, APPBUILDER_MAX_PAGE_SIZE=20).admin().get(f"{LIST}?orderview.page_size=20")
    assert [len(_rows_of(answer, name)) for name in ("orderview", "customerview")] == [10, 10]
    assert _link(answer, "orderview", "Next").endswith("#orderview")
    sizes = [link.text for link in page_of(answer).all("a") if "page_size=" in link.get("href")]
    assert "20" not in sizes


def _rows_of(answer: TestResponse, name: str) -> list[Element]:
    page = page_of(answer)
    return [head for head in page.inside(_part(page, name), "th") if head.get("scope") == "row"]


def _follow(url: str) -> str:
    """A link of the page as a browser would open it; it leads back to its list."""
    found = urlsplit(url)
    assert found.fragment in {"orderview", "customerview"}, url
    return f"{LIST}?{found.query}"


def test_a_link_says_nothing_of_what_nobody_asked_for(make_host: MakeHost) -> None:
    junk = "nonsense=1&next=//evil.example&search=zz&page_size=5&evil.page=1&page_EvilView=1"
    answer = _site(make_host).admin().get(f"{LIST}?orderview.page=2&{junk}")
    asked = parse_qs(urlsplit(_link(answer, "customerview", "Next")).query)
    assert {name: value for name, value in asked.items() if not name.startswith("customerview.")} == {
        "orderview.page": ["2"]
    }
    assert _first(answer, "customerview") == "Customer 000"


def test_addresses_of_flask_appbuilder_are_read(make_host: MakeHost) -> None:
    url = f"{LIST}?page_OrderView=1&psize_OrderView=10&_oc_CustomerView=name&_od_CustomerView=desc"
    answer = _site(make_host).admin().get(url)
    assert (_first(answer, "orderview"), _first(answer, "customerview")) == ("A00010", "Customer 029")
    asked = parse_qs(urlsplit(_link(answer, "orderview", "Next")).query)
    assert asked["_oc_CustomerView"] == ["name"]


def test_what_only_a_list_of_its_own_takes_changes_nothing_here(make_host: MakeHost) -> None:
    url = f"{LIST}?search=zz&orderview.search=zz&number__eq=1&orderview.number__eq=1&orderview.cols=number"
    assert len(_rows_of(_site(make_host).admin().get(url), "orderview")) == 10


@pytest.mark.parametrize(
    "asked",
    ["orderview.page=x", "orderview.page=0", "orderview.sort=nothing", "customerview.page=1&customerview.page=2"],
)
def test_what_cannot_be_understood_is_told_by_its_own_list_alone(make_host: MakeHost, asked: str) -> None:
    answer = _site(make_host).admin().get(f"{LIST}?{asked}&orderview.page_size=25")
    assert answer.status_code == 400
    parameter = asked.partition("=")[0]
    name, other = ("orderview", "customerview") if parameter.startswith("order") else ("customerview", "orderview")
    assert [parameter in text for text in _told(answer, name)] == [True]
    assert _told(answer, other) == []
    assert (_rows_below(answer, "orderview")[0], _rows_below(answer, "customerview")[0]) == ("A00000", "Customer 000")
    assert len(_rows_below(answer, "orderview")) == (10 if name == "orderview" else 25)


def _told(answer: TestResponse, name: str) -> list[str]:
    page = Document(answer.text)
    return [found.text for found in page.inside(_part(page, name), "div") if found.get("role") == "alert"]


def _rows_below(answer: TestResponse, name: str) -> list[str]:
    """The rows of one of the lists, where another one, or this one, was asked for what cannot be."""
    page = Document(answer.text)
    return [head.text for head in page.inside(_part(page, name), "th") if head.get("scope") == "row"]


def test_a_place_of_another_list_is_told_by_its_own_list_alone(make_host: MakeHost) -> None:
    answer = _site(make_host).admin().get(f"{LIST}?orderview.after=nowhere&customerview.sort=-name")
    assert answer.status_code == 400
    assert _told(answer, "orderview") == ["orderview.after: This is no place in the list."]
    assert (_rows_below(answer, "orderview")[0], _rows_below(answer, "customerview")[0]) == ("A00000", "Customer 029")


def test_a_narrow_page_picks_the_order_of_each_list_by_name(make_host: MakeHost) -> None:
    admin = _site(make_host).admin()
    answer = admin.get(f"{LIST}?orderview.page_size=25&customerview.page=2")
    page = page_of(answer)
    [form] = [form for form in page.inside(_part(page, "customerview"), "form") if "ab-sort-only" in form.get("class")]
    [order] = page.inside(form, "select")
    assert order.get("name") == "customerview.sort"
    assert [option.get("value") for option in page.inside(order, "option")] == ["", "name", "-name", "email", "-email"]
    sent = {field.get("name"): field.get("value") for field in page.inside(form, "input")}
    assert sent == {"orderview.page_size": "25"}
    sorted_ = admin.get(LIST, query_string={**sent, "customerview.sort": "-name"})
    assert (_first(sorted_, "customerview"), len(_rows_of(sorted_, "orderview"))) == ("Customer 029", 25)


def test_a_page_that_is_not_there_leads_to_the_last_one(make_host: MakeHost) -> None:
    answer = _site(make_host).admin().get(f"{LIST}?orderview.page=9&customerview.sort=-name")
    found = urlsplit(answer.headers["Location"])
    assert (answer.status_code, found.path, found.fragment) == (302, LIST, "orderview")
    assert parse_qs(found.query) == {"orderview.page": ["3"], "customerview.sort": ["-name"]}


def test_a_list_that_the_person_may_not_open_is_left_out(make_host: MakeHost) -> None:
    site = _site(make_host)
    site.user("olga", ("can_list", "DeskView"), ("can_list", "CustomerView"))
    answer = site.sign_in("olga").get(LIST)
    assert _sections(answer) == ["customerview"]
    assert "A00000" not in answer.text
    assert "/customerview/add" not in answer.text


def test_who_may_open_none_of_them_is_told_so(make_host: MakeHost) -> None:
    site = _site(make_host)
    site.user("olga", ("can_list", "DeskView"))
    answer = site.sign_in("olga").get(LIST)
    assert "None of the lists on this page is for you to see." in answer.text


def test_the_page_asks_for_a_permission_of_its_own(make_host: MakeHost) -> None:
    site = _site(make_host)
    site.user("olga", ("can_list", "OrderView"), ("can_list", "CustomerView"))
    assert site.sign_in("olga").get(LIST).status_code == 403
    assert site.browser().get(LIST).status_code == 302


def test_each_list_shows_what_its_view_shows(make_host: MakeHost) -> None:
    def can_edit_item(view: Any, user: Any, item: Any) -> bool:
        return str(item.number) == "A00001"

    customer = {"base_filters": [["name", FilterEqual, "Customer 003"]]}
    answer = _site(make_host, order={"can_edit_item": can_edit_item}, customer=customer).admin().get(LIST)
    assert [row.text for row in _rows_of(answer, "customerview")] == ["Customer 003"]
    edits = {link.get("href") for link in page_of(answer).all("a") if "/orderview/edit/" in (link.get("href") or "")}
    assert edits == {"/admin/orderview/edit/2"}


def test_a_list_that_is_empty_says_so(make_host: MakeHost) -> None:
    answer = _site(make_host, rows=0).admin().get(LIST)
    assert "There is no order yet." in answer.text


def test_the_heading_leads_to_the_whole_list_and_the_button_adds(make_host: MakeHost) -> None:
    answer = _site(make_host).admin().get(LIST)
    assert _link(answer, "orderview", "Orders") == "/admin/orderview/list/"
    assert _link(answer, "orderview", "New order") == "/admin/orderview/add"


@pytest.mark.parametrize("rows", [5, 60])
def test_it_costs_what_its_lists_cost(make_host: MakeHost, count_statements: CountStatements, rows: int) -> None:
    admin = _site(make_host, rows=rows).admin()
    admin.get(LIST)
    with count_statements() as seen:
        admin.get(LIST)
    # Who asks; the rows of each list, and their number where they are more than those of a page.
    assert len(seen) == 1 + 2 + (2 if rows > 25 else 0), seen


def test_a_view_that_was_not_added_is_told(make_host: MakeHost, caplog: pytest.LogCaptureFixture) -> None:
    def declare(site: Site) -> Sequence[type[Any]]:
        orders = type("OrderView", (ModelView,), {"datamodel": SQLAInterface(site.models.Order)})
        return [type("DeskView", (MultipleView,), {"views": [orders]})]

    assert site_of(make_host, declare).admin().get(LIST).status_code == 200
    assert "AB218" in caplog.text
    assert "OrderView was not added" in caplog.text
