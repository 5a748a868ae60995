"""The model behind a view: the app's class and session, what it is made of, and the paths that lead from it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, Session, scoped_session

from appbuilder_lite.data.fab_names import FabNames
from appbuilder_lite.data.sqla_consequences import Plan
from appbuilder_lite.data.sqla_entity import Entity
from appbuilder_lite.data.sqla_many import ManyPlan
from appbuilder_lite.data.sqla_trash import Trash
from appbuilder_lite.data.types import Column, Kind, ModelSlot, Path, Relation

Resolve = Callable[[ModelSlot], tuple[type[Any], Mapping[str, str | None]]]
"""Answers for a slot the class that an app has there, and its attribute names by logical name (None: it has none)."""

_NO_NAMES: Mapping[str, str | None] = {}
_NO_KEYS = frozenset({Kind.JSON, Kind.ARRAY, Kind.INTERVAL})
# Relations can lead in circles, so that a model has paths without end.
KEPT_PATHS = 1000


class BoundModel(FabNames):
    """A model and what it is made of; bound to an app it has a session, too."""

    def __init__(self, target: type[Any] | ModelSlot, session: Session | scoped_session[Any] | None = None) -> None:
        if not isinstance(target, (type, ModelSlot)):
            raise TypeError(f"SQLAInterface takes a mapped class, not {target!r}")
        self.target = target
        self.names: Mapping[str, str | None] = _NO_NAMES
        self.associations: Mapping[str, Relation] = {}
        self.trash: Trash | None = None
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
    def deletes_softly(self) -> bool:
        """Whether a delete only marks records, which are in the trash then."""
        return self.trash is not None and not self.trash.is_open

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

    def _entity_of(self, model: type[Any]) -> Entity:
        if model not in self._entities:
            self._entities[model] = Entity(model)
        return self._entities[model]

    def _real_session(self) -> Session:
        session = self.session
        found: Session = session() if isinstance(session, scoped_session) else session
        return found

    def _dialect(self) -> sa.Dialect:
        found: sa.Dialect = self.session.get_bind(self.entity.mapper).dialect
        return found

    def rollback(self) -> None:
        """Undo everything that is not committed."""
        self.session.rollback()
