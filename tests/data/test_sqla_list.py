"""One page of a list: its rows, its count, its order and the statements that it takes."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from functools import cache
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Session

from appbuilder_lite.data.interface import UnknownPath
from appbuilder_lite.data.query import ListQuery, Order, Page, RelatedValue, Several
from appbuilder_lite.data.relation_filters import FilterRelationManyToManyEqual
from appbuilder_lite.data.sqla_list import MOST_KEPT
from appbuilder_lite.data.types import Association, Cardinality, Relation
from appbuilder_lite.errors import InvalidInput
from tests.conftest import CountStatements
from tests.data import models
from tests.data.conftest import Bind, everything
from tests.data.models import Animal, Cat, Country, Customer, Dog, Employee, Line, Note, Tag


@pytest.fixture
def orders(session: Session) -> list[models.Order]:
    """Order 1 has no customer, customer 3 no country."""
    malta, fiji = Country(code="MT", name="Malta"), Country(code="FJ", name="Fiji")
    ann = Customer(id=1, first="Ann", last="A", country=malta)
    bob = Customer(id=2, first="Bob", last="B", country=fiji)
    carl = Customer(id=3, first="Carl", last="C")
    red, blue = Tag(id=1, name="red"), Tag(id=2, name="blue")
    orders = [
        models.Order(id=1, number="one", tags=[red]),
        models.Order(id=2, number="two", customer=ann, tags=[red, blue]),
        models.Order(id=3, number="three", customer=bob),
        models.Order(id=4, number="four", customer=carl, lines=[Line(position="b"), Line(position="a")]),
        models.Order(id=5, number="five", customer=ann),
    ]
    session.add_all(orders)
    session.commit()
    session.expunge_all()
    return orders


def _page(source: Any, columns: Sequence[str], query: ListQuery = ListQuery(), scope: Any = everything) -> Page:  # noqa: B008  # frozen
    page: Page = source.list(source.compile_list(columns), query, scope, ())
    return page


def _column(page: Page, place: int = 0) -> list[Any]:
    return [row.values[place] for row in page.rows]


def test_rows_hold_the_columns_in_order_and_the_key(bind: Bind, orders: list[models.Order]) -> None:
    page = _page(bind(models.Order), ["number", "id"], ListQuery(page_size=2))
    assert [(row.key, row.values, row.item) for row in page.rows] == [("1", ("one", 1), None), ("2", ("two", 2), None)]
    assert (page.total, page.pages) == (5, 3)


def test_the_head_of_a_list_is_not_counted(
    bind: Bind, orders: list[models.Order], session: Session, count_statements: CountStatements
) -> None:
    source: Any = bind(models.Order)
    plan = source.compile_list(["number", "customer.first"])
    query = ListQuery(search="e", order=(Order("number"),), page_size=2)
    with count_statements() as seen:
        rows = source.head(plan, query, lambda statement: statement.where(models.Order.id > 1), ["number"])
    assert [row.values for row in rows] == [("five", "Ann"), ("three", "Bob")]
    assert len(seen) == 1, seen


def test_rows_without_related_records_are_shown_too(bind: Bind, orders: list[models.Order]) -> None:
    page = _page(bind(models.Order), ["customer.first", "customer.country.name", "customer.country"])
    assert _column(page) == [None, "Ann", "Bob", "Carl", "Ann"]
    assert _column(page, 1) == [None, "Malta", "Fiji", None, "Malta"]
    assert _column(page, 2)[:2] == [None, RelatedValue("MT", "Malta")]


def test_a_to_one_relation_is_shown_by_its_text(bind: Bind, orders: list[models.Order]) -> None:
    page = _page(bind(models.Order), ["customer"])
    assert _column(page)[:2] == [None, RelatedValue("1", "Ann A of Malta")]


def test_a_marked_method_is_sorted_and_searched_by_its_column(
    bind: Bind, session: Session, orders: list[models.Order]
) -> None:
    for customer in session.query(models.Customer):
        customer.score, customer.email = ord(customer.first[0]) - ord("A"), f"{customer.first}@example.org"
    session.commit()
    page = _page(
        bind(models.Order), ["customer.first", "customer.stars"], ListQuery(order=(Order("customer.stars", True),))
    )
    found = [row.values for row in page.rows if row.values[0]]
    assert found == [("Carl", "**"), ("Bob", "*"), ("Ann", ""), ("Ann", "")]
    source: Any = bind(models.Order)
    plan = source.compile_list(["customer.mail_link"])
    found = source.list(plan, ListQuery(search="bob@"), everything, ["customer.mail_link"]).rows
    assert [row.values for row in found] == [("mailto:Bob@example.org",)]


def test_a_label_is_made_of_columns_without_the_entity(
    bind: Bind, session: Session, orders: list[models.Order]
) -> None:
    source = bind(models.Order)
    plan = source.compile_list(["customer"], label_columns_of={"customer": ("first", "last")})
    page = source.list(plan, ListQuery(), everything, ())
    assert _column(page)[:2] == [None, RelatedValue("1", "Ann A")]
    assert not session.identity_map.keys()


def test_to_many_columns_hold_every_value_in_the_relations_order(bind: Bind, orders: list[models.Order]) -> None:
    page = _page(bind(models.Order), ["tags", "tags.name", "lines"])
    assert _column(page)[:3] == [
        (RelatedValue("1", "red"),),
        (RelatedValue("1", "red"), RelatedValue("2", "blue")),
        (),
    ]
    assert _column(page, 1)[:3] == [("red",), ("red", "blue"), ()]
    assert _column(page, 2)[3] == (RelatedValue("4,a", "line a"), RelatedValue("4,b", "line b"))


def test_a_to_many_column_through_a_to_one_relation(bind: Bind, orders: list[models.Order]) -> None:
    page = _page(bind(models.Order), ["customer.orders.number"])
    assert _column(page) == [(), ("two", "five"), ("three",), ("four",), ("two", "five")]


def test_equal_values_of_a_to_many_column_are_all_there(bind: Bind, orders: list[models.Order]) -> None:
    page = _page(bind(Customer), ["orders.customer.first", "orders.customer"])
    assert _column(page)[0] == ("Ann", "Ann")
    assert len(_column(page, 1)[0]) == 2


def test_a_to_many_column_is_bounded_and_says_how_many_more(bind: Bind, session: Session) -> None:
    session.add(models.Order(number="1", tags=[Tag(name=f"t{number:02}") for number in range(25)]))
    session.commit()
    (values,) = _column(_page(bind(models.Order), ["tags.name"]))
    assert isinstance(values, Several)
    assert len(values) == 20
    assert values[0] == "t24"
    assert values.more == 5


def test_records_that_only_a_table_of_pairs_ties_together_are_read_and_filtered_by(
    bind: Bind, orders: list[models.Order], session: Session, count_statements: CountStatements
) -> None:
    source = bind(models.Order)
    pairs = Association(models.order_tag, "order_id", "tag_id")
    labels = Relation("labels", Cardinality.MANY_TO_MANY, Tag, writable=False, association=pairs)
    source.associations = {"labels": labels}
    plan = source.compile_list(["number", "labels", "tags"])
    with count_statements() as seen:
        page = source.list(plan, ListQuery(page_size=3), everything, ())
    assert len(seen) == 4, seen
    assert [[value.text for value in row.values[1]] for row in page.rows] == [["red"], ["red", "blue"], []]
    assert page.rows[1].values[1][0] == RelatedValue("1", "red")
    order = session.get(models.Order, 2)
    assert [value.text for value in source.value(order, "labels")] == ["red", "blue"]
    blue = FilterRelationManyToManyEqual("labels", source)
    found = _page(source, ["number"], scope=lambda query: blue.apply(query, 2))
    assert (found.total, _column(found)) == (1, ["two"])
    with pytest.raises(InvalidInput):
        source.list(plan, ListQuery(order=(Order("labels"),)), everything, ())
    with pytest.raises(UnknownPath):
        source.path("labels.name")


def test_a_to_many_column_of_a_composite_key(bind: Bind, session: Session) -> None:
    lines = [Line(position="a", notes=[Note(id=1), Note(id=2)]), Line(position="b", notes=[Note(id=3)])]
    session.add(models.Order(id=1, number="1", lines=lines))
    session.commit()
    page = _page(bind(Line), ["notes.id", "position"])
    assert [row.key for row in page.rows] == ["1,a", "1,b"]
    assert _column(page) == [(1, 2), (3,)]


def test_json_stands_beside_a_related_record_and_in_a_to_many_column(bind: Bind, session: Session) -> None:
    notes = [Note(id=1, facts={"a": 1}), Note(id=2, facts={"a": 1})]
    session.add(models.Order(id=1, number="1", lines=[Line(position="a", notes=notes)]))
    session.commit()
    page = _page(bind(Note), ["facts", "line", "line.notes.facts"])
    assert _column(page) == [{"a": 1}, {"a": 1}]
    assert _column(page, 1) == [RelatedValue("1,a", "line a")] * 2
    assert _column(page, 2) == [({"a": 1}, {"a": 1})] * 2


def test_attributes_are_asked_of_the_entity(bind: Bind, orders: list[models.Order]) -> None:
    page = _page(bind(Customer), ["initials", "shouted", "full_name", "order_count"])
    assert page.rows[0].values == ("AA", "ANN", "Ann A", 2)
    assert page.rows[0].item.first == "Ann"
    page = _page(bind(models.Order), ["customer.initials", "customer.orders.customer.shouted"])
    assert _column(page)[:2] == [None, "AA"]
    assert _column(page, 1)[:2] == [(), ("ANN", "ANN")]
    assert page.rows[0].item is None


def test_a_tree_is_joined_with_itself(bind: Bind, session: Session) -> None:
    boss = Employee(id=1, name="Boss")
    session.add_all([boss, Employee(id=2, name="Ann", manager=boss), Employee(id=3, name="Bob", manager=boss)])
    session.commit()
    page = _page(bind(Employee), ["name", "manager.name", "manager", "staff.name", "manager.manager.name"])
    assert _column(page, 1) == [None, "Boss", "Boss"]
    assert _column(page, 2) == [None, RelatedValue("1", "Boss"), RelatedValue("1", "Boss")]
    assert _column(page, 3) == [("Ann", "Bob"), (), ()]


def test_inherited_models_list_their_own_rows(bind: Bind, session: Session) -> None:
    session.add_all([Animal(name="any"), Cat(name="tom", lives=9), Dog(name="rex", bark="wuff")])
    session.commit()
    assert _page(bind(Animal), ["name"]).total == 3
    cats, dogs = _page(bind(Cat), ["name", "lives"]), _page(bind(Dog), ["name", "bark"])
    assert (cats.total, cats.rows[0].values) == (1, ("tom", 9))
    assert (dogs.total, dogs.rows[0].values) == (1, ("rex", "wuff"))


@pytest.mark.parametrize(
    ("order", "numbers"),
    [
        ((), ["one", "two", "three", "four", "five"]),
        ((Order("number"),), ["five", "four", "one", "three", "two"]),
        ((Order("id", descending=True),), ["five", "four", "three", "two", "one"]),
        ((Order("customer.first", descending=True), Order("id", descending=True)), ["four", "three", "five", "two"]),
    ],
)
def test_rows_come_in_the_wanted_order(
    bind: Bind, orders: list[models.Order], order: tuple[Order, ...], numbers: list[str]
) -> None:
    page = _page(bind(models.Order), ["number", "customer.first"], ListQuery(order=order))
    # Where rows without a value stand is the database's own.
    assert [row.values[0] for row in page.rows if row.values[1] or len(numbers) == 5] == numbers


def test_an_order_by_a_column_that_is_not_shown(bind: Bind, orders: list[models.Order]) -> None:
    source = bind(models.Order)
    plan = source.compile_list(["number"])
    query = ListQuery(order=(Order("customer.country.name"), Order("number")))
    for _turn in range(2):
        rows = source.list(plan, query, lambda select: select.where(models.Order.id.in_([2, 3, 5])), ()).rows
        assert [row.values[0] for row in rows] == ["three", "five", "two"]


def test_an_order_by_a_hybrid(bind: Bind, orders: list[models.Order]) -> None:
    page = _page(bind(Customer), ["first"], ListQuery(order=(Order("full_name", descending=True),)))
    assert _column(page) == ["Carl", "Bob", "Ann"]


@pytest.mark.parametrize("descending", [True, False])
def test_every_order_ends_in_the_key_the_same_way(bind: Bind, session: Session, descending: bool) -> None:
    session.add_all([Tag(name="same") for _number in range(30)])
    session.commit()
    tags = bind(Tag)
    query = [ListQuery(order=(Order("name", descending),), page=page, page_size=7) for page in range(1, 6)]
    seen = [row.key for one in query for row in _page(tags, ["name"], one).rows]
    assert seen == [str(number) for number in sorted(map(int, seen), reverse=descending)]
    assert len(set(seen)) == 30


@pytest.mark.parametrize("path", ["tags.name", "customer", "initials"])
def test_what_cannot_be_sorted_is_refused(path: str, bind: Bind, orders: list[models.Order]) -> None:
    source = bind(Customer) if path == "initials" else bind(models.Order)
    with pytest.raises(InvalidInput):
        _page(source, ["id"], ListQuery(order=(Order(path),)))


@pytest.mark.parametrize("number", [2, 10**6, 10**30, 0, -1])
def test_a_page_that_is_not_there_is_empty_and_knows_the_total(
    bind: Bind, orders: list[models.Order], number: int
) -> None:
    page = _page(bind(models.Order), ["number"], ListQuery(page=number))
    assert list(page.rows) == []
    assert page.total == 5


def test_rows_and_count_are_within_the_scope(bind: Bind, orders: list[models.Order]) -> None:
    page = _page(bind(models.Order), ["number"], scope=lambda select: select.where(models.Order.id > 3))
    assert (page.total, _column(page)) == (2, ["four", "five"])


@pytest.mark.parametrize("columns", [["number"], ["number", "customer.first", "customer", "tags"]])
@pytest.mark.parametrize(
    "scope",
    [
        lambda select: select.filter_by(number="two"),
        lambda select: select.join(models.Order.customer).where(Customer.first == "Ann", models.Order.id < 5),
        lambda select: select.join(models.Order.tags).where(models.Order.id == 2).distinct(),
        lambda select: select.where(models.Order.customer.has(first="Ann"), models.Order.tags.any(name="red")),
        lambda select: select.where(
            models.Order.id.in_(sa.select(models.order_tag.c.order_id).where(models.order_tag.c.tag_id == 2))
        ),
    ],
    ids=["filter_by", "join", "distinct", "has", "subquery"],
)
def test_a_scope_may_be_written_in_any_way(
    bind: Bind, orders: list[models.Order], columns: list[str], scope: Any
) -> None:
    page = _page(bind(models.Order), columns, scope=scope)
    assert (page.total, _column(page)) == (1, ["two"])


def test_a_scope_is_asked_once_for_a_list(bind: Bind, orders: list[models.Order]) -> None:
    asked = []

    def scope(select: Any) -> Any:
        asked.append(select)
        return select.where(models.Order.id > 3)

    _page(bind(models.Order), ["number", "tags"], scope=scope)
    assert len(asked) == 1


@pytest.mark.parametrize(("size", "count"), [(50, 0), (44, 1)])
def test_a_list_takes_a_statement_one_for_each_to_many_column_and_a_count_where_it_goes_on(
    bind: Bind,
    session: Session,
    orders: list[models.Order],
    count_statements: CountStatements,
    size: int,
    count: int,
) -> None:
    session.add_all([models.Order(id=number, number=str(number), customer_id=3) for number in range(10, 50)])
    session.commit()
    source = bind(models.Order)
    plan = source.compile_list(
        ["number", "customer", "customer.country.name", "customer.initials", "tags", "lines.text"],
        eager=["customer.country"],
    )
    with count_statements() as seen:
        page = source.list(plan, ListQuery(page_size=size), everything, ())
    assert (len(page.rows), page.total) == (min(size, 45), 45)
    assert len(seen) == 3 + count, seen


def test_a_list_of_plain_columns_loads_no_entity(
    bind: Bind, session: Session, orders: list[models.Order], count_statements: CountStatements
) -> None:
    source = bind(models.Order)
    plan = source.compile_list(["number", "customer.first", "tags.name"])
    with count_statements() as seen:
        source.list(plan, ListQuery(), everything, ())
    assert not session.identity_map.keys()
    assert len(seen) == 2, seen


def test_a_list_without_a_scope_runs_the_kept_statement(bind: Bind, orders: list[models.Order]) -> None:
    plan = bind(models.Order).compile_list(["number", "customer.first"])
    assert plan.rows(plan.base) is plan.statement


def test_what_is_kept_of_a_list_is_the_same_for_everybody(bind: Bind, orders: list[models.Order]) -> None:
    source = bind(models.Order)
    plan = source.compile_list(["number", "customer.first"])

    def keys(scope: Any = everything, **query: Any) -> list[str]:
        return [row.key for row in source.list(plan, ListQuery(**query), scope, ()).rows]

    whole = keys()
    kept = dict(plan.kept)
    assert keys(lambda select: select.where(models.Order.id > 3)) == [key for key in whole if int(key) > 3]
    assert plan.kept == kept
    descending = (Order("number", descending=True),)
    assert [keys(order=descending, page_size=2, page=page) for page in (1, 2)] == [
        keys(order=descending)[:2],
        keys(order=descending)[2:4],
    ]
    assert keys() == whole


def test_what_is_kept_of_a_list_does_not_grow_with_every_order(bind: Bind, orders: list[models.Order]) -> None:
    source = bind(models.Order)
    plan = source.compile_list(["number"])
    ways = product(
        ("id", "number", "customer_id"), (False, True), ("id", "number", "customer.first"), (False, True), (1, 2)
    )
    for first, down, second, up, page in ways:
        order = (Order(first, down), Order(second, up)) if first != second else (Order(first, down),)
        source.list(plan, ListQuery(order=order, page=page, page_size=2), everything, ())
    assert 0 < len(plan.kept) <= MOST_KEPT


_ASKING: ContextVar[str] = ContextVar("asking")


@cache
def _asker() -> type[Any]:
    class Asker(models.Order):
        @hybrid_property
        def is_other(self) -> bool:
            return self.number != _ASKING.get()

    return Asker


def test_an_order_that_the_app_makes_for_each_request_is_not_kept(bind: Bind, orders: list[models.Order]) -> None:
    source = bind(_asker())
    plan = source.compile_list(["number", "customer.first"])
    for number in ("one", "five", "one"):
        token = _ASKING.set(number)
        rows = source.list(plan, ListQuery(order=(Order("is_other"),)), everything, ()).rows
        assert rows[0].values[0] == number
        _ASKING.reset(token)


def test_related_tables_are_joined_once_and_under_an_alias(bind: Bind) -> None:
    plan = bind(models.Order).compile_list(["customer.first", "customer.last", "customer", "customer.country.name"])
    text = str(plan.statement)
    assert text.count("LEFT OUTER JOIN customer AS customer_1") == 1
    assert text.count("JOIN") == 2


def test_what_a_column_has_joined_is_not_joined_again_for_a_text(
    bind: Bind, orders: list[models.Order], count_statements: CountStatements
) -> None:
    source = bind(models.Order)
    plan = source.compile_list(["customer", "customer.country.name"], eager=["customer.country"])
    assert str(plan.statement).count("JOIN") == 2
    with count_statements() as seen:
        page = source.list(plan, ListQuery(), everything, ())
    assert _column(page)[1] == RelatedValue("1", "Ann A of Malta")
    assert len(seen) == 1, seen


def test_what_the_texts_of_a_to_many_column_follow_is_loaded_with_it(
    bind: Bind, orders: list[models.Order], count_statements: CountStatements
) -> None:
    source = bind(models.Order)
    plan = source.compile_list(["customer.orders.customer"], eager=["customer.orders.customer.country"])
    with count_statements() as seen:
        page = source.list(plan, ListQuery(), everything, ())
    assert _column(page)[1] == (RelatedValue("1", "Ann A of Malta"),) * 2
    assert len(seen) == 2, seen


def test_a_label_of_columns_that_are_not_there_is_found_when_the_list_is_made(bind: Bind) -> None:
    for names in (["nonsense"], ["country.name"], ["initials"]):
        with pytest.raises(UnknownPath):
            bind(models.Order).compile_list(["customer"], label_columns_of={"customer": names})


def test_a_changed_record_of_the_session_is_listed_as_it_will_be(
    bind: Bind, session: Session, orders: list[models.Order]
) -> None:
    session.get_one(models.Order, 1).number = "changed"
    assert _column(_page(bind(models.Order), ["number"]))[0] == "changed"
