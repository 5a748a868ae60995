"""The form that an action wants filled in before it runs: on the page that asks about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import request

from appbuilder_lite.errors import Rejected, WriteFailed
from appbuilder_lite.resource.options import Fieldset
from appbuilder_lite.web.form_page import fieldset_pages, form_errors, has_file, with_focus
from appbuilder_lite.web.question_page import DeletePage


def with_form(page: DeletePage, form: Any) -> DeletePage:
    """The question with the fields of a form, and what is wrong with them."""
    if form is None:
        return page
    fieldsets = fieldset_pages(form, [Fieldset("", tuple(field.name for field in form))])
    errors = form_errors(form)
    fieldsets = fieldsets if errors or not fieldsets else with_focus(fieldsets)
    return replace(page, fieldsets=fieldsets, errors=errors, multipart=has_file(fieldsets))


def form_sent_on(form: Any) -> tuple[tuple[str, str], ...]:
    """What was typed and chosen, to be sent once more with each further step."""
    names = [] if form is None else [field.name for field in form]
    # Fields within fields are called by the name of the outer one, too: `lines-0`, `address-street`.
    within = tuple(f"{name}-" for name in names)
    return tuple(
        (name, value)
        for name, value in request.form.items(multi=True)
        if name in names or (within and name.startswith(within))
    )


def put_error(form: Any, error: Rejected | WriteFailed) -> None:
    """Put a refusal where it belongs: at its field, or above the form."""
    name = error.field if isinstance(error, Rejected) else None
    if name is not None and name in form:
        form[name].errors = [*form[name].errors, error.message]
    else:
        form.form_errors = [*form.form_errors, error.message]
