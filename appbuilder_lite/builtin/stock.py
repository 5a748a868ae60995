"""What the views of our own tables share."""

from __future__ import annotations

from appbuilder_lite.web.giver import Giver
from appbuilder_lite.web.model_view import ModelView


class StockModelView(ModelView):
    """A view of one of the security models. What guards its writes is in its resource, so that hooks are free."""

    duplicate_columns = ()

    @property
    def giver(self) -> Giver:
        """The current person, as far as they give roles and permissions to others."""
        return Giver(self.state, self.principal)

    def drop(self, *, method: str = "", action: str = "") -> None:
        """Offer no such page or action in this app, and declare no permission for it."""
        self.routes = {name: route for name, route in self.routes.items() if name != method}
        self.actions = {name: item for name, item in self.actions.items() if name != action}
        self.declared = self._declare()
