"""A list sorted by a relation: by the columns that name its records, on all pages and in files."""

import re
from typing import Any

import pytest

from appbuilder_lite import ModelView, SQLAInterface
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import site_of
from tests.web.site import Site
from tests.web.test_templates import Document

LIST = "/admin/customerview/list/"


def _site(make_host: MakeHost, **options: Any) -> Site:
    """Nine customers, of whom three have no country."""
    declared = {"list_columns": ["name", "country"], "label_columns_of": {"country": ("name",)}, **options}

    def declare(site: Site) -> list[type[Any]]:
        return [type("CustomerView", (ModelView,), {"datamodel": SQLAInterface(site.models.Customer), **declared})]

    site = site_of(make_host, declare, rows=9)
    with site.app.app_context():
        found = site.db.session.query(site.models.Customer).order_by("id").all()
        for customer in found[::3]:
            customer.country = None
        site.db.session.commit()
    return site


def _expected(site: Site, *, descending: bool) -> list[int]:
    """The keys in the order of the countries' names as the database has it; the key goes the same way."""
    models = site.models
    with site.app.app_context():
        columns = [models.Country.name, models.Customer.id]
        query = site.db.session.query(models.Customer.id).outerjoin(models.Country)
        found = query.order_by(*(column.desc() if descending else column for column in columns)).all()
    return [key for (key,) in found]


def _keys(text: str) -> list[int]:
    return [int(key) for key in dict.fromkeys(re.findall(r"/admin/customerview/show/(\d+)", text))]


@pytest.mark.parametrize("sort", ["country", "-country"])
def test_all_pages_follow_the_names_of_the_related_records(make_host: MakeHost, sort: str) -> None:
    site = _site(make_host)
    admin, seen, url = site.admin(), list[int](), f"{LIST}?sort={sort}&page_size=4"
    while url:
        text = admin.get(url).text
        page = Document(text)
        seen += _keys(text)
        after = [link.get("href") or "" for link in page.all("a", rel="next")]
        url = f"{LIST}{after[0]}" if after else ""
        assert not url or "after=" in url
    assert seen == _expected(site, descending=sort.startswith("-"))


def test_the_heading_offers_it_and_says_it(make_host: MakeHost) -> None:
    admin = _site(make_host).admin()
    assert 'href="?sort=country"' in admin.get(LIST).text
    text = admin.get(f"{LIST}?sort=country").text
    assert 'aria-sort="ascending"' in text
    assert 'href="?sort=-country"' in text


def test_it_costs_no_statement_more_than_another_order(make_host: MakeHost, count_statements: CountStatements) -> None:
    admin = _site(make_host).admin()
    counted = []
    admin.get(LIST)
    for sort in ("name", "country"):
        with count_statements() as seen:
            assert admin.get(f"{LIST}?sort={sort}").status_code == 200
        counted.append(len(seen))
    assert counted[0] == counted[1]


def test_a_file_has_the_same_order(make_host: MakeHost) -> None:
    site = _site(make_host, export_columns=["id"])
    lines = site.admin().get("/admin/customerview/list/export/csv?sort=-country").text.split()
    assert [int(line) for line in lines[1:]] == _expected(site, descending=True)


def test_what_a_formatter_hides_stands_in_no_address(make_host: MakeHost) -> None:
    site = _site(make_host, formatters_columns={"country": lambda _value: "hidden"})
    text = site.admin().get(f"{LIST}?sort=-country&page_size=4").text
    assert "hidden" in text
    assert "page=2" in text
    assert "after=" not in text
    assert "Norway" not in text


def test_beside_the_column_itself_it_counts_once(make_host: MakeHost) -> None:
    site = _site(make_host, list_columns=["name", "country", "country.name"])
    text = site.admin().get(f"{LIST}?sort=country,-country.name").text
    assert _keys(text) == _expected(site, descending=False)


def test_a_person_who_does_not_meet_the_relation_cannot_sort_by_it(make_host: MakeHost) -> None:
    def can_access_field(_view: Any, _user: Any, name: str, _action: str) -> bool:
        return name != "country"

    admin = _site(make_host, can_access_field=can_access_field).admin()
    assert admin.get(f"{LIST}?sort=country").status_code == 400
    assert "sort=country" not in admin.get(LIST).text


@pytest.mark.parametrize("options", [{"label_columns_of": {}}, {"order_columns": ["name"]}])
def test_it_is_not_offered_where_nothing_names_it_or_it_is_left_out(make_host: MakeHost, options: Any) -> None:
    admin = _site(make_host, **options).admin()
    assert admin.get(f"{LIST}?sort=country").status_code == 400
    assert "sort=country" not in admin.get(LIST).text
