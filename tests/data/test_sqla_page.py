"""Pages that begin after a row and end before one: nothing is skipped, nothing comes twice, whatever the order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, foreign, mapped_column, relationship

from appbuilder_lite.data.query import Count, ListQuery, Order, Page
from appbuilder_lite.data.sqla_counts import count as counted_together
from appbuilder_lite.data.sqla_counts import counting
from appbuilder_lite.data.sqla_model import SQLAInterface
from appbuilder_lite.data.sqla_order import terms_of
from appbuilder_lite.data.sqla_paths import Joins
from appbuilder_lite.errors import InvalidInput
from tests.conftest import CountStatements
from tests.data import models
from tests.data.conftest import Bind, everything
from tests.data.models import Country, Customer, Document, Line, Reading, Tag, Ticket

# Ties, rows without a value, and texts that a collation takes for the same one.
WORDS = ["a", "A", "b", "B", "ä", "ab", "a b", "", "~", "_", "1", "O'Brien"]
ROW = st.fixed_dictionaries(
    {
        "number": st.sampled_from(WORDS),
        "status": st.sampled_from([None, *models.Status]),
        "total": st.sampled_from([None, Decimal("-1.50"), Decimal("0.10"), Decimal("0.30"), Decimal(10)]),
        "placed": st.sampled_from([None, date(1999, 12, 31), date(2024, 2, 29)]),
        "changed": st.sampled_from([None, datetime(2024, 1, 1), datetime(2024, 1, 1, 12, 30, 59)]),  # as it is stored
        "customer_id": st.sampled_from([None, 1, 2, 3]),
    }
)
COLUMNS = ["id", "number", "status", "total", "placed", "changed", "customer.first", "customer.country.name"]
ORDERS = st.lists(
    st.builds(Order, st.sampled_from([*COLUMNS, "customer.score", "customer.full_name"]), st.booleans()),
    max_size=3,
    unique_by=lambda order: order.path,
).map(tuple)
RARELY = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def customers(session: Session) -> None:
    """Three customers of two countries, one of them of none."""
    session.add_all([Country(code="MT", name="Malta"), Country(code="FJ", name="Fiji")])
    session.flush()
    for number, (name, country) in enumerate([("ann", "MT"), ("Ann", "FJ"), ("bob", None)], 1):
        session.add(Customer(id=number, first=name, last=str(number), country_code=country))
    session.commit()


def _filled(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    session.execute(sa.delete(models.Order))
    for number, row in enumerate(rows, 1):
        session.execute(sa.insert(models.Order).values(id=number, **row))
    session.commit()


def _reader(source: Any, columns: Sequence[str]) -> Any:
    plan = source.compile_list(columns)
    return lambda query: source.list(plan, query, everything, ())


def _onwards(read: Any, query: ListQuery) -> Iterator[Page]:
    """The pages from the first one on, each by the position that the one before it ends at."""
    page = read(query)
    yield page
    while page.has_next:
        assert page.tail or not page.rows, "there is no position to go on from"
        page = read(replace(query, page=page.number + 1, after=page.tail))
        yield page


def _back(read: Any, query: ListQuery, page: Page) -> Iterator[Page]:
    while page.has_previous:
        page = read(replace(query, page=page.number - 1, before=page.head))
        yield page


def _keys(pages: Sequence[Page]) -> list[list[str]]:
    return [[row.key for row in page.rows] for page in pages]


def _can_go_on(session: Session, orders: Sequence[Order]) -> bool:
    """MariaDB sorts its choices by their number, but compares their texts."""
    return session.get_bind().dialect.name != "mysql" or all(order.path != "status" for order in orders)


@RARELY
@given(
    rows=st.lists(ROW, max_size=25), orders=ORDERS, size=st.integers(1, 7), columns=st.sampled_from([["id"], COLUMNS])
)
def test_next_goes_through_all_rows_in_order_and_previous_back_again(
    bind: Bind,
    session: Session,
    customers: None,
    rows: list[dict[str, Any]],
    orders: tuple[Order, ...],
    size: int,
    columns: list[str],
) -> None:
    orders = orders if _can_go_on(session, orders) else ()
    _filled(session, rows)
    read = _reader(bind(models.Order), columns)
    whole = [row.key for row in read(ListQuery(order=orders, page_size=1000)).rows]
    assert len(whole) == len(rows)
    query = ListQuery(order=orders, page_size=size)
    pages = list(_onwards(read, query))
    assert _keys(pages) == [whole[start : start + size] for start in range(0, len(whole), size)] or not whole
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))
    assert [page.first for page in pages if page.rows] == list(range(1, len(whole) + 1, size))
    assert _keys(list(_back(read, query, pages[-1]))) == _keys(pages[-2::-1])
    assert _keys([read(replace(query, page=number)) for number in range(1, len(pages) + 1)]) == _keys(pages)


@RARELY
@given(data=st.data(), orders=ORDERS, size=st.integers(1, 5))
def test_rows_that_come_and_go_between_two_pages_move_no_other_row(
    bind: Bind, session: Session, customers: None, data: st.DataObject, orders: tuple[Order, ...], size: int
) -> None:
    orders = orders if _can_go_on(session, orders) else ()
    rows = data.draw(st.lists(ROW, min_size=size + 1, max_size=20))
    _filled(session, rows)
    read = _reader(bind(models.Order), ["number"])
    query = ListQuery(order=orders, page_size=size)
    before = [row.key for row in read(replace(query, page_size=1000)).rows]
    first = read(query)
    gone = data.draw(st.sets(st.sampled_from(before), max_size=len(before) - 1))
    session.execute(sa.delete(models.Order).where(models.Order.id.in_(map(int, gone))))
    for number, row in enumerate(data.draw(st.lists(ROW, max_size=5)), len(rows) + 1):
        session.execute(sa.insert(models.Order).values(id=number, **row))
    session.commit()
    later = [row.key for page in _onwards(read, replace(query, page=2, after=first.tail)) for row in page.rows]
    stayed = [key for key in before[size:] if key not in gone]
    if stayed:
        assert [key for key in later if key in before] == stayed
    assert len(set(later)) == len(later)


@pytest.mark.parametrize(
    ("model", "rows", "orders"),
    [
        (Document, [{"title": title} for title in "ABCDEFG"], []),
        (Ticket, [{"title": title, "version": 1} for title in "ABCDEFG"], ["title"]),
        (Line, [{"order_id": 1, "position": str(number), "text": "x"} for number in range(7)], ["text"]),
        (Country, [{"code": f"{number},~é", "name": "same"} for number in range(7)], ["name"]),
    ],
    ids=["uuid", "text uuid", "composite", "text"],
)
def test_keys_of_any_kind_break_ties(
    bind: Bind, session: Session, model: Any, rows: list[dict[str, Any]], orders: list[str]
) -> None:
    session.add(models.Order(id=1, number="1"))
    session.flush()
    session.add_all([model(**row) for row in rows])
    session.commit()
    read = _reader(bind(model), list(rows[0]))
    query = ListQuery(order=tuple(Order(path, descending=True) for path in orders), page_size=2)
    whole = [row.key for row in read(replace(query, page_size=100)).rows]
    pages = list(_onwards(read, query))
    assert [key for keys in _keys(pages) for key in keys] == whole
    assert len(whole) == 7
    assert _keys(list(_back(read, query, pages[-1]))) == _keys(pages[-2::-1])


def test_points_in_time_are_compared_as_sqlite_stores_them(bind: Bind, session: Session) -> None:
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("only SQLite has several texts for one point in time")
    for number in range(1, 8):
        text = "2024-01-01 10:00:00" + (".000000" if number % 2 else "")
        session.execute(
            sa.text(f"INSERT INTO orders (id, number, changed) VALUES ({number}, 'x', '{text}')")
        )  # our own
    session.commit()
    read = _reader(bind(models.Order), ["number"])
    query = ListQuery(order=(Order("changed"),), page_size=2)
    assert [key for keys in _keys(list(_onwards(read, query))) for key in keys] == ["2", "4", "6", "1", "3", "5", "7"]


def test_what_does_not_come_back_exactly_is_no_position(bind: Bind, session: Session) -> None:
    session.add_all([Reading(id=number, value=number / 3) for number in range(1, 6)])
    session.commit()
    read = _reader(bind(Reading), ["value"])
    query = ListQuery(order=(Order("value"),), page_size=2)
    page = read(query)
    assert page.has_next
    assert bool(page.tail) is (session.get_bind().dialect.name == "sqlite")
    # Such a page is found by its number.
    following = read(replace(query, page=2, after=page.tail or "nonsense"))
    assert _keys([following]) == [["3", "4"]]


def test_a_long_text_is_no_position(bind: Bind, session: Session) -> None:
    session.add(
        models.Order(id=1, number="1", lines=[Line(position=str(number), text="x" * 400) for number in range(3)])
    )
    session.commit()
    page = _reader(bind(Line), ["text"])(ListQuery(order=(Order("text"),), page_size=1))
    assert (page.has_next, page.tail) == (True, "")


@pytest.fixture
def tags(session: Session) -> None:
    session.add_all([Tag(id=number, name="same") for number in range(1, 31)])
    session.commit()


@pytest.mark.parametrize(
    "text", ["", "x", "7,8,9", "7", "~", "~,~", "_a", "_a,x", "_a,01", "_a,1e999", "~n,99999999999999999999", "9" * 301]
)
@pytest.mark.parametrize("name", ["after", "before"])
def test_nonsense_is_no_place_in_the_list(bind: Bind, tags: None, session: Session, name: str, text: str) -> None:
    read = _reader(bind(Tag), ["name"])
    asked: dict[str, Any] = {name: text}
    query = ListQuery(order=(Order("name"),), page_size=7, **asked)
    if not text:
        assert read(query).number == 1
        return
    with pytest.raises(InvalidInput) as caught:
        read(query)
    assert caught.value.parameter == name
    assert read(ListQuery(page_size=7)).total == 30


def test_a_page_by_a_position_skips_nothing_in_sql_and_has_the_shape_of_the_first(
    bind: Bind, tags: None, session: Session
) -> None:
    read = _reader(bind(Tag), ["name"])
    query = ListQuery(order=(Order("name"),), page_size=7)
    seen: list[tuple[str, Any]] = []
    engine = session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", lambda *given: seen.append((given[2], given[3])))
    pages = [read(query)]
    for number in range(2, 5):
        pages.append(read(replace(query, page=number, after=pages[-1].tail)))
    pages.append(read(replace(query, page=3, before=pages[-1].head)))
    assert [page.first for page in pages] == [1, 8, 15, 22, 15]
    assert len(seen) == 2 * len(pages)
    for text, parameters in seen:
        # SQLite's way to skip nothing.
        skipped = 0 if "OFFSET" not in text else parameters[-1] if engine.dialect.name == "sqlite" else "something"
        assert skipped == 0, text
    rows = [_plain(text) for text, _parameters in seen[::2]]
    before, _where, after = rows[2].partition("WHERE")
    assert before + after[after.index("ORDER BY") :] == rows[0]
    assert rows[1] == rows[2] == rows[3]


def _plain(text: str) -> str:
    """A statement without the numbers of its parameters."""
    return "".join(letter for letter in " ".join(text.split()) if not letter.isdigit())


def test_the_keys_alone_are_sorted_and_skipped_where_others_are_joined(
    bind: Bind, customers: None, session: Session, count_statements: CountStatements
) -> None:
    session.add_all([models.Order(id=number, number=str(number), customer_id=1) for number in range(1, 10)])
    session.commit()
    read = _reader(bind(models.Order), ["number", "customer.first"])
    with count_statements() as seen:
        page = read(ListQuery(page=2, page_size=4))
    assert [row.values for row in page.rows] == [(str(number), "ann") for number in range(5, 9)]
    text = " ".join(seen.texts[-1].split())
    inner = text[text.index("(SELECT") : text.index(") AS anon")]
    assert "OFFSET" in inner or "LIMIT" in inner
    assert "customer" not in inner.replace("customer_id", "")


class TestPlaces:
    """What is told of a page where rows have come and gone."""

    @pytest.fixture
    def read(self, bind: Bind, tags: None) -> Any:
        return _reader(bind(Tag), ["name"])

    def test_the_last_page_ends_at_the_last_row(self, read: Any) -> None:
        page = read(ListQuery(page=2, page_size=7, after="25"))
        assert (page.first, page.last, page.total, page.number, page.has_next) == (26, 30, 30, 5, False)

    def test_the_first_page_is_a_whole_one(self, read: Any) -> None:
        page = read(ListQuery(page=3, page_size=7, before="5"))
        assert _keys([page]) == [[str(number) for number in range(1, 8)]]
        assert (page.number, page.has_previous, page.has_next) == (1, False, True)
        page = read(ListQuery(page=3, page_size=7, before="8"))
        assert (page.first, page.number, page.has_previous) == (1, 1, False)

    def test_where_nothing_comes_after_a_row_the_last_ones_are_shown(self, read: Any) -> None:
        page = read(ListQuery(page=5, page_size=7, after="30"))
        assert _keys([page]) == [[str(number) for number in range(24, 31)]]
        assert (page.first, page.last, page.has_previous, page.has_next) == (24, 30, True, False)

    def test_an_empty_list_has_no_place(self, bind: Bind, session: Session) -> None:
        read = _reader(bind(Tag), ["name"])
        for query in (ListQuery(), ListQuery(after="7"), ListQuery(before="7")):
            page = read(query)
            assert (list(page.rows), page.total, page.first, page.number, page.has_next) == ([], 0, 0, 1, False)
            assert not page.has_previous


def test_rows_without_a_value_are_asked_for_by_themselves(
    bind: Bind, session: Session, count_statements: CountStatements
) -> None:
    session.add_all([models.Order(id=number, number="1", placed=date(2024, 1, number)) for number in range(1, 7)])
    session.add_all([models.Order(id=number, number="1") for number in range(7, 13)])
    session.commit()
    # The way in which they come last: they are the greatest of all on PostgreSQL, and the least elsewhere.
    is_greatest = session.get_bind().dialect.name == "postgresql"
    read = _reader(bind(models.Order), ["number"])
    query = ListQuery(order=(Order("placed", descending=not is_greatest),), page_size=4)
    with count_statements() as seen:
        pages = list(_onwards(read, query))
    assert [len(page.rows) for page in pages] == [4, 4, 4]
    assert {key for keys in _keys(pages)[1:] for key in keys} >= {str(number) for number in range(7, 13)}
    # Each page is counted; the second one is in two parts.
    assert len(seen) == 3 + 4, seen
    assert not [text for text in seen.texts[1:] if " OR orders.placed IS NULL" in text]


def test_nothing_of_a_type_of_the_hosts_is_told() -> None:
    class Masked(sa.types.TypeDecorator[str]):
        impl = sa.String(20)
        cache_ok = True

    class Own(DeclarativeBase):
        pass

    class Account(Own):
        __tablename__ = "account"

        id: Mapped[int] = mapped_column(primary_key=True)
        iban: Mapped[str] = mapped_column(Masked)
        owner: Mapped[str] = mapped_column(sa.String(20))

    source = SQLAInterface(Account).bind(Session())
    joins = Joins(Account)
    for dialect in ("sqlite", "postgresql", "mysql"):
        terms = terms_of(source.entity, source.path, joins, [Order("iban"), Order("owner")], dialect)
        assert [term.column is None for term in terms] == [True, False, False], dialect


class TestScopesThatJoin:
    """A row comes once, however many others a scope joins it to."""

    @pytest.fixture
    def orders(self, customers: None, session: Session) -> None:
        for number in range(1, 8):
            lines = [Line(position=str(place), text="x") for place in range(4)]
            session.add(models.Order(id=number, number=str(number % 3), customer_id=1, lines=lines))
        session.commit()

    @staticmethod
    def _joined(query: Any) -> Any:
        return query.join(Line, Line.order_id == models.Order.id).where(Line.text == "x")

    @staticmethod
    def _wider(query: Any) -> Any:
        return query.where(models.Order.id > 1).add_columns(models.Order.placed)

    @pytest.mark.parametrize("columns", [["number"], ["number", "customer"], ["number", "customer.first"]])
    @pytest.mark.parametrize("orders_by", [(), (Order("number"),), (Order("customer.first"), Order("number"))])
    @pytest.mark.parametrize("count", list(Count))
    def test_every_row_comes_once(
        self, bind: Bind, orders: None, columns: list[str], orders_by: tuple[Order, ...], count: Count
    ) -> None:
        source = bind(models.Order)
        plan = source.compile_list(columns)
        query = ListQuery(order=orders_by, page_size=3, count=count)
        pages = list(_onwards(lambda asked: source.list(plan, asked, self._joined, ()), query))
        assert [len(page.rows) for page in pages] == [3, 3, 1]
        assert sorted(key for keys in _keys(pages) for key in keys) == [str(number) for number in range(1, 8)]
        if count is Count.EXACT:
            assert [page.total for page in pages] == [7, 7, 7]

    def test_they_are_counted_once_among_others(self, bind: Bind, orders: None) -> None:
        asked = counting(bind(models.Order), self._joined, 100)
        assert asked is not None
        assert list(counted_together([asked])) == [7]

    @pytest.mark.parametrize("orders_by", [(), (Order("customer.first"),)])
    def test_a_scope_may_select_more(self, bind: Bind, orders: None, orders_by: tuple[Order, ...]) -> None:
        source = bind(models.Order)
        plan = source.compile_list(["number", "customer.first"])
        query = ListQuery(order=orders_by, page_size=4)
        pages = list(_onwards(lambda asked: source.list(plan, asked, self._wider, ()), query))
        assert [len(page.rows) for page in pages] == [4, 2]

    def test_a_plain_scope_changes_no_shape(self, bind: Bind, orders: None, count_statements: CountStatements) -> None:
        source = bind(models.Order)
        plan = source.compile_list(["number"])
        with count_statements() as seen:
            source.list(plan, ListQuery(), lambda query: query.where(models.Order.id > 1), ())
        assert not [text for text in seen.texts if " IN " in text]


class TestRowsWithoutAKey:
    """A view, or an old table: the model names columns for a key that tell no row from another."""

    @pytest.fixture
    def source(self, session: Session, customers: None) -> Any:
        class Own(DeclarativeBase):
            pass

        class Total(Own):
            __table__ = sa.Table(
                "total_without_key", Own.metadata, sa.Column("city", sa.String(9)), sa.Column("number", sa.Integer)
            )
            __mapper_args__ = {"primary_key": [__table__.c.city]}
            customer = relationship(
                Customer, primaryjoin=foreign(__table__.c.number) == Customer.id, viewonly=True, uselist=False
            )

        Own.metadata.create_all(session.connection())
        rows = [{"city": city, "number": number} for city in ("Oslo", None) for number in range(1, 6)]
        session.execute(sa.insert(Total.__table__), rows)
        session.commit()
        yield SQLAInterface(Total).bind(session)
        session.rollback()
        Own.metadata.drop_all(session.connection())
        session.commit()

    def test_a_statement_of_the_apps_own_is_not_narrowed_by_keys_that_several_rows_have(self, source: Any) -> None:
        own = sa.select(source.model.number)
        assert source.within(own, lambda query: query) is own
        with pytest.raises(ValueError, match="no key of its own"):
            source.within(own, lambda query: query.where(source.model.number == 1))

    @pytest.mark.parametrize("columns", [["number"], ["number", "customer"], ["number", "customer.first"]])
    @pytest.mark.parametrize("orders", [(), (Order("number"),), (Order("city"), Order("number"))])
    def test_no_row_is_lost(self, source: Any, columns: list[str], orders: tuple[Order, ...]) -> None:
        read = _reader(source, columns)
        pages = list(_onwards_by_number(read, ListQuery(order=orders, page_size=3)))
        assert sorted(row.values[0] for page in pages for row in page.rows) == sorted([*range(1, 6)] * 2)
        assert [page.total for page in pages] == [10] * 4
        assert not [page for page in pages if page.head or page.tail]


def _onwards_by_number(read: Any, query: ListQuery) -> Iterator[Page]:
    page = read(query)
    yield page
    while page.has_next:
        page = read(replace(query, page=page.number + 1, after=page.tail))
        yield page


@pytest.mark.parametrize("descending", [False, True])
def test_an_old_table_may_hold_no_value_where_the_model_wants_one(session: Session, descending: bool) -> None:
    class Own(DeclarativeBase):
        pass

    class Old(Own):
        __tablename__ = "old_table"

        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str | None] = mapped_column(sa.String(9), nullable=False)

    session.execute(sa.text("CREATE TABLE old_table (id INTEGER PRIMARY KEY, name VARCHAR(9))"))
    try:
        rows = [{"id": number, "name": None if number % 2 else f"n{number}"} for number in range(1, 10)]
        session.execute(sa.insert(Old), rows)
        session.commit()
        read = _reader(SQLAInterface(Old).bind(session), ["name"])
        query = ListQuery(order=(Order("name", descending),), page_size=2)
        pages = list(_onwards(read, query))
        assert sorted(key for keys in _keys(pages) for key in keys) == [str(number) for number in range(1, 10)]
        assert _keys(list(_back(read, query, pages[-1]))) == _keys(pages[-2::-1])
    finally:
        session.rollback()
        session.execute(sa.text("DROP TABLE old_table"))
        session.commit()


def test_the_zero_dates_of_mariadb_come_once(session: Session) -> None:
    if session.get_bind().dialect.name != "mysql":
        pytest.skip("only MariaDB has them")

    class Own(DeclarativeBase):
        pass

    class Day(Own):
        __tablename__ = "day"

        id: Mapped[int] = mapped_column(primary_key=True)
        day: Mapped[date]

    Own.metadata.create_all(session.connection())
    try:
        session.execute(sa.text("SET SESSION sql_mode = ''"))
        session.execute(sa.text("INSERT INTO day VALUES (1, '2024-01-01'), (2, '0000-00-00'), (3, '2024-01-02')"))
        read = _reader(SQLAInterface(Day).bind(session), ["id"])
        page = read(ListQuery(order=(Order("day", descending=True),), after="2024-01-02,3", page=2, page_size=7))
        assert _keys([page]) == [["1", "2"]]
    finally:
        session.execute(sa.text("SET SESSION sql_mode = DEFAULT"))
        session.rollback()
        Own.metadata.drop_all(session.connection())
        session.commit()


def test_keys_of_text_may_hold_no_value_on_sqlite_alone(bind: Bind) -> None:
    for model, own in ((Country, "sqlite"), (Tag, None)):
        source = bind(model)
        for dialect in ("sqlite", "postgresql", "mysql"):
            (term,) = terms_of(source.entity, source.path, Joins(model), (), dialect)
            assert (term.nulls_first is not None) is (dialect == own), (model, dialect)


def test_a_list_is_sorted_by_a_choice_that_nobody_knows(session: Session) -> None:
    class Own(DeclarativeBase):
        pass

    class Choice(Own):
        __tablename__ = "choice"

        id: Mapped[int] = mapped_column(primary_key=True)
        status: Mapped[models.Status] = mapped_column(sa.Enum(models.Status, native_enum=False, length=20))

    Own.metadata.create_all(session.connection())
    try:
        known = next(iter(models.Status)).name
        for number in range(1, 8):
            session.execute(
                sa.text("INSERT INTO choice VALUES (:id, :status)"),
                {"id": number, "status": known if number % 2 else "UNHEARD"},
            )
        session.commit()
        read = _reader(SQLAInterface(Choice).bind(session), ["status"])
        pages = list(_onwards_by_number(read, ListQuery(order=(Order("status"),), page_size=2)))
        assert sorted(key for keys in _keys(pages) for key in keys) == [str(number) for number in range(1, 8)]
        if session.get_bind().dialect.name == "postgresql":
            assert {bool(page.tail) for page in pages[:-1]} == {True, False}
    finally:
        session.rollback()
        Own.metadata.drop_all(session.connection())
        session.commit()


def test_a_text_that_a_column_cannot_have_is_no_place_in_it(session: Session) -> None:
    if session.get_bind().dialect.name != "mysql":
        pytest.skip("only MariaDB has columns of few characters")

    class Own(DeclarativeBase):
        pass

    class Latin(Own):
        __tablename__ = "latin"
        __table_args__ = {"mysql_charset": "latin1"}

        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(sa.String(9))

    Own.metadata.create_all(session.connection())
    try:
        read = _reader(SQLAInterface(Latin).bind(session), ["name"])
        with pytest.raises(InvalidInput) as caught:
            read(ListQuery(order=(Order("name"),), after="~f0~9f~98~80,1", count=Count.NONE))
        assert caught.value.parameter == "after"
    finally:
        session.rollback()
        Own.metadata.drop_all(session.connection())
        session.commit()


@pytest.mark.parametrize(
    ("asked", "last"),
    [({"after": "7"}, 29), ({"before": "20"}, 29), ({"after": "28"}, 30)],
    ids=["after", "before", "at the end"],
)
def test_no_page_is_told_to_lie_beyond_the_last_row(bind: Bind, tags: None, asked: dict[str, Any], last: int) -> None:
    page = _reader(bind(Tag), ["name"])(ListQuery(page=10**9, page_size=7, **asked))
    assert (page.last, page.total, page.has_next) == (last, 30, last < 30)
