"""What somebody else has changed while a form was open: told field by field, beside what was typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from appbuilder_lite.data.types import Path
from appbuilder_lite.resource.displays import display
from appbuilder_lite.resource.left import is_kept
from appbuilder_lite.resource.loaded import is_left, is_untouched
from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.resource.policy import Policy
from appbuilder_lite.resource.values import formatter_for
from appbuilder_lite.text import gettext
from appbuilder_lite.web.form_pages import Conflict


def conflicts_of(form: Any, names: Sequence[str], options: ResourceOptions, policy: Policy) -> tuple[Conflict, ...]:
    """A question for each of these fields; `form` is bound to the record as it is stored now.

    What the person did not touch stays as it is stored, unless they say otherwise.
    """
    return tuple(_questions(form, names, options, policy))


def _questions(form: Any, names: Sequence[str], options: ResourceOptions, policy: Policy) -> Iterator[Conflict]:
    for name in names:
        # There is nothing to decide about what the form leaves as it is.
        if name not in form or is_left(form[name]) or is_kept(form[name]):
            continue
        stored, typed = _words(form[name], options.paths.get(name), options)
        yield Conflict(name, str(form[name].label.text), stored, typed, is_untouched(form, name, policy.digest))


def _words(field: Any, path: Path | None, options: ResourceOptions) -> tuple[str, str]:
    """What is stored and what was typed, as people read it."""
    if hasattr(field, "stored_keys"):
        both = [", ".join(field.names_of(keys)) for keys in (field.stored_keys, field.chosen_keys)]
    else:
        show = display if path is None else formatter_for(path, options)
        both = [str(show(value).text) for value in (field.object_data, field.data)]
    stored, typed = (text or gettext("nothing") for text in both)
    return stored, typed
