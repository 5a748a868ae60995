"""A value of each of the museum's columns, and the words that a list has for it."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from tests.web.museum import Floor, Grade, Size

Shown = dict[str, tuple[Any, str]]

GENERAL: Shown = {
    "line": ("a line", "a line"),
    "needed": ("needed", "needed"),
    "many": ("two\nlines", "two lines"),
    "wide": ("é", "é"),
    "wider": ("漢", "漢"),
    "small": (3, "3"),
    "whole": (-70000, "-70000"),
    "large": (2**62, str(2**62)),
    "ratio": (1.5, "1.5"),
    "rounded": (0.25, "0.25"),
    "money": (Decimal("3.10"), "3.10"),
    "even": (Decimal(7), "7"),
    "fine": (Decimal("0.0000000001"), "0.0000000001"),
    "loose": (0.5, "0.5"),
    "on": (True, "Yes"),
    "checked": (False, "No"),
    "day": (dt.date(2024, 2, 3), "2024-02-03"),
    "clock": (dt.time(1, 2, 3), "01:02:03"),
    "moment": (dt.datetime(2024, 2, 3, 4, 5), "2024-02-03 04:05"),
    "span": (dt.timedelta(days=-1, seconds=5), "-23h 59m 55s"),
    "choice": ("red", "red"),
    "size": (Size.EXTRA_LARGE, "Extra Large"),
    "grade": (Grade.LOW, "Low"),
    "floor": (Floor.CELLAR, "Cellar"),
    "words": (["a", "b c"], '["a", "b c"]'),
    "loud": ("loud", "LOUD"),
    "tree": ({"a": [1, None]}, '{"a": [1, null]}'),
    "serial": (uuid.UUID(int=7 << 76), "00000000-0000-7000-0000-000000000000"),
    "serial_text": (str(uuid.UUID(int=7 << 76)), "00000000-0000-7000-0000-000000000000"),
    "image": (b"a", "1 byte"),
    "pickled": ({"a": 1}, '{"a": 1}'),
    "filled": ("filled", "filled"),
    "checked_number": (9, "9"),
}
POSTGRESQL: Shown = {
    "zoned": (dt.datetime(2024, 2, 3, 4, 5, tzinfo=dt.UTC), "2024-02-03 04:05+00:00"),
    "lines": (["a b", "c"], "a b, c"),
    "counts": ([1, 2000, None], "1, 2000, -"),
    "sums": ([Decimal("1.50")], "1.50"),
    "grid": ([[1, 2], [3, 4]], "[1, 2], [3, 4]"),
    "trees": ([{"a": 1}], '{"a": 1}'),
    "address": ("10.0.0.1/8", "10.0.0.1/8"),
    "network": ("10.0.0.0/8", "10.0.0.0/8"),
    "hardware": ("08:00:2b:01:02:03", "08:00:2b:01:02:03"),
    "pairs": ({"a": "b", "c": None}, '{"a": "b", "c": null}'),
    "leaf": ({"a": 1}, '{"a": 1}'),
    "leaves": ([1], "[1]"),
    "vector": ("'cat':1", "'cat':1"),
    "pause": (dt.timedelta(days=40, microseconds=5), "40d 0.000005s"),
    "hour": (dt.time(1, 2, tzinfo=dt.UTC), "01:02+00:00"),
    "odd": (float("nan"), "nan"),
    "not_a_number": (Decimal("NaN"), "NaN"),
    "point": ("(1,2)", "(1,2)"),
    "bits": ("101", "101"),
    "told": ("told", "told"),
    "positive": (7, "7"),
    "rate": (Decimal("1.500"), "1.500"),
    "due": (dt.datetime(2024, 2, 3, 4, 5, tzinfo=dt.UTC), "2024-02-03 04:05+00:00"),
    "host": ("10.0.0.1", "10.0.0.1"),
    "spread": (postgresql.Range(1, 5), "[1,5)"),
}
MARIADB: Shown = {
    "year": (2024, "2024"),
    "flags": ({"b", "a"}, "a, b"),
    "medium": ("medium", "medium"),
    "long": ("long", "long"),
    "tiny": (255, "255"),
    "huge": (2**64 - 1, str(2**64 - 1)),
    "native": ("x", "x"),
    "bit": (5, "5"),
    "blob": (b"ab", "2 bytes"),
    "stamp": (dt.datetime(2000, 1, 1), "2000-01-01 00:00"),
}
OF_DATABASE = {"sqlite": GENERAL, "postgresql": GENERAL | POSTGRESQL, "mysql": GENERAL | MARIADB}


def shown_values(url: str) -> Shown:
    return OF_DATABASE[sa.make_url(url).get_backend_name()]
