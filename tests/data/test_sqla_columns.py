"""What a mapper tells of its columns and relations."""

from __future__ import annotations

import datetime as dt
import enum
import functools
import uuid
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry

from appbuilder_lite.data.sqla_entity import Entity
from appbuilder_lite.data.sqla_types import kind_of, range_of
from appbuilder_lite.data.types import Cardinality, Column, Kind
from tests.data.models import Customer, Dog, Employee, Line, Note, Order, Status, Tag, Ticket


class Size(enum.Enum):
    VERY_LARGE = 1


class Callable4:
    def __call__(self) -> int:
        return 4


class Encoded(sa.TypeDecorator[str]):
    impl = sa.String(7)
    cache_ok = True

    def process_result_value(self, value: Any, _dialect: Any) -> Any:
        return None if value is None else value.upper()


class Wrapped(sa.TypeDecorator[str]):
    impl = sa.String(7)
    cache_ok = True


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        (sa.String(3), Kind.STRING),
        (sa.Unicode(3), Kind.STRING),
        (sa.Text(), Kind.TEXT),
        (mysql.LONGTEXT(), Kind.TEXT),
        (postgresql.CITEXT(), Kind.TEXT),
        (sa.Integer(), Kind.INTEGER),
        (sa.BigInteger().with_variant(sa.Integer, "sqlite"), Kind.INTEGER),
        (sa.Float(), Kind.FLOAT),
        (sa.Double(), Kind.FLOAT),
        (sa.Numeric(5, 2), Kind.NUMERIC),
        (sa.Boolean(), Kind.BOOLEAN),
        (sa.Date(), Kind.DATE),
        (sa.Time(), Kind.TIME),
        (sa.DateTime(), Kind.DATETIME),
        (sa.Interval(), Kind.INTERVAL),
        (postgresql.INTERVAL(), Kind.INTERVAL),
        (sa.Enum("a", "b"), Kind.ENUM),
        (sa.Uuid(), Kind.UUID),
        (sa.JSON(), Kind.JSON),
        (postgresql.JSONB(), Kind.JSON),
        (sa.LargeBinary(), Kind.BINARY),
        (mysql.LONGBLOB(), Kind.BINARY),
        (sa.PickleType(), Kind.OTHER),
        (postgresql.INET(), Kind.OTHER),
        (mysql.SET("a", "b"), Kind.OTHER),
        (sa.ARRAY(sa.Integer), Kind.ARRAY),
        (Wrapped(), Kind.STRING),
        (postgresql.DOMAIN("d", sa.Numeric(5, 2)), Kind.NUMERIC),
        (postgresql.DOMAIN("d", postgresql.DOMAIN("e", sa.String(3))), Kind.STRING),
        (postgresql.DOMAIN("d", postgresql.JSONB), Kind.OTHER),
    ],
)
def test_the_kind_of_a_type(type_: Any, kind: Kind) -> None:
    assert kind_of(type_) is kind


@pytest.mark.parametrize(
    ("type_", "limits"),
    [
        (sa.SmallInteger(), (-(2**15), 2**15 - 1)),
        (sa.Integer(), (-(2**31), 2**31 - 1)),
        (sa.BigInteger(), (-(2**63), 2**63 - 1)),
        (postgresql.DOMAIN("d", sa.SmallInteger), (-(2**15), 2**15 - 1)),
        (mysql.TINYINT(), (-128, 127)),
        (mysql.INTEGER(unsigned=True), (0, 2**32 - 1)),
        (sa.String(), (None, None)),
    ],
)
def test_the_range_of_an_integer(type_: Any, limits: tuple[int | None, int | None]) -> None:
    assert range_of(type_) == limits


def test_columns_come_in_the_tables_order_and_expressions_last() -> None:
    assert list(Entity(Customer).columns) == ["id", "first", "last", "email", "score", "country_code", "order_count"]


def test_what_a_column_says_of_itself() -> None:
    columns = Entity(Customer).columns
    assert columns["first"] == Column("first", Kind.STRING, nullable=False, max_length=20)
    assert columns["last"].has_default
    assert columns["last"].default == "Doe"
    assert columns["email"].unique
    assert columns["email"].nullable
    assert columns["country_code"].foreign_key
    assert not columns["country_code"].unique
    assert not columns["order_count"].writable


def test_a_generated_key_has_a_default() -> None:
    key = Entity(Customer).columns["id"]
    assert key.primary_key
    assert key.unique
    assert key.has_default
    assert not Entity(Line).columns["position"].has_default
    assert not Entity(Line).columns["position"].unique


def test_numbers_and_enums_tell_their_limits() -> None:
    columns = Entity(Order).columns
    assert (columns["total"].precision, columns["total"].scale) == (10, 2)
    assert columns["status"].choices == ((Status.NEW, "New"), (Status.PAID, "Paid"))


def test_what_the_mapper_or_the_database_writes_is_not_writable() -> None:
    columns = Entity(Ticket).columns
    assert not columns["version"].writable
    assert columns["version"].has_default
    assert not columns["length"].writable
    assert columns["title"].writable
    assert not Entity(Dog).columns["kind"].writable


def test_details_that_only_a_table_tells() -> None:
    class Base(DeclarativeBase):
        pass

    class Thing(Base):
        __tablename__ = "thing"
        __table_args__ = (
            sa.UniqueConstraint("code"),
            sa.Index("by_name", "name", unique=True),
            sa.UniqueConstraint("a", "b"),
        )

        id: Mapped[int] = mapped_column(sa.Identity(always=True), primary_key=True)
        code: Mapped[str]
        name: Mapped[str]
        a: Mapped[int]
        b: Mapped[Decimal] = mapped_column(server_default="1")
        at: Mapped[Any] = mapped_column(sa.DateTime(timezone=True))
        size: Mapped[Size]

    columns = Entity(Thing).columns
    assert [name for name, column in columns.items() if column.unique] == ["id", "code", "name"]
    assert not columns["id"].writable
    assert columns["b"].has_default
    assert columns["b"].default == 1
    assert columns["at"].timezone
    assert columns["size"].choices == ((Size.VERY_LARGE, "Very Large"),)


def test_relations_and_their_ends() -> None:
    customer, order = Entity(Customer).relations, Entity(Order).relations
    assert customer["orders"].cardinality is Cardinality.ONE_TO_MANY
    assert customer["orders"].local_columns == ()
    assert order["customer"].cardinality is Cardinality.MANY_TO_ONE
    assert order["customer"].target is Customer
    assert order["customer"].local_columns == ("customer_id",)
    assert order["customer"].nullable
    assert order["tags"].cardinality is Cardinality.MANY_TO_MANY
    assert order["tags"].target is Tag
    assert Entity(Employee).relations["manager"].local_columns == ("manager_id",)
    assert Entity(Note).relations["line"].local_columns == ("order_id", "position")


def test_joined_inheritance_has_one_key() -> None:
    dog = Entity(Dog)
    assert dog.key_columns == ("id",)
    assert list(dog.columns) == ["id", "kind", "name", "bark"]


def _keyed(*parts: Any, key: str = "code", nullable: bool = False) -> Entity:
    """A table with the columns `code` and `number`, and a class that says which of them are its key."""

    class Base(DeclarativeBase):
        pass

    columns = sa.Column("code", sa.String(9), nullable=nullable), sa.Column("number", sa.Integer)
    table = sa.Table("thing", Base.metadata, *columns, *parts)
    mapped = {"__table__": table, "__mapper_args__": {"primary_key": [table.c[name] for name in key.split(",")]}}
    return Entity(type("Thing", (Base,), mapped))


@pytest.mark.parametrize(
    ("parts", "key", "nullable", "is_key"),
    [
        ([], "code", False, False),
        ([sa.UniqueConstraint("code")], "code", False, True),
        ([sa.UniqueConstraint("code")], "code,number", False, True),
        ([sa.UniqueConstraint("code", "number")], "code", False, False),
        ([sa.Index("one", "code", unique=True)], "code", False, True),
        ([sa.Index("one", "code", unique=True, sqlite_where=sa.text("number > 0"))], "code", False, False),
        ([sa.Index("one", "code", unique=True, postgresql_where=sa.text("number > 0"))], "code", False, False),
        ([sa.Index("one", "code", sa.text("lower(number)"), unique=True)], "code", False, False),
        ([sa.Column("id", sa.Integer, primary_key=True)], "id", False, True),
        ([sa.Column("id", sa.Integer, primary_key=True)], "code", False, False),
        # A row of which the whole key is NULL is no record; with a part that is not, it is one.
        ([sa.UniqueConstraint("code")], "code", True, True),
        ([sa.UniqueConstraint("code")], "code,number", True, False),
    ],
)
def test_what_tells_the_rows_apart_holds_for_all_of_them(
    parts: list[Any], key: str, nullable: bool, is_key: bool
) -> None:
    assert _keyed(*parts, key=key, nullable=nullable).has_own_key is is_key


def test_a_column_that_is_unique_in_some_rows_is_not_unique() -> None:
    whole = sa.Index("one", "code", unique=True)
    partial = sa.Index("one", "code", unique=True, sqlite_where=sa.text("number > 0"))
    assert [_keyed(index).columns["code"].unique for index in (whole, partial)] == [True, False]


@pytest.mark.parametrize(
    ("type_", "given", "value"),
    [
        (sa.Integer(), "3", 3),
        (sa.Integer(), sa.text("-3"), -3),
        (sa.Integer(), sa.text(" '3'::integer"), 3),
        (sa.Integer(), "3.5", None),
        (sa.SmallInteger(), "70000", None),
        (sa.Integer(), sa.text("nextval('a_seq')"), None),
        (sa.Numeric(5, 2), "1.50", Decimal("1.50")),
        (sa.Numeric(5, 2), "1.555", None),
        (sa.Float(), sa.text("0.5"), 0.5),
        (sa.Boolean(), sa.true(), True),
        (sa.Boolean(), sa.false(), False),
        (sa.Boolean(), sa.text("0"), False),
        (sa.Boolean(), "TRUE", True),
        (sa.Boolean(), "maybe", None),
        (sa.String(5), "new", "new"),
        (sa.String(5), "", ""),
        (sa.String(5), sa.literal("new"), "new"),
        (sa.String(5), sa.text("'it''s'::character varying"), "it's"),
        (sa.String(5), sa.text("CURRENT_USER"), None),
        (sa.String(5), sa.text(r"'a\\b'"), None),
        (sa.String(2), "new", None),
        (sa.Enum(Size), "VERY_LARGE", Size.VERY_LARGE),
        (sa.Enum(Size, values_callable=lambda found: [str(one.value) for one in found]), "1", Size.VERY_LARGE),
        (sa.Enum(Size), "TINY", None),
        (sa.Date(), "2024-02-29", dt.date(2024, 2, 29)),
        (sa.Date(), "today", None),
        (sa.Time(), "01:02:03", dt.time(1, 2, 3)),
        (sa.DateTime(), "2024-02-29 01:02:03", dt.datetime(2024, 2, 29, 1, 2, 3)),
        (sa.DateTime(timezone=True), "2024-02-29 01:02:03", None),
        (sa.DateTime(), sa.func.now(), None),
        (sa.Uuid(), "6f1d6a8e-5b0c-4d6c-8e7a-0a1b2c3d4e5f", uuid.UUID("6f1d6a8e-5b0c-4d6c-8e7a-0a1b2c3d4e5f")),
        (sa.JSON(), "{}", None),
        (Encoded(), "a", None),
        (sa.String(5), sa.FetchedValue(), None),
    ],
)
def test_a_default_of_the_database_is_known_where_it_is_exactly_a_value(type_: Any, given: Any, value: Any) -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True))
    table.append_column(sa.Column("x", type_, server_default=given))

    class Thing(registry().generate_base()):  # type: ignore[misc]  # the base is made at run time
        __table__ = table

    column = Entity(Thing).columns["x"]
    assert column.has_default
    assert column.default == value
    assert type(column.default) is type(value)


@pytest.mark.parametrize(
    ("function", "made"),
    [
        (lambda: 1, 1),
        (functools.partial(int, "2"), 2),
        (list, []),
        (lambda one=3: one, 3),
        (Callable4(), 4),
        (lambda context: context.current_parameters, None),
    ],
)
def test_a_function_that_needs_no_context_makes_a_default(function: Any, made: Any) -> None:
    class Thing(registry().generate_base()):  # type: ignore[misc]  # the base is made at run time
        __tablename__ = "thing"
        id = sa.Column(sa.Integer, primary_key=True)
        x = sa.Column(sa.Integer, default=function)

    column = Entity(Thing).columns["x"]
    assert (column.has_default, column.default) == (True, None)
    assert (None if column.make_default is None else column.make_default()) == made
