"""What somebody else has changed while a form was open: told field by field, beside what was typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from wtforms.fields.core import Field

from appbuilder_lite.resource.loaded import is_untouched
from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.resource.policy import Policy
from appbuilder_lite.resource.related_fields import RelatedField, RelatedListField
from appbuilder_lite.resource.values import formatter_for
from appbuilder_lite.text import gettext
from appbuilder_lite.web.pages import Conflict


def conflicts_of(form: Any, names: Sequence[str], options: ResourceOptions, policy: Policy) -> tuple[Conflict, ...]:
    """A question for each of these fields; `form` is bound to the record as it is stored now.

    What the person did not touch stays as it is stored, unless they say otherwise.
    """
    return tuple(_questions(form, names, options, policy))


def _questions(form: Any, names: Sequence[str], options: ResourceOptions, policy: Policy) -> Iterator[Conflict]:
    for name in names:
        if name not in form:
            continue
        field = form[name]
        stored, typed = _text(field, field.object_data, options), _text(field, field.data, options)
        yield Conflict(field.name, str(field.label.text), stored, typed, is_untouched(form, name, policy.digest))


def _text(field: Field, value: Any, options: ResourceOptions) -> str:
    """A value of a field as people read it."""
    if isinstance(field, RelatedField | RelatedListField):
        return ", ".join(field.names_of(value)) or gettext("nothing")
    path = options.paths.get(field.short_name)
    text = "" if path is None else str(formatter_for(path, options)(value).text)
    return text or gettext("nothing")
