"""The marks on methods: where a page lives, and what it asks of its visitor."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, overload

from flask import abort

from appbuilder_lite.errors import Problem
from appbuilder_lite.resource.checks_names import is_ours
from appbuilder_lite.security.access import Access, Mark, Requirement
from appbuilder_lite.web.guard import decision, refuse
from appbuilder_lite.web.state import current_state

F = TypeVar("F", bound=Callable[..., Any])

URLS = "_appbuilder_urls"
MARK = "_appbuilder_mark"
PERMISSION = "_appbuilder_permission"
PART = "_appbuilder_part"
ACTION = "_appbuilder_action"
IS_VIEW = "_is_appbuilder_view"
UNNAMED = "has_access"

log = logging.getLogger("appbuilder_lite.security")


Condition = Callable[[Any], object]
"""Says of a record whether an action is for it."""


@dataclass(frozen=True, slots=True)
class Exposed:
    """One rule of a method, below the view's `route_base`."""

    rule: str
    methods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """A method of a view that answers requests: its rules and what it asks for.

    `whole` is the method that it comes and goes with: itself, where it is no part of another one.
    """

    method: str
    rules: tuple[Exposed, ...]
    requirement: Requirement
    whole: str
    endpoint: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do with one record or several; its permission is its bare name."""

    name: str
    text: str
    confirmation: str | None
    icon: str | None
    multiple: bool
    single: bool
    method: str
    danger: bool = False
    each: bool = False
    condition: Condition | str | None = None
    form: type[Any] | None = None
    all_matching: bool = False

    @property
    def asks(self) -> bool:
        """Whether it has a page that asks before it runs."""
        return bool(self.confirmation) or self.form is not None


def expose(url: str = "/", methods: Iterable[str] = ("GET",)) -> Callable[[F], F]:
    """Give a method of a view an address below its `route_base`; may be stacked.

    Each exposed method also carries `@has_access`, `@signed_in` or `@public`; without one the app does not start.

    Raises `TypeError` for a bare `@expose`, which would hide the method without a word.

    Example: `@expose("/report/<int:year>")`.
    """
    if not isinstance(url, str):
        raise TypeError(f'expose needs its parentheses: @expose() or @expose("/address"), not @expose on {url!r}')

    def mark(function: F) -> F:
        exposed = Exposed(url, tuple(method.upper() for method in methods))
        setattr(function, URLS, (*getattr(function, URLS, ()), exposed))
        return function

    return mark


@overload
def has_access(target: F, /) -> F: ...
@overload
def has_access(target: str, view_menu: str, /) -> Callable[[F], F]: ...
def has_access(target: F | str, view_menu: str | None = None, /) -> F | Callable[[F], F]:
    """Ask for a permission: `can_<method>` on the view's own view menu.

    On a function of the host's own, name both: `@has_access("can_open", "Sales report")`. The permission is then
    created like any other; anonymous visitors are sent to the sign-in page, others without it get 403.

    Raises `TypeError` for a bare `@has_access` on a plain function, which belongs to no view.
    """
    if isinstance(target, str):
        if view_menu is None:
            raise TypeError('has_access needs both names: @has_access("can_open", "Sales report")')
        return _guarding(Access(target, view_menu))
    if not _is_method(target):
        raise TypeError(
            f"{target.__qualname__} is no method of a view: name the permission and the view menu, "
            f'as @has_access("can_{target.__name__}", "...")'
        )
    return _guarding(UNNAMED)(target)


def signed_in(function: F) -> F:
    """Ask for any active user, whatever their roles. Works on the host's own functions and methods too."""
    return _guarding(Mark.SIGNED_IN)(function)


def public(function: F) -> F:
    """Ask for nothing: everybody may open this page, signed in or not."""
    setattr(function, MARK, Mark.PUBLIC)
    return function


def permission_name(name: str) -> Callable[[F], F]:
    """Let a method share a permission: `@permission_name("list")` makes it ask for `can_list`."""

    def mark(function: F) -> F:
        setattr(function, PERMISSION, name)
        return function

    return mark


def part_of(method: str) -> Callable[[F], F]:
    """Make an exposed method a part of another one: it asks for what that asks for, and is left out with it.

    Example: `@part_of("list")` for the form that sets the filters of a list.
    """

    def mark(function: F) -> F:
        setattr(function, PART, method)
        return function

    return mark


def action(
    name: str,
    text: str,
    confirmation: str | None = None,
    icon: str | None = None,
    multiple: bool = True,
    single: bool = True,
    danger: bool = False,
    *,
    each: bool = False,
    condition: Condition | str | None = None,
    form: type[Any] | None = None,
    all_matching: bool = False,
) -> Callable[[F], F]:
    """Make a method of a ModelView an action on ticked records (`multiple`) or one record (`single`).

    From the list the method receives the list of ticked records, from a record's own page that one record; all of
    them are within the person's scope. It returns a response, or None to go back to the list; what it changed is
    committed. `confirmation` is asked before it runs. With `danger` its button is red and stands last.

    With `each` the method receives one record at a time, and `Rejected` holds up that record alone. `condition` says of
    a record whether the action is for it: a function, or the name of a method of the view. `form` is a `wtforms.Form`
    that is filled in first, and the method's second argument. `all_matching` offers it for all records that the list's
    search and filters find: the method is called with some hundred of them at a time.

    Example: `@action("ship", "Ship", each=True, condition=lambda order: order.is_paid, form=ShipForm)`.
    """

    def mark(function: F) -> F:
        found = Action(
            name,
            text,
            confirmation,
            icon,
            multiple,
            single,
            function.__name__,
            danger,
            each,
            condition,
            form,
            all_matching,
        )
        setattr(function, ACTION, found)
        return function

    return mark


def host_accesses_of(function: Callable[..., Any]) -> Iterator[Access]:
    """The permissions that a view function of the host's asks for by `@has_access`, itself or in its class."""
    marks = (getattr(function, MARK, None), *methods_marked(getattr(function, "view_class", None)).values())
    return (mark for mark in marks if isinstance(mark, Access))


def methods_marked(view_class: type[Any] | None) -> dict[str, Any]:
    """The marks on the methods of a class-based view of the host's, by method."""
    marks = {name: getattr(getattr(view_class, name), MARK, None) for name in dir(view_class)} if view_class else {}
    return {name: mark for name, mark in marks.items() if mark is not None}


def routes_of(
    view: type[Any], view_menu: str, method_permissions: Mapping[str, str], where: str
) -> tuple[dict[str, Route], list[Problem]]:
    """The routes of a view class by method name, and a problem for each that carries no mark.

    A method that overrides an exposed one keeps its addresses and marks unless it brings its own.
    """
    routes: dict[str, Route] = {}
    problems: list[Problem] = []
    for name in exposed_methods(view):
        whole = _whole_of(view, name)
        mark = _inherited(view, whole, MARK)
        if mark is None:
            problems.append(_unmarked(where, name))
            continue
        requirement = _requirement(view, name, mark, view_menu, method_permissions)
        routes[name] = Route(name, _inherited(view, name, URLS), requirement, whole)
    return routes, problems


def exposed_methods(view: type[Any]) -> tuple[str, ...]:
    """The names of the methods that have an address, those that the options leave out too."""
    return tuple(sorted(name for name, urls in _marked(view, URLS).items() if urls))


def actions_of(view: type[Any]) -> dict[str, Action]:
    """The actions of a view class by name, in the order of their definition."""
    marks = _marked(view, ACTION)
    if not marks:
        return {}
    defined = (name for klass in reversed(view.__mro__) for name in vars(klass))
    found = (marks[name] for name in defined if name in marks)
    return {mark.name: mark for mark in found if isinstance(mark, Action)}


def permission_of(view: type[Any], method: str, method_permissions: Mapping[str, str]) -> str:
    """Full permission name of a method: `can_list`."""
    whole = _whole_of(view, method)
    renamed = method_permissions.get(method) or method_permissions.get(whole)
    return f"can_{renamed or _inherited(view, whole, PERMISSION) or whole}"


def _whole_of(view: type[Any], method: str) -> str:
    """The method that this one is a part of. Who overrides a part and marks it has made it a page by itself."""
    return method if _inherited(view, method, MARK) else _inherited(view, method, PART) or method


def _requirement(view: type[Any], name: str, mark: Any, view_menu: str, method_permissions: Mapping[str, str]) -> Any:
    if mark != UNNAMED:
        return mark
    return Access(permission_of(view, name, method_permissions), view_menu)


def _marked(view: type[Any], attribute: str) -> dict[str, Any]:
    """What `_inherited` finds for every name of a class, in one look through it."""
    found: dict[str, Any] = {}
    for klass in reversed(view.__mro__):
        found |= _marks_of_ours(klass, attribute) if is_ours(klass) else _marks_in(klass, attribute)
    return found


def _marks_in(klass: type[Any], attribute: str) -> dict[str, Any]:
    marks = ((name, getattr(member, attribute, None)) for name, member in vars(klass).items())
    return {name: mark for name, mark in marks if mark is not None}


# The classes of this package have a hundred members each, and are part of nearly every view.
_marks_of_ours = functools.cache(_marks_in)


def _inherited(view: type[Any], name: str, attribute: str) -> Any:
    for klass in view.__mro__:
        found = getattr(vars(klass).get(name), attribute, None)
        if found is not None:
            return found
    return None


def _unmarked(where: str, method: str) -> Problem:
    return Problem(
        "AB210",
        f"{where}.{method}",
        "this exposed method says nothing about who may open it",
        "put @has_access, @signed_in or @public below its @expose",
    )


def _is_method(function: Callable[..., Any]) -> bool:
    scope, _, _ = function.__qualname__.rpartition(".")
    return bool(scope) and not scope.endswith("<locals>")


def _guarding(mark: Any) -> Callable[[F], F]:
    """Makes a function ask the guard itself, but for a method of a view of ours, whose entrance has asked.

    A method that asks for a permission without a name is closed wherever it is not such a method.
    """

    def wrap(function: F) -> F:
        @functools.wraps(function)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if args and getattr(args[0], IS_VIEW, False):
                return function(*args, **kwargs)
            state = current_state()
            if mark == UNNAMED:
                log.error("%s is no method of a view: name the permission in @has_access.", function.__qualname__)
                abort(403)
            found = decision(state, mark)
            return function(*args, **kwargs) if found else refuse(state, found)

        setattr(guarded, MARK, mark)
        return guarded  # type: ignore[return-value]  # the wrapper has the signature of what it wraps

    return wrap
