"""Records that are about to be deleted are locked, and compared with what is stored in the same statement."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import JSON, Column, Integer, String
from sqlalchemy.orm import DeclarativeBase, Session

from appbuilder_lite.data.sqla_claims import claim, recheck
from appbuilder_lite.errors import WriteFailed
from tests.conftest import CountStatements


def _models() -> tuple[type[Any], type[Any]]:
    base: Any = type("Base", (DeclarativeBase,), {})

    class Animal(base):  # type: ignore[misc]  # the base is made at run time
        __tablename__ = "animal"
        id = Column(Integer, primary_key=True)
        herd = Column(Integer, primary_key=True)
        kind = Column(String(10), nullable=False)
        name = Column(String(50))
        facts = Column(JSON)
        __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "animal"}

    class Dog(Animal):
        __tablename__ = "dog"
        id = Column(Integer, primary_key=True)
        herd = Column(Integer, primary_key=True)
        breed = Column(String(50))
        __table_args__ = (sa.ForeignKeyConstraint(["id", "herd"], ["animal.id", "animal.herd"]),)
        __mapper_args__ = {"polymorphic_identity": "dog"}

    return Animal, Dog


NAMES = ("name", "facts", "breed", "nonsense")


@pytest.fixture
def animals(database_url: str) -> Any:
    """An engine, and a session that has read an animal and two dogs."""
    animal, dog = _models()
    engine = sa.create_engine(database_url)
    animal.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(animal(id=1, herd=1, name="Cow", facts={"a": [1, None]}))
        session.add_all(dog(id=key, herd=1, name="Rex", breed="Poodle", facts=None) for key in (2, 3))
        session.commit()
    with Session(engine) as session:
        # Read, and let go of the snapshot, so that SQLite lets others write.
        items = session.scalars(sa.select(animal).order_by(animal.id)).all()
        assert [getattr(item, "breed", None) for item in items] == [None, "Poodle", "Poodle"]
        session.info["items"] = items
        yield engine, session, animal, dog
    engine.dispose()


def _elsewhere(engine: Any, statement: Any) -> None:
    """In a connection of its own."""
    with engine.begin() as connection:
        connection.execute(statement)


def _as_read(session: Session) -> Any:
    """The records with what was read of them, in a transaction of their own."""
    items = session.info["items"]
    session.expunge_all()
    session.rollback()
    session.add_all(items)
    return items


def test_what_nobody_touched_is_neither_changed_nor_gone(animals: Any, count_statements: CountStatements) -> None:
    _engine, session, _animal, _dog = animals
    items = _as_read(session)
    with session.begin_nested(), count_statements() as seen:
        found = recheck(session, items, NAMES)
        locks = [text for text in seen.texts if text.startswith("SELECT")]
        assert (list(found.changed), list(found.gone)) == ([], [])
        assert len(locks) == 2
        claim(session, items)
        assert [text for text in seen.texts if text.startswith("SELECT")] == locks


@pytest.mark.parametrize(
    ("table", "values", "key"),
    [
        ("animal", {"name": "Theirs"}, 1),
        ("animal", {"facts": {"a": [1]}}, 1),
        ("dog", {"breed": "Theirs"}, 2),
        ("animal", {"name": "Theirs"}, 3),
    ],
)
def test_a_change_in_any_table_of_a_record_is_found(animals: Any, table: str, values: Any, key: int) -> None:
    engine, session, animal, _dog = animals
    items = _as_read(session)
    found = animal.metadata.tables[table]
    _elsewhere(engine, sa.update(found).where(found.c.id == key).values(values))
    with session.begin_nested():
        claimed = recheck(session, items, NAMES)
    assert [item.id for item in claimed.changed] == [key]
    name, value = next(iter(values.items()))
    assert getattr(claimed.changed[0], name) == value


def test_what_is_gone_is_told_and_not_claimed(animals: Any) -> None:
    engine, session, animal, dog = animals
    items = _as_read(session)
    for model in (dog, animal):
        _elsewhere(engine, sa.delete(model.__table__).where(model.__table__.c.id == 3))
    with session.begin_nested():
        assert [item.id for item in recheck(session, items, NAMES).gone] == [3]
        claim(session, items[:2])
        with pytest.raises(WriteFailed):
            claim(session, items)


def test_a_lock_counts_for_the_savepoint_that_took_it(animals: Any, count_statements: CountStatements) -> None:
    _engine, session, _animal, _dog = animals
    items = _as_read(session)
    with session.begin_nested():
        recheck(session, items, NAMES)
    with session.begin_nested(), count_statements() as seen:
        claim(session, items)
        assert [text for text in seen.texts if text.startswith("SELECT")]
