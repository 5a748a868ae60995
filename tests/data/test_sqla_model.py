"""Single records, choices and look-ups, always within the scope."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from appbuilder_lite.data.query import RelatedValue, Several
from appbuilder_lite.data.sqla_model import SQLAInterface
from tests.conftest import CountStatements, Host
from tests.data.conftest import Bind, everything
from tests.data.models import Animal, Cat, Country, Customer, Document, Dog, Line, Note, Order, Tag, Ticket


@pytest.fixture
def shop(session: Session) -> None:
    malta = Country(code="M/T", name="Malta")
    ann = Customer(id=1, first="Ann", last="A", country=malta)
    order = Order(id=1, number="one", customer=ann, tags=[Tag(id=1, name="red"), Tag(id=2, name="blue")])
    order.lines = [Line(position="a,b", notes=[Note(id=1)]), Line(position="")]
    session.add_all([order, Customer(id=2, first="bob", last="B"), Order(id=2, number="two")])
    session.add_all([Document(id=uuid.UUID(int=1), title="d"), Ticket(id=str(uuid.UUID(int=2)), title="t")])
    session.commit()
    session.expunge_all()


@pytest.mark.parametrize(
    ("model", "key"),
    [
        (Order, "1"),
        (Country, "M~2fT"),
        (Line, "1,a~2cb"),
        (Line, "1,~"),
        (Document, str(uuid.UUID(int=1))),
        (Ticket, str(uuid.UUID(int=2))),
    ],
)
def test_a_record_is_found_by_its_key(bind: Bind, shop: None, model: type[Any], key: str) -> None:
    source = bind(model)
    item = source.get(key, everything)
    assert isinstance(item, model)
    assert source.encode_key(item) == key


@pytest.mark.parametrize("model", [Order, Country, Line, Document, Ticket])
def test_a_key_that_is_none_finds_nothing(bind: Bind, shop: None, model: type[Any]) -> None:
    source = bind(model)
    texts = ["", "0", "x", "99", "-1", "1,", ",", "1,1,1", "9" * 30, "2147483648", "\0", "\ud800", "~00", "x" * 9999]
    for key in (*texts, "é", "~n", "1,~n", "%", "1 OR 1=1"):
        assert source.get(key, everything) is None, key
    assert bind(Order).get("1", everything) is not None


def test_sqlite_keeps_keys_beyond_the_types_range(bind: Bind, session: Session) -> None:
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("only SQLite stores 64 bits in every integer")
    session.add(Tag(id=2**40, name="far"))
    session.commit()
    tags = bind(Tag)
    assert tags.get(str(2**40), everything).name == "far"  # type: ignore[union-attr]  # the assertion is that it is there


def test_a_record_outside_the_scope_is_not_found(bind: Bind, shop: None) -> None:
    orders = bind(Order)
    assert orders.get("1", lambda select: select.filter_by(number="two")) is None
    assert orders.get("2", lambda select: select.filter_by(number="two")) is not None
    assert orders.get("1", lambda select: select.join(Order.tags)) is not None


def test_a_record_of_another_class_of_the_table_is_not_found(bind: Bind, session: Session) -> None:
    session.execute(sa.text("INSERT INTO animal (id, kind, name) VALUES (1, 'animal', 'any'), (2, 'cat', 'tom')"))
    assert bind(Cat).get("1", everything) is None
    assert bind(Cat).get("2", everything) is not None


def test_relations_are_loaded_with_the_record(
    bind: Bind, shop: None, count_statements: CountStatements, session: Session
) -> None:
    orders = bind(Order)
    with count_statements() as seen:
        order = orders.get("1", everything, ["customer.country", "tags"])
        assert order is not None
        assert str(order.customer) == "Ann A of Malta"
        assert [tag.name for tag in order.tags] == ["red", "blue"]
    assert len(seen) == 2, seen


def test_values_of_a_record(bind: Bind, shop: None) -> None:
    orders = bind(Order)
    order = orders.get("1", everything)
    assert orders.value(order, "number") == "one"
    assert orders.value(order, "customer") == RelatedValue("1", "Ann A of Malta")
    assert orders.value(order, "customer.country") == RelatedValue("M~2fT", "Malta")
    assert orders.value(order, "customer.country.name") == "Malta"
    assert orders.value(order, "customer.shouted") == "ANN"
    assert orders.value(order, "tags") == (RelatedValue("1", "red"), RelatedValue("2", "blue"))
    assert orders.value(order, "lines.notes.id") == (1,)
    assert isinstance(orders.value(order, "tags"), Several)


def test_values_of_a_record_without_relations(bind: Bind, shop: None) -> None:
    orders = bind(Order)
    for order in (orders.get("2", everything), orders.new()):
        for path in ("customer", "customer.first", "customer.country.name", "customer.initials"):
            assert orders.value(order, path) is None
        assert orders.value(order, "tags") == ()


def test_a_value_with_many_records_is_bounded(bind: Bind, session: Session, count_statements: CountStatements) -> None:
    session.add(Order(id=1, number="1", tags=[Tag(name=str(number)) for number in range(50)]))
    session.commit()
    orders = bind(Order)
    order = orders.get("1", everything)
    with count_statements() as seen:
        values = orders.value(order, "tags")
    assert (len(values), values.more) == (20, 30)
    assert len(seen) == 1


def test_choices_come_by_their_text(bind: Bind, shop: None) -> None:
    assert bind(Order).choices("customer", everything, limit=5) == (
        [RelatedValue("1", "Ann A of Malta"), RelatedValue("2", "bob B of None")],
        False,
    )


def test_choices_are_limited_and_within_the_scope(bind: Bind, shop: None, count_statements: CountStatements) -> None:
    orders = bind(Order)
    with count_statements() as seen:
        found, more = orders.choices("tags", everything, limit=1)
    assert (len(found), more, len(seen)) == (1, True, 1)
    assert orders.choices("tags", lambda select: select.filter_by(name="blue"), limit=1) == (
        [RelatedValue("2", "blue")],
        False,
    )


def test_what_the_choices_texts_follow_is_loaded_with_them(
    bind: Bind, shop: None, session: Session, count_statements: CountStatements
) -> None:
    session.add_all(
        [Customer(id=n + 10, first=str(n), last="X", country=Country(code=str(n), name=str(n))) for n in range(9)]
    )
    session.commit()
    session.expunge_all()
    with count_statements() as seen:
        bind(Order).choices("customer", everything, limit=50, eager=["country"])
    assert len(seen) == 1, seen


def test_choices_of_what_is_no_relation_are_an_error(bind: Bind) -> None:
    with pytest.raises(LookupError, match=r"Order\.number"):
        bind(Order).choices("number", everything, limit=1)


def test_related_records_are_found_by_their_keys_within_the_scope(bind: Bind, shop: None) -> None:
    orders = bind(Order)
    found = orders.related("tags", ["2", "1", "2", "99", "x", ""], everything)
    assert {key: tag.name for key, tag in found.items()} == {"1": "red", "2": "blue"}
    assert list(orders.related("tags", ["1", "2"], lambda select: select.filter_by(name="red"))) == ["1"]
    assert orders.related("tags", ["x"], everything) == {}


def test_related_records_with_composite_keys(bind: Bind, shop: None) -> None:
    found = bind(Note).related("line", ["1,a~2cb", "1,~", "1,nothing", "2"], everything)
    assert {key: line.position for key, line in found.items()} == {"1,a~2cb": "a,b", "1,~": ""}


def test_many_related_records_are_looked_up_in_a_few_statements(
    bind: Bind, session: Session, count_statements: CountStatements
) -> None:
    session.add_all([Tag(name=str(number)) for number in range(1200)])
    session.commit()
    keys = [str(number) for number in session.scalars(sa.select(Tag.id))]
    orders = bind(Order)
    with count_statements() as seen:
        assert len(orders.related("tags", keys, everything)) == 1200
    assert len(seen) == 3


def test_a_record_without_a_text_of_its_own_is_its_class_and_key(bind: Bind, shop: None) -> None:
    line = bind(Line).get("1,a~2cb", everything)
    assert bind(Note).entity.text(Note(id=7)) == "Note 7"
    assert bind(Line).entity.text(line) == "line a,b"


def test_a_key_that_has_no_written_form_is_none() -> None:
    class Base(DeclarativeBase):
        pass

    class Odd(Base):
        __tablename__ = "odd"
        span: Mapped[timedelta] = mapped_column(primary_key=True)

    assert SQLAInterface(Odd).key_columns == ()
    assert SQLAInterface(Line).key_columns == ("order_id", "position")


def test_a_statement_on_a_composite_key_is_narrowed(bind: Bind, shop: None, session: Session) -> None:
    def empty(query: Any) -> Any:
        return query.join(Order).filter_by(number="one").where(Line.position == "")

    counted = sa.select(sa.func.count()).select_from(Note).outerjoin(Note.line)
    assert session.scalar(counted) == 1
    assert session.scalar(bind(Line).within(counted, empty)) == 0
    lines = bind(Line).within(sa.select(Line.position).order_by(Line.position), empty)
    assert session.scalars(lines).all() == [""]


def test_a_scope_and_a_statement_may_ask_the_same_table_for_other_rows(
    bind: Bind, shop: None, session: Session
) -> None:
    def of_ann(query: Any) -> Any:
        return query.where(Order.customer_id == Customer.id, Customer.first == "Ann")

    beside_bob = sa.select(Order.number).join(Customer, Customer.first == "bob")
    assert session.scalars(bind(Order).within(beside_bob, of_ann)).all() == ["one"]


def test_a_statement_on_a_parent_class_is_narrowed_to_the_childs_rows(bind: Bind, session: Session) -> None:
    session.add_all([Animal(id=1, name="ape"), Cat(id=2, name="Tom"), Dog(id=3, name="Rex", bark="wuff")])
    session.flush()
    names = sa.select(Animal.name).order_by(Animal.id)
    assert session.scalars(bind(Animal).within(names, everything)).all() == ["ape", "Tom", "Rex"]
    assert session.scalars(bind(Cat).within(names, everything)).all() == ["Tom"]
    with pytest.raises(ValueError, match="does not select from Dog"):
        bind(Dog).within(names, everything)
    barks = sa.select(Dog.bark).where(Dog.name == "Rex")
    assert session.scalars(bind(Dog).within(barks, lambda query: query.where(Dog.bark == "wuff"))).all() == ["wuff"]
    assert session.scalars(bind(Animal).within(barks, lambda query: query.where(Animal.id == 1))).all() == []


def test_it_works_on_flask_sqlalchemys_session(host: Host) -> None:
    class Thing(host.db.Model):  # type: ignore[name-defined, misc]
        id = sa.orm.mapped_column(sa.Integer, primary_key=True)
        name = sa.orm.mapped_column(sa.String(20))

    things = SQLAInterface(Thing).bind(host.db.session)
    with host.app.app_context():
        host.db.create_all()
        with things.savepoint():
            things.add(Thing(id=1, name="one"))
    with host.app.app_context():
        found = things.get("1", everything)
        assert found is not None
        assert found.name == "one"
        with things.savepoint():
            things.delete(found)
        assert things.get("1", everything) is None


def test_binding_sends_nothing_to_the_database() -> None:
    engine = sa.create_engine("sqlite:////nowhere/at/all.sqlite")
    with Session(engine) as session:
        orders = SQLAInterface(Order).bind(session)
        orders.compile_list(["number", "customer", "tags", "customer.country.name"])
        assert orders.path("customer.country").relation is not None
    engine.dispose()
