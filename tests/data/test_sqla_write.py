"""Writes in a savepoint: all or nothing of ours, and the host's rows of the same request are kept either way."""

# ruff: noqa: PT012  # what a savepoint undoes is a block of statements

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from appbuilder_lite.data.sqla_write import TransactionEnded
from appbuilder_lite.errors import Rejected, WriteFailed
from tests.data.conftest import Bind, everything
from tests.data.models import Country, Customer, Employee, Line, Note, Order, Tag, Ticket


def _stored(session: Session, column: Any) -> list[Any]:
    """What another connection sees."""
    with Session(session.get_bind()) as other:
        return list(other.scalars(sa.select(column).order_by(column)))


@pytest.fixture
def ann(session: Session) -> Customer:
    ann = Customer(first="Ann", email="ann@example.org")
    session.add(ann)
    session.commit()
    return ann


def test_what_is_written_inside_is_committed(bind: Bind, session: Session) -> None:
    tags = bind(Tag)
    with tags.savepoint():
        item = tags.new()
        item.name = "red"
        tags.add(item)
        tags.flush()
        assert tags.encode_key(item) == str(item.id)
    assert _stored(session, Tag.name) == ["red"]


def test_the_hosts_pending_rows_are_committed_with_ours(bind: Bind, session: Session) -> None:
    session.add(Country(code="MT", name="Malta"))
    with bind(Tag).savepoint():
        session.add(Tag(name="red"))
    assert _stored(session, Country.code) == ["MT"]


@pytest.mark.parametrize("flushed", [False, True])
@pytest.mark.parametrize("read_before", [False, True])
def test_the_hosts_pending_rows_survive_a_refused_write(
    bind: Bind, session: Session, flushed: bool, read_before: bool
) -> None:
    tags = bind(Tag)
    if read_before:
        session.scalars(sa.select(Tag)).all()
    country = Country(code="MT", name="Malta")
    session.add(country)
    if flushed:
        session.flush()
    with pytest.raises(Rejected), tags.savepoint():
        tags.add(Tag(name="red"))
        tags.flush()
        raise Rejected("no")
    assert _stored(session, Country.code) == []
    session.commit()
    assert _stored(session, Country.code) == ["MT"]
    assert _stored(session, Tag.name) == []


@pytest.mark.parametrize("flushed", [False, True])
def test_the_hosts_pending_rows_survive_a_failed_write(
    bind: Bind, session: Session, ann: Customer, flushed: bool
) -> None:
    customers = bind(Customer)
    session.add(Country(code="MT", name="Malta"))
    if flushed:
        session.flush()
    with pytest.raises(WriteFailed), customers.savepoint():
        session.add(Tag(name="red"))
        session.flush()
        customers.add(Customer(first="Bob", email=ann.email))
    session.commit()
    assert _stored(session, Country.code) == ["MT"]
    assert _stored(session, Tag.name) == []
    assert _stored(session, Customer.first) == ["Ann"]


@pytest.mark.parametrize("error", [Rejected("no"), ZeroDivisionError(), KeyError("x")])
def test_any_exception_undoes_all_of_ours(bind: Bind, session: Session, error: Exception) -> None:
    with pytest.raises(type(error)), bind(Tag).savepoint():
        session.add(Tag(name="red"))
        session.flush()
        raise error
    session.commit()
    assert _stored(session, Tag.name) == []


def test_nothing_of_a_refused_edit_is_written_by_the_hosts_next_commit(
    bind: Bind, session: Session, ann: Customer
) -> None:
    with pytest.raises(Rejected), bind(Customer).savepoint():
        ann.first = "Changed"
        raise Rejected("no")
    assert ann.first == "Ann"
    session.add(Country(code="MT", name="Malta"))
    session.commit()
    assert _stored(session, Customer.first) == ["Ann"]
    assert _stored(session, Country.code) == ["MT"]


def test_nothing_of_a_failed_edit_is_written_by_the_hosts_next_commit(
    bind: Bind, session: Session, ann: Customer
) -> None:
    session.add(Customer(first="Bob", email="bob@example.org"))
    session.commit()
    with pytest.raises(WriteFailed), bind(Customer).savepoint():
        ann.first = "Changed"
        ann.email = "bob@example.org"
    assert (ann.first, ann.email) == ("Ann", "ann@example.org")
    session.commit()
    assert _stored(session, Customer.first) == ["Ann", "Bob"]


def test_a_refused_change_of_relations_is_undone(bind: Bind, session: Session) -> None:
    red, blue = Tag(id=1, name="red"), Tag(id=2, name="blue")
    order = Order(id=1, number="1", tags=[red])
    session.add_all([order, blue])
    session.commit()
    with pytest.raises(Rejected), bind(Order).savepoint():
        order.tags = [blue]
        order.lines.append(Line(position="a"))
        raise Rejected("no")
    session.commit()
    assert [tag.name for tag in order.tags] == ["red"]
    assert order.lines == []


def test_a_hosts_change_of_the_same_record_survives_a_refused_edit(bind: Bind, session: Session, ann: Customer) -> None:
    ann.last = "Host"
    with pytest.raises(Rejected), bind(Customer).savepoint():
        ann.first = "Changed"
        raise Rejected("no")
    session.commit()
    assert _stored(session, Customer.first) == ["Ann"]
    assert _stored(session, Customer.last) == ["Host"]


def test_a_refused_new_record_leaves_the_session(bind: Bind, session: Session, ann: Customer) -> None:
    order = Order(number="1")
    with pytest.raises(Rejected), bind(Order).savepoint():
        order.customer = ann
        session.add(order)
        raise Rejected("no")
    assert order not in session
    session.commit()
    assert _stored(session, Order.number) == []


def test_a_refused_delete_leaves_the_record(bind: Bind, session: Session, ann: Customer) -> None:
    customers = bind(Customer)
    with pytest.raises(Rejected), customers.savepoint():
        customers.delete(ann)
        customers.flush()
        raise Rejected("no")
    session.commit()
    assert _stored(session, Customer.first) == ["Ann"]
    assert ann in session


def test_the_session_is_usable_after_each_failure(bind: Bind, session: Session, ann: Customer) -> None:
    customers = bind(Customer)
    for _attempt in range(3):
        with pytest.raises(WriteFailed), customers.savepoint():
            customers.add(Customer(first="Bob", email=ann.email))
    with customers.savepoint():
        customers.add(Customer(first="Bob", email="bob@example.org"))
    assert _stored(session, Customer.first) == ["Ann", "Bob"]


def test_a_hook_that_commits_is_an_error(bind: Bind, session: Session) -> None:
    with pytest.raises(TransactionEnded), bind(Tag).savepoint():
        session.add(Tag(name="red"))
        session.commit()
        session.add(Tag(name="blue"))
    session.rollback()
    assert _stored(session, Tag.name) == ["red"]


def test_what_came_after_a_hooks_commit_is_not_written_later(bind: Bind, session: Session) -> None:
    with pytest.raises(TransactionEnded), bind(Tag).savepoint():
        session.commit()
        session.add(Tag(name="blue"))
    session.commit()
    assert _stored(session, Tag.name) == []


def test_a_hook_that_rolls_back_is_an_error(bind: Bind, session: Session) -> None:
    with pytest.raises(TransactionEnded), bind(Tag).savepoint():
        session.add(Tag(name="red"))
        session.rollback()
    session.commit()
    assert _stored(session, Tag.name) == []


def test_a_hook_that_rolls_back_and_raises_keeps_its_own_error(bind: Bind, session: Session) -> None:
    with pytest.raises(Rejected), bind(Tag).savepoint():
        session.rollback()
        raise Rejected("no")
    session.commit()


def test_a_hook_that_hides_a_failed_flush_is_an_error(bind: Bind, session: Session, ann: Customer) -> None:
    def hook() -> None:
        session.add(Customer(first="Bob", email="ann@example.org"))
        with pytest.raises(sa.exc.IntegrityError):
            session.flush()

    with pytest.raises(TransactionEnded), bind(Tag).savepoint():
        session.add(Tag(name="red"))
        hook()
    session.commit()
    assert _stored(session, Tag.name) == []
    assert ann.first == "Ann"


def test_a_hook_may_use_a_savepoint_of_its_own(bind: Bind, session: Session, ann: Customer) -> None:
    with bind(Tag).savepoint():
        session.add(Tag(name="red"))
        with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
            session.add(Customer(first="Bob", email=ann.email))
    assert _stored(session, Tag.name) == ["red"]


def _customer(**values: Any) -> Customer:
    return Customer(**{"first": "Bob", "last": "B", "score": 1, **values})


@pytest.mark.parametrize(
    ("values", "kind", "columns"),
    [
        ({"email": "ann@example.org"}, "unique", {("email",)}),
        ({"first": "Ann", "last": "Doe"}, "unique", {("first", "last")}),
        ({"id": 1}, "unique", {("id",)}),
        ({"first": None}, "not_null", {("first",)}),
        ({"score": -1}, "check", {("score",)}),
        # SQLite does not say which foreign key it is.
        ({"country_code": "XX"}, "foreign_key", {("country_code",), ()}),
    ],
)
def test_a_broken_constraint_is_named(
    bind: Bind, session: Session, ann: Customer, values: dict[str, Any], kind: str, columns: set[tuple[str, ...]]
) -> None:
    session.expunge(ann)
    customers = bind(Customer)
    with pytest.raises(WriteFailed) as caught, customers.savepoint():
        customers.add(_customer(**values))
    assert caught.value.kind == kind
    assert caught.value.columns in columns


def test_a_broken_constraint_of_an_update_is_named(bind: Bind, session: Session, ann: Customer) -> None:
    session.add(_customer(id=2, email="bob@example.org"))
    session.commit()
    with pytest.raises(WriteFailed) as caught, bind(Customer).savepoint():
        ann.email = "bob@example.org"
    assert (caught.value.kind, caught.value.columns) == ("unique", ("email",))


def test_messages_hold_no_text_of_the_database(bind: Bind, ann: Customer) -> None:
    customers = bind(Customer)
    with pytest.raises(WriteFailed) as caught, customers.savepoint():
        customers.add(_customer(email="ann@example.org"))
    assert caught.value.message == "There is already a record with these values."


@pytest.mark.parametrize(
    ("values", "kind"),
    [({"first": "x" * 21}, "too_long"), ({"score": 40_000}, "out_of_range")],
)
def test_what_does_not_fit_is_named(bind: Bind, session: Session, values: dict[str, Any], kind: str) -> None:
    if session.get_bind().dialect.name == "sqlite":
        pytest.skip("SQLite keeps values of any size")
    customers = bind(Customer)
    with pytest.raises(WriteFailed) as caught, customers.savepoint():
        customers.add(_customer(**values))
    assert caught.value.kind == kind


def test_a_number_beyond_64_bits_is_out_of_range(bind: Bind) -> None:
    customers = bind(Customer)
    with pytest.raises(WriteFailed) as caught, customers.savepoint():
        customers.add(_customer(score=2**70))
    assert caught.value.kind == "out_of_range"


def test_a_decimal_that_is_too_large_is_out_of_range(bind: Bind, session: Session) -> None:
    if session.get_bind().dialect.name == "sqlite":
        pytest.skip("SQLite keeps numbers of any size")
    orders = bind(Order)
    with pytest.raises(WriteFailed) as caught, orders.savepoint():
        orders.add(Order(number="1", total=Decimal(10) ** 12))
    assert caught.value.kind == "out_of_range"


@pytest.mark.parametrize("text", ["a\ud800b", "a\0b"])
def test_a_text_that_cannot_be_stored_is_refused(bind: Bind, session: Session, text: str) -> None:
    if "\0" in text and session.get_bind().dialect.name != "postgresql":
        pytest.skip("only PostgreSQL refuses NUL")
    tags = bind(Tag)
    session.add(Country(code="MT", name="Malta"))
    with pytest.raises(WriteFailed) as caught, tags.savepoint():
        tags.add(Tag(name=text))
    assert caught.value.kind == "other"
    session.commit()
    assert _stored(session, Tag.name) == []
    assert _stored(session, Country.code) == ["MT"]


def test_a_stale_version_is_noticed(bind: Bind, session: Session) -> None:
    session.add(Ticket(title="one"))
    session.commit()
    ticket = session.scalars(sa.select(Ticket)).one()
    with Session(session.get_bind()) as other:
        other.scalars(sa.select(Ticket)).one().title = "two"
        other.commit()
    with pytest.raises(WriteFailed) as caught, bind(Ticket).savepoint():
        ticket.title = "three"
    assert caught.value.kind == "stale"
    session.rollback()
    assert _stored(session, Ticket.title) == ["two"]


def test_a_constraint_that_is_checked_at_the_commit_is_named(bind: Bind, session: Session) -> None:
    if session.get_bind().dialect.name != "postgresql":
        pytest.skip("only PostgreSQL checks at the commit")
    session.execute(sa.text("ALTER TABLE tag ADD CONSTRAINT one_name UNIQUE (name) DEFERRABLE INITIALLY DEFERRED"))
    session.add(Tag(name="red"))
    session.commit()
    tags = bind(Tag)
    with pytest.raises(WriteFailed) as caught, tags.savepoint():
        tags.add(Tag(name="red"))
    assert (caught.value.kind, caught.value.columns) == ("unique", ("name",))
    session.commit()
    assert _stored(session, Tag.name) == ["red"]


def test_a_locked_row_is_somebody_elses(bind: Bind, session: Session, ann: Customer) -> None:
    with Session(session.get_bind()) as other:
        other.execute(sa.update(Customer).values(score=1))
        limit = {"postgresql": "SET lock_timeout = 50", "mysql": "SET innodb_lock_wait_timeout = 1"}
        session.execute(sa.text(limit.get(session.get_bind().dialect.name, "PRAGMA busy_timeout = 50")))
        with pytest.raises(WriteFailed) as caught, bind(Customer).savepoint():
            ann.first = "Changed"
    assert caught.value.kind == "other"
    assert "try again" in caught.value.message
    session.rollback()


def test_an_edit_of_a_record_that_is_gone_is_stale(bind: Bind, session: Session, ann: Customer) -> None:
    assert ann.first == "Ann"
    with Session(session.get_bind()) as other:
        other.delete(other.scalars(sa.select(Customer)).one())
        other.commit()
    with pytest.raises(WriteFailed) as caught, bind(Customer).savepoint():
        ann.first = "Changed"
    assert caught.value.kind == "stale"


def test_a_delete_does_not_take_the_parent_from_other_records(bind: Bind, session: Session, ann: Customer) -> None:
    session.add(Order(number="1", customer=ann))
    session.commit()
    customers = bind(Customer)
    with pytest.raises(WriteFailed) as caught, customers.savepoint():
        customers.delete(ann)
    assert caught.value.kind == "foreign_key"
    assert caught.value.message == "Other records refer to this one."
    session.commit()
    assert _stored(session, Order.customer_id) == [1]


def test_a_delete_in_a_tree_does_not_take_the_parent_from_its_children(bind: Bind, session: Session) -> None:
    boss = Employee(name="Boss", staff=[Employee(name="Ann")])
    session.add(boss)
    session.commit()
    employees = bind(Employee)
    with pytest.raises(WriteFailed), employees.savepoint():
        employees.delete(boss)
    with employees.savepoint():
        employees.delete(boss.staff[0])
        employees.flush()
        session.expire(boss)
        employees.delete(boss)
    assert _stored(session, Employee.name) == []


def test_a_delete_through_a_composite_key_is_refused_too(bind: Bind, session: Session) -> None:
    line = Line(position="a", notes=[Note()])
    session.add(Order(id=1, number="1", lines=[line]))
    session.commit()
    lines = bind(Line)
    with pytest.raises(WriteFailed), lines.savepoint():
        lines.delete(line)


def test_a_record_that_no_relation_knows_of_is_kept_by_its_foreign_key(bind: Bind, session: Session) -> None:
    session.add(Country(code="MT", name="Malta"))
    session.add(_customer(country_code="MT"))
    session.commit()
    countries = bind(Country)
    with pytest.raises(WriteFailed) as caught, countries.savepoint():
        countries.delete(countries.get("MT", everything))
    assert caught.value.kind == "foreign_key"
    assert caught.value.message == "Other records refer to this one."


def test_what_a_relation_owns_is_deleted_with_the_record(bind: Bind, session: Session) -> None:
    order = Order(id=1, number="1", lines=[Line(position="a")], tags=[Tag(name="red")])
    session.add(order)
    session.commit()
    orders = bind(Order)
    with orders.savepoint():
        orders.delete(order)
    assert _stored(session, Line.position) == []
    assert _stored(session, Tag.name) == ["red"]


def test_an_error_that_is_no_refusal_stays_what_it_is(bind: Bind, session: Session) -> None:
    with pytest.raises(sa.exc.DBAPIError) as caught, bind(Tag).savepoint():
        session.execute(sa.text("SELECT * FROM there_is_no_such_table"))
    assert not isinstance(caught.value, WriteFailed)
    session.commit()


def test_a_key_is_told_before_and_after_the_commit(bind: Bind, session: Session) -> None:
    tickets = bind(Ticket)
    ticket = Ticket(id=str(uuid.UUID(int=5)), title="one")
    assert tickets.encode_key(ticket) == str(uuid.UUID(int=5))
    with tickets.savepoint():
        tickets.add(ticket)
    assert sa.inspect(ticket).expired
    assert tickets.encode_key(ticket) == str(uuid.UUID(int=5))
    assert sa.inspect(ticket).expired


@pytest.mark.parametrize("name", ["manager", "staff"])
def test_a_record_that_refers_to_itself_is_refused(bind: Bind, session: Session, name: str) -> None:
    employees, boss = bind(Employee), Employee(name="Boss")
    session.add(boss)
    session.commit()
    with pytest.raises(WriteFailed) as refused, employees.savepoint():
        setattr(boss, name, boss if name == "manager" else [boss])
    assert (refused.value.kind, refused.value.columns) == ("other", ("manager_id",))
    assert refused.value.message == "A record cannot refer to itself, nor to one that refers to it."
    session.commit()
    assert session.get_one(Employee, boss.id).manager is None


@pytest.mark.parametrize("way", ["savepoint", "attempt"])
def test_a_pending_row_that_cannot_be_saved_is_no_fault_of_our_write(
    bind: Bind, session: Session, caplog: pytest.LogCaptureFixture, way: str
) -> None:
    session.add(Country(code="MT", name=None))
    with pytest.raises(sa.exc.IntegrityError), getattr(bind(Tag), way)():
        session.add(Tag(name="red"))
    assert "records in the session that cannot be saved, before our write: Country" in caplog.text
    session.rollback()
    assert _stored(session, Tag.name) == []
