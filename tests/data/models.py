"""A small shop's models, with every kind of key and relation that the data layer knows."""

from __future__ import annotations

import enum
import uuid
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import DeclarativeBase, Mapped, column_property, mapped_column, relationship, synonym

from appbuilder_lite.data.renders import renders


class Base(DeclarativeBase):
    metadata = sa.MetaData()


class Status(enum.Enum):
    NEW = "n"
    PAID = "p"


order_tag = sa.Table(
    "order_tag",
    Base.metadata,
    sa.Column("order_id", sa.ForeignKey("orders.id"), primary_key=True),
    sa.Column("tag_id", sa.ForeignKey("tag.id"), primary_key=True),
)


class Country(Base):
    __tablename__ = "country"

    code: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(40))

    def __str__(self) -> str:
        return self.name


class Customer(Base):
    __tablename__ = "customer"
    __table_args__ = (
        sa.CheckConstraint("score >= 0", name="score_not_negative"),
        sa.UniqueConstraint("first", "last"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    first: Mapped[str] = mapped_column(sa.String(20))
    last: Mapped[str] = mapped_column(sa.String(20), default="Doe")
    email: Mapped[str | None] = mapped_column("email_address", sa.String(60), unique=True)
    score: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    country_code: Mapped[str | None] = mapped_column(sa.ForeignKey("country.code"))
    country: Mapped[Country | None] = relationship()
    orders: Mapped[list[Order]] = relationship(back_populates="customer")
    login = synonym("email")

    def __str__(self) -> str:
        return f"{self.first} {self.last} of {self.country}"

    @property
    def initials(self) -> str:
        return self.first[0] + self.last[0]

    def shouted(self) -> str:
        return self.first.upper()

    @renders("score")
    def stars(self) -> str:
        return "*" * self.score

    @property
    @renders("email")
    def mail_link(self) -> str:
        return f"mailto:{self.email}"

    @hybrid_property
    def full_name(self) -> str:
        return self.first + " " + self.last


class Tag(Base):
    __tablename__ = "tag"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(20))

    def __str__(self) -> str:
        return self.name


class Order(Base):
    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(20))
    status: Mapped[Status | None]
    total: Mapped[Decimal | None] = mapped_column(sa.Numeric(10, 2))
    placed: Mapped[date | None]
    changed: Mapped[datetime | None]
    customer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("customer.id"))
    customer: Mapped[Customer | None] = relationship(back_populates="orders")
    tags: Mapped[list[Tag]] = relationship(secondary=order_tag, order_by=Tag.name.desc())
    lines: Mapped[list[Line]] = relationship(cascade="all, delete-orphan")


class Line(Base):
    __tablename__ = "line"

    order_id: Mapped[int] = mapped_column(sa.ForeignKey("orders.id"), primary_key=True)
    position: Mapped[str] = mapped_column(sa.String(5), primary_key=True)
    text: Mapped[str] = mapped_column(sa.Text, default="")
    notes: Mapped[list[Note]] = relationship()

    def __str__(self) -> str:
        return f"line {self.position}"


class Note(Base):
    """Refers to a composite key, and holds what SQLAlchemy cannot hash."""

    __tablename__ = "note"
    __table_args__ = (sa.ForeignKeyConstraint(["order_id", "position"], ["line.order_id", "line.position"]),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int | None]
    position: Mapped[str | None] = mapped_column(sa.String(5))
    facts: Mapped[dict[str, int] | None] = mapped_column(sa.JSON)
    line: Mapped[Line | None] = relationship(overlaps="notes")


class Employee(Base):
    """A tree."""

    __tablename__ = "employee"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(20))
    manager_id: Mapped[int | None] = mapped_column(sa.ForeignKey("employee.id"))
    manager: Mapped[Employee | None] = relationship(remote_side="Employee.id", back_populates="staff")
    staff: Mapped[list[Employee]] = relationship(back_populates="manager")

    def __str__(self) -> str:
        return self.name


class Document(Base):
    __tablename__ = "document"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    title: Mapped[str] = mapped_column(sa.String(20))


class Ticket(Base):
    """Counts its versions, and keeps its UUID as text."""

    __tablename__ = "ticket"

    id: Mapped[str] = mapped_column(sa.Uuid(as_uuid=False), primary_key=True, default=lambda: str(uuid.uuid4()))
    title: Mapped[str] = mapped_column(sa.String(20))
    version: Mapped[int] = mapped_column()
    length: Mapped[int | None] = mapped_column(sa.Computed("length(title)", persisted=True))
    __mapper_args__ = {"version_id_col": version}


class Reading(Base):
    """Has a hybrid that can be asked of a record only."""

    __tablename__ = "reading"

    id: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[float]

    @hybrid_property
    def doubled(self) -> float:
        return float(self.value) * 2


class Animal(Base):
    __tablename__ = "animal"
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "animal"}

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    name: Mapped[str] = mapped_column(sa.String(20))


class Cat(Animal):
    """In its parent's table."""

    __mapper_args__ = {"polymorphic_identity": "cat"}

    lives: Mapped[int | None]


class Dog(Animal):
    """In a table of its own, joined to its parent's."""

    __tablename__ = "dog"
    __mapper_args__ = {"polymorphic_identity": "dog"}

    id: Mapped[int] = mapped_column(sa.ForeignKey("animal.id"), primary_key=True)
    bark: Mapped[str] = mapped_column(sa.String(10))


Customer.order_count = column_property(
    sa.select(sa.func.count(Order.id)).where(Order.customer_id == Customer.id).scalar_subquery(), deferred=True
)
