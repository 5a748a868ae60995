"""BaseView: a class whose exposed methods are pages, each behind the guard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue

from appbuilder_lite.errors import Problem
from appbuilder_lite.resource.checks import check_option_names
from appbuilder_lite.security.access import Access, Principal, decide
from appbuilder_lite.text import class_label, gettext
from appbuilder_lite.web.cells import EXAMPLE_KEY
from appbuilder_lite.web.entrance import Entrance
from appbuilder_lite.web.kept_addresses import address
from appbuilder_lite.web.rendering import render
from appbuilder_lite.web.responses import answer, server_error
from appbuilder_lite.web.routes import Action, Route, actions_of, routes_of
from appbuilder_lite.web.session import current_principal
from appbuilder_lite.web.shell import MenuLink
from appbuilder_lite.web.state import AppState
from appbuilder_lite.web.view_checks import check_view_options

# What a list asks for at each request, to make the addresses of its rows of it.
_OF_ANY_RECORD = {"pk": EXAMPLE_KEY}


class BaseView:
    """A group of pages under one address.

    Example::

        class Reports(BaseView):
            default_view = "monthly"

            @expose("/monthly")
            @has_access
            def monthly(self):
                return self.render_template("reports/monthly.html", total=12)
    """

    route_base: ClassVar[str | None] = None
    """Address below the prefix; None is the class name in lower case: `/reports`."""

    default_view: ClassVar[str] = "list"
    """Method that the menu opens."""

    class_permission_name: ClassVar[str | None] = None
    """View menu of this view's permissions; None is the class name. Views may share one."""

    method_permission_name: ClassVar[Mapping[str, str] | None] = None
    """Permission by method, without `can_`: `{"show": "read", "list": "read"}`."""

    base_permissions: ClassVar[Sequence[str] | None] = None
    """The whole list of permissions that exist here; routes that ask for others do not exist."""

    exclude_route_methods: ClassVar[Sequence[str] | set[str]] = ()
    """Methods that get no route."""

    include_route_methods: ClassVar[Sequence[str] | set[str] | None] = None
    """The only methods that get a route; None is all of them."""

    extra_args: ClassVar[Mapping[str, Any] | None] = None
    """Further variables of this view's templates."""

    _is_appbuilder_view = True

    state: AppState
    origin: str = ""
    routes: Mapping[str, Route]
    actions: Mapping[str, Action]
    declared: frozenset[Access]

    def bind(self, state: AppState) -> list[Problem]:
        """Resolve this instance for one app; returns every problem. Called once, at start."""
        cls = type(self)
        self.state = state
        named = [*check_option_names(cls, BaseView), *check_view_options(cls)]
        if any(problem.id != "AB101" and not problem.warning for problem in named):
            # What the view offers cannot be said before these are mended.
            self.routes, self.actions, self.declared = {}, {}, frozenset()
            return named
        found, problems = routes_of(cls, self.view_menu, self.method_permission_name or {}, self._where)
        self.routes = {
            name: replace(route, endpoint=f"{self.view_name}.{name}")
            for name, route in self.offered_routes(found).items()
            if self._has_route(name, route)
        }
        self.actions = {name: item for name, item in actions_of(cls).items() if self._offers(name)}
        self.declared = self._declare()
        return [*named, *problems, *self._check_default_view()]

    @property
    def view_name(self) -> str:
        """The class name: the middle of this view's endpoints."""
        return type(self).__name__

    @property
    def view_menu(self) -> str:
        """The view menu that this view's permissions are on."""
        return self.class_permission_name or type(self).__name__

    @property
    def base_url(self) -> str:
        """Address of this view below the prefix, without a trailing slash."""
        base = f"/{self.view_name.lower()}" if self.route_base is None else self.route_base
        return base.rstrip("/")

    @property
    def appbuilder(self) -> Any:
        """The AppBuilder that this view was added to."""
        return self.state.appbuilder

    @property
    def principal(self) -> Principal:
        """Who asks in this request."""
        return current_principal(self.state)

    def can(self, permission: str) -> bool:
        """Whether the current person has a permission on this view: `self.can("can_edit")`."""
        return decide(self.principal, Access(permission, self.view_menu)).allowed

    def can_open(self, method: str) -> bool:
        """Whether a method has a route and the current person may open it."""
        route = self.routes.get(method)
        return route is not None and decide(self.principal, route.requirement).allowed

    def url_for(self, method: str, **values: Any) -> str:
        """Address of a method of this view."""
        endpoint = self.state.endpoint(f"{self.view_name}.{method}")
        is_kept = not values or values == _OF_ANY_RECORD
        return address(self.state, endpoint, **values) if is_kept else url_for(endpoint, **values)

    def render_template(self, template: str, **values: Any) -> str:
        """Render a template inside the shell; `extra_args` and the values given are its variables."""
        return render(self.state, template, **{**(self.extra_args or {}), "view": self, **values})

    @property
    def view_title(self) -> str:
        """What people call this view: its label in the menu, or its name in words."""
        return self.state.menu.label_of(self.view_name) or class_label(self.view_name)

    def refusal_title(self, method: str) -> str:
        """Heading of the page for somebody who may not open a method of this view."""
        return gettext("You cannot open %(title)s", title=self.view_title)

    def way_back(self) -> MenuLink | None:
        """The link that an error page of this view offers to go on with, where there is one."""
        return None

    def update_redirect(self) -> None:
        """What Flask-AppBuilder's pages call to be come back to; `get_redirect` needs no note of them."""

    def get_redirect(self) -> str:
        """The address to go on with after an action: the list, where there is one, else the home page."""
        back = self.way_back()
        return str(self.appbuilder.get_url_for_index) if back is None else back.url

    def show_again(self, method: str, values: Mapping[str, Any]) -> ResponseReturnValue | None:
        """The form that was sent to a method with a CSRF token that does not hold any more, as it was filled in.

        Asked instead of the method, with what its address carries. Nothing may be written here. None: a page that
        only sends everything again.
        """
        return None

    def offered_routes(self, found: Mapping[str, Route]) -> Mapping[str, Route]:
        """The routes of the class that its options may leave out; a kind of view that takes some back extends this."""
        return found

    def blueprint(self) -> Blueprint:
        """The blueprint of this view's routes, each behind the guard."""
        blueprint = Blueprint(self.view_name, type(self).__module__)
        blueprint.register_error_handler(500, lambda _error: server_error(self.state))
        for route in self.routes.values():
            entrance = self._entrance(route)
            for rule in route.rules:
                blueprint.add_url_rule(
                    rule.rule,
                    endpoint=route.method,
                    view_func=entrance,
                    methods=list(rule.methods),
                    provide_automatic_options=False,
                )
        return blueprint

    def _entrance(self, route: Route) -> Any:
        state, method = self.state, getattr(self, route.method)
        entrance = Entrance(self, route.method, route.requirement, method)

        def enter(**values: Any) -> Response:
            return answer(state, entrance, values)

        return enter

    def _has_route(self, name: str, route: Route) -> bool:
        names = {name, route.whole}
        if not names.isdisjoint(self.exclude_route_methods):
            return False
        if self.include_route_methods is not None and names.isdisjoint(self.include_route_methods):
            return False
        return not isinstance(route.requirement, Access) or self._offers(route.requirement.permission)

    def _offers(self, permission: str) -> bool:
        return self.base_permissions is None or permission in self.base_permissions

    def _declare(self) -> frozenset[Access]:
        asked = (route.requirement for route in self.routes.values())
        accesses = {requirement for requirement in asked if isinstance(requirement, Access)}
        extra = [*self.actions, *(self.base_permissions or ())]
        return frozenset(accesses | {Access(name, self.view_menu) for name in extra})

    def _check_default_view(self) -> list[Problem]:
        if not self.routes or self.default_view in self.routes:
            return []
        known = ", ".join(sorted(self.routes))
        where = f"{self._where}.default_view"
        return [Problem("AB211", where, f"{self.default_view!r} is no exposed method here", f"use one of {known}")]

    @property
    def _where(self) -> str:
        return f"{type(self).__module__}.{type(self).__qualname__}"
