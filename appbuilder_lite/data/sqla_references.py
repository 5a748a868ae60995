"""What holds on to the records of a class, and what a delete makes of it: read from the mappers, not the database."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, RelationshipDirection, RelationshipProperty
from sqlalchemy.orm.exc import UnmappedColumnError

Pairs = tuple[tuple[str, str], ...]


class Effect(enum.Enum):
    """What becomes of records that refer to a deleted one.

    `GOES`: they are deleted, too. `UNLINKED`: they stay, and what refers is emptied. `LINKS`: they stay, and the row
    between goes. `BLOCKS`: they keep it from being deleted.
    """

    GOES = "goes"
    UNLINKED = "unlinked"
    LINKS = "links"
    BLOCKS = "blocks"


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """One way by which records of `target` hold on to those of the class that owns this.

    `pairs` are attributes of the owner with what holds the same values: attributes of the target, or columns of
    `table`, which stands between; `onward` are then its columns with the target's attributes. A table that no class is
    mapped to has no target. `by_database` tells that the database does it, and `back` is the target's own relation.
    """

    effect: Effect
    target: Mapper[Any] | None
    pairs: Pairs
    by_database: bool = False
    table: sa.Table | None = None
    onward: Pairs = ()
    back: str = ""


def references(mapper: Mapper[Any], *, is_enforced: bool = True) -> tuple[Reference, ...]:
    """What SQLAlchemy does when it deletes a record of this class, and what the database then does.

    Where the database does not follow its own rules (`is_enforced`), what they would see to keeps the record: else rows
    would point to nothing. A class with a `before_delete` listener is trusted to have seen to them itself.
    """
    related: dict[Any, Reference] = {}
    for found in mapper.relationships:
        reference = None if found.viewonly else _of_relation(mapper, found)
        key = None if reference is None else _key(reference)
        # Several relations may lead over one foreign key: the strictest of them counts.
        if reference is not None and (key not in related or _is_stricter(reference, related[key])):
            related[key] = reference
    known = [*related.values()]
    between = {one.table for one in known if one.table is not None}
    found_all = [
        *known,
        *(one for one in by_database(mapper) if _key(one) not in related and not _is_row_of(one, between)),
    ]
    return tuple(found_all) if is_enforced else tuple(_without_rules(mapper, found_all))


def by_database(mapper: Mapper[Any]) -> tuple[Reference, ...]:
    """What the database alone does when a row of this class goes: its own rules, whatever the relations say."""
    return tuple(
        reference for constraint in _constraints_to(mapper) for reference in _of_constraint(mapper, constraint)
    )


def _of_relation(mapper: Mapper[Any], found: RelationshipProperty[Any]) -> Reference | None:
    try:
        if found.direction is RelationshipDirection.MANYTOMANY:
            return _of_association(mapper, found)
        pairs = _pairs(mapper, found.mapper, found.local_remote_pairs or ())
    except UnmappedColumnError:
        return None
    if found.direction is RelationshipDirection.MANYTOONE:
        return Reference(Effect.GOES, found.mapper, pairs) if found.cascade.delete else None
    back = _relation_back(found.mapper, pairs)
    if found.cascade.delete and not found.passive_deletes and found.lazy != "noload":
        return Reference(Effect.GOES, found.mapper, pairs, back=back)
    if would_orphan(found):
        return Reference(Effect.BLOCKS, found.mapper, pairs, back=back)
    remote = [column for _local, column in found.local_remote_pairs or ()]
    return Reference(
        _effect(remote, _rules(found)),
        found.mapper,
        pairs,
        by_database=bool(found.passive_deletes) or found.lazy == "noload",
        back=back,
    )


def would_orphan(found: RelationshipProperty[Any]) -> bool:
    """Whether SQLAlchemy would set foreign keys to NULL that are not declared to be: without a word to anybody."""
    if found.direction is not RelationshipDirection.ONETOMANY or found.viewonly or found.cascade.delete:
        return False
    rules = _rules(found)
    return not (found.passive_deletes == "all" or "SET NULL" in rules or (found.passive_deletes and rules - {""}))


def _of_association(mapper: Mapper[Any], found: RelationshipProperty[Any]) -> Reference | None:
    table = found.secondary
    if not isinstance(table, sa.Table):
        return None
    pairs = tuple((_name(mapper, local), str(column.key)) for local, column in found.synchronize_pairs)
    onward = tuple(
        (str(column.key), _name(found.mapper, remote)) for remote, column in found.secondary_synchronize_pairs or ()
    )
    back = next((one.key for one in found.mapper.relationships if one.secondary is table and one is not found), "")
    effect = Effect.GOES if found.cascade.delete else Effect.LINKS
    return Reference(effect, found.mapper, pairs, table=table, onward=onward, back=back)


def _constraints_to(mapper: Mapper[Any]) -> Iterator[sa.ForeignKeyConstraint]:
    own = set(mapper.tables)
    tables = mapper.local_table.metadata.tables if isinstance(mapper.local_table, sa.Table) else {}
    for table in tables.values():
        for constraint in sorted(table.foreign_key_constraints, key=lambda one: [*one.column_keys]):
            if _refers_to(constraint, own):
                yield constraint


def _refers_to(constraint: sa.ForeignKeyConstraint, tables: Collection[Any]) -> bool:
    try:
        return constraint.referred_table in tables
    except sa.exc.NoReferenceError:
        # To a table that this app does not know.
        return False


def _of_constraint(mapper: Mapper[Any], constraint: sa.ForeignKeyConstraint) -> Iterator[Reference]:
    table, elements = constraint.table, constraint.elements
    if not isinstance(table, sa.Table):
        return
    columns = [(element.column, element.parent) for element in elements]
    effect = _effect([column for _owner, column in columns], {_rule(constraint)})
    target = _class_of(mapper, table, [column for _owner, column in columns])
    try:
        if target is not None:
            pairs = _pairs(mapper, target, columns)
            if not _is_inheritance(target, constraint):
                back = _relation_back(target, pairs)
                yield Reference(effect, target, pairs, by_database=True, back=back)
            return
        pairs = tuple((_name(mapper, owner), str(column.key)) for owner, column in columns)
    except UnmappedColumnError:
        return
    yield from _of_plain_table(mapper, table, pairs, effect)


def _of_plain_table(mapper: Mapper[Any], table: sa.Table, pairs: Pairs, effect: Effect) -> Iterator[Reference]:
    """A table without a class: rows between two classes if a relation says so, else rows that nobody has a name for."""
    effect = Effect.LINKS if effect is Effect.GOES else effect
    for other in _mappers(mapper):
        for found in other.relationships:
            if found.secondary is table and not found.viewonly and mapper.isa(found.mapper):
                onward = tuple((str(column.key), _name(other, local)) for local, column in found.synchronize_pairs)
                yield Reference(effect, other, pairs, by_database=True, table=table, onward=onward, back=found.key)
                return
    if effect is Effect.BLOCKS:
        yield Reference(effect, None, pairs, by_database=True, table=table)


def _rule(constraint: sa.ForeignKeyConstraint) -> str:
    return (constraint.ondelete or "").upper()


def _rules(found: RelationshipProperty[Any]) -> set[str]:
    """The rules of the foreign keys that a relation follows: another one that shares a column of theirs has no say."""
    owner, remote = set(found.parent.tables), set(found.remote_side)
    constraints = {key.constraint for column in remote for key in column.foreign_keys}
    return {_rule(one) for one in constraints if one and remote >= {*one.columns} and _refers_to(one, owner)}


def _effect(columns: Collection[Any], rules: Collection[str]) -> Effect:
    """What the rules of a foreign key say; one that would have to empty what cannot be empty blocks."""
    if "CASCADE" in rules:
        return Effect.GOES
    if any(rule.startswith("SET NULL") for rule in rules):
        can_be_empty = all(column.nullable and not column.primary_key for column in columns)
        return Effect.UNLINKED if can_be_empty else Effect.BLOCKS
    return Effect.UNLINKED if any(rule.startswith("SET DEFAULT") for rule in rules) else Effect.BLOCKS


def _class_of(mapper: Mapper[Any], table: sa.Table, columns: Sequence[Any]) -> Mapper[Any] | None:
    """The first class, from the top of its line, that is mapped to these columns of the table."""
    found = [
        one for one in _mappers(mapper) if table in one.tables and all(_is_mapped(one, column) for column in columns)
    ]
    return min(found, key=lambda one: len(list(one.iterate_to_root())), default=None)


def _is_inheritance(target: Mapper[Any], constraint: sa.ForeignKeyConstraint) -> bool:
    """Whether it ties a class's own table to that of the class it inherits from: both rows are one record."""
    parent = target.inherits
    if parent is None or constraint.table is not target.local_table or constraint.referred_table not in parent.tables:
        return False
    return all(column.primary_key for column in constraint.columns)


def _without_rules(mapper: Mapper[Any], found: Iterable[Reference]) -> Iterator[Reference]:
    is_trusted = bool(mapper.dispatch.before_delete)
    for one in found:
        if not one.by_database or one.effect is Effect.LINKS:
            yield one
        elif not is_trusted:
            yield replace(one, effect=Effect.BLOCKS, by_database=False)


def _mappers(mapper: Mapper[Any]) -> list[Mapper[Any]]:
    return sorted(mapper.registry.mappers, key=lambda one: (one.class_.__module__, one.class_.__qualname__))


def _relation_back(target: Mapper[Any], pairs: Pairs) -> str:
    wanted = {far for _owner, far in pairs}
    for found in target.relationships:
        if found.direction is RelationshipDirection.MANYTOONE and not found.viewonly:
            keys = {_name(target, column) for column in found.local_columns if _is_mapped(target, column)}
            if keys == wanted:
                return found.key
    return ""


def _pairs(owner: Mapper[Any], target: Mapper[Any], columns: Iterable[tuple[Any, Any]]) -> Pairs:
    return tuple((_name(owner, near), _name(target, far)) for near, far in columns)


def _name(mapper: Mapper[Any], column: Any) -> str:
    return mapper.get_property_by_column(column).key


def _is_mapped(mapper: Mapper[Any], column: Any) -> bool:
    try:
        _name(mapper, column)
    except UnmappedColumnError:
        return False
    return True


def _key(reference: Reference) -> Any:
    return (
        None if reference.table is not None else reference.target and reference.target.base_mapper,
        reference.table,
        frozenset(reference.pairs),
    )


def _is_row_of(reference: Reference, tables: Collection[sa.Table]) -> bool:
    """Whether it leads to a class of rows between two records, which SQLAlchemy deletes as such."""
    return reference.target is not None and reference.target.local_table in tables


def _is_stricter(one: Reference, other: Reference) -> bool:
    order = [Effect.BLOCKS, Effect.GOES, Effect.UNLINKED, Effect.LINKS]
    return order.index(one.effect) < order.index(other.effect)
