"""Sites of views that a test declares itself."""

from collections.abc import Callable, Iterable
from typing import Any

from appbuilder_lite import AppBuilder
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
