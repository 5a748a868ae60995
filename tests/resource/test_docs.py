"""Each check of a declaration has a page, whose first example triggers it and whose second does not."""

import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from wtforms.validators import Length

import appbuilder_lite.resource
from appbuilder_lite.data.filters import FilterEqual
from appbuilder_lite.data.sqla_model import SQLAInterface
from appbuilder_lite.data.types import Kind
from appbuilder_lite.errors import Problem
from appbuilder_lite.resource.checks import check_datamodel, check_option_names
from appbuilder_lite.resource.declaration import ResourceDeclaration
from appbuilder_lite.resource.fields import FIELDS
from appbuilder_lite.resource.inline import Inline
from appbuilder_lite.resource.resolving import resolve
from appbuilder_lite.settings import Settings

PAGES = Path(__file__).parents[2] / "docs" / "checks"
SOURCES = Path(appbuilder_lite.resource.__path__[0])
IDS = sorted({found for path in SOURCES.glob("*.py") for found in re.findall(r'"(AB\d{3})"', path.read_text("utf-8"))})


class Base(DeclarativeBase):
    pass


class Country(Base):
    __tablename__ = "country"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Customer(Base):
    __tablename__ = "customer"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    active: Mapped[bool]
    country_id: Mapped[int] = mapped_column(sa.ForeignKey("country.id"))
    country: Mapped[Country] = relationship()
    addresses: Mapped[list["Address"]] = relationship()


class Address(Base):
    __tablename__ = "address"
    id: Mapped[int] = mapped_column(primary_key=True)
    street: Mapped[str]
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"))


class Order(Base):
    __tablename__ = "order"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"))
    customer: Mapped[Customer] = relationship()


class Product(Base):
    __tablename__ = "product"
    id: Mapped[int] = mapped_column(primary_key=True)


class CustomerTotal(Base):
    """A database view: its columns are known, and it has no key of its own."""

    __table__ = sa.Table("total", Base.metadata, sa.Column("name", sa.String(9)), sa.Column("total", sa.Integer))
    __mapper_args__ = {"primary_key": [__table__.c.name]}  # SQLAlchemy's


class KeylessInterface(SQLAInterface):
    @property
    def key_columns(self) -> tuple[str, ...]:
        return ()


MODELS = (Address, Customer, CustomerTotal, Order, Product)
NAMES = {
    "ModelView": ResourceDeclaration,
    **{found.__name__: found for found in (*MODELS, Inline, SQLAInterface, KeylessInterface, FilterEqual, Length)},
}


def problems_of(example: str) -> list[Problem]:
    space: dict[str, Any] = {**NAMES, "__name__": "shop.views"}
    exec(example, space)
    view = space["CustomerView"]
    problems = [*check_option_names(view, ResourceDeclaration), *check_datamodel(view)]
    if not problems:
        problems += resolve(view, view.datamodel.bind(Session()), Settings())[1]
    return problems


def test_there_are_checks() -> None:
    assert len(IDS) == 17


@pytest.mark.parametrize("check", IDS)
def test_the_first_example_of_a_page_triggers_the_check_and_the_second_is_clean(check: str) -> None:
    page = (PAGES / f"{check}.md").read_text("utf-8")
    assert page.startswith(f"# {check}: ")
    wrong, right = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert {problem.id for problem in problems_of(wrong)} == {check}
    assert problems_of(right) == []


def test_the_table_of_kinds_has_each_of_them_and_says_which_have_a_control() -> None:
    page = (PAGES.parent / "kinds.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|", page, re.MULTILINE))
    assert set(rows) == {kind.value for kind in Kind}
    assert {kind for kind, control in rows.items() if control != "none"} == {kind.value for kind in FIELDS}
