"""The records that a relation can point to: the first of them for a select, or those that somebody looks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from appbuilder_lite.data.interface import Scope
from appbuilder_lite.data.query import ListQuery, RelatedValue
from appbuilder_lite.data.sqla_entity import Entity
from appbuilder_lite.data.sqla_paths import last_attribute, load_options
from appbuilder_lite.data.sqla_search import matches

Choices = tuple[Sequence[RelatedValue], bool]
"""Records, and whether there are more."""


def first_choices(session: Any, target: Entity, scope: Scope, limit: int, eager: Sequence[str]) -> Choices:
    """Up to `limit` records by their text."""
    keys = target.key_attributes(target.model)
    found, more = _read(session, target, scope(sa.select(target.model)).order_by(*keys), limit, eager)
    return sorted(found, key=lambda value: value.text.casefold()), more


def looked_up(
    session: Any, target: Entity, query: ListQuery, scope: Scope, *, search_columns: Sequence[str], eager: Sequence[str]
) -> Choices:
    """One page of those that have all the words in the columns, in the order asked for, which ends in the key."""
    statement = scope(sa.select(target.model))
    statement = statement.where(matches(target.model, query.search, [target.path(text) for text in search_columns]))
    statement = statement.order_by(None).order_by(*_order(target, query))
    return _read(session, target, statement.offset((query.page - 1) * query.page_size), query.page_size, eager)


def _order(target: Entity, query: ListQuery) -> list[Any]:
    """What of an order needs no other table, then the key."""
    paths = [(order, target.path(order.path)) for order in query.order]
    own = [(order, last_attribute(target.model, path)) for order, path in paths if path.sortable and not path.through]
    clauses = [column.desc() if order.descending else column.asc() for order, column in own]
    return [*clauses, *target.key_attributes(target.model)]


def _read(session: Any, target: Entity, statement: sa.Select[Any], limit: int, eager: Sequence[str]) -> Choices:
    statement = statement.limit(limit + 1).options(*load_options(target, eager))
    items = session.scalars(statement).unique().all()
    return [RelatedValue(target.encode(item), target.text(item)) for item in items[:limit]], len(items) > limit
