"""Models that hold on to each other in every way that a delete has to know of."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    metadata = sa.MetaData()


place_label = sa.Table(
    "place_label",
    Base.metadata,
    sa.Column("place_id", sa.ForeignKey("place.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("label_id", sa.ForeignKey("label.id"), primary_key=True),
)
# Nobody has a class for it.
place_photo = sa.Table(
    "place_photo",
    Base.metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("label_id", sa.ForeignKey("label.id")),
)


class Area(Base):
    """A tree that SQLAlchemy deletes; its places go, too."""

    __tablename__ = "area"
    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("area.id"))
    areas: Mapped[list[Area]] = relationship(cascade="all, delete-orphan")
    places: Mapped[list[Place]] = relationship(cascade="all, delete-orphan")


class Label(Base):
    __tablename__ = "label"
    id: Mapped[int] = mapped_column(primary_key=True)


class Place(Base):
    """Refers to one of its own kind, which the database forgets."""

    __tablename__ = "place"
    id: Mapped[int] = mapped_column(primary_key=True)
    area_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"))
    twin_id: Mapped[int | None] = mapped_column(sa.ForeignKey("place.id", ondelete="SET NULL"))
    labels: Mapped[list[Label]] = relationship(secondary=place_label, passive_deletes=True)


class Visit(Base):
    """Two references to one class, with a rule each, and no relation anywhere."""

    __tablename__ = "visit"
    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(sa.ForeignKey("place.id", ondelete="CASCADE"))
    next_id: Mapped[int | None] = mapped_column(sa.ForeignKey("place.id", ondelete="SET NULL"))


class Report(Base):
    """A composite key, part of which refers."""

    __tablename__ = "report"
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visit.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Remark(Base):
    """Refers to a composite key."""

    __tablename__ = "remark"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["visit_id", "report_number"], ["report.visit_id", "report.number"], ondelete="SET NULL"
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int | None]
    report_number: Mapped[int | None]
    report: Mapped[Report | None] = relationship()


class Bill(Base):
    """What it refers to cannot go."""

    __tablename__ = "bill"
    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("visit.id"))
    visit: Mapped[Visit | None] = relationship()


class Folder(Base):
    """A tree that the database deletes, at times before SQLAlchemy gets to it."""

    __tablename__ = "folder"
    __mapper_args__ = {"confirm_deleted_rows": False}
    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("folder.id", ondelete="CASCADE"))
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("party.id", ondelete="CASCADE"))


class Party(Base):
    __tablename__ = "party"
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "party"}
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10))


class Firm(Party):
    """In a table of its own, joined to its parent's."""

    __tablename__ = "firm"
    __mapper_args__ = {"polymorphic_identity": "firm"}
    id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"), primary_key=True)


class Contract(Base):
    """Refers to the joined table alone; its own pages are read with it and need nothing of the database."""

    __tablename__ = "contract"
    id: Mapped[int] = mapped_column(primary_key=True)
    firm_id: Mapped[int | None] = mapped_column(sa.ForeignKey("firm.id", ondelete="SET NULL"))


class Student(Base):
    """Tied to courses by rows that have a class, too: SQLAlchemy deletes them as what lies between."""

    __tablename__ = "student"
    id: Mapped[int] = mapped_column(primary_key=True)
    courses: Mapped[list[Course]] = relationship(secondary="attendance")


class Course(Base):
    __tablename__ = "course"
    id: Mapped[int] = mapped_column(primary_key=True)


class Attendance(Base):
    __tablename__ = "attendance"
    student_id: Mapped[int] = mapped_column(sa.ForeignKey("student.id"), primary_key=True)
    course_id: Mapped[int] = mapped_column(sa.ForeignKey("course.id"), primary_key=True)
    course: Mapped[Course] = relationship(overlaps="courses")


class Parcel(Base):
    """SQLAlchemy leaves what refers to it to the rule of the foreign key; that of the lids is no rule for it."""

    __tablename__ = "parcel"
    id: Mapped[int] = mapped_column(primary_key=True)
    stamps: Mapped[list[Stamp]] = relationship(passive_deletes="all")
    seen: Mapped[list[Lid]] = relationship(viewonly=True)


class Stamp(Base):
    __tablename__ = "stamp"
    id: Mapped[int] = mapped_column(primary_key=True)
    parcel_id: Mapped[int | None] = mapped_column(sa.ForeignKey("parcel.id", ondelete="CASCADE"))
    marks: Mapped[list[Mark]] = relationship(cascade="all, delete-orphan")


class Mark(Base):
    """Goes with a stamp that SQLAlchemy deletes, and keeps one that the database would delete."""

    __tablename__ = "mark"
    id: Mapped[int] = mapped_column(primary_key=True)
    stamp_id: Mapped[int] = mapped_column(sa.ForeignKey("stamp.id"))


class Lid(Base):
    """Its foreign key says what it cannot do."""

    __tablename__ = "lid"
    id: Mapped[int] = mapped_column(primary_key=True)
    parcel_id: Mapped[int | None] = mapped_column(sa.ForeignKey("parcel.id", ondelete="RESTRICT"))


MODELS: tuple[type[Any], ...] = (
    Area, Label, Place, Visit, Report, Remark, Bill, Party, Firm, Folder, Contract,
    Student, Course, Attendance, Parcel, Stamp, Mark, Lid,
)  # fmt: skip


def rows(seed: int, bills: int = 1) -> Iterator[Any]:
    """A small graph of rows, in an order in which they can be inserted."""
    dice = random.Random(seed)

    def maybe(keys: Iterable[int]) -> int | None:
        return dice.choice([None, *keys])

    ids = range(1, 6)
    yield from (Area(id=key, parent_id=maybe(range(1, key))) for key in ids)
    labels = [Label(id=key) for key in (1, 2, 3)]
    yield from labels
    for key in ids:
        some = dice.sample(labels, dice.randint(0, 2))
        yield Place(id=key, area_id=dice.choice(ids), twin_id=maybe(range(1, key)), labels=some)
    yield from (Visit(id=key, place_id=dice.choice(ids), next_id=maybe(ids)) for key in ids)
    reports = sorted({(dice.choice(ids), dice.choice((1, 2))) for _ in ids})
    yield from (Report(visit_id=visit, number=number) for visit, number in reports)
    for key in ids:
        visit, number = dice.choice([(None, None), *reports])
        yield Remark(id=key, visit_id=visit, report_number=number)
    yield from (Bill(id=key, visit_id=maybe(ids)) for key in range(1, bills + 1))
    yield from (Firm(id=key) if key % 2 else Party(id=key) for key in ids)
    yield from (Folder(id=key, parent_id=maybe(range(1, key)), owner_id=maybe(ids)) for key in ids)
    yield from (Contract(id=key, firm_id=maybe((1, 3, 5))) for key in ids)
