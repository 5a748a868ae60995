"""The form of a list's filters where one of several values is enough: numbers in a line, records of a relation."""

from typing import Any
from urllib.parse import parse_qsl

import pytest
from sqlalchemy import Column, Integer, Numeric

from appbuilder_lite import AppBuilder, ModelView, SQLAInterface
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import site_of
from tests.web.site import Site, make_db
from tests.web.test_list_filters import FORM, fields, make, sent
from tests.web.test_lists import page_of
from tests.web.test_templates import Document

SALES, SALES_FORM = "/admin/saleview/list/", "/admin/saleview/filter"


def _sales(make_host: MakeHost) -> Site:
    """Ten sales, numbered from 1 and of as many pieces, at half of that each."""
    db = make_db()

    class Sale(db.Model):  # type: ignore[misc,name-defined]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        pieces = Column(Integer)
        price = Column(Numeric(6, 2))

    class SaleView(ModelView):
        datamodel = SQLAInterface(Sale)
        list_columns = ["pieces", "price"]

    host = make_host(db)
    site = Site(host.app, db, AppBuilder())
    site.builder.add_view(SaleView, "SaleView")
    site.builder.init_app(host.app, db)
    site.create()
    with host.app.app_context():
        db.session.add_all([Sale(id=one, pieces=one, price=one / 2) for one in range(1, 11)])
        db.session.commit()
    return site


def _many_countries(make_host: MakeHost) -> Site:
    """Customers with more countries than a select holds."""

    def declare(site: Site) -> list[type[Any]]:
        customers = {"datamodel": SQLAInterface(site.models.Customer), "list_columns": ["name", "country"]}
        return [
            type("CustomerView", (ModelView,), customers),
            type("CountryView", (ModelView,), {"datamodel": SQLAInterface(site.models.Country)}),
        ]

    return site_of(make_host, declare, rows=6, APPBUILDER_CHOICES_LIMIT=1)


def _asked(address: str) -> list[tuple[str, str]]:
    return parse_qsl(address.partition("?")[2])


def _operators(page: Document, id_: str) -> list[str]:
    [row] = [row for row in page.all("fieldset") if row.get("id") == id_]
    [ways, *_] = page.inside(row, "select")
    return [option.text for option in page.inside(ways, "option")]


class TestNumbers:
    @pytest.mark.parametrize(
        ("asked", "query"),
        [
            ({"0.pieces.op": "in", "0.pieces.list": "3, 7,9"}, "pieces__in=3&pieces__in=7&pieces__in=9"),
            ({"0.pieces.op": "in", "0.pieces.value": "3"}, "pieces__in=3"),
            ({"0.price.op": "not_in", "0.price.list": "1, 2", "0.price.value": "9"}, "price__not_in=1&price__not_in=2"),
            ({"0.pieces.op": "eq", "0.pieces.value": "3", "0.pieces.list": "7"}, "pieces__eq=3"),
            ({"0.pieces.op": "in", "0.pieces.list": "", "0.pieces.value": ""}, ""),
        ],
    )
    def test_a_line_of_them_becomes_an_address(self, make_host: MakeHost, asked: dict[str, str], query: str) -> None:
        answer = _sales(make_host).admin().get(SALES_FORM, query_string=asked)
        assert _asked(answer.location) == parse_qsl(query)

    def test_the_rows_are_those_and_the_form_comes_back_with_them(self, make_host: MakeHost) -> None:
        admin = _sales(make_host).admin()
        query = "pieces__in=3&pieces__in=7"
        assert "2 records" in admin.get(f"{SALES}?{query}").text
        page = page_of(admin.get(f"{SALES_FORM}?{query}"))
        assert {("op", "in"), ("list", "3,7"), ("value", "")} <= set(fields(page, "pieces"))
        assert _asked(admin.get(SALES_FORM, query_string=sent(page)).location) == parse_qsl(query)

    def test_the_control_for_one_number_stays(self, make_host: MakeHost) -> None:
        page = page_of(_sales(make_host).admin().get(SALES_FORM))
        controls = {field.get("name"): field.get("type") for field in page.all("input")}
        assert controls["0.pieces.value"] == "number"
        assert "is one of" in _operators(page, "filter-pieces")
        assert "is none of" in _operators(page, "filter-price")

    def test_one_that_is_no_number_brings_the_line_back(self, make_host: MakeHost) -> None:
        answer = _sales(make_host).admin().get(SALES_FORM, query_string={"0.pieces.op": "in", "0.pieces.list": "3, x"})
        assert answer.status_code == 422
        assert ("value", "3,x") in fields(Document(answer.text), "pieces")


class TestRecords:
    def test_a_row_is_brought_back_to_choose_several(self, make_host: MakeHost) -> None:
        admin = make(make_host).admin()
        blank = page_of(admin.get(FORM))
        assert [one.get("value") for one in blank.all("button", name="_several")] == ["country", "tags"]
        page = page_of(admin.get(FORM, query_string=[*sent(blank), ("_several", "country")]))
        assert _operators(page, "filter-country") == ["is one of", "is none of"]
        name = next(field.get("name") for field in page.all("input") if field.get("name").endswith(".country.value"))
        pairs = [*sent(page), (name, "1"), (name, "2")]
        assert _asked(admin.get(FORM, query_string=pairs).location) == [("country__in", "1"), ("country__in", "2")]

    @pytest.mark.parametrize(
        ("query", "widened"),
        [("country__eq=2", "country__in=2"), ("country__neq=2", "country__not_in=2"), ("tags__has=1", "tags__in=1")],
    )
    def test_what_was_chosen_stays_chosen(self, make_host: MakeHost, query: str, widened: str) -> None:
        admin = make(make_host).admin()
        pairs = [*sent(page_of(admin.get(f"{FORM}?{query}&name__ct=a"))), ("_several", query.partition("__")[0])]
        page = page_of(admin.get(FORM, query_string=pairs))
        assert sorted(_asked(admin.get(FORM, query_string=sent(page)).location)) == sorted(
            parse_qsl(f"{widened}&name__ct=a")
        )

    def test_where_there_are_many_they_are_looked_for(self, make_host: MakeHost) -> None:
        site = _many_countries(make_host)
        page = page_of(site.admin().get(FORM, query_string=[("0.country.op", "eq"), ("_several", "country")]))
        [look] = [one for one in page.all("div") if one.get("id") == "filter-country-look-up"]
        assert "data-many" in look.attributes

    def test_a_row_that_is_one_of_several_has_no_such_button(self, make_host: MakeHost) -> None:
        page = page_of(make(make_host).admin().get(f"{FORM}?country__in=1&country__in=2"))
        assert [one.get("value") for one in page.all("button", name="_several")] == ["tags"]

    @pytest.mark.parametrize("name", ["name", "nothing", "status", "%00"])
    def test_a_name_of_something_else_only_brings_the_form_back(self, make_host: MakeHost, name: str) -> None:
        answer = make(make_host).admin().get(f"{FORM}?0.name.op=ct&0.name.value=a&_several={name}")
        assert answer.status_code == 200
        assert ("value", "a") in fields(Document(answer.text), "name")

    def test_it_costs_no_statement_more_than_the_form(
        self, make_host: MakeHost, count_statements: CountStatements
    ) -> None:
        admin, counted = make(make_host).admin(), list[int]()
        for more in ("", "&_groups=yes", "&_several=country"):
            with count_statements() as seen:
                assert admin.get(f"{FORM}?0.name.op=ct&0.name.value=a{more}").status_code in (200, 302)
            counted.append(len(seen))
        assert counted[1] == counted[2]
