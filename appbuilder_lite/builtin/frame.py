"""What belongs to the frame of every page: the menu and the search as pages, and what a reader chooses."""

from __future__ import annotations

from dataclasses import asdict

from flask import jsonify, make_response, redirect, request
from flask.typing import ResponseReturnValue

from appbuilder_lite.builtin.next_address import safe_next
from appbuilder_lite.builtin.preferences import PreferenceRoutes
from appbuilder_lite.resource.params import search_text
from appbuilder_lite.web.choices import DENSITY, NAV, SHORTCUTS, THEME, Choice
from appbuilder_lite.web.navigation import page_url
from appbuilder_lite.web.routes import expose, signed_in
from appbuilder_lite.web.search import LONGEST, search


class UtilView(PreferenceRoutes):
    """The menu and the search as pages of their own, and where the choices of a reader are posted to."""

    route_base = ""
    default_view = "menu"

    @expose("/menu")
    @signed_in
    def menu(self) -> ResponseReturnValue:
        """Show the navigation: where the menu button leads without scripts."""
        return self.render_template("appbuilder_lite/menu.html")

    @expose("/search")
    @signed_in
    def search(self) -> ResponseReturnValue:
        """Search in everything that the person may open; JSON for the palette."""
        page = search(self.state, self.principal, search_text(request.args, "q", LONGEST))
        if request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json":
            return jsonify(asdict(page))
        return self.render_template("appbuilder_lite/search.html", page=page)

    @expose("/theme", methods=["POST"])
    @signed_in
    def theme(self) -> ResponseReturnValue:
        """Keep the chosen theme, and go back to where it was chosen."""
        return self._kept(THEME)

    @expose("/nav", methods=["POST"])
    @signed_in
    def nav(self) -> ResponseReturnValue:
        """Keep the navigation wide or as a rail of icons."""
        return self._kept(NAV)

    @expose("/shortcuts", methods=["POST"])
    @signed_in
    def shortcuts(self) -> ResponseReturnValue:
        """Keep the shortcuts of single keys on or off."""
        return self._kept(SHORTCUTS)

    @expose("/density", methods=["POST"])
    @signed_in
    def density(self) -> ResponseReturnValue:
        """Keep the height of the rows of lists."""
        return self._kept(DENSITY)

    def _kept(self, choice: Choice) -> ResponseReturnValue:
        value = choice.sent()
        target = safe_next(request.form.get("next"), request.host)
        response = make_response(redirect(target or page_url(self.state, self.state.home) or "/"))
        choice.keep(response, value)
        return response
