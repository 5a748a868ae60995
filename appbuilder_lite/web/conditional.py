"""Fields that wait for others, as a page shows them: which values it takes, for scripts and in words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from appbuilder_lite.resource.condition_values import Conditions
from appbuilder_lite.text import gettext
from appbuilder_lite.web.form_pages import FieldPage, FieldsetPage
from appbuilder_lite.web.parts import When

Rules = Mapping[str, Sequence[str]]


def with_conditions(fieldsets: Iterable[FieldsetPage], form: Any, conditions: Conditions) -> tuple[FieldsetPage, ...]:
    """The same with what fields wait for; what decides about a field and is not in the form has been asked already."""
    groups = tuple(fieldsets)
    pages = {field.name: field for group in groups for field in group.fields}
    rules = {form[name].name: _named(rules, form, pages) for name, rules in conditions.items() if name in form}
    return tuple(replace(group, fields=tuple(_waiting(group.fields, rules, pages))) for group in groups)


def _named(rules: Rules, form: Any, pages: Mapping[str, FieldPage]) -> Rules:
    """The rules by the name of the input."""
    return {form[one].name: texts for one, texts in rules.items() if one in form and form[one].name in pages}


def _waiting(
    fields: Iterable[FieldPage], rules: Mapping[str, Rules], pages: Mapping[str, FieldPage]
) -> Iterator[FieldPage]:
    for field in fields:
        found = rules.get(field.name)
        # A browser would hold the form back for a field that nobody has to fill in.
        yield replace(field, required=False, when=_when(field, found, pages)) if found else field


def _when(field: FieldPage, rules: Rules, pages: Mapping[str, FieldPage]) -> When:
    sent = {name: [_sent(pages[name], text) for text in texts] for name, texts in rules.items()}
    words = gettext(" and ").join(_words(pages[name], texts) for name, texts in rules.items())
    must = field.required and not (field.kind == "file" and field.value)
    return When(json.dumps(sent), gettext("Only where %(conditions)s", conditions=words), field.required, must)


def _sent(field: FieldPage, text: str) -> str:
    """What a browser sends where a field has this value; of a box that is not ticked, nothing."""
    if field.kind != "checkbox":
        return text
    return (field.value or "y") if text == "true" else ""


def _words(field: FieldPage, texts: Sequence[str]) -> str:
    values = gettext(" or ").join(_value_words(field, text) for text in texts)
    return gettext("%(field)s is %(value)s", field=field.label, value=values)


def _value_words(field: FieldPage, text: str) -> str:
    if field.kind == "checkbox":
        return gettext("Yes") if text == "true" else gettext("No")
    choices = field.look_up.choices if field.look_up else field.choices
    known = {choice.value: choice.label for choice in choices if choice.value}
    return known.get(text, text) or gettext("empty")
