"""A scope put on the keys of a list: what it joins must not multiply the rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from appbuilder_lite.data.interface import Scope
from appbuilder_lite.data.sqla_entity import Entity
from appbuilder_lite.data.sqla_paths import Condition
from appbuilder_lite.data.sqla_sources import sources
from appbuilder_lite.errors import InvalidInput
from appbuilder_lite.text import gettext


def scoped_keys(entity: Entity, base: sa.Select[Any], scope: Scope) -> sa.Select[Any]:
    """`base`, which selects the keys alone, narrowed by a scope; `base` itself where the scope narrows nothing.

    Of a scope that joins other tables, the keys are taken: each row comes once however many others it is joined to.
    Where rows have no key of their own they cannot be told by it, and come as the scope gives them.
    """
    scoped: sa.Select[Any] = scope(base)
    if scoped is base or not entity.has_own_key or sources(scoped) == entity.sources:
        return scoped
    keys = only_keys(entity, scoped).order_by(None).correlate(None)
    return base.where(entity.has_key_in(entity.model, keys))


def only_keys(entity: Entity, scoped: sa.Select[Any]) -> sa.Select[Any]:
    """The statement without the columns that a scope has added."""
    return scoped.with_only_columns(*entity.key_attributes(entity.model), maintain_column_froms=True)


def of_rows(entity: Entity, scoped: sa.Select[Any]) -> sa.Select[Any]:
    """The same rows, by a statement whose columns may be others: a DISTINCT or grouped one would be so by those."""
    if not entity.has_own_key or not (scoped._distinct or scoped._group_by_clauses):
        return scoped
    base = sa.select(*entity.key_attributes(entity.model)).select_from(entity.model)
    return base.where(entity.has_key_in(entity.model, only_keys(entity, scoped).order_by(None).correlate(None)))


def either(entity: Entity, scopes: Sequence[Scope]) -> Scope:
    """A scope of the rows that at least one of these scopes has."""

    def scope(query: sa.Select[Any]) -> sa.Select[Any]:
        return query.where(sa.or_(*(_condition(entity, one) for one in scopes)))

    return scope


def _condition(entity: Entity, scope: Scope) -> Condition:
    """What is true of the rows of a scope; of one that joins other tables, or takes a few, by their keys."""
    base = sa.select(*entity.key_attributes(entity.model)).select_from(entity.model)
    scoped: sa.Select[Any] = scope(base)
    if scoped is base:
        return sa.true()
    plain = base if scoped.whereclause is None else base.where(scoped.whereclause)
    if plain.compare(scoped):
        return sa.true() if scoped.whereclause is None else scoped.whereclause
    if not entity.has_own_key:
        raise InvalidInput("match", gettext("All filters of this list have to hold together."))
    return entity.has_key_in(entity.model, only_keys(entity, scoped).order_by(None).correlate(None))
