"""A form of a record that is gone when it is sent: what was typed comes back, to be saved as a new record.

Only who was shown the form learns that its record is gone: it carries a digest for this record, view and person alone.
A record that was deleted, one in the trash and one that the person may not see any more are told in the same words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hmac import compare_digest
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from appbuilder_lite.resource.defaults import is_secret
from appbuilder_lite.resource.inline_resource import KEY, LOADED, PREFIX
from appbuilder_lite.resource.loaded import LOADED_MARKER
from appbuilder_lite.text import gettext
from appbuilder_lite.web.form_page import field_page, posted_form
from appbuilder_lite.web.form_pages import FieldPage, FieldsetPage, FormPage
from appbuilder_lite.web.inlines import comes_back
from appbuilder_lite.web.pages import Crumb
from appbuilder_lite.web.policy import ViewPolicy
from appbuilder_lite.web.relating import RELATED
from appbuilder_lite.web.seen import about

SHOWN = "_shown"
"""The hidden input of an edit form that says whom it was shown to, and with which record."""
_NOT_PUT_OUT = frozenset({"password", "file", "hidden", "html"})


def shown(view: Any, policy: ViewPolicy, pk: str) -> str:
    """What the form of a record carries for the person of a policy."""
    return policy.digest(about("shown", view, policy, pk))


def was_shown(view: Any, policy: ViewPolicy, pk: str) -> bool:
    """Whether what was sent is the form of this record, as this person was shown it."""
    sent = request.form.get(SHOWN, "")
    return compare_digest(sent.encode("utf-8", "replace"), shown(view, policy, pk).encode())


def gone_form(view: Any, policy: ViewPolicy, pk: str) -> tuple[str, FormPage, Any]:
    """The action, page and form of what was typed: the add form for who may add, else that which was sent, to read."""
    action = "add" if view.can_open("add") else "edit"
    form_class = view.resource.add_form if action == "add" else view.resource.edit_form
    form = view.resource.form(action, policy, formdata=_as_new(posted_form(form_class)))
    comes_back(form, request.form)
    form.form_errors.append(
        gettext(
            "This record is no longer there: it was deleted while you edited it, or it is not for you to see any more. "
            "Nothing was saved. What you typed is below."
        )
    )
    _leave_rows(form)
    page = _told(view.form_page(action, form, pk="" if action == "add" else pk), view)
    hidden = [pair for pair in page.hidden if pair[0] != SHOWN]
    page = replace(page, hidden=(*hidden, (SHOWN, request.form[SHOWN])))
    return action, (_with_left(page, view, policy, form) if action == "add" else _to_read(page)), form


def _as_new(formdata: Any) -> MultiDict[str, Any]:
    """What was sent, without what it had loaded from records."""
    return MultiDict(pair for pair in formdata.items(multi=True) if not _is_of_record(pair[0]))


def _is_of_record(name: str) -> bool:
    return name == LOADED_MARKER or (name.startswith(PREFIX) and name.endswith((f"-{KEY}", f"-{LOADED}")))


def _leave_rows(form: Any) -> None:
    """Rows that the person may not add stay to be read, as ones to be removed."""
    for rows in form.inlines:
        if rows.rights.can_add or not rows.rows:
            continue
        for row in rows.rows:
            row.is_removed = True
        rows.errors.append(gettext("You cannot add these: they are not saved with a new record."))


def _told(page: FormPage, view: Any) -> FormPage:
    title = gettext("This %(noun)s is no longer there", noun=view.options.noun)
    back, in_dialog = view.way_back(), RELATED in request.values
    return replace(
        page,
        title=title,
        crumbs=(*page.crumbs[:-1], Crumb(title)) if page.crumbs else (),
        cancel_label=back.label if back is not None and not in_dialog else "",
        submit_label=gettext("Save as a new record"),
        extra_submits=(),
        delete_url="",
        is_record=False,
        is_anew=True,
    )


def _to_read(page: FormPage) -> FormPage:
    return replace(page, submit_label="")


def _with_left(page: FormPage, view: Any, policy: ViewPolicy, form: Any) -> FormPage:
    """The add form, and below it what was typed into fields that it does not have."""
    sent = view.resource.form("edit", policy, formdata=_as_new(posted_form(view.resource.edit_form)))
    left = [field for name, field in sent._fields.items() if name not in form and any(request.form.getlist(field.name))]
    shown_fields = tuple(found for field in left if (found := _as_text(field)) is not None)
    if not shown_fields:
        return page
    # A button that brings this page back sends them once more.
    hidden = [(one.name, text) for one in shown_fields for text in request.form.getlist(one.name)]
    words = gettext("A new record has no such fields: this is not saved.")
    group = FieldsetPage(gettext("Not in the form of a new record"), shown_fields, words)
    return replace(page, fieldsets=(*page.fieldsets, group), hidden=(*page.hidden, *hidden))


def _as_text(field: Any) -> FieldPage | None:
    """A field as what was typed into it; None for what no page puts out."""
    page = field_page(field)
    if page.kind in _NOT_PUT_OUT or is_secret(page.name):
        return None
    value = gettext("Yes") if page.kind == "checkbox" else ", ".join(_chosen(field, page)) or page.value
    return FieldPage(page.name, page.id, page.label, "static", value=value)


def _chosen(field: Any, page: FieldPage) -> Iterator[str]:
    """The names of what was chosen."""
    if page.kind == "look_up":
        return iter(field.names_of(field.chosen_keys))
    return (choice.label for choice in page.choices if choice.selected and choice.value)
