"""A walk through all rows of a query: by their keys, each once, up to the row that was the last one."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Session

from appbuilder_lite.data.interface import Walk
from appbuilder_lite.data.query import ListQuery, Order
from appbuilder_lite.data.sqla_model import SQLAInterface

# MariaDB takes some texts for the same that are not.
EXACT_TEXT = sa.String(20).with_variant(sa.String(20, collation="utf8mb4_bin"), "mysql", "mariadb")


class Base(DeclarativeBase):
    """The models of this module."""


class Place(Base):
    """A key of two parts, the first a text."""

    __tablename__ = "walk_place"
    country = sa.Column(EXACT_TEXT, primary_key=True)
    number = sa.Column(sa.Integer, primary_key=True, autoincrement=False)
    name = sa.Column(sa.String(20))


class Thing(Base):
    """A key that says nothing of when it came."""

    __tablename__ = "walk_thing"
    id = sa.Column(sa.Uuid, primary_key=True)
    name = sa.Column(sa.String(20))


class OwnText(sa.TypeDecorator[str]):
    """A type of the host's own: what it stores is its own business."""

    impl = sa.String(20)
    cache_ok = True


class Secret(Base):
    """A key that no text can be sure to say."""

    __tablename__ = "walk_secret"
    id = sa.Column(OwnText, primary_key=True)


def _all(query: Any) -> Any:
    return query


def _walk(session: Session, model: type[Any], query: ListQuery | None = None, scope: Any = _all) -> Walk:
    found = SQLAInterface(model).bind(session).walk(query or ListQuery(), scope, ["name"])
    assert found is not None
    return found


def _keys(walk: Walk, end: str, most: int, after: str = "") -> list[list[Any]]:
    """The keys of the records of each stretch."""
    found, has_more = [], True
    while has_more:
        stretch = walk.stretch(after, end, most)
        found.append([sa.inspect(item).identity for item in stretch.items])
        after, has_more = stretch.place, stretch.has_more
    return found


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    engine = sa.create_engine(database_url)
    Base.metadata.create_all(engine)
    with Session(engine) as found:
        for country in ("é", "a", "B, ~", "", "ß", "Z"):
            found.add_all([Place(country=country, number=number, name=f"{country}{number}") for number in (-1, 0, 10)])
        found.add_all(
            [Thing(id=UUID(int=number * 7**40 % 2**128, version=4), name=f"t{number}") for number in range(9)]
        )
        found.commit()
        yield found
    engine.dispose()


@pytest.mark.parametrize("most", [1, 2, 7, 17, 18, 19])
def test_each_row_is_met_once_whatever_its_key_is(session: Session, most: int) -> None:
    walk = _walk(session, Place)
    stretches = _keys(walk, walk.end(), most)
    met = [key for stretch in stretches for key in stretch]
    assert len(met) == len(set(met)) == walk.count() == 18
    assert [len(stretch) for stretch in stretches[:-1]] == [most] * (len(stretches) - 1)
    assert stretches[-1]


def test_a_key_of_random_digits_is_walked_too(session: Session) -> None:
    walk = _walk(session, Thing)
    assert len({key for stretch in _keys(walk, walk.end(), 4) for key in stretch}) == 9


def test_the_order_and_the_page_of_a_query_are_nothing_to_it(session: Session) -> None:
    query = ListQuery(order=(Order("name", descending=True),), page=7, page_size=2)
    one, other = _walk(session, Place), _walk(session, Place, query)
    assert _keys(one, one.end(), 5) == _keys(other, other.end(), 5)


def test_rows_behind_the_last_one_are_not_met_and_changed_ones_are_met_once(session: Session) -> None:
    walk = _walk(session, Place, scope=lambda query: query.where(Place.number == 0))
    end = walk.end()
    first = walk.stretch("", end, 3)
    for item in first.items:
        item.name = "changed"
    last = session.scalars(sa.select(Place.country).order_by(Place.country.desc())).first()
    session.add(Place(country=f"{last}{last}", number=0))
    session.flush()
    later = [key for stretch in _keys(walk, end, 2, first.place) for key in stretch]
    assert len(later) == 3
    assert not {sa.inspect(item).identity for item in first.items} & set(later)


def test_where_no_row_is_there_is_no_end(session: Session) -> None:
    walk = _walk(session, Place, scope=lambda query: query.where(sa.false()))
    assert (walk.end(), walk.count()) == ("", 0)


def test_a_key_that_cannot_be_written_exactly_has_no_walk(session: Session) -> None:
    assert SQLAInterface(Secret).bind(session).walk(ListQuery(), _all, []) is None
