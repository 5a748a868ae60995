"""Which field a column gets, by its kind."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from wtforms.fields.core import UnboundField

from appbuilder_lite.data.types import Column, Kind
from appbuilder_lite.resource.array_field import ITEM_FIELDS, ArrayField, has_lines
from appbuilder_lite.resource.choice_fields import CheckboxField, EnumField, NullableBooleanField
from appbuilder_lite.resource.clock_fields import IntervalField
from appbuilder_lite.resource.column_field import ColumnField
from appbuilder_lite.resource.json_field import JSONField

FIELDS: Mapping[Kind, type[ColumnField]] = MappingProxyType(
    {
        **ITEM_FIELDS,
        Kind.ENUM: EnumField,
        Kind.BOOLEAN: CheckboxField,
        Kind.INTERVAL: IntervalField,
        Kind.JSON: JSONField,
        Kind.ARRAY: ArrayField,
    }
)
"""The field of each kind of column that a form can edit."""


def has_field(column: Column) -> bool:
    """Whether a form can edit a column of this kind, and of these items."""
    column = column.edited
    return column.kind in FIELDS and (column.kind is not Kind.ARRAY or has_lines(column))


def column_field(column: Column, *, is_required: bool, **options: Any) -> UnboundField[Any]:
    """The field of a column, not yet part of a form."""
    column = column.edited
    field_class = FIELDS[column.kind]
    if column.kind is Kind.BOOLEAN and column.nullable:
        field_class = NullableBooleanField
    return UnboundField(field_class, column=column, is_required=is_required, **options)
