"""All rows of a list, in its order: their keys at once, then what it shows of them, a batch with each statement."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa

from appbuilder_lite.data.query import Row
from appbuilder_lite.data.sqla_entity import Entity
from appbuilder_lite.data.sqla_list import ListPlan
from appbuilder_lite.data.sqla_page import Shape
from appbuilder_lite.data.sqla_unreadable import read_again
from appbuilder_lite.data.types import Kind

BATCH = 500
MOST_AT_ONCE = 10_000
"""Rows that are read where their keys do not tell them apart: all of them are in memory then."""

# What a database does not find again by what it has given.
_INEXACT = frozenset({Kind.JSON, Kind.ARRAY, Kind.INTERVAL, Kind.FLOAT})


@dataclass(frozen=True, slots=True)
class SQLAWhole:
    """The rows of a list as they were `found`: by their keys, or (`at_once`) with all that is shown of them.

    The list is sorted once, and no row is met twice or left out, whatever is changed meanwhile; one that has been
    deleted since, or has left the scope, is not met any more.
    """

    session: Any
    plan: ListPlan
    shape: Shape
    found: Sequence[Any]
    most: int
    at_once: bool

    @property
    def count(self) -> int:
        """How many rows there are; one more than `most` where there are more than that."""
        return len(self.found)

    def batches(self) -> Iterator[Sequence[Row]]:
        """The rows, some hundred at a time: one statement for them, and one more for each to-many column."""
        for start in range(0, len(self.found), BATCH):
            found = self.found[start : start + BATCH]
            yield read_again(self.session, self.shape.entity, partial(self._rows, found))

    def _rows(self, found: Sequence[Any]) -> Sequence[Row]:
        return self.plan.made_of(self.session, found if self.at_once else self._of_keys(found))

    def _of_keys(self, keys: Sequence[tuple[Any, ...]]) -> Sequence[Any]:
        """The rows of these keys, in their order."""
        within = self.shape.scoped.where(_is_one_of(self.shape.entity, keys))
        by_key: dict[Any, list[Any]] = {}
        for row in self.plan.fetch(self.session, self.plan.rows(within)):
            by_key.setdefault(tuple(row[: self.plan.width]), []).append(row)
        return [row for key in keys for row in by_key.get(key, ())]


def find_whole(
    session: Any, plan: ListPlan, keys: ListPlan, make_shape: Callable[[ListPlan], Shape], most: int
) -> SQLAWhole:
    """Find the rows of a list in one statement; `keys` is a plan that shows nothing."""
    at_once = not _can_be_found(session, make_shape(keys).entity)
    shape, bound = make_shape(plan if at_once else keys), min(most, MOST_AT_ONCE) if at_once else most
    found = shape.fetch(session, bound + 1)
    if not at_once:
        # SQLite lets NULL into keys, so several rows may have the same one.
        found = list(dict.fromkeys(tuple(row[: plan.width]) for row in found))
    return SQLAWhole(session, plan, shape, found, bound, at_once)


def _can_be_found(session: Any, entity: Entity) -> bool:
    # SQLite keeps decimals as floats, of which more digits may count than it gives.
    is_exact = session.get_bind(entity.mapper).dialect.supports_native_decimal
    inexact = _INEXACT if is_exact else _INEXACT | {Kind.NUMERIC}
    return entity.has_own_key and all(entity.columns[name].kind not in inexact for name in entity.key_columns)


def _is_one_of(entity: Entity, keys: Sequence[tuple[Any, ...]]) -> sa.ColumnElement[bool]:
    """What is true of the rows of these keys. IN finds none with NULL in it."""
    attributes = entity.key_attributes(entity.model)
    conditions = [
        sa.and_(*(part.is_not_distinct_from(value) for part, value in zip(attributes, key, strict=True)))
        for key in keys
        if None in key
    ]
    return sa.or_(entity.has_key_in(entity.model, [key for key in keys if None not in key]), *conditions)
