"""Duplicates: the add form, filled with what the person may read of a record and may set on a new one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from flask import abort, request

from appbuilder_lite.errors import NotFound
from appbuilder_lite.resource.duplicating import copy_into, left_empty, takes
from appbuilder_lite.resource.inputs import input_name
from appbuilder_lite.text import gettext
from appbuilder_lite.web.cells import RecordUrl
from appbuilder_lite.web.form_pages import FieldsetPage, FormPage
from appbuilder_lite.web.policy import ViewPolicy
from appbuilder_lite.web.shell import MenuLink

FROM = "_from"
"""The parameter of the add form that has the key of the record to copy."""


def duplicate_url(view: Any) -> RecordUrl:
    """The address of a duplicate's form by key; none where the person may not open a record and add one."""
    if not (view.options.duplicate_columns and view.can_open("show") and view.can_open("add")):
        return RecordUrl()
    return RecordUrl.of(lambda key: view.url_for("add", **{FROM: key}))


def source_of(view: Any, policy: ViewPolicy) -> Any:
    """The record that the address asks for a duplicate of, or None; refuses where the person could not open it."""
    key = request.args.get(FROM, "")
    if not key or not view.options.duplicate_columns:
        return None
    if not view.can_open("show"):
        abort(403)
    return view.resource.get_to_copy(key, policy)


def fill_from(view: Any, form: Any, source: Any) -> frozenset[str]:
    """Take over what the person may read; what the address itself fills in stays. Returns what would be too many."""
    policy: ViewPolicy = view.policy()
    may_edit = view.can_open("edit") and not policy.refused([source])["edit"]
    reads = ("show", "edit") if may_edit else ("show",)
    names = takes(view.options, form, policy, reads)
    left = copy_into(form, source, names, view.options.dependent_choices, view.resource.chosen)
    view.prefill_duplicate(form, source)
    return left


def told(page: FormPage, view: Any, form: Any, source: Any, left: Collection[str] = ()) -> FormPage:
    """The form's page, which says whose values these are, which must be others, and which were `left` as too many."""
    link = MenuLink(view.datamodel.name_of(source), view.record_url("show")(view.datamodel.encode_key(source)))
    notes = dict.fromkeys(
        map(input_name, left_empty(form, view.datamodel)), gettext("Not copied: each record has its own.")
    )
    notes |= dict.fromkeys(map(input_name, left), gettext("Not copied: there are more than a form can hold."))
    hidden = (*page.hidden, (FROM, view.datamodel.encode_key(source)))
    return replace(page, copied_from=link, hidden=hidden, fieldsets=tuple(_noted(page.fieldsets, notes)))


def told_again(page: FormPage, view: Any, form: Any) -> FormPage:
    """The same of a form that was sent and comes back, as long as the person may open the record that it began with."""
    key = request.form.get(FROM, "")
    if not key or not view.options.duplicate_columns or not view.can_open("show"):
        return page
    try:
        return told(page, view, form, view.resource.get(key, view.policy()))
    except NotFound:
        return page


def _noted(fieldsets: tuple[FieldsetPage, ...], notes: Mapping[str, str]) -> Iterator[FieldsetPage]:
    for group in fieldsets:
        fields = (
            replace(one, note=notes[one.name]) if one.name in notes and not one.value else one for one in group.fields
        )
        yield replace(group, fields=tuple(fields))
