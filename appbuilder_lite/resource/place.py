"""Where a check looks, and how it says what it found."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from appbuilder_lite.data.interface import DataModel
from appbuilder_lite.errors import Problem
from appbuilder_lite.settings import Settings

_SHOWN = 30


def class_path(view_class: type[Any]) -> str:
    """`module.Class` of a class."""
    return f"{view_class.__module__}.{view_class.__qualname__}"


def nearest(word: str, allowed: Iterable[str]) -> str | None:
    """The allowed word that was probably meant, or None."""
    near = difflib.get_close_matches(word.lower(), list(allowed), n=1, cutoff=0.6)
    return near[0] if near else None


def instead(word: str, allowed: Iterable[str]) -> str:
    """What to write in the place of a wrong word: the nearest one, and what there is."""
    known = sorted(allowed)
    near = nearest(word, known)
    listed = ", ".join(known[:_SHOWN]) + (", ..." if len(known) > _SHOWN else "")
    hint = f"did you mean {near!r}? " if near else ""
    return f"{hint}allowed: {listed or 'nothing'}"


@dataclass(frozen=True, slots=True)
class OptionPlace:
    """One option of one view class: what a check function is given beside the value."""

    view_class: type[Any]
    option: str

    def where(self, *indexes: Any) -> str:
        """`module.Class.option[index]`; words are quoted as they are in code."""
        return f"{class_path(self.view_class)}.{self.option}" + "".join(f"[{index!r}]" for index in indexes)

    def problem(self, check: str, message: str, fix: str, *indexes: Any) -> Problem:
        return Problem(check, self.where(*indexes), message, fix)


@dataclass(frozen=True, slots=True)
class Place(OptionPlace):
    """An option of a view with a model.

    `values` are all declared options of the class, for the checks that must see two of them together.
    """

    datamodel: DataModel
    settings: Settings
    values: Mapping[str, Any]
