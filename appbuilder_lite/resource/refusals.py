"""Refusals of hooks and of the database, put where the person can mend them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from appbuilder_lite.data.interface import DataModel
from appbuilder_lite.errors import Rejected, WriteFailed
from appbuilder_lite.resource.forms import ResourceForm
from appbuilder_lite.text import gettext

Errors = tuple[tuple[str | None, str], ...]
"""(field, text) pairs; without a field the text concerns the whole."""

_INTEGRITY = frozenset({"unique", "foreign_key", "not_null", "check", "referenced"})


def errors_of(refusal: Rejected | WriteFailed, declared: str, form: ResourceForm | None, datamodel: DataModel) -> str:
    """What to say; `declared` is the view's own text for a broken constraint, if it has one.

    What several fields of the form make together is said with their names: it stands at one of them.
    """
    if isinstance(refusal, WriteFailed) and refusal.kind in _INTEGRITY and declared:
        return str(declared)
    if isinstance(refusal, WriteFailed) and refusal.kind == "unique" and form is not None:
        names = dict.fromkeys(str(form[name].label.text) for name in fields_over(refusal.columns, form, datamodel))
        if len(names) > 1:
            return gettext("There is already a record with the same values in: %(names)s.", names=", ".join(names))
    return str(refusal.message)


def field_of(refusal: Rejected | WriteFailed, form: ResourceForm | None, datamodel: DataModel) -> str | None:
    """The form's field that a refusal is about, or None."""
    if isinstance(refusal, WriteFailed) and refusal.kind == "stale":
        return None
    if form is None:
        return refusal.field if isinstance(refusal, Rejected) else None
    names = (refusal.field,) if isinstance(refusal, Rejected) else refusal.columns
    return next(fields_over(names, form, datamodel), None)


def fields_over(columns: Iterable[str | None], form: ResourceForm, datamodel: DataModel) -> Iterator[str]:
    """The fields of a form that hold these columns, themselves or as a relation's foreign key."""
    for name in columns:
        for field in (name, *_relations_over(name, datamodel)):
            if field is not None and field in form:
                yield field


def _relations_over(column: str | None, datamodel: DataModel) -> list[str]:
    """Relations whose foreign key a column is: a form has the relation in the column's place."""
    return [name for name, relation in datamodel.relations.items() if column in relation.local_columns]


def show_on(form: ResourceForm, errors: Errors) -> Errors:
    """Put errors onto a form, each at its field."""
    for name, text in errors:
        if name is not None and name in form:
            field = form[name]
            field.errors = [*field.errors, text]
        else:
            form.form_errors.append(text)
    return errors


def faults_of(form: ResourceForm) -> Errors:
    """What the fields of a form, and the form itself, were found to be wrong in."""
    errors = [(name, str(text)) for name, field in form._fields.items() for text in _texts(field.errors)]
    return (*errors, *((None, str(text)) for text in form.form_errors))


def _texts(errors: Any) -> list[Any]:
    """The messages of a field; a field of fields has them in dicts and lists."""
    if isinstance(errors, dict):
        return [text for inner in errors.values() for text in _texts(inner)]
    return [text for error in errors for text in (_texts(error) if isinstance(error, dict | list) else [error])]
