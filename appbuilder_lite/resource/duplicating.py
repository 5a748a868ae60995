"""A new record that begins with the values of another: which of them it takes, and how a form gets them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any

import wtforms
from wtforms.fields.core import Field

from appbuilder_lite.data.interface import DataModel
from appbuilder_lite.data.unreadable import Unreadable
from appbuilder_lite.resource.column_field import ColumnField
from appbuilder_lite.resource.dependent import Dependences, in_order, narrow
from appbuilder_lite.resource.forms import ResourceForm
from appbuilder_lite.resource.options import ResourceOptions, on_page
from appbuilder_lite.resource.policy import Policy
from appbuilder_lite.resource.related_fields import First, RelatedField, RelatedListField

Chosen = Callable[[Any, str], Any]
"""The records that a relation of a record to several holds, as far as a form carries them."""

# What a browser sends back only where somebody has given it.
_NEVER_SHOWN = (wtforms.PasswordField, wtforms.FileField)


def takes(options: ResourceOptions, form: ResourceForm, policy: Policy, actions: Collection[str]) -> tuple[str, ...]:
    """The fields of an add form that take the value of another record: the person reads it by one of `actions`."""
    names = [name for name in options.duplicate_columns if name in form and name not in form.touched]
    return tuple(name for name in names if any(_reads(options, policy, name, action) for action in actions))


def copy_into(
    form: ResourceForm, item: Any, names: Collection[str], depends: Dependences, chosen: Chosen
) -> frozenset[str]:
    """Give the fields of these names the values of a record; they stay those of a new one.

    Each comes after those that its choices depend on, and offers what goes with those. Returns those that take nothing
    as they would have to take more records than a form carries.
    """
    too_many = set()
    for name in in_order(form._fields, depends):
        field: Any = form[name]
        if name in depends and depends[name].on in names and _has_source(field):
            field.source = narrow(field.source, depends[name], form._fields, None)
        if name not in names:
            continue
        if isinstance(field, RelatedField | RelatedListField):
            value = chosen(item, name) if isinstance(field, RelatedListField) else getattr(item, name)
            if isinstance(value, First):
                too_many.add(name)
            else:
                _relate(field, value)
        elif not isinstance(field, _NEVER_SHOWN):
            _fill(field, getattr(item, name))
    return frozenset(too_many)


def left_empty(form: ResourceForm, datamodel: DataModel) -> frozenset[str]:
    """The fields whose values have to be others than those of the record that was copied."""
    columns = datamodel.columns
    return frozenset(name for name in form._fields if name in columns and columns[name].unique)


def _reads(options: ResourceOptions, policy: Policy, name: str, action: str) -> bool:
    """Whether the person reads a column as it is stored: a formatter may hide a part of it on the record's page."""
    is_shown = name in getattr(options, f"{action}_columns") and policy.can_access_field(name, action)
    return is_shown and (action == "edit" or name not in on_page(options, "show").formatters)


def _has_source(field: Any) -> bool:
    return isinstance(field, RelatedField | RelatedListField) and field.source is not None


def _relate(field: RelatedField | RelatedListField, value: Any) -> None:
    """Choose the records that the person could choose; others are left out, as the save would refuse them."""
    field.process_data(value)
    keys = field.stored_keys
    field.process_data(None)
    if keys and field.source is not None:
        with suppress(ValueError):
            field.take(field.source, keys)


def _fill(field: Field, value: Any) -> None:
    if isinstance(value, Unreadable):
        return
    field.process(None, value)
    if isinstance(field, ColumnField) and not field.can_hold:
        field.process(None)
        return
    taken = field.data
    # What it was processed with would count as stored already.
    field.process(None, None)
    field.data = taken
