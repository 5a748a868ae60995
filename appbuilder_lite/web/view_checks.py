"""Checks of the options that every view has, and of those of form views."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from appbuilder_lite.errors import Problem
from appbuilder_lite.resource import checks_values as values
from appbuilder_lite.resource.checks_columns import Usage, column_names, mapping, wrong_type
from appbuilder_lite.resource.checks_names import is_ours
from appbuilder_lite.resource.checks_structures import fieldsets
from appbuilder_lite.resource.editable import form_field_names
from appbuilder_lite.resource.place import OptionPlace, instead
from appbuilder_lite.web.routes import actions_of, exposed_methods, permission_of
from appbuilder_lite.web.state import AppState

# Pages of Flask-AppBuilder's views that there are not here: leaving them out, or in, does no harm.
_FAB_METHODS = frozenset(
    {"download", "api", "api_get", "api_read", "api_create", "api_update", "api_delete"}
    | {"api_column_add", "api_column_edit", "api_readvalues"}
)
_CUTOFF = 0.8
# A step of dots alone is taken out of an address by the browser.
_PATH = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[\w.~-]+)+")
PATH_CHARACTERS = "letters, digits and . _ ~ - / only"


def check_view_options(view: type[Any]) -> Iterator[Problem]:
    """Every problem of the options that all views have but `default_view`, which needs the routes."""
    place, methods = partial(OptionPlace, view), exposed_methods(view)
    yield from _route_base(place("route_base"), view.route_base)
    if view.class_permission_name is not None:
        yield from _plain_text(place("class_permission_name"), view.class_permission_name)
    yield from _methods(place("exclude_route_methods"), view.exclude_route_methods, methods)
    if view.include_route_methods is not None:
        yield from _methods(place("include_route_methods"), view.include_route_methods, methods)
    renamed = list(_renamed(place("method_permission_name"), view.method_permission_name, methods))
    yield from renamed
    if view.base_permissions is not None and not renamed:
        usage = _permission_of(_permissions(view, methods))
        yield from column_names(place("base_permissions"), view.base_permissions, usage, wanted="a permission's name")
    if view.extra_args is not None:
        yield from mapping(place("extra_args"), view.extra_args)


def is_plain_path(text: str) -> bool:
    """Whether a text is an address without a variable part, that begins with a slash and does not end with one."""
    return _PATH.fullmatch(text) is not None


def check_resource_class(view: type[Any]) -> Iterator[Problem]:
    """What reads and writes the records must be what the view of ours that was derived from works with."""
    owners = (owner for owner in view.__mro__ if is_ours(owner) and "resource_class" in vars(owner))
    wanted: type[Any] = vars(next(owners))["resource_class"]
    found: Any = view.resource_class
    if not (isinstance(found, type) and issubclass(found, wanted)):
        yield wrong_type(OptionPlace(view, "resource_class"), found, f"a subclass of {wanted.__name__}")


def check_added(view: type[Any], option: str, views: Iterable[type[Any]], state: AppState) -> list[Problem]:
    """The views named in an option that nobody has added: they have no pages, and no permissions to ask for."""
    place = OptionPlace(view, option)
    missing = ((index, other) for index, other in enumerate(views) if other not in state.classes)
    return [_not_added(place, index, other.__name__) for index, other in missing]


def _not_added(place: OptionPlace, index: int, name: str) -> Problem:
    message = f"{name} was not added to this AppBuilder, so nobody sees its list"
    fix = f"appbuilder.add_view_no_menu({name}), or add_view to have it in the menu"
    return replace(place.problem("AB218", message, fix, index), warning=True)


def check_form_options(view: type[Any]) -> Iterator[Problem]:
    """Every problem of a form view's options, a missing form aside."""
    place = partial(OptionPlace, view)
    for option in ("form_title", "submit_label", "redirect_url"):
        yield from values.text(place(option), getattr(view, option))
    wrong = list(values.form_class(place("form"), view.form))
    yield from wrong
    if wrong or view.form is None:
        return
    usage = _field_of(view.form)
    if view.form_columns is not None:
        yield from column_names(place("form_columns"), view.form_columns, usage, wanted="a field's name")
    yield from fieldsets(usage)(place("form_fieldsets"), view.form_fieldsets)


def _route_base(place: OptionPlace, value: Any) -> Iterator[Problem]:
    if value is None:
        return
    if not isinstance(value, str):
        yield wrong_type(place, value, "a text")
    elif value and not value.startswith("/"):
        yield place.problem("AB406", f"{value!r} must start with /", f'use "/{value}"')
    elif value.rstrip("/") and not is_plain_path(value.rstrip("/")):
        message = f"{value!r} is no plain path: it would vary, or lead nowhere"
        yield place.problem("AB406", message, f'use {PATH_CHARACTERS}, e.g. "/customers"')


def _plain_text(place: OptionPlace, value: Any, *at: Any) -> Iterator[Problem]:
    """A text that names something in the database, so that a lazy translation will not do."""
    if not isinstance(value, str) or not value:
        yield wrong_type(place, value, "a text", *at)


def _methods(place: OptionPlace, value: Any, methods: Collection[str]) -> Iterator[Problem]:
    yield from column_names(place, value, _method_of(methods), wanted="a method's name")


def _renamed(place: OptionPlace, value: Any, methods: Collection[str]) -> Iterator[Problem]:
    if value is None:
        return
    shape = list(mapping(place, value))
    yield from shape
    for method, name in () if shape else value.items():
        yield from _method_of(methods)(place, method, method)
        yield from _plain_text(place, name, method)


def _method_of(methods: Collection[str]) -> Usage:
    def usage(place: OptionPlace, name: str, *at: Any) -> Iterator[Problem]:
        if name not in methods:
            problem = place.problem("AB215", f"{name!r} is no exposed method here", instead(name, methods), *at)
            yield replace(problem, warning=name in _FAB_METHODS)

    return usage


def _permissions(view: type[Any], methods: Collection[str]) -> frozenset[str]:
    """The names of the permissions that the pages and actions of a view ask for."""
    renamed = view.method_permission_name or {}
    return frozenset({*(permission_of(view, name, renamed) for name in methods), *actions_of(view)})


def _permission_of(known: Collection[str]) -> Usage:
    """A permission may be the user's own, asked for by `can()` alone; one that is nearly one of ours was meant so."""

    def usage(place: OptionPlace, name: str, *at: Any) -> Iterator[Problem]:
        if name in known:
            return
        near = [f"can_{name}"] if f"can_{name}" in known else difflib.get_close_matches(name, known, 1, _CUTOFF)
        for meant in near:
            fix = f"did you mean {meant!r}? If it is a permission of your own, give it a name less close to a page's"
            yield place.problem("AB215", f"{name!r} is asked for by no page or action here", fix, *at)

    return usage


def _field_of(form: type[Any]) -> Usage:
    def usage(place: OptionPlace, name: str, *at: Any) -> Iterator[Problem]:
        fields = form_field_names(form)
        if name not in fields:
            yield place.problem("AB103", f"{form.__name__} has no field {name!r}", instead(name, fields), *at)

    return usage
