"""Everything of one AppBuilder in one app: kept in `app.extensions`, found through the current app."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from flask import Flask, current_app, g

from appbuilder_lite.errors import Problem
from appbuilder_lite.security.access import Access, Principal, Requirement
from appbuilder_lite.security.manager import BaseSecurityManager
from appbuilder_lite.settings import Settings
from appbuilder_lite.web.menu import Menu
from appbuilder_lite.web.theme import Theme

EXTENSION = "appbuilder_lite"
NOTES = "_appbuilder_lite"


class BoundRoute(Protocol):
    """What is asked of one method of a view, and where it lives."""

    @property
    def requirement(self) -> Requirement: ...

    @property
    def endpoint(self) -> str: ...


class BoundView(Protocol):
    """A view instance that belongs to one app, as the rest of the web layer sees it."""

    @property
    def view_name(self) -> str: ...

    @property
    def default_view(self) -> str: ...

    @property
    def routes(self) -> Mapping[str, BoundRoute]: ...

    @property
    def declared(self) -> frozenset[Access]: ...


@dataclass(slots=True)
class AppState:
    """One AppBuilder in one app. Written at start only; requests keep theirs in `flask.g`."""

    app: Flask
    name: str
    settings: Settings
    db: Any
    sm: BaseSecurityManager
    appbuilder: Any
    menu: Menu = field(default_factory=Menu)
    views: dict[str, BoundView] = field(default_factory=dict)
    classes: dict[type[Any], BoundView] = field(default_factory=dict)
    owns_sign_in: bool = True
    login_manager: Any = None
    home: str = "IndexView.index"
    theme: Theme = field(default_factory=Theme)
    late_checks: list[Callable[[AppState], list[Problem]]] = field(default_factory=list)
    late_problems: tuple[Problem, ...] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    paths: dict[Any, str] = field(default_factory=dict)
    navigations: Any = None

    @property
    def session(self) -> Any:
        """The app's `db.session`; needs an app context."""
        return self.db.session

    @property
    def endpoint_prefix(self) -> str:
        """What stands before every endpoint of ours: `appbuilder.`, or nothing."""
        return f"{self.name}." if self.name else ""

    @property
    def blueprint_name(self) -> str:
        """Name of the blueprint that holds templates and assets."""
        return self.name or "appbuilder"

    def endpoint(self, name: str) -> str:
        """Full endpoint of `CustomerView.list`."""
        return self.endpoint_prefix + name

    def page_of(self, slot: str, method: str = "") -> str:
        """The page in a slot of the security manager (`"AuthDBView.login"`), or an empty string where none is here.

        Without a method it is the one that the view opens with.
        """
        filled: Any = getattr(self.sm, slot, None)
        view = self.classes.get(filled)
        return f"{view.view_name}.{method or view.default_view}" if view is not None else ""


@dataclass(slots=True)
class RequestState:
    """What one request has learnt about its person."""

    principal: Principal | None = None
    snapshot: Any = None
    is_stranger: bool = False


def request_state(state: AppState) -> RequestState:
    """This request's own notes, for this AppBuilder."""
    notes: dict[str, RequestState] = g.setdefault(NOTES, {})
    found = notes.get(state.name)
    if found is None:
        found = notes[state.name] = RequestState()
    return found


def states_of(app: Flask) -> dict[str, AppState]:
    """The states of all AppBuilders of an app by name."""
    states: dict[str, AppState] = app.extensions.setdefault(EXTENSION, {})
    return states


def states_sharing(state: AppState) -> list[AppState]:
    """The AppBuilders of this app that have the same security manager, this one among them."""
    return [other for other in states_of(state.app).values() if other.sm is state.sm]


def current_state(name: str | None = None) -> AppState:
    """The state of the current app's AppBuilder of that name; of its only or first one where none is named."""
    states = states_of(current_app)
    if name is not None and name in states:
        return states[name]
    if name is None and states:
        return next(iter(states.values()))
    wanted = f" named {name!r}" if name else ""
    raise RuntimeError(
        f"The current app {current_app.name!r} has no AppBuilder{wanted}: call appbuilder.init_app(app, db) first."
    )
