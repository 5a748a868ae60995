"""A new record that begins with the values of another, of whatever kind they are."""

from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

import pytest

from appbuilder_lite.resource.duplicating import copy_into, left_empty, takes
from tests.resource.browser import posted
from tests.resource.conftest import Desk, Person
from tests.resource.models import Country, Item, Note, Paper, Sale, Size, Tag

SERIAL = UUID("12345678123456781234567812345678")
ADDED = ["nick", "notes", "amount", "price", "weight", "on_sale", "checked", "made_on", "opens_at", "sold_at", "size"]


def _item() -> Item:
    return Item(
        name="Lamp",
        nick=" x ",
        notes="a\nb",
        amount=-3,
        price=Decimal("1.50"),
        weight=0.1,
        on_sale=False,
        checked=True,
        made_on=date(2024, 2, 29),
        opens_at=time(7, 8, 9),
        sold_at=datetime(2024, 2, 29, 7, 8, 9, 123456),
        size=Size.EXTRA_LARGE,
        serial=SERIAL,
        password_hash="hidden",
        country=Country(name="Norway"),
        tags=[Tag(name="new"), Tag(name="old")],
        sales=[Sale(code="A")],
    )


@pytest.mark.databases
def test_values_of_every_kind_come_out_as_they_went_in(any_desk: Desk) -> None:
    item = _item()
    any_desk.session.add(item)
    any_desk.session.commit()
    resource, person = any_desk.resource(), Person()
    form = resource.form("add", person)
    copy_into(
        form, resource.get_to_copy("1", person), takes(resource.options, form, person, ["show"]), {}, resource.chosen
    )
    body = posted(form, name="Other lamp")
    outcome = resource.add(resource.form("add", person, formdata=body), person)
    assert outcome.errors == ()
    copy = any_desk.session.get_one(Item, int(outcome.key))
    assert [getattr(copy, name) for name in ADDED] == [getattr(item, name) for name in ADDED]
    assert (copy.country, copy.tags, copy.sales) == (item.country, item.tags, [])
    assert (copy.serial not in {SERIAL, None}, copy.password_hash) == (True, None)
    assert [sale.code for sale in item.sales] == ["A"]


@pytest.mark.databases
def test_what_no_control_can_hold_is_left_out_and_what_is_loaded_late_is_not(any_desk: Desk) -> None:
    any_desk.session.add(Paper(id=1, title="a", body="long", facts={"a": [1.5]}, rules=[1], floor=3))
    any_desk.session.add(Note(id=1, paper_id=1))
    any_desk.session.commit()
    any_desk.session.expunge_all()
    resource, person = any_desk.resource(Paper), Person()
    form = resource.form("add", person)
    copy_into(
        form, resource.get_to_copy("1", person), takes(resource.options, form, person, ["show"]), {}, resource.chosen
    )
    assert (form["title"].data, form["body"].data, form["facts"].data) == ("a", "long", {"a": [1.5]})
    assert form["floor"].data is None


def test_a_duplicate_takes_what_is_neither_unique_nor_made_anew_nor_one_records_own(desk: Desk) -> None:
    assert desk.options().duplicate_columns == (*ADDED, "country", "tags")
    assert desk.options(duplicate_columns=["serial", "nick"]).duplicate_columns == ("serial", "nick")
    assert desk.options(Sale).duplicate_columns == ("item", "rate")
    form = desk.resource().form("add", Person())
    assert left_empty(form, desk.resource().datamodel) == {"name"}


@pytest.mark.parametrize(
    ("column", "fault"),
    [
        ("name", "is unique"),
        ("sales", "belongs to one record alone"),
        ("password_hash", "is secret by its name"),
        ("country.name", "is nothing that a form of this model writes"),
        ("shout", "is nothing that a form of this model writes"),
    ],
)
def test_what_no_duplicate_can_take_is_told_at_start(desk: Desk, column: str, fault: str) -> None:
    (problem,) = desk.problems(duplicate_columns=[column])
    assert (problem.id, problem.where) == ("AB109", "shop.views.ItemView.duplicate_columns[0]")
    assert fault in problem.message
