"""SQLAlchemy models as a data source."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, selectinload

from appbuilder_lite.data.failed import Failed
from appbuilder_lite.data.interface import Claimed, Scope
from appbuilder_lite.data.keys import InvalidKey
from appbuilder_lite.data.query import ListQuery, Several
from appbuilder_lite.data.sqla_bound import KEPT_PATHS
from appbuilder_lite.data.sqla_choices import Choices, first_choices, looked_up
from appbuilder_lite.data.sqla_claims import claim, recheck
from appbuilder_lite.data.sqla_collections import first_held, read_later
from appbuilder_lite.data.sqla_consequences import Plan, plan
from appbuilder_lite.data.sqla_dependents import within_reach
from appbuilder_lite.data.sqla_entity import Entity
from appbuilder_lite.data.sqla_errors import fitting
from appbuilder_lite.data.sqla_lists import SQLALists
from appbuilder_lite.data.sqla_many import plan_many, read_attribute
from appbuilder_lite.data.sqla_paths import load_options
from appbuilder_lite.data.sqla_scope import plain
from appbuilder_lite.data.sqla_unreadable import read_again, reading
from appbuilder_lite.data.sqla_write import (
    attempt,
    by_mapper,
    follows_rules,
    mark_changed,
    new_record,
    part,
    read_by_delete,
    refusals,
    refuse_orphans,
    reread,
    savepoint,
    unlink,
)
from appbuilder_lite.data.types import Path

KEYS_PER_STATEMENT = 500


class SQLAInterface(SQLALists):
    """Declares the model of a view, and reads and writes its records once it is bound.

    `target` is a mapped class or `security_model("user_model")`; `session` takes the place of the app's own.

    Example: `datamodel = SQLAInterface(Customer)`.
    """

    @reading
    def get(self, key: str, scope: Scope, eager: Sequence[str] = ()) -> Any | None:
        """The record of an encoded key within the scope, or None."""
        try:
            values = self.entity.decode(key, self._dialect())
        except InvalidKey:
            return None
        statement = self.plain(scope)(sa.select(self.model)).where(self.entity.has_key(self.model, values))
        options = load_options(self.entity, [self.path(text).text for text in eager])
        statement = statement.options(*read_later(self.entity.mapper), *options)
        return self.session.scalars(statement).unique().one_or_none()

    def get_many(self, keys: Sequence[str], scope: Scope) -> Mapping[str, Any]:
        """The records by encoded key, of those keys that exist within the scope."""
        return self._by_key(self.entity, keys, scope)

    def get_doomed(self, keys: Sequence[str], scope: Scope) -> Mapping[str, Any]:
        """The same, with the relations that a delete reads: at once, as it would read them record by record."""
        relations = () if self.deletes_softly else read_by_delete(self.entity.mapper)
        read = [selectinload(found.class_attribute) for found in relations]
        return self._by_key(self.entity, keys, lambda query: plain(self.entity, scope)(query).options(*read))

    def version(self, item: Any) -> Any:
        """The version of a record, where its model has a `version_id_col`."""
        column = self.entity.mapper.version_id_col
        return None if column is None else getattr(item, self.entity.mapper.get_property_by_column(column).key)

    @reading
    def reread(self, item: Any, names: Iterable[str]) -> frozenset[str]:
        """Lock a record, read it again, and say which of these attributes hold other values than before."""
        if self.trash is None:
            return reread(self._real_session(), item, names)
        found = reread(self._real_session(), item, [*names, self.trash.column.name])
        self.trash.check_outside(item)
        return found

    @reading
    def claim(self, items: Sequence[Any], names: Iterable[str]) -> Claimed:
        """Lock records, read these attributes of them again, and say which hold other values than before."""
        return recheck(self._real_session(), items, names, None if self.trash is None else self.trash.condition)

    def mark_changed(self, item: Any, names: Iterable[str]) -> None:
        """Make the next flush write these columns though the values may look the same to Python; None is NULL."""
        for name in names:
            mark_changed(item, name)

    def unlink(self, item: Any, relation: str) -> None:
        """Let a relation to one record point to nothing; what the key or another relation holds too stays."""
        unlink(item, self.relations[relation])

    def new(self) -> Any:
        """A new record that is not in the session yet."""
        return new_record(self.entity.mapper)

    def encode_key(self, item: Any) -> str:
        """The key of a record, of this model or a related one, as one URL segment."""
        return self._entity_of(type(item)).encode(item)

    def name_of(self, item: Any) -> str:
        """What a record, of this model or a related one, is called."""
        return self._entity_of(type(item)).text(item)

    @reading
    def value(self, item: Any, path: str) -> Any:
        """What a path holds on a loaded record, in the shape that `Row.values` describes."""
        found = self.path(path)
        if found.is_to_many:
            return self._several(item, found)
        for step in found.through:
            item = None if item is None else getattr(item, step.name)
        if item is None:
            return None
        if found.column is not None:
            return getattr(item, found.column.name)
        if found.relation is not None:
            return self._entity_of(found.relation.target).related_value(getattr(item, found.relation.name))
        return read_attribute(item, str(found.attribute))

    @reading
    def first_held(self, item: Any, relation: str, most: int) -> tuple[Sequence[Any], bool]:
        """Up to `most` records that a relation of a record to several holds, and whether there are more."""
        return first_held(self.session, item, relation, most)

    @reading
    def choices(
        self, relation: str, scope: Scope, *, limit: int, eager: Sequence[str] = (), details: Sequence[str] = ()
    ) -> Choices:
        """Up to `limit` records that a relation can point to, by their text, and whether there are more."""
        return first_choices(self.session, self._target(relation), scope, limit, eager=eager, details=details)

    def look_up(
        self, relation: str, query: ListQuery, scope: Scope, search_columns: Sequence[str], eager: Sequence[str] = ()
    ) -> Choices:
        """One page of the records that a relation can point to, found by words, and whether there are more.

        Raises `InvalidInput` where the database, or a column's type, cannot take the words.
        """
        with fitting("search" if query.search else "", self.rollback):
            target = self._target(relation)
            find = partial(looked_up, self.session, target, query, scope)
            return read_again(self.session, target, partial(find, search_columns=search_columns, eager=eager))

    def related(self, relation: str, keys: Sequence[str], scope: Scope) -> Mapping[str, Any]:
        """The records of a relation's target by encoded key, of those keys that exist within the scope."""
        return self._by_key(self._target(relation), keys, scope)

    def savepoint(self) -> AbstractContextManager[Any]:
        """A transaction inside the session's own; leaving it normally commits the session."""
        return savepoint(self._real_session(), self.entity.mapper)

    def attempt(self) -> AbstractContextManager[Any]:
        """Work of somebody's own: committed when it ends; an exception undoes what it had not committed itself."""
        return attempt(self._real_session(), self.entity.mapper)

    def part(self) -> AbstractContextManager[Any]:
        """A part of an attempt, which is undone for itself."""
        return part(self._real_session(), self.entity.mapper)

    def unsent(self) -> AbstractContextManager[Any]:
        """What is changed inside is flushed later, whatever is asked of the database meanwhile."""
        return self._real_session().no_autoflush

    def add(self, item: Any) -> None:
        self.session.add(item)

    def delete(self, item: Any) -> None:
        """Mark a record as deleted; raises `WriteFailed` where it is gone, or others would lose it without a word."""
        self._mark_deleted([item])

    def delete_all(self, items: Iterable[Any]) -> bool:
        """Delete these records, for actions; raises `WriteFailed` where one cannot go, and none of them goes.

        Asks neither the view's hooks nor `can_delete_item`, as in Flask-AppBuilder.
        """
        found = list({id(item): item for item in items}.values())
        if type(self).delete is not SQLAInterface.delete:
            for item in found:
                self.delete(item)
            found = []
        for start in range(0, len(found), KEYS_PER_STATEMENT):
            self._mark_deleted(found[start : start + KEYS_PER_STATEMENT])
        self.flush()
        return True

    def restore(self, item: Any) -> bool:
        """Take a record out of the trash; False where it is not there any more."""
        return self.trash is not None and self.trash.take_out(self._real_session(), item)

    def opened(self) -> Self:
        """The data source of what is in the trash."""
        found = copy.copy(self)
        found.trash = self.trash and replace(self.trash, is_open=True)
        return found

    def delete_plan(self, mapper: Mapper[Any]) -> Plan:
        """What deleting records of a class does to others; made once."""
        session = self._real_session()
        key = (mapper, follows_rules(session, mapper))
        if key not in self._plans:
            self._plans[key] = plan(mapper, is_enforced=key[1], sees=within_reach(session, mapper))
        return self._plans[key]

    def flush(self) -> None:
        """Send what is pending; raises `WriteFailed`."""
        with refusals(self.entity.mapper):
            self.session.flush()

    def _mark_deleted(self, items: Sequence[Any]) -> None:
        if self.trash is not None and self.deletes_softly:
            self.trash.put(self._real_session(), items)
            return
        claim(self._real_session(), items, None if self.trash is None else self.trash.condition)
        for mapper, group in by_mapper(items):
            refuse_orphans(self._real_session(), self.delete_plan(mapper), group)
        for item in items:
            # What goes with it is read first.
            read_again(self.session, self.entity, partial(self.session.delete, item))

    def _target(self, relation: str) -> Entity:
        found = self.path(relation).relation
        if found is None:
            raise LookupError(f"{self.name}.{relation} is no relation")
        return self._entity_of(found.target)

    @reading
    def _by_key(self, target: Entity, keys: Sequence[str], scope: Scope) -> Mapping[str, Any]:
        wanted = self._decoded(target, keys)
        statement = plain(target, scope)(sa.select(target.model))
        found = {}
        for start in range(0, len(wanted), KEYS_PER_STATEMENT):
            part = wanted[start : start + KEYS_PER_STATEMENT]
            for item in self.session.scalars(statement.where(target.has_key_in(target.model, part))).unique():
                found[target.encode(item)] = item
        return found

    def _decoded(self, target: Entity, keys: Sequence[str]) -> Any:
        """The keys' values, without those that cannot be keys."""
        dialect, wanted = self._dialect(), []
        for key in dict.fromkeys(keys):
            try:
                wanted.append(target.decode(key, dialect))
            except InvalidKey:
                continue
        return wanted

    def _several(self, item: Any, path: Path) -> Several:
        key = self.entity.key_values(item)
        if any(part is None for part in key):
            return Several()
        plan = self._many.get(path.text) or plan_many(self.entity, path)
        if len(self._many) < KEPT_PATHS:
            self._many[path.text] = plan
        found = plan.read(self.session, [key]).get(key, Several())
        if isinstance(found, Failed):
            raise found.error
        return found
