"""From a form to the records it points to: to add and to edit them without losing what was typed.

Without scripts a link opens the other form in a tab of its own, and "Update choices" brings the first form back with
what was typed and with the new record among its choices. Scripts show the other form in a dialog: it is the same page,
sent to the same address, whose answer to a save is the record's key and name in place of the way back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask import flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from appbuilder_lite.resource.declaration import ResourceDeclaration
from appbuilder_lite.resource.dependent import dependents, masters
from appbuilder_lite.resource.inputs import input_name
from appbuilder_lite.resource.related_fields import RelatedField, RelatedListField
from appbuilder_lite.resource.resource import Outcome
from appbuilder_lite.text import gettext
from appbuilder_lite.web.cells import RecordUrl
from appbuilder_lite.web.form_pages import FieldPage, FieldsetPage, FormPage
from appbuilder_lite.web.looking_up import LookUpRoutes
from appbuilder_lite.web.policy import view_of_model
from appbuilder_lite.web.relation_page import RelationPage

RELATED = "_related"
"""Marks a form that was opened from another one: in its address, and then among its fields."""
FOR_SCRIPT = "script"
"""The mark of a form in a dialog: a script reads the answer."""

_CHOSEN_FROM = frozenset({"select", "radio", "multiselect", "look_up"})
_Relation = RelatedField | RelatedListField


class RelationForms(LookUpRoutes):
    """What the forms of a view have to do with those of other views."""

    def with_relations(self, form: Any, fieldsets: Iterable[FieldsetPage]) -> tuple[FieldsetPage, ...]:
        """The fields of a form, those of relations with the ways to their records."""
        fields = {field.name: field for field in form if isinstance(field, _Relation) and field.source is not None}
        return tuple(
            replace(group, fields=tuple(self._with_relation(page, fields.get(page.name)) for page in group.fields))
            for group in fieldsets
        )

    def _with_relation(self, page: FieldPage, field: Any) -> FieldPage:
        if field is None or page.kind not in _CHOSEN_FROM:
            return page
        target = view_of_model(self.state, field.relation.target)
        found = RelationPage() if target is None else _ways_to(target, field)
        depends, name = self.options.dependent_choices, field.relation.name
        found = replace(
            found,
            masters=tuple(map(input_name, masters(name, depends))),
            dependents=tuple(map(input_name, dependents(name, depends))),
        )
        return page if found.is_empty else replace(page, relation=found)

    def saved_for_relation(self, outcome: Outcome, action: str) -> ResponseReturnValue | None:
        """The answer to a save that another form waits for; None where none does."""
        mark = request.form.get(RELATED)
        if mark == FOR_SCRIPT:
            told = self.told(outcome, action)
            return jsonify(key=outcome.key, name=outcome.name, message=told, notices=outcome.notices)
        if not mark:
            return None
        self._tell(outcome, action)
        flash(gettext("Close this tab, and press “Update choices” in the form that you came from."), "info")
        return redirect(self._way_in(outcome) or self._home_url())


def marked(page: FormPage) -> FormPage:
    """The page of a form; one that another form waits for carries its mark, and leads nowhere else."""
    if RELATED not in request.values:
        return page
    return replace(page, hidden=(*page.hidden, (RELATED, "1")), extra_submits=(), delete_url="")


def _ways_to(target: Any, field: Any) -> RelationPage:
    """The forms of a view that a relation's field leads to, as far as the person may open them."""
    add = f"{target.url_for('add')}?{RELATED}=1" if target.can_open("add") else ""
    fill, in_dialog = _filled(target) if add else "", _has_plain_forms(target)
    found = RelationPage(target.options.noun, add_url=add, many=field.is_many, fill=fill, in_dialog=in_dialog)
    if field.is_many:
        return found
    # A relation of another key's length would need another address: its own view knows.
    edit, policy = target.record_url("edit"), target.policy()
    marked_edit = replace(edit, after=f"{edit.after}?{RELATED}=1") if edit.before else RecordUrl()
    pattern = "" if policy.judges_items else marked_edit("{key}")
    return replace(found, edit_url=_chosen_url(marked_edit, target, policy, field), edit_pattern=pattern)


def _has_plain_forms(target: Any) -> bool:
    """Whether a view's forms are nothing but forms; a template of its own may need more than a dialog has."""
    templates, plain = target.options.templates, (ResourceDeclaration.add_template, ResourceDeclaration.edit_template)
    return (templates["add"], templates["edit"]) == plain


def _chosen_url(edit: RecordUrl, target: Any, policy: Any, field: Any) -> str:
    """Where the chosen record is edited; empty where none is, or not by this person."""
    item, key = field.data, field.shown_key
    if item is None or not key or not edit(key) or key != target.datamodel.encode_key(item):
        return ""
    if not field.offers(key) and not target.resource.holds(item, policy):
        return ""
    return edit.without(policy.refused([item])["edit"])(key)


def _filled(target: Any) -> str:
    """The field of a view's add form that holds what its records are looked for by; empty where the person has none."""
    policy, options = target.policy(), target.options
    names = (name for name in options.search_columns if name in options.add_columns)
    return next((input_name(name) for name in names if policy.can_access_field(name, "add")), "")
