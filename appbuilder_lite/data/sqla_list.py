"""The kept statement of a list, and the reading of its rows."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from appbuilder_lite.data.failed import Failed, at_once, attempt
from appbuilder_lite.data.keys import encode_key
from appbuilder_lite.data.query import RelatedValue, Row, Several
from appbuilder_lite.data.sqla_decorated import readable
from appbuilder_lite.data.sqla_entity import Entity
from appbuilder_lite.data.sqla_many import ManyPlan, plan_many, read_attribute
from appbuilder_lite.data.sqla_paths import Joins, last_attribute, load, steps_of
from appbuilder_lite.data.types import Path, Relation

Cell = Callable[[Any], Any]
_Several = tuple[int, Mapping[Any, Any]]

MOST_KEPT = 64
"""Statements that are kept of a list: people may sort it by any of its columns, and by several."""


@dataclass(frozen=True, slots=True)
class ListPlan:
    """What a list needs whoever asks: made once per view.

    `base` selects the keys alone: a scope is applied to it, because on a statement with joins `filter_by` would mean
    another table. `statement` is what a list without a scope runs; with one, `rows` puts `columns` and `joins` on.
    """

    model: type[Any]
    base: sa.Select[Any]
    statement: sa.Select[Any]
    columns: tuple[Any, ...]
    joins: Joins
    options: tuple[Any, ...]
    width: int
    cells: tuple[Cell, ...]
    many: tuple[tuple[int, ManyPlan], ...]
    item: int | None
    has_entities: bool
    has_own_key: bool
    kept: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    def keep(self, name: Hashable, make: Callable[[], Any]) -> Any:
        """What was made under that name, for lists without a scope alone: they are the same for everybody."""
        found = self.kept.get(name)
        if found is None:
            if len(self.kept) >= MOST_KEPT:
                self.kept.clear()
            found = self.kept[name] = make()
        return found

    def rows(self, scoped: sa.Select[Any]) -> sa.Select[Any]:
        """The statement of the rows for a scoped `base`."""
        if scoped is self.base:
            return self.statement
        return _shaped(scoped, self.columns, self.joins, self.options)

    def rows_of(self, keys: Any, condition: Any) -> sa.Select[Any]:
        """The statement of the rows whose keys a subquery has found, which `condition` ties to them."""
        columns = self.base.with_only_columns(*self.columns, maintain_column_froms=True)
        statement = self.joins.apply(columns.join_from(self.model, keys, condition))
        return statement.options(*self.options) if self.options else statement

    def fetch(self, session: Any, statement: sa.Select[Any], values: Mapping[str, Any] | None = None) -> Sequence[Any]:
        """Run the statement; what it selects beside the plan's columns stands at the end of its rows."""
        result = session.execute(statement, values)
        if not self.has_entities:
            return list(result)
        # By the key: SQLAlchemy's own way compares every column, and JSON or an array cannot be. Where several rows
        # have the same key, each of them is one.
        each = count()
        return list(result.unique(itemgetter(slice(self.width)) if self.has_own_key else lambda _row: next(each)))

    def made_of(self, session: Any, found: Sequence[Any]) -> list[Row]:
        """The rows of a list from those of the statement: one more statement for each to-many column."""
        keys = [tuple(row[: self.width]) for row in found]
        several = [(place, plan.read(session, keys)) for place, plan in self.many]
        if any(isinstance(values, Failed) for _place, by_key in several for values in by_key.values()):
            return self._one_by_one(found, keys, several)
        return at_once(
            lambda: [self._row(row, key, several) for row, key in zip(found, keys, strict=True)],
            lambda: self._one_by_one(found, keys, several),
        )

    def _one_by_one(self, found: Sequence[Any], keys: Sequence[Any], several: Sequence[_Several]) -> list[Row]:
        """The rows with `Failed` in the place of each value that cannot be made."""
        cells = tuple(partial(attempt, cell) for cell in self.cells)
        rows = [self._row(row, key, several, cells) for row, key in zip(found, keys, strict=True)]
        return [row._replace(has_failed=any(isinstance(value, Failed) for value in row.values)) for row in rows]

    def _row(
        self, row: Any, key: tuple[Any, ...], several: Sequence[_Several], cells: tuple[Cell, ...] | None = None
    ) -> Row:
        values = [cell(row) for cell in cells or self.cells]
        for place, by_key in several:
            values[place] = by_key.get(key, values[place])
        # SQLAlchemy makes no record of a row whose whole key is NULL, so no page can show it either.
        text = encode_key(key) if any(part is not None for part in key) else ""
        return Row(text, tuple(values), None if self.item is None else row[self.item])


def compile_plan(
    entity: Entity,
    paths: Sequence[Path],
    eager: Sequence[str],
    label_columns_of: Mapping[str, Sequence[str]],
    *,
    with_items: bool = False,
) -> ListPlan:
    """Make the plan of a list that shows these paths, and with `with_items` has the records too."""
    builder = _PlanBuilder(entity, label_columns_of)
    cells = tuple(builder.cell(path) for path in paths)
    if with_items:
        builder.own_entity()
    chains = [steps_of(entity.path(text)) for text in eager]
    many = [(place, plan_many(entity, path, chains)) for place, path in enumerate(paths) if path.is_to_many]
    base = sa.select(*entity.key_attributes(entity.model)).select_from(entity.model)
    columns, options = tuple(builder.columns), tuple(option for chain in chains for option in builder.eager(chain))
    return ListPlan(
        model=entity.model,
        base=base,
        statement=_shaped(base, columns, builder.joins, options),
        columns=columns,
        joins=builder.joins,
        options=options,
        width=len(entity.key_columns),
        cells=cells,
        many=tuple(many),
        item=builder.item,
        has_entities=bool(builder.entities),
        has_own_key=entity.has_own_key,
    )


def _shaped(statement: sa.Select[Any], columns: Sequence[Any], joins: Joins, options: Sequence[Any]) -> sa.Select[Any]:
    """The statement with what a list shows in the place of the bare keys."""
    statement = joins.apply(statement.with_only_columns(*columns, maintain_column_froms=True))
    return statement.options(*options) if options else statement


class _PlanBuilder:
    """Collects the columns and joins that the cells ask for."""

    def __init__(self, entity: Entity, label_columns_of: Mapping[str, Sequence[str]]) -> None:
        self.entity = entity
        self.label_columns_of = label_columns_of
        self.joins = Joins(entity.model)
        self.columns: list[Any] = list(entity.key_attributes(entity.model))
        self.entities: dict[tuple[str, ...], int] = {}
        self.item: int | None = None

    def cell(self, path: Path) -> Cell:
        """How this path's value is read from a row."""
        if path.is_to_many:
            return _nothing
        if path.column is not None:
            return itemgetter(self._column(readable(last_attribute(self.joins.alias(path.through), path))))
        if path.relation is not None:
            return self._related(path, path.relation)
        return self._attribute(path, str(path.attribute))

    def _column(self, column: Any) -> int:
        self.columns.append(column)
        return len(self.columns) - 1

    def _entity(self, steps: tuple[Relation, ...]) -> int:
        """The place of the entity at the end of the steps, selected once."""
        chain = tuple(step.name for step in steps)
        if chain not in self.entities:
            self.entities[chain] = self._column(self.joins.alias(steps))
        return self.entities[chain]

    def own_entity(self) -> int:
        """The place of the row's own record."""
        self.item = self._entity(())
        return self.item

    def _related(self, path: Path, relation: Relation) -> Cell:
        steps = (*path.through, relation)
        target = Entity(relation.target)
        if path.text in self.label_columns_of:
            return self._label(steps, target, self.label_columns_of[path.text])
        place = self._entity(steps)
        return lambda row: target.related_value(row[place])

    def _label(self, steps: tuple[Relation, ...], target: Entity, names: Sequence[str]) -> Cell:
        alias = self.joins.alias(steps)
        key = slice(len(self.columns), len(self.columns) + len(target.key_columns))
        self.columns += target.key_attributes(alias)
        words = slice(key.stop, key.stop + len(names))
        self.columns += [last_attribute(alias, target.own_column(name)) for name in names]
        return lambda row: _labelled(target, row[key], row[words])

    def _attribute(self, path: Path, name: str) -> Cell:
        place = self._entity(path.through) if path.through else self.own_entity()
        return lambda row: read_attribute(row[place], name)

    def eager(self, steps: Sequence[Relation]) -> list[Any]:
        """Loader options for a chain of relations, from each selected entity that it can start at."""
        names = tuple(step.name for step in steps)
        starts = [chain for chain in self.entities if chain == names[: len(chain)] and len(chain) < len(names)]
        return [load(self.joins.aliases[chain], steps[len(chain) :], self.joins.aliases, chain) for chain in starts]


def _nothing(_row: Any) -> Any:
    return Several()


def _labelled(target: Entity, key: Sequence[Any], words: Sequence[Any]) -> RelatedValue | None:
    if all(part is None for part in key):
        return None
    encoded, name = encode_key(tuple(key)), " ".join(str(word) for word in words if word is not None)
    return RelatedValue(encoded, name if name.strip() else target.kind_and_key(encoded))
