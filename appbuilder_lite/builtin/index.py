"""The home page, the menu as a page, and the reader's theme."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from flask import current_app, redirect, request
from flask.typing import ResponseReturnValue

from appbuilder_lite.builtin.next_address import safe_next
from appbuilder_lite.errors import InvalidInput
from appbuilder_lite.text import gettext
from appbuilder_lite.web.icons import symbol
from appbuilder_lite.web.menu import MenuGroup, MenuItem
from appbuilder_lite.web.pages import IndexCard, IndexPage
from appbuilder_lite.web.rendering import THEME_COOKIE, THEMES, item_url, page_url
from appbuilder_lite.web.routes import expose, signed_in
from appbuilder_lite.web.view import BaseView

_THEME_SECONDS = 365 * 24 * 3600


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


class UtilView(BaseView):
    """Small things that belong to every page: the menu as a page of its own, and the theme."""

    route_base = ""
    default_view = "menu"

    @expose("/menu")
    @signed_in
    def menu(self) -> ResponseReturnValue:
        """Show the navigation: where the menu button leads without scripts."""
        return self.render_template("appbuilder_lite/menu.html")

    @expose("/theme", methods=["POST"])
    @signed_in
    def theme(self) -> ResponseReturnValue:
        """Keep the chosen theme in a cookie, and go back to where it was chosen."""
        theme = request.form.get("theme", "")
        if theme not in THEMES:
            raise InvalidInput("theme", gettext("choose one of %(themes)s", themes=", ".join(THEMES)))
        target = safe_next(request.form.get("next"), request.host)
        response = redirect(target or page_url(self.state, self.state.home) or "/")
        cookies = current_app.session_interface
        response.set_cookie(
            THEME_COOKIE,
            theme,
            max_age=_THEME_SECONDS,
            path=cookies.get_cookie_path(current_app),
            secure=cookies.get_cookie_secure(current_app),
            httponly=True,
            samesite="Lax",
        )
        return response
