"""Mapped classes whose keys are of every shape, each with the rows it begins with."""

import datetime as dt
import decimal
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import relationship

Rows = list[tuple[Any, list[dict[str, Any]]]]
"""(class or table, values of its rows) in the order in which they can be written."""

TEXTS = ["a/b?c#d%20 e", "..", ".", " ", "ü~,;", "'\"<b>&", "-1", "null", "~n", "a" * 40]
PARTS = [{"maker": maker, "number": number} for maker in ("a/b", "c,d", "") for number in (0, 7)]


class Colour(enum.Enum):
    """Whose names and values are not the same."""

    RED = "#f00"
    DARK_BLUE = "#00 8"


SIMPLE: dict[str, tuple[Any, list[Any]]] = {
    "Text": (sa.String(40), TEXTS),
    "Big": (sa.BigInteger, [2**53 + 1, -(2**63), 2**63 - 1]),
    "Exact": (sa.Numeric(20, 4), [decimal.Decimal(text) for text in ("-0.0100", "9007199254740993.0001")]),
    "Id": (sa.Uuid, [uuid.UUID(int=2**127 + 1)]),
    "TextId": (sa.Uuid(as_uuid=False), [str(uuid.UUID(int=2**127 + 1))]),
    "Chosen": (sa.Enum(Colour, name="chosen_colour"), list(Colour)),
    "Word": (sa.Enum("a b", "c/d", name="chosen_word"), ["a b", "c/d"]),
    "Day": (sa.Date, [dt.date(1, 1, 1), dt.date(2024, 2, 29)]),
    "Moment": (sa.DateTime, [dt.datetime(2024, 2, 29, 23, 59, 59)]),
    "Clock": (sa.Time, [dt.time(0), dt.time(23, 59, 59)]),
    "Raw": (sa.LargeBinary(8).with_variant(sa.VARBINARY(8), "mysql", "mariadb"), [b"\x00", b"/?#\xff", b""]),
    "Flag": (sa.Boolean, [True, False]),
}


def make_keys(db: Any) -> Rows:
    """Classes with a key of one column of each kind, and with keys of several."""
    simple = [(_simple(db, name, type_), [{"key": one} for one in values]) for name, (type_, values) in SIMPLE.items()]
    return [*simple, *_composite(db)]


def _simple(db: Any, name: str, type_: Any) -> type[Any]:
    return type(
        f"{name}Key",
        (db.Model,),
        {
            "__tablename__": f"key_{name.lower()}",
            "key": sa.Column(type_, primary_key=True, autoincrement=False),
            "note": sa.Column(sa.String(20)),
        },
    )


def _composite(db: Any) -> Rows:
    """A composite key, two references to it that share a column, and a reference as a part of a key."""

    class Part(db.Model):  # type: ignore[misc]  # the base is made at run time
        maker = sa.Column(sa.String(20), primary_key=True)
        number = sa.Column(sa.Integer, primary_key=True, autoincrement=False)
        note = sa.Column(sa.String(20))

    class Delivery(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = sa.Column(sa.Integer, primary_key=True)
        maker = sa.Column(sa.String(20))
        number = sa.Column(sa.Integer)
        spare = sa.Column(sa.Integer)
        part = relationship("Part", foreign_keys=[maker, number])
        spare_part = relationship("Part", foreign_keys=[maker, spare], overlaps="part")
        __table_args__ = (
            sa.ForeignKeyConstraint(["maker", "number"], ["part.maker", "part.number"], name="delivered"),
            sa.ForeignKeyConstraint(["maker", "spare"], ["part.maker", "part.number"], name="delivered_spare"),
        )

    class Stock(db.Model):  # type: ignore[misc]  # the base is made at run time
        maker = sa.Column(sa.String(20), primary_key=True)
        number = sa.Column(sa.Integer, primary_key=True, autoincrement=False)
        day = sa.Column(sa.Date, primary_key=True)
        count = sa.Column(sa.Integer)
        part = relationship("Part", backref="stocks")
        __table_args__ = (sa.ForeignKeyConstraint(["maker", "number"], ["part.maker", "part.number"]),)

    return [
        (Part, PARTS),
        (
            Delivery,
            [{"id": 1, "maker": "a/b", "number": 0, "spare": 7}, {"id": 2, "maker": "", "number": 7}, {"id": 3}],
        ),
        (Stock, [{"maker": "c,d", "number": 7, "day": dt.date(2024, 1, 1), "count": 3}]),
    ]
