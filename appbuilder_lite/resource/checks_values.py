"""Checks of plain values: texts, numbers, functions, forms, and dicts of them by column."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from inspect import getattr_static, signature
from numbers import Number
from types import FunctionType
from typing import Any

from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm

from appbuilder_lite.data.query import Count
from appbuilder_lite.errors import Problem
from appbuilder_lite.resource.checks_columns import Check, Usage, mapping, sequence, wrong_type
from appbuilder_lite.resource.declaration import ResourceDeclaration
from appbuilder_lite.resource.exporting import FORMATS
from appbuilder_lite.resource.place import OptionPlace, Place, instead

ValueCheck = Callable[..., Iterator[Problem]]
"""A check of one value: called with the place, the value and where in the option it stands."""


def value(check_value: ValueCheck) -> Check:
    """A check of an option that is one value."""

    def check(place: Place, value: Any) -> Iterator[Problem]:
        yield from check_value(place, value)

    return check


def by_column(usage: Usage | None, check_value: ValueCheck) -> Check:
    """A check of a dict whose keys are columns good for `usage`; without one any key is."""

    def check(place: Place, value: Any) -> Iterator[Problem]:
        shape = list(mapping(place, value))
        yield from shape
        if shape:
            return
        for key, item in value.items():
            if usage:
                yield from usage(place, key, key)
            yield from check_value(place, item, key)

    return check


def text(place: OptionPlace, value: Any, *at: Any) -> Iterator[Problem]:
    if not is_text(value):
        yield wrong_type(place, value, "a text", *at)


def is_text(value: Any) -> bool:
    """Whether it is a text, or an object that becomes one later, such as a lazy translation."""
    inherited: object = object.__str__
    is_other = type(value).__str__ is inherited or isinstance(value, bytes | Number | type)
    return isinstance(value, str) or not is_other


def template(place: OptionPlace, value: Any, *at: Any) -> Iterator[Problem]:
    if not isinstance(value, str) or not value:
        yield wrong_type(place, value, "the name of a template", *at)


def flag(place: Place, value: Any, *at: Any) -> Iterator[Problem]:
    if not isinstance(value, bool):
        yield wrong_type(place, value, "True or False", *at)


def page_size(place: Place, value: Any, *at: Any) -> Iterator[Problem]:
    """A whole number from 1 to the largest page size of the settings."""
    most = place.settings.max_page_size
    if not isinstance(value, int) or isinstance(value, bool):
        yield wrong_type(place, value, "a whole number, e.g. 25", *at)
    elif not 1 <= value <= most:
        fix = f"use a number from 1 to {most}, or raise APPBUILDER_MAX_PAGE_SIZE"
        yield place.problem("AB107", f"{value} is not between 1 and {most}", fix, *at)


def count(place: Place, value: Any, *at: Any) -> Iterator[Problem]:
    """The name of a way to count, or None for that of the app."""
    if value is not None and value not in list(Count):
        yield wrong_type(place, value, f"one of {', '.join(Count)}", *at)


def page_sizes(place: Place, value: Any) -> Iterator[Problem]:
    if value is None:
        return
    shape = list(sequence(place, value))
    yield from shape
    if not shape:
        for index, size in enumerate(value):
            yield from page_size(place, size, index)
            if size in list(value)[:index]:
                yield place.problem("AB105", f"{size!r} stands here already", "remove one of the two", index)


def formats(place: Place, value: Any) -> Iterator[Problem]:
    """Names of the formats that a list can be had in."""
    shape = list(sequence(place, value))
    yield from shape
    for index, name in enumerate(() if shape else value):
        if not isinstance(name, str) or name not in FORMATS:
            yield place.problem("AB103", f"{name!r} is no format of a file", instead(str(name), FORMATS), index)
        elif name in list(value)[:index]:
            yield place.problem("AB105", f"{name!r} stands here already", "remove one of the two", index)


def function(place: Place, value: Any, *at: Any) -> Iterator[Problem]:
    if not callable(value) or not takes(value, 1):
        yield wrong_type(place, value, "a function of one value", *at)


def validators(place: Place, value: Any, *at: Any) -> Iterator[Problem]:
    """A list of WTForms validators; a class in it is the commonest slip."""
    if callable(value):
        name = getattr(value, "__name__", type(value).__name__)
        fix = f"write [{name}]" if isinstance(value, FunctionType) else f"write [{name}(...)]"
        yield place.problem("AB106", "one validator where a list of them is due", fix, *at)
        return
    shape = list(sequence(place, value, *at))
    yield from shape
    for index, item in enumerate(() if shape else value):
        if isinstance(item, type):
            message = f"{item.__name__} is a class where a validator made from it is due"
            yield place.problem("AB106", message, f"write {item.__name__}()", *at, index)
        elif not callable(item):
            yield wrong_type(place, item, "a WTForms validator", *at, index)


def form_class(place: OptionPlace, value: Any, *at: Any) -> Iterator[Problem]:
    if value is not None and not (isinstance(value, type) and issubclass(value, BaseForm)):
        yield wrong_type(place, value, "a class derived from wtforms.Form", *at)


def form_field(place: Place, value: Any, *at: Any) -> Iterator[Problem]:
    if not isinstance(value, UnboundField):
        yield wrong_type(place, value, "a WTForms field, e.g. StringField('Name')", *at)


def hook(place: Place, value: Any) -> Iterator[Problem]:
    """A hook that was replaced by something that cannot be called as the hook is."""
    declared = signature(getattr(ResourceDeclaration, place.option))
    static = isinstance(getattr_static(place.view_class, place.option, None), staticmethod | classmethod)
    if not callable(value) or not takes(value, len(declared.parameters) - static):
        yield wrong_type(place, value, f"a method: def {place.option}({', '.join(declared.parameters)})")


def takes(value: Any, count: int) -> bool:
    """Whether something can be called with so many values; what cannot tell is believed."""
    try:
        signature(value).bind(*[None] * count)
    except TypeError:
        return False
    except ValueError:
        return True
    return True
