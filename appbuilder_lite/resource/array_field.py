"""The field of an array: one item per line."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from appbuilder_lite.data.types import Column, Kind
from appbuilder_lite.resource.clock_fields import DateField, DateTimeField, TimeField
from appbuilder_lite.resource.column_field import ColumnField
from appbuilder_lite.resource.displays import Display, listed
from appbuilder_lite.resource.number_fields import DecimalField, FloatField, IntegerField
from appbuilder_lite.resource.text_fields import TextField, UUIDField, unix_lines
from appbuilder_lite.text import gettext

ITEM_FIELDS: Mapping[Kind, type[ColumnField]] = MappingProxyType(
    {
        Kind.STRING: TextField,
        Kind.TEXT: TextField,
        Kind.INTEGER: IntegerField,
        Kind.NUMERIC: DecimalField,
        Kind.FLOAT: FloatField,
        Kind.DATE: DateField,
        Kind.TIME: TimeField,
        Kind.DATETIME: DateTimeField,
        Kind.UUID: UUIDField,
    }
)
"""The fields of the kinds whose values a line of text can hold."""


def has_lines(column: Column) -> bool:
    """Whether the items of an array are of a kind that a line can hold."""
    return column.items is not None and column.items.kind in ITEM_FIELDS


class ArrayField(ColumnField):
    """A list of simple values, one per line; blank lines do not count.

    A list that lines cannot tell, with NULL, an empty text, a line end or another list in it, is shown and stays.
    """

    def __init__(self, *arguments: Any, column: Column, **options: Any) -> None:
        super().__init__(*arguments, column=column, **options)
        items = column.items or column
        self._item: Any = ITEM_FIELDS[items.kind](column=items, name=self.name, _form=None, _meta=self.meta)
        self._item.process(None)

    @property
    def control(self) -> str:
        return "textarea"

    @property
    def hint(self) -> str:
        return gettext("One per line.")

    def display(self, value: Any) -> Display:
        return listed(value) if isinstance(value, list | tuple) else super().display(value)

    @property
    def can_hold(self) -> bool:
        stored = self.object_data
        if stored is None or stored == []:
            return True
        try:
            read = self.parse(self.text_of(stored))
        except ValueError:
            return False
        return isinstance(stored, list) and read == stored and [*map(type, read)] == [*map(type, stored)]

    @property
    def empty(self) -> Any:
        """NULL where the column takes it, or where it fills itself in a new record."""
        is_filled = self.column.has_default and self.object_data is None
        return None if self.column.nullable or is_filled else []

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        if valuelist and self.data is None:
            self.data = self.empty

    def text_of(self, value: Any) -> str:
        return (
            "\n".join(self._item.text_of(item) for item in value) if isinstance(value, list) else super().text_of(value)
        )

    def parse(self, text: str) -> list[Any]:
        items = []
        for number, line in enumerate(unix_lines(text).split("\n"), start=1):
            if line.strip():
                items.append(self._parsed(number, line))
        return items

    def _parsed(self, number: int, line: str) -> Any:
        try:
            return self._item.parse(line)
        except ValueError as error:
            raise ValueError(gettext("Line %(number)s: %(fault)s", number=number, fault=error)) from None

    def _same_text(self, posted: str, shown: str) -> bool:
        return unix_lines(posted) == unix_lines(shown)
