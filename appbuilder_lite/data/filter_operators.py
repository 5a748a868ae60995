"""How the columns of a list can be compared: Flask-AppBuilder's filters, and ours beside them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from appbuilder_lite.data.filter_values import column_value, limits
from appbuilder_lite.data.filters import (
    BaseFilter,
    ColumnFilter,
    FilterContains,
    FilterEndsWith,
    FilterEqual,
    FilterGreater,
    FilterIn,
    FilterNotContains,
    FilterNotEndsWith,
    FilterNotEqual,
    FilterNotIn,
    FilterNotStartsWith,
    FilterSmaller,
    FilterStartsWith,
)
from appbuilder_lite.data.relation_filters import (
    FilterRelationIn,
    FilterRelationManyToManyEqual,
    FilterRelationNotEqual,
    FilterRelationNotIn,
    FilterRelationOneToManyEqual,
    FilterRelationOneToManyNotEqual,
    RelationFilter,
)
from appbuilder_lite.data.sqla_held import as_plain
from appbuilder_lite.data.sqla_paths import Condition
from appbuilder_lite.data.sqla_search import as_stored
from appbuilder_lite.data.sqla_types import plain_type
from appbuilder_lite.data.types import Cardinality, Column, Kind, Path, Relation
from appbuilder_lite.errors import InvalidInput
from appbuilder_lite.text import gettext, is_storable, reader

_FLAG = Column("", Kind.BOOLEAN)


class FilterGreaterEqual(FilterGreater):
    name = "At least"
    arg_name = "gte"
    compare = staticmethod(operator.ge)
    compare_day = (operator.ge, 0)


class FilterSmallerEqual(FilterSmaller):
    name = "At most"
    arg_name = "lte"
    compare = staticmethod(operator.le)
    compare_day = (operator.lt, 1)


class FilterEmpty(ColumnFilter):
    """Whether there is no value (`yes`) or one (`no`).

    A text without letters is none, nor are data without bytes, an array without items, and null in a document's place.
    """

    name = "Is empty"
    arg_name = "empty"

    def condition(self, value: Any) -> Condition:
        path = self.datamodel.path(self.column_name)
        # What a type of the host's own stores for a value without content, nobody knows.
        column = path.column or path.computed
        kind = None if column is None or column.is_encoded else column.kind
        filled = _FILLED.get(kind) if kind else None

        def holds(attribute: Any) -> Condition:
            # Of a type that is not known here nothing is asked but that.
            bare = sa.type_coerce(attribute, sa.String) if kind is Kind.OTHER else attribute
            has_value: Condition = bare.is_not(None)
            return sa.and_(has_value, filled(as_plain(attribute))) if filled else has_value

        found = self._where(path, holds)
        return sa.not_(found) if _is_yes(value, self.column_name) else found


_FILLED: Mapping[Kind, Callable[[Any], Condition]] = MappingProxyType(
    {
        Kind.STRING: lambda attribute: attribute != "",
        Kind.TEXT: lambda attribute: attribute != "",
        Kind.BINARY: lambda attribute: attribute != b"",
        Kind.JSON: lambda attribute: sa.cast(attribute, sa.String) != "null",
        Kind.ARRAY: lambda attribute: sa.func.cardinality(attribute) > 0,
    }
)
"""What is true of values with content, of kinds that have some without."""
MAY_BE_BLANK = frozenset(_FILLED)
"""Kinds whose columns may be empty without being NULL."""


class FilterHasItem(ColumnFilter):
    """An array has this item."""

    name = "Has item"
    arg_name = "has"

    def test(self, value: Any, column: Column | None) -> Callable[[Any], Condition]:
        item = column_value(value, column.items if column is not None else None)
        if isinstance(item, str) and not is_storable(item):
            return lambda _attribute: sa.false()

        def holds(attribute: Any) -> Condition:
            one = sa.column("", plain_type(attribute.type).item_type)
            found: Condition = sa.literal(as_stored(one, item), one.type) == sa.any_(attribute)
            return found

        return holds


class FilterRelationEmpty(RelationFilter):
    """Whether there is no related record (`yes`) or one (`no`)."""

    name = "Is empty"
    arg_name = "empty"

    def apply(self, query: sa.Select[Any], value: Any) -> sa.Select[Any]:
        found = self.points_to(None)
        return query.where(found if _is_yes(value, self.column_name) else sa.not_(found))

    def check(self, value: Any) -> None:
        _is_yes(value, self.column_name)


class FilterWithin(ColumnFilter):
    """Days counted from the reader's today, by the names of `PERIODS`."""

    name = "Within"
    arg_name = "within"

    def test(self, value: Any, column: Column | None) -> Callable[[Any], Condition]:
        if value not in PERIODS:
            raise InvalidInput(self.column_name, gettext("There is no such period."))
        first, last = PERIODS[value](reader().today())
        if column is None or column.kind is not Kind.DATETIME:
            return lambda attribute: as_plain(attribute).between(first, last)
        start, end = limits(first, last, column)
        return lambda attribute: sa.and_(as_plain(attribute) >= start, as_plain(attribute) < end)


def _month(today: date) -> tuple[date, date]:
    following = today.replace(day=28) + timedelta(days=4)
    return today.replace(day=1), following - timedelta(days=following.day)


PERIODS: Mapping[str, Callable[[date], tuple[date, date]]] = MappingProxyType(
    {
        "today": lambda today: (today, today),
        "yesterday": lambda today: (today - timedelta(days=1), today - timedelta(days=1)),
        "last_7_days": lambda today: (today - timedelta(days=6), today),
        "last_30_days": lambda today: (today - timedelta(days=29), today),
        "last_90_days": lambda today: (today - timedelta(days=89), today),
        "this_month": _month,
        "last_month": lambda today: _month(today.replace(day=1) - timedelta(days=1)),
        "this_year": lambda today: (date(today.year, 1, 1), date(today.year, 12, 31)),
        "last_year": lambda today: (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
        "tomorrow": lambda today: (today + timedelta(days=1), today + timedelta(days=1)),
        "next_7_days": lambda today: (today, today + timedelta(days=6)),
        "next_30_days": lambda today: (today, today + timedelta(days=29)),
    }
)
"""First and last day by the name of a period; both count."""

_TEXT_FILTERS: tuple[type[BaseFilter], ...] = (
    FilterStartsWith,
    FilterEndsWith,
    FilterContains,
    FilterEqual,
    FilterNotStartsWith,
    FilterNotEndsWith,
    FilterNotContains,
    FilterNotEqual,
    FilterIn,
    FilterNotIn,
)
_NUMBER_FILTERS = (FilterEqual, FilterGreater, FilterSmaller, FilterNotEqual, FilterIn, FilterNotIn)
_TIME_FILTERS = (FilterEqual, FilterGreater, FilterSmaller, FilterNotEqual)
_RELATION_FILTERS = (FilterRelationOneToManyEqual, FilterRelationOneToManyNotEqual)
_RECORD_FILTERS = (FilterRelationNotEqual, FilterRelationIn, FilterRelationNotIn)

# Flask-AppBuilder's order: its URLs name a filter by its number.
_registry: dict[Kind | Cardinality, tuple[type[BaseFilter], ...]] = {
    Kind.STRING: _TEXT_FILTERS,
    Kind.TEXT: _TEXT_FILTERS,
    Kind.INTEGER: _NUMBER_FILTERS,
    Kind.FLOAT: _NUMBER_FILTERS,
    Kind.NUMERIC: _NUMBER_FILTERS,
    Kind.DATE: _TIME_FILTERS,
    Kind.TIME: _TIME_FILTERS,
    Kind.DATETIME: _TIME_FILTERS,
    Kind.BOOLEAN: (FilterEqual, FilterNotEqual),
    Kind.ENUM: (FilterEqual, FilterNotEqual, FilterIn, FilterNotIn),
    Kind.UUID: (FilterEqual, FilterNotEqual, FilterIn, FilterNotIn),
    Cardinality.MANY_TO_ONE: _RELATION_FILTERS,
    Cardinality.ONE_TO_ONE: _RELATION_FILTERS,
    Cardinality.ONE_TO_MANY: (FilterRelationManyToManyEqual,),
    Cardinality.MANY_TO_MANY: (FilterRelationManyToManyEqual,),
}

_LIMITS = (FilterGreaterEqual, FilterSmallerEqual, FilterEmpty)
_FURTHER: Mapping[Kind, tuple[type[BaseFilter], ...]] = MappingProxyType(
    {
        Kind.STRING: (FilterEmpty,),
        Kind.TEXT: (FilterEmpty,),
        Kind.INTEGER: _LIMITS,
        Kind.FLOAT: _LIMITS,
        Kind.NUMERIC: _LIMITS,
        Kind.DATE: (*_LIMITS, FilterWithin),
        Kind.TIME: _LIMITS,
        Kind.DATETIME: (*_LIMITS, FilterWithin),
        Kind.BOOLEAN: (FilterEmpty,),
        Kind.ENUM: (FilterEmpty,),
        Kind.UUID: (FilterEmpty,),
        Kind.INTERVAL: (*_NUMBER_FILTERS, *_LIMITS),
        Kind.JSON: (FilterEmpty,),
        Kind.ARRAY: (FilterEmpty,),
        Kind.BINARY: (FilterEmpty,),
        Kind.OTHER: (FilterEmpty,),
    }
)
_SAME = (FilterEqual, FilterNotEqual, FilterIn, FilterNotIn)
_ADDRESS_FILTERS = (FilterContains, FilterNotContains, FilterStartsWith, *_SAME)
_ITEMS = frozenset(
    {Kind.STRING, Kind.TEXT, Kind.INTEGER, Kind.NUMERIC, Kind.BOOLEAN, Kind.DATE, Kind.TIME, Kind.UUID, Kind.ENUM}
)


def register(kind: Kind | Cardinality, filter_class: type[BaseFilter]) -> None:
    """Offer one more filter for a kind of column or relation, after those that there are."""
    known = _registry.get(kind, ())
    if filter_class not in known:
        _registry[kind] = (*known, filter_class)


def filters_for(found: Column | Relation) -> tuple[type[BaseFilter], ...]:
    """The filters of a column or relation, in the order that URLs count them by."""
    return _registry.get(found.kind if isinstance(found, Column) else found.cardinality, ())


def operators_for(found: Column | Relation) -> Mapping[str, type[BaseFilter]]:
    """The filters of a column or relation by the operator that an address names: `gte` in `total__gte=10`.

    That a relation holds one record is no comparison: such a list is about the records that belong to another one.
    """
    if isinstance(found, Relation):
        own = [one for one in filters_for(found) if one not in (*_RELATION_FILTERS, FilterRelationManyToManyEqual)]
        further = () if found.association is not None else _RECORD_FILTERS
        classes: tuple[type[BaseFilter], ...] = (*further, *own, FilterRelationEmpty)
    elif found.is_encoded:
        classes = _of_encoded(found)
    else:
        classes = (*filters_for(found), *_FURTHER.get(found.kind, ()), *_of_type(found))
    return {one.arg_name: one for one in classes if one.arg_name}


def may_be_empty(path: Path) -> bool:
    """Whether a filter for empty values can find a record: one of a column may, and one that leads nowhere."""
    column = path.column
    return bool(path.through) or column is None or column.nullable or column.kind in MAY_BE_BLANK


def _of_encoded(column: Column) -> tuple[type[BaseFilter], ...]:
    """The filters that are true of a column whose type stores its values in another form.

    A value is found by what the type stores for it, limits where that has the order of the values, parts nowhere.
    """
    kind = column.compared.kind
    own = [one for one in filters_for(column) if one.__module__.partition(".")[0] != "appbuilder_lite"]
    same = () if kind in (Kind.OTHER, Kind.JSON) else _SAME
    ordered = (*filters_for(column.compared), *_FURTHER[kind]) if column.compared.orderable else ()
    return (*same, *ordered, FilterEmpty, *own)


def _of_type(column: Column) -> tuple[type[BaseFilter], ...]:
    """The filters that not all columns of a kind have."""
    if column.items is not None and column.items.kind in _ITEMS and not column.items.is_encoded:
        return (FilterHasItem,)
    return _ADDRESS_FILTERS if column.notation else ()


def _is_yes(value: Any, column: str) -> bool:
    try:
        return bool(column_value(value, _FLAG))
    except InvalidInput:
        raise InvalidInput(column, gettext("Must be yes or no.")) from None
