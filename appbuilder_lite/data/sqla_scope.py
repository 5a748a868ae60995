"""A scope put on the keys of a list: what it joins must not multiply the rows, what it groups or cuts off must hold."""

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
    scoped: sa.Select[Any] = plain(entity, scope)(base)
    if scoped is base or not entity.has_own_key or sources(scoped) == entity.sources:
        return scoped
    keys = only_keys(entity, scoped).order_by(None).correlate(None)
    return base.where(entity.has_key_in(entity.model, keys))


def only_keys(entity: Entity, scoped: sa.Select[Any]) -> sa.Select[Any]:
    """The statement without the columns that a scope has added."""
    return scoped.with_only_columns(*entity.key_attributes(entity.model), maintain_column_froms=True)


def plain(entity: Entity, scope: Scope) -> Scope:
    """A scope that only adds conditions and joins, so that whatever columns, conditions and order can follow.

    One that limits, groups, makes distinct or unites is told by the keys of its rows, which are asked for on their own.
    Where rows have no key of their own, they come as the scope gives them.
    """

    def narrow(query: sa.Select[Any]) -> sa.Select[Any]:
        scoped = scope(query)
        if scoped is query or not entity.has_own_key or not _shapes(scoped):
            return scoped  # type: ignore[no-any-return]  # a scope is the host's own
        return query.where(entity.has_key_in(entity.model, _keys_of(entity, scope(_bare(entity)))))

    return narrow


def _shapes(scoped: Any) -> bool:
    """Whether a statement does more than to join and to filter."""
    if not isinstance(scoped, sa.Select):
        return True
    bounds = (scoped._limit_clause, scoped._offset_clause, scoped._fetch_clause)
    grouped = (scoped._group_by_clauses, scoped._having_criteria)
    return bool(scoped._distinct) or any(grouped) or any(bound is not None for bound in bounds)


def _keys_of(entity: Entity, scoped: Any) -> sa.Select[Any]:
    """The keys of a statement's rows, from a table of their own: MariaDB takes no LIMIT in what IN looks into."""
    rows = _ordered_keys(entity, scoped) if isinstance(scoped, sa.Select) else scoped
    return sa.select(*rows.subquery().c[: len(entity.key_columns)])


def _ordered_keys(entity: Entity, scoped: sa.Select[Any]) -> sa.Select[Any]:
    keys = only_keys(entity, scoped)
    if not scoped._distinct or scoped._distinct_on:
        return keys
    # What distinct rows are sorted by has to be among what is selected.
    return keys.add_columns(*(_without_direction(clause).label(None) for clause in scoped._order_by_clauses))


def _without_direction(clause: Any) -> Any:
    while isinstance(clause, sa.UnaryExpression) and clause.modifier is not None:
        clause = clause.element
    return clause


def _bare(entity: Entity) -> sa.Select[Any]:
    return sa.select(*entity.key_attributes(entity.model)).select_from(entity.model)


def either(entity: Entity, scopes: Sequence[Scope]) -> Scope:
    """A scope of the rows that at least one of these scopes has."""

    def scope(query: sa.Select[Any]) -> sa.Select[Any]:
        return query.where(sa.or_(*(_condition(entity, one) for one in scopes)))

    return scope


def _condition(entity: Entity, scope: Scope) -> Condition:
    """What is true of the rows of a scope; of one that joins other tables, or takes a few, by their keys."""
    base = _bare(entity)
    scoped: sa.Select[Any] = plain(entity, scope)(base)
    if scoped is base:
        return sa.true()
    filtered = base if scoped.whereclause is None else base.where(scoped.whereclause)
    if filtered.compare(scoped):
        return sa.true() if scoped.whereclause is None else scoped.whereclause
    if not entity.has_own_key:
        raise InvalidInput("match", gettext("All filters of this list have to hold together."))
    return entity.has_key_in(entity.model, only_keys(entity, scoped).order_by(None).correlate(None))
