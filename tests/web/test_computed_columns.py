"""What a model computes, in a list: filters of hybrid properties, and pages sorted by a method's column."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy.ext.hybrid import hybrid_property

from appbuilder_lite import ModelView, SQLAInterface, renders
from tests.conftest import MakeHost
from tests.web.declared import site_of
from tests.web.site import Site
from tests.web.test_lists import first_cells, page_of

LIST = "/admin/customerview/list/"


def make(make_host: MakeHost, **options: Any) -> Site:
    """Customers 0 to 29 with hybrids; `options` are those of their view."""

    def declare(site: Site) -> list[type[Any]]:
        Customer = site.models.Customer

        @hybrid_property
        def number(self: Any) -> Any:
            return self.id * 10

        @hybrid_property
        def is_new(self: Any) -> Any:
            return self.id > 25

        @renders("email")
        def mail(self: Any) -> str:
            return f"<{self.email}>"

        Customer.number, Customer.is_new, Customer.mail = number, is_new, mail
        declared = {"datamodel": SQLAInterface(Customer), "list_columns": ["name", "number", "is_new"]}
        orders = {"datamodel": SQLAInterface(site.models.Order), "list_columns": ["number", "customer.number"]}
        return [type("CustomerView", (ModelView,), {**declared, **options}), type("OrderView", (ModelView,), orders)]

    return site_of(make_host, declare, rows=30)


@pytest.mark.databases
def test_a_hybrid_is_filtered_like_a_column_of_its_type(make_host: MakeHost) -> None:
    site = make(make_host, filter_counts=["is_new"])
    admin = site.admin()
    asked = {
        "number__gte=290": 2,
        "number__gte=100&number__lte=120": 3,
        "_flt_1_number=290": 1,
        "is_new__eq=yes&number__neq=300": 4,
        "or.1.number__eq=10&or.1.is_new__eq=yes": 6,
    }
    assert {query: len(first_cells(admin.get(f"{LIST}?{query}&page_size=100"))) for query in asked} == asked
    orders = admin.get("/admin/orderview/list/?customer.number__lt=30")
    assert first_cells(orders) == ["A00000", "A00001"]

    text = admin.get(f"{LIST}?number__gte=290").text
    assert "Number: at least 290" in text
    form = page_of(admin.get("/admin/customerview/filter?number__gte=290"))
    values = {field.get("name"): field.get("value") for field in form.all("input", type="number")}
    assert "290" in values.values()
    assert "Yes (2)" in " ".join(" ".join(label.text.split()) for label in form.all("label"))
    assert admin.get(f"{LIST}?number__gte=soon").status_code == 422
    assert admin.get(f"{LIST}?number__ct=1").status_code == 400


@pytest.mark.parametrize(("columns", "way"), [(["name", "mail", "email"], "after="), (["name", "mail"], "page=2")])
def test_pages_go_on_by_the_column_of_a_method_where_the_list_has_it_too(
    make_host: MakeHost, columns: list[str], way: str
) -> None:
    admin = make(make_host, list_columns=columns).admin()
    [url] = {link.get("href") for link in page_of(admin.get(f"{LIST}?sort=mail")).all("a", rel="next")}
    assert way in url
    assert ("c" in url.partition("after=")[2]) == (way == "after=")
    names = first_cells(admin.get(f"{LIST}?sort=mail")) + first_cells(admin.get(LIST + url))
    assert len(set(names)) == 30


def test_a_heading_stands_where_the_figures_do_that_a_method_or_formatter_makes(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        site.models.Customer.length = lambda self: len(self.name)
        site.models.Customer.shout = lambda self: self.name.upper()

        class CustomerView(ModelView):
            datamodel = SQLAInterface(site.models.Customer)
            list_columns = ["name", "length", "shout", "email"]
            formatters_columns = {"email": lambda value: None if value is None else len(value)}

        return [CustomerView]

    text = site_of(make_host, declare, rows=3).admin().get(LIST).text
    heads = re.findall(r'<th role="columnheader" scope="col"( data-n)?>(?:<a [^>]*>)?([^<]+)', text)
    assert [(name, bool(figures)) for figures, name in heads] == [
        ("Name", False),
        ("Length", True),
        ("Shout", False),
        ("Email", True),
    ]
