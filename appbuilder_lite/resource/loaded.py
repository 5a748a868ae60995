"""What a form had loaded when it was shown, as digests that come back with it: nobody overwrites what they never saw.

A form sends them in one hidden input, `name=digest&other=digest`, encoded as a query string (WHATWG URL, 5.1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeGuard
from urllib.parse import parse_qsl, urlencode

from wtforms import PasswordField
from wtforms.fields.core import Field

from appbuilder_lite.data.interface import DataModel
from appbuilder_lite.data.written import written
from appbuilder_lite.resource.column_field import ColumnField
from appbuilder_lite.resource.defaults import is_offered
from appbuilder_lite.resource.forms import FormData, ResourceForm
from appbuilder_lite.resource.left import is_kept
from appbuilder_lite.resource.plain_text import fault_of
from appbuilder_lite.resource.related_fields import RelatedListField
from appbuilder_lite.resource.writing import is_held

LOADED_MARKER = "_loaded"
"""Name of the hidden input."""
TAKE_MARKER = "_take"
"""Name of the boxes that say: this field shall stay as it is stored now, whatever was typed."""
MOST_LETTERS = 100_000
VERSION = ""
"""The name that the version of the whole record goes by, where its model keeps one."""

Digest = Callable[[str], str]


def loaded_text(form: ResourceForm, item: Any, datamodel: DataModel, digest: Digest) -> str:
    """What the record holds of the form's fields, for its hidden input."""
    return urlencode(_digests(form, item, datamodel, digest))


def shown_text(form: ResourceForm, digest: Digest) -> str:
    """What functions have made for the fields of a new row, for its hidden input: the next time they make another."""
    fields = ((name, field) for name, field in form._fields.items() if isinstance(field, ColumnField))
    texts = ((name, _stored(field)) for name, field in fields if is_offered(field.column))
    return urlencode({name: digest(f"{name}={text}") for name, text in texts})


def keep_shown(form: ResourceForm, digest: Digest) -> None:
    """Let what a new row had shown, and nobody has changed, be what its fields begin with."""
    for name in form.loaded:
        if name in form and form[name].object_data is None and is_untouched(form, name, digest):
            form[name].object_data = form[name].data


def read_loaded(formdata: FormData, marker: str = LOADED_MARKER) -> tuple[str, Mapping[str, str]]:
    """What a form has sent of itself, and name -> digest in it; what cannot be read says nothing."""
    text = "".join(map(str, formdata.getlist(marker)[:1]))
    if len(text) > MOST_LETTERS or fault_of(text):
        return "", {}
    return text, dict(parse_qsl(text, keep_blank_values=True))


def changed_since(form: ResourceForm, item: Any, datamodel: DataModel, digest: Digest) -> tuple[str, ...]:
    """The fields whose stored value is another than the form had loaded, and another than what it would save.

    The version of the whole record is among them as `VERSION`, where there is anything to save.
    """
    now = _digests(form, item, datamodel, digest)
    other = [name for name, found in form.loaded.items() if name in now and now[name] != found]
    saves = any(differs(field) for name, field in form._fields.items() if name in form.touched)
    changed = (name for name in other if (saves if name == VERSION else _was_meant(form, name)))
    return (*changed, *(name for name in form.loaded if _outgrew(form, name, digest)))


def _was_meant(form: ResourceForm, name: str) -> bool:
    """Whether something else was to be saved, though the field may by now hold a value that it leaves as it is."""
    return differs(form[name]) or (name in form.touched and is_kept(form[name]))


def _outgrew(form: ResourceForm, name: str, digest: Digest) -> bool:
    """Whether something else was chosen in a field that meanwhile holds more records than a form carries."""
    return name in form.touched and is_left(form[name]) and not is_untouched(form, name, digest)


def is_left(field: Any) -> TypeGuard[RelatedListField]:
    """Whether a form leaves what a field stands for as it is, whatever is sent for it."""
    return isinstance(field, RelatedListField) and field.is_left


def is_untouched(form: ResourceForm, name: str, digest: Digest) -> bool:
    """Whether a field would save what the form had loaded: nobody has typed anything else."""
    text = _typed(form[name])
    return text is not None and digest(f"{name}={text}") == form.loaded.get(name)


def differs(field: Any) -> bool:
    """Whether a field would save something else than is stored."""
    own = getattr(field, "has_changed", None)
    return own if isinstance(own, bool) else _typed(field) != _stored(field)


def _digests(form: ResourceForm, item: Any, datamodel: DataModel, digest: Digest) -> dict[str, str]:
    return {name: digest(f"{name}={text}") for name, text in _texts(form, item, datamodel)}


def _texts(form: ResourceForm, item: Any, datamodel: DataModel) -> Iterator[tuple[str, str]]:
    version = datamodel.version(item)
    if version is not None:
        yield VERSION, str(version)
    for name, field in form._fields.items():
        is_mapped = name in datamodel.columns or name in datamodel.relations or is_held(type(item), name)
        is_told = (
            (is_mapped or hasattr(field, "stored_keys")) and not isinstance(field, PasswordField) and not is_left(field)
        )
        text = _stored(field) if is_told else None
        if text is not None:
            yield name, text


def _stored(field: Any) -> str | None:
    """What the record holds of a field, as a text."""
    return written(field.stored_keys) if hasattr(field, "stored_keys") else _text_of(field, field.object_data)


def _typed(field: Any) -> str | None:
    """What a field would save, as a text."""
    return written(field.chosen_keys) if hasattr(field, "chosen_keys") else _text_of(field, field.data)


def _text_of(field: Field, value: Any) -> str | None:
    """A value of a field; one of the host's own makes texts of numbers, and of nothing the empty text."""
    if isinstance(field, ColumnField) or not isinstance(value, str | int | float):
        return written(value)
    return written(str(value) or None)
