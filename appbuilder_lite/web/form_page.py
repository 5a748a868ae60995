"""A WTForms form as plain values for a template."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import wtforms
from flask import request
from werkzeug.datastructures import CombinedMultiDict
from wtforms.fields.core import Field

from appbuilder_lite.web.pages import Choice, FieldPage, FieldsetPage

_KINDS: tuple[tuple[type[Any], str], ...] = (
    (wtforms.PasswordField, "password"),
    (wtforms.TextAreaField, "textarea"),
    (wtforms.HiddenField, "hidden"),
    (wtforms.BooleanField, "checkbox"),
    (wtforms.RadioField, "radio"),
    (wtforms.SelectMultipleField, "multiselect"),
    (wtforms.SelectField, "select"),
    (wtforms.DateTimeLocalField, "datetime-local"),
    (wtforms.DateTimeField, "datetime-local"),
    (wtforms.TimeField, "time"),
    (wtforms.DateField, "date"),
    (wtforms.IntegerField, "number"),
    (wtforms.DecimalField, "text"),
    (wtforms.FloatField, "text"),
    (wtforms.EmailField, "email"),
    (wtforms.URLField, "url"),
    (wtforms.FileField, "file"),
    (wtforms.StringField, "text"),
)
_CHOICE_KINDS = frozenset({"select", "multiselect", "radio"})


def fieldset_pages(form: Any, fieldsets: Iterable[tuple[str, Sequence[str], bool]]) -> tuple[FieldsetPage, ...]:
    """The fields of a form in (title, names, expanded) groups; a group with an error in it starts open."""
    pages = []
    for title, names, expanded in fieldsets:
        fields = tuple(field_page(form[name]) for name in names if name in form)
        if fields:
            pages.append(FieldsetPage(title, fields, expanded=expanded or any(field.errors for field in fields)))
    return tuple(pages)


def field_page(field: Field) -> FieldPage:
    """One field as data."""
    kind = input_kind(field)
    return FieldPage(
        name=field.name,
        id=field.id,
        label=str(field.label.text),
        kind=kind,
        value=_value(field, kind),
        checked=bool(field.data) if kind == "checkbox" else False,
        required=bool(field.flags.required),
        help=str(field.description or ""),
        errors=tuple(str(error) for error in field.errors),
        choices=_choices(field) if kind in _CHOICE_KINDS else (),
        attributes=_attributes(field),
        html=str(field()) if kind == "html" else "",
    )


def input_kind(field: Field) -> str:
    """The control that a field wants: its own `input_kind`, else what its class says, else its own markup."""
    own = getattr(field, "input_kind", None)
    if isinstance(own, str):
        return own
    return next((kind for klass, kind in _KINDS if isinstance(field, klass)), "html")


def form_errors(form: Any) -> tuple[tuple[str, str], ...]:
    """(field id, text) of every error, and ("", text) of those that belong to no field."""
    found = [(field.id, f"{field.label.text}: {error}") for field in form for error in field.errors]
    return (*(("", str(error)) for error in getattr(form, "form_errors", ())), *found)


def has_file(fieldsets: Iterable[FieldsetPage]) -> bool:
    """Whether a file is among the fields, so that the form must be sent in parts."""
    return any(field.kind == "file" for fieldset in fieldsets for field in fieldset.fields)


def posted_form() -> CombinedMultiDict[str, Any]:
    """What was typed and chosen in the form that was sent, files among it."""
    return CombinedMultiDict([request.files, request.form])


def _value(field: Field, kind: str) -> str:
    if kind in {"password", "file", "html"}:
        return ""
    text: Callable[[], Any] | None = getattr(field, "_value", None)
    value = text() if text is not None and kind not in _CHOICE_KINDS else field.data
    return "" if value is None else str(value)


def _choices(field: Any) -> tuple[Choice, ...]:
    return tuple(Choice(str(choice[0]), str(choice[1]), bool(choice[2])) for choice in field.iter_choices())


def _attributes(field: Field) -> tuple[tuple[str, str], ...]:
    given: Mapping[str, Any] = field.render_kw or {}
    flags = {name: getattr(field.flags, name, None) for name in ("maxlength", "minlength", "min", "max", "step")}
    merged = {name: value for name, value in {**flags, **given}.items() if value is not None and value is not False}
    return tuple((name, "" if value is True else str(value)) for name, value in merged.items())
