"""Parameters of a query string, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from appbuilder_lite.errors import InvalidInput
from appbuilder_lite.resource.plain_text import fault_of
from appbuilder_lite.text import gettext

# A column may have these in its name where no mapper named it.
_COMMA, _MINUS = "~2c", "~2d"


class Args(Protocol):
    """The arguments of a query string, as Werkzeug's MultiDict gives them."""

    def getlist(self, key: str, /) -> Sequence[str]: ...

    def __iter__(self) -> Iterator[str]: ...


def single(args: Args, name: str) -> str:
    """A parameter that may be given once; empty where it is not given. Raises `InvalidInput`."""
    values = args.getlist(name)
    if len(values) > 1:
        raise InvalidInput(name, gettext("Given more than once."))
    return checked(name, values[0] if values else "")


def checked(name: str, text: str) -> str:
    """The text of a parameter; raises `InvalidInput` where nobody could have typed it."""
    fault = fault_of(text)
    if fault:
        raise InvalidInput(name, fault)
    return text


def name_text(name: str) -> str:
    """A column in a list of names with commas between them, as `sort=-total,name` is one."""
    text = name.replace(",", _COMMA)
    return _MINUS + text[1:] if text.startswith("-") else text


def name_of(text: str) -> str:
    """The column that `name_text` wrote."""
    name = text.replace(_COMMA, ",")
    return "-" + name.removeprefix(_MINUS) if name.startswith(_MINUS) else name
