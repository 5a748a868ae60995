"""How the values of a column are displayed, by its kind and what the view says of it."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

from appbuilder_lite.data.types import Column, Kind, Path
from appbuilder_lite.data.unreadable import Unreadable, unreadable
from appbuilder_lite.resource.displays import EMPTY, Display, display, display_of, listed, unread
from appbuilder_lite.resource.options import ResourceOptions


def formatter_for(path: Path, options: ResourceOptions) -> Callable[[Any], Display]:
    """The function that displays the values of a path: the user's own where there is one."""
    own, column = options.formatters.get(path.text), path.column
    if own is not None:
        made = formatter_of(own, column)
        return lambda value: _formatted(made(value))
    if path.column is not None and path.column.choices:
        labels = {_choice_key(value): label for value, label in path.column.choices}
        return lambda value: EMPTY if value is None else _choice(value, labels)
    if path.column is not None and path.column.kind is Kind.BOOLEAN:
        # SQLite and MariaDB give 0 and 1 where a statement names columns without their type.
        return lambda value: EMPTY if value is None else display(value if isinstance(value, str) else bool(value))
    if path.column is not None and path.column.kind is Kind.ARRAY:
        return lambda value: EMPTY if value is None else (display if isinstance(value, str) else listed)(value)
    if path.column is not None and path.column.kind is Kind.OTHER:
        return _as_it_is
    return display if column is None else display_of(column.compared.kind)


def formatter_of(own: Callable[[Any], Any], column: Column | None) -> Callable[[Any], Any]:
    """A host's formatter. What it fails with, as the value cannot be read, is not shown: it may hide a part of it."""

    def made(value: Any) -> Any:
        try:
            return own(value)
        except (TypeError, ValueError, AttributeError, LookupError, ArithmeticError):
            found = unreadable(value, column)
            if found is None:
                raise
            return Unreadable("", found.kind)

    return made


def text_for(name: str, value: Any, options: ResourceOptions) -> str:
    """A value of a column as a list shows it, outside of a cell: without the markup that a formatter makes of it."""
    shown = formatter_for(options.paths[name], options)(value)
    return (display(value) if shown.kind == "html" else shown).text


def _as_it_is(value: Any) -> Display:
    """A number of a type that only its database knows is no count, as a year is none: its digits are not grouped."""
    return Display("number", str(value), str(value)) if type(value) is int else display(value)


def _formatted(value: Any) -> Display:
    """What a user's formatter returned; markup, which knows `__html__`, passes as it is."""
    if value is None:
        return EMPTY
    if hasattr(value, "__html__"):
        return Display("html", value)
    return display(value)


def _choice_key(value: Any) -> Any:
    return value.name if isinstance(value, Enum) else value


def _choice(value: Any, labels: dict[Any, str]) -> Display:
    key = _choice_key(value)
    label = labels.get(key)
    return unread(Unreadable(key, Kind.ENUM)) if label is None else Display("choice", label, str(key))
