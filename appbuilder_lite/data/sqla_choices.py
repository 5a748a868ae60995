"""The records that a relation can point to: the first of them for a select, or those that somebody looks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from appbuilder_lite.data.interface import Scope
from appbuilder_lite.data.naming import text_of
from appbuilder_lite.data.query import ListQuery, RelatedValue
from appbuilder_lite.data.sqla_entity import Entity
from appbuilder_lite.data.sqla_paths import last_attribute, load_options
from appbuilder_lite.data.sqla_scope import plain
from appbuilder_lite.data.sqla_search import matches
from appbuilder_lite.data.types import Kind

MOST_LETTERS = 60
"""So much of a text is shown beside a name."""
_TELLING = frozenset({Kind.STRING, Kind.INTEGER, Kind.DATE, Kind.UUID})

Choices = tuple[Sequence[RelatedValue], bool]
"""Records, and whether there are more."""


def first_choices(
    session: Any, target: Entity, scope: Scope, limit: int, *, eager: Sequence[str], details: Sequence[str]
) -> Choices:
    """Up to `limit` records by their text; `details` are columns that may tell those of the same text apart."""
    keys = target.key_attributes(target.model)
    statement = plain(target, scope)(sa.select(target.model)).order_by(*keys)
    found, more = _read(session, target, statement, limit, eager=eager, details=details)
    return sorted(found, key=lambda value: value.text.casefold()), more


def looked_up(
    session: Any, target: Entity, query: ListQuery, scope: Scope, *, search_columns: Sequence[str], eager: Sequence[str]
) -> Choices:
    """One page of those that have all the words in the columns, in the order asked for, which ends in the key."""
    statement = plain(target, scope)(sa.select(target.model))
    statement = statement.where(matches(target.model, query.search, [target.path(text) for text in search_columns]))
    statement = statement.order_by(None).order_by(*_order(target, query))
    statement = statement.offset((query.page - 1) * query.page_size)
    return _read(session, target, statement, query.page_size, eager=eager, details=search_columns)


def _order(target: Entity, query: ListQuery) -> list[Any]:
    """What of an order needs no other table, then the key."""
    paths = [(order, target.path(order.path)) for order in query.order]
    own = [(order, last_attribute(target.model, path)) for order, path in paths if path.sortable and not path.through]
    clauses = [column.desc() if order.descending else column.asc() for order, column in own]
    return [*clauses, *target.key_attributes(target.model)]


def _read(
    session: Any,
    target: Entity,
    statement: sa.Select[Any],
    limit: int,
    *,
    eager: Sequence[str],
    details: Sequence[str],
) -> Choices:
    statement = statement.limit(limit + 1).options(*load_options(target, eager))
    items = session.scalars(statement).unique().all()
    return _told_apart(target, items[:limit], details), len(items) > limit


def _told_apart(target: Entity, items: Sequence[Any], details: Sequence[str]) -> list[RelatedValue]:
    """The records by key and name; those of one name with what differs: the first such column of theirs, else the key.

    What is read with a record tells it: nothing more is asked.
    """
    by_name: dict[str, list[Any]] = {}
    names = [target.text(item) for item in items]
    for name, item in zip(names, items, strict=True):
        by_name.setdefault(name, []).append(item)
    told = {
        id(item): text for group in by_name.values() if len(group) > 1 for item, text in _apart(target, group, details)
    }
    return [
        RelatedValue(target.encode(item), name, told.get(id(item), "")) for name, item in zip(names, items, strict=True)
    ]


def _apart(target: Entity, items: Sequence[Any], details: Sequence[str]) -> Iterator[tuple[Any, str]]:
    for path in map(target.path, details):
        column = path.column
        if column is None or path.through or column.deferred or column.kind not in _TELLING:
            continue
        texts = [text_of(getattr(item, column.name))[:MOST_LETTERS] for item in items]
        if all(texts) and len(set(texts)) == len(texts):
            yield from zip(items, texts, strict=True)
            return
    yield from ((item, target.encode(item)) for item in items)
