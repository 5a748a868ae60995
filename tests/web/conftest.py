"""Sites for the tests of the web layer."""

from typing import Any, Protocol

import pytest
from jinja2 import DictLoader

from appbuilder_lite import AppBuilder
from tests.conftest import MakeHost
from tests.web.site import Site, make_db, make_models, make_views


class MakeSite(Protocol):
    """Makes an extended app with tables.

    `builder` are arguments of the AppBuilder, `templates` the app's own by name, the rest is configuration.
    """

    def __call__(
        self,
        *,
        create: bool = True,
        builder: dict[str, Any] | None = None,
        templates: dict[str, str] | None = None,
        **config: Any,
    ) -> Site: ...


@pytest.fixture
def make_site(make_host: MakeHost) -> MakeSite:
    """Makes sites on the test's database."""

    def make(
        *,
        create: bool = True,
        builder: dict[str, Any] | None = None,
        templates: dict[str, str] | None = None,
        **config: Any,
    ) -> Site:
        db = make_db()
        models = make_models(db)
        views = make_views(models)
        host = make_host(db, **config)
        if templates is not None:
            host.app.jinja_loader = DictLoader(templates)
        appbuilder = AppBuilder(**(builder or {}))
        appbuilder.add_view(views.CustomerView, "Customers", category="Sales", icon="fa-users")
        appbuilder.add_view(views.CountryView, "Countries", category="Sales")
        appbuilder.add_view(views.OrderView, "Orders", category="Sales")
        appbuilder.init_app(host.app, db)
        site = Site(host.app, db, appbuilder, models, views)
        if create:
            site.create()
        return site

    return make


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    """A site with our own sign-in, and a few rows."""
    site = make_site()
    site.fill()
    return site
