"""A model with a column of every kind that there is, and the values that each of them can hold.

`ROOMS` tells by the database which columns the model gets: those that SQLAlchemy has everywhere, then its
own.
"""

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import column_property, deferred
from sqlalchemy.types import UserDefinedType

from appbuilder_lite import AppBuilder, ModelView, SQLAInterface, renders
from tests.conftest import MakeHost
from tests.web.site import Site, make_db


class Size(enum.Enum):
    SMALL = "s"
    EXTRA_LARGE = "xl"


class Grade(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Floor(enum.Enum):
    CELLAR = -1
    GROUND = 0


class FloorNumber(sa.TypeDecorator[Floor]):
    """An enum that is stored by its number, as many apps have one of their own."""

    impl = sa.Integer
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Any) -> Any:
        return None if value is None else value.value

    def process_result_value(self, value: Any, _dialect: Any) -> Any:
        return None if value is None else Floor(value)


class Words(sa.TypeDecorator[list[str]]):
    """A list that is stored as a text."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Any) -> Any:
        return None if value is None else ",".join(value)

    def process_result_value(self, value: Any, _dialect: Any) -> Any:
        return None if value is None else [word for word in value.split(",") if word]


class Loud(sa.TypeDecorator[str]):
    """A text that is changed on its way."""

    impl = sa.String(60)
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Any) -> Any:
        return None if value is None else value.upper()


class Point(UserDefinedType[str]):
    """A type that SQLAlchemy does not know and PostgreSQL cannot order."""

    cache_ok = True

    def get_col_spec(self, **_options: Any) -> str:
        return "POINT"


@dataclass(frozen=True)
class Exhibit:
    """A column's type, the values that a row may have there, and whether a form has a field for it."""

    type: Any
    values: st.SearchStrategy[Any]
    is_edited: bool = True
    options: Mapping[str, Any] | None = None
    is_sorted: bool = True

    def column(self) -> sa.Column[Any]:
        return sa.Column(self.type, **(self.options or {}))


CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
LINES = st.text(st.sampled_from(" \r\n\tab"), max_size=12)
TEXTS = st.sampled_from(["", " ", " both ends ", "\nleading", "dos\r\n", "<b>&amp;\"'"]) | LINES
# MariaDB keeps no fractions of a second unless asked.
CLOCK = sa.Time().with_variant(mysql.TIME(fsp=6), "mysql", "mariadb")
MOMENT = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
ZONES = st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=-9, minutes=-30))])
SPANS = st.sampled_from([dt.timedelta(0), dt.timedelta(microseconds=-1), dt.timedelta(days=400, seconds=3661)])
ITEMS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e300, 1e300) | st.text(CHARACTERS)
JSON = st.recursive(
    ITEMS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(CHARACTERS), inner, max_size=3)
)


def numbers(bits: int) -> st.SearchStrategy[int]:
    return st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def null_or(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


GENERAL: dict[str, Exhibit] = {
    "line": Exhibit(sa.String(60), null_or(TEXTS | st.text(CHARACTERS, max_size=60))),
    "needed": Exhibit(sa.String(60), TEXTS, options={"nullable": False}),
    "many": Exhibit(sa.Text, null_or(TEXTS | st.text(CHARACTERS))),
    "wide": Exhibit(sa.Unicode(60), null_or(TEXTS)),
    "wider": Exhibit(sa.UnicodeText, null_or(TEXTS)),
    "small": Exhibit(sa.SmallInteger, null_or(numbers(16))),
    "whole": Exhibit(sa.Integer, null_or(numbers(32))),
    "large": Exhibit(sa.BigInteger, null_or(numbers(64))),
    "ratio": Exhibit(sa.Double, null_or(st.floats(-1e300, 1e300))),
    "rounded": Exhibit(sa.Float, null_or(st.floats(-(2.0**99), 2.0**99, width=32))),
    "money": Exhibit(sa.Numeric(10, 2), null_or(st.decimals(-99999999, 99999999, places=2))),
    "even": Exhibit(sa.Numeric(8, 0), null_or(st.integers(-(10**7), 10**7).map(Decimal))),
    "fine": Exhibit(sa.Numeric(20, 10), null_or(st.decimals(-(10**4), 10**4, places=10))),
    "loose": Exhibit(sa.Numeric(10, 2, asdecimal=False), null_or(st.integers(-800, 800).map(lambda n: n / 8))),
    "on": Exhibit(sa.Boolean, st.booleans(), options={"nullable": False}),
    "checked": Exhibit(sa.Boolean, null_or(st.booleans())),
    "day": Exhibit(sa.Date, null_or(st.dates(dt.date(1000, 1, 1)))),
    "clock": Exhibit(CLOCK, null_or(st.times() | st.sampled_from([dt.time(0), dt.time(1, 2, 3, 400_000)]))),
    "moment": Exhibit(MOMENT, null_or(st.datetimes(dt.datetime(1000, 1, 1)))),
    "zoned": Exhibit(
        sa.DateTime(timezone=True).with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb"),
        null_or(st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2100, 1, 1), timezones=ZONES)),
    ),
    "span": Exhibit(sa.Interval, null_or(SPANS | st.timedeltas(dt.timedelta(days=-9999), dt.timedelta(days=9999)))),
    "choice": Exhibit(
        sa.Enum("red", "dark blue", "", name="choice"), null_or(st.sampled_from(["red", "dark blue", ""]))
    ),
    "size": Exhibit(sa.Enum(Size), null_or(st.sampled_from(Size))),
    "grade": Exhibit(sa.Enum(Grade), null_or(st.sampled_from(Grade))),
    "floor": Exhibit(FloorNumber, null_or(st.sampled_from(Floor)), is_edited=False),
    "words": Exhibit(Words, null_or(st.lists(st.sampled_from(["a", "b c"]), max_size=2)), is_edited=False),
    "loud": Exhibit(Loud, null_or(st.text(st.sampled_from("aB \n")))),
    "tree": Exhibit(sa.JSON, null_or(JSON), is_sorted=False),
    "serial": Exhibit(sa.Uuid, null_or(st.uuids(version=4))),
    "serial_text": Exhibit(sa.Uuid(as_uuid=False), null_or(st.uuids(version=4).map(str))),
    "image": Exhibit(sa.LargeBinary, null_or(st.binary(max_size=9)), is_edited=False, is_sorted=False),
    "pickled": Exhibit(sa.PickleType, null_or(st.just({"a": 1})), is_edited=False, is_sorted=False),
    "filled": Exhibit(sa.String(20), TEXTS, options={"server_default": "fresh", "nullable": False}),
    "checked_number": Exhibit(sa.Integer, null_or(st.integers(0, 9))),
}

POSTGRESQL: dict[str, Exhibit] = {
    "lines": Exhibit(postgresql.ARRAY(sa.Text), null_or(st.lists(TEXTS, max_size=3))),
    "counts": Exhibit(sa.ARRAY(sa.Integer), null_or(st.lists(null_or(numbers(32)), max_size=3))),
    "sums": Exhibit(postgresql.ARRAY(sa.Numeric(10, 2)), null_or(st.lists(st.just(Decimal("1.50")), max_size=2))),
    "grid": Exhibit(
        postgresql.ARRAY(sa.Integer, dimensions=2),
        null_or(st.sampled_from([[[1, 2], [3, 4]], [[1], [2]]])),
        is_edited=False,
    ),
    "trees": Exhibit(postgresql.ARRAY(postgresql.JSON), null_or(st.just([{"a": 1}])), is_edited=False, is_sorted=False),
    "address": Exhibit(postgresql.INET, null_or(st.sampled_from(["10.0.0.1", "::1", "10.1.2.3/8"])), is_edited=False),
    "network": Exhibit(postgresql.CIDR, null_or(st.sampled_from(["10.0.0.0/8", "::/0"])), is_edited=False),
    "hardware": Exhibit(postgresql.MACADDR, null_or(st.just("08:00:2b:01:02:03")), is_edited=False),
    "pairs": Exhibit(postgresql.HSTORE, null_or(st.dictionaries(TEXTS, null_or(TEXTS), max_size=2)), is_edited=False),
    "leaf": Exhibit(postgresql.JSON, null_or(JSON.filter(lambda value: "\0" not in str(value))), is_sorted=False),
    "leaves": Exhibit(postgresql.JSONB, null_or(JSON), is_sorted=False),
    "vector": Exhibit(postgresql.TSVECTOR, null_or(st.just("'cat':1 'fat':2")), is_edited=False),
    "pause": Exhibit(postgresql.INTERVAL, null_or(st.timedeltas(dt.timedelta(-9999), dt.timedelta(9999)))),
    "hour": Exhibit(sa.Time(timezone=True), null_or(st.times(timezones=ZONES))),
    "odd": Exhibit(sa.Double, st.sampled_from([float("nan"), float("inf"), -0.0])),
    "not_a_number": Exhibit(sa.Numeric, st.sampled_from([Decimal("NaN"), Decimal("1E+20"), Decimal("0.10")])),
    "point": Exhibit(Point, null_or(st.just("(1,2)")), is_edited=False, is_sorted=False),
    "bits": Exhibit(postgresql.BIT(3), null_or(st.just("101")), is_edited=False),
    "told": Exhibit(postgresql.DOMAIN("told", sa.Text), null_or(TEXTS)),
    "positive": Exhibit(
        postgresql.DOMAIN("positive", sa.BigInteger, check="VALUE > 0"), null_or(st.integers(1, 2**62))
    ),
    "rate": Exhibit(postgresql.DOMAIN("rate", sa.Numeric(6, 3)), null_or(st.decimals(-99, 99, places=3))),
    "due": Exhibit(
        postgresql.DOMAIN("due", sa.DateTime(timezone=True)),
        null_or(st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2100, 1, 1), timezones=ZONES)),
    ),
    "host": Exhibit(
        postgresql.DOMAIN("host", postgresql.INET), null_or(st.just("10.0.0.1")), is_edited=False, is_sorted=False
    ),
    "spread": Exhibit(postgresql.INT4RANGE, null_or(st.just(postgresql.Range(1, 5))), is_edited=False),
}

MARIADB: dict[str, Exhibit] = {
    "year": Exhibit(mysql.YEAR, null_or(st.integers(1901, 2155)), is_edited=False),
    "flags": Exhibit(mysql.SET("a", "b"), null_or(st.sampled_from([{"a"}, {"a", "b"}])), is_edited=False),
    "medium": Exhibit(mysql.MEDIUMTEXT, null_or(TEXTS)),
    "long": Exhibit(mysql.LONGTEXT, null_or(TEXTS)),
    "tiny": Exhibit(mysql.TINYINT(unsigned=True), null_or(st.integers(0, 255))),
    "huge": Exhibit(mysql.BIGINT(unsigned=True), null_or(st.integers(0, 2**64 - 1))),
    "native": Exhibit(mysql.ENUM("x", "y"), null_or(st.sampled_from(["x", "y"]))),
    "bit": Exhibit(mysql.BIT(3), null_or(st.integers(0, 7)), is_edited=False),
    "blob": Exhibit(mysql.MEDIUMBLOB, null_or(st.binary(max_size=9)), is_edited=False, is_sorted=False),
    "stamp": Exhibit(mysql.TIMESTAMP(fsp=6), null_or(st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2030, 1, 1)))),
}

ROOMS: dict[str, dict[str, Exhibit]] = {
    "sqlite": GENERAL,
    "postgresql": GENERAL | POSTGRESQL,
    "mysql": GENERAL | MARIADB,
}


def exhibits(url: str) -> dict[str, Exhibit]:
    """The columns of the museum of this database."""
    return ROOMS[sa.make_url(url).get_backend_name()]


def rows(url: str) -> st.SearchStrategy[dict[str, Any]]:
    """A value for each column."""
    return st.fixed_dictionaries({name: exhibit.values for name, exhibit in exhibits(url).items()})


def make_museum(db: Any, url: str) -> Any:
    """The model: a column for each exhibit, and what SQL or Python make of them."""
    columns = {name: exhibit.column() for name, exhibit in exhibits(url).items()}
    # Only PostgreSQL numbers a column that is no key.
    has_identity = sa.make_url(url).get_backend_name() == "postgresql"
    numbered = {"numbered": sa.Column(sa.Integer, sa.Identity(always=True))} if has_identity else {}

    def shout(self: Any) -> str:
        return str(self.needed).upper()

    @renders("whole")
    def in_words(self: Any) -> str:
        return f"<{self.whole}>"

    def exclaim(self: Any) -> Any:
        return self.needed + "!"

    def plain(self: Any) -> Any:
        return [1, self.needed]

    return type(
        "Museum",
        (db.Model,),
        {
            "__tablename__": "museum",
            "id": sa.Column(sa.Integer, primary_key=True),
            **columns,
            **numbered,
            "doubled": sa.Column(sa.BigInteger, sa.Computed("small * 2", persisted=True)),
            "hidden": deferred(sa.Column(sa.Text)),
            "kept_back": deferred(sa.Column(sa.Text), raiseload=True),
            "longer": column_property(sa.func.length(columns["needed"]) + 1),
            "shout": shout,
            "in_words": in_words,
            "exclaimed": hybrid_property(exclaim),
            "plain": property(plain),
            "__table_args__": (sa.CheckConstraint("checked_number < 10"),),
            "__str__": lambda self: f"exhibit {self.id}",
        },
    )


def open_museum(make_host: MakeHost, url: str) -> Site:
    """A site with a page for each action on the museum's rows, all of its columns in each of them."""
    make_extensions(url)
    db = make_db()
    museum = make_museum(db, url)
    own = ["longer", "shout", "in_words", "exclaimed", "plain", "doubled", "hidden", "kept_back"]
    shown = [*exhibits(url), *own]
    view = type(
        "MuseumView",
        (ModelView,),
        {
            "datamodel": SQLAInterface(museum),
            "list_columns": shown,
            "show_columns": shown,
            "export_formats": ["csv", "json"],
        },
    )
    builder = AppBuilder()
    builder.add_view(view, "Museum")
    host = make_host(db)
    builder.init_app(host.app, db)
    site = Site(host.app, db, builder, museum, view)
    site.create()
    return site


def make_extensions(url: str) -> None:
    """PostgreSQL has HSTORE only where it was asked to, and before the driver first connects."""
    if sa.make_url(url).get_backend_name() == "postgresql":
        engine = sa.create_engine(url, use_native_hstore=False)
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE EXTENSION IF NOT EXISTS hstore"))
        engine.dispose()
