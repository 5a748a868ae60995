"""A WTForms form as plain values for a template."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import wtforms
from flask import request
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms.fields.core import Field

from appbuilder_lite.data.naming import text_of
from appbuilder_lite.resource.left import is_kept
from appbuilder_lite.resource.loaded import is_left
from appbuilder_lite.resource.number_fields import IntegerField
from appbuilder_lite.resource.options import Fieldset
from appbuilder_lite.text import gettext
from appbuilder_lite.web.form_pages import FieldPage, FieldsetPage, LookUpPage
from appbuilder_lite.web.look_up_page import look_up_page
from appbuilder_lite.web.pages import Choice

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
_FILE_KINDS = frozenset({"file", "html"})
_CHOICE_KINDS = frozenset({"select", "multiselect", "radio"})
_NO_FOCUS = frozenset({"look_up", "radio", "multiselect", "checkbox", "static", "html", "file"})
_NUMBER_TEXTS = (wtforms.DecimalField, wtforms.FloatField)
MOST_RADIOS = 5
MOST_SHORT = 12
MOST_MEDIUM = 40
"""Characters up to which a text gets a short field, and one of medium width."""


LookUpUrl = Callable[[str], str]
"""The address that finds records for the field of that name."""


def fieldset_pages(
    form: Any, fieldsets: Iterable[Fieldset], look_up_url: LookUpUrl | None = None
) -> tuple[FieldsetPage, ...]:
    """The fields of a form in groups; a group with an error, or with something found, in it starts open."""
    pages = []
    for group in fieldsets:
        fields = tuple(_with_look_up(name, form[name], look_up_url) for name in group.fields if name in form)
        if fields:
            expanded = group.expanded or any(field.errors or _has_found(field) for field in fields)
            pages.append(FieldsetPage(group.title, fields, group.description, expanded, group.tab))
    return tuple(pages)


def with_the_rest(fieldsets: Sequence[Fieldset], form: Any) -> Sequence[Fieldset]:
    """The fieldsets of a form; fields that none of them names come last."""
    named = {name for group in fieldsets for name in group.fields}
    rest = tuple(name for name in form._fields if name not in named)
    return [*fieldsets, Fieldset("", rest)] if rest else fieldsets


def with_focus(fieldsets: Sequence[FieldsetPage]) -> tuple[FieldsetPage, ...]:
    """The same with the focus in the first field, where that is one to type or choose in."""
    first, *others = fieldsets
    shown = [field for field in first.fields if field.kind != "hidden"]
    if not first.expanded or not shown or shown[0].kind in _NO_FOCUS:
        return tuple(fieldsets)
    focused = replace(shown[0], attributes=(*shown[0].attributes, ("autofocus", "")))
    fields = tuple(focused if field is shown[0] else field for field in first.fields)
    return (replace(first, fields=fields), *others)


def _with_look_up(name: str, field: Any, look_up_url: LookUpUrl | None) -> FieldPage:
    page = field_page(field)
    if page.kind != "look_up":
        return page
    url = "" if look_up_url is None else look_up_url(name)
    bare = LookUpPage(page.name, page.id, page.label, url, many=field.is_many)
    choices = (choice for choice in choices_of(field) if choice.value or not page.required)
    return replace(page, look_up=look_up_page(bare, choices, field.names_of(field.chosen_keys), field.finding))


def _has_found(field: FieldPage) -> bool:
    return field.look_up is not None and bool(field.look_up.note)


def field_page(field: Field) -> FieldPage:
    """One field as data."""
    kind = input_kind(field)
    choices = choices_of(field) if kind in _CHOICE_KINDS else ()
    if kind == "select" and field.flags.required:
        offered = tuple(choice for choice in choices if choice.value)
        if len(offered) <= MOST_RADIOS:
            kind, choices = "radio", offered
    attributes = _attributes(field, kind)
    return FieldPage(
        name=field.name,
        id=field.id,
        label=str(field.label.text),
        kind=kind,
        value=_value(field, kind),
        checked=bool(field.data) if kind == "checkbox" else False,
        required=bool(field.flags.required),
        help=str(field.description or ""),
        note=_note(field, kind),
        errors=tuple(str(error) for error in field.errors),
        choices=choices,
        attributes=tuple((name, "" if value is True else str(value)) for name, value in attributes.items()),
        width=_width(kind, attributes),
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


def posted_form(form_class: type[Any]) -> CombinedMultiDict[str, Any]:
    """What was typed and chosen in the form that was sent; a file counts only for a field that takes one."""
    form: Any = form_class(meta={"csrf": False}) if request.files else ()
    others = {field.name for field in form if input_kind(field) not in _FILE_KINDS}
    files = MultiDict((name, file) for name, file in request.files.items(multi=True) if name not in others)
    return CombinedMultiDict([files, request.form])


def filled_by_address(fills: Callable[[str], bool]) -> MultiDict[str, str] | None:
    """What the address of an add form fills into it: `?customer=7`, as far as a name `fills`; None where nothing."""
    return MultiDict([one for one in request.args.items(multi=True) if fills(one[0])]) or None


def _value(field: Field, kind: str) -> str:
    if kind == "file":
        # The name of the file that the record has; what was chosen just now cannot be shown.
        return field.object_data if isinstance(field.object_data, str) else ""
    if kind in {"password", "html"}:
        return ""
    text: Callable[[], Any] | None = getattr(field, "_value", None)
    value = text() if text is not None else field.data
    if value is None or isinstance(value, str):
        return value or ""
    # A field of the host's own may hold a record.
    return text_of(value)


def _note(field: Field, kind: str) -> str:
    """What a page that comes back cannot hold: a file, a password, which is never put out, and one choice too many.

    An empty field that must be filled in needs no word.
    """
    if is_left(field) and field.posted is not None:
        return gettext("What you chose here was not saved: meanwhile there are too many.")
    if is_kept(field) and field.raw_data:
        return gettext("What you typed here was not saved: meanwhile there is a value that no form can hold.")
    given = [item for item in field.raw_data or () if item]
    if kind == "password" and given and not field.flags.required:
        return gettext("Type it once more.")
    names = [name for item in given if (name := getattr(item, "filename", ""))]
    if kind == "file" and names:
        return gettext("Choose it once more: %(names)s", names=", ".join(names))
    return ""


def choices_of(field: Any) -> tuple[Choice, ...]:
    """What a field offers, the empty choice too."""
    details: Mapping[str, str] = getattr(field, "details", {})
    return tuple(
        Choice(str(choice[0]), str(choice[1]), bool(choice[2]), details.get(choice[0], ""))
        for choice in field.iter_choices()
    )


def _attributes(field: Field, kind: str) -> dict[str, Any]:
    given: Mapping[str, Any] = field.render_kw or {}
    flags = {name: getattr(field.flags, name, None) for name in ("maxlength", "minlength", "min", "max", "step")}
    merged = {name: value for name, value in {**flags, **given}.items() if value is not None and value is not False}
    mode = _input_mode(field, kind, merged.get("min"))
    return {"inputmode": mode, **merged} if mode else merged


def _input_mode(field: Field, kind: str, least: Any) -> str:
    """The keys that a phone offers for a number. Those have no minus sign: only a number without one may name them."""
    is_number = kind == "number" or isinstance(field, _NUMBER_TEXTS)
    if not is_number or not isinstance(least, int | float | Decimal) or least < 0:
        return ""
    return "numeric" if isinstance(field, IntegerField | wtforms.IntegerField) else "decimal"


def _width(kind: str, attributes: Mapping[str, Any]) -> str:
    """How wide a field is, by what goes into it."""
    most = attributes.get("maxlength")
    if kind == "number":
        return "short"
    if kind != "text" or not isinstance(most, int) or most > MOST_MEDIUM:
        return ""
    return "short" if most <= MOST_SHORT else "medium"
