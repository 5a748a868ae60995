"""Each mistake in a class of rows is found at start, with its place; and which numbers hold an order."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from appbuilder_lite import Inline, SQLAInterface
from appbuilder_lite.resource.declaration import ResourceDeclaration
from appbuilder_lite.resource.inline import OPTIONS
from appbuilder_lite.resource.resolving import resolve
from appbuilder_lite.resource.row_order import in_turn, places
from appbuilder_lite.settings import Settings
from tests.resource.conftest import Desk


class Base(DeclarativeBase):
    pass


class Tag(Base):
    __tablename__ = "tag"
    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int | None] = mapped_column(sa.ForeignKey("part.id"))


class Part(Base):
    __tablename__ = "part"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    position: Mapped[int]
    size: Mapped[int]
    thing_id: Mapped[int] = mapped_column(sa.ForeignKey("thing.id"))
    thing: Mapped["Thing"] = relationship(back_populates="parts")
    tags: Mapped[list[Tag]] = relationship()


class Letter(Base):
    __tablename__ = "letter"
    id: Mapped[int] = mapped_column(primary_key=True)
    from_id: Mapped[int] = mapped_column(sa.ForeignKey("thing.id"))
    to_id: Mapped[int] = mapped_column(sa.ForeignKey("thing.id"))


class Thing(Base):
    __tablename__ = "thing"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("thing.id"))
    parts: Mapped[list[Part]] = relationship(back_populates="thing")
    sent: Mapped[list[Letter]] = relationship(foreign_keys=[Letter.from_id])
    received: Mapped[list[Letter]] = relationship(foreign_keys=[Letter.to_id])
    seen: Mapped[list[Letter]] = relationship(foreign_keys=[Letter.to_id], viewonly=True)
    marked: Mapped[list[Letter]] = relationship(
        primaryjoin="and_(Thing.id == foreign(Letter.to_id), Letter.id > 5)", overlaps="received"
    )
    inner: Mapped[list["Thing"]] = relationship()


def inline(model: Any = Part, **options: Any) -> type[Inline]:
    return type("PartInline", (Inline,), {"__module__": "shop", "datamodel": SQLAInterface(model), **options})


def problems(*inlines: Any, **options: Any) -> list[tuple[str, str, str]]:
    attributes = {"__module__": "shop", "datamodel": SQLAInterface(Thing), "inlines": list(inlines), **options}
    view: Any = type("ThingView", (ResourceDeclaration,), attributes)
    found = resolve(view, view.datamodel.bind(Session()), Settings())[1]
    return [(one.id, one.where, f"{one.message}: {one.fix}") for one in found]


# What is declared, and of the one problem: id, where it stands, a part of the message or the fix.
MISTAKES: list[tuple[type[Inline], str, str, str]] = [
    (inline(Tag), "AB116", "relation", "no one-to-many relation from Thing to Tag"),
    (inline(Letter), "AB116", "relation", 'relation = "sent" or relation = "received"'),
    (inline(Letter, relation="reveived"), "AB116", "relation", "did you mean 'received'?"),
    (inline(Letter, relation="seen"), "AB116", "relation", "viewonly"),
    (inline(Letter, relation="marked"), "AB116", "relation", "has a condition of its own"),
    (inline(Part, relation="inner"), "AB116", "relation", "'inner' is no one-to-many relation"),
    (type("PartInline", (Inline,), {"__module__": "shop"}), "AB108", "datamodel", "SQLAInterface(YourModel)"),
    (type("PartInline", (Inline,), {"__module__": "shop", "datamodel": Part}), "AB108", "datamodel", "no model"),
    (inline(datamodel=SQLAInterface(Part, Session())), "AB116", "datamodel", "a session of their own"),
    (inline(columns=["nmae"]), "AB103", "columns[0]", "did you mean 'name'?"),
    (inline(columns="name"), "AB104", "columns", "write ['name']"),
    (inline(columns=["name", "name"]), "AB105", "columns[1]", "remove one of the two"),
    (inline(columns=["thing"]), "AB109", "columns[0]", "ties the row to its record"),
    (inline(columns=["thing_id"]), "AB109", "columns[0]", "ties the row to its record"),
    (inline(columns=["tags"]), "AB109", "columns[0]", "holds several records"),
    (inline(columns=["thing.name"]), "AB109", "columns[0]", "of another model"),
    (inline(order_column="positon"), "AB103", "order_column", "did you mean 'position'?"),
    (inline(order_column="name"), "AB109", "order_column", "cannot hold an order"),
    (inline(order_column="thing_id"), "AB109", "order_column", "cannot hold an order"),
    (inline(order_column="position", columns=["name", "position"]), "AB105", "order_column", "stands in columns"),
    (inline(extra=-1), "AB107", "extra", "between 0 and 100"),
    (inline(extra="1"), "AB106", "extra", "a whole number"),
    (inline(min_rows=101), "AB107", "min_rows", "between 0 and 100"),
    (inline(max_rows=True), "AB106", "max_rows", "a whole number"),
    (inline(min_rows=5, max_rows=4), "AB107", "min_rows", "cannot both be"),
    (inline(can_add=1), "AB106", "can_add", "True or False"),
    (inline(can_edit="no"), "AB106", "can_edit", "True or False"),
    (inline(can_delete=None), "AB106", "can_delete", "True or False"),
    (inline(title=5), "AB106", "title", "a text"),
    (inline(noun=5), "AB106", "noun", "a text"),
    (inline(label_columns={"nmae": "Name"}), "AB103", "label_columns['nmae']", "did you mean 'name'?"),
    (inline(description_columns={"name": 5}), "AB106", "description_columns['name']", "a text"),
    (inline(validators_columns={"name": len}), "AB106", "validators_columns['name']", "one validator"),
    (inline(form_query_rel_fields={"tag": []}), "AB103", "form_query_rel_fields['tag']", "no relation 'tag'"),
    (inline(colums=["name"]), "AB101", "colums", "did you mean 'columns'?"),
]


@pytest.mark.parametrize(("wrong", "check", "place", "text"), MISTAKES)
def test_a_mistake_is_found_at_its_place(wrong: type[Inline], check: str, place: str, text: str) -> None:
    ((found, where, words),) = problems(wrong)
    assert (found, where) == (check, f"shop.PartInline.{place}")
    assert text in words


def test_every_option_has_a_mistake() -> None:
    assert {place.partition("[")[0] for _, _, place, _ in MISTAKES} >= set(OPTIONS)


@pytest.mark.parametrize(
    ("inlines", "options", "check", "place"),
    [
        ([Part], {}, "AB106", "inlines[0]"),
        ([inline(), inline()], {}, "AB105", "inlines[1]"),
        ([inline()], {"edit_columns": ["name", "parts"]}, "AB105", "inlines[0]"),
        ([inline()], {"add_fieldsets": [("A", {"fields": ["parts"]})]}, "AB105", "inlines[0]"),
    ],
)
def test_a_mistake_in_the_view_is_found(inlines: list[Any], options: dict[str, Any], check: str, place: str) -> None:
    ((found, where, _words),) = problems(*inlines, **options)
    assert (found, where) == (check, f"shop.ThingView.{place}")


def test_what_is_right_is_no_problem() -> None:
    whole = inline(columns=["name", "size"], order_column="position", min_rows=1, max_rows=2, extra=0, title="Parts")
    assert problems(whole, inline(Letter, relation="sent"), inline(Letter, relation="received")) == []
    assert problems(inline(Thing)) == []


def test_a_list_of_rows_is_due(desk: Desk) -> None:
    ((check, _, _),) = [(one.id, one.where, one.message) for one in desk.problems(inlines="PartInline")]
    assert check == "AB104"


@pytest.mark.parametrize(
    ("numbers", "taken", "is_moved", "expected"),
    [
        ([1, 2, 3], [1, 2, 3], False, [None, None, None]),
        ([0, 0, None], [0, 0], False, [None, None, 1]),
        ([None, None], [], False, [1, 2]),
        ([1, 3, 2], [1, 2, 3], True, [None, None, 4]),
        ([3, 1, 2], [1, 2, 3], True, [None, 4, 5]),
        ([1, None, 2], [1, 2], True, [None, 3, 4]),
        ([5, 4], [4, 5, 9], True, [None, 10]),
        ([0, 0], [0, 0], True, [None, 1]),
    ],
)
def test_as_few_places_as_possible_are_changed(
    numbers: list[int | None], taken: list[int | None], is_moved: bool, expected: list[int | None]
) -> None:
    assert places(numbers, taken, is_moved) == expected


@pytest.mark.parametrize(
    ("given", "wanted", "expected"),
    [
        ([{"a": 1}, {"a": 2}, {"a": 3}], [{"a": 2}, {"a": 3}, {"a": 4}], [2, 1, 0]),
        ([{"a": 1}, {"a": 2}], [{"a": 2}, {"a": 1}], [1, 0]),
        ([{"a": 1}, {"b": 2}], [{"a": 2}, {"b": 1}], [0, 1]),
        ([{"a": 1, "b": 1}, {}, {"b": 5}], [{"a": 2, "b": 5}, {}, {"b": 6}], [2, 0, 1]),
        ([], [], []),
    ],
)
def test_who_gives_a_unique_value_away_is_written_first(
    given: list[dict[str, int]], wanted: list[dict[str, int]], expected: list[int]
) -> None:
    assert in_turn(given, wanted) == expected
