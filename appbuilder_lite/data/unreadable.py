"""Stored values that Python, or the type of their column, cannot hold."""

from __future__ import annotations

from typing import Any

from appbuilder_lite.data.types import Column, Kind

NO_TEXTS = frozenset({Kind.INTEGER, Kind.FLOAT, Kind.NUMERIC, Kind.DATE, Kind.TIME, Kind.DATETIME, Kind.INTERVAL})
"""Values of these are never texts, so a text is what the driver could make nothing of."""


class Unreadable(str):
    """The text of a stored value that cannot be read as one of its `kind`, as `infinity` is no date of Python's.

    It is shown, and never written: forms leave the column as it is.
    """

    __slots__ = ("kind",)
    kind: Kind

    def __new__(cls, value: Any, kind: Kind) -> Unreadable:
        is_binary = isinstance(value, bytes | bytearray | memoryview)
        made = super().__new__(cls, bytes(value).decode("utf-8", "backslashreplace") if is_binary else value)
        made.kind = kind
        return made


def unreadable(value: Any, column: Column | None) -> Unreadable | None:
    """What cannot be read of a column's value, as a driver or SQLite, which store what they are given, hand it out."""
    if isinstance(value, Unreadable):
        return value
    if isinstance(value, str) and column is not None and column.compared.kind in NO_TEXTS:
        return Unreadable(value, column.compared.kind)
    return None
