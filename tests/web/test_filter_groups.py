"""Groups of filters, of which one is enough: the rows, the chips, the form, and whatever follows from a list."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

import pytest

from appbuilder_lite import filters
from tests.conftest import CountStatements, MakeHost
from tests.web.site import Site
from tests.web.test_list_filters import FORM, LIST, chips, fields, make, sent, where
from tests.web.test_lists import first_cells, page_of
from tests.web.test_templates import Document


@pytest.fixture
def site(make_host: MakeHost) -> Site:
    return make(make_host)


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ("or.1.name__ew=7&or.1.name__ew=4", "c.name LIKE '%7' OR c.name LIKE '%4'"),
        ("or.1.name__ew=7&or.1.country__eq=2", "c.name LIKE '%7' OR l.id = 2"),
        ("or.1.country__eq=1&or.1.country__eq=2", "1 = 1"),
        (
            "or.1.tags__has=2&or.1.name__ew=1",
            "c.id IN (SELECT customer_id FROM customer_tag WHERE tag_id = 2) OR c.name LIKE '%1'",
        ),
        (
            "status__in=NEW&or.1.name__ew=1&or.1.name__ew=2&or.4.name__ct=r+00&or.4.country.name__sw=nor",
            "c.status = 'NEW' AND (c.name LIKE '%1' OR c.name LIKE '%2') AND (c.name LIKE '%r 00%' OR l.id = 1)",
        ),
        (
            "match=any&status__in=NEW&name__ew=2&or.1.name__ew=1&or.1.name__ew=2",
            "(c.status = 'NEW' OR c.name LIKE '%2') AND (c.name LIKE '%1' OR c.name LIKE '%2')",
        ),
        (
            "or.1.since__gte=2024-01-10&or.1.since__lte=2024-01-12&or.1.name__ew=1",
            "c.since BETWEEN '2024-01-10' AND '2024-01-12' OR c.name LIKE '%1'",
        ),
        ("country__eq=2&or.1.name__ew=1&or.1.name__ew=2", "l.id = 2 AND (c.name LIKE '%1' OR c.name LIKE '%2')"),
        ("or.1.status__in=NEW&or.1.status__in=KNOWN&search=01", "c.name LIKE '%01%'"),
        ("or.1.name__ew=7", "c.name LIKE '%7'"),
    ],
)
def test_of_each_group_one_is_enough(site: Site, query: str, condition: str) -> None:
    assert sorted(first_cells(site.admin().get(f"{LIST}?{query}"))) == where(site, condition)


def test_a_group_is_a_chip(site: Site) -> None:
    query = "name__ct=0&or.1.country__eq=1&or.1.country__eq=2&or.1.status__in=NEW&or.3.name__ew=1&or.3.name__eq=x"
    page = page_of(site.admin().get(f"{LIST}?{query}"))
    assert chips(page) == [
        "Name: contains 0Remove filter Name: contains 0",
        "Country: Norway or Spain or Status: NewRemove filter Country: Norway or Spain or Status: New",
        "Name: ends with 1 or xRemove filter Name: ends with 1 or x",
    ]
    links = [dict(parse_qsl(link.get("href")[1:])) for link in page.all("a") if link.text.startswith("Remove filter C")]
    assert links == [{"name__ct": "0", "or.3.name__ew": "1", "or.3.name__eq": "x"}]
    [change] = [link.get("href") for link in page.all("a") if link.text == "Country: Norway or Spain or Status: New"]
    assert change.endswith("#filter-country-or1")
    assert [row.get("id") for row in page_of(site.admin().get(change)).all("fieldset", id="filter-country-or1")]


@pytest.mark.parametrize("match", ["all", "any"])
def test_where_nothing_is_left_the_filters_can_be_cleared(site: Site, match: str) -> None:
    answer = site.admin().get(f"{LIST}?match={match}&or.1.name__eq=nobody&or.1.name__eq=none")
    assert "No customer matches all of these filters." in answer.text
    [clear] = [link for link in page_of(answer).all("a") if link.text == "Clear filters"]
    assert clear.get("href") == (LIST if match == "all" else "?match=any")


@pytest.mark.parametrize(
    "query",
    [
        "or.1.name__ew=7&or.1.name__ew=4",
        "name__ct=0&or.2.country__eq=1&or.2.country__eq=2&or.2.status__in=NEW",
        "or.1.since__gte=2024-01-02&or.1.since__lte=2024-01-09&or.1.status__empty=yes",
        "match=any&or.7.tags__has=1&or.7.tags__empty=yes&or.9.country.name__sw=s",
    ],
)
def test_a_form_that_is_sent_as_it_came_leads_to_the_same_list(site: Site, query: str) -> None:
    admin = site.admin()
    answer = admin.get(FORM, query_string=sent(page_of(admin.get(f"{FORM}?{query}"))))
    assert answer.status_code == 302, answer.text
    found = answer.headers["Location"].partition("?")[2]
    assert sorted(parse_qsl(found)) == sorted(parse_qsl(query))


def test_a_row_is_put_into_a_group(site: Site) -> None:
    asked = {
        "0.name.op": "eq", "0.name.value": "a", "0.name.or": "1", "1.name.op": "ct", "1.name.value": "b",
        "1.name.or": "1", "2.country.op": "eq", "2.country.value": "2", "2.country.or": "1", "3.status.op": "in",
        "3.status.value": "NEW", "3.status.or": "",
    }  # fmt: skip
    answer = site.admin().get(FORM, query_string=asked)
    assert answer.headers["Location"].endswith("?status__in=NEW&or.1.name__eq=a&or.1.name__ct=b&or.1.country__eq=2")


def test_the_form_asks_for_groups_when_they_are_wanted(site: Site) -> None:
    admin = site.admin()
    plain = page_of(admin.get(FORM))
    assert not [field for field in plain.all("select") if field.get("name").endswith(".or")]
    [button] = plain.all("button", name="_groups")
    assert button.text == "Use groups"
    # What was typed comes back, and can be put into a group.
    pairs = [("0.name.op", "eq"), ("0.name.value", "Anna"), ("_groups", "yes")]
    page = page_of(admin.get(FORM, query_string=pairs))
    assert ("value", "Anna") in fields(page, "name")
    groups = [field for field in page.all("select") if re.fullmatch(r"[0-9]+\.name\.or", field.get("name"))]
    assert [[one.text for one in page.inside(field, "option")] for field in groups] == [
        ["In no group", "Group 1", "Group 2"]
    ]
    # One that stands in a group has a blank row beside it, for the next of that group.
    page = page_of(admin.get(f"{FORM}?or.1.name__eq=Anna"))
    assert [pair for pair in fields(page, "name") if pair[0] != "op"] == [
        ("value", "Anna"), ("or", "1"), ("value", ""), ("or", "1"),
    ]  # fmt: skip
    assert [one.text for one in page.all("button", name="_groups")] == ["More rows"]


def test_a_value_that_does_not_fit_brings_the_form_with_its_error(site: Site) -> None:
    admin = site.admin()
    query = "or.1.since__eq=soon&or.1.since__eq=2024-01-02&or.1.name__ew=7"
    for path in (LIST, FORM):
        pairs = parse_qsl(query) if path == LIST else sent(page_of(admin.get(f"{FORM}?{query}")))
        answer = admin.get(path, query_string=pairs)
        assert answer.status_code == 422
        page = Document(answer.text)
        faults = [fault.get("id") for fault in page.all("p", **{"class": "ab-error"})]
        assert faults == ["filter-since-or1-error"], "that one alone"
        assert ("value", "soon") in fields(page, "since")
        assert ("value", "2024-01-02") in fields(page, "since")


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        (LIST, "or.1.nothing__eq=1", 400),
        (LIST, "or.99.name__eq=1", 400),
        (LIST, "or.1.country__eq=99&or.1.name__ew=1", 422),
        (LIST, "or.1.country__eq=soon", 422),
        (LIST, "or.1.since__gte=2024-01-01&or.1.since__gte=2024-01-02", 400),
        (FORM, "0.name.op=eq&0.name.value=a&0.name.or=0", 400),
        (FORM, "0.name.op=eq&0.name.value=a&0.name.or=99", 400),
        (FORM, "0.name.op=eq&0.name.value=a&0.name.or=x", 400),
        (FORM, "0.country.op=eq&0.country.value=soon&0.country.or=1", 422),
    ],
)
def test_what_no_list_has_is_told(site: Site, path: str, query: str, code: int) -> None:
    assert site.admin().get(f"{path}?{query}").status_code == code


def test_what_no_row_shows_stays_in_its_group(make_host: MakeHost) -> None:
    site = make(make_host, filter_columns=["name"])
    site.user("clerk", ("can_list", "CustomerView"))
    admin = site.admin()
    pairs = [*sent(page_of(admin.get(f"{FORM}?or.2.country__eq=1&or.2.country__eq=2&or.5.name__ew=7")))]
    answer = admin.get(FORM, query_string=pairs)
    assert answer.headers["Location"].endswith("?or.2.country__eq=1&or.2.country__eq=2&or.5.name__ew=7")


def test_no_group_leads_beyond_what_the_person_may_see(make_host: MakeHost) -> None:
    def scope(self: Any, query: Any, user: Any) -> Any:
        return query.where(self.datamodel.model.id <= 5)

    def can_access_field(self: Any, user: Any, column: str, action: str) -> bool:
        return column != "email"

    def only_norway(self: Any, query: Any, user: Any) -> Any:
        return query.where(self.datamodel.model.name == "Norway")

    site = make(make_host, scope=scope, can_access_field=can_access_field, country={"scope": only_norway})
    admin = site.admin()
    found = first_cells(admin.get(f"{LIST}?or.1.status__in=NEW&or.1.status__in=KNOWN&or.1.name__ct=9"))
    assert sorted(found) == [f"Customer {number:03}" for number in range(5)]
    assert admin.get(f"{LIST}?or.1.email__ct=a&or.1.name__ct=1").status_code == 400
    assert admin.get(f"{LIST}?or.1.country__eq=2&or.1.name__ct=1").status_code == 422
    site.user("clerk", ("can_list", "CustomerView"))
    assert site.sign_in("clerk").get(f"{LIST}?or.1.country__eq=1").status_code == 404


def test_paging_sorting_tabs_sums_and_actions_keep_the_groups(make_host: MakeHost) -> None:
    tabs = [("New", {"filters": [["status", filters.FilterEqual, "NEW"]]})]
    site = make(make_host, page_size=2, list_tabs=tabs, list_tab_counts=True, list_sums=["id"])
    admin = site.admin()
    asked = "or.1.name__ew=1&or.1.name__ew=2"
    answer = admin.get(f"{LIST}?tab=new&{asked}&sums=yes")
    page = page_of(answer)
    assert "36 in all" in answer.text, "2, 12 and 22 are new and end with 1"
    links = [link.get("href") for link in page.all("a", rel="next")]
    links += [link.get("href") for link in page.all("a") if "sort=" in link.get("href")]
    assert len(links) > 2
    assert all(asked in link for link in links), links
    hidden = [(field.get("name"), field.get("value")) for field in page.all("input", type="hidden")]
    assert ("or.1.name__ew", "2") in hidden
    assert first_cells(admin.get(LIST + next(link for link in links if "page=2" in link))) == ["Customer 021"]


def test_all_that_match_are_those_of_the_groups(make_host: MakeHost) -> None:
    site = make(make_host, page_size=2)
    admin = site.admin()
    asked = "or.1.name__ew=1&or.1.name__ew=2"
    [box] = page_of(admin.get(f"{LIST}?{asked}")).all("input", name="_all")
    assert box.get("value") == asked
    data = {"csrf_token": admin.token(), "_all": asked}
    answer = admin.client.post("/admin/customerview/delete_selected", data=data)
    assert "6 records" in answer.text, answer.text
    assert "Name: ends with 1 or ends with 2" in answer.text


def test_choices_are_counted_without_the_group_that_they_stand_in(make_host: MakeHost) -> None:
    admin = make(make_host, filter_counts=["status"]).admin()
    text = admin.get(f"{FORM}?or.1.status__in=NEW&or.1.name__ew=2&or.2.name__ew=1&or.2.name__ew=3").text
    assert text.count('New <span class="ab-muted">(6)</span>') == 2, "in its group, and in the blank row"
    assert text.count('Known <span class="ab-muted">(0)</span>') == 2


def test_groups_cost_no_statement_beside_those_of_their_records(site: Site, count_statements: CountStatements) -> None:
    admin = site.admin()

    def cost(path: str) -> int:
        admin.get(path)
        with count_statements() as seen:
            assert admin.get(path).status_code == 200
        return len(seen)

    asked = "or.1.name__ew=1&or.1.name__ew=2&or.2.status__in=NEW&or.2.since__gte=2024-01-01"
    assert cost(f"{LIST}?{asked}") == cost(LIST)
    assert cost(f"{FORM}?{asked}") == cost(FORM)
    relation = "or.1.country__eq=1&or.1.country__eq=2"
    assert cost(f"{LIST}?{relation}") == cost(LIST) + 1, "records of one relation are asked for at once"
    assert cost(f"{FORM}?{relation}") == cost(FORM), "three rows offer the same records"


def test_a_filter_of_the_hosts_own_that_joins_is_one_of_a_group(make_host: MakeHost) -> None:
    class InCountry(filters.BaseFilter):
        name, arg_name = "lives in", "lives"

        def apply(self, query: Any, value: Any) -> Any:
            country = self.model.country.property.mapper.class_
            return query.join(self.model.country).where(country.name == value)

    site = make(make_host, search_filters={"name": [InCountry]})
    found = first_cells(site.admin().get(f"{LIST}?or.1.name__lives=Norway&or.1.name__ew=1"))
    assert sorted(found) == where(site, "l.name = 'Norway' OR c.name LIKE '%1'")


@pytest.mark.parametrize(
    ("rows", "moved", "query"),
    [
        (
            {"0.name.op": "ew", "0.name.value": "1", "1.name.op": "ew", "1.name.value": "2"},
            "filter-name-or1",
            "name__ew=1&or.1.name__ew=2",
        ),
        (
            {"0.country.op": "eq", "0.country.value": "1", "1.country.op": "eq", "1.country.value": "2"},
            "filter-country-or1",
            "country__eq=1&or.1.country__eq=2",
        ),
        (
            {"0.status.op": "in", "0.status.value": "NEW", "1.status.op": "in", "1.status.value": "KNOWN"},
            "filter-status-or1",
            "status__in=NEW&or.1.status__in=KNOWN",
        ),
        (
            {
                "0.since.op": "between", "0.since.value": "2024-01-10", "0.since.or": "1",
                "1.since.op": "between", "1.since.to": "2024-01-04", "1.since.or": "1",
            },
            "filter-since-or2",
            "or.1.since__gte=2024-01-10&or.2.since__lte=2024-01-04",
        ),
    ],
)  # fmt: skip
def test_two_rows_that_can_be_but_one_filter_are_both_kept(
    site: Site, rows: dict[str, str], moved: str, query: str
) -> None:
    admin = site.admin()
    answer = admin.get(FORM, query_string=rows)
    assert answer.status_code == 422, answer.headers.get("Location")
    page = Document(answer.text)
    assert [fault.get("id") for fault in page.all("p", **{"class": "ab-error"})] == [f"{moved}-error"]
    again = admin.get(FORM, query_string=sent(page))
    assert sorted(parse_qsl(again.headers["Location"].partition("?")[2])) == sorted(parse_qsl(query))


def test_the_row_of_a_key_that_is_none_says_so(site: Site) -> None:
    answer = site.admin().get(f"{FORM}?0.country.op=eq&0.country.value=soon&0.country.or=1")
    assert answer.status_code == 422
    faults = [fault.get("id") for fault in Document(answer.text).all("p", **{"class": "ab-error"})]
    assert faults == ["filter-country-or1-error"]
