"""Tables of the same name in several schemas: of PostgreSQL, databases of MariaDB, attached databases of SQLite."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import relationship

from tests import databases
from tests.conftest import MakeHost
from tests.web.foreign import open_foreign, view_of
from tests.web.site import Site, make_db


@contextmanager
def schemas(url: str) -> Iterator[tuple[str, str]]:
    """The names of two schemas that are there for one test."""
    target = sa.make_url(url)
    match target.get_backend_name():
        case "sqlite":
            with _attached(Path(str(target.database))) as names:
                yield names
        case "postgresql":
            # They go with everything else when the test is over.
            engine = sa.create_engine(target)
            with engine.begin() as connection:
                connection.execute(sa.text('CREATE SCHEMA "north shop"'))
                connection.execute(sa.text("CREATE SCHEMA south"))
            engine.dispose()
            yield "north shop", "south"
        case _:
            found = [target.set(database=f"{target.database}_{name}") for name in ("north", "south")]
            for one in found:
                databases.create(one)
            yield str(found[0].database), str(found[1].database)
            for one in found:
                databases.drop(one)


@contextmanager
def _attached(file: Path) -> Iterator[tuple[str, str]]:
    names = ("north shop", "south")

    def attach(raw: Any, _record: Any) -> None:
        for name in names:
            raw.execute(f'ATTACH DATABASE ? AS "{name}"', (str(file.with_name(f"{name}.sqlite")),))

    sa.event.listen(sa.Engine, "connect", attach)
    yield names
    sa.event.remove(sa.Engine, "connect", attach)


def open_schemas(make_host: MakeHost, north: str, south: str) -> Site:
    """A site with tables of one name in two schemas; those of the second refer to those of the first."""
    db = make_db()
    models = _models(db, north, south)
    site, _seen = open_foreign(make_host, db, [view_of(model) for model in models], models)
    site.create()
    with site.app.app_context():
        for model in models:
            db.session.add(model(name=f"first of {model.__name__}", note="n"))
            db.session.commit()
        db.session.execute(sa.update(models[1]).values(other_id=1))
        db.session.commit()
    return site


def _models(db: Any, north: str, south: str) -> list[type[Any]]:
    class NorthItem(db.Model):  # type: ignore[misc]  # the base is made at run time
        __tablename__ = "item"
        __table_args__ = (sa.UniqueConstraint("name", name="one_name"), {"schema": north})
        id = sa.Column(sa.Integer, primary_key=True)
        name = sa.Column(sa.String(30))
        note = sa.Column(sa.String(30))

        def __str__(self) -> str:
            return str(self.name)

    class SouthItem(db.Model):  # type: ignore[misc]  # the base is made at run time
        __tablename__ = "item"
        __table_args__ = (sa.UniqueConstraint("note", name="one_note"), {"schema": south})
        id = sa.Column(sa.Integer, primary_key=True)
        name = sa.Column(sa.String(30))
        note = sa.Column(sa.String(30))
        other_id: Any = sa.Column(sa.Integer)
        other = relationship(NorthItem, primaryjoin=sa.orm.foreign(other_id) == NorthItem.id, backref="south_items")

    return [NorthItem, SouthItem]
