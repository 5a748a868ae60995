"""Deleting several records at once: all of them or none, in a few statements."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from appbuilder_lite.data import sqla_model
from appbuilder_lite.errors import WriteFailed
from tests.conftest import CountStatements
from tests.data.conftest import Bind, everything
from tests.data.models import Animal, Cat, Customer, Dog, Line, Note, Order, Tag, order_tag


def _count(session: Session, what: Any) -> int:
    return int(session.execute(sa.select(sa.func.count()).select_from(what)).scalar_one())


@pytest.fixture
def orders(session: Session) -> None:
    """Twenty orders with a tag and two lines each; the first is Ann's, who is one of two customers."""
    red = Tag(id=1, name="red")
    ann = Customer(id=1, first="Ann")
    for number in range(1, 21):
        lines = [Line(position=str(position)) for position in range(2)]
        customer = ann if number == 1 else None
        session.add(Order(id=number, number=str(number), tags=[red], lines=lines, customer=customer))
    session.add(Customer(id=2, first="Ben"))
    session.commit()
    session.expunge_all()


@pytest.mark.usefixtures("orders")
def test_what_goes_with_them_is_read_at_once(bind: Bind, session: Session, count_statements: CountStatements) -> None:
    datamodel, counts = bind(Order), []
    for keys in (range(1, 3), range(3, 21)):
        with count_statements() as seen:
            items = datamodel.get_doomed([str(key) for key in keys], everything)
            datamodel.delete_all(items.values())
            session.commit()
        counts.append(len([text for text in seen.texts if "note" not in text]))
    assert counts[0] == counts[1]
    assert [_count(session, what) for what in (Order, Line, order_tag, Tag)] == [0, 0, 0, 1]


@pytest.mark.usefixtures("orders")
def test_records_with_composite_keys_go_together(bind: Bind, session: Session) -> None:
    datamodel = bind(Line)
    datamodel.delete_all(datamodel.get_doomed(["1,0", "1,1", "2,0", "2,7"], everything).values())
    session.commit()
    assert _count(session, Line) == 37


@pytest.mark.usefixtures("orders")
def test_records_of_several_classes_go_together(bind: Bind, session: Session) -> None:
    session.add_all([Dog(id=1, name="Rex", bark="wow"), Cat(id=2, name="Tom"), Dog(id=3, name="Ace", bark="wau")])
    session.commit()
    datamodel = bind(Animal)
    datamodel.delete_all(datamodel.get_doomed(["1", "2"], everything).values())
    session.commit()
    assert session.scalars(sa.select(Animal.id)).all() == [3]


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize("keys", [["1", "2"], ["2", "1"], ["1"]])
def test_one_that_others_would_lose_keeps_all(bind: Bind, session: Session, keys: list[str]) -> None:
    datamodel = bind(Customer)
    with pytest.raises(WriteFailed) as refusal, datamodel.savepoint():
        datamodel.delete_all(datamodel.get_doomed(keys, everything).values())
    assert refusal.value.kind == "foreign_key"
    assert _count(session, Customer) == 2
    assert session.get_one(Order, 1).customer_id == 1


@pytest.mark.usefixtures("orders")
def test_a_reference_to_a_composite_key_keeps_it(bind: Bind, session: Session) -> None:
    session.add(Note(id=1, order_id=2, position="1"))
    session.commit()
    datamodel = bind(Line)
    with pytest.raises(WriteFailed) as refusal, datamodel.savepoint():
        datamodel.delete_all(datamodel.get_doomed(["1,0", "2,1"], everything).values())
    assert refusal.value.kind == "foreign_key"
    assert _count(session, Line) == 40
    with datamodel.savepoint():
        datamodel.delete_all(datamodel.get_doomed(["1,1", "2,0"], everything).values())
    assert _count(session, Line) == 38


@pytest.mark.usefixtures("orders")
def test_what_goes_along_takes_the_parent_from_nobody(bind: Bind, session: Session) -> None:
    session.add(Note(id=1, order_id=2, position="1"))
    session.commit()
    datamodel = bind(Order)
    with pytest.raises(WriteFailed) as refusal, datamodel.savepoint():
        datamodel.delete(session.get_one(Order, 2))
    assert refusal.value.kind == "foreign_key"
    assert session.get_one(Note, 1).order_id == 2
    with datamodel.savepoint():
        datamodel.delete(session.get_one(Order, 3))
    assert _count(session, Order) == 19


@pytest.mark.usefixtures("orders")
def test_one_that_is_gone_already_keeps_all(bind: Bind, session: Session) -> None:
    datamodel = bind(Tag)
    session.add_all([Tag(id=2, name="blue"), Tag(id=3, name="late")])
    session.commit()
    items = datamodel.get_doomed(["2", "3"], everything)
    session.execute(sa.delete(Tag).where(Tag.id == 3), execution_options={"synchronize_session": False})
    with pytest.raises(WriteFailed) as refusal:
        datamodel.delete_all(items.values())
    assert refusal.value.kind == "stale"


@pytest.mark.usefixtures("orders")
def test_one_that_is_given_twice_goes_once(bind: Bind, session: Session) -> None:
    datamodel = bind(Order)
    item = datamodel.get("2", everything)
    assert datamodel.delete_all([item, item])
    assert _count(session, Order) == 19


@pytest.mark.usefixtures("orders")
def test_more_than_one_statement_takes_go_in_parts(
    bind: Bind, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqla_model, "KEYS_PER_STATEMENT", 7)
    datamodel = bind(Order)
    datamodel.delete_all(datamodel.get_doomed([str(key) for key in range(1, 21)], everything).values())
    session.commit()
    assert _count(session, Order) == 0


def test_a_record_that_is_several_rows_is_not_deleted(bind: Bind, session: Session) -> None:
    """A table that the database made without the key that its class says."""

    class Base(DeclarativeBase):
        pass

    class Loose(Base):
        __tablename__ = "loose"
        code: Mapped[str] = mapped_column(sa.String(9), primary_key=True)
        number: Mapped[int]

    session.execute(sa.text("CREATE TABLE loose (code VARCHAR(9), number INTEGER)"))
    rows = [{"code": code, "number": number} for number, code in enumerate("AAB")]
    session.execute(sa.text("INSERT INTO loose VALUES (:code, :number)"), rows)
    session.commit()
    item = session.scalars(sa.select(Loose).where(Loose.code == "A")).first()
    with pytest.raises(WriteFailed), bind(Loose).savepoint():
        bind(Loose).delete(item)
    assert session.execute(sa.select(sa.func.count()).select_from(Loose)).scalar_one() == 3
    other = session.get_one(Loose, "B")
    with bind(Loose).savepoint():
        bind(Loose).delete(other)
    assert session.scalars(sa.select(Loose.number).order_by(Loose.number)).all() == [0, 1]
