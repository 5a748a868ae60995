"""Checks of what `add_view`, `add_link` and `add_separator` were given: told with the place of the call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from appbuilder_lite.errors import Problem
from appbuilder_lite.registration import Kind, Registration
from appbuilder_lite.resource.checks_columns import kind_of
from appbuilder_lite.resource.checks_values import is_text, takes


def check_arguments(registration: Registration) -> Iterator[Problem]:
    """Every argument of a call that is not what it is read as."""
    is_link = registration.kind is Kind.LINK
    if registration.in_menu and registration.kind is not Kind.SEPARATOR:
        yield from _name(registration)
    for argument in ("href", "icon", "category", "category_icon"):
        value = getattr(registration, argument)
        if not isinstance(value, str):
            yield _wrong(registration, argument, value, "a text")
        elif argument == "href" and is_link and not value.strip():
            yield _wrong(
                registration, argument, value, "an address", 'write e.g. "/reports" or the name of an endpoint'
            )
    for argument in ("label", "category_label"):
        if not is_text(getattr(registration, argument)):
            yield _wrong(registration, argument, getattr(registration, argument), "a text")
    yield from _condition(registration)


def _name(registration: Registration) -> Iterator[Problem]:
    """A name stands in the database, so that it must be the same in every language."""
    name: Any = registration.name
    if not isinstance(name, str) or not name.strip():
        fix = 'write a text, e.g. "Customers"; what is shown in its place, as a translation, is the label'
        yield _wrong(registration, "name", name, "a name", fix)


def _condition(registration: Registration) -> Iterator[Problem]:
    condition: Any = registration.condition
    if condition is not None and not (callable(condition) and takes(condition, 0)):
        argument = "menu_cond" if registration.kind is Kind.VIEW else "cond"
        yield _wrong(registration, argument, condition, "a function without arguments")


def _wrong(registration: Registration, argument: str, value: Any, wanted: str, fix: str = "") -> Problem:
    message = f"{argument}: {kind_of(value)} is not {wanted}"
    return Problem("AB106", registration.origin, message, fix or f"write {wanted}, or leave it out")
