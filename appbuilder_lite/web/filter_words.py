"""How filters are called: in the form that sets them, and in the chips above a list that is narrowed by them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from appbuilder_lite.data.filter_values import column_value, is_yes, whole_day
from appbuilder_lite.data.filters import BaseFilter
from appbuilder_lite.data.query import Belonging, Comparison
from appbuilder_lite.data.types import Column
from appbuilder_lite.errors import InvalidInput
from appbuilder_lite.resource.displays import display
from appbuilder_lite.text import gettext, lazy, reader

CALLED: Mapping[str, str] = MappingProxyType(
    {
        "ct": lazy("contains"),
        "nct": lazy("does not contain"),
        "eq": lazy("is"),
        "neq": lazy("is not"),
        "sw": lazy("starts with"),
        "nsw": lazy("does not start with"),
        "ew": lazy("ends with"),
        "new": lazy("does not end with"),
        "gt": lazy("more than"),
        "lt": lazy("less than"),
        "gte": lazy("at least"),
        "lte": lazy("at most"),
        "in": lazy("is one of"),
        "not_in": lazy("is none of"),
        "between": lazy("from … to …"),
        "has": lazy("has the item"),
        "empty": lazy("is empty"),
        "filled": lazy("is not empty"),
    }
)
"""Operators in the form; a filter of a host's own is called by its `name`."""

CALLED_OF_TIMES: Mapping[str, str] = MappingProxyType({**CALLED, "gt": lazy("after"), "lt": lazy("before")})
"""The same for dates and times."""

PERIODS: Mapping[str, str] = MappingProxyType(
    {
        "today": lazy("today"),
        "yesterday": lazy("yesterday"),
        "last_7_days": lazy("last 7 days"),
        "last_30_days": lazy("last 30 days"),
        "last_90_days": lazy("last 90 days"),
        "this_month": lazy("this month"),
        "last_month": lazy("last month"),
        "this_year": lazy("this year"),
        "last_year": lazy("last year"),
        "tomorrow": lazy("tomorrow"),
        "next_7_days": lazy("next 7 days"),
        "next_30_days": lazy("next 30 days"),
    }
)

_NO_NAMES: Mapping[Belonging, str] = MappingProxyType({})


def said(
    comparison: Comparison, filter_: BaseFilter, column: Column | None, names: Mapping[Belonging, str] = _NO_NAMES
) -> str:
    """A comparison in words: "contains red", "Paid, Open", "last 7 days"; `names` are those of records."""
    if comparison.operator == "empty":
        return called("empty" if is_yes(comparison.values[0]) else "filled", None, None)
    if comparison.operator == "within":
        return gettext(PERIODS.get(comparison.values[0], comparison.values[0]))
    named = [names.get(Belonging(comparison.path, value)) for value in comparison.values]
    told = zip(named, comparison.values, strict=True)
    values = ", ".join(value_text(value, column) if name is None else name for name, value in told)
    if comparison.operator in ("eq", "in"):
        return values
    return f"{called(comparison.operator, filter_, column)} {values}"


def called(operator: str, filter_: BaseFilter | None, column: Column | None) -> str:
    """An operator in words."""
    known = CALLED_OF_TIMES if column is not None and column.kind in ("date", "time", "datetime") else CALLED
    return gettext(known[operator]) if operator in known else str(getattr(filter_, "name", operator))


def value_text(value: str, column: Column | None) -> str:
    """A value of an address as people read it: the label of a choice, a date as the reader writes it."""
    if column is not None and column.items is not None:
        return value_text(value, column.items)
    try:
        if whole_day(value, column) is not None:
            return reader().date(date.fromisoformat(value.strip()))
        found = column_value(value, column)
    except InvalidInput:
        return value
    labels = dict(column.choices) if column is not None else {}
    return labels[found] if found in labels else display(found).text
