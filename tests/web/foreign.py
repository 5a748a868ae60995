"""Hosts whose models no mapper of ours designed: tables read back from the database, and classes of odd shape."""

import re
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.automap import automap_base

from appbuilder_lite import AppBuilder, ModelView, SQLAInterface
from tests.conftest import MakeHost
from tests.statements import Statements, statements
from tests.web.foreign_keys import Rows
from tests.web.foreign_tables import make_tables, table_number
from tests.web.site import Site, make_db


def view_of(model: type[Any], **options: Any) -> type[ModelView]:
    """A view that says no more than what a host must say."""
    name = re.sub(r"\W", "", model.__name__, flags=re.ASCII)
    return type(f"{name}View", (ModelView,), {"datamodel": SQLAInterface(model), **options})


def open_foreign(make_host: MakeHost, db: Any, views: list[type[ModelView]], models: Any) -> tuple[Site, Statements]:
    """The extended app, and what our start sent to its database."""
    host, builder = make_host(db), AppBuilder()
    for view in views:
        builder.add_view(view, view.__name__)
    with statements() as seen:
        builder.init_app(host.app, db)
    return Site(host.app, db, builder, models, views), seen


def open_reflected(make_host: MakeHost, url: str) -> tuple[Site, Statements]:
    """A site of all tables that automap makes classes of."""
    db, models = reflect(url)
    site, seen = open_foreign(make_host, db, [view_of(model) for model in models], models)
    site.create()
    return site, seen


def reflect(url: str) -> tuple[Any, list[Any]]:
    """The tables made, and read back as a host does: its database, and the classes that automap makes."""
    engine = sa.create_engine(url)
    make_tables(engine)
    db = make_db()
    base: Any = automap_base(metadata=db.metadata)
    base.prepare(
        autoload_with=engine,
        name_for_scalar_relationship=_scalar_name,
        name_for_collection_relationship=_collection_name,
    )
    engine.dispose()
    # Automap gives them in an order of its own, another in each process: half of them would be other tables each time.
    return db, sorted(base.classes, key=lambda model: table_number(model.__table__.name))


def _scalar_name(_base: Any, _local: Any, _target: Any, constraint: Any) -> str:
    return f"{'_'.join(column.name for column in constraint.columns)} record"


def _collection_name(_base: Any, local: Any, target: Any, constraint: Any) -> str:
    return f"{target.__name__} by {'_'.join(column.name for column in constraint.columns)}"


def open_mapped(make_host: MakeHost, make_models: Callable[[Any], Rows]) -> tuple[Site, Statements]:
    """A site of hand-made classes with their rows, which are written without any of SQLAlchemy's or our care."""
    db = make_db()
    rows = make_models(db)
    models = [model for model, _rows in rows if isinstance(model, type)]
    views = [view_of(model, **getattr(model, "view_options", {})) for model in models]
    site, seen = open_foreign(make_host, db, views, {model.__name__: model for model in models})
    site.create()
    with site.app.app_context():
        for target, values in rows:
            if isinstance(target, sa.Table):
                db.session.execute(sa.insert(target), values)
            else:
                db.session.add_all([target(**one) for one in values])
            db.session.commit()
    return site, seen
