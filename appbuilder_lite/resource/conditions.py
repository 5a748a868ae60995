"""Fields that are asked for only where others have certain values: which those are, as a form stands."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from wtforms.fields.core import Field

from appbuilder_lite.data.interface import DataModel
from appbuilder_lite.resource.condition_values import Conditions, text_of
from appbuilder_lite.resource.forms import ResourceForm
from appbuilder_lite.resource.policy import Policy
from appbuilder_lite.resource.related_fields import RelatedField


@dataclass(frozen=True, slots=True)
class FormConditions:
    """The conditions of one resource's forms."""

    conditions: Conditions
    datamodel: DataModel

    def drop_unasked(self, form: ResourceForm, action: str, policy: Policy, item: Any) -> None:
        """Take fields off a form whose condition nobody can change in it, and that does not hold.

        A person who does not meet what decides about a field does not meet that field either. Where a form does not
        ask for what decides, it is what is stored, or a new record's default.
        """
        while gone := [name for name in form._fields if not self._is_asked(name, form, action, policy, item)]:
            for name in gone:
                del form[name]

    def _is_asked(self, name: str, form: ResourceForm, action: str, policy: Policy, item: Any) -> bool:
        rules = self.conditions.get(name, {}).items()
        return all(
            policy.can_access_field(one, action) and (one in form or self._stored_text(one, item) in texts)
            for one, texts in rules
        )

    def _stored_text(self, name: str, item: Any) -> str:
        if name in self.datamodel.relations:
            related = None if item is None else getattr(item, name)
            return "" if related is None else self.datamodel.encode_key(related)
        if item is not None:
            return text_of(getattr(item, name, None))
        column = self.datamodel.columns.get(name)
        return "" if column is None else text_of(column.default)

    def leave_out(self, form: ResourceForm) -> None:
        """Of a form that was sent, judge and write nothing of the fields that were not to be asked for."""
        names = self._unmet(form)
        if not names:
            return
        form.unsaved = tuple(
            str(form[name].label.text) for name in form._fields if name in names and _given(form[name])
        )
        form.left_out = names
        form.touched -= names
        form.loaded = {name: digest for name, digest in form.loaded.items() if name not in names}
        for name in names:
            _put_back(form[name])

    def _unmet(self, form: ResourceForm) -> frozenset[str]:
        """The fields that are not to be asked for; what waits for one of them is not, too."""
        found: set[str] = set()
        while more := [name for name in form._fields if name not in found and self._fails(name, form, found)]:
            found.update(more)
        return frozenset(found)

    def _fails(self, name: str, form: ResourceForm, unasked: Container[str]) -> bool:
        rules = self.conditions.get(name, {}).items()
        return any(one in unasked or _text_in(form[one]) not in texts for one, texts in rules if one in form)


def _text_in(field: Field) -> str:
    return "".join(field.chosen_keys) if isinstance(field, RelatedField) else text_of(field.data)


def _given(field: Any) -> bool:
    """Whether something was sent that would have been saved."""
    return any(field.raw_data or ()) and bool(field.data != field.object_data)


def _put_back(field: Any) -> None:
    """Let a field be what is stored, while it shows what was typed."""
    raw, posted = field.raw_data, getattr(field, "posted", None)
    field.process(None, field.object_data)
    field.raw_data = raw
    if posted is not None:
        field.posted = posted
    # Nothing that is asked of it counts: not what its class, its validators nor its column ask.
    field.validate = _passes


def _passes(_form: Any, _extra_validators: Any = ()) -> bool:
    return True
