"""From a form to the records it points to: to add and to edit them without losing what was typed.

Without scripts a link opens the other form in a tab of its own, and "Update choices" brings the first form back with
what was typed and with the new record among its choices. Scripts show the other form in a dialog: it is the same page,
sent to the same address, whose answer to a save is the record's key and name in place of the way back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from appbuilder_lite.data.types import Relation
from appbuilder_lite.resource.declaration import ResourceDeclaration
from appbuilder_lite.resource.dependent import dependents, masters
from appbuilder_lite.resource.inputs import input_name
from appbuilder_lite.resource.loaded import is_left
from appbuilder_lite.resource.related_fields import RelatedField, RelatedListField
from appbuilder_lite.resource.resource import Outcome
from appbuilder_lite.text import gettext
from appbuilder_lite.web.cells import RecordUrl
from appbuilder_lite.web.form_pages import FieldPage, FieldsetPage, FormPage
from appbuilder_lite.web.looking_up import LookUpRoutes
from appbuilder_lite.web.policy import view_of_model
from appbuilder_lite.web.related import list_of_all, relations_back
from appbuilder_lite.web.relation_page import RelationPage
from appbuilder_lite.web.state import AppState

RELATED = "_related"
"""Marks a form that was opened from another one: in its address, and then among its fields."""
FOR_SCRIPT = "script"
"""The mark of a form in a dialog: a script reads the answer."""

_CHOSEN_FROM = frozenset({"select", "radio", "multiselect", "look_up"})
_Relation = RelatedField | RelatedListField


class RelationForms(LookUpRoutes):
    """What the forms of a view have to do with those of other views."""

    def with_relations(self, form: Any, fieldsets: Iterable[FieldsetPage], pk: str) -> tuple[FieldsetPage, ...]:
        """The fields of the form of a record, those of relations with the ways to their records."""
        depends = self.options.dependent_choices
        left = {field.name: self._list_of_held(field.relation, pk) for field in form if is_left(field)}
        fields = {field.name: field for field in form if isinstance(field, _Relation) and field.name not in left}
        found = ways_to_records(self.state, fields.values())
        for name, field in fields.items():
            relation = field.relation.name
            found[name] = replace(
                found.get(name, RelationPage()),
                masters=tuple(map(input_name, masters(relation, depends))),
                dependents=tuple(map(input_name, dependents(relation, depends))),
            )
        return tuple(
            replace(group, fields=tuple(_led(page, found, left) for page in group.fields)) for group in fieldsets
        )

    def _list_of_held(self, relation: Relation, pk: str) -> str:
        """The list of what a relation of a record holds; empty where the person could not ask for it."""
        view = view_of_model(self.state, relation.target)
        if view is None or not view.can_open("list"):
            return ""
        back = [one for one in relations_back(view, self.datamodel.model) if one.name == relation.back]
        return list_of_all(view, back, pk, view.policy()) if back else ""

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


def _led(page: FieldPage, ways: Mapping[str, RelationPage], lists: Mapping[str, str]) -> FieldPage:
    return replace(with_ways(page, ways.get(page.name)), list_url=lists.get(page.name, ""))


def with_ways(page: FieldPage, ways: RelationPage | None) -> FieldPage:
    """A field with the ways to its records below it, where there are any and it is one to choose in."""
    return page if ways is None or ways.is_empty or page.kind not in _CHOSEN_FROM else replace(page, relation=ways)


def ways_to_records(state: AppState, fields: Iterable[Any]) -> dict[str, RelationPage]:
    """The ways from fields to the records that they point to, by the field's name: of one model all at once."""
    by_model: dict[type[Any], list[_Relation]] = {}
    for field in fields:
        if isinstance(field, _Relation) and field.source is not None:
            by_model.setdefault(field.relation.target, []).append(field)
    targets = ((view_of_model(state, model), found) for model, found in by_model.items())
    return {name: page for target, found in targets if target is not None for name, page in _ways_to(target, found)}


def _ways_to(target: Any, fields: Sequence[_Relation]) -> Iterator[tuple[str, RelationPage]]:
    """The forms of a view that relations' fields lead to, as far as the person may open them."""
    add = f"{target.url_for('add')}?{RELATED}=1" if target.can_open("add") else ""
    fill, in_dialog = _filled(target) if add else "", _has_plain_forms(target)
    bare = RelationPage(target.options.noun, add_url=add, fill=fill, in_dialog=in_dialog)
    # A relation of another key's length would need another address: its own view knows.
    edit, policy = target.record_url("edit"), target.policy()
    marked_edit = replace(edit, after=f"{edit.after}?{RELATED}=1") if edit.before else RecordUrl()
    pattern = "" if policy.judges_items else marked_edit("{key}")
    chosen = _chosen_urls(marked_edit, target, policy, [field for field in fields if not field.is_many])
    for field in fields:
        one = replace(bare, edit_url=chosen.get(field.name, ""), edit_pattern=pattern)
        yield field.name, replace(bare, many=True) if field.is_many else one


def _has_plain_forms(target: Any) -> bool:
    """Whether a view's forms are nothing but forms; a template of its own may need more than a dialog has."""
    templates, plain = target.options.templates, (ResourceDeclaration.add_template, ResourceDeclaration.edit_template)
    return (templates["add"], templates["edit"]) == plain


def _chosen_urls(edit: RecordUrl, target: Any, policy: Any, fields: Sequence[Any]) -> dict[str, str]:
    """Where the chosen records are edited, by the field's name; without those that this person may not edit."""
    chosen = {field.name: (field.shown_key, field.data) for field in fields if _shows_its_record(field, target, edit)}
    offered = {field.shown_key for field in fields if field.name in chosen and field.offers(field.shown_key)}
    doubtful = {key: item for key, item in chosen.values() if key not in offered}
    held = {*offered, *(target.resource.held([*doubtful.values()], policy) if doubtful else ())}
    items = {key: item for key, item in chosen.values() if key in held}
    allowed = edit.without(policy.refused([*items.values()])["edit"])
    return {name: allowed(key) for name, (key, _item) in chosen.items() if key in items}


def _shows_its_record(field: Any, target: Any, edit: RecordUrl) -> bool:
    key, item = field.shown_key, field.data
    return item is not None and bool(edit(key)) and bool(key == target.datamodel.encode_key(item))


def _filled(target: Any) -> str:
    """The field of a view's add form that holds what its records are looked for by; empty where the person has none."""
    policy, options = target.policy(), target.options
    names = (name for name in options.search_columns if name in options.add_columns)
    return next((input_name(name) for name in names if policy.can_access_field(name, "add")), "")
