"""The way to one method of a view, as far as whoever answers a request knows of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from flask.typing import ResponseReturnValue

from appbuilder_lite.security.access import Requirement
from appbuilder_lite.web.shell import MenuLink


class Place(Protocol):
    """A view: what error pages say of it, and how it brings back what was sent to it."""

    def refusal_title(self, method: str) -> str: ...

    def way_back(self) -> MenuLink | None: ...

    def show_again(self, method: str, values: Mapping[str, Any]) -> ResponseReturnValue | None: ...


@dataclass(frozen=True, slots=True)
class Entrance:
    """A method of a view, its name, and what it asks for."""

    view: Place
    method: str
    requirement: Requirement
    call: Callable[..., ResponseReturnValue]
