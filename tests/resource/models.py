"""Models of the resource tests: an item with a column of every kind that forms edit, and what it relates to."""

import enum
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Size(enum.Enum):
    SMALL = "s"
    EXTRA_LARGE = "xl"


# MariaDB keeps no fractions of a second unless asked.
Clock = sa.Time().with_variant(mysql.TIME(fsp=6), "mysql", "mariadb")
Moment = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")


class Floors(sa.TypeDecorator[str]):
    """A number that Python has in a tuple."""

    impl = sa.Integer
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Any) -> Any:
        return value[0] if isinstance(value, tuple) else value

    def process_result_value(self, value: Any, _dialect: Any) -> Any:
        return None if value is None else (value, "floors")


item_tag = sa.Table(
    "item_tag",
    Base.metadata,
    sa.Column("item_id", sa.ForeignKey("item.id"), primary_key=True),
    sa.Column("tag_id", sa.ForeignKey("tag.id"), primary_key=True),
)


class Country(Base):
    __tablename__ = "country"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(50))
    active: Mapped[bool] = mapped_column(default=True)

    def __str__(self) -> str:
        return self.name


class Tag(Base):
    __tablename__ = "tag"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(50))

    def __str__(self) -> str:
        return self.name


class Item(Base):
    __tablename__ = "item"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(60), unique=True)
    nick: Mapped[str | None] = mapped_column(sa.String(60))
    notes: Mapped[str | None] = mapped_column(sa.Text)
    amount: Mapped[int | None]
    price: Mapped[Decimal | None] = mapped_column(sa.Numeric(10, 2))
    weight: Mapped[float | None] = mapped_column(sa.Double)
    on_sale: Mapped[bool] = mapped_column(default=True)
    checked: Mapped[bool | None]
    made_on: Mapped[date | None]
    opens_at: Mapped[time | None] = mapped_column(Clock)
    sold_at: Mapped[datetime | None] = mapped_column(Moment)
    size: Mapped[Size | None] = mapped_column(sa.Enum(Size))
    serial: Mapped[UUID | None] = mapped_column(default=uuid4)
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    country_id: Mapped[int | None] = mapped_column(sa.ForeignKey("country.id"))
    country: Mapped[Country | None] = relationship()
    tags: Mapped[list[Tag]] = relationship(secondary=item_tag)
    sales: Mapped[list["Sale"]] = relationship(back_populates="item")

    def __str__(self) -> str:
        return self.name

    def shout(self) -> str:
        return self.name.upper()

    @hybrid_property
    def luck(self) -> str:
        return self.name

    @luck.inplace.expression
    @classmethod
    def _luck(cls) -> sa.ColumnElement[str]:
        """Of a type that nobody knows."""
        return sa.func.luck(cls.name)


class Sale(Base):
    """Its key is typed by people, and its item must be given."""

    __tablename__ = "sale"

    code: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("item.id"))
    item: Mapped[Item] = relationship(back_populates="sales")
    rate: Mapped[int] = mapped_column(server_default="3")


class Odd(Base):
    """Column names that mean something else to WTForms."""

    __tablename__ = "odd"

    id: Mapped[int] = mapped_column(primary_key=True)
    data: Mapped[str | None] = mapped_column(sa.String(50))
    errors: Mapped[str | None] = mapped_column(sa.String(50))
    validate: Mapped[str | None] = mapped_column(sa.String(50))
    meta: Mapped[int | None]


class Paper(Base):
    """What is loaded late, what is JSON, and what Python has its own idea of."""

    __tablename__ = "paper"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(sa.String(60))
    body: Mapped[str | None] = mapped_column(sa.Text, deferred=True, deferred_raiseload=True)
    scan: Mapped[str | None] = mapped_column(sa.Text, deferred=True, deferred_raiseload=True)
    facts: Mapped[dict[str, Any] | None] = mapped_column(MutableDict.as_mutable(sa.JSON))
    rules: Mapped[Any] = mapped_column(sa.JSON, nullable=False, default=list)
    floor: Mapped[Any] = mapped_column(Floors)
    item_id: Mapped[int | None] = mapped_column(sa.ForeignKey("item.id"))
    item: Mapped[Item | None] = relationship()


class Note(Base):
    """Belongs to a paper."""

    __tablename__ = "note"

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int | None] = mapped_column(sa.ForeignKey("paper.id"))
    paper: Mapped[Paper | None] = relationship()
