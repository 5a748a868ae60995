"""Fields of texts, and of what is written as one."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from appbuilder_lite.data.types import Column, Kind
from appbuilder_lite.resource.column_field import ColumnField
from appbuilder_lite.text import gettext

_LONG_TEXT = 500


class TextField(ColumnField):
    """A text. Empty is NULL where the column allows it, unless it was the empty text before."""

    python_types = (str,)

    @property
    def control(self) -> str:
        """A control of one line would drop the line ends of what it shows."""
        is_long = self.column.kind is Kind.TEXT or (self.column.max_length or 0) > _LONG_TEXT
        return "textarea" if is_long or re.search(r"[\r\n]", self._value()) else "text"

    @classmethod
    def attributes(cls, column: Column) -> dict[str, Any]:
        return {"maxlength": column.max_length} if column.max_length else {}

    def text_of(self, value: Any) -> str:
        """The text itself: a member of an enum of texts has a name for its `str()`."""
        return str.__str__(value) if isinstance(value, str) else super().text_of(value)

    @property
    def empty(self) -> Any:
        return None if self.column.nullable else ""

    def parse(self, text: str) -> str:
        text = unix_lines(text)
        if "\r\n" in self.text_of(self.object_data):
            text = text.replace("\n", "\r\n")
        most = self.column.max_length
        if most is not None and len(text) > most:
            raise ValueError(gettext("At most %(most)s characters; these are %(count)s.", most=most, count=len(text)))
        return text

    def _same_text(self, posted: str, shown: str) -> bool:
        return unix_lines(posted) == unix_lines(shown)

    def _is_blank(self, text: str) -> bool:
        # Spaces are a text: only a required field does not count them as one.
        return not (text.strip() if self.is_required else text)


def unix_lines(text: str) -> str:
    """The text with the line ends of Unix; a browser sends those of DOS, whatever it was given."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


class UUIDField(ColumnField):
    """A UUID in any of its usual spellings."""

    python_types = (UUID, str)

    def parse(self, text: str) -> UUID:
        try:
            return UUID(text.strip())
        except ValueError:
            raise ValueError(gettext("Not a UUID.")) from None

    def _kept(self, value: Any) -> Any:
        return self.object_data if str(value) == str(self.object_data) else value
