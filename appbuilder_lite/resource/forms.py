"""Makes the form class of an action from the columns it writes."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

from wtforms import Form
from wtforms.fields.core import Field, UnboundField

from appbuilder_lite.data.interface import DataModel
from appbuilder_lite.data.types import Column, Kind, Path, Relation
from appbuilder_lite.resource.defaults import is_offered
from appbuilder_lite.resource.editable import form_field_names
from appbuilder_lite.resource.fields import column_field
from appbuilder_lite.resource.inputs import FIELDS_MARKER, input_name
from appbuilder_lite.resource.options import ResourceOptions, on_page
from appbuilder_lite.resource.related_fields import RelatedField, RelatedListField
from appbuilder_lite.text import reader

# A column of such a name is reached as form["data"]; as an attribute it would hide what WTForms itself needs.
_RESERVED = frozenset(dir(Form())) | {"touched", "loaded", "loaded_text", "inlines", "left_out", "unsaved"}
# WTForms calls what a form has under such a name with the field whose name follows.
_CALLED = ("validate_", "filter_")


class FormData(Protocol):
    """A posted form, as Werkzeug's MultiDict gives it."""

    def getlist(self, key: str, /) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...

    def __len__(self) -> int: ...

    def __contains__(self, key: Any, /) -> bool: ...


class RowsOfForm(Protocol):
    """Rows of another model in a form, all of one relation of its record."""

    def fields(self) -> Iterator[Field]:
        """The fields of all rows."""

    def validate(self) -> bool:
        """Whether they can be saved; the faults stand at their fields."""

    def note_loaded(self) -> None:
        """Let each carry what is stored of it now."""

    def check_fresh(self) -> None:
        """Lock what is to be written; raises `WriteFailed` where somebody else has changed it meanwhile."""

    def write(self, owner: Any) -> None:
        """Save them, inside the transaction of their record, whose key is known."""


def form_meta(held: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What a form is made with: no token of its own, as the guard checks one, and WTForms' words for the reader.

    `held` takes the place of what the record has under these names, which is not read.
    """
    return {"csrf": False, "locales": [reader().language], "held": held or {}}


class ResourceForm(Form):
    """The base of all forms of a resource.

    `touched` are the fields that the posted page had shown, `loaded` the digests of what stood in them, and
    `loaded_text` is how a page carries those. `inlines` are the rows of other models that are saved with the record.
    `left_out` are fields that are not to be asked for as the others stand, and `unsaved` the labels of those that
    something was given for all the same.
    """

    class Meta:
        """What WTForms asks while it makes a form."""

        held: Mapping[str, Any] = MappingProxyType({})

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """The field under the name of its input, which is not always that of its column."""
            return unbound_field.bind(form=form, **{**options, "name": input_name(options["name"])})

    touched: frozenset[str] = frozenset()
    loaded: Mapping[str, str] = MappingProxyType({})
    loaded_text: str = ""
    inlines: Sequence[RowsOfForm] = ()
    left_out: frozenset[str] = frozenset()
    unsaved: tuple[str, ...] = ()

    def process(self, formdata: Any = None, obj: Any = None, *given: Any, **named: Any) -> None:
        """Fill the fields; a collection of the record's own would be read whole."""
        held: Mapping[str, Any] = self.meta.held
        super().process(formdata, _Beside(obj, held) if held else obj, *given, **named)

    def __setattr__(self, name: str, value: Any) -> None:
        # WTForms makes the fields before it sets anything as an attribute.
        is_field = value is None or isinstance(value, Field)
        if is_field and _is_reserved(name, vars(self).get("_fields", ())):
            return
        super().__setattr__(name, value)


class _Beside:
    """A record as WTForms reads it, but for some of its attributes."""

    def __init__(self, item: Any, held: Mapping[str, Any]) -> None:
        self.__item, self.__held = item, held

    def __getattr__(self, name: str) -> Any:
        return self.__held[name] if name in self.__held else getattr(self.__item, name)


def _is_reserved(name: str, fields: Container[str]) -> bool:
    """Whether WTForms would take an attribute of this name for something else, in a form with these fields."""
    return name in _RESERVED or any(name.startswith(found) and name.removeprefix(found) in fields for found in _CALLED)


def build_form(options: ResourceOptions, datamodel: DataModel, action: str) -> type[ResourceForm]:
    """The form class of `add` or `edit`: the host's form or generated fields, then the extra fields."""
    options = on_page(options, action)
    host: type[Form] | None = getattr(options, f"{action}_form")
    extra: Mapping[str, Any] = getattr(options, f"{action}_extra_fields")
    columns = getattr(options, f"{action}_columns")
    own = form_field_names(host)
    made = {} if host else {name: _field(options, datamodel, action, name) for name in columns if name not in extra}
    fields = {**{name: getattr(host, name) for name in own}, **made, **extra}
    # With the host's class first, its validators and its own methods win.
    bases = (ResourceForm,) if host is None else (host, ResourceForm)
    attributes = {name: field for name, field in {**made, **extra}.items() if not _is_reserved(name, fields)}
    form_class: type[ResourceForm] = type(f"{options.name}{action.title()}Form", bases, attributes)
    _set_fields(form_class, {name: fields[name] for name in dict.fromkeys((*columns, *fields)) if name in fields})
    return form_class


def related_lists(form_class: type[ResourceForm]) -> list[str]:
    """The fields of a form class that hold several related records."""
    fields: Any = form_class._unbound_fields
    return [name for name, field in fields if issubclass(field.field_class, RelatedListField)]


def _set_fields(form_class: Any, fields: Mapping[str, Any]) -> None:
    """Give the class its fields in our order; WTForms would collect them by name, and miss the reserved ones."""
    form_class._unbound_fields = list(fields.items())
    form_class._wtforms_meta = None


def touched(form: Form, formdata: FormData) -> frozenset[str]:
    """Names of the fields that the posted page had shown; without the marker, of those that were sent."""
    listed = frozenset(",".join(formdata.getlist(FIELDS_MARKER)).split(","))
    if FIELDS_MARKER in formdata:
        return frozenset(name for name, field in form._fields.items() if field.name in listed)
    sent = [str(key) for key in formdata]
    return frozenset(name for name, field in form._fields.items() if _is_sent(field.name, sent))


def _is_sent(name: str, sent: Iterable[str]) -> bool:
    """Whether a field, or an input of a field with several, is among the names sent."""
    return any(key == name or key.startswith(f"{name}-") for key in sent)


def _field(options: ResourceOptions, datamodel: DataModel, action: str, name: str) -> UnboundField[Any]:
    path = datamodel.path(name)
    common: dict[str, Any] = {
        "label": options.labels[name],
        "description": options.descriptions.get(name, ""),
        "validators": list(options.validators.get(name, ())),
    }
    if path.relation is not None:
        is_required = _is_required_relation(path.relation, datamodel)
        many = path.relation.cardinality.is_to_many
        field_class = RelatedListField if many else RelatedField
        return UnboundField(field_class, relation=path.relation, is_required=is_required, **common)
    return _column_field(path, action, common)


def _column_field(path: Path, action: str, common: dict[str, Any]) -> UnboundField[Any]:
    column = path.column
    if column is None:
        raise LookupError(f"{path.text} is neither a column nor a relation")
    common["default"] = column.default
    is_filled = action == "add" and _is_filled_in(column)
    return column_field(column, is_required=_is_required(path, action), is_filled=is_filled, **common)


def _is_filled_in(column: Column) -> bool:
    """Whether a new record gets a value that its form does not show; a box that is not ticked says no."""
    is_shown = column.default is not None or is_offered(column)
    is_box = column.edited.kind is Kind.BOOLEAN and not column.nullable
    return column.has_default and not is_shown and not is_box


def _is_required(path: Path, action: str) -> bool:
    """Not nullable and nothing that fills it in; an emptied text is the empty text where it has a default."""
    column = path.column and path.column.edited
    if column is None or column.nullable or column.is_closed or column.kind in ("boolean", "array"):
        return False
    is_text = column.kind in ("string", "text")
    return not column.has_default or (action == "edit" and not is_text)


def _is_required_relation(relation: Relation, datamodel: DataModel) -> bool:
    if relation.cardinality.is_to_many or relation.nullable:
        return False
    return not any(datamodel.columns[name].has_default for name in relation.own_columns)
