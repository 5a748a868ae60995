"""The related views below a record: which one is open, the ways to the others, and what they cost."""

import re
from collections.abc import Sequence
from typing import Any

import pytest

from appbuilder_lite import ModelView, SQLAInterface
from appbuilder_lite.filters import FilterEqual
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import site_of
from tests.web.site import Site
from tests.web.test_lists import first_cells, page_of
from tests.web.test_templates import Document

SHOW = "/admin/countryview/show/1"
ROWS = 8
# Norway has every other customer.
NORWEGIANS = ["Customer 000", "Customer 002", "Customer 004", "Customer 006"]


def _site(make_host: MakeHost, names: Sequence[str], rows: int = ROWS, **options: Any) -> Site:
    """A country with customers, each of these views showing them; `options` are those of the second."""

    def declare(site: Site) -> list[type[Any]]:
        target = {"datamodel": SQLAInterface(site.models.Customer), "list_columns": ["name"]}
        views = [
            type(name, (ModelView,), {**target, "list_title": name[:-4], **(options if place == 1 else {})})
            for place, name in enumerate(names)
        ]
        country = {"datamodel": SQLAInterface(site.models.Country), "related_views": views}
        return [*views, type("CountryView", (ModelView,), country)]

    return site_of(make_host, declare, rows=rows)


def tabs(page: Document) -> dict[str, str]:
    """The words of the tabs -> their addresses."""
    [nav] = page.all("nav", **{"aria-label": "Related records"})
    return {link.text: link.get("href") for link in page.inside(nav, "a")}


def _current(page: Document) -> list[str]:
    return [link.text for link in page.all("a", **{"aria-current": "true"})]


FRIENDS = ["BuyerView", "NamesakeView", "VisitorView"]
ONLY_FIRST: dict[str, Any] = {"base_filters": [["name", FilterEqual, "Customer 000"]]}


def test_several_views_are_tabs_with_counts_and_the_first_is_open(make_host: MakeHost) -> None:
    answer = _site(make_host, FRIENDS, **ONLY_FIRST).admin().get(SHOW)
    page = page_of(answer)
    assert tabs(page) == {
        "Buyer (4)": "?related=buyerview#related",
        "Namesake (1)": "?related=namesakeview#related",
        "Visitor (4)": "?related=visitorview#related",
    }
    assert _current(page) == ["Buyer (4)"]
    assert first_cells(answer) == NORWEGIANS
    assert [section.get("id") for section in page.all("section") if "ab-related" in section.get("class")] == ["related"]


@pytest.mark.parametrize("asked", ["namesakeview", "NamesakeView"])
def test_the_address_opens_another_one(make_host: MakeHost, asked: str) -> None:
    answer = _site(make_host, FRIENDS, **ONLY_FIRST).admin().get(f"{SHOW}?related={asked}")
    assert _current(page_of(answer)) == ["Namesake (1)"]
    assert first_cells(answer) == ["Customer 000"]
    assert list(tabs(page_of(answer))) == ["Buyer (4)", "Namesake (1)", "Visitor (4)"]


@pytest.mark.parametrize("asked", ["", "nothing", "countryview", "%00", "%F0%9F%A6%84", "a&related=namesakeview"])
def test_what_is_no_tab_means_the_first(make_host: MakeHost, asked: str) -> None:
    answer = _site(make_host, FRIENDS, **ONLY_FIRST).admin().get(f"{SHOW}?related={asked}")
    assert answer.status_code == 200
    assert _current(page_of(answer)) == ["Buyer (4)"]


def test_a_view_that_the_person_may_not_open_is_no_tab(make_host: MakeHost) -> None:
    site = _site(make_host, FRIENDS, **ONLY_FIRST)
    site.user("olga", ("can_show", "CountryView"), ("can_list", "BuyerView"), ("can_list", "VisitorView"))
    answer = site.sign_in("olga").get(f"{SHOW}?related=namesakeview")
    assert list(tabs(page_of(answer))) == ["Buyer (4)", "Visitor (4)"]
    assert _current(page_of(answer)) == ["Buyer (4)"]
    assert "Namesake" not in answer.text


def test_a_relation_that_the_person_does_not_meet_shows_and_counts_no_rows(make_host: MakeHost) -> None:
    def can_access_field(view: Any, user: Any, column: str, action: str) -> bool:
        return column != "country"

    site = _site(make_host, FRIENDS, can_access_field=can_access_field)
    answer = site.admin().get(f"{SHOW}?related=namesakeview")
    assert list(tabs(page_of(answer))) == ["Buyer (4)", "Visitor (4)"]
    assert "Namesake" not in re.sub(r"<nav.*?</nav>", "", answer.text, flags=re.DOTALL)


def test_a_single_one_has_a_heading_and_notabs(make_host: MakeHost) -> None:
    answer = _site(make_host, FRIENDS[:1]).admin().get(SHOW)
    page = page_of(answer)
    assert not page.all("nav", **{"aria-label": "Related records"})
    assert [heading.text for heading in page.all("h2")][-1] == "Buyer"
    assert "4 records" in answer.text
    assert first_cells(answer) == NORWEGIANS


def test_without_one_there_is_nothing_below_the_record(make_host: MakeHost) -> None:
    site = _site(make_host, FRIENDS)
    site.user("olga", ("can_show", "CountryView"))
    assert not page_of(site.sign_in("olga").get(SHOW)).all("section", id="related")


def test_counts_end_where_nobody_reads_on(make_host: MakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = _site(make_host, FRIENDS, **ONLY_FIRST).admin()
    monkeypatch.setattr("appbuilder_lite.web.amounts.MOST", 3)
    assert list(tabs(page_of(admin.get(SHOW)))) == ["Buyer (3+)", "Namesake (1)", "Visitor (3+)"]


def test_a_count_that_fails_leaves_the_page_without_it(make_host: MakeHost, caplog: pytest.LogCaptureFixture) -> None:
    def fail(view: Any, query: Any, user: Any) -> Any:
        raise RuntimeError("the scope is broken")

    admin = _site(make_host, FRIENDS, scope=fail).admin()
    assert list(tabs(page_of(admin.get(SHOW)))) == ["Buyer (4)", "Namesake", "Visitor (4)"]
    assert "NamesakeView" in caplog.text


def test_what_belongs_by_an_association_is_counted_too(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        target = {"datamodel": SQLAInterface(site.models.Customer)}
        views = [type(name, (ModelView,), {**target, "list_title": name}) for name in FRIENDS[:2]]
        tag = {"datamodel": SQLAInterface(site.models.Tag), "related_views": views}
        return [*views, type("TagView", (ModelView,), tag)]

    answer = site_of(make_host, declare, rows=ROWS).admin().get("/admin/tagview/show/1")
    # Customers have no tag, the first, or both, by turns.
    assert list(tabs(page_of(answer))) == ["BuyerView (5)", "NamesakeView (5)"]


@pytest.mark.parametrize("rows", [ROWS, 60])
def test_five_of_them_cost_the_list_that_is_open_and_one_count(
    make_host: MakeHost, count_statements: CountStatements, rows: int
) -> None:
    names = [f"Kind{number}View" for number in range(5)]
    site = _site(make_host, names, rows)
    admin = site.admin()
    admin.get(SHOW)
    with count_statements() as seen:
        page = admin.get(f"{SHOW}?related=kind3view")
    assert len(tabs(page_of(page))) == 5
    # Who asks and the record; the rows of the list, and how many there are where some stand elsewhere; the counts of
    # the others.
    assert len(seen) == 2 + (2 if rows > ROWS else 1) + 1, seen
