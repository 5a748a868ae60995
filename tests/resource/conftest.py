"""A desk: models in a database, and resources made from view classes on them."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from appbuilder_lite.data.sqla_model import SQLAInterface
from appbuilder_lite.errors import Problem
from appbuilder_lite.resource.declaration import ResourceDeclaration
from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.resource.policy import LookUp
from appbuilder_lite.resource.resolving import resolve
from appbuilder_lite.resource.resource import Outcome, Resource
from appbuilder_lite.settings import Settings
from tests.resource.browser import posted
from tests.resource.models import Base, Item


@dataclass
class Person:
    """A policy whose answers a test sets."""

    user: Any = None
    hidden: frozenset[tuple[str, str]] = frozenset()
    scope_of: Callable[[Any], Any] = lambda query: query
    related: Callable[[str, Any], Any] = lambda _relation, query: query
    way: LookUp | None = None

    def can(self, permission: str) -> bool:
        return True

    def can_access_field(self, column: str, action: str) -> bool:
        return (column, action) not in self.hidden

    def scope(self, query: Any) -> Any:
        return self.scope_of(query)

    def related_scope(self, relation: str, query: Any) -> Any:
        return self.related(relation, query)

    def digest(self, text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def look_up(self, relation: str) -> LookUp | None:
        return self.way

    def check_item(self, action: str, item: Any) -> None:
        """No record is kept from this person."""

    def check_lost(self, items: Sequence[Any], field: str) -> None:
        """Nothing is kept from anybody."""

    def check_along(self, items: Sequence[Any]) -> None:
        """Whatever goes along may go."""

    def check_change(self, action: str, item: Any) -> None:
        """Nothing is beyond this person."""

    def check_result(self, action: str, item: Any) -> None:
        """Whatever is left is fine."""


@dataclass
class Desk:
    """Makes resources of view classes on one session, and writes as a page does."""

    session: Session
    settings: Settings = field(default_factory=Settings)

    def view(self, model: type[Any] = Item, **attributes: Any) -> type[ResourceDeclaration]:
        attributes.setdefault("datamodel", SQLAInterface(model))
        return type("ItemView", (ResourceDeclaration,), {"__module__": "shop.views", **attributes})

    def resolve(self, view: type[ResourceDeclaration]) -> tuple[ResourceOptions, tuple[Problem, ...]]:
        return resolve(view, view.datamodel.bind(self.session), self.settings)

    def options(self, model: type[Any] = Item, **attributes: Any) -> ResourceOptions:
        options, problems = self.resolve(self.view(model, **attributes))
        assert problems == ()
        return options

    def problems(self, model: type[Any] = Item, **attributes: Any) -> tuple[Problem, ...]:
        return self.resolve(self.view(model, **attributes))[1]

    def resource(self, model: type[Any] = Item, **attributes: Any) -> Resource:
        view = self.view(model, **attributes)
        options, problems = self.resolve(view)
        assert problems == ()
        return Resource(view.datamodel.bind(self.session), options, view())

    def add(self, resource: Resource, person: Person | None = None, **values: str | list[str]) -> Outcome:
        """Open the add form, type some values, send it."""
        person = person or Person()
        body = posted(resource.form("add", person), **values)
        return resource.add(resource.form("add", person, formdata=body), person)

    def edit(self, resource: Resource, key: str, person: Person | None = None, **values: str | list[str]) -> Outcome:
        """Open the edit form, change some values, send it: two requests."""
        person = person or Person()
        columns = resource.options.edit_columns
        body = posted(resource.form("edit", person, item=resource.get(key, person, columns)), **values)
        self.session.expire_all()
        item = resource.get(key, person, columns)
        return resource.edit(item, resource.form("edit", person, formdata=body, item=item), person)


@pytest.fixture
def session() -> Iterator[Session]:
    """A session on an empty SQLite database."""
    engine = sa.create_engine("sqlite://", poolclass=StaticPool)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def desk(session: Session) -> Desk:
    return Desk(session)


@pytest.fixture
def any_desk(database_url: str) -> Iterator[Desk]:
    """A desk on each database of the test run."""
    yield from desks_on(database_url, Base)


def desks_on(database_url: str, base: Any) -> Iterator[Desk]:
    """A desk on a database with the tables of that base."""
    engine = sa.create_engine(database_url)
    base.metadata.create_all(engine)
    with Session(engine) as session:
        yield Desk(session)
    engine.dispose()
