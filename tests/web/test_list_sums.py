"""What the columns of a list add up to, for whoever asks."""

from __future__ import annotations

from typing import Any

import pytest

from appbuilder_lite import ModelView, SQLAInterface
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import site_of
from tests.web.site import Browser, Site
from tests.web.test_templates import Document

LIST = "/admin/customerview/list/"


def _site(make_host: MakeHost, **options: Any) -> Site:
    def declare(site: Site) -> list[type[Any]]:
        declared = {
            "datamodel": SQLAInterface(site.models.Customer),
            "list_columns": ["name", "id"],
            "search_columns": ["name"],
            "list_sums": ["id"],
            "label_columns": {"id": "Number"},
        }
        return [type("CustomerView", (ModelView,), {**declared, **options})]

    return site_of(make_host, declare, rows=30)


def _page(browser: Browser, url: str = "") -> Document:
    answer = browser.get(LIST + url)
    assert answer.status_code == 200, answer.text
    return Document(answer.text)


def _lines(page: Document) -> list[str]:
    return [line.text for line in page.all("p") if " in all, " in line.text]


def _way(page: Document) -> str:
    return next((link.get("href") for link in page.all("a") if link.text == "Add up"), "")


def test_a_link_adds_up_all_pages_of_what_is_listed(make_host: MakeHost, count_statements: CountStatements) -> None:
    admin = _site(make_host).admin()
    _page(admin)
    with count_statements() as plain:
        page = _page(admin, "?search=00&page_size=3&page=2")
    assert not _lines(page)
    with count_statements() as added:
        found = _page(admin, _way(page))
    assert _lines(found) == ["Number: 55 in all, 5.50 on average"]
    assert len(added) == len(plain) + 1
    assert not _way(found)
    assert [row.text for row in found.all("th", scope="row")] == [row.text for row in page.all("th", scope="row")]


def test_the_next_page_says_it_too(make_host: MakeHost) -> None:
    admin = _site(make_host).admin()
    following = next(link.get("href") for link in _page(admin, "?sums=yes").all("a", rel="next"))
    assert _lines(_page(admin, following)) == ["Number: 465 in all, 15.50 on average"]


def test_a_formatter_writes_them_and_its_markup_stays_out(make_host: MakeHost) -> None:
    admin = _site(make_host, formatters_columns={"id": "{:.1f} kg".format}).admin()
    assert _lines(_page(admin, "?sums=yes")) == ["Number: 465.0 kg in all, 15.5 kg on average"]


def test_nothing_is_added_up_of_no_rows(make_host: MakeHost) -> None:
    page = _site(make_host).admin().get(f"{LIST}?sums=yes&search=nobody")
    assert page.status_code == 200
    assert " in all, " not in page.text


def test_a_column_that_the_person_does_not_meet_is_not_added_up(make_host: MakeHost) -> None:
    def hidden(self: Any, user: Any, column: str, action: str) -> bool:
        return column != "id"

    admin = _site(make_host, can_access_field=hidden).admin()
    assert not _way(_page(admin))
    assert not _lines(_page(admin, "?sums=yes"))


def test_rows_that_the_person_does_not_see_are_not_added_up(make_host: MakeHost) -> None:
    def scope(self: Any, query: Any, user: Any) -> Any:
        return query.where(self.datamodel.model.id <= 4)

    assert _lines(_page(_site(make_host, scope=scope).admin(), "?sums=yes")) == ["Number: 10 in all, 2.50 on average"]


@pytest.mark.parametrize("asked", ["sums=1", "sums=yes&sums=yes", "sums=%00"])
def test_what_cannot_be_asked_is_told(make_host: MakeHost, asked: str) -> None:
    assert _site(make_host).admin().get(f"{LIST}?{asked}").status_code == 400


def test_a_list_without_sums_has_none(make_host: MakeHost) -> None:
    admin = _site(make_host, list_sums=()).admin()
    assert not _way(_page(admin))
    assert admin.get(f"{LIST}?sums=yes").status_code == 400


def test_what_fails_costs_the_line_alone_and_is_told(make_host: MakeHost) -> None:
    admin = _site(make_host, formatters_columns={"id": lambda value: f"{value:d}"}).admin()
    page = _page(admin, "?sums=yes")
    assert not _lines(page)
    assert [line for line in page.all("p") if line.text == "The columns could not be added up."]
