"""Each filter by the rows that it leaves."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from appbuilder_lite import filters
from appbuilder_lite import filters as public
from appbuilder_lite.data import filter_operators
from appbuilder_lite.data.filters import scope_of
from appbuilder_lite.data.query import ListQuery
from appbuilder_lite.data.types import Cardinality, Kind
from appbuilder_lite.errors import InvalidInput
from tests.data.conftest import Bind
from tests.data.models import Country, Customer, Document, Line, Note, Order, Status, Tag, Ticket


@pytest.fixture
def orders(session: Session) -> None:
    ann = Customer(id=1, first="Ann", last="A", country=Country(code="MT", name="Malta"))
    red, blue = Tag(id=1, name="red"), Tag(id=2, name="blue")
    session.add_all(
        [
            Order(id=1, number="100%", status=Status.NEW, total=Decimal("9.50"), placed=date(2024, 5, 31)),
            Order(id=2, number="a_b", status=Status.PAID, customer=ann, tags=[red, blue], total=Decimal(20)),
            Order(id=3, number="Axb", customer=Customer(id=2, first="Bob", last="B"), tags=[red]),
        ]
    )
    session.commit()


def _ids(bind: Bind, filter_class: type[filters.BaseFilter], column: str, value: Any) -> list[int]:
    source = bind(Order)
    statement = filter_class(column, source).apply(sa.select(Order.id), value)
    return sorted(bind.session.scalars(statement))


@pytest.mark.parametrize(
    ("filter_class", "column", "value", "ids"),
    [
        (filters.FilterStartsWith, "number", "A", [2, 3]),
        (filters.FilterStartsWith, "number", "a_", [2]),
        (filters.FilterNotStartsWith, "number", "a", [1]),
        (filters.FilterEndsWith, "number", "%", [1]),
        (filters.FilterEndsWith, "number", "B", [2, 3]),
        (filters.FilterNotEndsWith, "number", "b", [1]),
        (filters.FilterContains, "number", "X", [3]),
        (filters.FilterContains, "number", "%", [1]),
        (filters.FilterContains, "number", "/", []),
        (filters.FilterContains, "id", "2", [2]),
        (filters.FilterContains, "number", "\0", []),
        (filters.FilterContains, "number", "\ud800", []),
        (filters.FilterNotContains, "number", "\0", [1, 2, 3]),
        (filters.FilterNotContains, "number", "b", [1]),
        (filters.FilterEqual, "number", "a_b", [2]),
        (filters.FilterEqual, "number", "a\0", []),
        (filters.FilterEqual, "id", 2, [2]),
        (filters.FilterEqual, "id", "2", [2]),
        (filters.FilterEqual, "status", Status.PAID, [2]),
        (filters.FilterEqual, "status", "PAID", [2]),
        (filters.FilterEqual, "status", None, [3]),
        (filters.FilterNotEqual, "status", None, [1, 2]),
        (filters.FilterNotEqual, "status", Status.NEW, [2]),
        (filters.FilterNotEqual, "number", "a_b", [1, 3]),
        (filters.FilterEqual, "total", "9.5", [1]),
        (filters.FilterGreater, "total", "9.50", [2]),
        (filters.FilterGreater, "total", None, []),
        (filters.FilterSmaller, "total", Decimal(10), [1]),
        (filters.FilterSmaller, "number", "\0", []),
        (filters.FilterEqual, "placed", "2024-05-31", [1]),
        (filters.FilterGreater, "placed", date(2024, 5, 30), [1]),
        (filters.FilterIn, "id", [1, "3"], [1, 3]),
        (filters.FilterIn, "id", [], []),
        (filters.FilterIn, "id", None, []),
        (filters.FilterIn, "number", "a_b", [2]),
        (filters.FilterIn, "number", ["\0"], []),
        (filters.FilterIn, "status", [Status.NEW, None], [1, 3]),
        (filters.FilterNotIn, "id", (1, 3), [2]),
        (filters.FilterNotIn, "id", [], [1, 2, 3]),
        (filters.FilterNotIn, "status", [Status.NEW, None], [2]),
        (filters.FilterEqual, "customer.first", "Ann", [2]),
        (filters.FilterEqual, "customer.first", None, [1]),
        (filters.FilterNotEqual, "customer.first", None, [2, 3]),
        (filters.FilterNotEqual, "customer.first", "Ann", [3]),
        (filters.FilterEqual, "customer.country.name", "Malta", [2]),
        (filters.FilterEqual, "customer.country.name", None, [1, 3]),
        (filters.FilterEqual, "customer.full_name", "Ann A", [2]),
        (filters.FilterEqual, "tags.name", "blue", [2]),
        (filters.FilterNotEqual, "tags.name", "blue", [1, 3]),
        (filters.FilterNotContains, "tags.name", "e", [1]),
        (filters.FilterIn, "tags.name", ["blue", "green"], [2]),
        (filters.FilterNotIn, "tags.name", ["blue"], [1, 3]),
        (filters.FilterEqual, "tags.name", None, [1]),
        (filters.FilterRelationOneToManyEqual, "customer", 1, [2]),
        (filters.FilterRelationOneToManyEqual, "customer", "1", [2]),
        (filters.FilterRelationOneToManyEqual, "customer", "nonsense", []),
        (filters.FilterRelationOneToManyEqual, "customer", None, [1]),
        (filters.FilterRelationOneToManyNotEqual, "customer", 1, [1, 3]),
        (filters.FilterRelationOneToManyNotEqual, "customer", None, [2, 3]),
        (filters.FilterRelationOneToManyEqual, "customer.country", "MT", [2]),
        (filters.FilterRelationNotEqual, "customer", "1", [3]),
        (filters.FilterRelationNotEqual, "customer", "nonsense", [2, 3]),
        (filters.FilterRelationNotEqual, "tags", "2", [1, 3]),
        (filters.FilterRelationNotEqual, "customer.country", "MT", []),
        (filters.FilterRelationNotEqual, "customer.country", "ES", [2]),
        (filters.FilterRelationIn, "customer", ["1", "2"], [2, 3]),
        (filters.FilterRelationIn, "tags", ["2", "9"], [2]),
        (filters.FilterRelationIn, "customer", [], []),
        (filters.FilterRelationNotIn, "customer", ["1", "9"], [3]),
        (filters.FilterRelationNotIn, "tags", ["1", "2"], [1]),
        (filters.FilterRelationManyToManyEqual, "tags", 1, [2, 3]),
        (filters.FilterRelationManyToManyEqual, "tags", ["1", "2"], [2]),
        (filters.FilterRelationManyToManyEqual, "tags", "x", []),
        (filters.FilterEqualFunction, "id", lambda: 2, [2]),
        (filters.FilterEqualFunction, "status", lambda: None, [3]),
        (filters.FilterEqualFunction, "customer", lambda: 1, [2]),
        (filters.FilterInFunction, "id", lambda: [1, 2], [1, 2]),
        (filters.FilterInFunction, "id", list, []),
    ],
)
def test_the_rows_that_a_filter_leaves(
    bind: Bind, orders: None, filter_class: type[filters.BaseFilter], column: str, value: Any, ids: list[int]
) -> None:
    assert _ids(bind, filter_class, column, value) == ids


@pytest.mark.parametrize(
    ("positive", "negative", "column", "value"),
    [
        (filters.FilterEqual, filters.FilterNotEqual, "number", "a_b"),
        (filters.FilterContains, filters.FilterNotContains, "customer.first", "n"),
        (filters.FilterIn, filters.FilterNotIn, "status", ["PAID"]),
        (filters.FilterEqual, filters.FilterNotEqual, "tags.name", "blue"),
        (filters.FilterStartsWith, filters.FilterNotStartsWith, "tags.name", "r"),
        (filters.FilterIn, filters.FilterNotIn, "tags.name", ["blue", None]),
        (filters.FilterRelationOneToManyEqual, filters.FilterRelationNotEqual, "customer", "1"),
        (filters.FilterRelationIn, filters.FilterRelationNotIn, "customer.country", ["MT"]),
        (filters.FilterRelationIn, filters.FilterRelationNotIn, "tags", ["2"]),
    ],
)
def test_is_not_has_all_other_rows_but_those_without_a_value_where_there_is_one_to_compare(
    bind: Bind, orders: None, positive: Any, negative: Any, column: str, value: Any
) -> None:
    path = bind(Order).path(column)
    if path.is_to_many:
        rows = [1, 2, 3]
    elif path.relation is not None:
        rows = _ids(bind, filters.FilterRelationEmpty, column, "no")
    else:
        rows = _ids(bind, filters.FilterNotEqual, column, None)
    found, others = _ids(bind, positive, column, value), _ids(bind, negative, column, value)
    assert found
    assert sorted(found + others) == rows


def test_a_relation_is_compared_with_a_record(bind: Bind, orders: None, session: Session) -> None:
    ann = session.get_one(Customer, 1)
    assert _ids(bind, filters.FilterRelationOneToManyEqual, "customer", ann) == [2]


def test_a_relation_with_a_composite_key_is_compared_as_a_whole(bind: Bind, orders: None, session: Session) -> None:
    line = Line(order_id=1, position="a")
    session.add_all([line, Line(order_id=1, position="b"), Note(id=1, line=line), Note(id=2)])
    session.commit()
    found = filters.FilterRelationOneToManyEqual("line", bind(Note))
    assert session.scalars(found.apply(sa.select(Note.id), "1,a")).all() == [1]
    assert session.scalars(found.apply(sa.select(Note.id), "1,b")).all() == []
    other = filters.FilterRelationNotEqual("line", bind(Note))
    assert session.scalars(other.apply(sa.select(Note.id), "1,a")).all() == []
    assert session.scalars(other.apply(sa.select(Note.id), "1,b")).all() == [1]
    several = filters.FilterRelationIn("line", bind(Note))
    assert session.scalars(several.apply(sa.select(Note.id), ["1,b", "1,a"])).all() == [1]


@pytest.mark.parametrize("model", [Document, Ticket])
def test_a_uuid_is_compared_whether_it_is_kept_as_one_or_as_text(bind: Bind, session: Session, model: Any) -> None:
    first, second = model(title="one"), model(title="two")
    session.add_all([first, second])
    session.commit()
    source, text = bind(model), str(first.id)

    def titles(filter_class: type[filters.BaseFilter], value: Any) -> list[str]:
        return list(session.scalars(filter_class("id", source).apply(sa.select(model.title), value)))

    assert titles(filters.FilterEqual, text) == titles(filters.FilterEqual, text.upper()) == ["one"]
    assert titles(filters.FilterNotEqual, text) == ["two"]
    assert titles(filters.FilterIn, [text]) == ["one"]
    assert titles(filters.FilterNotIn, [text]) == ["two"]


@pytest.mark.parametrize("value", ["x", "1.5", str(2**31), 2**70])
def test_a_value_that_is_none_of_the_column_is_bad_input(bind: Bind, value: Any) -> None:
    with pytest.raises(InvalidInput):
        _ids(bind, filters.FilterEqual, "id", value)


@pytest.mark.parametrize(
    ("column", "value"), [("status", "GONE"), ("placed", "31.5.2024"), ("total", "NaN"), ("total", "x")]
)
def test_a_text_that_is_none_of_the_column_is_bad_input(bind: Bind, column: str, value: str) -> None:
    with pytest.raises(InvalidInput):
        _ids(bind, filters.FilterEqual, column, value)


@pytest.mark.parametrize("filter_class", [filters.FilterEqualFunction, filters.FilterInFunction])
def test_a_function_that_fails_gives_no_rows_and_is_logged(
    bind: Bind, orders: None, filter_class: type[filters.BaseFilter], caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> Any:
        raise AttributeError("nobody is signed in")

    with caplog.at_level(logging.ERROR):
        assert _ids(bind, filter_class, "id", broken) == []
    assert "nobody is signed in" in caplog.text


def test_a_function_is_called_once_for_a_list(bind: Bind, orders: None) -> None:
    calls = []

    def mine() -> int:
        calls.append(1)
        return 2

    source = bind(Order)
    scope = scope_of(
        [(filters.FilterEqualFunction("id", source), mine), (filters.FilterEqual("number", source), "a_b")]
    )
    assert source.list(source.compile_list(["id"]), ListQuery(), scope, ()).total == 1
    assert source.get("2", scope) is not None
    assert source.get("1", scope) is None
    assert len(calls) == 1


def test_filters_add_no_join(bind: Bind) -> None:
    source, statement = bind(Order), sa.select(Order.id)
    for column in ("customer.first", "customer.country.name", "tags.name"):
        statement = filters.FilterEqual(column, source).apply(statement, "x")
    assert "JOIN" not in str(statement)


def test_a_foreign_key_is_compared_by_itself(bind: Bind) -> None:
    for filter_class in (filters.FilterRelationOneToManyEqual, filters.FilterRelationNotEqual):
        found = filter_class("customer", bind(Order))
        assert "EXISTS" not in str(found.apply(sa.select(Order.id), 1))


@pytest.mark.parametrize(
    ("filter_class", "column"),
    [
        (filters.FilterEqual, "customer"),
        (filters.FilterRelationOneToManyEqual, "number"),
        (filters.FilterEqual, "lines"),
    ],
)
def test_a_filter_of_the_wrong_kind_says_so(bind: Bind, filter_class: type[filters.BaseFilter], column: str) -> None:
    with pytest.raises(LookupError, match=f"Order.{column}"):
        _ids(bind, filter_class, column, 1)


def test_a_filter_of_ones_own_knows_the_model(bind: Bind, orders: None) -> None:
    class Mine(public.BaseFilter):
        def apply(self, query: sa.Select[Any], value: Any) -> sa.Select[Any]:
            return query.where(self.model.customer_id == value)

    assert _ids(bind, Mine, "customer_id", 1) == [2]


@pytest.fixture
def registry() -> Any:
    before = dict(filter_operators._registry)
    yield
    filter_operators._registry.clear()
    filter_operators._registry.update(before)


def test_filters_are_offered_in_the_order_that_urls_count_them_by(bind: Bind, registry: None) -> None:
    source = bind(Order)
    assert [found.arg_name for found in filters.filters_for(source.columns["number"])] == (
        ["sw", "ew", "ct", "eq", "nsw", "new", "nct", "neq", "in", "not_in"]
    )
    assert [found.arg_name for found in filters.filters_for(source.columns["placed"])] == ["eq", "gt", "lt", "neq"]
    assert [found.arg_name for found in filters.filters_for(source.relations["customer"])] == ["rel_o_m", "nrel_o_m"]
    assert [found.arg_name for found in filters.filters_for(source.relations["tags"])] == ["rel_m_m"]


def test_a_registered_filter_comes_last_and_once(bind: Bind, registry: None) -> None:
    class Mine(filters.FilterEqual):
        arg_name = "mine"

    for kind in (Kind.JSON, Kind.STRING, Kind.STRING, Cardinality.MANY_TO_ONE):
        public.register(kind, Mine)
    source = bind(Order)
    assert filters.filters_for(source.columns["number"])[-2:] == (filters.FilterNotIn, Mine)
    assert filters.filters_for(source.relations["customer"])[-1] is Mine


def test_every_filter_is_public() -> None:
    own: list[Callable[..., Any]] = [found for kind in filter_operators._registry.values() for found in kind]
    for found in (*own, filters.FilterEqualFunction, filters.FilterInFunction):
        assert getattr(public, found.__name__) is found
