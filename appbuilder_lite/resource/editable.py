"""What forms can write, and which fields a form class has."""

from __future__ import annotations

from typing import Any

from wtforms.form import BaseForm

from appbuilder_lite.data.types import Path
from appbuilder_lite.resource.fields import has_field


def is_editable(path: Path) -> bool:
    """Whether a generated form has a field for a path."""
    if path.through:
        return False
    if path.column is not None:
        return path.column.writable and has_field(path.column)
    return path.relation is not None and path.relation.writable


def form_field_names(form: type[Any] | None) -> tuple[str, ...]:
    """Names of the fields that a form class declares, in their order; none for what is no form class."""
    if not isinstance(form, type) or not issubclass(form, BaseForm):
        return ()
    found = [(name, getattr(form, name)) for name in dir(form) if not name.startswith("_")]
    fields = [(value.creation_counter, name) for name, value in found if hasattr(value, "creation_counter")]
    return tuple(name for _counter, name in sorted(fields))
