"""A mapper read as plain columns and relations."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import ColumnProperty, Mapper, RelationshipDirection, RelationshipProperty
from sqlalchemy.orm.exc import UnmappedColumnError

from appbuilder_lite.data.sqla_defaults import with_default
from appbuilder_lite.data.sqla_held import held_by, is_encoded
from appbuilder_lite.data.sqla_types import (
    choices_of,
    is_orderable,
    item_type_of,
    kind_of,
    notation_of,
    plain_type,
    range_of,
)
from appbuilder_lite.data.types import Cardinality, Column, Kind, Relation

_RAISING = frozenset({"raise", "raise_on_sql"})


def columns_of(mapper: Mapper[Any]) -> dict[str, Column]:
    """The mapped columns by attribute name, in the tables' order; expressions (`column_property`) come last."""
    places = {column: number for number, column in enumerate(mapper.persist_selectable.c)}
    last = len(places)
    properties = sorted(mapper.column_attrs, key=lambda found: min(places.get(c, last) for c in found.columns))
    return {found.key: _column(mapper, found) for found in properties}


def relations_of(mapper: Mapper[Any]) -> dict[str, Relation]:
    """The mapped relationships by attribute name."""
    return {found.key: _relation(mapper, found) for found in mapper.relationships}


def has_own_key(mapper: Mapper[Any]) -> bool:
    """Whether the tables themselves tell the rows apart by the mapper's key, as writing needs.

    A database view has no key, and neither has a table that was made without one: `__mapper_args__` names columns for
    it that may hold the same values, or NULL, in several rows. A unique constraint over some of them that are never
    NULL is as good as a key; so is one column that may be NULL, where it is all of the key: a row of which the whole
    key is NULL is no record.
    """
    if not isinstance(mapper.local_table, sa.Table | sa.Join):
        return False
    key = set(mapper.primary_key)
    tables = [found for found in mapper.tables if isinstance(found, sa.Table)]
    if any(table.primary_key.columns and key.issuperset(table.primary_key.columns) for table in tables):
        return True
    sure = {column for column in key if len(key) == 1 or not getattr(column, "nullable", True)}
    return any(unique and sure.issuperset(unique) for table in tables for unique in _uniques(table))


def _uniques(table: sa.Table) -> Iterator[Sequence[Any]]:
    """The columns of each unique constraint and index that holds for all rows, and for the columns as they are."""
    yield from ([column] for column in table.columns if column.unique)
    yield from (list(found.columns) for found in table.constraints if isinstance(found, sa.UniqueConstraint))
    yield from (list(found.columns) for found in table.indexes if found.unique and _is_plain(found))


def _is_plain(index: sa.Index) -> bool:
    """Whether an index is over columns alone and over all rows: `postgresql_where` and the like leave some out."""
    partial = any(name.endswith("_where") and given is not None for name, given in index.dialect_kwargs.items())
    return not partial and all(isinstance(found, sa.Column) for found in index.expressions)


def _column(mapper: Mapper[Any], found: ColumnProperty[Any]) -> Column:
    stored: list[Any] = [column for column in found.columns if _is_stored(column)]
    typed, nullable = typed_column(found.key, found.columns[0].type), all(column.nullable for column in stored)
    column = replace(
        typed,
        nullable=nullable,
        holds=None if typed.holds is None else replace(typed.holds, nullable=nullable),
        primary_key=any(column in mapper.primary_key for column in found.columns),
        foreign_key=any(column.foreign_keys for column in stored),
        unique=any(_is_unique(column) for column in stored),
        has_default=any(_has_default(mapper, column) for column in stored),
        writable=bool(stored) and all(_is_writable(mapper, column) for column in stored),
        deferred=found.deferred,
    )
    return with_default(column, mapper, stored)


def typed_column(name: str, type_: Any) -> Column:
    """A column as far as its type describes it."""
    plain = plain_type(type_)
    kind = kind_of(type_)
    minimum, maximum = range_of(type_)
    item_type, holds = item_type_of(type_), held_by(type_)
    return Column(
        name=name,
        kind=kind,
        max_length=plain.length if kind in {Kind.STRING, Kind.TEXT} else None,
        precision=plain.precision if kind is Kind.NUMERIC else None,
        scale=plain.scale if kind is Kind.NUMERIC else None,
        choices=choices_of(type_),
        timezone=bool(getattr(plain, "timezone", False)),
        minimum=minimum,
        maximum=maximum,
        items=None if item_type is None else typed_column(name, item_type),
        orderable=is_orderable(type_),
        is_encoded=is_encoded(type_),
        holds=None if holds is None else replace(holds, name=name),
        notation="" if holds is not None else notation_of(type_),
    )


def _is_stored(column: Any) -> bool:
    """Whether it is a column of a table, not of a subquery that a class is mapped to."""
    return isinstance(column, sa.Column) and isinstance(column.table, sa.Table)


def _is_unique(column: sa.Column[Any]) -> bool:
    """Whether the column alone is unique in its table."""
    table = _table(column)
    # By identity, as `==` of two columns makes an SQL expression.
    return any(len(found) == 1 and found[0] is column for found in (list(table.primary_key), *_uniques(table)))


def _table(column: sa.Column[Any]) -> sa.Table:
    """The table of a mapped column, which belongs to one once its class is mapped."""
    table: Any = column.table
    return cast(sa.Table, table)


def _has_default(mapper: Mapper[Any], column: sa.Column[Any]) -> bool:
    """Whether the mapper or the database fills a value in where none is given."""
    if column.default is not None or column.server_default is not None:
        return True
    return _is_mappers_own(mapper, column) or _table(column).autoincrement_column is column


def _is_mappers_own(mapper: Mapper[Any], column: sa.Column[Any]) -> bool:
    """Whether the mapper writes the column itself: a version number, or the name of a subclass."""
    return column is mapper.version_id_col or column is mapper.polymorphic_on


def _is_writable(mapper: Mapper[Any], column: sa.Column[Any]) -> bool:
    if _is_mappers_own(mapper, column):
        return False
    return column.computed is None and not (column.identity is not None and column.identity.always)


def _relation(mapper: Mapper[Any], found: RelationshipProperty[Any]) -> Relation:
    local = _foreign_key(found)
    own = [column for column in local if column not in _held_otherwise(mapper, found)] or local
    emptied = [column for column in own if column.nullable]
    names = _names(mapper, local)
    return Relation(
        name=found.key,
        cardinality=_cardinality(found),
        target=found.mapper.class_,
        local_columns=tuple(names),
        remote_columns=tuple(_remote(found, column) for column in names.values()),
        own_columns=tuple(_names(mapper, own)),
        emptied=tuple(_names(mapper, emptied)),
        # A foreign key points to nothing where any of its columns is NULL (SQL's MATCH SIMPLE, the default).
        nullable=bool(emptied) or not local,
        # Of a collection that can only be written nobody knows what is in it, so no form can show it.
        writable=not found.viewonly and found.lazy != "write_only",
        loads_itself=found.lazy not in _RAISING,
        back=_back(found),
        deletes_lost=found.cascade.delete_orphan,
    )


def _foreign_key(found: RelationshipProperty[Any]) -> list[sa.Column[Any]]:
    """The columns of a relation to one record that hold its key."""
    if found.direction is not RelationshipDirection.MANYTOONE:
        return []
    return [column for column in found.local_columns if isinstance(column, sa.Column)]


def _held_otherwise(mapper: Mapper[Any], found: RelationshipProperty[Any]) -> frozenset[sa.ColumnElement[Any]]:
    """The columns of the model that its key or another relation to one record holds."""
    others = (one for one in mapper.relationships if one is not found and not one.viewonly)
    return frozenset((*mapper.primary_key, *(column for one in others for column in _foreign_key(one))))


def _names(mapper: Mapper[Any], columns: Collection[sa.Column[Any]]) -> dict[str, sa.Column[Any]]:
    """The attributes that hold these columns, in the mapper's order."""
    wanted = frozenset(columns)
    held = ((own.key, next((one for one in own.columns if one in wanted), None)) for own in mapper.column_attrs)
    return {name: column for name, column in held if isinstance(column, sa.Column)}


def _remote(found: RelationshipProperty[Any], column: sa.Column[Any]) -> str:
    """The attribute of the target that a foreign key column points to; empty where none holds it."""
    with suppress(UnmappedColumnError):
        for local, remote in found.local_remote_pairs or ():
            if local is column:
                return str(found.mapper.get_property_by_column(remote).key)
    return ""


def _back(found: RelationshipProperty[Any]) -> str:
    """The relation of the target that holds the same pairs the other way round, though the two may not know it."""
    ties = (found.synchronize_pairs, found.secondary_synchronize_pairs)
    mirrored = tuple(reversed(ties)) if found.secondary is not None else ties
    others = (one for one in found.mapper.relationships if one is not found)
    same = (one.key for one in others if (one.synchronize_pairs, one.secondary_synchronize_pairs) == mirrored)
    return found.back_populates or next(same, "")


def _cardinality(found: RelationshipProperty[Any]) -> Cardinality:
    if found.direction is RelationshipDirection.MANYTOONE:
        return Cardinality.MANY_TO_ONE
    if not found.uselist:
        return Cardinality.ONE_TO_ONE
    if found.direction is RelationshipDirection.MANYTOMANY:
        return Cardinality.MANY_TO_MANY
    return Cardinality.ONE_TO_MANY
