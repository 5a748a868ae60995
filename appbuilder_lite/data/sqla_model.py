"""SQLAlchemy models as a data source."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, Session, scoped_session, selectinload

from appbuilder_lite.data.fab_names import FabNames
from appbuilder_lite.data.interface import Scope
from appbuilder_lite.data.keys import InvalidKey
from appbuilder_lite.data.query import ListQuery, Order, Page, Row, Several
from appbuilder_lite.data.sqla_choices import Choices, first_choices, looked_up
from appbuilder_lite.data.sqla_consequences import Plan, plan
from appbuilder_lite.data.sqla_dependents import within_reach
from appbuilder_lite.data.sqla_entity import Entity
from appbuilder_lite.data.sqla_errors import fitting
from appbuilder_lite.data.sqla_list import ListPlan, compile_plan
from appbuilder_lite.data.sqla_many import ManyPlan, plan_many, read_attribute
from appbuilder_lite.data.sqla_order import Term, terms_of
from appbuilder_lite.data.sqla_page import PageReader, shape_of
from appbuilder_lite.data.sqla_paths import Joins, load_options, reads
from appbuilder_lite.data.sqla_scope import scoped_keys
from appbuilder_lite.data.sqla_search import matches
from appbuilder_lite.data.sqla_totals import counted
from appbuilder_lite.data.sqla_write import (
    attempt,
    by_mapper,
    claim,
    follows_rules,
    mark_changed,
    new_record,
    read_by_delete,
    refusals,
    refuse_orphans,
    reread,
    savepoint,
)
from appbuilder_lite.data.types import Column, Kind, ModelSlot, Path, Relation

Resolve = Callable[[ModelSlot], tuple[type[Any], Mapping[str, str | None]]]
"""Answers for a slot the class that an app has there, and its attribute names by logical name (None: it has none)."""

_NO_NAMES: Mapping[str, str | None] = {}
_NO_KEYS = frozenset({Kind.JSON, Kind.ARRAY, Kind.INTERVAL})
KEYS_PER_STATEMENT = 500
# Relations can lead in circles, so that a model has paths without end.
KEPT_PATHS = 1000


class SQLAInterface(FabNames):
    """Declares the model of a view, and reads and writes its records once it is bound.

    `target` is a mapped class or `security_model("user_model")`; `session` takes the place of the app's own.

    Example: `datamodel = SQLAInterface(Customer)`.
    """

    def __init__(self, target: type[Any] | ModelSlot, session: Session | scoped_session[Any] | None = None) -> None:
        if not isinstance(target, (type, ModelSlot)):
            raise TypeError(f"SQLAInterface takes a mapped class, not {target!r}")
        self.target = target
        self.names: Mapping[str, str | None] = _NO_NAMES
        self.associations: Mapping[str, Relation] = {}
        self._session = session
        self._model: type[Any] | None = target if isinstance(target, type) else None
        self._entities: dict[type[Any], Entity] = {}
        self._paths: dict[str, Path] = {}
        self._many: dict[str, ManyPlan] = {}
        self._plans: dict[tuple[Mapper[Any], bool], Plan] = {}

    def __repr__(self) -> str:
        name = self._model.__name__ if self._model is not None else repr(self.target)
        return f"{type(self).__name__}({name})"

    def bind(self, session: Session | scoped_session[Any], *, resolve: Resolve | None = None) -> Self:
        """A copy for one app. Configures the mappers; `resolve` answers for a model slot."""
        bound = copy.copy(self)
        bound._session = self._session if self._session is not None else session
        bound._entities, bound._paths, bound._many, bound._plans = {}, {}, {}, {}
        if isinstance(self.target, ModelSlot):
            if resolve is None:
                raise LookupError(f"there is nobody to say what {self.target.slot} is")
            bound._model, bound.names = resolve(self.target)
        bound._entity_of(bound.model)
        return bound

    @property
    def is_mapped(self) -> bool:
        """Whether the target is a mapped class, or a slot, which holds one."""
        return self._model is None or sa.inspect(self._model, raiseerr=False) is not None

    @property
    def session(self) -> Any:
        """The session, or the registry of sessions, that reads and writes."""
        if self._session is None:
            raise RuntimeError(f"{self!r} is not bound to an app; use the view's own `datamodel`")
        return self._session

    @property
    def model(self) -> type[Any]:
        if self._model is None:
            raise RuntimeError(f"{self!r} is known only once it is bound to an app")
        return self._model

    @property
    def name(self) -> str:
        """The model's class name."""
        return self.model.__name__

    @property
    def entity(self) -> Entity:
        """The model's description."""
        return self._entity_of(self.model)

    @property
    def columns(self) -> Mapping[str, Column]:
        return self.entity.columns

    @property
    def relations(self) -> Mapping[str, Relation]:
        return self.entity.relations

    @property
    def key_columns(self) -> tuple[str, ...]:
        """Attribute names of the primary key; empty where it has no written form that a database can compare."""
        names = self.entity.key_columns
        return () if any(self.columns[name].kind in _NO_KEYS for name in names) else names

    @property
    def is_read_only(self) -> bool:
        """Whether the database has no key of the mapped table: it may be a view, and rows may be the same."""
        return not self.entity.has_own_key

    @property
    def lacking(self) -> frozenset[str]:
        """Logical names that this model has no column for."""
        return frozenset(name for name, real in self.names.items() if real is None)

    def path(self, text: str) -> Path:
        """Resolve a dotted name; raises `UnknownPath`."""
        if text in self._paths:
            return self._paths[text]
        associated = self.associations.get(text)
        path = self.entity.path(text, self.names) if associated is None else Path(text, relation=associated)
        if len(self._paths) < KEPT_PATHS:
            self._paths[text] = path
        return path

    def compile_list(
        self,
        columns: Sequence[str],
        eager: Sequence[str] = (),
        *,
        label_columns_of: Mapping[str, Sequence[str]] | None = None,
        with_items: bool = False,
    ) -> ListPlan:
        """Make the kept statement of a list that shows these paths, and with `with_items` has the records too."""
        paths = [self.path(text) for text in columns]
        labels = {self.path(text).text: names for text, names in (label_columns_of or {}).items()}
        chains = [self.path(text).text for text in eager]
        return compile_plan(self.entity, paths, chains, labels, with_items=with_items)

    def list(self, plan: ListPlan, query: ListQuery, scope: Scope, search_columns: Sequence[str]) -> Page:
        """One page within the scope. A page beyond the last has no rows and the right total.

        Raises `InvalidInput` where the database, or a column's type, cannot take what people search or filter for.
        """
        given = {"filters": query.comparisons, "search": query.search, "after": query.after, "before": query.before}
        with fitting(next((name for name, value in given.items() if value), ""), self.rollback):
            return self._page(plan, query, scope, search_columns)

    def _page(self, plan: ListPlan, query: ListQuery, scope: Scope, search_columns: Sequence[str]) -> Page:
        scoped = self._narrowed(plan, query, scope, search_columns)
        found = counted(self.session, self.entity, scoped, query.count, is_whole=scoped is plan.base)
        shape = shape_of(plan, self.entity, scoped, query, partial(self._terms, query.order))
        return PageReader(self.session, shape, query, found).read()

    def head(self, plan: ListPlan, query: ListQuery, scope: Scope, search_columns: Sequence[str]) -> Sequence[Row]:
        """The first `page_size` rows within the scope, not counted."""
        scoped = self._narrowed(plan, query, scope, search_columns)
        shape = shape_of(plan, self.entity, scoped, query, partial(self._terms, query.order))
        return plan.read(self.session, shape.statement(query.page_size))

    def get(self, key: str, scope: Scope, eager: Sequence[str] = ()) -> Any | None:
        """The record of an encoded key within the scope, or None."""
        try:
            values = self.entity.decode(key, self._dialect())
        except InvalidKey:
            return None
        statement = scope(sa.select(self.model)).where(self.entity.has_key(self.model, values))
        statement = statement.options(*load_options(self.entity, [self.path(text).text for text in eager]))
        return self.session.scalars(statement).unique().one_or_none()

    def get_many(self, keys: Sequence[str], scope: Scope) -> Mapping[str, Any]:
        """The records by encoded key, of those keys that exist within the scope."""
        return self._by_key(self.entity, keys, scope)

    def get_doomed(self, keys: Sequence[str], scope: Scope) -> Mapping[str, Any]:
        """The same, with the relations that a delete reads: at once, as it would read them record by record."""
        read = [selectinload(found.class_attribute) for found in read_by_delete(self.entity.mapper)]
        return self._by_key(self.entity, keys, lambda query: scope(query).options(*read))

    def within(self, query: Any, scope: Scope) -> sa.Select[Any]:
        """Somebody's own statement on this model, whatever it joins or counts, narrowed to the rows of a scope.

        Raises `ValueError` where it does not select from the model itself, as an alias would go unnarrowed; and of a
        model without a key of its own, whose rows nothing tells apart.
        """
        if not isinstance(query, sa.Select) or not reads(query, self.entity.mapper.local_table):
            fix = f"write select(...).select_from({self.name})"
            raise ValueError(f"The statement does not select from {self.name}, so its rows cannot be narrowed: {fix}")
        own = sa.select(*self.entity.key_attributes(self.model)).select_from(self.model)
        # The scope is asked for keys alone, as in a list: on a statement with joins, `filter_by` means another table.
        scoped = scope(own)
        if scoped is own and not self.entity.mapper.single:
            return query
        if not self.entity.has_own_key:
            raise ValueError(f"{self.name} has no key of its own: put the condition into the statement itself")
        return query.where(self.entity.has_key_in(self.model, scoped.correlate(None)))

    def version(self, item: Any) -> Any:
        """The version of a record, where its model has a `version_id_col`."""
        column = self.entity.mapper.version_id_col
        return None if column is None else getattr(item, self.entity.mapper.get_property_by_column(column).key)

    def reread(self, item: Any, names: Iterable[str]) -> frozenset[str]:
        """Lock a record, read it again, and say which of these attributes hold other values than before."""
        return reread(self._real_session(), item, names)

    def mark_changed(self, item: Any, names: Iterable[str]) -> None:
        """Make the next flush write these columns though the values may look the same to Python; None is NULL."""
        for name in names:
            mark_changed(item, name)

    def new(self) -> Any:
        """A new record that is not in the session yet."""
        return new_record(self.entity.mapper)

    def encode_key(self, item: Any) -> str:
        """The key of a record, of this model or a related one, as one URL segment."""
        return self._entity_of(type(item)).encode(item)

    def name_of(self, item: Any) -> str:
        """What a record, of this model or a related one, is called."""
        return self._entity_of(type(item)).text(item)

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

    def choices(self, relation: str, scope: Scope, *, limit: int, eager: Sequence[str] = ()) -> Choices:
        """Up to `limit` records that a relation can point to, by their text, and whether there are more."""
        return first_choices(self.session, self._target(relation), scope, limit, eager)

    def look_up(
        self, relation: str, query: ListQuery, scope: Scope, search_columns: Sequence[str], eager: Sequence[str] = ()
    ) -> Choices:
        """One page of the records that a relation can point to, found by words, and whether there are more.

        Raises `InvalidInput` where the database, or a column's type, cannot take the words.
        """
        with fitting("search" if query.search else "", self.rollback):
            target = self._target(relation)
            return looked_up(self.session, target, query, scope, search_columns=search_columns, eager=eager)

    def related(self, relation: str, keys: Sequence[str], scope: Scope) -> Mapping[str, Any]:
        """The records of a relation's target by encoded key, of those keys that exist within the scope."""
        return self._by_key(self._target(relation), keys, scope)

    def savepoint(self) -> AbstractContextManager[Any]:
        """A transaction inside the session's own; leaving it normally commits the session."""
        return savepoint(self._real_session(), self.entity.mapper)

    def attempt(self) -> AbstractContextManager[Any]:
        """Work of somebody's own: committed when it ends; an exception undoes what it had not committed itself."""
        return attempt(self._real_session(), self.entity.mapper)

    def unsent(self) -> AbstractContextManager[Any]:
        """What is changed inside is flushed later, whatever is asked of the database meanwhile."""
        return self._real_session().no_autoflush

    def rollback(self) -> None:
        """Undo everything that is not committed."""
        self.session.rollback()

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
        claim(self._real_session(), items)
        for mapper, group in by_mapper(items):
            refuse_orphans(self._real_session(), self.delete_plan(mapper), group)
        for item in items:
            self.session.delete(item)

    def _entity_of(self, model: type[Any]) -> Entity:
        if model not in self._entities:
            self._entities[model] = Entity(model)
        return self._entities[model]

    def _target(self, relation: str) -> Entity:
        found = self.path(relation).relation
        if found is None:
            raise LookupError(f"{self.name}.{relation} is no relation")
        return self._entity_of(found.target)

    def _real_session(self) -> Session:
        session = self.session
        found: Session = session() if isinstance(session, scoped_session) else session
        return found

    def _dialect(self) -> sa.Dialect:
        found: sa.Dialect = self.session.get_bind(self.entity.mapper).dialect
        return found

    def _by_key(self, target: Entity, keys: Sequence[str], scope: Scope) -> Mapping[str, Any]:
        wanted = self._decoded(target, keys)
        statement = scope(sa.select(target.model))
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
        return plan.read(self.session, [key]).get(key, Several())

    def _narrowed(self, plan: ListPlan, query: ListQuery, scope: Scope, search_columns: Sequence[str]) -> Any:
        """The keys within the scope that the search finds."""
        scoped = scoped_keys(self.entity, plan.base, scope)
        if not query.search:
            return scoped
        return scoped.where(matches(self.model, query.search, [self.path(text) for text in search_columns]))

    def _terms(self, orders: Sequence[Order], joins: Joins) -> Sequence[Term]:
        return terms_of(self.entity, self.path, joins, orders, self._dialect().name)
