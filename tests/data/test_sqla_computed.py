"""What hybrid properties make in SQL: which are compared like columns, and the rows that their filters leave."""

from __future__ import annotations

import enum
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, aliased, mapped_column, relationship

from appbuilder_lite.data.filter_operators import operators_for
from appbuilder_lite.data.query import ListQuery, Order
from appbuilder_lite.data.sqla_model import SQLAInterface
from appbuilder_lite.data.types import Kind
from tests.data.conftest import everything


class Base(DeclarativeBase):
    metadata = sa.MetaData()


class Size(enum.Enum):
    SMALL = "s"
    LARGE = "l"


class Crate(Base):
    __tablename__ = "computed_crate"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(20))
    boxes: Mapped[list[Box]] = relationship(back_populates="crate")

    @hybrid_property
    def heavy(self) -> Any:
        return any(box.total > 10 for box in self.boxes)

    @heavy.inplace.expression
    @classmethod
    def _heavy(cls) -> Any:
        box = aliased(Box)
        return sa.exists().where(box.crate_id == cls.id, box.total > 10)

    @hybrid_property
    def filled(self) -> Any:
        return len(self.boxes)

    @filled.inplace.expression
    @classmethod
    def _filled(cls) -> Any:
        # SQLAlchemy's own example of a hybrid has a table in it that nothing ties to the record.
        return Box.pieces


class Box(Base):
    __tablename__ = "computed_box"

    id: Mapped[int] = mapped_column(primary_key=True)
    pieces: Mapped[int]
    price: Mapped[int]
    packed: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(sa.String(20))
    crate_id: Mapped[int | None] = mapped_column(sa.ForeignKey("computed_crate.id"))
    crate: Mapped[Crate | None] = relationship(back_populates="boxes")

    @hybrid_property
    def total(self) -> Any:
        return self.pieces * self.price

    @hybrid_property
    def many(self) -> Any:
        return self.pieces > 2

    @hybrid_property
    def label(self: Any) -> Any:
        return self.note + "!"

    @hybrid_property
    def day(self) -> Any:
        return self.packed

    @hybrid_property
    def size(self) -> Any:
        return Size.LARGE if self.pieces > 2 else Size.SMALL

    @size.inplace.expression
    @classmethod
    def _size(cls) -> Any:
        return sa.case((cls.pieces > 2, "LARGE"), else_="SMALL").cast(sa.Enum(Size, native_enum=False))

    @hybrid_property
    def among(self) -> Any:
        return 0

    @among.inplace.expression
    @classmethod
    def _among(cls) -> Any:
        return sa.func.sum(cls.pieces).over()

    @hybrid_property
    def untyped(self) -> Any:
        return self.note

    @untyped.inplace.expression
    @classmethod
    def _untyped(cls) -> Any:
        return sa.func.odd(cls.note)


@pytest.fixture
def boxes(engine: sa.Engine, session: Session) -> SQLAInterface:
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    red, blue = Crate(id=1, name="red"), Crate(id=2, name="blue")
    session.add_all(
        [
            Box(id=1, pieces=1, price=5, packed=date(2024, 5, 31), note="a", crate=red),
            Box(id=2, pieces=3, price=4, packed=date(2024, 6, 1), note="B", crate=blue),
            Box(id=3, pieces=5, price=2, note=None, crate=red),
            Box(id=4, pieces=2, price=1, note="100%"),
        ]
    )
    session.commit()
    return SQLAInterface(Box).bind(session)


def found(datamodel: SQLAInterface, name: str, operator: str, value: Any) -> list[int]:
    """The keys of the rows that a filter leaves."""
    path = datamodel.path(name)
    assert path.filtered is not None
    made = operators_for(path.filtered)[operator](name, datamodel)
    made.check(value)
    query = made.apply(sa.select(datamodel.model.id), value)
    return sorted(datamodel.session.scalars(query))


@pytest.mark.databases
def test_a_hybrid_is_compared_like_a_column_of_its_type(boxes: SQLAInterface) -> None:
    asked = {
        ("total", "gte", "10"): [2, 3],
        ("total", "eq", "2"): [4],
        ("total", "in", ("5", "12")): [1, 2],
        ("total", "empty", "yes"): [],
        ("many", "eq", "yes"): [2, 3],
        ("many", "neq", "yes"): [1, 4],
        ("label", "ct", "b"): [2],
        ("label", "sw", "100%"): [4],
        ("label", "neq", "a!"): [2, 4],
        ("label", "empty", "yes"): [3],
        ("day", "gte", "2024-06-01"): [2],
        ("day", "empty", "yes"): [3, 4],
        ("size", "in", ("LARGE",)): [2, 3],
        ("crate.heavy", "eq", "yes"): [2],
        ("crate.heavy", "eq", "no"): [1, 3],
    }
    assert {key: found(boxes, *key) for key in asked} == asked
    crates = SQLAInterface(Crate).bind(boxes.session)
    assert found(crates, "heavy", "eq", "yes") == [2]
    assert found(crates, "boxes.total", "gte", "10") == [1, 2]
    assert found(crates, "boxes.many", "eq", "no") == [1]


def test_a_hybrid_that_no_condition_can_compare_is_not(boxes: SQLAInterface) -> None:
    total = boxes.path("total")
    assert total.compared is not None
    assert (total.column, total.compared.kind, total.compared.nullable) == (None, Kind.INTEGER, True)
    crates = SQLAInterface(Crate).bind(boxes.session)
    assert [boxes.path(name).filtered for name in ("among", "untyped")] == [None, None]
    assert crates.path("filled").filtered is None
    # They are ordered by as before.
    assert all(boxes.path(name).sortable for name in ("total", "among", "untyped"))


@pytest.mark.databases
@pytest.mark.parametrize("order", ["total", "crate.heavy", "many"])
def test_pages_of_a_list_that_a_hybrid_orders_go_on_from_their_last_row(boxes: SQLAInterface, order: str) -> None:
    plan = boxes.compile_list(["id"])
    query = ListQuery(order=(Order(order),), page_size=2)
    first = boxes.list(plan, query, everything, ())
    second = boxes.list(plan, ListQuery(order=(Order(order),), page_size=2, page=2, after=first.tail), everything, ())
    whole = boxes.list(plan, ListQuery(order=(Order(order),)), everything, ())
    assert first.tail
    assert [row.key for row in (*first.rows, *second.rows)] == [row.key for row in whole.rows]
