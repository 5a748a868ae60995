"""The to-many columns of a list: one kept statement each, for all rows of a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlalchemy.sql.util import ClauseAdapter

from appbuilder_lite.data.failed import Failed, at_once, attempt
from appbuilder_lite.data.query import Several
from appbuilder_lite.data.sqla_entity import Entity, is_partly_unreadable
from appbuilder_lite.data.sqla_paths import join_step, last_attribute, load, steps_of
from appbuilder_lite.data.types import Kind, Path, Relation
from appbuilder_lite.data.unreadable import Unreadable


@dataclass(frozen=True, slots=True)
class ManyPlan:
    """The kept statement of one to-many path; its parameter `keys` takes the rows' keys.

    A result row holds the parent's key (`width` values), how many values the parent has, the value's number among
    them (which makes equal values different rows), and the value itself.
    """

    statement: sa.Select[Any]
    width: int
    convert: Callable[[Any], Any]

    def read(self, session: Any, keys: Sequence[tuple[Any, ...]]) -> Mapping[tuple[Any, ...], Several | Failed]:
        """The values (`Several`) by the parent's key; a parent without any is missing, `Failed` stands for all."""
        if not keys:
            return {}
        parameter = [key[0] for key in keys] if self.width == 1 else list(keys)
        values: dict[tuple[Any, ...], list[Any]] = {}
        totals: dict[tuple[Any, ...], int] = {}
        # By the parent's key and the value's number: a value that is JSON or an array cannot be compared.
        numbered = itemgetter(*range(self.width), self.width + 1)
        for row in session.execute(self.statement, {"keys": parameter}).unique(numbered):
            key = tuple(row[: self.width])
            totals[key] = row[self.width]
            values.setdefault(key, []).append(row[self.width + 2])

        def several(key: tuple[Any, ...]) -> Several:
            return Several(map(self.convert, values[key]), totals[key] - len(values[key]))

        return at_once(
            lambda: {key: several(key) for key in values}, lambda: {key: attempt(several, key) for key in values}
        )


def plan_many(root: Entity, path: Path, eager: Sequence[Sequence[Relation]] = ()) -> ManyPlan:
    """Make the kept statement of a path that leads through a to-many relation or ends in one.

    `eager` are chains of relations from the root; those that go on from the path's end are loaded with it.
    """
    steps = steps_of(path)
    statement, ends = sa.select(*root.key_attributes(root.model)).select_from(root.model), [root.model]
    for step in steps:
        alias = aliased(step.target)
        statement = join_step(statement, ends[-1], step, alias)
        ends.append(alias)
    end = Entity(steps[-1].target)
    wanted = [last_attribute(ends[-1], path)] if path.column is not None else end.key_attributes(ends[-1])
    ranked = _ranked(statement, root, wanted, _order(root, steps, ends, end))
    width = len(root.key_columns)
    further = [
        chain[len(steps) :] for chain in eager if tuple(chain[: len(steps)]) == steps and len(chain) > len(steps)
    ]
    return ManyPlan(_shown(ranked, width, path, end, further), width, _converter(path, end))


def _ranked(statement: sa.Select[Any], root: Entity, wanted: Sequence[Any], order: Sequence[Any]) -> sa.Subquery:
    """Every value of the parents asked for, numbered per parent and with the parent's total."""
    keys = root.key_attributes(root.model)
    rank = sa.func.row_number().over(partition_by=keys, order_by=order)
    total = sa.func.count().over(partition_by=keys)
    statement = statement.where(root.has_key_in(root.model, sa.bindparam("keys", expanding=True)))
    columns = (*keys, total, rank, *wanted)
    return statement.with_only_columns(
        *(column.label(f"c{number}") for number, column in enumerate(columns)), maintain_column_froms=True
    ).subquery()


def _shown(
    ranked: sa.Subquery, width: int, path: Path, end: Entity, eager: Sequence[Sequence[Relation]]
) -> sa.Select[Any]:
    """The first values of each parent, as columns or as entities."""
    columns = list(ranked.c)
    first, rank, wanted = columns[: width + 2], columns[width + 1], columns[width + 2 :]
    by = (*columns[:width], rank)
    if path.column is not None:
        return sa.select(*first, *wanted).where(rank <= Several.SHOWN).order_by(*by)
    related = aliased(end.model)
    return (
        sa.select(*first, related)
        .select_from(ranked)
        .join(related, end.has_key(related, wanted))
        .where(rank <= Several.SHOWN)
        .order_by(*by)
        .options(*(load(related, chain) for chain in eager))
    )


def _order(root: Entity, steps: Sequence[Relation], ends: Sequence[Any], end: Entity) -> list[Any]:
    """The relations' own orders, then the key of what stands at the end."""
    order: list[Any] = []
    owner = root
    for step, alias in zip(steps, ends[1:], strict=True):
        declared = () if step.association else owner.mapper.relationships[step.name].order_by or ()
        adapter = ClauseAdapter(sa.inspect(alias).selectable)
        order += [adapter.traverse(clause) for clause in declared]
        owner = Entity(step.target)
    return [*order, *end.key_attributes(ends[-1])]


def _converter(path: Path, end: Entity) -> Callable[[Any], Any]:
    if path.column is not None:
        return _same
    if path.attribute is None:
        return end.related_value
    name = path.attribute
    return lambda item: read_attribute(item, name)


def _same(value: Any) -> Any:
    return value


def read_attribute(item: Any, name: str) -> Any:
    """What a property holds or a method gives; None of no record. It may do nothing with what cannot be read."""
    if item is None:
        return None
    try:
        value = getattr(item, name)
        return value() if callable(value) else value
    except (TypeError, ValueError, AttributeError, LookupError, ArithmeticError):
        if not is_partly_unreadable(item):
            raise
        return Unreadable("", Kind.OTHER)
