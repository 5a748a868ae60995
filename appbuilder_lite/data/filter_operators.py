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
    FilterRelationManyToManyEqual,
    FilterRelationOneToManyEqual,
    FilterRelationOneToManyNotEqual,
    RelationFilter,
)
from appbuilder_lite.data.sqla_paths import Condition
from appbuilder_lite.data.types import Cardinality, Column, Kind, Relation
from appbuilder_lite.errors import InvalidInput
from appbuilder_lite.text import gettext, reader

_TEXTS = frozenset({Kind.STRING, Kind.TEXT})
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
    """Whether there is no value (`yes`) or one (`no`); a text without letters is none."""

    name = "Is empty"
    arg_name = "empty"

    def condition(self, value: Any) -> Condition:
        path = self.datamodel.path(self.column_name)
        is_text = path.column is not None and path.column.kind in _TEXTS

        def holds(attribute: Any) -> Condition:
            return sa.and_(attribute.is_not(None), attribute != "") if is_text else attribute.is_not(None)

        found = self._where(path, holds)
        return sa.not_(found) if _is_yes(value, self.column_name) else found


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
            return lambda attribute: attribute.between(first, last)
        start, end = limits(first, last, column)
        return lambda attribute: sa.and_(attribute >= start, attribute < end)


def _month(today: date) -> tuple[date, date]:
    following = today.replace(day=28) + timedelta(days=4)
    return today.replace(day=1), following - timedelta(days=following.day)


PERIODS: Mapping[str, Callable[[date], tuple[date, date]]] = MappingProxyType(
    {
        "today": lambda today: (today, today),
        "yesterday": lambda today: (today - timedelta(days=1), today - timedelta(days=1)),
        "last_7_days": lambda today: (today - timedelta(days=6), today),
        "last_30_days": lambda today: (today - timedelta(days=29), today),
        "this_month": _month,
        "last_month": lambda today: _month(today.replace(day=1) - timedelta(days=1)),
        "this_year": lambda today: (today.replace(month=1, day=1), today.replace(month=12, day=31)),
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
    }
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

    A relation to one record is no comparison: such a list is about the records that belong to another one.
    """
    if isinstance(found, Relation):
        # That a relation holds one record, or does not, is asked of records that the person meets.
        own = [one for one in filters_for(found) if one not in (*_RELATION_FILTERS, FilterRelationManyToManyEqual)]
        further: tuple[type[BaseFilter], ...] = (FilterRelationEmpty,)
    else:
        own, further = [*filters_for(found)], _FURTHER.get(found.kind, ())
    return {one.arg_name: one for one in (*own, *further) if one.arg_name}


def _is_yes(value: Any, column: str) -> bool:
    try:
        return bool(column_value(value, _FLAG))
    except InvalidInput:
        raise InvalidInput(column, gettext("Must be yes or no.")) from None
