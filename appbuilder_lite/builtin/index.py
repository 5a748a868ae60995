"""The home page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from flask.typing import ResponseReturnValue

from appbuilder_lite.text import gettext
from appbuilder_lite.web.icons import symbol
from appbuilder_lite.web.menu import MenuGroup, MenuItem
from appbuilder_lite.web.pages import IndexCard, IndexPage
from appbuilder_lite.web.rendering import item_url
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

    @expose("/")
    @signed_in
    def index(self) -> ResponseReturnValue:
        """Show the home page."""
        groups = self.state.menu.visible(self.principal)
        page = IndexPage(gettext("Home"), tuple((group.label, tuple(self._cards(group))) for group in groups))
        return self.render_template(self.index_template, page=page)

    def _cards(self, group: MenuGroup) -> Iterator[IndexCard]:
        for item in group.items:
            if not item.is_separator:
                add_url = self._add_url(item)
                icon = symbol(item.icon) or item.icon or symbol(group.icon) or group.icon
                yield IndexCard(item.label, item_url(self.state, item), icon, add_url, gettext("New"))

    def _add_url(self, item: MenuItem) -> str:
        view = self.state.views.get(item.endpoint.partition(".")[0])
        return view.url_for("add") if isinstance(view, BaseView) and view.can_open("add") else ""
