"""The words of a search box."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from appbuilder_lite.data.query import ListQuery
from tests.data.conftest import Bind, everything
from tests.data.models import Country, Customer, Document, Employee, Order, Reading, Status, Tag, Ticket

COLUMNS = ["number", "id", "status", "total", "placed", "changed", "customer.first", "tags.name"]


@pytest.fixture
def orders(session: Session) -> None:
    ann = Customer(first="Ann", last="A", country=Country(code="MT", name="Malta"))
    session.add_all(
        [
            Order(id=1, number="100%", status=Status.NEW, total=Decimal("9.50"), placed=date(2024, 5, 31)),
            Order(id=2, number="a_b", status=Status.PAID, customer=ann, tags=[Tag(name="red"), Tag(name="blue")]),
            Order(id=3, number="Axb 1000", customer=ann, changed=datetime(2024, 12, 31, 23, 59, 59)),
        ]
    )
    session.commit()


def _found(bind: Bind, text: str, columns: list[str] | None = None) -> list[int]:
    source = bind(Order)
    plan = source.compile_list(["id"])
    page = source.list(plan, ListQuery(search=text), everything, COLUMNS if columns is None else columns)
    assert page.total == len(page.rows)
    return [row.values[0] for row in page.rows]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", [1, 2, 3]),
        ("   ", [1, 2, 3]),
        ("axb", [3]),
        ("AXB", [3]),
        ("%", [1]),
        ("_", [2]),
        ("/", []),
        ("\\", []),
        ("ann", [2, 3]),
        ("red", [2]),
        ("red blue", [2]),
        ("red axb", []),
        ("ann 1000", [3]),
        ('"axb 1000"', [3]),
        ('"1000 axb"', []),
        ('ann "b 1"', [3]),
        ("1", [1, 3]),
        ("paid", [2]),
        ("9.5", [1]),
        ("9.50", [1]),
        ("2024-05-31", [1]),
        ("2024-05", [1]),
        ("2024", [1, 3]),
        ("2024-12", [3]),
        ("2024-12-31", [3]),
        ("2024-13", []),
        ("2025", []),
        ("9999", []),
        ("9999-12", []),
        ("0000", []),
        ("99999999999999999999", []),
        ("9" * 400, []),
        ("1e400", []),
        ("1e-400", []),
        ("nan", []),
        ("inf", []),
        ("'", []),
        ("a\0b", []),
        ("\0", []),
        ("\ud800", []),
        ("ann \ud800", []),
    ],
)
def test_each_word_stands_in_some_column(bind: Bind, orders: None, text: str, ids: list[int]) -> None:
    assert _found(bind, text) == ids


def test_a_float_is_found_by_its_number(bind: Bind, session: Session) -> None:
    session.add_all([Reading(id=1, value=2.5), Reading(id=2, value=25.0)])
    session.commit()
    readings = bind(Reading)
    plan = readings.compile_list(["id"])

    def found(text: str) -> list[str]:
        return [row.key for row in readings.list(plan, ListQuery(search=text), everything, ["value"]).rows]

    assert found("2.5") == ["1"]
    assert found("25") == ["2"]
    assert found("x") == []


def test_letters_beyond_ascii_are_found_in_either_case(bind: Bind, session: Session) -> None:
    session.add_all([Order(id=1, number="École"), Order(id=2, number="ÉCOLE"), Order(id=3, number="école")])
    session.commit()
    assert _found(bind, "école") == [1, 2, 3]


def test_without_columns_a_search_changes_nothing(bind: Bind, orders: None) -> None:
    assert _found(bind, "red", []) == [1, 2, 3]


def test_a_relation_and_an_attribute_hold_no_words(bind: Bind, orders: None) -> None:
    assert _found(bind, "ann", ["customer", "customer.initials"]) == []


def test_a_hybrid_is_searched(bind: Bind, orders: None) -> None:
    assert _found(bind, "nn", ["customer.full_name"]) == [2, 3]


def test_a_search_is_within_the_scope(bind: Bind, orders: None) -> None:
    source = bind(Order)
    plan = source.compile_list(["id"])
    page = source.list(plan, ListQuery(search="ann"), lambda select: select.filter_by(id=3), COLUMNS)
    assert [row.values for row in page.rows] == [(3,)]
    assert page.total == 1


def test_a_tree_is_searched_along_its_branches(bind: Bind, session: Session) -> None:
    boss = Employee(id=1, name="Boss", staff=[Employee(id=2, name="Ann", staff=[Employee(id=3, name="Bob")])])
    session.add(boss)
    session.commit()
    source = bind(Employee)
    plan = source.compile_list(["id"])

    def found(column: str) -> list[int]:
        page = source.list(plan, ListQuery(search="boss"), everything, [column])
        return [row.values[0] for row in page.rows]

    assert found("manager.name") == [2]
    assert found("manager.manager.name") == [3]


def test_a_uuid_is_found_as_a_whole(bind: Bind, session: Session) -> None:
    document, ticket = Document(title="one"), Ticket(title="two")
    session.add_all([document, ticket])
    session.commit()
    for item in (document, ticket):
        source = bind(type(item))
        plan = source.compile_list(["title"])
        assert source.list(plan, ListQuery(search=str(item.id)), everything, ["id"]).total == 1
        assert source.list(plan, ListQuery(search=str(item.id)[:8]), everything, ["id"]).total == 0


@given(text=st.text(max_size=30))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_breaks_a_search(bind: Bind, orders: None, text: str) -> None:
    assert len(_found(bind, text)) <= 3
