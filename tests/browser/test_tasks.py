"""How much people have to do for what they do most, from the home page on: clicks, keystrokes and page loads."""

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from example_app import demo
from tests.browser.person import Person
from tests.browser.served import Site

Report = Callable[[str, tuple[int, int, int]], None]


@pytest.fixture
def person(page: Page) -> Person:
    """The administrator, on the home page."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
    page.wait_for_load_state()
    return Person(page)


@pytest.fixture
def report(person: Person, record_property: Callable[[str, object], None]) -> Report:
    """Notes what a task took for the table, and fails where that is more than it may be."""

    def check(task: str, most: tuple[int, int, int]) -> None:
        took = (person.clicks, person.keys, person.loads)
        record_property("task", (task, *took, "{}+{} ({})".format(*most)))
        assert all(count <= limit for count, limit in zip(took, most, strict=True)), (took, most)

    return check


def test_find_a_customer_by_name_and_open_it(person: Person, site: Site, report: Report) -> None:
    page, name = person.page, name_of_a_customer(site)
    person.press("Control+k")
    person.type(name)
    expect(page.get_by_role("option", selected=True)).to_contain_text(name)
    person.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    report("find a customer by name and open it", (2, 14, 2))


def test_filter_orders_by_state_and_date(person: Person, report: Report) -> None:
    page = person.page
    person.click(page.get_by_role("main").get_by_role("link", name="Orders", exact=True))
    person.click(page.get_by_role("link", name="Filter", exact=True))
    person.click(page.get_by_role("checkbox", name="Shipped"))
    # Where the month is.
    person.click(page.get_by_role("dialog").get_by_label("Ordered At", exact=True), at=(16, 18))
    person.type("02012024")
    person.click(page.get_by_role("button", name="Apply"))
    expect(page.get_by_role("link", name="Remove filter Ordered At: at least 2024-02-01")).to_be_visible()
    report("filter orders by status and date", (5, 8, 2))


def test_change_one_field(person: Person, report: Report) -> None:
    page = person.page
    person.click(page.get_by_role("main").get_by_role("link", name="Customers", exact=True))
    person.click(page.locator("tbody tr").nth(2).get_by_role("link", name="Edit"))
    person.double_click(page.get_by_label("City"))
    person.type("Ghent")
    person.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    # As good as the best of the peers by its form; 3+6 (2) is for fields that are changed in the list.
    report("change one field", (4, 7, 3))


def test_delete_three_rows(person: Person, report: Report) -> None:
    page = person.page
    person.click(page.get_by_role("main").get_by_role("link", name="Tags", exact=True))
    names = page.locator("tbody").get_by_role("rowheader")
    rows = names.count()
    for number in (1, 2, 4):
        person.click(page.locator("tbody [name=rowid]").nth(number))
    person.click(page.get_by_role("group", name="Bulk actions").get_by_role("button", name="Delete"))
    person.click(page.get_by_role("dialog").get_by_role("button", name="Delete 3 records"))
    expect(page.get_by_role("status").filter(has_text="Deleted 3 records")).to_be_visible()
    expect(names).to_have_count(rows - 3)
    report("delete three rows", (6, 0, 2))


def test_give_a_role_a_permission(person: Person, report: Report) -> None:
    page = person.page
    person.click(page.get_by_role("main").get_by_role("link", name="Roles", exact=True))
    person.click(page.get_by_role("link", name=demo.CLERK_ROLE, exact=True))
    person.click(page.get_by_role("checkbox", name="Edit on Customers", exact=True))
    person.click(page.get_by_role("button", name="Save", exact=True))
    expect(page.get_by_role("status").filter(has_text="Role changed")).to_be_visible()
    report("give a role a permission", (4, 0, 3))
    page.goto("/admin/roles/edit/3")
    expect(page.get_by_role("checkbox", name="Edit on Customers", exact=True)).to_be_checked()


def name_of_a_customer(site: Site) -> str:
    """A name of eleven letters that nobody else has."""
    chosen = "SELECT name FROM customer GROUP BY name HAVING count(*) = 1 AND length(name) = 11 ORDER BY name LIMIT 1"
    with closing(sqlite3.connect(site.file)) as connection:
        return str(connection.execute(chosen).fetchone()[0])
