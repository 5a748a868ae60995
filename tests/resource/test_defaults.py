"""What an add form shows of a column's default, and what is saved of it."""

from __future__ import annotations

import enum
import itertools
import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column
from werkzeug.datastructures import MultiDict

from tests.resource.browser import posted
from tests.resource.conftest import Desk, Person, desks_on

NUMBERS = itertools.count(1)


class Base(DeclarativeBase):
    pass


class Size(enum.Enum):
    SMALL = "s"
    LARGE = "l"


def by_context(context: Any) -> str:
    return str(context.get_current_parameters()["name"]).upper()


def failing() -> int:
    raise RuntimeError("no such thing")


class Deal(Base):
    """A default of every sort."""

    __tablename__ = "deal"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(20))
    day: Mapped[date] = mapped_column(default=lambda: date(2024, 2, 29))
    at: Mapped[datetime] = mapped_column(default=lambda: datetime(2024, 1, 2, 3, 4, 5, 678901, tzinfo=UTC))
    part: Mapped[int] = mapped_column(default=partial(int, "7"))
    facts: Mapped[Any] = mapped_column(sa.JSON, default=dict)
    likes: Mapped[bool] = mapped_column(default=lambda: True)
    turn: Mapped[int] = mapped_column(default=lambda: next(NUMBERS))
    note: Mapped[str | None] = mapped_column(sa.String(20), default=lambda: "made")
    shout: Mapped[str] = mapped_column(sa.String(20), default=by_context)
    serial: Mapped[str] = mapped_column(sa.String(32), unique=True, default=lambda: uuid4().hex)
    rank: Mapped[int] = mapped_column(server_default="3")
    share: Mapped[Decimal | None] = mapped_column(sa.Numeric(6, 2), server_default=sa.text("1.50"))
    state: Mapped[str] = mapped_column(sa.String(20), server_default=sa.text("'it''s'"))
    size: Mapped[Size] = mapped_column(sa.Enum(Size), server_default="LARGE")
    due: Mapped[date | None] = mapped_column(server_default="2030-01-31")
    is_open: Mapped[bool] = mapped_column(server_default=sa.true())
    is_done: Mapped[bool] = mapped_column(server_default=sa.false())
    made: Mapped[datetime | None] = mapped_column(server_default=sa.func.now())
    asked: Mapped[int | None] = mapped_column(default=sa.select(sa.literal(9)).scalar_subquery())


class Broken(Base):
    """Defaults of which no form can make anything."""

    __tablename__ = "broken"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None] = mapped_column(sa.String(20))
    raising: Mapped[int | None] = mapped_column(default=failing)
    wrong: Mapped[int | None] = mapped_column(default=lambda: "seven")
    long: Mapped[str | None] = mapped_column(sa.String(3), default=lambda: "seven")
    token: Mapped[str | None] = mapped_column(sa.String(20), default=lambda: "abc")


class Unreadable:
    def __str__(self) -> str:
        raise RuntimeError("no text")


class Strange(MappedAsDataclass, Base, kw_only=True):
    """Defaults that nothing can be asked about: an expression has no truth, and other values no text."""

    __tablename__ = "strange"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    by_database: Mapped[bool | None] = mapped_column(default_factory=lambda: sa.func.nullif(1, 1))
    unreadable: Mapped[str | None] = mapped_column(sa.String(20), default_factory=Unreadable)
    huge: Mapped[str | None] = mapped_column(sa.String(20), default_factory=lambda: 10**5000)
    name: Mapped[str | None] = mapped_column(sa.String(20), default=None)


class Ticket(MappedAsDataclass, Base, kw_only=True):
    """A dataclass, whose own defaults come before those of its columns."""

    __tablename__ = "dated_ticket"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    seats: Mapped[int] = mapped_column(default=4)
    code: Mapped[str] = mapped_column(sa.String(20), default_factory=lambda: "made")
    row: Mapped[int] = mapped_column(insert_default=lambda: 8, init=False)


@pytest.fixture
def any_desk(database_url: str) -> Iterator[Desk]:
    yield from desks_on(database_url, Base)


def opened(desk: Desk, model: type[Any] = Deal, **attributes: Any) -> Any:
    return desk.resource(model, **attributes).form("add", Person())


def test_what_functions_make_is_shown(any_desk: Desk) -> None:
    form = opened(any_desk)
    shown = {name: form[name]._value() for name in ("day", "at", "part", "facts", "note")}
    assert shown == {"day": "2024-02-29", "at": "2024-01-02T03:04:05", "part": "7", "facts": "{}", "note": "made"}
    assert form["likes"].data is True


def test_what_the_database_gives_as_a_literal_is_shown(any_desk: Desk) -> None:
    form = opened(any_desk)
    shown = {name: form[name]._value() for name in ("rank", "share", "state", "size", "due")}
    assert shown == {"rank": "3", "share": "1.50", "state": "it's", "size": "LARGE", "due": "2030-01-31"}
    assert (form["is_open"].data, form["is_done"].data) == (True, False)


def test_what_cannot_be_shown_is_said_to_be_filled_in(any_desk: Desk) -> None:
    form = opened(any_desk)
    hinted = [field.name for field in form if "Filled in when it is left empty." in str(field.description)]
    assert hinted == ["shout", "serial", "made", "asked"]
    assert [form[name]._value() for name in hinted] == [""] * 4
    edited = any_desk.resource(Deal).edit_form
    assert not any(field.description for field in edited())


@pytest.mark.parametrize("emptied", [(), ("day", "at", "part", "facts", "note", "rank", "share", "due")])
def test_what_is_left_as_it_was_shown_is_saved_and_what_is_emptied_is_filled_in(
    any_desk: Desk, emptied: tuple[str, ...]
) -> None:
    empty: dict[str, Any] = dict.fromkeys(emptied, "")
    assert any_desk.add(any_desk.resource(Deal), name="anna", **empty).ok
    deal = any_desk.session.query(Deal).one()
    assert (deal.day, deal.at.replace(microsecond=0), deal.part) == (
        date(2024, 2, 29),
        datetime(2024, 1, 2, 3, 4, 5),
        7,
    )
    assert (deal.facts, deal.likes, deal.note, deal.shout, len(deal.serial)) == ({}, True, "made", "ANNA", 32)
    assert (deal.rank, deal.share, deal.state, deal.size) == (3, Decimal("1.50"), "it's", Size.LARGE)
    assert (deal.due, deal.is_open, deal.is_done, deal.asked) == (date(2030, 1, 31), True, False, 9)
    assert deal.made is not None


def test_what_is_typed_instead_is_saved(any_desk: Desk) -> None:
    typed: dict[str, Any] = {"day": "2024-03-01", "note": "own", "rank": "4", "size": "SMALL", "due": "2031-01-01"}
    assert any_desk.add(any_desk.resource(Deal), name="b", likes=[], is_open=[], asked="5", shout="own", **typed).ok
    deal = any_desk.session.query(Deal).one()
    assert (deal.day, deal.note, deal.rank, deal.size, deal.due) == (
        date(2024, 3, 1),
        "own",
        4,
        Size.SMALL,
        date(2031, 1, 1),
    )
    assert (deal.likes, deal.is_open, deal.asked, deal.shout) == (False, False, 5, "own")


def test_a_function_is_asked_once_a_form_and_not_when_it_is_sent(any_desk: Desk) -> None:
    resource = any_desk.resource(Deal)
    forms: list[Any] = [resource.form("add", Person()) for _ in range(2)]
    numbers = [int(form["turn"]._value()) for form in forms]
    assert numbers[1] == numbers[0] + 1
    assert resource.add(resource.form("add", Person(), formdata=posted(forms[0], name="c")), Person()).ok
    assert any_desk.session.query(Deal).one().turn == numbers[0]
    assert next(NUMBERS) == numbers[1] + 1


def test_the_insert_names_no_column_that_the_database_fills(any_desk: Desk) -> None:
    resource = any_desk.resource(Deal)
    body = posted(resource.form("add", Person()), name="d", made="", rank="")
    seen: list[str] = []
    sa.event.listen(
        any_desk.session.get_bind(), "before_cursor_execute", lambda _c, _u, statement, *_more: seen.append(statement)
    )
    assert resource.add(resource.form("add", Person(), formdata=body), Person()).ok
    (insert,) = [text for text in seen if text.startswith("INSERT")]
    columns = insert.partition("(")[2].partition(")")[0].replace("`", "").split(", ")
    assert "day" in columns
    assert not {"made", "rank"} & {*columns}


def test_a_function_that_fails_is_told_once_and_makes_no_difference(
    any_desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    resource = any_desk.resource(Broken, add_columns=["name", "raising", "wrong", "long", "token"])
    with caplog.at_level(logging.WARNING):
        forms: list[Any] = [resource.form("add", Person()) for _ in range(2)]
    assert [field._value() for field in forms[1]] == ["", "", "", "", ""]
    told = [record.getMessage() for record in caplog.records]
    assert [text.split()[3] for text in told] == ["Broken.raising", "Broken.wrong", "Broken.long"]
    assert "RuntimeError" in told[0]
    assert "'str'" not in told[1]
    assert "a str that the field does not take" in told[1]
    body = posted(forms[1], raising="1", wrong="2", long="abc")
    assert resource.add(resource.form("add", Person(), formdata=body), Person()).ok
    assert any_desk.session.query(Broken).one().token == "abc"


def test_a_value_that_breaks_when_it_is_looked_at_breaks_no_form(
    any_desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    columns = ["by_database", "unreadable", "huge", "name"]
    with caplog.at_level(logging.WARNING):
        form = opened(any_desk, Strange, add_columns=columns)
    assert [form[name].data for name in columns] == [None] * 4
    assert [form[name].object_data for name in columns] == [None] * 4
    told = [record.getMessage().split()[3] for record in caplog.records]
    assert told == ["Strange.by_database", "Strange.unreadable", "Strange.huge"]


def test_a_function_that_breaks_the_transaction_breaks_no_form(any_desk: Desk) -> None:
    column: Any = Broken.__table__.c.raising

    def ask() -> Any:
        return any_desk.session.scalar(sa.text("SELECT nothing FROM nowhere"))

    known, column.default = column.default, sa.ColumnDefault(ask)
    try:
        form = opened(any_desk, Broken)
    finally:
        column.default = known
    assert form["raising"]._value() == ""
    assert any_desk.session.query(Broken).count() == 0


def test_a_dataclasss_own_defaults_are_shown(any_desk: Desk) -> None:
    form = opened(any_desk, Ticket)
    assert {field.name: field._value() for field in form} == {"seats": "4", "code": "made", "row": "8"}
    assert any_desk.add(any_desk.resource(Ticket), seats="5", code="").ok
    ticket = any_desk.session.query(Ticket).one()
    assert (ticket.seats, ticket.code, ticket.row) == (5, "made", 8)


def test_a_secret_is_made_when_it_is_saved(any_desk: Desk) -> None:
    field = opened(any_desk, Broken, add_columns=["token"])["token"]
    assert (field._value(), field.description) == ("", "Filled in when it is left empty.")


def test_a_description_of_the_views_own_stands_alone(any_desk: Desk) -> None:
    form = opened(any_desk, description_columns={"made": "When it was made"})
    assert form["made"].description == "When it was made"


def test_what_an_address_fills_in_leaves_the_other_defaults(any_desk: Desk) -> None:
    resource = any_desk.resource(Deal)
    form: Any = resource.form("add", Person(), formdata=MultiDict([("note", "own")]))
    assert (form["note"]._value(), form["day"]._value(), form["rank"]._value()) == ("own", "2024-02-29", "3")
