"""AppBuilder: records what is added, binds it to an app, and finds the state of the current app."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from importlib import metadata
from typing import Any

from flask import Flask, current_app, has_app_context, url_for

from appbuilder_lite.binding import Binding
from appbuilder_lite.builtin.manager import SecurityManager
from appbuilder_lite.errors import ConfigurationError, Problem
from appbuilder_lite.registration import Kind, Registration, caller
from appbuilder_lite.web.guard import sign_in_url
from appbuilder_lite.web.menu import Menu
from appbuilder_lite.web.state import AppState, states_of
from appbuilder_lite.web.view import BaseView


class AppBuilder:
    """The extension object: made once at module level, bound to each app.

    `db` is the app's Flask-SQLAlchemy object, or its `db.session`. `security_manager_class` is a subclass of
    `SecurityManager`, `indexview` of `IndexView`. `url_prefix`, `name`, `table_prefix` and `base_template` beat
    the settings of the same name.

    Example::

        appbuilder = AppBuilder()
        appbuilder.add_view(CustomerView, "Customers", icon="people", category="Sales")

        def create_app():
            app = Flask(__name__)
            db.init_app(app)
            appbuilder.init_app(app, db)
            return app
    """

    def __init__(
        self,
        app: Flask | None = None,
        db: Any = None,
        *,
        security_manager_class: type[SecurityManager] | None = None,
        indexview: type[BaseView] | None = None,
        menu: Menu | None = None,
        url_prefix: str | None = None,
        name: str | None = None,
        table_prefix: str | None = None,
        base_template: str | None = None,
    ) -> None:
        self.security_manager_class = security_manager_class
        self.indexview = indexview
        self.initial_menu = menu
        self.url_prefix = url_prefix
        self.name = name
        self.table_prefix = table_prefix
        self.base_template = base_template
        self._recorded: list[Registration] = []
        self._bound: weakref.WeakKeyDictionary[Flask, str] = weakref.WeakKeyDictionary()
        self._lock = threading.Lock()
        if app is not None:
            self.init_app(app, db)

    def init_app(self, app: Flask, db: Any = None) -> None:
        """Bind to an app: check everything, then register the pages. Runs no SQL; call it last in a factory.

        Raises `ConfigurationError` with every mistake found.
        """
        if not isinstance(app, Flask):
            fix = "pass the app first, then the database: appbuilder.init_app(app, db)"
            raise ConfigurationError([Problem("AB208", caller(), f"{app!r} is no Flask app", fix)])
        binding = Binding(self, app, db)
        state = binding.resolve(tuple(self._recorded))
        binding.apply()
        with self._lock:
            self._bound[app] = state.name

    def add_view(
        self,
        view: type[BaseView] | BaseView,
        name: str,
        href: str = "",
        icon: str = "",
        label: str = "",
        category: str = "",
        category_icon: str = "",
        category_label: str = "",
        menu_cond: Callable[[], bool] | None = None,
    ) -> BaseView | None:
        """Add a view with a link in the menu; a view that is known already gets one more link.

        `name` names the link and its permission, `label` is what people read. Before `init_app` it is recorded for
        every app bound later, and None is returned; after it, the view instance of the app.

        Raises `ConfigurationError` for a mistake in a view added after `init_app`.
        """
        return self._add(
            Registration(
                Kind.VIEW,
                name,
                view,
                href,
                icon,
                label,
                category,
                category_icon,
                category_label,
                menu_cond,
                origin=caller(),
            )
        )

    def add_view_no_menu(self, view: type[BaseView] | BaseView) -> BaseView | None:
        """Add a view without a link in the menu."""
        return self._add(Registration(Kind.VIEW, view=view, in_menu=False, origin=caller()))

    def add_link(
        self,
        name: str,
        href: str,
        icon: str = "",
        label: str = "",
        category: str = "",
        category_icon: str = "",
        category_label: str = "",
        cond: Callable[[], bool] | None = None,
    ) -> None:
        """Add a link to an address or an endpoint of the host; people need `menu_access` on `name` to see it."""
        self._add(
            Registration(
                Kind.LINK,
                name,
                None,
                href,
                icon,
                label,
                category,
                category_icon,
                category_label,
                cond,
                origin=caller(),
            )
        )

    def add_separator(self, category: str, cond: Callable[[], bool] | None = None) -> None:
        """Add a line below the links that a category has so far."""
        self._add(Registration(Kind.SEPARATOR, category=category, condition=cond, origin=caller()))

    @property
    def state(self) -> AppState:
        """The state in the current app; without an app context, in the only app bound."""
        app = self._app()
        return states_of(app)[self._bound[app]]

    @property
    def app(self) -> Flask:
        """The current app."""
        return self._app()

    @property
    def sm(self) -> SecurityManager:
        """The security manager of the current app."""
        manager = self.state.sm
        assert isinstance(manager, SecurityManager), "checked when it was bound (AB333)"
        return manager

    @property
    def session(self) -> Any:
        """The database session of the current app."""
        return self.state.session

    @property
    def menu(self) -> Menu:
        """The menu of the current app."""
        return self.state.menu

    @property
    def app_name(self) -> str:
        """Name shown in the header."""
        return self.state.settings.app_name

    @property
    def baseviews(self) -> list[BaseView]:
        """The views of the current app, in the order they were added."""
        return [view for view in self.state.views.values() if isinstance(view, BaseView)]

    def url_for(self, endpoint: str, **values: Any) -> str:
        """Address of a page of ours: `appbuilder.url_for("CustomerView.show", pk="17")`."""
        return url_for(self.state.endpoint(endpoint), **values)

    @property
    def version(self) -> str:
        """Version of this package."""
        return metadata.version("appbuilder_lite")

    @property
    def get_url_for_index(self) -> str:
        """Address of the home page of ours."""
        return self.url_for(self.state.home)

    @property
    def get_url_for_login(self) -> str:
        """Address of the sign-in page, ours or the host's; empty where there is none."""
        return sign_in_url(self.state)

    def get_url_for_login_with(self, next_url: str | None = None) -> str:
        """Address of the sign-in page that leads to `next_url` afterwards."""
        return sign_in_url(self.state, next_url)

    def _add(self, registration: Registration) -> BaseView | None:
        registration = registration.without_none()
        if not self._bound:
            self._recorded.append(registration)
            return None
        state = self.state
        return Binding.of(self, state).add(registration)

    def _app(self) -> Flask:
        if has_app_context():
            app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy's own method
            if app in self._bound:
                return app
        bound = list(self._bound)
        if len(bound) == 1 and not has_app_context():
            return bound[0]
        raise ConfigurationError([_no_app(len(bound), has_app_context())])


def _no_app(count: int, in_context: bool) -> Problem:
    message = (
        "the current app is not bound to this AppBuilder"
        if in_context
        else f"{count} apps are bound to this AppBuilder and none is current"
    )
    return Problem("AB208", caller(), message, "call it inside `with app.app_context():`, after init_app(app, db)")
