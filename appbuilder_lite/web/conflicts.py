"""What somebody else has changed while a form was open: told field by field, beside what was typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from wtforms.fields.core import Field

from appbuilder_lite.resource.displays import Display, display
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
        path = options.paths.get(name)
        show = display if path is None else formatter_for(path, options)
        stored, typed = _text(field, field.object_data, show), _text(field, field.data, show)
        yield Conflict(name, str(field.label.text), stored, typed, is_untouched(form, name, policy.digest))


def _text(field: Field, value: Any, show: Callable[[Any], Display]) -> str:
    """A value of a field as people read it."""
    if isinstance(field, RelatedField | RelatedListField):
        return ", ".join(field.names_of(value)) or gettext("nothing")
    return str(show(value).text) or gettext("nothing")
