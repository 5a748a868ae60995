"""A property, a method or a formatter that raises for one record spoils its own cell, and no other."""

from __future__ import annotations

import csv
import json
import logging
from typing import Any

import pytest
import sqlalchemy as sa

from appbuilder_lite import ModelView, SQLAInterface
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import site_of
from tests.web.site import Site
from tests.web.test_lists import first_cells, page_of

LIST = "/admin/customerview/list/"
WORDS = "cannot be shown"


def make(make_host: MakeHost, *, error: Exception | None = None, **config: Any) -> Site:
    """Customers with what fails of Customer 001: a property, a formatter, and a method of a tag and of an order."""

    def raising(is_bad: bool, text: str) -> str:
        if is_bad:
            raise error or ValueError("no such thing")
        return text

    def declare(site: Site) -> list[type[Any]]:
        models = site.models
        models.Customer.shout = property(lambda self: raising(self.id == 2, "HELLO"))
        models.Order.loud = lambda self: raising(self.id == 2, "LOUD")
        models.Tag.late = property(lambda self: raising(self.name == "late", "in time"))
        customers = {
            "datamodel": SQLAInterface(models.Customer),
            "list_columns": ["name", "shout", "email", "tags.late"],
            "show_columns": ["name", "shout", "email"],
            "formatters_columns": {"email": lambda email: raising(email == "c1@example.org", email)},
            "search_columns": ["name", "email"],
            "export_formats": ["csv", "json"],
        }
        order_view = type(
            "OrderView", (ModelView,), {"datamodel": SQLAInterface(models.Order), "list_columns": ["number", "loud"]}
        )
        customers["related_views"] = [order_view]
        return [type("CustomerView", (ModelView,), customers), order_view]

    return site_of(make_host, declare, rows=3, **{"PROPAGATE_EXCEPTIONS": False, **config})


def rows(site: Site, url: str = LIST) -> list[list[str]]:
    page = page_of(site.admin().get(url))
    [body] = page.all("tbody")
    found = [[cell.text for cell in page.inside(row, "th", "td")] for row in page.inside(body, "tr")]
    return [[text for text in row if text] for row in found]


def test_a_list_has_a_mark_in_the_place_of_what_fails_and_the_log_has_why(
    make_host: MakeHost, caplog: pytest.LogCaptureFixture
) -> None:
    site = make(make_host)
    found = rows(site)
    assert [row[:3] for row in found] == [
        ["Customer 000", "HELLO", "c0@example.org"],
        ["Customer 001", WORDS, WORDS],
        ["Customer 002", "HELLO", "c2@example.org"],
    ]
    assert ["in time" in row for row in found] == [False, True, False]
    assert found[2][3] == WORDS, "the second of its tags fails"
    told = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert sorted(record.getMessage().partition(":")[0] for record in told) == [
        "CustomerView cannot show email of the record 2",
        "CustomerView cannot show shout of the record 2",
        "CustomerView cannot show tags.late of the record 3",
    ]
    assert all(record.exc_info and record.exc_info[0] is ValueError for record in told)
    # The first column names its record: it is its key then, and still leads there.
    sorted_ = site.admin().get(f"{LIST}?cols=shout,name")
    assert first_cells(sorted_) == ["HELLO", WORDS, "HELLO"]
    assert 'aria-label="Edit 2"' in sorted_.text


def test_each_column_is_logged_once_for_a_page(make_host: MakeHost, caplog: pytest.LogCaptureFixture) -> None:
    site = make(make_host)
    site.models.Customer.shout = property(lambda self: 1 / 0)
    caplog.clear()
    assert [row[1] for row in rows(site, f"{LIST}?cols=name,shout")] == [WORDS] * 3
    assert len([record for record in caplog.records if record.levelno == logging.ERROR]) == 1


def test_a_record_its_related_list_a_file_and_the_search_go_on(make_host: MakeHost) -> None:
    site = make(make_host)
    admin = site.admin()
    page = page_of(admin.get("/admin/customerview/show/2"))
    assert [value.text.strip() for value in page.all("dd")] == ["Customer 001", WORDS, WORDS]
    [table] = page.all("table")
    assert WORDS in [cell.text for cell in page.inside(table, "td")]

    answer = admin.get("/admin/customerview/list/export/csv")
    assert [row[1:3] for row in csv.reader(answer.text.lstrip("\ufeff").splitlines())][1:] == [
        ["HELLO", "c0@example.org"],
        ["", ""],
        ["HELLO", "c2@example.org"],
    ]
    exported = json.loads(admin.get("/admin/customerview/list/export/json").text)
    assert [(row["shout"], row["email"]) for row in exported][1] == (None, None)
    assert exported[2]["tags.late"] is None
    assert "Customer 001" in admin.get("/admin/search?q=c1").text


@pytest.mark.parametrize("config", [{"PROPAGATE_EXCEPTIONS": None}, {"PROPAGATE_EXCEPTIONS": True, "TESTING": False}])
def test_where_flask_raises_errors_so_do_values(make_host: MakeHost, config: dict[str, Any]) -> None:
    admin = make(make_host, **config).admin()
    for url in (LIST, "/admin/customerview/show/2", "/admin/customerview/list/export/csv"):
        with pytest.raises(ValueError, match="no such thing"):
            admin.get(url)


def test_what_the_database_refuses_is_no_fault_of_a_value(make_host: MakeHost) -> None:
    admin = make(make_host, error=sa.exc.OperationalError("SELECT", {}, Exception("gone"))).admin()
    assert admin.get(LIST).status_code >= 500
    assert admin.get("/admin/customerview/show/2").status_code >= 500


def test_a_failure_asks_the_database_nothing_more(make_host: MakeHost, count_statements: CountStatements) -> None:
    site = make(make_host)
    admin = site.admin()
    lists = [f"{LIST}?cols=name,shout,email&name__ew={number}" for number in (0, 1)]
    admin.get(lists[0])
    counts = []
    for url in lists:
        with count_statements() as seen:
            admin.get(url)
        counts.append(len(seen))
    assert counts[0] == counts[1]
