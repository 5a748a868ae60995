"""Fields of values that cannot be read: they are shown, and left as they are."""

from __future__ import annotations

from typing import Any, TypeGuard

from wtforms.fields.core import UnboundField

from appbuilder_lite.data.interface import DataModel
from appbuilder_lite.data.unreadable import unreadable
from appbuilder_lite.resource.column_field import ColumnField
from appbuilder_lite.resource.forms import ResourceForm
from appbuilder_lite.resource.inputs import input_name


def leave_unread(form: ResourceForm, item: Any, datamodel: DataModel) -> None:
    """Put a field that only shows the text in the place of a host's own, which would take it for what it reads."""
    held = vars(item)
    for name, field in form._fields.items():
        column = datamodel.columns.get(name)
        if column is None or isinstance(field, ColumnField):
            continue
        found = unreadable(held.get(name), column)
        if found is not None:
            shown: Any = UnboundField(ColumnField, label=field.label.text, column=column)
            form._fields[name] = shown.bind(form=form, name=input_name(name))
            form._fields[name].process(None, found)


def is_kept(field: Any) -> TypeGuard[ColumnField]:
    """Whether a form only shows what a field stands for, whatever is sent for it."""
    return isinstance(field, ColumnField) and not field.can_hold
