"""What columns of numbers add up to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from appbuilder_lite.data.interface import Scope
from appbuilder_lite.data.query import ListQuery, Sum
from appbuilder_lite.data.sqla_model import SQLAInterface
from tests.conftest import CountStatements
from tests.data.conftest import everything


class Base(DeclarativeBase):
    """Tables of these tests alone."""


class Shop(Base):
    """Something with a number, seen from its sales."""

    __tablename__ = "sum_shop"
    id: Mapped[int] = mapped_column(primary_key=True)
    staff: Mapped[int]


class Sale(Base):
    """Numbers of each kind."""

    __tablename__ = "sum_sale"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(20))
    pieces: Mapped[int | None]
    price: Mapped[Decimal | None] = mapped_column(sa.Numeric(10, 2))
    weight: Mapped[float | None] = mapped_column(sa.Double)
    stars: Mapped[Decimal | None] = mapped_column(sa.Numeric(36, 2))
    pace: Mapped[float | None] = mapped_column(sa.Numeric(10, 2, asdecimal=False))
    shop_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sum_shop.id"))
    shop: Mapped[Shop | None] = relationship()


COLUMNS = ("pieces", "price", "weight", "shop.staff")


@pytest.fixture
def sales(session: Session) -> Session:
    Base.metadata.create_all(session.get_bind())
    session.add_all([Shop(id=1, staff=4), Shop(id=2, staff=9)])
    session.flush()
    session.add_all(
        [
            Sale(id=1, name="a", pieces=1, price=Decimal("0.10"), weight=0.1, shop_id=1),
            Sale(id=2, name="b", pieces=2, price=Decimal("0.20"), weight=0.2, shop_id=1),
            Sale(id=3, name="ab", pieces=4, price=None, weight=0.3, shop_id=2),
            Sale(id=4, name="none"),
        ]
    )
    session.commit()
    return session


def _sums(session: Session, scope: Scope = everything, search: str = "", columns: Any = COLUMNS) -> dict[str, Any]:
    source = SQLAInterface(Sale).bind(session)
    return dict(source.sums(source.compile_list([]), ListQuery(search=search), scope, ["name"], columns))


def test_all_rows_count_that_have_a_value(sales: Session, count_statements: CountStatements) -> None:
    with count_statements() as seen:
        found = _sums(sales)
    assert found == {
        "pieces": Sum(7, Decimal("2.33")),
        "price": Sum(Decimal("0.30"), Decimal("0.15")),
        "weight": Sum(Decimal("0.6"), Decimal("0.2")),
        "shop.staff": Sum(17, Decimal("5.67")),
    }
    assert len(seen) == 1


def test_a_search_and_a_scope_narrow_them(sales: Session) -> None:
    assert _sums(sales, search="a", columns=["pieces"]) == {"pieces": Sum(5, Decimal("2.50"))}
    assert _sums(sales, lambda query: query.where(Sale.id < 3), columns=["pieces"])["pieces"].total == 3


def test_a_scope_that_joins_counts_no_row_twice(sales: Session) -> None:
    def scope(query: Any) -> Any:
        other = sa.orm.aliased(Sale)
        return query.join(other, other.shop_id == Sale.shop_id)

    assert _sums(sales, scope, columns=["pieces"])["pieces"].total == 7


def test_a_scope_of_a_few_rows_adds_up_those(sales: Session) -> None:
    assert _sums(sales, lambda query: query.order_by(Sale.id).limit(2), columns=["pieces"])["pieces"].total == 3


def test_nothing_is_told_where_there_is_no_value(sales: Session) -> None:
    assert _sums(sales, lambda query: query.where(Sale.id == 4)) == {}


def test_numbers_of_many_digits_have_an_average(sales: Session) -> None:
    many = Decimal(10) ** (14 if sales.get_bind().dialect.name == "sqlite" else 30)
    sales.execute(sa.update(Sale).where(Sale.id < 3).values(stars=many))
    assert _sums(sales, columns=["stars"]) == {"stars": Sum(2 * many, many)}


def test_a_numeric_that_comes_as_a_float_has_no_noise(sales: Session) -> None:
    sales.execute(sa.update(Sale).where(Sale.id < 4).values(pace=sa.case((Sale.id == 1, 0.1), (Sale.id == 2, 0.2))))
    assert str(_sums(sales, columns=["pace"])["pace"].total) == "0.3"
