"""The comparisons beside Flask-AppBuilder's, by the rows that they leave: limits, empty values, days and periods."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from appbuilder_lite import filters, text
from appbuilder_lite.data.filter_operators import PERIODS, operators_for
from appbuilder_lite.data.filter_values import column_value, whole_day
from appbuilder_lite.data.types import Column, Kind
from appbuilder_lite.errors import InvalidInput
from appbuilder_lite.text import Reader
from tests.data.conftest import Bind
from tests.data.models import Country, Customer, Order, Status, Tag

TIMES = [
    datetime(2024, 5, 30, 23, 59, 59),
    datetime(2024, 5, 31, 0, 0),
    datetime(2024, 5, 31, 23, 59, 59),
    datetime(2024, 6, 1, 0, 0),
]


@pytest.fixture
def orders(session: Session) -> None:
    ann = Customer(id=1, first="Ann", last="A", email="", country=Country(code="MT", name="Malta"))
    session.add_all(
        [
            Order(id=1, number="1", status=Status.NEW, total=10, placed=date(2024, 5, 31)),
            Order(id=2, number="2", customer=ann, total=20, placed=date(2024, 6, 1), tags=[Tag(id=1, name="red")]),
            Order(id=3, number="3", customer=Customer(id=2, first="Rémy", last="B", email="b@b.org"), total=30),
        ]
    )
    session.commit()


@pytest.mark.parametrize(
    ("filter_class", "column", "value", "ids"),
    [
        (filters.FilterGreaterEqual, "total", "20", [2, 3]),
        (filters.FilterSmallerEqual, "total", "20", [1, 2]),
        (filters.FilterGreaterEqual, "placed", "2024-06-01", [2]),
        (filters.FilterSmallerEqual, "placed", "2024-05-31", [1]),
        (filters.FilterEmpty, "placed", "yes", [3]),
        (filters.FilterEmpty, "placed", "no", [1, 2]),
        (filters.FilterEmpty, "customer.email", "yes", [1, 2]),
        (filters.FilterEmpty, "customer.email", "no", [3]),
        (filters.FilterEmpty, "tags.name", "yes", [1, 3]),
        (filters.FilterRelationEmpty, "customer", "yes", [1]),
        (filters.FilterRelationEmpty, "customer", "no", [2, 3]),
        (filters.FilterRelationEmpty, "tags", "no", [2]),
        (filters.FilterContains, "customer.first", "ÉM", [3]),
    ],
)
def test_rows_of_a_comparison(
    bind: Bind, orders: None, filter_class: type[filters.BaseFilter], column: str, value: str, ids: list[int]
) -> None:
    found = filter_class(column, bind(Order))
    found.check(value)
    assert sorted(bind.session.scalars(found.apply(sa.select(Order.id), value))) == ids


@pytest.mark.parametrize(
    ("filter_class", "value", "left"),
    [
        (filters.FilterEqual, "2024-05-31", [2, 3]),
        (filters.FilterNotEqual, "2024-05-31", [1, 4]),
        (filters.FilterGreater, "2024-05-31", [4]),
        (filters.FilterGreaterEqual, "2024-05-31", [2, 3, 4]),
        (filters.FilterSmaller, "2024-05-31", [1]),
        (filters.FilterSmallerEqual, "2024-05-31", [1, 2, 3]),
        (filters.FilterSmallerEqual, "2024-05-31T00:00:00", [1, 2]),
        (filters.FilterGreater, "2024-05-31T23:59:59", [4]),
    ],
)
def test_a_day_without_a_time_is_the_whole_day(
    bind: Bind, filter_class: type[filters.BaseFilter], value: str, left: list[int]
) -> None:
    bind.session.add_all([Order(id=number, number="", changed=written) for number, written in enumerate(TIMES, 1)])
    bind.session.commit()
    found = filter_class("changed", bind(Order))
    assert sorted(bind.session.scalars(found.apply(sa.select(Order.id), value))) == left


@pytest.mark.parametrize(
    ("filter_class", "column", "value"),
    [
        (filters.FilterGreaterEqual, "total", "ten"),
        (filters.FilterSmallerEqual, "placed", "2024-02-30"),
        (filters.FilterEmpty, "placed", "perhaps"),
        (filters.FilterWithin, "placed", "last_century"),
        (filters.FilterRelationEmpty, "customer", "perhaps"),
        (filters.FilterRelationOneToManyNotEqual, "customer", "nonsense"),
        (filters.FilterRelationNotIn, "tags", ["1", "nonsense"]),
        (filters.FilterIn, "id", ["1", "one"]),
    ],
)
def test_what_a_column_cannot_hold_is_refused(
    bind: Bind, filter_class: type[filters.BaseFilter], column: str, value: Any
) -> None:
    with pytest.raises(InvalidInput):
        filter_class(column, bind(Order)).check(value)


def test_every_kind_has_operators_by_name(bind: Bind) -> None:
    source = bind(Order)
    assert [*operators_for(source.columns["total"])] == ["eq", "gt", "lt", "neq", "in", "not_in", "gte", "lte", "empty"]
    assert [*operators_for(source.columns["placed"])][-4:] == ["gte", "lte", "empty", "within"]
    assert [*operators_for(source.relations["customer"])] == ["neq", "in", "not_in", "empty"]


@pytest.fixture
def auckland(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader whose day has begun thirteen hours before that of UTC."""
    reader = Reader(zone=timezone(timedelta(hours=13)))
    monkeypatch.setattr(text, "_finders", [lambda: reader])


def test_the_day_of_a_time_with_a_zone_is_the_readers(auckland: None) -> None:
    aware = Column("at", Kind.DATETIME, timezone=True)
    assert whole_day("2024-05-31", aware) == (
        datetime(2024, 5, 30, 11, tzinfo=UTC),
        datetime(2024, 5, 31, 11, tzinfo=UTC),
    )
    assert whole_day("2024-05-31", Column("at", Kind.DATETIME)) == (datetime(2024, 5, 31), datetime(2024, 6, 1))
    assert whole_day("2024-05-31T10:00", aware) is None


def test_the_first_and_the_last_day_there_is(auckland: None) -> None:
    aware = Column("at", Kind.DATETIME, timezone=True)
    with pytest.raises(InvalidInput):
        whole_day("0001-01-01", aware)
    last = whole_day("9999-12-31", Column("at", Kind.DATETIME))
    assert last == (datetime(9999, 12, 31), datetime.max)


def test_a_time_is_the_readers_and_a_zone_counts_where_it_is_kept(auckland: None) -> None:
    aware, naive = Column("at", Kind.DATETIME, timezone=True), Column("at", Kind.DATETIME)
    assert column_value("2024-05-31T10:00", aware) == datetime(2024, 5, 30, 21, tzinfo=UTC)
    assert column_value("2024-05-31T10:00+02:00", aware) == datetime(2024, 5, 31, 8, tzinfo=UTC)
    assert column_value("2024-05-31T10:00", naive) == datetime(2024, 5, 31, 10)
    with pytest.raises(InvalidInput):
        column_value("2024-05-31T10:00+02:00", naive)


@pytest.mark.parametrize("text", ["1e1001", "-1e9999999", "1e-99999", "9" * 1001, "0." + "1" * 1001, "NaN", "Infinity"])
def test_a_number_beyond_all_measure_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        column_value(text, Column("price", Kind.NUMERIC))


@given(st.dates(date(2, 1, 1), date(9998, 12, 31)))
def test_periods_hold_the_days_that_they_say(today: date) -> None:
    def days(period: str) -> list[date]:
        first, last = PERIODS[period](today)
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]

    assert days("today") == [today]
    assert days("yesterday") == [today - timedelta(days=1)]
    assert (len(days("last_7_days")), days("last_7_days")[-1]) == (7, today)
    assert (len(days("last_30_days")), days("last_30_days")[-1]) == (30, today)
    month = days("this_month")
    assert {(day.year, day.month) for day in month} == {(today.year, today.month)}
    assert (month[0].day, (month[-1] + timedelta(days=1)).day) == (1, 1)
    assert days("last_month")[-1] == month[0] - timedelta(days=1)
    assert days("last_month")[0].day == 1
    assert days("this_year")[0] == date(today.year, 1, 1)
    assert days("this_year")[-1] == date(today.year, 12, 31)
    assert (days("last_year")[0].timetuple().tm_yday, days("last_year")[-1]) == (
        1,
        days("this_year")[0] - timedelta(days=1),
    )
    assert {day.year for day in days("last_year")} == {today.year - 1}


@given(st.dates(date(2, 1, 1), date(9998, 11, 30)))
def test_periods_ahead_begin_with_today_and_those_behind_end_with_it(today: date) -> None:
    found = {name: PERIODS[name](today) for name in ("last_90_days", "tomorrow", "next_7_days", "next_30_days")}
    next_day = today + timedelta(days=1)
    assert found == {
        "last_90_days": (today - timedelta(days=89), today),
        "tomorrow": (next_day, next_day),
        "next_7_days": (today, today + timedelta(days=6)),
        "next_30_days": (today, today + timedelta(days=29)),
    }


def test_a_period_counts_from_the_readers_today(bind: Bind) -> None:
    today = datetime.now(UTC).replace(tzinfo=None)
    days = [today - timedelta(days=number) for number in (0, 6, 8)]
    # The day may end between the two clocks.
    noon = [datetime.combine(day.date(), time(12)) for day in days]
    bind.session.add_all([Order(id=number, number="", changed=written) for number, written in enumerate(noon, 1)])
    bind.session.commit()
    found = filters.FilterWithin("changed", bind(Order))
    left = set(bind.session.scalars(found.apply(sa.select(Order.id), "last_7_days")))
    assert 1 in left
    assert 3 not in left
