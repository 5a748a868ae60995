"""What a browser sends back from a form that nobody touched."""

import re
from collections.abc import Iterator
from typing import Any

from werkzeug.datastructures import MultiDict

from appbuilder_lite.resource.forms import ResourceForm
from appbuilder_lite.resource.inputs import FIELDS_MARKER

# The HTML standard's value sanitization: what a control makes of a value that it cannot hold is the empty text.
_VALID = {
    "number": r"-?[0-9]*\.?[0-9]+([eE][+-]?[0-9]+)?",
    "date": r"[0-9]{4,}-[0-9]{2}-[0-9]{2}",
    "time": r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,3})?)?",
    "datetime-local": r"[0-9]{4,}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,3})?)?",
}


def posted(form: ResourceForm, **changes: str | list[str]) -> MultiDict[str, str]:
    """The body of a form that a browser was shown, with some of its fields changed."""
    pairs = [(FIELDS_MARKER, ",".join(field.name for field in form))]
    for field in form:
        if field.name in changes:
            given = changes[field.name]
            pairs += [(field.name, text) for text in ([given] if isinstance(given, str) else given)]
        else:
            pairs += [(field.name, text) for text in _sent(field)]
    return MultiDict(pairs)


def _sent(field: Any) -> Iterator[str]:
    kind = getattr(field, "input_kind", "text")
    if kind in ("select", "multiselect"):
        choices = list(field.iter_choices())
        chosen = [value for value, _label, is_selected, _attributes in choices if is_selected]
        yield from chosen if chosen or kind == "multiselect" else [choices[0][0]]
    elif kind == "checkbox":
        yield from ["true"] if field.data else []
    else:
        yield _typed(kind, field._value())


def _typed(kind: str, value: str) -> str:
    if kind == "textarea":
        return re.sub(r"\r\n|\r|\n", "\r\n", value)
    value = re.sub(r"[\r\n]", "", value)
    if kind == "datetime-local":
        # Chromium leaves out seconds that are zero.
        value = re.sub(r"(T\d\d:\d\d):00$", r"\1", value)
    return value if kind not in _VALID or re.fullmatch(_VALID[kind], value) else ""
