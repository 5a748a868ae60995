"""Filters of columns whose types are a host's own: what is offered finds what the loaded values say."""

from __future__ import annotations

import enum
import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column

from appbuilder_lite.data.filter_operators import operators_for
from appbuilder_lite.data.filter_values import column_value
from appbuilder_lite.data.sqla_held import held_by
from appbuilder_lite.data.sqla_model import SQLAInterface
from appbuilder_lite.data.types import Kind

SAME = {"eq", "neq", "in", "not_in", "empty"}
LIMITED = SAME | {"gt", "lt", "gte", "lte"}
TEXT = SAME | {"ct", "nct", "sw", "nsw", "ew", "new"}
_salts = itertools.count()


class Floor(enum.Enum):
    CELLAR = -1
    GROUND = 0


def decorator(
    impl: Any, store: Callable[[Any], Any] | None = None, load: Callable[[Any], Any] | None = None, **attributes: Any
) -> Any:
    """A type of the host's own that stores and loads values so; None stays None."""

    def made(function: Callable[[Any], Any]) -> Any:
        return lambda self, value, _dialect: None if value is None else function(value)

    methods = {"process_bind_param": store, "process_result_value": load}
    own = {name: made(function) for name, function in methods.items() if function is not None}
    return type("Own", (sa.TypeDecorator,), {"impl": impl, "cache_ok": True, **own, **attributes})()


class Annotated(sa.TypeDecorator[Floor]):
    impl = sa.Integer
    cache_ok = True

    def process_bind_param(self, value: Floor | None, dialect: sa.Dialect) -> Any:
        return None if value is None else value.value

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Floor | None:
        return None if value is None else Floor(value)


def even(value: int) -> int:
    if value % 2:
        raise ValueError("odd")
    return value


def utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise TypeError("a time without a zone")
    return value.astimezone(UTC).replace(tzinfo=None)


def fail(_value: Any) -> Any:
    raise RuntimeError("Working outside of application context")


DAYS = [datetime(2024, 5, day, 12, tzinfo=UTC) for day in (1, 2, 3)]
NOON = [day.replace(tzinfo=None) for day in DAYS]
# A type, its values, the texts to compare with, and the operators that are offered.
TYPES: dict[str, tuple[Any, list[Any], list[str], set[str]]] = {
    "plain": (decorator(sa.String(40)), ["Ab", "b", ""], ["ab", "B"], TEXT),
    "upper": (decorator(sa.String(40), str.upper), ["AB", "B", ""], ["ab", "B"], TEXT),
    "even": (decorator(sa.Integer, even), [2, 4, -6], ["2", "4"], LIMITED),
    "reversed": (
        decorator(sa.String(40), lambda text: text[::-1], lambda text: text[::-1]),
        ["abc", "cba", ""],
        ["abc", "ab"],
        SAME,
    ),
    "listed": (decorator(sa.String(40), ",".join, lambda text: text.split(",")), [["a"], ["a", "b"]], ["a"], {"empty"}),
    "salted": (
        decorator(sa.String(40), lambda text: f"{next(_salts)}:{text}", lambda text: text.partition(":")[2]),
        ["a", "b"],
        ["a"],
        {"empty"},
    ),
    "anything": (decorator(sa.String(40), repr, eval), ["a", 1, [2]], ["a", "1"], {"empty"}),
    "failing": (decorator(sa.String(40), fail, str), [None], ["a"], {"empty"}),
    "cents": (
        decorator(sa.Integer, lambda value: int(value * 100), lambda value: Decimal(value) / 100),
        [Decimal("1.5"), Decimal(-2), Decimal("0.01")],
        ["1.5", "-2", "0"],
        LIMITED,
    ),
    "debt": (
        decorator(sa.Integer, lambda value: -int(value), lambda value: -value),
        [3, -3, 0],
        ["3", "0"],
        SAME,
    ),
    "flag": (
        decorator(sa.String(1), lambda value: "Y" if value else "N", lambda text: text == "Y"),
        [True, False],
        ["yes", "no"],
        SAME,
    ),
    "guid": (
        decorator(sa.String(32), lambda value: UUID(str(value)).hex, UUID),
        [UUID(int=7), UUID(int=8)],
        [str(UUID(int=7))],
        SAME,
    ),
    "annotated": (Annotated(), [*Floor], ["CELLAR"], SAME),
    "named": (
        decorator(sa.Integer, lambda member: member.value, Floor, members=Floor),
        [*Floor],
        ["GROUND"],
        SAME,
    ),
    "unnamed": (decorator(sa.Integer, lambda member: member.value, Floor), [*Floor], ["GROUND"], {"empty"}),
    "utc": (
        decorator(sa.DateTime, utc, lambda value: value.replace(tzinfo=UTC)),
        DAYS,
        [day.isoformat() for day in DAYS],
        LIMITED | {"within"},
    ),
    "moment": (
        decorator(sa.DateTime),
        NOON,
        [day.isoformat() for day in NOON],
        LIMITED - {"in", "not_in"} | {"within"},
    ),
    "span": (
        sa.Interval(),
        [timedelta(hours=-1), timedelta(0), timedelta(days=40, minutes=1)],
        ["-1h", "0s", "40d", "40d 1m"],
        LIMITED,
    ),
}

TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda held, asked: held == asked,
    "neq": lambda held, asked: held != asked,
    "in": lambda held, asked: held == asked,
    "not_in": lambda held, asked: held != asked,
    "gt": lambda held, asked: held > asked,
    "lt": lambda held, asked: held < asked,
    "gte": lambda held, asked: held >= asked,
    "lte": lambda held, asked: held <= asked,
    "ct": lambda held, asked: asked.lower() in held.lower(),
    "nct": lambda held, asked: asked.lower() not in held.lower(),
    "sw": lambda held, asked: held.lower().startswith(asked.lower()),
    "nsw": lambda held, asked: not held.lower().startswith(asked.lower()),
    "ew": lambda held, asked: held.lower().endswith(asked.lower()),
    "new": lambda held, asked: not held.lower().endswith(asked.lower()),
}


class Base(DeclarativeBase):
    pass


class Thing(Base):
    __tablename__ = "thing"
    id = mapped_column(sa.Integer, primary_key=True)
    for _name, (_type, *_rest) in TYPES.items():
        locals()[_name] = mapped_column(_type)


@pytest.fixture
def source(database_url: str) -> Iterator[SQLAInterface]:
    engine = sa.create_engine(database_url)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Thing(id=1), *_things()])
        session.commit()
        yield SQLAInterface(Thing).bind(session)
    engine.dispose()


def _things() -> Iterator[Thing]:
    """Rows in which each column has each of its values."""
    most = max(len(values) for _type, values, _texts, _offered in TYPES.values())
    for number in range(most):
        yield Thing(id=number + 2, **{name: found[1][number % len(found[1])] for name, found in TYPES.items()})


def found(source: SQLAInterface, name: str, operator: str, value: Any) -> list[int]:
    filter_ = operators_for(source.columns[name])[operator](name, source)
    filter_.check(value)
    return sorted(source.session.scalars(filter_.apply(sa.select(Thing.id), value)))


@pytest.mark.parametrize("name", TYPES)
def test_what_is_offered_finds_what_the_loaded_values_say(source: SQLAInterface, name: str) -> None:
    _type, _values, texts, offered = TYPES[name]
    column = source.columns[name]
    assert set(operators_for(column)) == offered
    held = {item.id: getattr(item, name) for item in source.session.scalars(sa.select(Thing))}
    for operator, text in itertools.product(offered & TESTS.keys(), texts):
        asked = column_value(text, column.compared)
        if name == "upper" and operator in SAME:
            asked = asked.upper()
        expected = [key for key, value in held.items() if value is not None and TESTS[operator](value, asked)]
        value = [text] if operator in ("in", "not_in") else text
        if name == "plain" and operator in SAME and source.session.bind.dialect.name == "mysql":
            continue  # whose collation takes cases for one
        assert found(source, name, operator, value) == sorted(expected), (operator, text)
    blank = [key for key, value in held.items() if value is None or (value == "" and "ct" in offered)]
    assert found(source, name, "empty", "yes") == blank
    assert found(source, name, "empty", "no") == [key for key in held if key not in blank]


def test_a_day_is_the_whole_day_where_the_order_is_kept(source: SQLAInterface) -> None:
    assert found(source, "utc", "eq", "2024-05-02") == [3]
    assert found(source, "moment", "lte", "2024-05-02") == [2, 3]


def test_what_sql_makes_of_values_is_not_guessed() -> None:
    secret = decorator(
        sa.String(40), str.upper, str.lower, bind_expression=lambda self, value: sa.func.encrypt(value, type_=self)
    )
    assert (held := held_by(secret)) is not None
    assert held.kind is Kind.OTHER
    assert held_by(sa.String(40)) is None
