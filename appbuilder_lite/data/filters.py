"""Filters: one small class per operator, under Flask-AppBuilder's names.

A filter narrows a `select()` of its model by conditions alone, without a join, so that any number of them and any
dotted column can be combined, counted and paged. NULL is equal to nothing: `FilterNotEqual` leaves rows without a
value out, `FilterEqual` with None finds them.
"""

from __future__ import annotations

import logging
import operator
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from appbuilder_lite.data.filter_values import column_value, whole_day
from appbuilder_lite.data.interface import DataModel, Scope
from appbuilder_lite.data.sqla_held import as_plain
from appbuilder_lite.data.sqla_paths import Condition, last_attribute, where_related
from appbuilder_lite.data.sqla_search import as_stored, spellings
from appbuilder_lite.data.types import Column, Kind, Path
from appbuilder_lite.text import is_storable

_log = logging.getLogger(__name__)

_TEXTS = frozenset({Kind.STRING, Kind.TEXT})
# What a callable raises that asks a user, a request or a table which are not there.
_CALL_ERRORS = (AttributeError, LookupError, TypeError, ValueError, ArithmeticError, RuntimeError, SQLAlchemyError)


class BaseFilter:
    """Narrows a statement by one value; the class to subclass for filters of your own.

    `column_name` may be dotted. Inside `apply`, `self.model` is the mapped class that the statement selects.

    Example: `def apply(self, query, value): return query.where(self.model.owner_id == value)`.
    """

    name: str = ""
    arg_name: str | None = None
    multiple = False
    """Whether it compares with several values at once: a list of them is its value."""

    def __init__(self, column_name: str, datamodel: DataModel, is_related_view: bool = False) -> None:
        self.column_name = column_name
        self.datamodel = datamodel
        self.model = datamodel.model
        self.is_related_view = is_related_view

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.column_name!r})"

    def apply(self, query: sa.Select[Any], value: Any) -> sa.Select[Any]:
        """The narrower statement."""
        raise NotImplementedError

    def check(self, value: Any) -> None:
        """Raise `InvalidInput` where the column cannot hold the value; called before a person's value is applied."""


def scope_of(filters: Sequence[tuple[BaseFilter, Any]]) -> Scope:
    """All the filters as one scope, for one request: a callable value is called once, whatever number of statements."""
    values = [(found, cache(value) if isinstance(found, FunctionFilter) else value) for found, value in filters]

    def scope(query: sa.Select[Any]) -> sa.Select[Any]:
        for found, value in values:
            query = found.apply(query, value)
        return query

    return scope


class ColumnFilter(BaseFilter):
    """A comparison of a column with a value; `negative` turns it round."""

    negative = False

    def apply(self, query: sa.Select[Any], value: Any) -> sa.Select[Any]:
        return query.where(self.condition(value))

    def check(self, value: Any) -> None:
        self.condition(value)

    def condition(self, value: Any) -> Condition:
        path = self.datamodel.path(self.column_name)
        if path.compared is None and not (path.attribute and path.sortable):
            raise LookupError(f"{self.datamodel.name}.{self.column_name} is no column that SQL can compare")
        test = self.test(value, path.compared)
        if self.negative and path.is_to_many:
            return sa.not_(self._where(path, test))
        return self._where(path, (lambda attribute: sa.not_(test(attribute))) if self.negative else test)

    def test(self, value: Any, column: Column | None) -> Callable[[Any], Condition]:
        """The comparison, as a function of the SQL attribute, before it is turned round."""
        raise NotImplementedError

    def _where(self, path: Path, test: Callable[[Any], Condition]) -> Condition:
        return where_related(self.model, path.through, lambda end: test(last_attribute(end, path)))

    def _has_value(self, path: Path) -> Condition:
        return self._where(path, lambda attribute: attribute.is_not(None))


class TextFilter(ColumnFilter):
    """A comparison of texts without regard to case, in which `%` and `_` are plain characters."""

    operator = "icontains"

    def test(self, value: Any, column: Column | None) -> Callable[[Any], Condition]:
        text = "" if value is None else str(value)
        if not is_storable(text):
            return _nothing

        def compare(attribute: Any) -> Condition:
            attribute = as_plain(attribute)
            if column is None or column.kind not in _TEXTS:
                attribute = _as_text(attribute, column)
            compared = getattr(attribute, self.operator)
            return sa.or_(*(compared(spelling, autoescape=True) for spelling in spellings(text)))

        return compare


class FilterStartsWith(TextFilter):
    name = "Starts with"
    arg_name = "sw"
    operator = "istartswith"


class FilterNotStartsWith(FilterStartsWith):
    name = "Not Starts with"
    arg_name = "nsw"
    negative = True


class FilterEndsWith(TextFilter):
    name = "Ends with"
    arg_name = "ew"
    operator = "iendswith"


class FilterNotEndsWith(FilterEndsWith):
    name = "Not Ends with"
    arg_name = "new"
    negative = True


class FilterContains(TextFilter):
    name = "Contains"
    arg_name = "ct"


class FilterNotContains(FilterContains):
    name = "Not Contains"
    arg_name = "nct"
    negative = True


class FilterEqual(ColumnFilter):
    name = "Equal to"
    arg_name = "eq"

    def condition(self, value: Any) -> Condition:
        path = self.datamodel.path(self.column_name)
        if value is not None or path.relation is not None:
            return super().condition(value)
        has_value = self._has_value(path)
        return has_value if self.negative else sa.not_(has_value)

    def test(self, value: Any, column: Column | None) -> Callable[[Any], Condition]:
        day = whole_day(value, column)
        if day is not None:
            return lambda attribute: sa.and_(as_plain(attribute) >= day[0], as_plain(attribute) < day[1])
        wanted = column_value(value, column)
        if isinstance(wanted, str) and not is_storable(wanted):
            return _nothing
        return lambda attribute: attribute == as_stored(attribute, wanted)


class FilterNotEqual(FilterEqual):
    name = "Not Equal to"
    arg_name = "neq"
    negative = True


class FilterGreater(ColumnFilter):
    """A comparison with a limit; a day without a time is a limit as a whole, where a column holds points in time."""

    name = "Greater than"
    arg_name = "gt"
    compare: Callable[[Any, Any], Condition] = staticmethod(operator.gt)
    compare_day: tuple[Callable[[Any, Any], Condition], int] = (operator.ge, 1)
    """How a point in time is compared with a day: with its start (0) or its end (1)."""

    def test(self, value: Any, column: Column | None) -> Callable[[Any], Condition]:
        day = whole_day(value, column)
        if day is not None:
            compare, edge = self.compare_day
            return lambda attribute: compare(as_plain(attribute), day[edge])
        limit = column_value(value, column)
        return _nothing if _is_no_limit(limit) else lambda attribute: self.compare(as_plain(attribute), limit)


class FilterSmaller(FilterGreater):
    name = "Smaller than"
    arg_name = "lt"
    compare = staticmethod(operator.lt)
    compare_day = (operator.lt, 0)


class FilterIn(ColumnFilter):
    name = "In"
    arg_name = "in"
    multiple = True

    def condition(self, value: Any) -> Condition:
        values = listed(value)
        found = super().condition([item for item in values if item is not None])
        if None not in values:
            return found
        has_value = self._has_value(self.datamodel.path(self.column_name))
        return sa.and_(found, has_value) if self.negative else sa.or_(found, sa.not_(has_value))

    def test(self, value: Any, column: Column | None) -> Callable[[Any], Condition]:
        wanted = [column_value(item, column) for item in value]
        wanted = [item for item in wanted if not isinstance(item, str) or is_storable(item)]
        if not wanted:
            return _nothing
        return lambda attribute: attribute.in_([as_stored(attribute, item) for item in wanted])


class FilterNotIn(FilterIn):
    name = "Not In"
    arg_name = "not_in"
    negative = True


class FunctionFilter(BaseFilter):
    """A comparison with what a callable gives; where it raises, there are no rows."""

    def apply(self, query: sa.Select[Any], value: Callable[[], Any]) -> sa.Select[Any]:
        try:
            found = value()
        except _CALL_ERRORS:
            _log.exception("%r of %s gives no rows, because its function failed", self, self.datamodel.name)
            return query.where(sa.false())
        return self.comparison()(self.column_name, self.datamodel, self.is_related_view).apply(query, found)

    def comparison(self) -> type[BaseFilter]:
        """The filter that compares with what the callable gave."""
        raise NotImplementedError


def _as_text(attribute: Any, column: Column | None) -> Any:
    """A column of no texts as the text that lists have for it: of the address of a computer alone without its mask."""
    is_address = column is not None and column.notation == "inet"
    return sa.func.abbrev(attribute, type_=sa.String) if is_address else sa.cast(attribute, sa.String)


def _nothing(_attribute: Any) -> Condition:
    return sa.false()


def _is_no_limit(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not is_storable(value))


def listed(value: Any) -> list[Any]:
    """Several values as a list; a text is one value, None is none."""
    if value is None:
        return []
    return list(value) if isinstance(value, Iterable) and not isinstance(value, (str, bytes)) else [value]
