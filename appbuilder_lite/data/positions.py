"""Where a page of a list begins or ends, as a text in an address: the values of the columns it is sorted by.

The text is that of a key (`keys`). SQLite's values are taken as they are stored there, because it stores several texts
for one point in time and compares them as texts: a number stands for itself, a text begins with `_`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from math import isfinite
from typing import Any

from appbuilder_lite.data.keys import InvalidKey, decode_key, encode_key
from appbuilder_lite.data.types import Column, Kind

LONGEST = 300
"""Characters of a position. MariaDB compares whole texts, but sorts them by their beginning (`max_sort_length`)."""
STORED = Column("stored", Kind.OTHER)
"""Stands for a column of SQLite: what is stored says itself of what type it is."""

_WHOLE = re.compile(r"-?[0-9]{1,19}")
_TEXT = replace(STORED, kind=Kind.TEXT)


def write_position(values: Sequence[Any], columns: Sequence[Column]) -> str:
    """The text of a row's values; empty where they would not come back exactly as they are."""
    try:
        text = encode_key([_tagged(value, column) for value, column in zip(values, columns, strict=True)])
        read = read_position(text, columns)
    except InvalidKey:
        return ""
    same = all(type(one) is type(other) and one == other for one, other in zip(read, values, strict=True))
    return text if same else ""


def read_position(text: str, columns: Sequence[Column]) -> tuple[Any, ...]:
    """The values of a text; raises `InvalidKey` for everything that `write_position` does not write."""
    if len(text) > LONGEST:
        raise InvalidKey("not a position")
    values = decode_key(text, [_TEXT if column is STORED else column for column in columns])
    return tuple(_untagged(value) if column is STORED else value for value, column in zip(values, columns, strict=True))


def _tagged(value: Any, column: Column) -> Any:
    if column is not STORED or value is None:
        return value
    if isinstance(value, str):
        return f"_{value}"
    if not isinstance(value, int | float):
        raise InvalidKey("neither a number nor a text")
    return repr(value)


def _untagged(text: str | None) -> Any:
    if text is None or text.startswith("_"):
        return text and text[1:]
    value = _number(text)
    is_held = -(2**63) <= value < 2**63 if isinstance(value, int) else isfinite(value)
    if repr(value) != text or not is_held:
        raise InvalidKey("not the written form of a number")
    return value


def _number(text: str) -> int | float:
    try:
        return int(text) if _WHOLE.fullmatch(text) else float(text)
    except ValueError as error:
        raise InvalidKey("neither a number nor a text") from error
