"""A form that is sent back as it was shown changes nothing, for every kind of column."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.resource.conftest import Desk
from tests.resource.models import Country, Item, Size, Tag
from tests.statements import statements

VALUES: list[tuple[str, Any]] = [
    ("nick", None),
    ("nick", ""),
    ("nick", "  both ends  "),
    ("nick", " "),
    ("nick", "two\nlines"),
    ("nick", "dos\r\nlines\r\n"),
    ("nick", "old\rmac"),
    ("nick", "\nleading"),
    ("nick", "<b>&amp;\"'"),
    ("nick", "é漢😀"),
    ("name", ""),
    ("notes", None),
    ("notes", ""),
    ("notes", " a\r\n\r\n b \n"),
    ("amount", None),
    ("amount", 0),
    ("amount", -(2**31)),
    ("amount", 2**31 - 1),
    ("price", None),
    ("price", Decimal("0.00")),
    ("price", Decimal("12.30")),
    ("price", Decimal("-99999999.99")),
    ("weight", None),
    ("weight", 0.1),
    ("weight", 1e-300),
    ("weight", 1.7976931348623157e308),
    ("weight", -0.0),
    ("on_sale", True),
    ("on_sale", False),
    ("checked", None),
    ("checked", True),
    ("checked", False),
    ("made_on", None),
    ("made_on", date(2024, 2, 29)),
    ("made_on", date(9999, 12, 31)),
    ("opens_at", None),
    ("opens_at", time(0, 0)),
    ("opens_at", time(23, 59, 58)),
    ("opens_at", time(1, 2, 3, 456_000)),
    ("opens_at", time(1, 2, 3, 456_789)),
    ("sold_at", None),
    ("sold_at", datetime(2024, 1, 1)),
    ("sold_at", datetime(2024, 1, 1, 12, 30, 59)),
    ("sold_at", datetime(2024, 1, 1, 12, 30, 0, 120_000)),
    ("sold_at", datetime(2024, 1, 1, 12, 30, 59, 123_456)),
    ("size", None),
    ("size", Size.EXTRA_LARGE),
    ("serial", None),
    ("serial", UUID(int=7)),
]


def row_of(desk: Desk, key: Any) -> Any:
    return desk.session.execute(sa.select(Item.__table__).where(Item.__table__.c.id == key)).one()


@pytest.mark.parametrize(("column", "value"), VALUES)
def test_an_unchanged_save_sends_no_update(any_desk: Desk, column: str, value: Any) -> None:
    tags = [Tag(name="red"), Tag(name="blue")]
    item = Item(**{"name": "a", "country": Country(name="Chile"), "tags": tags, column: value})
    any_desk.session.add_all([item, Tag(name="free")])
    any_desk.session.commit()
    before = row_of(any_desk, item.id)
    resource = any_desk.resource()
    with statements() as seen:
        outcome = any_desk.edit(resource, str(item.id))
    assert outcome.errors == ()
    assert [text for text in seen.texts if not text.startswith("SELECT")] == []
    assert row_of(any_desk, item.id) == before
    assert {tag.name for tag in item.tags} == {"red", "blue"}


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    nick=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60),
    notes=st.none() | st.text(st.sampled_from(" \r\n\tab"), max_size=12),
    price=st.none() | st.decimals(-99999999, 99999999, places=2),
    weight=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    sold_at=st.none() | st.datetimes(),
    opens_at=st.none() | st.times(),
)
def test_any_value_survives_an_unchanged_save(desk: Desk, **values: Any) -> None:
    desk.session.query(Item).delete()
    item = Item(name="a", **values)
    desk.session.add(item)
    desk.session.commit()
    before = row_of(desk, item.id)
    with statements() as seen:
        outcome = desk.edit(desk.resource(), str(item.id))
    assert outcome.errors == ()
    assert not any(text.startswith("UPDATE") for text in seen.texts)
    assert row_of(desk, item.id) == before


def test_a_change_of_one_field_updates_that_column_alone(desk: Desk) -> None:
    item = Item(name="a", nick=" b ", price=Decimal("1.10"))
    desk.session.add(item)
    desk.session.commit()
    with statements() as seen:
        assert desk.edit(desk.resource(), str(item.id), amount="5").ok
    (update,) = [text for text in seen.texts if text.startswith("UPDATE")]
    assert "SET amount=?" in update
    assert (item.nick, item.amount) == (" b ", 5)
