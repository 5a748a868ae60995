"""The checks of a whole app at start: settings, the database, clashes with the host, and what only shows later."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from flask import Flask

from appbuilder_lite.errors import Problem
from appbuilder_lite.registration import Claim, Registration, conflicts, origin_of, shape
from appbuilder_lite.resource.place import instead
from appbuilder_lite.security.manager import BaseSecurityManager
from appbuilder_lite.settings import Settings
from appbuilder_lite.template_checks import check_templates
from appbuilder_lite.web.host_endpoints import has_defaults, needs_values
from appbuilder_lite.web.routes import UNNAMED, methods_marked
from appbuilder_lite.web.state import AppState, states_of
from appbuilder_lite.web.theme import missing_files, read_theme
from appbuilder_lite.web.view import BaseView
from appbuilder_lite.web.view_checks import PATH_CHARACTERS, is_plain_path

_WEAK_SECRETS = frozenset({"dev", "secret", "secret_key", "changeme", "change-me", "password", "key"})
_SHORTEST_SECRET = 16
_NAME = re.compile(r"[\w.-]+")
"""What stands for an endpoint in a link: an address has a slash, a colon, a `?` or a `#` somewhere."""


def check_settings(app: Flask, settings: Settings) -> Iterator[Problem]:
    """The secret key, the prefix, the name and the theme."""
    secret = app.config.get("SECRET_KEY")
    where = "app.config['SECRET_KEY']"
    if not secret:
        fix = "set it to a long random value: python -c 'import secrets; print(secrets.token_hex())'"
        yield Problem("AB404", where, "there is no SECRET_KEY: sessions and forms cannot be signed", fix)
    elif not isinstance(secret, str | bytes):
        fix = "put quotes around it, or better: python -c 'import secrets; print(secrets.token_hex())'"
        yield Problem("AB404", where, f"the SECRET_KEY is a {type(secret).__name__}: it must be text or bytes", fix)
    elif len(secret) < _SHORTEST_SECRET or _as_text(secret).lower() in _WEAK_SECRETS:
        fix = "use python -c 'import secrets; print(secrets.token_hex())'"
        yield Problem("AB405", where, "this SECRET_KEY is short or well known", fix, warning=True)
    prefix = settings.url_prefix
    if prefix and (not prefix.startswith("/") or prefix.endswith("/")):
        yield Problem("AB406", "url_prefix", f"{prefix!r} must start with / and end without one", 'use e.g. "/admin"')
    elif prefix and not is_plain_path(prefix):
        message = f"{prefix!r} is no plain path: it would vary, or lead nowhere"
        yield Problem("AB406", "url_prefix", message, f'use {PATH_CHARACTERS}, e.g. "/admin"')
    if settings.name and not settings.name.isidentifier():
        yield Problem("AB407", "name", f"{settings.name!r} cannot prefix endpoints", "use letters, digits and _")
    yield from read_theme(settings.theme)[1]
    yield from missing_files(app.static_folder, settings)
    if settings.name in states_of(app):
        fix = "give the second one a name of its own: AppBuilder(name=..., url_prefix=...)"
        yield Problem(
            "AB207", "AppBuilder.init_app", f"this app has an AppBuilder named {settings.name!r} already", fix
        )


def _as_text(secret: str | bytes) -> str:
    return secret if isinstance(secret, str) else secret.decode(errors="replace")


def check_host(state: AppState, manager: BaseSecurityManager, *, is_sharing: bool) -> Iterator[Problem]:
    """How the app's sign-in and our user model fit together."""
    where = f"{type(manager).__module__}.{type(manager).__qualname__}"
    login_manager = getattr(state.app, "login_manager", None)
    first = next((other for other in states_of(state.app).values() if other.login_manager is login_manager), None)
    if login_manager is not None and first is not None and first.sm.models.user is not manager.models.user:
        yield Problem(
            "AB337",
            f"{where}.user_model",
            f"people sign in to this app as users of the AppBuilder named {first.name!r}, which has another user model",
            "leave security_manager_class out to share its users and roles, or set user_model to its user class, "
            "with a table_prefix of this AppBuilder's own for other roles",
        )
    elif login_manager is not None and first is None and not is_sharing and type(manager).user_model is None:
        yield Problem(
            "AB330",
            f"{where}.user_model",
            "this app has its own LoginManager, but the security manager has the default user model: "
            "nobody who signs in there could be one of its users",
            "set user_model to the class that the app's user_loader returns; or, to sign in on our page, "
            "take the app's own LoginManager away",
        )
    if manager.login_view is not None and login_manager is None:
        yield Problem(
            "AB331",
            f"{where}.login_view",
            f"login_view names {manager.login_view!r}, but the app has no LoginManager",
            "call login_manager.init_app(app) before appbuilder.init_app(app, db), or remove login_view",
        )


def check_claims(state: AppState, views: Iterable[BaseView]) -> list[Problem]:
    """Addresses, endpoints, blueprints and templates of new views against what the app has."""
    views = list({id(view): view for view in views}.values())
    rename = "change route_base of the view, or the AppBuilder's url_prefix"
    by_name = "give the AppBuilder another name: AppBuilder(name=...)"
    problems = [
        *_clashes_between(state, views),
        *conflicts("AB202", "the address", _rules_of(state, views), _host_rules(state.app), rename),
        *conflicts("AB203", "the endpoint", _endpoints_of(state, views), _host_endpoints(state.app), by_name),
        *conflicts("AB204", "the blueprint", _blueprints_of(state, views), _host_blueprints(state.app), by_name),
    ]
    return [*problems, *check_templates(state.app, state.settings.base_template, views)]


def check_complete(state: AppState) -> list[Problem]:
    """What only shows when the app is complete: asked once, at the first request to our pages."""
    problems = []
    manager = getattr(state.app, "login_manager", None)
    if state.owns_sign_in and manager is not state.login_manager:
        problems.append(
            Problem(
                "AB332",
                "app.login_manager",
                "a LoginManager was installed after appbuilder.init_app(app, db), which had made its own",
                "call login_manager.init_app(app) first, and set user_model to the class that its user_loader returns",
            )
        )
    view = state.sm.login_view
    if view is not None and view not in state.app.view_functions:
        where = f"{type(state.sm).__module__}.{type(state.sm).__qualname__}.login_view"
        problems.append(
            Problem("AB335", where, f"there is no endpoint {view!r}", "name the endpoint of the sign-in page")
        )
    return [*problems, *_marks_without_names(state.app), *_check_links(state)]


def _marks_without_names(app: Flask) -> Iterator[Problem]:
    """`@has_access` without names on methods of a class that is no view of ours: nobody knows what it asks for."""
    for function in app.view_functions.values():
        view_class: Any = getattr(function, "view_class", None)
        for name, mark in methods_marked(view_class).items():
            if mark == UNNAMED:
                where = f"{view_class.__module__}.{view_class.__qualname__}.{name}"
                message = "@has_access names no permission and this class is no view of ours: nobody may come in"
                fix = f'name the permission and the view menu: @has_access("can_{name}", "Sales report")'
                yield Problem("AB336", where, message, fix)


def check_link(app: Flask, registration: Registration, view: BaseView | None) -> Iterator[Problem]:
    """A link of the menu whose address cannot be made, because a part of it varies: it would break every page."""
    if not registration.in_menu:
        return
    route = view.routes.get(view.default_view) if view is not None and not registration.href else None
    varies = all("<" in rule.rule for rule in route.rules) if route is not None else _varies(app, registration.href)
    if varies:
        target = f"{type(view).__name__}.{view.default_view}" if route is not None and view else registration.href
        yield _no_link(registration.origin, registration.name, target)


def _check_links(state: AppState) -> Iterator[Problem]:
    """The same for endpoints that the host added after ours, and names that are no endpoint at all."""
    for group in state.menu.groups:
        for item in group.items:
            if _varies(state.app, item.href):
                yield _no_link("the menu", item.name, item.href)
            elif _NAME.fullmatch(item.href) and item.href not in state.app.view_functions:
                message = f"{item.name!r} leads to {item.href!r}, which is no endpoint of this app and no whole address"
                fix = instead(item.href, state.app.view_functions) + '; an address begins with "/" or "https://"'
                yield Problem("AB216", "the menu", message, fix, warning=True)


def _varies(app: Flask, endpoint: str) -> bool:
    """Whether nobody fills in what varies of an address; a host's functions for that are believed to."""
    return needs_values(app, endpoint) and not has_defaults(app, endpoint)


def _no_link(where: str, name: str, target: str) -> Problem:
    message = f"the menu cannot lead {name!r} to {target}, as a part of that address varies"
    fix = "name a page without a variable part, give the whole address as href, or use add_view_no_menu"
    return Problem("AB214", where, message, fix)


def no_database(db: Any) -> Problem:
    found = "no database object was given, and the app has none" if db is None else f"{db!r} is not bound to this app"
    fix = "call db.init_app(app) first, then appbuilder.init_app(app, db) with the same Flask-SQLAlchemy object"
    return Problem("AB410", "AppBuilder.init_app", found, fix)


def not_importable(setting: str, path: str, error: Exception) -> Problem:
    where = f"app.config['APPBUILDER_{setting.upper()}']"
    return Problem(
        "AB411", where, f"{path!r} cannot be imported: {error}", 'give a dotted path, as "shop.admin.Manager"'
    )


def wrong_class(where: str, found: Any, wanted: str, check: str) -> Problem:
    return Problem(
        check, where, f"{found!r} is no subclass of {wanted}", f"make it a subclass of appbuilder_lite.{wanted}"
    )


def no_view(registration: Registration) -> Problem:
    message = f"{registration.view!r} is no view"
    return Problem("AB209", registration.origin, message, "add a subclass of ModelView, BaseView or SimpleFormView")


def too_late(origin: str) -> Problem:
    message = "this was added after the app had answered its first request"
    return Problem("AB206", origin, message, "add views before the app starts, e.g. at the end of create_app")


def _rules_of(state: AppState, views: Iterable[BaseView]) -> Iterator[Claim]:
    for view in views:
        for route in view.routes.values():
            for rule in route.rules:
                address = shape(state.settings.url_prefix + view.base_url + rule.rule)
                methods = frozenset(rule.methods)
                yield Claim(address, f"{view.view_name}.{route.method}", view.origin, methods)


def _host_rules(app: Flask) -> dict[str, Claim]:
    return {
        shape(rule.rule): Claim(
            shape(rule.rule),
            f"endpoint {rule.endpoint}",
            origin_of(app.view_functions.get(rule.endpoint)),
            frozenset(rule.methods or ()) - {"HEAD", "OPTIONS"},
        )
        for rule in app.url_map.iter_rules()
    }


def _endpoints_of(state: AppState, views: Iterable[BaseView]) -> Iterator[Claim]:
    for view in views:
        for route in view.routes.values():
            yield Claim(state.endpoint(route.endpoint), route.endpoint, view.origin)


def _host_endpoints(app: Flask) -> dict[str, Claim]:
    return {
        name: Claim(name, f"view function {function.__qualname__}", origin_of(function))
        for name, function in app.view_functions.items()
        if hasattr(function, "__qualname__")
    }


def _blueprints_of(state: AppState, views: Iterable[BaseView]) -> Iterator[Claim]:
    if state.name not in states_of(state.app):
        yield Claim(state.blueprint_name, "the AppBuilder", "AppBuilder.init_app")
    for view in views:
        yield Claim(state.endpoint(view.view_name), view.view_name, view.origin)


def _host_blueprints(app: Flask) -> dict[str, Claim]:
    return {name: Claim(name, f"blueprint {name}", found.import_name) for name, found in app.blueprints.items()}


def _clashes_between(state: AppState, views: Iterable[BaseView]) -> Iterator[Problem]:
    """Two views of ours on one address; of two with one name AB201 says enough."""
    taken: dict[str, Claim] = {}
    for claim in _rules_of(state, views):
        other = taken.get(claim.what)
        if other is not None and other.owner != claim.owner and other.methods & claim.methods:
            message = f"the address {claim.what!r} of {claim.owner} is taken by {other.owner} ({other.origin})"
            yield Problem("AB202", claim.origin, message, "give one of the views another route_base")
        taken.setdefault(claim.what, claim)
