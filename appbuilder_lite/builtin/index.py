"""The home page."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import ClassVar

from flask.typing import ResponseReturnValue

from appbuilder_lite.text import gettext
from appbuilder_lite.web.counts import counts
from appbuilder_lite.web.pages import IndexCard, IndexPage
from appbuilder_lite.web.places import Place, places
from appbuilder_lite.web.routes import expose, signed_in
from appbuilder_lite.web.view import BaseView


class IndexView(BaseView):
    """The home page: a card for each view that the person may open, by menu category.

    Example: `AppBuilder(app, db, indexview=MyIndexView)`.
    """

    route_base = ""
    default_view = "index"

    index_template: ClassVar[str] = "appbuilder_lite/index.html"
    """Template of the home page; its variable `page` is an IndexPage."""

    show_counts: ClassVar[bool] = True
    """Whether the cards tell how many records there are: one statement for all of them."""

    @expose("/")
    @signed_in
    def index(self) -> ResponseReturnValue:
        """Show the home page."""
        return self.render_template(self.index_template, page=self.index_page())

    def index_page(self) -> IndexPage:
        """What the home page shows to the current person."""
        found = places(self.state, self.principal)
        numbers = counts(found) if self.show_counts else {}
        groups = groupby(found, key=lambda place: place.group)
        return IndexPage(
            gettext("Home"), tuple((label, tuple(_card(place, numbers) for place in group)) for label, group in groups)
        )


def _card(place: Place, numbers: Mapping[str, str]) -> IndexCard:
    count = numbers.get(place.view.view_name, "") if place.view is not None else ""
    return IndexCard(place.label, place.url, place.icon, place.add_url, place.add_label, count)
