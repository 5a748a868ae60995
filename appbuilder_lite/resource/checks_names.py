"""Finds option names that do nothing: misspelt ones, and those of Flask-AppBuilder that have no meaning here."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import FunctionType, MappingProxyType
from typing import Any

from appbuilder_lite.errors import Problem
from appbuilder_lite.resource.place import class_path

_CUTOFF = 0.8

# Option of Flask-AppBuilder -> what to do instead.
UNSUPPORTED: Mapping[str, str] = MappingProxyType(
    {
        "list_widget": "override list_template or a block of it",
        "show_widget": "override show_template or a block of it",
        "add_widget": "override add_template or a block of it",
        "edit_widget": "override edit_template or a block of it",
        "search_widget": "override list_template or a block of it",
        "search_form": "name the columns in search_columns",
        "search_form_extra_fields": "name the columns in search_columns",
        "search_form_query_rel_fields": "name the columns in search_columns",
        "previous_class_permission_name": "rename the rows with `flask appbuilder sync` and `sync --prune`",
        "previous_method_permission_name": "rename the rows with `flask appbuilder sync` and `sync --prune`",
        "list_block": "override list_template",
        "master_div_width": "set --ab-master in the app's stylesheet: .ab-panes { --ab-master: 400px; }",
        "limits": "limit requests with the host's Flask-Limiter",
        "template_folder": "put templates into the app's own template folder",
        "static_folder": "serve the files from the app's own static folder",
        "database_error_message": "use add_, edit_ and delete_integrity_error_message",
    }
)


def check_option_names(view_class: type[Any], base_class: type[Any]) -> list[Problem]:
    """Names in a user's class that are close to an option or hook, or unsupported.

    Options and hooks are those of `base_class` and of every other class of this package that the user's
    class inherits from.
    """
    ours = tuple(owner for owner in view_class.__mro__ if is_ours(owner) or owner in base_class.__mro__[:-1])
    known, options, hooks = _known_names(ours)
    problems = []
    for owner, name, value in _own_attributes(view_class, ours):
        if name in known:
            continue
        if name in UNSUPPORTED:
            problems.append(_unsupported(owner, name))
        elif not _is_marked(value):
            near = difflib.get_close_matches(name, hooks if _is_function(value) else options, n=1, cutoff=_CUTOFF)
            problems += [_misspelt(owner, name, meant) for meant in near]
    return problems


def is_ours(owner: type[Any]) -> bool:
    """Whether a class is one of this package's own."""
    return owner.__module__.partition(".")[0] == "appbuilder_lite"


def _own_attributes(view_class: type[Any], ours: Sequence[type[Any]]) -> Iterator[tuple[type[Any], str, Any]]:
    """(class, name, value) of every public attribute that the user's classes define."""
    for owner in view_class.__mro__[:-1]:
        if owner not in ours:
            yield from ((owner, name, value) for name, value in vars(owner).items() if _is_public(name))


@cache
def _known_names(ours: tuple[type[Any], ...]) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """All names of our classes, the options among them and the hooks; routes and properties are neither."""
    options: set[str] = set()
    hooks: set[str] = set()
    for owner in ours:
        for name, value in vars(owner).items():
            if not _is_public(name) or _is_marked(value) or isinstance(value, property):
                continue
            (hooks if _is_function(value) else options).add(name)
    known = frozenset(name for owner in ours for name in vars(owner))
    return known, frozenset(options), frozenset(hooks)


def _is_public(name: str) -> bool:
    return not name.startswith("_")


def _is_function(value: Any) -> bool:
    return isinstance(value, FunctionType | staticmethod | classmethod)


def _is_marked(value: Any) -> bool:
    """Whether a decorator left something on a function: then it is a route or an action, not a hook."""
    return isinstance(value, FunctionType) and bool(vars(value))


def _misspelt(owner: type[Any], name: str, meant: str) -> Problem:
    return Problem(
        "AB101",
        f"{class_path(owner)}.{name}",
        f"{name!r} is no option, so it has no effect",
        f"did you mean {meant!r}? If it is an attribute of your own, give it a name less close to an option's",
    )


def _unsupported(owner: type[Any], name: str) -> Problem:
    return Problem(
        "AB102",
        f"{class_path(owner)}.{name}",
        f"{name!r} is an option of Flask-AppBuilder that has no effect here",
        UNSUPPORTED[name],
        warning=True,
    )
