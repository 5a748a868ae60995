"""Checks of the marks of actions, at start."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import wtforms
from wtforms.form import BaseForm

from appbuilder_lite.errors import Problem
from appbuilder_lite.resource.defaults import is_secret
from appbuilder_lite.resource.editable import form_field_names
from appbuilder_lite.resource.place import class_path
from appbuilder_lite.web.routes import Action, actions_of

TAKEN = frozenset({"action", "confirmed", "rowid", "typed", "list", "csrf_token", "_all", "_run", "_stop"})
"""Form fields of the pages that a form of an action stands on."""


def check_actions(view: type[Any]) -> Iterator[Problem]:
    """Every problem of a view's actions."""
    for found in actions_of(view).values():
        where = f"{class_path(view)}.{found.method}"
        yield from _condition(view, found, where)
        yield from _form(found, where)
        if found.all_matching and not found.multiple:
            fix = "leave multiple=False or all_matching=True out"
            yield Problem("AB217", where, "it works on one record only, so not on all that match", fix)


def _condition(view: type[Any], found: Action, where: str) -> Iterator[Problem]:
    test = getattr(view, found.condition, None) if isinstance(found.condition, str) else found.condition
    if found.condition is not None and not callable(test):
        message = f"condition={found.condition!r} is neither a function nor the name of a method of the view"
        yield Problem("AB217", where, message, "use condition=lambda order: order.is_paid, or define that method")


def _form(found: Action, where: str) -> Iterator[Problem]:
    if found.form is None:
        return
    form: Any = found.form
    if not (isinstance(form, type) and issubclass(form, BaseForm)):
        yield Problem("AB217", where, f"form={found.form!r} is no form class", "use a class derived from wtforms.Form")
        return
    for name in sorted(TAKEN.intersection(form_field_names(found.form))):
        message = f"{found.form.__name__}.{name}: a field of that name stands on the page that asks already"
        yield Problem("AB217", where, message, "call the field something else")
    for name in form_field_names(found.form) if found.all_matching else ():
        if is_secret(name) or _is_unsent(getattr(found.form, name)):
            message = f"{found.form.__name__}.{name} cannot be sent on from page to page, as all_matching=True needs"
            yield Problem("AB217", where, message, "leave all_matching=True, files and passwords out")


def _is_unsent(field: Any) -> bool:
    kind = getattr(field, "field_class", None)
    return isinstance(kind, type) and issubclass(kind, wtforms.FileField | wtforms.PasswordField)
