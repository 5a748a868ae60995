"""How many rows of a list hold each value of a column, or each record of a relation, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from appbuilder_lite.data.keys import encode_key
from appbuilder_lite.data.query import Facet
from appbuilder_lite.data.relation_filters import held_key
from appbuilder_lite.data.sqla_decorated import readable
from appbuilder_lite.data.sqla_entity import Entity
from appbuilder_lite.data.sqla_paths import Joins, last_attribute
from appbuilder_lite.data.types import Path, Relation

MOST_ROWS = 100_000
"""Rows that are looked at: of a longer list it is told how many there are at least."""


def facet(session: Any, entity: Entity, scoped: sa.Select[Any], path: Path, target: Entity | None) -> Facet:
    """The rows of a statement for keys, by what they hold in a column, or in a relation to `target`."""
    return _read(session.execute(_grouped(entity, scoped, path, target)).all(), path)


def _grouped(entity: Entity, scoped: sa.Select[Any], path: Path, target: Entity | None) -> sa.Select[Any]:
    """Number of records, number of rows looked at, and what they hold."""
    joins = Joins(entity.model)
    values = _held(joins, path, target)
    keys = entity.key_attributes(entity.model) if path.is_to_many else []
    own = scoped.with_only_columns(*keys, *values, maintain_column_froms=True)
    rows = joins.apply(own).order_by(None).subquery()
    looked_at = sa.select(*rows.c).limit(MOST_ROWS + 1).subquery()
    if not keys:
        return sa.select(sa.func.count(), sa.func.count(), *looked_at.c).group_by(*looked_at.c)
    # A record that is tied to several of one value holds it once.
    single = sa.select(*looked_at.c, sa.func.count().label("times")).group_by(*looked_at.c).subquery()
    held = single.c[len(keys) : -1]
    return sa.select(sa.func.count(), sa.func.sum(single.c.times), *held).group_by(*held)


def _held(joins: Joins, path: Path, target: Entity | None) -> list[Any]:
    """The columns that tell what a row holds: of a relation the key of the record."""
    root = joins.alias(path.through)
    if path.relation is None or target is None:
        return [readable(last_attribute(root, path))]
    found = held_key(root, path.relation, target) or _joined_key(joins, path.through, path.relation, target)
    types = [column.type for column in target.mapper.primary_key]
    return [sa.type_coerce(column, type_).label(None) for column, type_ in zip(found, types, strict=True)]


def _joined_key(joins: Joins, through: tuple[Relation, ...], relation: Relation, target: Entity) -> list[Any]:
    return target.key_attributes(joins.alias((*through, relation)))


def _read(found: Sequence[Any], path: Path) -> Facet:
    counts: dict[Any, int] = {}
    for number, _rows, *values in found:
        held = None if any(value is None for value in values) else values[0]
        if held is not None and path.relation is not None:
            held = encode_key(tuple(values))
        counts[held] = counts.get(held, 0) + number
    return Facet(counts, sum(rows for _number, rows, *_values in found) <= MOST_ROWS)
