"""The records that belong to another one by a one-to-many relation: which relation that is, and reading them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import NoInspectionAvailable
from sqlalchemy.orm import Mapper, RelationshipDirection, RelationshipProperty, with_parent
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import UnmappedColumnError
from sqlalchemy.sql import visitors

from appbuilder_lite.data.interface import Scope
from appbuilder_lite.data.sqla_model import SQLAInterface
from appbuilder_lite.data.sqla_paths import load_options
from appbuilder_lite.data.sqla_unreadable import read_again


def to_many(owner: type[Any], child: type[Any]) -> dict[str, RelationshipProperty[Any]]:
    """The one-to-many relations of a model whose records are of this class, by name."""
    mapper: Mapper[Any] = sa.inspect(owner)
    return {
        found.key: found
        for found in mapper.relationships
        if found.direction is RelationshipDirection.ONETOMANY and found.uselist and found.mapper.class_ is child
    }


def fault_of(relation: RelationshipProperty[Any]) -> str:
    """Why records of a relation cannot be written by their foreign key alone; empty where they can."""
    if relation.viewonly:
        return "is only read (viewonly)"
    mapped = [_name(relation.mapper, remote) for _local, remote in relation.local_remote_pairs or ()]
    if "" in mapped:
        return "has a foreign key that the model does not map"
    # What stands beside the pairs of keys is a condition that a new record would have to satisfy by itself.
    compared = sum(1 for _ in _comparisons(relation.primaryjoin))
    return "" if compared == len(mapped) else "has a condition of its own"


def foreign_keys(relation: RelationshipProperty[Any]) -> tuple[str, ...]:
    """The attributes of the many that hold the key of the one."""
    return tuple(_name(relation.mapper, remote) for _local, remote in relation.local_remote_pairs or ())


def ways_back(relation: RelationshipProperty[Any]) -> frozenset[str]:
    """The relations of the many that the same foreign key holds, or a part of it."""
    held = {remote for _local, remote in relation.local_remote_pairs or ()}
    others = (found for found in relation.mapper.relationships if found.direction is RelationshipDirection.MANYTOONE)
    return frozenset(
        found.key for found in others if held.issuperset(found.local_columns) or found.key == relation.back_populates
    )


def is_mapped(model: Any) -> bool:
    """Whether it is a class of records."""
    try:
        return isinstance(model, type) and sa.inspect(model) is not None
    except NoInspectionAvailable:
        return False


class Children:
    """The records of one relation, of one record at a time; holds no state of a request.

    `order` are the columns that they are sorted by, before their key.
    """

    def __init__(self, owner: SQLAInterface, children: SQLAInterface, relation: str, order: Sequence[str] = ()) -> None:
        self.owner = owner
        self.children = children
        self.relation: RelationshipProperty[Any] = owner.entity.mapper.relationships[relation]
        self.order = tuple(order)

    def read(self, item: Any, scope: Scope, eager: Sequence[str], limit: int) -> Sequence[Any]:
        """The first of them within the scope, in their order: one statement."""
        statement = self._of(item, scope).options(*load_options(self.children.entity, eager))
        statement, session = statement.order_by(*self._order()).limit(limit), self.children.session
        return read_again(session, self.children.entity, lambda: list(session.scalars(statement).unique()))

    def count(self, item: Any, scope: Scope) -> int:
        """How many there are within the scope."""
        keys = self._of(item, scope).with_only_columns(*self.children.entity.key_attributes(self.children.model))
        return int(self.children.session.scalar(sa.select(sa.func.count()).select_from(keys.order_by(None).subquery())))

    def reread(self, items: Sequence[Any], eager: Sequence[str]) -> int:
        """Lock these rows and read them again, in one statement; how many there still are.

        SQLite, which has no locks on rows, refuses a write after what was read here has changed.
        """
        entity, model = self.children.entity, self.children.model
        keys = [entity.key_values(item) for item in items]
        statement = sa.select(model).where(entity.has_key_in(model, keys)).options(*load_options(entity, eager))
        if self.children.trash is not None:
            statement = statement.where(self.children.trash.condition(model))
        locked = statement.with_for_update(of=model).execution_options(populate_existing=True)
        session = self.children.session
        return len(read_again(session, self.children.entity, lambda: session.scalars(locked).unique().all()))

    def highest(self, item: Any, name: str) -> int | None:
        """The highest number that any of them has in a column, whoever may see it; None where none has one.

        The record that they belong to is locked by then, so nobody else gives one: what is read has to be newer than
        what a transaction has read before, which only a lock makes it on MariaDB.
        """
        number = getattr(self.children.model, name)
        found = sa.select(number).where(with_parent(item, self.relation.class_attribute), number.is_not(None))
        top: int | None = self.children.session.scalar(found.order_by(number.desc()).limit(1).with_for_update())
        return top

    @property
    def unique_keys(self) -> frozenset[tuple[str, ...]]:
        """The attributes that each unique key of their table holds, alone or together."""
        mapper = self.relation.mapper
        tables = [table for table in mapper.tables if isinstance(table, sa.Table)]
        keys: list[Any] = [key for table in tables for key in (*table.constraints, *table.indexes) if _is_unique(key)]
        return frozenset(tuple(filter(None, (_name(mapper, column) for column in key.columns))) for key in keys)

    def belong(self, child: Any, item: Any) -> None:
        """Give a new record the key of the one that it belongs to, which is known by now, and that one to be read."""
        mapper: Mapper[Any] = self.owner.entity.mapper
        for local, remote in self.relation.local_remote_pairs or ():
            setattr(child, _name(self.relation.mapper, remote), getattr(item, _name(mapper, local)))
        for name in self._lead_back():
            # Set as any other, it would put the new record into the other one's collection, and read that whole.
            set_committed_value(child, name, item)

    def _lead_back(self) -> Iterator[str]:
        """The relations of the many that the same foreign key holds, and nothing beside it."""
        pairs = {(remote, local) for local, remote in self.relation.local_remote_pairs or ()}
        for name in ways_back(self.relation):
            found = self.relation.mapper.relationships[name]
            is_same = set(found.local_remote_pairs or ()) == pairs and not found.uselist
            if is_same and self.owner.entity.mapper.isa(found.mapper):
                yield name

    def forget(self, item: Any) -> None:
        """Have the relation read again when it is asked for: its records were written without it."""
        self.children.session.expire(item, [self.relation.key])

    def _order(self) -> Iterator[Any]:
        """Those without a place first, on every database: a new one, which gets a place, then is the last."""
        for name in self.order:
            place = getattr(self.children.model, name)
            yield from (sa.case((place.is_(None), 0), else_=1), place)
        for name in self.children.entity.key_columns:
            yield getattr(self.children.model, name)

    def _of(self, item: Any, scope: Scope) -> Any:
        rows = self.children.plain(scope)(sa.select(self.children.model))
        return rows.where(with_parent(item, self.relation.class_attribute))


def _is_unique(key: Any) -> bool:
    return isinstance(key, sa.UniqueConstraint) or (isinstance(key, sa.Index) and bool(key.unique))


def _name(mapper: Mapper[Any], column: Any) -> str:
    """The attribute that holds a column; empty where none does."""
    try:
        return mapper.get_property_by_column(column).key
    except UnmappedColumnError:
        return ""


def _comparisons(condition: Any) -> Iterator[Any]:
    for found in visitors.iterate(condition):
        if isinstance(found, sa.BinaryExpression):
            yield found
