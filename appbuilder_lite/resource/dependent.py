"""Choices that depend on another field of the form: the cities of the chosen country."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from appbuilder_lite.data.filters import BaseFilter
from appbuilder_lite.data.interface import both
from appbuilder_lite.resource.related_fields import RelatedField
from appbuilder_lite.resource.related_source import Source


@dataclass(frozen=True, slots=True)
class Dependence:
    """A relation's records are those whose relation `on` holds what the form's own relation `on` does."""

    on: str
    filter: BaseFilter


Dependences = Mapping[str, Dependence]


def masters(name: str, dependences: Dependences) -> Iterator[str]:
    """The fields that a field depends on, the nearest first."""
    while name in dependences:
        name = dependences[name].on
        yield name


def dependents(name: str, dependences: Dependences) -> tuple[str, ...]:
    """The fields that depend on a field, by way of others too."""
    return tuple(one for one in dependences if name in masters(one, dependences))


def in_order(names: Iterable[str], dependences: Dependences) -> list[str]:
    """The names so that each comes after those that it depends on."""
    return sorted(names, key=lambda name: len(list(masters(name, dependences))))


def narrow(source: Source, found: Dependence | None, fields: Mapping[str, Any], item: Any) -> Source:
    """Let a field's source have only the records that go with what the form, or the record, holds.

    Nothing chosen there narrows nothing. Records that stand there already stay, unless the other field changes.
    """
    if found is None:
        return source
    master = fields.get(found.on)
    asked = master if isinstance(master, RelatedField) else None
    chosen = getattr(item, found.on, None) if asked is None else asked.data
    if chosen is None:
        return source
    source.scope = both(source.scope, lambda query: found.filter.apply(query, chosen))
    if asked is not None and asked.has_changed:
        source.fits = lambda one: getattr(one, found.on) is chosen
    return source
