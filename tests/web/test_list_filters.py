"""Filters of a list over HTTP: rows, chips, the form that sets them, what is refused, and for whom."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest
import sqlalchemy as sa

from appbuilder_lite import ModelView, SQLAInterface, expose, filters, has_access, security_model
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import site_of
from tests.web.site import Site
from tests.web.test_lists import first_cells, page_of
from tests.web.test_templates import Document

LIST = "/admin/customerview/list/"
FORM = "/admin/customerview/filter"


def make(make_host: MakeHost, *, rows: int = 30, country: dict[str, Any] | None = None, **options: Any) -> Site:
    """Customers and countries: every second customer is new and lives in Spain."""

    def declare(site: Site) -> list[type[Any]]:
        columns = ["name", "email", "country", "country.name", "status", "since", "tags"]
        customers = {"datamodel": SQLAInterface(site.models.Customer), "list_columns": columns, "page_size": 100}
        countries = {"datamodel": SQLAInterface(site.models.Country), **(country or {})}
        return [
            type("CustomerView", (ModelView,), {**customers, **options}),
            type("CountryView", (ModelView,), countries),
            type("TagView", (ModelView,), {"datamodel": SQLAInterface(site.models.Tag)}),
        ]

    return site_of(make_host, declare, rows=rows)


@pytest.fixture
def site(make_host: MakeHost) -> Site:
    return make(make_host)


def where(site: Site, condition: str) -> list[str]:
    """The names of the customers of which SQL says so."""
    query = "SELECT c.name FROM customer c JOIN country l ON l.id = c.country_id WHERE " + condition
    with site.app.app_context():
        return sorted(site.db.session.scalars(sa.text(query)))


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ("name__ct=R+01", "c.name LIKE '%r 01%'"),
        ("name__ew=7&status__eq=NEW", "c.name LIKE '%7' AND c.status = 'NEW'"),
        ("status__in=NEW&status__in=KNOWN", "1 = 1"),
        ("status__not_in=NEW", "c.status = 'KNOWN'"),
        ("status__empty=yes", "1 = 0"),
        ("since__gte=2024-01-10&since__lte=2024-01-12", "c.since BETWEEN '2024-01-10' AND '2024-01-12'"),
        ("country.name__sw=nor", "l.name = 'Norway'"),
        ("country__eq=2&name__new=9", "l.id = 2 AND c.name NOT LIKE '%9'"),
        ("country__empty=no", "1 = 1"),
        ("_flt_2_name=r+01", "c.name LIKE '%r 01%'"),
        ("search=customer&since__lt=2024-01-03", "c.since < '2024-01-03'"),
        ("match=all&name__ew=7&status__eq=NEW", "c.name LIKE '%7' AND c.status = 'NEW'"),
        ("match=any&name__ew=7&status__eq=NEW", "c.name LIKE '%7' OR c.status = 'NEW'"),
        (
            "match=any&since__gte=2024-01-10&since__lte=2024-01-12&name__ew=1",
            "c.since BETWEEN '2024-01-10' AND '2024-01-12' OR c.name LIKE '%1'",
        ),
        ("match=any&country__eq=2&name__ew=4", "l.id = 2 OR c.name LIKE '%4'"),
        (
            "match=any&country__eq=2&tags__has=2",
            "l.id = 2 OR c.id IN (SELECT customer_id FROM customer_tag WHERE tag_id = 2)",
        ),
        ("match=any&name__ew=7&country.name__sw=nor&search=1", "(c.name LIKE '%7' OR l.id = 1) AND c.name LIKE '%1%'"),
        ("match=any&name__ew=7", "c.name LIKE '%7'"),
        ("match=any", "1 = 1"),
        ("match=any&status__empty=yes", "1 = 0"),
        ("country__neq=2", "l.id <> 2"),
        ("country__in=1&country__in=2&name__ew=4", "c.name LIKE '%4'"),
        ("country__not_in=1&country__not_in=2", "1 = 0"),
        ("tags__neq=2", "c.id NOT IN (SELECT customer_id FROM customer_tag WHERE tag_id = 2)"),
        ("tags__in=1&tags__in=2", "c.id IN (SELECT customer_id FROM customer_tag WHERE tag_id IN (1, 2))"),
        ("tags__not_in=1&tags__not_in=2", "c.id NOT IN (SELECT customer_id FROM customer_tag WHERE tag_id IN (1, 2))"),
        ("match=any&country__neq=1&name__ew=4", "l.id <> 1 OR c.name LIKE '%4'"),
        ("or.1.country__neq=1&or.1.name__ew=4", "l.id <> 1 OR c.name LIKE '%4'"),
        ("_flt_1_country=2", "l.id <> 2"),
        ("_flt_2_name=1&_flt_2_name=2", "c.name LIKE '%1%' AND c.name LIKE '%2%'"),
        (
            "_flt_0_tags=1&_flt_0_tags=2",
            "(SELECT count(*) FROM customer_tag WHERE customer_id = c.id AND tag_id IN (1, 2)) = 2",
        ),
    ],
)
def test_rows_are_those_that_the_filters_hold_for(site: Site, query: str, condition: str) -> None:
    assert sorted(first_cells(site.admin().get(f"{LIST}?{query}"))) == where(site, condition)


def test_records_can_belong_to_several(site: Site) -> None:
    condition = "l.id = 1 AND c.id IN (SELECT customer_id FROM customer_tag WHERE tag_id = 1)"
    assert sorted(first_cells(site.admin().get(f"{LIST}?country__eq=1&tags__has=1"))) == where(site, condition)


def chips(page: Document) -> list[str]:
    return [chip.text for chip in page.all("span", **{"class": "ab-chip"})]


def test_each_filter_is_a_chip_that_can_be_changed_and_removed(site: Site) -> None:
    query = "status__in=NEW&status__in=KNOWN&since__gte=2024-01-02&since__lte=2024-01-09&sort=name"
    page = page_of(site.admin().get(f"{LIST}?{query}"))
    assert chips(page) == [
        "Status: New, KnownRemove filter Status: New, Known",
        "Since: at least 2024-01-02 at most 2024-01-09Remove filter Since: at least 2024-01-02 at most 2024-01-09",
    ]
    links = [link.get("href") for link in page.all("a") if link.text.startswith("Remove filter")]
    assert links == [
        "?sort=name&since__gte=2024-01-02&since__lte=2024-01-09",
        "?sort=name&status__in=NEW&status__in=KNOWN",
    ]
    [change] = [link.get("href") for link in page.all("a") if link.text == "Status: New, Known"]
    assert change.startswith(FORM)
    assert change.endswith("#filter-status")
    hidden = [(field.get("name"), field.get("value")) for field in page.all("input", type="hidden")]
    assert ("status__in", "KNOWN") in hidden, "the search keeps them"


def test_filters_by_records_are_chips_with_their_names(site: Site) -> None:
    admin = site.admin()

    def texts(query: str) -> list[str]:
        return [text.partition("Remove filter")[0] for text in chips(page_of(admin.get(f"{LIST}?{query}")))]

    assert texts("country__neq=2") == texts("_flt_1_country=2") == ["Country: is not Spain"]
    assert texts("country__in=1&country__in=2") == ["Country: Norway, Spain"]
    assert texts("or.1.country__not_in=1&or.1.name__ew=4") == ["Country: is none of Norway or Name: ends with 4"]
    assert texts("_flt_2_name=1&_flt_2_name=2") == ["Name: contains 1", "Name: contains 2"]


def test_where_nothing_is_left_the_page_says_what_to_drop(site: Site) -> None:
    answer = site.admin().get(f"{LIST}?name__ct=nobody")
    assert "No customer matches all of these filters." in answer.text
    [clear] = [link for link in page_of(answer).all("a") if link.text == "Clear filters"]
    assert clear.get("href") == LIST


# The form


def sent(page: Document) -> list[tuple[str, str]]:
    """Everything that the form sends as it is."""
    [form] = [form for form in page.all("form") if form.get("action").endswith("view/filter")]
    pairs: list[tuple[str, str]] = []
    for field in page.inside(form, "select", "input"):
        if field.tag == "select":
            chosen = [option for option in page.inside(field, "option") if "selected" in option.attributes]
            pairs += [(field.get("name"), option.get("value")) for option in chosen]
        elif field.get("type") not in ("checkbox", "radio") or "checked" in field.attributes:
            pairs.append((field.get("name"), field.get("value")))
    return pairs


def fields(page: Document, name: str) -> list[tuple[str, str]]:
    """What the form would send for a column: (part, value) pairs."""
    rows = [(field.split(".", 1)[1], value) for field, value in sent(page) if "." in field]
    return [(field.removeprefix(f"{name}."), value) for field, value in rows if field.startswith(f"{name}.")]


def test_the_form_has_a_row_for_each_column_and_what_is_chosen_comes_first(site: Site) -> None:
    page = page_of(site.admin().get(FORM))
    assert [legend.text for legend in page.all("legend")] == [
        "Status",
        "Since",
        "Country",
        "Tags",
        "Name",
        "Email",
        "Country Name",
    ]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "status__in=NEW&status__in=KNOWN",
        "status__not_in=NEW",
        "status__empty=no",
        "since__gte=2024-01-02",
        "since__lte=2024-01-09",
        "since__gte=2024-01-02&since__lte=2024-01-09",
        "since__within=this_year",
        "since__neq=2024-01-01",
        "country__eq=2",
        "country__empty=yes",
        "country__neq=2",
        "country__in=1&country__in=2",
        "country__eq=1&country__neq=2&country__not_in=2&country__empty=no",
        "or.1.country__in=1&or.1.tags__neq=2",
        "tags__has=1",
        "name__ct=a&name__nct=b",
        "name__in=a%2Cb&name__in=c%22d&name__in=e",
        "name__in=a%2Cb",
        "since__gte=20240102&since__lte=2024-01-09",
        "name__sw=%3Cb%3E&sort=-name&search=x&page_size=10",
        "country.name__ew=y",
    ],
)
def test_a_form_that_is_sent_as_it_came_leads_to_the_same_list(site: Site, query: str) -> None:
    admin = site.admin()
    page = page_of(admin.get(f"{FORM}?{query}"))
    answer = admin.get(FORM, query_string=sent(page))
    assert answer.status_code == 302
    asked, got = (sorted(parse_qsl(part)) for part in (query, answer.location.partition("?")[2]))
    assert got == asked


@pytest.mark.parametrize(
    ("pairs", "query"),
    [
        ({"0.status.op": "in", "0.status.value": ["NEW", "KNOWN"]}, "status__in=NEW&status__in=KNOWN"),
        ({"0.name.op": "ct", "0.name.value": " red "}, "name__ct=red"),
        ({"0.name.op": "empty", "0.name.value": "left over"}, "name__empty=yes"),
        ({"0.since.op": "between", "0.since.value": "", "0.since.to": "2024-01-09"}, "since__lte=2024-01-09"),
        ({"0.since.op": "within.today", "0.since.value": "2024-01-01"}, "since__within=today"),
        ({"0.country.op": "eq", "0.country.value": "2"}, "country__eq=2"),
        ({"0.tags.op": "eq", "0.tags.value": "2"}, "tags__has=2"),
        ({"0.name.op": "ct", "0.name.value": ""}, ""),
        ({"0.name.op": "in", "0.name.value": 'a, "b, c"'}, "name__in=a&name__in=b,+c"),
        ({"0.country.op": "neq", "0.country.value": "2"}, "country__neq=2"),
        ({"0.tags.op": "not_in", "0.tags.value": ["1 3", "2"]}, "tags__not_in=1&tags__not_in=3&tags__not_in=2"),
    ],
)
def test_what_was_filled_in_becomes_an_address(site: Site, pairs: dict[str, Any], query: str) -> None:
    answer = site.admin().get(FORM, query_string=pairs)
    assert answer.location == (f"{LIST}?{query}" if query else LIST)


@pytest.mark.parametrize(
    ("query", "name", "value"),
    [
        ("since__gte=yesterday", "since", "yesterday"),
        ("since__lte=2024-02-30&status__in=NEW", "since", "2024-02-30"),
        ("status__in=GONE", "status", None),
        ("since__within=last_century", "since", None),
        ("country__eq=999&status__in=NEW", "country", "999"),
        ("country__neq=nonsense", "country", "nonsense"),
        ("tags__in=1&tags__in=999", "tags", "999"),
    ],
)
def test_a_value_that_does_not_fit_brings_the_form_with_it_and_its_error(
    site: Site, query: str, name: str, value: str | None
) -> None:
    answer = site.admin().get(f"{LIST}?{query}")
    assert answer.status_code == 422
    page = Document(answer.text)
    [row] = [row for row in page.all("fieldset") if row.get("id") == f"filter-{name}"]
    [error] = [text.text for text in page.inside(row, "p") if "ab-error" in text.get("class")]
    assert len(page.all("p", **{"class": "ab-error"})) == 1, "and no other row has one"
    if name in ("country", "tags"):
        assert error == f"There is no such {name.removesuffix('s')} (any more)."
    if value is not None:
        assert value in [part for _, part in fields(page, name)], "what was typed is there"
    if "status__in=NEW" in query:
        assert ("value", "NEW") in fields(page, "status"), "and so is the rest"


def test_the_form_that_is_sent_wrong_comes_back(site: Site) -> None:
    pairs = {"0.since.op": "eq", "0.since.value": "soon", "1.name.op": "ct", "1.name.value": "red", "sort": "name"}
    answer = site.admin().get(FORM, query_string=pairs)
    assert answer.status_code == 422
    page = Document(answer.text)
    assert ("value", "soon") in fields(page, "since")
    assert ("value", "red") in fields(page, "name")


@pytest.mark.parametrize(
    "query",
    [
        "password__eq=x",
        "name__like=x",
        "name__ct=a&name__ct=b",
        "0.password.op=eq&0.password.value=x",
        "0.name.op=like&0.name.value=x",
        "name__ct=%00",
        "_flt_77_name=x",
        "country__ne=1",
    ],
)
@pytest.mark.parametrize("path", [LIST, FORM])
def test_what_the_list_does_not_have_is_told(site: Site, path: str, query: str) -> None:
    code = 200 if path == LIST and query.startswith("0.") else 400
    assert site.admin().get(f"{path}?{query}").status_code == code


def test_too_much_is_told_with_a_way_back(site: Site) -> None:
    admin = site.admin()
    many = "&".join(f"or.1.name__eq={number}" for number in range(51))
    for query, text in ((many, "At most 50 filters."), (f"name__ct={'a' * 501}", "At most 500 characters.")):
        answer = admin.get(f"{LIST}?{query}")
        assert (answer.status_code, text in answer.text) == (400, True)
        assert LIST in [link.get("href") for link in Document(answer.text).all("a")]


@pytest.mark.parametrize(
    ("value", "code"),
    [("a,,b", 302), ('"', 302), ("a\rb", 400), ("a" * 140_000, 400), (",".join("abc" * 100), 400), ('""', 302)],
)
def test_a_line_of_values_is_read_or_refused(site: Site, value: str, code: int) -> None:
    assert site.admin().get(FORM, query_string={"0.name.op": "in", "0.name.value": value}).status_code == code


def test_what_no_row_shows_stays(make_host: MakeHost) -> None:
    site = make(make_host, filter_columns=["name"], search_filters={"country": [NamedLike]})
    admin = site.admin()
    query = "country__eq=1&country__like=Nor&name__ct=Customer"
    page = page_of(admin.get(f"{FORM}?{query}"))
    answer = admin.get(FORM, query_string=sent(page))
    assert sorted(parse_qsl(answer.location.partition("?")[2])) == sorted(parse_qsl(query))


def test_what_no_row_shows_and_does_not_fit_is_told_and_dropped(make_host: MakeHost) -> None:
    admin = make(make_host, filter_columns=["name"]).admin()
    answer = admin.get(f"{LIST}?country__eq=999&tags__has=1&name__ct=1")
    page = Document(answer.text)
    [error] = page.all("p", **{"class": "ab-error"})
    assert (answer.status_code, error.text) == (422, "Country: There is no such country (any more).")
    asked = admin.get(FORM, query_string=sent(page)).location.partition("?")[2]
    assert sorted(parse_qsl(asked)) == [("name__ct", "1"), ("tags__has", "1")]


# For whom


def test_a_column_of_a_records_page_alone_is_no_filter(make_host: MakeHost) -> None:
    site = make(make_host, show_columns=["name", "notes"])
    site.user("reader", ("can_list", "CustomerView"))
    for person in (site.sign_in("reader"), site.admin()):
        assert person.get(f"{LIST}?notes__sw=a").status_code == 400
        assert "filter-notes" not in person.get(FORM).text


def test_a_column_that_the_person_does_not_meet_is_no_filter(make_host: MakeHost) -> None:
    def meets(self: Any, user: Any, column: str, action: str) -> bool:
        return column != "since"

    site = make(make_host, can_access_field=meets)
    admin = site.admin()
    assert admin.get(f"{LIST}?since__gte=2024-01-01").status_code == 400
    assert admin.get(f"{FORM}?since__gte=2024-01-01").status_code == 200
    assert "filter-since" not in admin.get(FORM).text
    assert admin.get(f"{FORM}?0.since.op=empty").status_code == 400


def test_a_password_hash_is_no_filter_whatever_a_view_says(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        options = {"datamodel": SQLAInterface(security_model("user_model")), "filter_columns": ["username", "password"]}
        return [type("PeopleView", (ModelView,), options)]

    admin = site_of(make_host, declare).admin()
    assert admin.get("/admin/peopleview/list/?username__eq=admin").status_code == 200
    for operator in ("sw=scrypt", "ct=a", "eq=x", "empty=no"):
        assert admin.get(f"/admin/peopleview/list/?password__{operator}").status_code == 400
    assert "filter-password" not in admin.get("/admin/peopleview/filter").text


def test_records_outside_of_a_persons_scope_are_neither_offered_nor_taken(make_host: MakeHost) -> None:
    def only_norway(self: Any, query: Any, user: Any) -> Any:
        return query.where(self.datamodel.model.name == "Norway")

    admin = make(make_host, country={"scope": only_norway}).admin()
    form = page_of(admin.get(FORM))
    [row] = [row for row in form.all("fieldset") if row.get("id") == "filter-country"]
    options = [option.text for option in form.inside(row, "option")]
    assert "Norway" in options
    assert "Spain" not in options
    hidden, gone = (admin.get(f"{LIST}?country__eq={key}") for key in (2, 999))
    assert hidden.status_code == gone.status_code == 422
    [[said], [same]] = [Document(answer.text).all("p", **{"class": "ab-error"}) for answer in (hidden, gone)]
    assert said.text == same.text == "There is no such country (any more)."


def test_who_may_open_no_list_of_the_related_records_is_not_asked_for_one(site: Site) -> None:
    site.user("clerk", ("can_list", "CustomerView"))
    assert 'filter-country"' not in site.sign_in("clerk").get(FORM).text


def test_the_form_asks_for_what_the_list_asks_for(make_host: MakeHost) -> None:
    site = make(make_host, method_permission_name={"list": "read"})
    site.user("reader", ("can_read", "CustomerView"))
    site.user("other", ("can_list", "CountryView"))
    assert site.sign_in("reader").get(FORM).status_code == 200
    assert site.sign_in("other").get(FORM).status_code == 403
    assert site.browser().get(FORM).status_code in (302, 401)
    with site.app.app_context():
        assert site.sm.find_permission_view_menu("can_filter", "CustomerView") is None


def test_a_form_of_the_views_own_asks_for_what_it_says(make_host: MakeHost) -> None:
    class Own:
        @expose("/filter")
        @has_access
        def filter(self) -> str:
            return "My own."

    site = make(make_host, filter=vars(Own)["filter"])
    site.user("reader", ("can_list", "CustomerView"))
    site.user("other", ("can_filter", "CustomerView"))
    reader = site.sign_in("reader")
    assert reader.get(FORM).status_code == 403
    assert "list-filter" not in reader.get(LIST).text
    assert site.sign_in("other").get(FORM).text == "My own."


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"include_route_methods": ["list"]}, 200),
        ({"exclude_route_methods": ["filter"]}, 404),
        ({"filter_columns": []}, 200),
    ],
    ids=["with the list", "left out", "nothing to filter by"],
)
def test_the_form_is_there_with_the_list(make_host: MakeHost, options: dict[str, Any], code: int) -> None:
    admin = make(make_host, **options).admin()
    assert admin.get(FORM).status_code == code
    assert ("list-filter" in admin.get(LIST).text) is ("include_route_methods" in options)


@pytest.mark.parametrize(
    "query", ["since__gte=soon", "or.1.since__gte=soon&or.1.name__eq=x"], ids=["alone", "in a group"]
)
@pytest.mark.parametrize(
    "options",
    [{"exclude_route_methods": ["filter"]}, {"method_permission_name": {"filter": "filter"}}],
    ids=["left out", "for others"],
)
def test_without_the_form_a_value_that_does_not_fit_is_a_bad_request(
    make_host: MakeHost, options: dict[str, Any], query: str
) -> None:
    site = make(make_host, **options)
    site.user("reader", ("can_list", "CustomerView"))
    assert site.sign_in("reader").get(f"{LIST}?{query}").status_code == 400


# Declared


class NamedLike(filters.BaseFilter):
    name = "named like"
    arg_name = "like"

    def apply(self, query: Any, value: Any) -> Any:
        return query.where(self.model.country.has(name="Norway" if value == "Nor" else value))


class SoundsLike(filters.BaseFilter):
    name = "sounds like"
    arg_name = "like"

    def apply(self, query: Any, value: Any) -> Any:
        return query.where(self.model.name.endswith(value[-1]))


class AtLeast(filters.BaseFilter):
    name = "is at least"
    arg_name = "gte"

    def apply(self, query: Any, value: Any) -> Any:
        return query.where(getattr(self.model, self.column_name) >= value)


class Refused(sa.types.TypeDecorator[int]):
    """A type that takes even numbers only."""

    impl = sa.Integer
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        if value is not None and value % 2:
            raise ValueError("odd")
        return value


class Measure(filters.BaseFilter):
    """Asks the database for what it cannot hold."""

    name = "measures"
    arg_name = "measure"

    def apply(self, query: Any, value: Any) -> Any:
        return query.where(sa.bindparam("wanted", int(value), Refused) == self.model.id)


@pytest.mark.parametrize("value", ["3", "99999999999999999999"])
def test_a_value_that_a_type_or_the_database_refuses_is_told(make_host: MakeHost, value: str) -> None:
    admin = make(make_host, search_filters={"name": [Measure]}).admin()
    answer = admin.get(f"{LIST}?name__measure={value}")
    assert answer.status_code == 422
    assert "This value does not fit the column." in answer.text
    assert admin.get(f"{LIST}?name__measure=2").status_code == 200


def test_one_end_of_a_range_is_no_range(make_host: MakeHost) -> None:
    """A filter of the host's own may have the name of one end, for a column that has none."""
    admin = make(make_host, search_filters={"name": [AtLeast]}, filter_columns=["name"]).admin()
    asked = "name__gte=Customer+020"
    page = admin.get(f"{FORM}?{asked}").text
    assert ".name.to" not in page
    assert '<option value="gte" data-takes="1" selected>' in page
    assert admin.get(f"{FORM}?0.name.op=gte&0.name.value=Customer+020").location == f"{LIST}?{asked}"


def test_filters_of_ones_own_stand_beside_those_of_the_kind(make_host: MakeHost) -> None:
    site = make(make_host, search_filters={"name": [SoundsLike]}, filter_columns=["name"])
    admin = site.admin()
    assert "sounds like" in admin.get(FORM).text
    assert admin.get(f"{FORM}?0.name.op=like&0.name.value=77").location == f"{LIST}?name__like=77"
    answer = admin.get(f"{LIST}?name__like=77")
    assert sorted(first_cells(answer)) == where(site, "c.name LIKE '%7'")
    assert chips(page_of(answer))[0].startswith("Name: sounds like 77")
    assert admin.get(f"{LIST}?since__gte=2024-01-01").status_code == 400, "not one of filter_columns"


def test_a_filter_costs_no_statement(site: Site, count_statements: CountStatements) -> None:
    admin = site.admin()

    def cost(query: str) -> int:
        admin.get(LIST)
        with count_statements() as seen:
            assert admin.get(f"{LIST}?{query}").status_code == 200
        return len(seen)

    assert cost("name__ct=1&status__in=NEW&since__gte=2024-01-01&country.name__sw=s&name__nct=x") == cost("")


class TestAnyOfThem:
    """One filter is enough, where that is asked for."""

    def test_the_list_says_so_and_leads_back(self, site: Site) -> None:
        page = page_of(site.admin().get(f"{LIST}?match=any&name__ew=7&status__eq=NEW"))
        assert chips(page)[0] == "Any of theseAll of them have to hold"
        way = next(link for link in page.all("a") if link.text == "All of them have to hold")
        assert dict(parse_qsl(way.get("href").removeprefix("?"))) == {"name__ew": "7", "status__eq": "NEW"}
        one = page_of(site.admin().get(f"{LIST}?match=any&name__ew=7"))
        assert len(chips(one)) == 1

    def test_the_form_asks_and_sends_it(self, site: Site) -> None:
        admin = site.admin()
        page = page_of(admin.get(f"{FORM}?match=any&name__ew=7&status__eq=NEW"))
        (field,) = page.all("select", name="match")
        chosen = [one.get("value") for one in page.inside(field, "option") if "selected" in one.attributes]
        assert chosen == ["any"]
        assert "match" not in {field.get("name") for field in page.all("input", type="hidden")}
        answer = admin.get(f"{FORM}?match=any&0.name.op=ew&0.name.value=7&1.status.op=in&1.status.value=NEW")
        assert answer.headers["Location"].endswith("?match=any&name__ew=7&status__in=NEW")
        answer = admin.get(f"{FORM}?match=all&0.name.op=ew&0.name.value=7")
        assert answer.headers["Location"].endswith("?name__ew=7")

    def test_what_the_person_may_not_see_stays_away(self, make_host: MakeHost) -> None:
        def scope(self: Any, query: Any, user: Any) -> Any:
            return query.where(self.datamodel.model.id <= 5)

        site = make(make_host, scope=scope)
        found = first_cells(site.admin().get(f"{LIST}?match=any&status__eq=NEW&status__empty=no&country__eq=1"))
        assert sorted(found) == [f"Customer {number:03}" for number in range(5)]

    def test_the_next_page_keeps_it(self, make_host: MakeHost) -> None:
        admin = make(make_host, page_size=5).admin()
        page = page_of(admin.get(f"{LIST}?match=any&name__ew=7&status__eq=NEW"))
        (following,) = [link.get("href") for link in page.all("a", rel="next")]
        assert "match=any" in following

    def test_a_filter_of_the_hosts_own_that_joins_is_one_of_them(self, make_host: MakeHost) -> None:
        class InCountry(filters.BaseFilter):
            name, arg_name = "lives in", "lives"

            def apply(self, query: Any, value: Any) -> Any:
                country = self.model.country.property.mapper.class_
                return query.join(self.model.country).where(country.name == value)

        site = make(make_host, search_filters={"name": [InCountry]})
        found = first_cells(site.admin().get(f"{LIST}?match=any&name__lives=Norway&name__ew=1"))
        assert sorted(found) == where(site, "l.name = 'Norway' OR c.name LIKE '%1'")

    @pytest.mark.parametrize("asked", ["match=some", "match=any&match=any", "match=%00"])
    def test_what_is_no_way_to_match_is_told(self, site: Site, asked: str) -> None:
        assert site.admin().get(f"{LIST}?{asked}&name__ew=7").status_code == 400


def test_a_form_of_one_row_keeps_that_any_filter_is_enough(make_host: MakeHost) -> None:
    admin = make(make_host, filter_columns=["name"]).admin()
    query = "match=any&country__eq=1&name__ew=2"
    answer = admin.get(FORM, query_string=sent(page_of(admin.get(f"{FORM}?{query}"))))
    assert sorted(parse_qsl(answer.headers["Location"].partition("?")[2])) == sorted(parse_qsl(query))


# Relations behind relations


def order_site(make_host: MakeHost, *, country: dict[str, Any] | None = None, **config: Any) -> Site:
    """Orders of customers, with two more: of a customer of no country, and of one of France."""

    def declare(site: Site) -> list[type[Any]]:
        models = site.models
        shown = ["number", "customer.country", "customer"]
        orders = {"datamodel": SQLAInterface(models.Order), "list_columns": shown}
        customers = {"datamodel": SQLAInterface(models.Customer), "filter_columns": ["tags"]}
        return [
            type("OrderView", (ModelView,), {**orders, "filter_columns": [*shown, "customer.tags"]}),
            type("CustomerView", (ModelView,), customers),
            type("CountryView", (ModelView,), {"datamodel": SQLAInterface(models.Country), **(country or {})}),
            type("TagView", (ModelView,), {"datamodel": SQLAInterface(models.Tag)}),
        ]

    site = site_of(make_host, declare, rows=6, **config)
    with site.app.app_context():
        models = site.models
        france = models.Country(name="France")
        site.db.session.add(models.Order(number="nowhere", customer=models.Customer(name="Nobody")))
        site.db.session.add(models.Order(number="far", customer=models.Customer(name="Far", country=france)))
        site.db.session.commit()
    return site


ORDERS = "/admin/orderview/list/"
ORDER_FORM = "/admin/orderview/filter"
ORDERS_WHERE = """
    SELECT o.number FROM customer_order o JOIN customer c ON c.id = o.customer_id
    LEFT JOIN country l ON l.id = c.country_id WHERE """


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ("customer.country__eq=1", "l.id = 1"),
        ("customer.country__empty=yes", "l.id IS NULL"),
        ("customer.country__empty=no", "l.id IS NOT NULL"),
        ("or.1.customer.country__eq=1&or.1.customer.country__empty=yes", "l.id = 1 OR l.id IS NULL"),
        ("or.1.customer.country__eq=1&or.1.customer.country__eq=2", "l.id IN (1, 2)"),
        ("match=any&customer.country__eq=2&number__eq=far", "l.id = 2 OR o.number = 'far'"),
        ("_flt_0_customer.country=2", "l.id = 2"),
        ("customer.country__neq=2", "l.id <> 2"),
        ("customer.country__not_in=1&customer.country__not_in=2", "l.id NOT IN (1, 2)"),
        ("customer.tags__neq=1", "c.id NOT IN (SELECT customer_id FROM customer_tag WHERE tag_id = 1)"),
        ("customer.tags__has=1", "c.id IN (SELECT customer_id FROM customer_tag WHERE tag_id = 1)"),
        ("customer.tags__empty=yes", "c.id NOT IN (SELECT customer_id FROM customer_tag)"),
    ],
)
def test_a_relation_behind_a_relation_is_a_filter(make_host: MakeHost, query: str, condition: str) -> None:
    site = order_site(make_host)
    with site.app.app_context():
        expected = sorted(site.db.session.scalars(sa.text(ORDERS_WHERE + condition)))
    answer = site.admin().get(f"{ORDERS}?{query}")
    assert expected
    assert (answer.status_code, sorted(first_cells(answer))) == (200, expected)


def test_a_relation_behind_a_relation_has_its_chip_and_its_row(make_host: MakeHost) -> None:
    site = order_site(make_host)
    admin = site.admin()
    assert "Spain" in chips(page_of(admin.get(f"{ORDERS}?customer.country__eq=2")))[0]
    form = admin.get(f"{ORDER_FORM}?customer.country__eq=2").text
    assert '<option value="2" selected>Spain</option>' in form
    sent = admin.get(f"{ORDER_FORM}?0.customer.country.op=eq&0.customer.country.value=1")
    assert sent.location == f"{ORDERS}?customer.country__eq=1"


def test_a_relation_behind_a_relation_is_looked_for_where_there_are_many(make_host: MakeHost) -> None:
    admin = order_site(make_host, APPBUILDER_CHOICES_LIMIT=1).admin()
    found = admin.get("/admin/orderview/choices/list/customer.country?q=spa").get_json()
    assert [one["name"] for one in found["choices"]] == ["Spain"]
    assert "Spain" in admin.get(f"{ORDER_FORM}?customer.country__eq=2").text


def test_a_row_for_several_records_looks_for_them_where_there_are_many(make_host: MakeHost) -> None:
    admin = order_site(make_host, APPBUILDER_CHOICES_LIMIT=1).admin()
    query = "customer.country__in=1&customer.country__in=2"
    page = page_of(admin.get(f"{ORDER_FORM}?{query}"))
    [row] = [row for row in page.all("fieldset") if row.get("id") == "filter-customer.country"]
    assert [label.text for label in page.inside(row, "label")] == ["Norway", "Spain"]
    boxes = [(box.get("name"), box.get("value")) for box in page.inside(row, "input")]
    pairs = [one for one in boxes if one[0].endswith(".value")]
    pairs.append((pairs[0][0].replace(".value", ".op"), "in"))
    assert admin.get(ORDER_FORM, query_string=pairs).location == f"{ORDERS}?{query}"


def test_records_behind_a_relation_are_those_that_the_person_may_see(make_host: MakeHost) -> None:
    site = order_site(make_host, country={"base_filters": [["name", filters.FilterNotEqual, "Spain"]]})
    admin = site.admin()
    assert ">Norway<" in admin.get(ORDER_FORM).text
    assert "Spain" not in admin.get(ORDER_FORM).text
    assert admin.get(f"{ORDERS}?customer.country__eq=2").status_code == 422
    assert admin.get(f"{ORDERS}?customer.country__neq=soon").status_code == 422
    site.user("reader", ("can_list", "OrderView"))
    reader = site.sign_in("reader")
    assert ">Norway<" not in reader.get(ORDER_FORM).text
    assert reader.get(f"{ORDERS}?customer.country__eq=1").status_code == 404


def test_a_filter_behind_a_relation_costs_one_statement(make_host: MakeHost, count_statements: CountStatements) -> None:
    admin = order_site(make_host).admin()
    admin.get(f"{ORDERS}?customer.country__eq=1")
    with count_statements() as direct:
        admin.get(f"{ORDERS}?customer__eq=1")
    with count_statements() as behind:
        admin.get(f"{ORDERS}?customer.country__eq=1")
    assert len(behind) <= len(direct)
