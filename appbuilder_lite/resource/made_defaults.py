"""Defaults of an add form that functions of the model make: each is asked once, and what is sent is saved."""

from __future__ import annotations

import logging
from datetime import datetime, time
from typing import Any

from appbuilder_lite.data.interface import DataModel
from appbuilder_lite.data.types import Column, Kind
from appbuilder_lite.resource.column_field import ColumnField
from appbuilder_lite.resource.defaults import is_offered
from appbuilder_lite.resource.forms import ResourceForm
from appbuilder_lite.resource.plain_text import fault_of

# What several rows of one form may have in common, as rows do that scripts make of one blank row.
REPEATABLE = frozenset({Kind.DATE, Kind.TIME, Kind.DATETIME, Kind.BOOLEAN, Kind.ENUM})
ALL_KINDS = frozenset(Kind)
_log = logging.getLogger(__name__)


class MadeDefaults:
    """Shows what functions make for a new record; one that fails is logged once and makes its value at the save."""

    def __init__(self, datamodel: DataModel) -> None:
        self._datamodel = datamodel
        self._told: set[str] = set()

    def offer(self, form: ResourceForm, kinds: frozenset[Kind] = ALL_KINDS) -> None:
        """Fill the fields of these kinds of columns that nothing was given for."""
        for name, field in form._fields.items():
            if name in form.touched or not isinstance(field, ColumnField):
                continue
            if is_offered(field.column) and field.column.kind in kinds:
                self._fill(field, field.column)

    def _fill(self, field: ColumnField, column: Column) -> None:
        try:
            made = None if column.make_default is None else column.make_default()
            read = None if made is None else _as_read(field, made)
        except Exception as error:  # noqa: BLE001 - function and value are anybody's code, and the save asks again
            field.process(None, None)
            # What it asked the database for may have failed, and nothing more is answered then.
            self._datamodel.rollback()
            self._tell(column, f"raised {type(error).__name__}: {error}")
            return
        if made is None:
            return
        if read is None:
            self._tell(column, f"made a {type(made).__name__} that the field does not take")
        field.process(None, read)

    def _tell(self, column: Column, fault: str) -> None:
        if column.name not in self._told:
            self._told.add(column.name)
            _log.warning("The default of %s.%s is not shown in forms: it %s", self._datamodel.name, column.name, fault)


def _as_read(field: ColumnField, made: Any) -> Any:
    """The value as it comes back when the form is sent; None where the field cannot hold it.

    Without fractions of seconds, as no browser has a control for microseconds.
    """
    value = made.replace(microsecond=0) if isinstance(made, datetime | time) else made
    field.process(None, value)
    can_hold, text = field.can_hold, field.text_of(value)
    # What is sent is read by a field that knows of no value before.
    field.process(None, None)
    try:
        return field.parse(text) if can_hold and not fault_of(text) else None
    except ValueError:
        return None
