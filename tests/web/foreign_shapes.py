"""Mapped classes of every shape but plain: inheritance, collections of all sorts, attributes that are no columns."""

import dataclasses
import uuid
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.ext.associationproxy import association_proxy
from sqlalchemy.orm import (
    Mapped,
    MappedAsDataclass,
    attribute_keyed_dict,
    column_property,
    composite,
    deferred,
    mapped_column,
    relationship,
    synonym,
)

from tests.web.foreign_keys import Rows

SAILORS = ["crew", "crew_asked", "crew_raised", "crew_named", "crew_written"]


@dataclasses.dataclass
class Point:
    """Two columns as one value."""

    x: int | None
    y: int | None


def make_shapes(db: Any) -> Rows:
    return [*_inheritance(db), *_collections(db), *_names(db), *_attributes(db)]


def _inheritance(db: Any) -> Rows:
    class Animal(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = sa.Column(sa.Integer, primary_key=True)
        kind = sa.Column(sa.String(20), nullable=False)
        name = sa.Column(sa.String(20))
        __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "animal"}  # SQLAlchemy's

    class Dog(Animal):
        id: Any = sa.Column(sa.ForeignKey("animal.id"), primary_key=True)
        tricks = sa.Column(sa.Integer)
        mother_id: Any = sa.Column(sa.ForeignKey("dog.id"))
        mother = relationship("Dog", remote_side=id, foreign_keys=mother_id, backref="puppies")
        __mapper_args__ = {"polymorphic_identity": "dog", "inherit_condition": id == Animal.id}

    class Cat(Animal):
        lives = sa.Column(sa.Integer)
        __mapper_args__ = {"polymorphic_identity": "cat"}  # SQLAlchemy's

    class Place(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = sa.Column(sa.Integer, primary_key=True)
        name = sa.Column(sa.String(20))

    class Harbour(Place):
        id = sa.Column(sa.Integer, primary_key=True)
        name = sa.Column(sa.String(20))
        depth = sa.Column(sa.Integer)
        __tablename__ = "harbour"
        __mapper_args__ = {"concrete": True}  # SQLAlchemy's

    return [
        (Animal, [{"id": 1, "name": "some"}]),
        (Dog, [{"id": 2, "name": "Rex", "tricks": 3}, {"id": 3, "name": "Pup", "mother_id": 2}]),
        (Cat, [{"id": 4, "name": "Tom", "lives": 9}]),
        (Place, [{"id": 1, "name": "Hill"}]),
        (Harbour, [{"id": 1, "name": "Kiel", "depth": 15}]),
    ]


def _collections(db: Any) -> Rows:
    tie = sa.Table(
        "crew",
        db.metadata,
        sa.Column("ship_id", sa.ForeignKey("ship.id"), primary_key=True),
        sa.Column("sailor_id", sa.ForeignKey("sailor.id"), primary_key=True),
        sa.Column("since", sa.Date),
        sa.Column("rank", sa.String(10), server_default="mate"),
    )

    class Sailor(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = sa.Column(sa.Integer, primary_key=True)
        name = sa.Column(sa.String(20))

    class Ship(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = sa.Column(sa.Integer, primary_key=True)
        name = sa.Column(sa.String(20))
        owner_id: Any = sa.Column(sa.ForeignKey("sailor.id"))
        captain_id: Any = sa.Column(sa.ForeignKey("sailor.id"))
        owner = relationship(Sailor, foreign_keys=owner_id, lazy="raise")
        captain = relationship(Sailor, foreign_keys=captain_id, lazy="raise_on_sql")
        crew = relationship(Sailor, secondary=tie, collection_class=set)
        crew_again = relationship(Sailor, secondary=tie, viewonly=True)
        crew_asked = relationship(Sailor, secondary=tie, lazy="dynamic", overlaps="crew")
        crew_written = relationship(
            Sailor, secondary=tie, lazy="write_only", passive_deletes=True, overlaps="crew,crew_asked"
        )
        crew_raised = relationship(Sailor, secondary=tie, lazy="raise", overlaps="crew,crew_asked,crew_written")
        crew_named = relationship(
            Sailor,
            secondary=tie,
            collection_class=attribute_keyed_dict("name"),
            overlaps="crew,crew_asked,crew_written,crew_raised",
        )
        berths = relationship("Berth", back_populates="ship", cascade="all, delete-orphan")
        notes = relationship("Note", collection_class=attribute_keyed_dict("word"), cascade="all, delete-orphan")
        guests = association_proxy("berths", "sailor")
        view_options: ClassVar = {
            "list_columns": ["name", "owner", "captain", *SAILORS, "crew_again", "berths", "notes", "guests"],
            "show_columns": ["name", "owner", "captain", *SAILORS, "crew_again", "berths", "notes", "guests"],
            "edit_columns": ["name", "owner", "captain", *SAILORS[:-1], "berths", "notes"],
        }

        def __str__(self) -> str:
            return str(self.name)

    class Berth(db.Model):  # type: ignore[misc]  # the base is made at run time
        ship_id: Any = sa.Column(sa.ForeignKey("ship.id"), primary_key=True)
        sailor_id: Any = sa.Column(sa.ForeignKey("sailor.id"), primary_key=True)
        deck = sa.Column(sa.String(10), nullable=False)
        ship = relationship(Ship, back_populates="berths")
        sailor = relationship(Sailor)

    class Note(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = sa.Column(sa.Integer, primary_key=True)
        ship_id: Any = sa.Column(sa.ForeignKey("ship.id"), nullable=False)
        word = sa.Column(sa.String(20), nullable=False)

    return [
        (Sailor, [{"id": 1, "name": "Ann"}, {"id": 2, "name": "Bo"}, {"id": 3, "name": "Cy"}]),
        (Ship, [{"id": 1, "name": "Gull", "owner_id": 1, "captain_id": 2}, {"id": 2}]),
        (tie, [{"ship_id": 1, "sailor_id": 1}, {"ship_id": 1, "sailor_id": 2}]),
        (Berth, [{"ship_id": 1, "sailor_id": 2, "deck": "A"}]),
        (Note, [{"id": 1, "ship_id": 1, "word": "hull"}]),
    ]


def _names(db: Any) -> Rows:
    """Attributes called otherwise than their columns, and as what we or SQLAlchemy call things."""

    class Order(db.Model):  # type: ignore[misc]  # the base is made at run time
        __tablename__ = "select"
        pk = sa.Column("primary key", sa.Integer, primary_key=True)
        metadata_ = sa.Column("metadata", sa.String(20))
        class_ = sa.Column("class", sa.String(20), nullable=False)
        type = sa.Column("order", sa.String(20))
        data = sa.Column("group", sa.String(20))
        errors = sa.Column("from", sa.Integer)
        page = sa.Column("search", sa.Date)
        search = sa.Column("page", sa.Boolean, nullable=False)
        sort = sa.Column("100%", sa.Text)
        model = sa.Column("a:b", sa.String(20))
        items = sa.Column(sa.JSON)
        columns = sa.Column(sa.String(20))
        form = sa.Column(sa.String(20))
        item = sa.Column(sa.String(20))
        parent_pk: Any = sa.Column("parent key", sa.ForeignKey("select.primary key"))
        parent = relationship("Order", remote_side=pk, backref="children")

    return [
        (
            Order,
            [
                {"pk": 1, "class_": "a", "search": True, "items": [1]},
                {"pk": 2, "class_": "b", "search": False, "parent_pk": 1},
            ],
        )
    ]


def _attributes(db: Any) -> Rows:
    class Spot(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = sa.Column(sa.Integer, primary_key=True)
        x = sa.Column(sa.Integer)
        y = sa.Column(sa.Integer)
        at = composite(Point, x, y)
        secret = deferred(sa.Column(sa.Text), group="late")
        other = deferred(sa.Column(sa.Text), group="late")
        far = column_property(x * x + y * y)
        across = synonym("x")
        made = sa.Column(sa.String(20), server_default="here", nullable=False)
        stamp = sa.Column(sa.DateTime, server_default=sa.func.now(), onupdate=sa.func.now())
        version = sa.Column(sa.Integer, nullable=False)
        __mapper_args__ = {"version_id_col": version}  # SQLAlchemy's
        __table_args__ = (sa.CheckConstraint("x < 100", name="near"),)

    class Ticket(MappedAsDataclass, db.Model, kw_only=True):  # type: ignore[misc]  # the base is made at run time
        __tablename__ = "ticket"
        id: Mapped[int] = mapped_column(primary_key=True, init=False)
        title: Mapped[str] = mapped_column(sa.String(20))
        seats: Mapped[int] = mapped_column(default=4)
        code: Mapped[str] = mapped_column(sa.String(20), default_factory=lambda: "made")
        token: Mapped[str] = mapped_column(sa.String(20), default_factory=lambda: "secret", init=False)
        rank: Mapped[int] = mapped_column(default=7, init=False)
        spot_id: Mapped[int | None] = mapped_column(sa.ForeignKey("spot.id"), default=None)
        spot: Mapped[Spot | None] = relationship(default=None)

    class Slip(MappedAsDataclass, db.Model):  # type: ignore[misc]  # the base is made at run time
        __tablename__ = "slip"
        id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default_factory=lambda: uuid.uuid4().hex)
        title: Mapped[str] = mapped_column(sa.String(20), default="")

    return [
        (Slip, [{"title": "first"}]),
        (Spot, [{"id": 1, "x": 1, "y": 2, "secret": "s", "version": 1}, {"id": 2, "version": 1}]),
        (Ticket, []),
        (Ticket.__table__, [{"title": "t", "seats": 1, "spot_id": 1, "code": "c", "token": "t", "rank": 1}]),
    ]
