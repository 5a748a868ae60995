"""Binding one AppBuilder to one app: resolve everything, raise all problems at once, only then apply."""

from __future__ import annotations

import copy
import importlib
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Protocol

from flask import Blueprint, Flask

from appbuilder_lite import binding_checks as checks
from appbuilder_lite.builtin.frame import UtilView
from appbuilder_lite.builtin.index import IndexView
from appbuilder_lite.builtin.manager import CATEGORY, SecurityManager, StockView
from appbuilder_lite.errors import ConfigurationError, Problem
from appbuilder_lite.registration import Kind, Registration, view_name_conflicts
from appbuilder_lite.registration_checks import check_arguments
from appbuilder_lite.security.access import Access
from appbuilder_lite.security.sync_plan import name_problems
from appbuilder_lite.settings import LAYOUT, PREFIX, Settings, read_settings
from appbuilder_lite.text import learn_readers
from appbuilder_lite.web import session
from appbuilder_lite.web.assets import AssetBlueprint, theme_asset
from appbuilder_lite.web.host_endpoints import LeadsSomewhere
from appbuilder_lite.web.languages import current_reader
from appbuilder_lite.web.menu import Menu, MenuItem
from appbuilder_lite.web.readiness import host_accesses
from appbuilder_lite.web.responses import answer_unmatched
from appbuilder_lite.web.scoping import narrowed
from appbuilder_lite.web.state import AppState, states_of
from appbuilder_lite.web.theme import read_theme
from appbuilder_lite.web.view import BaseView

log = logging.getLogger("appbuilder_lite")


class Declaration(Protocol):
    """What an AppBuilder says about itself."""

    security_manager_class: type[SecurityManager] | None
    indexview: type[BaseView] | None
    initial_menu: Menu | None
    url_prefix: str | None
    name: str | None
    table_prefix: str | None
    base_template: str | None


class Binding:
    """One AppBuilder meeting one app. `resolve` changes nothing of the host; `apply` does."""

    def __init__(self, builder: Declaration, app: Flask, db: Any) -> None:
        self.builder = builder
        self.app = app
        self.db = db
        self.problems: list[Problem] = []
        self.registrations: list[tuple[Registration, BaseView | None]] = []
        self.is_sharing = False

    @classmethod
    def of(cls, builder: Declaration, state: AppState) -> Binding:
        """The binding of an app that is bound already, to add one thing more."""
        binding = cls(builder, state.app, state.db)
        binding.state = state
        return binding

    def resolve(self, recorded: Sequence[Registration]) -> AppState:
        """Make the app's state and every view instance; raises `ConfigurationError` with all problems."""
        settings, self.problems = self._settings()
        self.db = self._database(self.db)
        if self.app._got_first_request:
            self.problems.append(checks.too_late("AppBuilder.init_app"))
        manager_class = self.builder.security_manager_class or self._imported(
            settings.security_manager_class, "security_manager_class"
        )
        index_class = self.builder.indexview or self._imported(settings.index_view, "index_view")
        self._raise()
        manager = self._security(settings, manager_class)
        self._raise()
        self.state = AppState(self.app, settings.name, settings, self.db, manager, self.builder)
        self.state.theme = read_theme(settings.theme)[0]
        if self.builder.initial_menu is not None:
            self.state.menu = copy.deepcopy(self.builder.initial_menu)
        session.decide_owner(self.state, shared_with=next(iter(states_of(self.app).values()), None))
        everything = [*self._stock(index_class or IndexView), *recorded]
        self.problems += view_name_conflicts(everything)
        for registration in everything:
            self._bind_one(registration)
        self.problems += checks.check_host(self.state, manager, is_sharing=self.is_sharing)
        self.problems += checks.check_claims(self.state, (view for _, view in self.registrations if view))
        self.problems += name_problems(manager.declared | self._accesses())
        self._raise()
        return self.state

    def apply(self) -> None:
        """Register blueprints, menu, sign-in and state. Nothing here can find a mistake any more."""
        state = self.state
        states_of(self.app)[state.name] = state
        self.app.register_blueprint(self._main_blueprint())
        for registration, view in self.registrations:
            self._apply_one(registration, view)
        # What people come for stands above what is needed once a month.
        for group in state.menu.groups:
            group.is_last = group.name == CATEGORY
        session.install(state)
        learn_readers(current_reader)
        state.sm.current_principal = lambda: session.current_principal(state)
        state.sm.current_address = session.current_address
        state.sm.narrowed = lambda query, view: narrowed(state, query, view)
        state.sm.announced = lambda: host_accesses(state)
        state.late_checks.append(checks.check_complete)
        self._declare()

    def add(self, registration: Registration) -> BaseView | None:
        """Add one thing to an app that is bound already; reports its own problems at once."""
        if self.app._got_first_request:
            self.problems.append(checks.too_late(registration.origin))
            self._raise()
        known = {name: type(view) for name, view in self.state.views.items()}
        earlier = [Registration(Kind.VIEW, name, view, origin="earlier") for name, view in known.items()]
        self.problems += view_name_conflicts([*earlier, registration])
        view = self._bind_one(registration)
        self.problems += checks.check_claims(self.state, [view] if view is not None and self._is_new(view) else [])
        self.problems += name_problems(self.state.sm.declared | self._accesses())
        self._raise()
        self._apply_one(registration, view)
        self._declare()
        return view

    def _settings(self) -> tuple[Settings, list[Problem]]:
        given = {name: getattr(self.builder, name) for name in ("url_prefix", "name", "table_prefix", "base_template")}
        settings, problems = read_settings(self.app.config, **given)
        if settings.base_template != LAYOUT and f"{PREFIX}CSP" not in self.app.config:
            # The host's frame has its own scripts and styles, so what may load is the host's to say.
            settings = replace(settings, csp=None)
        return settings, [*problems, *checks.check_settings(self.app, settings)]

    def _database(self, db: Any) -> Any:
        """The Flask-SQLAlchemy object: as given, by its session, or the one the app has."""
        known = self.app.extensions.get("sqlalchemy")
        if db is None or (known is not None and db is known.session):
            db = known
        if db is None or known is not db:
            self.problems.append(checks.no_database(db))
        return db

    def _security(self, settings: Settings, own: Any) -> SecurityManager:
        """The security manager: the builder's own, the one of the first AppBuilder in this app, or the stock one."""
        first = next(iter(states_of(self.app).values()), None)
        if first is not None and own is None and isinstance(first.sm, SecurityManager):
            self.is_sharing = True
            return first.sm
        cls = own or SecurityManager
        if not (isinstance(cls, type) and issubclass(cls, SecurityManager)):
            wrong = checks.wrong_class("security_manager_class", cls, "SecurityManager", "AB333")
            raise ConfigurationError([wrong])
        manager = cls(self.db, settings)
        self.problems += manager.checks(own_sign_in=not hasattr(self.app, "login_manager"))
        return manager

    def _stock(self, index: Any) -> Iterator[Registration]:
        """The views that come with every app, the home page first."""
        if not (isinstance(index, type) and issubclass(index, BaseView)):
            self.problems.append(checks.wrong_class("index_view", index, "IndexView", "AB334"))
            index = IndexView
        self.state.home = f"{index.__name__}.{index.default_view}"
        yield Registration(Kind.VIEW, view=index, in_menu=False, origin="indexview of the AppBuilder")
        yield Registration(Kind.VIEW, view=UtilView, in_menu=False, origin="built in")
        manager = self.state.sm
        assert isinstance(manager, SecurityManager), "made or checked by _security"
        for stock in manager.stock_views(owns_sign_in=self.state.owns_sign_in, is_sharing=self.is_sharing):
            yield from _registrations(stock)

    def _imported(self, path: str | None, setting: str) -> Any:
        if path is None:
            return None
        module, _, name = path.rpartition(".")
        try:
            return getattr(importlib.import_module(module), name)
        except (ImportError, AttributeError, ValueError) as error:
            self.problems.append(checks.not_importable(setting, path, error))
            return None

    def _bind_one(self, registration: Registration) -> BaseView | None:
        view: BaseView | None = None
        wrong = list(check_arguments(registration))
        if wrong:
            # The view itself is looked at all the same; what would be shown of it cannot be.
            registration = replace(registration, in_menu=False)
            self.problems += wrong
        if registration.kind is Kind.VIEW:
            cls = registration.view_class
            if not issubclass(cls, BaseView):
                self.problems.append(checks.no_view(registration))
                return None
            known = self.state.classes.get(cls) or self._pending(cls)
            view = known if isinstance(known, BaseView) else self._bind_new(registration)
        self.problems += checks.check_link(self.app, registration, view)
        self.registrations.append((registration, view))
        return view

    def _bind_new(self, registration: Registration) -> BaseView:
        added = registration.view
        view: BaseView = added() if isinstance(added, type) else copy.copy(added)
        view.origin = registration.origin
        self.problems += view.bind(self.state)
        return view

    def _pending(self, cls: type[Any]) -> BaseView | None:
        return next((view for _, view in self.registrations if type(view) is cls), None)

    def _is_new(self, view: BaseView) -> bool:
        return type(view) not in self.state.classes

    def _apply_one(self, registration: Registration, view: BaseView | None) -> None:
        if registration.kind is Kind.SEPARATOR:
            self.state.menu.add_separator(registration.category, registration.condition)
            return
        if view is not None and self._is_new(view):
            self.state.views[view.view_name] = self.state.classes[type(view)] = view
            self.app.register_blueprint(
                view.blueprint(),
                url_prefix=self.state.settings.url_prefix + view.base_url,
                name_prefix=self.state.name,
            )
        if registration.in_menu:
            self._add_to_menu(registration, view)

    def _add_to_menu(self, registration: Registration, view: BaseView | None) -> None:
        condition = registration.condition
        if view is None:
            condition = LeadsSomewhere(self.app, registration.href, condition)
        item = MenuItem(
            name=registration.name,
            label=registration.label or registration.name,
            icon=registration.icon,
            href=registration.href,
            endpoint=f"{view.view_name}.{view.default_view}" if view and not registration.href else "",
            requirement=view.routes[view.default_view].requirement
            if view and view.default_view in view.routes
            else Access("menu_access", registration.name),
            condition=condition,
        )
        category = registration.category
        self.state.menu.add_item(item, category, registration.category_icon, registration.category_label)

    def _declare(self) -> None:
        """What the views and the menu ask for, for the permission records to be made of."""
        self.state.sm.declare(self._accesses())
        self.state.late_problems = None

    def _accesses(self) -> frozenset[Access]:
        asked = {access for _, view in self.registrations if view is not None for access in view.declared}
        named = {name for registration, _ in self.registrations for name in _menu_names(registration)}
        named.update(self.state.menu.names())
        return frozenset(asked | {Access("menu_access", name) for name in named})

    def _main_blueprint(self) -> Blueprint:
        """Templates, assets, and the answer to whatever below the prefix is no page of ours."""
        state, prefix = self.state, self.state.settings.url_prefix
        blueprint = AssetBlueprint(state.blueprint_name, prefix, theme_asset(state.theme))
        if prefix:
            blueprint.add_url_rule(
                "/<path:_path>",
                endpoint="unmatched",
                view_func=lambda _path: answer_unmatched(state, f"{state.blueprint_name}.unmatched"),
                methods=["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
                provide_automatic_options=False,
            )
        return blueprint

    def _raise(self) -> None:
        errors = [problem for problem in self.problems if not problem.warning]
        if errors:
            raise ConfigurationError(errors)
        for problem in self.problems:
            log.warning("%s", problem)
        self.problems = []


def _menu_names(registration: Registration) -> Iterator[str]:
    """The names of a registration that carry `menu_access`: its link's and its category's."""
    if registration.in_menu and registration.kind is not Kind.SEPARATOR:
        yield registration.name
        if registration.category:
            yield registration.category


def _registrations(stock: StockView) -> Iterable[Registration]:
    if stock.separator_before:
        yield Registration(Kind.SEPARATOR, category=stock.category, origin="built in")
    yield Registration(
        Kind.VIEW,
        stock.name,
        stock.view,
        icon=stock.icon,
        label=stock.label,
        category=stock.category,
        category_icon=stock.category_icon,
        category_label=stock.category_label,
        in_menu=bool(stock.name),
        origin=f"slot {stock.slot} of the security manager",
    )
