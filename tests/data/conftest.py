"""A session on an empty database with the shop's tables."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from appbuilder_lite.data.sqla_model import SQLAInterface
from tests.data.models import Base


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(database_url)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _check_foreign_keys)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


def _check_foreign_keys(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA foreign_keys=ON")


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session


class Bind:
    """`bind(Customer)` is the data source of a model on the test's session."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def __call__(self, model: type[Any]) -> SQLAInterface:
        return SQLAInterface(model).bind(self.session)


@pytest.fixture
def bind(session: Session) -> Bind:
    return Bind(session)


def everything(query: Any) -> Any:
    """The scope of somebody who may see all rows."""
    return query
