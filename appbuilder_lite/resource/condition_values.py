"""What stands in a form for a value that another field waits for: a text, whatever kind of value it is.

An enum's name, a related record's key, `true` and `false`, the empty text for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any

from appbuilder_lite.data.interface import DataModel
from appbuilder_lite.data.keys import encode_key
from appbuilder_lite.data.types import Column

Conditions = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Field -> the fields that decide about it, each with the texts of which it has to hold one."""


def conditions_of(declared: Mapping[str, Mapping[str, Any]], datamodel: DataModel) -> Conditions:
    """What a view declares, as texts."""
    found = {
        name: MappingProxyType({one: _texts(one, values, datamodel) for one, values in rules.items()})
        for name, rules in declared.items()
    }
    return MappingProxyType(found)


def values_in(declared: Any) -> tuple[Any, ...]:
    """The values declared for a deciding field, of which there may be one or several."""
    return tuple(declared) if isinstance(declared, list | tuple | set | frozenset) else (declared,)


def _texts(name: str, declared: Any, datamodel: DataModel) -> tuple[str, ...]:
    if name in datamodel.relations:
        return tuple("" if value is None else encode_key([value]) for value in values_in(declared))
    column = datamodel.columns.get(name)
    known = {} if column is None else choice_texts(column)
    return tuple(known.get(text, text) for text in map(text_of, values_in(declared)))


def choice_texts(column: Column) -> dict[str, str]:
    """What a choice of an enum may be called in a declaration, its name or its value -> its text in a form."""
    choices = [value for value, _label in column.choices]
    by_value = {text_of(value.value): value.name for value in choices if isinstance(value, Enum)}
    return {**by_value, **{text_of(value): text_of(value) for value in choices}}


def text_of(value: Any) -> str:
    """A value as it stands in a form."""
    if value is None:
        return ""
    if isinstance(value, Enum):
        return value.name
    return str(value).lower() if isinstance(value, bool) else str(value)
