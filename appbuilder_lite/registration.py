"""What was added, by whom and where: frozen records, and the conflicts between them and with the host."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from appbuilder_lite.errors import Problem

_PLACEHOLDER = re.compile(r"<[^<>]*>")
_OPTIONAL_TEXTS = ("href", "icon", "label", "category", "category_icon", "category_label")
_PACKAGE = str(Path(__file__).resolve().parent)


class Kind(StrEnum):
    """What was added."""

    VIEW = "view"
    LINK = "link"
    SEPARATOR = "separator"


@dataclass(frozen=True, slots=True)
class Registration:
    """One call of `add_view`, `add_link` or `add_separator`, with the file and line that made it."""

    kind: Kind
    name: str = ""
    view: Any = None
    href: str = ""
    icon: str = ""
    label: str = ""
    category: str = ""
    category_icon: str = ""
    category_label: str = ""
    condition: Callable[[], bool] | None = None
    in_menu: bool = True
    origin: str = ""

    def without_none(self) -> Registration:
        """The same with an empty text where a text was given as None, as Flask-AppBuilder takes it."""
        empty: dict[str, Any] = {name: "" for name in _OPTIONAL_TEXTS if getattr(self, name) is None}
        return replace(self, **empty) if empty else self

    @property
    def view_class(self) -> type[Any]:
        """The class of the view, whether a class or an instance was added."""
        found: type[Any] = self.view if isinstance(self.view, type) else type(self.view)
        return found


@dataclass(frozen=True, slots=True)
class Claim:
    """A name or an address that one party takes: who it is, and where it says so."""

    what: str
    owner: str
    origin: str
    methods: frozenset[str] = field(default_factory=frozenset)


def caller() -> str:
    """`file:line` of the first frame outside this package (a frame look-up, not a whole traceback)."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"


def origin_of(function: Callable[..., Any] | None) -> str:
    """`file:line` where a function is defined, for naming the host's side of a clash."""
    code = getattr(inspect.unwrap(function), "__code__", None) if function is not None else None
    return f"{code.co_filename}:{code.co_firstlineno}" if code is not None else "unknown place"


def shape(rule: str) -> str:
    """A URL rule without the names of its placeholders: rules of one shape answer the same addresses."""
    return _PLACEHOLDER.sub("<>", rule)


def view_name_conflicts(registrations: Iterable[Registration]) -> Iterator[Problem]:
    """Two different view classes of one name: their endpoints and permissions would be the same."""
    first: dict[str, Registration] = {}
    for registration in registrations:
        if registration.kind is not Kind.VIEW:
            continue
        name = registration.view_class.__name__
        earlier = first.setdefault(name, registration)
        if earlier.view_class is not registration.view_class:
            yield Problem(
                "AB201",
                registration.origin,
                f"{_full_name(registration.view_class)} and {_full_name(earlier.view_class)} "
                f"(added at {earlier.origin}) are both named {name}",
                "rename one of the classes: the name makes its endpoints and permissions",
            )


def conflicts(check: str, kind: str, ours: Iterable[Claim], theirs: Mapping[str, Claim], fix: str) -> Iterator[Problem]:
    """Claims of ours on what somebody has already, both sides named."""
    for claim in ours:
        other = theirs.get(claim.what)
        if other is not None and (not other.methods or not claim.methods or other.methods & claim.methods):
            yield Problem(
                check,
                claim.origin,
                f"{kind} {claim.what!r} of {claim.owner} is taken by {other.owner} ({other.origin})",
                fix,
            )


def _full_name(view: type[Any]) -> str:
    return f"{view.__module__}.{view.__qualname__}"
