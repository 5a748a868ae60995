"""Flask-AppBuilder's questions and their answers."""

from __future__ import annotations

import pytest

from appbuilder_lite.data.sqla_model import SQLAInterface
from tests.data.models import Country, Customer, Document, Line, Order

ORDERS = SQLAInterface(Order)
CUSTOMERS = SQLAInterface(Customer)


def test_the_lists_of_columns() -> None:
    assert ORDERS.model_name == "Order"
    assert set(ORDERS.get_columns_list()) >= {"id", "number", "customer_id", "customer", "tags"}
    assert ORDERS.get_user_columns_list() == [
        "number",
        "status",
        "total",
        "placed",
        "changed",
        "customer",
        "tags",
        "lines",
    ]
    assert ORDERS.get_search_columns_list() == ORDERS.get_user_columns_list()
    assert ORDERS.get_order_columns_list(["number", "customer", "customer.first", "tags.name"]) == [
        "number",
        "customer.first",
    ]
    assert "customer_id" in ORDERS.get_order_columns_list()


def test_the_key() -> None:
    lines = SQLAInterface(Line)
    assert ORDERS.get_pk_name() == "id"
    assert not ORDERS.is_pk_composite()
    assert ORDERS.get_pk_value(Order(id=3)) == 3
    assert lines.get_pk_name() == ["order_id", "position"]
    assert lines.is_pk_composite()
    assert lines.get_pk_value(Line(order_id=1, position="a")) == (1, "a")


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("number", "is_string"),
        ("id", "is_integer"),
        ("total", "is_numeric"),
        ("placed", "is_date"),
        ("changed", "is_datetime"),
        ("status", "is_enum"),
        ("id", "is_pk"),
        ("customer_id", "is_fk"),
        ("customer_id", "is_nullable"),
        ("customer", "is_nullable"),
        ("customer", "is_relation"),
        ("customer", "is_relation_many_to_one"),
        ("tags", "is_relation_many_to_many"),
        ("lines", "is_relation_one_to_many"),
    ],
)
def test_a_question_is_answered_for_its_kind_only(name: str, question: str) -> None:
    assert getattr(ORDERS, question)(name)
    assert not getattr(ORDERS, question)("nonsense")
    assert not getattr(ORDERS, question)("number" if name != "number" else "id")


@pytest.mark.parametrize(
    "question", ["is_text", "is_binary", "is_float", "is_boolean", "is_json", "is_relation_one_to_one", "is_unique"]
)
def test_a_question_that_fits_no_column_is_no(question: str) -> None:
    assert not any(getattr(ORDERS, question)(name) for name in ("number", "customer", "tags", "nonsense"))


def test_unique_lengths_and_targets() -> None:
    assert CUSTOMERS.is_unique("email")
    assert not CUSTOMERS.is_unique("first")
    assert CUSTOMERS.get_max_length("first") == 20
    assert CUSTOMERS.get_max_length("id") == -1
    assert CUSTOMERS.get_related_model("country") is Country
    assert SQLAInterface(Document).is_string("id")
