"""Checks of the column by which a view deletes softly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from appbuilder_lite.data.sqla_model import SQLAInterface
from appbuilder_lite.data.types import Column, Kind
from appbuilder_lite.errors import Problem
from appbuilder_lite.resource.checks_columns import any_path, wrong_type
from appbuilder_lite.resource.place import Place

_FIX = "name a column of the model that is DateTime and nullable, or Boolean"
_FORMS = ("add_columns", "edit_columns", "add_fieldsets", "edit_fieldsets")


def soft_delete(place: Place, value: Any) -> Iterator[Problem]:
    """A column that can tell whether a record is deleted, and that nobody sets in a form."""
    if not isinstance(value, str):
        yield wrong_type(place, value, 'the name of a column, as "deleted_at"')
        return
    unknown = list(any_path(place, value))
    yield from unknown
    if unknown:
        return
    fault = _fault(place, value)
    if fault:
        yield place.problem("AB109", f"{value!r} {fault}", _FIX)
        return
    for option in _FORMS:
        if value in _named(place.values[option]):
            message = f"{value!r} stands in {option}, so whoever may write a record could delete and restore it there"
            yield place.problem("AB109", message, f"leave it out of {option}")


def _fault(place: Place, name: str) -> str:
    """Why a path cannot mark deleted records; empty where it can."""
    column = place.datamodel.columns.get(name)
    if not isinstance(place.datamodel, SQLAInterface):
        return "cannot mark records of a data source that is not a SQLAInterface"
    if type(place.datamodel).delete is not SQLAInterface.delete:
        return f"would never be set: {type(place.datamodel).__name__} has a delete of its own"
    if column is None:
        return f"is no column of {place.datamodel.name}"
    if place.datamodel.is_read_only:
        return f"cannot be written: {place.datamodel.name} has no key in the database"
    return _fault_of_column(column)


def _fault_of_column(column: Column) -> str:
    if column.primary_key or column.foreign_key or not column.writable:
        return "is no plain column that can be written"
    if column.kind is Kind.BOOLEAN:
        if column.is_encoded:
            return "is of a type that stores something else than a Boolean"
        return "is true for a new record" if column.default is True else ""
    if column.kind is not Kind.DATETIME:
        return f"is a column of kind {column.kind.value}"
    if not column.nullable:
        return "is not nullable, and its NULL says that a record is not deleted"
    return "has a default, which would delete each new record" if column.has_default else ""


def _named(declared: Any) -> Iterator[Any]:
    """The names in a list of columns, or in fieldsets; what is neither is told where it stands."""
    for one in declared if isinstance(declared, list | tuple) else ():
        group = one[1] if isinstance(one, list | tuple) and len(one) == 2 else None
        fields = group.get("fields") if isinstance(group, dict) else None
        yield from fields if isinstance(fields, list | tuple) else (one,)
