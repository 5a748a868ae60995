"""Paths as SQL: conditions and orders on columns that stand behind relations. Related tables are always aliased."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Load, aliased

from appbuilder_lite.data.sqla_entity import Entity
from appbuilder_lite.data.sqla_sources import sources
from appbuilder_lite.data.types import Association, Path, Relation

Condition = sa.ColumnElement[bool]


def last_name(path: Path) -> str:
    """The attribute that the path ends in, as SQL knows it."""
    if path.column is not None:
        return path.column.name
    return path.relation.name if path.relation is not None else path.stands_for or str(path.attribute)


def last_attribute(root: Any, path: Path) -> Any:
    """The SQL attribute that the path ends in, on the class or alias that stands at its end."""
    return getattr(root, last_name(path))


def steps_of(path: Path) -> tuple[Relation, ...]:
    """The relations that a path follows, the one that it ends in among them."""
    return (*path.through, path.relation) if path.relation is not None else path.through


def load(
    root: Any,
    steps: Sequence[Relation],
    aliases: Mapping[tuple[str, ...], Any] | None = None,
    chain: tuple[str, ...] = (),
) -> Any:
    """A loader option that loads a chain of relations: to-one in the same statement, to-many in one more.

    What `aliases` say is joined already (`chain` leads to `root`) is read from that join.
    """
    option: Any = Load(root)
    for step in steps:
        attribute, chain = getattr(root, step.name), (*chain, step.name)
        joined = (aliases or {}).get(chain)
        if joined is not None:
            option, root = option.contains_eager(attribute.of_type(joined)), joined
            continue
        option = option.selectinload(attribute) if step.cardinality.is_to_many else option.joinedload(attribute)
        aliases, root = None, step.target
    return option


def load_options(entity: Entity, eager: Sequence[str]) -> Sequence[Any]:
    """Loader options for chains of relations, and for deferred columns, of a model that is selected itself."""
    options = []
    for path in map(entity.path, eager):
        steps = steps_of(path)
        option: Any = load(entity.model, steps) if steps else Load(entity.model)
        if path.column is not None:
            option = option.undefer(last_attribute(steps[-1].target if steps else entity.model, path))
        options.append(option)
    return options


def where_related(root: Any, steps: Sequence[Relation], make: Callable[[Any], Condition]) -> Condition:
    """Some record at the end of the steps satisfies what `make` says of it; without steps, the root does.

    It is an EXISTS and no join, so that no row of the root comes twice and a count needs nothing more.
    """
    if not steps:
        return make(root)
    step, rest = steps[0], steps[1:]
    alias = aliased(step.target)
    if step.association is not None:
        _table, own, other = tied(root, step.association, alias)
        return sa.exists().where(own, other, where_related(alias, rest, make))
    attribute = getattr(root, step.name).of_type(alias)
    inner = where_related(alias, rest, make)
    found: Condition = attribute.any(inner) if step.cardinality.is_to_many else attribute.has(inner)
    return found


def tied(root: Any, association: Association, alias: Any) -> tuple[Any, Condition, Condition]:
    """An alias of an association table, and the conditions that tie one of its rows to both ends."""
    table = association.table.alias()
    return table, table.c[association.own] == _key(root), table.c[association.other] == _key(alias)


def _key(root: Any) -> Any:
    """The key's SQL attribute on a class or alias whose key is one column."""
    mapper = sa.inspect(root).mapper
    return getattr(root, mapper.get_property_by_column(mapper.primary_key[0]).key)


def join_step(statement: sa.Select[Any], root: Any, step: Relation, alias: Any) -> sa.Select[Any]:
    """The statement with the records that a relation of `root` leads to."""
    if step.association is None:
        return statement.join(getattr(root, step.name).of_type(alias))
    table, own, other = tied(root, step.association, alias)
    return statement.join(table, own).join(alias, other)


def reads(query: sa.Select[Any], table: Any) -> bool:
    """Whether a statement selects from a table by itself or in a join; an alias or a subquery of it is another one."""
    return any(source == table for source in sources(query))


class Joins:
    """The outer joins that a list needs: one alias per chain of relations, however many columns use it."""

    def __init__(self, model: type[Any]) -> None:
        self.aliases: dict[tuple[str, ...], Any] = {(): model}
        self.steps: list[tuple[Any, Any]] = []

    def alias(self, steps: Sequence[Relation]) -> Any:
        """The alias at the end of the steps, joined when it is new."""
        chain: tuple[str, ...] = ()
        for step in steps:
            parent, chain = self.aliases[chain], (*chain, step.name)
            if chain not in self.aliases:
                alias = aliased(step.target)
                self.aliases[chain] = alias
                self.steps.append((alias, getattr(parent, step.name).of_type(alias)))
        return self.aliases[chain]

    def apply(self, statement: sa.Select[Any], start: int = 0) -> sa.Select[Any]:
        """The statement with the joins from number `start` on."""
        for _alias, attribute in self.steps[start:]:
            statement = statement.outerjoin(attribute)
        return statement

    def copy(self) -> Joins:
        """A copy that can grow for one request."""
        made = object.__new__(Joins)
        made.aliases, made.steps = dict(self.aliases), list(self.steps)
        return made
