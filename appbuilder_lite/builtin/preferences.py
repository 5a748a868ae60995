"""What people choose about lists, kept in the database."""

from __future__ import annotations

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue

from appbuilder_lite.errors import NotFound
from appbuilder_lite.resource.params import columns_text, parse, url_args
from appbuilder_lite.security.preferences import forget_preference, keep_preference
from appbuilder_lite.text import gettext
from appbuilder_lite.web.model_view import ModelView
from appbuilder_lite.web.preferences import columns_preference
from appbuilder_lite.web.routes import expose, signed_in
from appbuilder_lite.web.view import BaseView


class PreferenceRoutes(BaseView):
    """Where the form in the toolbar of every list keeps a choice."""

    @expose("/preferences/columns", methods=["POST"])
    @signed_in
    def columns(self) -> ResponseReturnValue:
        """Keep the columns `cols` of the list of `?view=` (with `&reset`: forget them), and go back to that list."""
        view = self._listed_view(request.args.get("view", ""))
        query = parse(request.form, view.options)
        wanted = () if "reset" in request.args else query.columns
        sm, name = self.state.sm, columns_preference(self.state.endpoint(f"{view.view_name}.list"))
        key = sm.users.key(self.principal.user)
        # The list's own columns are no choice: who picks them gets the columns that the list has tomorrow.
        if wanted and wanted != view.options.list_columns:
            keep_preference(sm, key, name, columns_text(wanted))
        else:
            forget_preference(sm, key, name)
        return redirect(view.url_for("list", **url_args(query, view.options, columns=())))

    def _listed_view(self, name: str) -> ModelView:
        """The view of that name, if the current person may open its list."""
        view = self.state.views.get(name)
        if not isinstance(view, ModelView) or "list" not in view.routes:
            raise NotFound(gettext("There is no such list."))
        if not view.can_open("list"):
            abort(403)
        return view
