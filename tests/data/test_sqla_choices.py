"""Records of one name, among the choices of a relation."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from appbuilder_lite.data.query import ListQuery
from tests.data.conftest import Bind, everything
from tests.data.models import Customer, Order


@pytest.fixture
def customers(session: Session) -> None:
    session.add_all(
        [
            Customer(id=1, first="Ann", last="A", email="ann@example.org", score=1),
            Customer(id=2, first="Bob", last="A", email="bob@example.org", score=1),
            Customer(id=3, first="Bob", last="B", email="rob@example.org", score=1),
            Customer(id=4, first="Cid", last="A", score=7),
            Customer(id=5, first="Cid", last="B", score=7),
        ]
    )
    session.commit()


@pytest.mark.parametrize(
    ("details", "told"),
    [
        (["email"], ["", "bob@example.org", "rob@example.org", "4", "5"]),
        (["score"], ["", "2", "3", "4", "5"]),
        (["score", "last"], ["", "A", "B", "A", "B"]),
        (["country.name", "orders.number"], ["", "2", "3", "4", "5"]),
        ([], ["", "2", "3", "4", "5"]),
    ],
)
@pytest.mark.usefixtures("customers")
def test_those_of_one_name_are_told_apart(
    bind: Bind, monkeypatch: pytest.MonkeyPatch, details: list[str], told: list[str]
) -> None:
    monkeypatch.setattr(Customer, "__str__", lambda customer: customer.first)
    found, _more = bind(Order).choices("customer", everything, limit=10, details=details)
    assert [value.text for value in found] == ["Ann", "Bob", "Bob", "Cid", "Cid"]
    assert [value.detail for value in found] == told
    looked_up, _more = bind(Order).look_up("customer", ListQuery(page_size=10), everything, details)
    assert [value.detail for value in looked_up] == told
