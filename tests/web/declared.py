"""Sites of views that a test declares itself."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import Column, Integer, String

from appbuilder_lite import AppBuilder, ModelView, SQLAInterface
from tests.conftest import MakeHost
from tests.web.site import Site, make_db, make_models

Declare = Callable[[Site], Iterable[type[Any]]]


def site_of(
    make_host: MakeHost, declare: Declare, *, rows: int = 6, builder: dict[str, Any] | None = None, **config: Any
) -> Site:
    """A site with the views that `declare` makes of its models, in that order, and so many customers."""
    db = make_db()
    models = make_models(db)
    host = make_host(db, **config)
    site = Site(host.app, db, AppBuilder(**(builder or {})), models)
    for view in declare(site):
        site.builder.add_view(view, view.__name__)
    site.builder.init_app(host.app, db)
    site.create()
    if rows:
        site.fill(rows)
    return site


def site_with(make_host: MakeHost, db: Any, models: Any, *views: tuple[type[Any], str], **config: Any) -> Site:
    """A filled site of these models with these views, each with its name in the menu."""
    host, appbuilder = make_host(db, **config), AppBuilder()
    for view, name in views:
        appbuilder.add_view(view, name)
    appbuilder.init_app(host.app, db)
    site = Site(host.app, db, appbuilder, models)
    site.create()
    site.fill()
    return site


def paper_site(make_host: MakeHost, **options: Any) -> Site:
    """A site with one record of a model that keeps a version of its records; `options` are those of its view."""

    def declare(site: Site) -> list[type[Any]]:
        class Paper(site.db.Model):  # type: ignore[misc,name-defined]  # the base is made at run time
            id = Column(Integer, primary_key=True)
            name = Column(String(50), nullable=False)
            other = Column(String(50))
            version = Column(Integer, nullable=False)
            __mapper_args__ = {"version_id_col": version}

        site.models.Paper = Paper
        shown = {"list_columns": ["name"], "show_columns": ["name"], "edit_columns": ["name"]}
        return [type("PaperView", (ModelView,), {"datamodel": SQLAInterface(Paper), **shown, **options})]

    site = site_of(make_host, declare)
    with site.app.app_context():
        site.db.session.add(site.models.Paper(id=1, name="First"))
        site.db.session.commit()
    return site


def customer_views(site: Site, names: Sequence[str], **options: Any) -> list[type[Any]]:
    """Views of the customers' names, one of each of these classes' names; `options` are those of the last."""
    target = {"datamodel": SQLAInterface(site.models.Customer), "list_columns": ["name"]}
    return [
        type(name, (ModelView,), {**target, "list_title": name[:-4], **(options if name == names[-1] else {})})
        for name in names
    ]
