"""The records that a relation of one record holds, up to a bound: what a form carries is never read without one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, RelationshipProperty, attributes, lazyload
from sqlalchemy.orm.collections import collection_adapter

_UNIQUE = (sa.PrimaryKeyConstraint, sa.UniqueConstraint)
_EAGER = frozenset({"joined", "selectin", "subquery", "immediate"})


def first_held(session: Any, item: Any, name: str, most: int) -> tuple[Sequence[Any], bool]:
    """Up to `most` records that a relation to several holds, and whether there are more: one statement.

    Where these are all, they count as loaded, so that nothing asks for them again, not even what refuses to load itself
    (`lazy="raise"`). What is loaded already is not asked for.
    """
    state: Any = sa.inspect(item)
    relation: RelationshipProperty[Any] = state.mapper.relationships[name]
    if name in state.unloaded and state.persistent:
        found = _read(session, item, relation, most + 1)
        more = len(found) > most
        found = list({id(one): one for one in found}.values())
        if more or relation.lazy == "dynamic":
            return found[:most], more
        attributes.set_committed_value(item, name, found)
    loaded = list(collection_adapter(getattr(item, name)))
    return loaded[:most], len(loaded) > most


def read_later(mapper: Mapper[Any]) -> list[Any]:
    """Loader options of a record: a model may have its collections read with it, but they may hold anything."""
    return [lazyload(found.class_attribute) for found in mapper.relationships if found.uselist and found.lazy in _EAGER]


def _read(session: Any, item: Any, relation: RelationshipProperty[Any], limit: int) -> list[Any]:
    # SQLAlchemy tells each record once, so that of pairs which come again nobody would know that more were cut off.
    numbers = (sa.func.row_number().over(),) if _may_repeat(relation) else ()
    # `with_parent` gives a table of pairs another name, so that an order by its columns would join it with itself.
    statement = sa.select(relation.entity.entity, *numbers).where(relation._with_parent(item, alias_secondary=False))
    if relation.order_by:
        statement = statement.order_by(*relation.order_by)
    return [row[0] for row in session.execute(statement.limit(limit)).unique()]


def _may_repeat(relation: RelationshipProperty[Any]) -> bool:
    """Whether a table of pairs may hold the same pair twice, as nothing in it forbids that."""
    if relation.secondary is None:
        return False
    ties = {column for _end, column in (*relation.synchronize_pairs, *(relation.secondary_synchronize_pairs or ()))}
    constraints: Any = getattr(relation.secondary, "constraints", ())
    keys = (set(one.columns) for one in constraints if isinstance(one, _UNIQUE))
    return not any(key and key <= ties for key in keys)
