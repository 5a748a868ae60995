"""Dotted names resolved against the models."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Session, registry

from appbuilder_lite.data.interface import UnknownPath
from appbuilder_lite.data.renders import renders
from appbuilder_lite.data.sqla_model import SQLAInterface
from appbuilder_lite.data.types import ModelSlot, security_model
from tests.data.models import Customer, Employee, Order, Reading


def test_a_column() -> None:
    path = SQLAInterface(Order).path("number")
    assert path.column is not None
    assert (path.column.name, path.through, path.sortable, path.is_to_many) == ("number", (), True, False)


def test_a_column_through_relations() -> None:
    path = SQLAInterface(Order).path("customer.country.name")
    assert [step.name for step in path.through] == ["customer", "country"]
    assert path.column is not None
    assert path.sortable


def test_a_column_through_a_to_many_relation_cannot_be_sorted() -> None:
    path = SQLAInterface(Order).path("tags.name")
    assert path.is_to_many
    assert not path.sortable


def test_a_relation() -> None:
    path = SQLAInterface(Order).path("customer")
    assert path.relation is not None
    assert path.column is None
    assert not path.is_to_many
    assert SQLAInterface(Order).path("customer.orders").is_to_many


@pytest.mark.parametrize(("name", "sortable"), [("initials", False), ("shouted", False), ("full_name", True)])
def test_an_attribute(name: str, sortable: bool) -> None:
    path = SQLAInterface(Customer).path(name)
    assert path.attribute == name
    assert path.sortable is sortable
    assert SQLAInterface(Order).path(f"customer.{name}").attribute == name


@pytest.mark.parametrize(("name", "column"), [("stars", "score"), ("mail_link", "email")])
def test_a_marked_method_stands_for_its_column(name: str, column: str) -> None:
    path = SQLAInterface(Order).path(f"customer.{name}")
    assert (path.attribute, path.stands_for, path.sortable) == (name, column, True)


def test_a_method_that_is_marked_with_no_column_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Customer, "shouted", renders("frist")(lambda self: ""))
    with pytest.raises(UnknownPath) as error:
        SQLAInterface(Customer).path("shouted")
    assert (error.value.part, "first" in error.value.known) == ("frist", True)


def test_a_hybrid_that_has_no_sql_form_is_an_attribute_of_records() -> None:
    path = SQLAInterface(Reading).path("doubled")
    assert path.attribute == "doubled"
    assert not path.sortable


@pytest.mark.parametrize(
    "made",
    [lambda self: f"{self.number}!", lambda self: "x" if self.number else "y", lambda self: bool(self.id), lambda _: 7],
    ids=["text", "choice", "truth", "constant"],
)
def test_a_hybrid_that_python_alone_can_make_is_an_attribute_of_records(made: Callable[[Any], Any]) -> None:
    columns = {"id": sa.Column(sa.Integer, primary_key=True), "number": sa.Column(sa.String(20))}
    model: Any = registry().mapped(type("Odd", (), {"__tablename__": "odd", **columns, "odd": hybrid_property(made)}))
    path = SQLAInterface(model).path("odd")
    assert (path.attribute, path.sortable) == ("odd", False)


def test_a_synonym_is_the_column_it_stands_for() -> None:
    path = SQLAInterface(Customer).path("login")
    assert path.text == "email"
    assert path.column is not None


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("nonsense", "nonsense"),
        ("customer.nonsense", "nonsense"),
        ("nonsense.name", "nonsense"),
        ("number.name", "number"),
        ("customer.", ""),
        ("", ""),
        (".number", ""),
        ("_sa_registry", "_sa_registry"),
        ("customer.__class__", "__class__"),
    ],
)
def test_a_name_that_leads_nowhere_says_where(text: str, part: str) -> None:
    with pytest.raises(UnknownPath) as caught:
        SQLAInterface(Order).path(text)
    assert caught.value.path == text
    assert caught.value.part == part
    assert caught.value.known


def _bound(names: dict[str, str | None]) -> SQLAInterface:
    declared = SQLAInterface(security_model("user_model"))

    def resolve(slot: ModelSlot) -> tuple[type, dict[str, str | None]]:
        assert slot.slot == "user_model"
        return Customer, names

    return declared.bind(Session(), resolve=resolve)


def test_a_slot_gets_its_model_and_names_when_it_is_bound() -> None:
    users = _bound({"username": "email", "active": None})
    assert users.model is Customer
    assert users.path("username").text == "email"
    assert users.path("first").text == "first"
    assert users.lacking == {"active"}


def test_a_binding_leaves_the_declaration_alone() -> None:
    declared = SQLAInterface(security_model("user_model"))
    with pytest.raises(RuntimeError, match="once it is bound"):
        _ = declared.model
    with pytest.raises(RuntimeError, match="is not bound"):
        _ = SQLAInterface(Employee).session


def test_a_slot_needs_somebody_who_knows_it() -> None:
    with pytest.raises(LookupError, match="user_model"):
        SQLAInterface(security_model("user_model")).bind(Session())


def test_what_is_no_class_is_refused_at_once() -> None:
    with pytest.raises(TypeError, match="mapped class"):
        SQLAInterface("Customer")  # type: ignore[arg-type]  # the slip that is tested


def test_a_session_of_its_own_stays() -> None:
    own = Session()
    assert SQLAInterface(Order, own).bind(Session()).session is own
