"""Filters on relations, and those that ask a function for their value, under Flask-AppBuilder's names."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from appbuilder_lite.data.filter_values import key_of
from appbuilder_lite.data.filters import BaseFilter, FilterEqual, FilterIn, FunctionFilter, listed
from appbuilder_lite.data.keys import InvalidKey
from appbuilder_lite.data.sqla_entity import Entity
from appbuilder_lite.data.sqla_paths import Condition, where_related
from appbuilder_lite.data.types import Cardinality, Path, Relation
from appbuilder_lite.errors import InvalidInput
from appbuilder_lite.text import gettext


class RelationFilter(BaseFilter):
    """A comparison of a relation with a record: the record itself, its key, or its key as a URL carries it."""

    @cached_property
    def _target(self) -> tuple[Path, Relation, Entity]:
        path = self.datamodel.path(self.column_name)
        if path.relation is None:
            raise LookupError(f"{self.datamodel.name}.{self.column_name} is no relation")
        return path, path.relation, Entity(path.relation.target)

    def check(self, value: Any) -> None:
        _path, _relation, target = self._target
        for item in listed(value):
            try:
                key_of(target, item)
            except InvalidKey:
                raise InvalidInput(self.column_name, gettext("There is no such record (any more).")) from None

    def points_to(self, value: Any) -> Condition:
        """The relation holds this record; None: it holds none."""
        path, relation, _target = self._target
        if value is None:
            return sa.not_(where_related(self.model, (*path.through, relation), lambda _end: sa.true()))
        return self._any_of([value])

    def _any_of(self, values: Sequence[Any]) -> Condition:
        """The relation holds one of these records."""
        path, relation, target = self._target
        keys = _keys(target, values)
        return where_related(self.model, path.through, lambda end: _holds(end, relation, target, keys))

    def _none_of(self, values: Sequence[Any]) -> Condition:
        """The relation holds a record, and none of these; where the path leads to many, it holds none of these."""
        path, relation, target = self._target
        if path.is_to_many:
            return sa.not_(self._any_of(values))
        keys = _keys(target, values)
        return where_related(self.model, path.through, lambda end: _holds_other(end, relation, target, keys))


class FilterRelationOneToManyEqual(RelationFilter):
    name = "Relation"
    arg_name = "rel_o_m"

    def apply(self, query: sa.Select[Any], value: Any) -> sa.Select[Any]:
        return query.where(self.points_to(value))


class FilterRelationOneToManyNotEqual(RelationFilter):
    name = "No Relation"
    arg_name = "nrel_o_m"

    def apply(self, query: sa.Select[Any], value: Any) -> sa.Select[Any]:
        # A row that points nowhere does not point to the record either, whatever SQL makes of NULL.
        return query.where(sa.func.coalesce(sa.not_(self.points_to(value)), sa.true()))


class FilterRelationManyToManyEqual(RelationFilter):
    """The relation holds the record, or all of several records."""

    name = "Relation as Many"
    arg_name = "rel_m_m"
    multiple = True

    def apply(self, query: sa.Select[Any], value: Any) -> sa.Select[Any]:
        return query.where(*(self.points_to(item) for item in listed(value)))


class RecordFilter(RelationFilter):
    """A comparison that people set, with records that they meet; the address has the keys of these."""


class FilterRelationNotEqual(RecordFilter):
    """The relation is another record; of a relation to many, none of its records is this one."""

    name = "Is not"
    arg_name = "neq"

    def apply(self, query: sa.Select[Any], value: Any) -> sa.Select[Any]:
        return query.where(self._none_of([value]))


class FilterRelationIn(RecordFilter):
    """The relation is one of several records, or holds one of them."""

    name = "Is one of"
    arg_name = "in"
    multiple = True

    def apply(self, query: sa.Select[Any], value: Any) -> sa.Select[Any]:
        return query.where(self._any_of(listed(value)))


class FilterRelationNotIn(RecordFilter):
    """The relation is a record that is none of several; of a relation to many, none of its records is."""

    name = "Is none of"
    arg_name = "not_in"
    multiple = True

    def apply(self, query: sa.Select[Any], value: Any) -> sa.Select[Any]:
        return query.where(self._none_of(listed(value)))


class FilterEqualFunction(FunctionFilter):
    name = "Filter view with a function"
    arg_name = "eqf"

    def comparison(self) -> type[BaseFilter]:
        is_relation = self.datamodel.path(self.column_name).relation is not None
        return FilterRelationOneToManyEqual if is_relation else FilterEqual


class FilterInFunction(FunctionFilter):
    name = "Filter view where field is in a list returned by a function"
    arg_name = "inf"

    def comparison(self) -> type[BaseFilter]:
        return FilterIn


def _keys(target: Entity, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The keys that the values stand for, without those that no record has."""
    found = []
    for value in values:
        with suppress(InvalidKey):
            found.append(key_of(target, value))
    return found


def _holds(end: Any, relation: Relation, target: Entity, keys: Sequence[Sequence[Any]]) -> Condition:
    """The relation of `end` has a record of these keys; by the foreign key itself where that holds the whole key."""
    held = held_key(end, relation, target)
    if held is None:
        return where_related(end, (relation,), lambda alias: _is_one(target.key_attributes(alias), keys))
    return _is_one(held, keys)


def _holds_other(end: Any, relation: Relation, target: Entity, keys: Sequence[Sequence[Any]]) -> Condition:
    """The relation of `end` has a record, and that has none of these keys."""
    held = held_key(end, relation, target)
    if held is None:
        return where_related(end, (relation,), lambda alias: sa.not_(_is_one(target.key_attributes(alias), keys)))
    return sa.and_(sa.not_(_is_one(held, keys)), *(attribute.is_not(None) for attribute in held))


def _is_one(attributes: Sequence[Any], keys: Sequence[Sequence[Any]]) -> Condition:
    pairs = (zip(attributes, key, strict=True) for key in keys)
    return sa.or_(sa.false(), *(sa.and_(*(attribute == value for attribute, value in pair)) for pair in pairs))


def held_key(end: Any, relation: Relation, target: Entity) -> list[Any] | None:
    """The foreign keys of `end` that are the whole key of the related record; None where it holds no such."""
    if relation.cardinality is not Cardinality.MANY_TO_ONE:
        return None
    mapper = sa.inspect(end).mapper
    local = {remote: column for column, remote in mapper.relationships[relation.name].local_remote_pairs}
    if not all(part in local for part in target.mapper.primary_key):
        return None
    return [getattr(end, mapper.get_property_by_column(local[part]).key) for part in target.mapper.primary_key]
