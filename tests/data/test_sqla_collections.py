"""What a relation of one record holds, up to a bound."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from appbuilder_lite.data.sqla_collections import first_held
from tests.conftest import CountStatements


class Base(DeclarativeBase):
    pass


# An actor may have several parts in a film: nothing forbids the same pair twice.
part = sa.Table(
    "bounded_part",
    Base.metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("film_id", sa.ForeignKey("bounded_film.id")),
    sa.Column("actor_id", sa.ForeignKey("bounded_actor.id")),
)


class Name(Base):
    __tablename__ = "bounded_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    actor_id: Mapped[int] = mapped_column(sa.ForeignKey("bounded_actor.id"))


class Actor(Base):
    __tablename__ = "bounded_actor"

    id: Mapped[int] = mapped_column(primary_key=True)
    names: Mapped[list[Name]] = relationship(lazy="joined")


class Film(Base):
    __tablename__ = "bounded_film"

    id: Mapped[int] = mapped_column(primary_key=True)
    actors: Mapped[list[Actor]] = relationship(secondary=part, order_by=part.c.id.desc())


@pytest.mark.parametrize(
    ("parts", "most", "held", "more"), [(3, 4, 2, True), (3, 15, 5, False), (3, 14, 5, True), (1, 5, 5, False)]
)
def test_pairs_that_come_again_or_that_it_is_sorted_by_hide_none(
    database_url: str, count_statements: CountStatements, parts: int, most: int, held: int, more: bool
) -> None:
    engine = sa.create_engine(database_url)
    Base.metadata.create_all(engine)
    try:
        with Session(engine) as session:
            session.add_all([Film(id=1), Film(id=2)])
            session.add_all(Actor(id=key, names=[Name(), Name()]) for key in range(1, 6))
            session.flush()
            rows = [{"film_id": 1, "actor_id": key} for key in range(1, 6) for _part in range(parts)]
            session.execute(sa.insert(part), [*rows, *({**row, "film_id": 2} for row in rows)])
            session.commit()
            film = session.get_one(Film, 1)
            with count_statements() as seen:
                found, is_more = first_held(session, film, "actors", most)
            assert (len(seen), [actor.id for actor in found], is_more) == (1, [5, 4, 3, 2, 1][:held], more)
            assert ("actors" in sa.inspect(film).unloaded) is more
            if not more:
                session.expire(film)
                assert [actor.id for actor in film.actors] == [actor.id for actor in found]
    finally:
        Base.metadata.drop_all(engine)
        engine.dispose()
