"""From a valid form to the record: what was changed, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from inspect import getattr_static
from typing import Any

from wtforms.fields.core import Field

from appbuilder_lite.data.interface import DataModel, Scope
from appbuilder_lite.data.keys import encode_key
from appbuilder_lite.data.types import Column
from appbuilder_lite.errors import Rejected
from appbuilder_lite.resource.column_field import ColumnField
from appbuilder_lite.resource.forms import ResourceForm
from appbuilder_lite.resource.json_field import JSONField
from appbuilder_lite.resource.overlaps import Overlaps
from appbuilder_lite.resource.related_fields import RelatedField, RelatedListField
from appbuilder_lite.text import gettext


def fill(item: Any, form: ResourceForm, datamodel: DataModel, *, is_new: bool, kept: Collection[str] = ()) -> None:
    """Write the form's values to the record: on an edit the changed ones, on an add those that were given.

    A further field of the host's becomes a plain attribute, so that hooks can read it from the record. Columns that are
    `kept`, and the key of a stored record, are nothing that a chosen record may change. Raises `Rejected` for that, and
    for what the model refuses.
    """
    written = list(_written(form, datamodel, is_new=is_new))
    key = () if is_new else (name for name in datamodel.key_columns if name not in form)
    overlaps = Overlaps(item, form, datamodel, written, {*kept, *key})
    for name in written:
        try:
            _put(item, form[name], name, datamodel)
        except (ValueError, AssertionError) as error:
            # What a `@validates` of the model raises, a setter, or a collection that takes no such value.
            raise Rejected(str(error) or gettext("This value is not accepted."), field=name) from error
    overlaps.check()


def _put(item: Any, field: Field, name: str, datamodel: DataModel) -> None:
    if name in datamodel.columns or name in datamodel.relations:
        field.populate_obj(item, name)
    elif is_settable(type(item), name):
        # Not populate_obj: a field of fields would look for an object to fill.
        setattr(item, name, field.data)


def _written(form: ResourceForm, datamodel: DataModel, *, is_new: bool) -> Iterator[str]:
    """The fields whose values go to the record."""
    for name, field in form._fields.items():
        if name in form.left_out:
            continue
        column = datamodel.columns.get(name)
        _empty_is_null(field, column)
        if _is_given(field, column, name in form.touched) if is_new else _has_changed(field):
            yield name


def changed_documents(item: Any, form: ResourceForm, datamodel: DataModel, *, is_new: bool) -> list[str]:
    """The columns of JSON that are to be written: a new record's empty ones too, which shall be NULL."""
    given = vars(item)
    fields = {name: field for name, field in form._fields.items() if isinstance(field, JSONField) and name in given}
    return [
        name
        for name, field in fields.items()
        if name in datamodel.columns and (field.has_changed or (is_new and given[name] is None))
    ]


def is_settable(model: type[Any], name: str) -> bool:
    """Whether an attribute that is no column may be written: a method or a read-only property may not."""
    return not hasattr(getattr_static(model, name, None), "__get__") or is_held(model, name)


def is_held(model: type[Any], name: str) -> bool:
    """Whether a class has a way of its own to keep what is set here: a property or a hybrid with a setter, a proxy."""
    # Asked of the class itself, a hybrid would answer with its SQL.
    attribute = getattr_static(model, name, None)
    return hasattr(type(attribute), "__set__") and getattr(attribute, "fset", attribute) is not None


def _empty_is_null(field: Field, column: Column | None) -> None:
    """A host's text field knows no NULL: its empty text means the NULL that was there or may be there."""
    is_empty = not isinstance(field, ColumnField) and field.data == ""
    if column is not None and column.nullable and is_empty and field.object_data != "":
        field.data = None


def _is_given(field: Field, column: Column | None, was_shown: bool) -> bool:
    """Whether a new record takes the field's value; what is left empty gets the column's own default."""
    if isinstance(field, RelatedField | RelatedListField):
        return field.has_changed
    if field.data is not None:
        return True
    return was_shown and not (column is not None and column.has_default and column.default is None)


def _has_changed(field: Field) -> bool:
    own = getattr(field, "has_changed", None)
    if isinstance(own, bool):
        return own
    if field.data is field.object_data or (field.object_data is None and field.data == ""):
        return False
    if isinstance(field.data, list) and _is_proxy(field.object_data):
        return field.data != list(field.object_data)
    return type(field.data) is not type(field.object_data) or bool(field.data != field.object_data)


def _is_proxy(value: Any) -> bool:
    """Whether something stands for a list that it is not, as what an association proxy gives."""
    return isinstance(value, Sequence) and not isinstance(value, str | bytes | list | tuple)


def check_foreign_keys(forms: Sequence[ResourceForm], datamodel: DataModel, scopes: Callable[[str], Scope]) -> bool:
    """Whether every changed foreign key that forms have as a plain column points into its relation's scope.

    It costs a statement for each such column, however many forms there are.
    """
    is_valid = True
    for name, relation in datamodel.relations.items():
        column = relation.local_columns[0] if len(relation.local_columns) == 1 else ""
        if relation.cardinality.is_to_many:
            continue
        fields = [form[column] for form in forms if column in form and name not in form]
        given = [(field, encode_key([field.data])) for field in fields if _is_new_key(field)]
        keys = list(dict.fromkeys(key for _field, key in given))
        found = datamodel.related(name, keys, scopes(name)) if keys else {}
        for field, key in given:
            if key not in found:
                field.errors = [*field.errors, gettext("Not one of the choices.")]
                is_valid = False
    return is_valid


def _is_new_key(field: Field) -> bool:
    return field.data is not None and _has_changed(field) and not field.errors
