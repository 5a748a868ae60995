"""Fields of numbers."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

from appbuilder_lite.data.types import Column
from appbuilder_lite.resource.column_field import ColumnField
from appbuilder_lite.text import gettext

_LONGEST_NUMBER = 400
_INTEGER = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,6})?")
_LARGEST_EXPONENT = 307


class IntegerField(ColumnField):
    """A whole number within the column's range."""

    python_types = (int,)

    @property
    def control(self) -> str:
        return "number"

    @classmethod
    def attributes(cls, column: Column) -> dict[str, Any]:
        bounds = {"min": column.minimum, "max": column.maximum, "step": 1}
        return {name: bound for name, bound in bounds.items() if bound is not None}

    def text_of(self, value: Any) -> str:
        """The number itself: a member of an enum of numbers may have a name for its `str()`."""
        return int.__repr__(value) if isinstance(value, int) else super().text_of(value)

    def parse(self, text: str) -> int:
        text = text.strip()
        if not _INTEGER.fullmatch(text) or len(text) > _LONGEST_NUMBER:
            raise ValueError(gettext("Not a whole number."))
        value = int(text)
        if self.column.minimum is not None and value < self.column.minimum:
            raise ValueError(gettext("Must be at least %(bound)s.", bound=self.column.minimum))
        if self.column.maximum is not None and value > self.column.maximum:
            raise ValueError(gettext("Must be at most %(bound)s.", bound=self.column.maximum))
        return value


class _NumberField(ColumnField):
    """A number with digits after the point."""

    python_types = (int, float, Decimal)

    @property
    def control(self) -> str:
        """A browser's number control empties itself when it is given something like `NaN`."""
        return "number" if not self._value() or _NUMBER.fullmatch(self._value()) else "text"

    @classmethod
    def attributes(cls, column: Column) -> dict[str, Any]:
        return {"step": "any"}

    def number(self, text: str) -> str:
        text = text.strip()
        if not _NUMBER.fullmatch(text) or len(text) > _LONGEST_NUMBER:
            raise ValueError(gettext("Not a number."))
        return text


class DecimalField(_NumberField):
    """An exact number: its digits are kept as they are written."""

    def text_of(self, value: Any) -> str:
        return f"{value:f}" if isinstance(value, Decimal) else super().text_of(value)

    def parse(self, text: str) -> Decimal:
        value = Decimal(self.number(text))
        precision, scale = self.column.precision, self.column.scale
        whole = precision - (scale or 0) if precision is not None else _LARGEST_EXPONENT
        if value and value.adjusted() >= whole:
            raise ValueError(gettext("At most %(count)s digits before the point.", count=whole))
        places = _places(value)
        if scale is not None and places > scale:
            raise ValueError(gettext("At most %(count)s digits after the point.", count=scale))
        if places > _LARGEST_EXPONENT:
            raise ValueError(gettext("At most %(count)s digits after the point.", count=_LARGEST_EXPONENT))
        return value


def _places(value: Decimal) -> int:
    """Digits after the point that are not closing zeros."""
    _sign, digits, exponent = value.as_tuple()
    if not value or not isinstance(exponent, int):
        return 0
    text = "".join(map(str, digits))
    return max(0, -(exponent + len(text) - len(text.rstrip("0"))))


class FloatField(_NumberField):
    """A binary floating-point number."""

    def text_of(self, value: Any) -> str:
        return repr(value) if isinstance(value, float) else super().text_of(value)

    def parse(self, text: str) -> float:
        value = float(self.number(text))
        if not math.isfinite(value):
            raise ValueError(gettext("This number is too large."))
        return value
