"""A form of one field, as it is after a post."""

from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form

from appbuilder_lite.data.types import Column, Kind
from appbuilder_lite.resource.column_field import ColumnField
from appbuilder_lite.resource.fields import column_field

MISSING = object()


def field_of(column: Column, *texts: str, stored: Any = MISSING, is_required: bool = False, default: Any = None) -> Any:
    """The field of a column after a post of these texts; `stored` is the record's value on an edit."""
    form_class = type("OneForm", (Form,), {"x": column_field(column, is_required=is_required, default=default)})
    item = None if stored is MISSING else type("Item", (), {"x": stored})()
    form = form_class(MultiDict([("x", text) for text in texts]), obj=item)
    form.validate()
    field = form["x"]
    assert isinstance(field, ColumnField)
    return field


def column(kind: Kind, **more: Any) -> Column:
    return Column("x", kind, **more)
