"""The field of a JSON document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import isfinite
from typing import Any

from appbuilder_lite.resource.column_field import ColumnField
from appbuilder_lite.resource.plain_text import fault_of, presentable
from appbuilder_lite.text import gettext

_LONGEST_NUMBER = 400


class JSONField(ColumnField):
    """A JSON document, indented. What JSON text cannot tell exactly, such as NaN or an object of the app's, stays."""

    @property
    def control(self) -> str:
        return "textarea"

    @property
    def can_hold(self) -> bool:
        stored = self.object_data
        if stored is None or not super().can_hold:
            return stored is None
        try:
            text = _written(stored)
            read = self.parse(text)
            return presentable(text) == text and _written(read) == text and bool(read == stored)
        except (TypeError, ValueError, RecursionError):
            return False

    @property
    def has_changed(self) -> bool:
        """Compared as texts: to Python 1 is True and 1.0, to JSON it is neither."""
        if self.data is self.object_data:
            return False
        return self.text_of(self.data) != self.text_of(self.object_data)

    def text_of(self, value: Any) -> str:
        try:
            return "" if value is None else _written(value)
        except (TypeError, ValueError, RecursionError):
            return super().text_of(value)

    def parse(self, text: str) -> Any:
        """The document; `null` is an empty field, as Python knows no other."""
        try:
            value = json.loads(
                text,
                object_pairs_hook=_members,
                parse_constant=_no_number,
                parse_float=_fraction,
                parse_int=_whole,
            )
        except json.JSONDecodeError as error:
            place = {"line": error.lineno, "column": error.colno}
            raise ValueError(gettext("Not JSON: see line %(line)s, column %(column)s.", **place)) from None
        except RecursionError:
            raise ValueError(gettext("This is nested too deeply.")) from None
        for word in _texts(value):
            fault = fault_of(word)
            if fault:
                raise ValueError(fault)
        return value

    def _kept(self, value: Any) -> Any:
        return value

    def _same_text(self, posted: str, shown: str) -> bool:
        return posted.replace("\r\n", "\n") == shown


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(gettext("%(name)s is given twice.", name=json.dumps(twice, ensure_ascii=False)))
    return found


def _no_number(text: str) -> Any:
    raise ValueError(gettext("%(text)s is no JSON.", text=text))


def _fraction(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise ValueError(gettext("This number is too large."))
    return value


def _whole(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise ValueError(gettext("This number is too large."))
    return int(text)


def _texts(value: Any) -> Iterator[str]:
    """Every text in a document, the names of its members too."""
    pending = [value]
    while pending:
        found = pending.pop()
        if isinstance(found, str):
            yield found
        elif isinstance(found, dict):
            pending += [*found, *found.values()]
        elif isinstance(found, list):
            pending += found
