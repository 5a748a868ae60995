"""What every page of a model's records goes by: the policy, the addresses, the way back, what is said of a write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import flash, request

from appbuilder_lite.resource.declaration import ResourceDeclaration
from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.resource.resource import Outcome, Resource
from appbuilder_lite.security.access import Principal
from appbuilder_lite.text import gettext
from appbuilder_lite.web.actions import ActionRoutes
from appbuilder_lite.web.cells import RecordUrl
from appbuilder_lite.web.messages import PLACE, flash_of
from appbuilder_lite.web.pages import Crumb, RelatedList
from appbuilder_lite.web.policy import ViewPolicy
from appbuilder_lite.web.related import related_list
from appbuilder_lite.web.shell import MenuLink


class RecordView(ActionRoutes, ResourceDeclaration):
    """A view of the records of a model, before its pages."""

    resource_class: ClassVar[type[Resource]] = Resource
    """What reads and writes the records; a subclass of `Resource` with steps of its own."""

    options: ResourceOptions
    resource: Resource
    sealed: frozenset[tuple[str, str]]

    @property
    def view_title(self) -> str:
        return self.options.list_title

    def way_back(self) -> MenuLink | None:
        """The list, for whoever may open it."""
        if not self.can_open("list"):
            return None
        return MenuLink(gettext("Back to %(title)s", title=self.view_title), self.url_for("list"))

    def policy(self) -> ViewPolicy:
        """What the current person may do here."""
        return ViewPolicy(self, self.principal)

    def narrow(self, query: Any, principal: Principal) -> Any:
        """A `select()` of this view's model, narrowed to what somebody may see here."""
        return self.resource.scoped(query, ViewPolicy(self, principal))

    def records(self, keys: Sequence[str]) -> Sequence[Any]:
        """The records of these keys, within the current person's scope; raises `NotFound` if one is missing."""
        return self.resource.get_many(keys, self.policy())

    def related_list(self, item: Any) -> RelatedList | None:
        """The list of the related view that the address asks for, or the first that the current person may open."""
        return related_list(self.state, self.options.related_views, item, request.args.get("related", ""))

    def record_url(self, method: str) -> RecordUrl:
        """The address of a method by key, or none where the current person may not open it."""
        if not self.can_open(method):
            return RecordUrl()
        return RecordUrl.of(lambda key: self.url_for(method, pk=key))

    def _crumbs(self, last: str) -> tuple[Crumb, ...]:
        first = (Crumb(self.options.list_title, self.url_for("list")),) if self.can_open("list") else ()
        return (*first, Crumb(last))

    def _home_url(self) -> str:
        return self.url_for("list") if self.can_open("list") else self.appbuilder.get_url_for_index

    def _tell(self, outcome: Outcome, action: str) -> None:
        declared = self.options.messages[f"{action}_row_message"]
        if declared:
            flash(declared, "success")
        else:
            flash_of(_done(action), outcome.name, "" if action == "delete" else self._way_in(outcome))
        for text in outcome.notices:
            flash(text, "warning")

    def told(self, outcome: Outcome, action: str) -> str:
        """What is said of a write, as a text."""
        return self.options.messages[f"{action}_row_message"] or _done(action).replace(PLACE, outcome.name)

    def _way_in(self, outcome: Outcome) -> str:
        """Where the person may open a record that was written: its page, else its form; empty where neither."""
        if self.can_open("edit") and not self.can_open("show") and self.policy().lets("edit", outcome.item):
            return self.record_url("edit")(outcome.key)
        return self.record_url("show")(outcome.key)


def _done(action: str) -> str:
    match action:
        case "add":
            return gettext("Added %(name)s", name=PLACE)
        case "edit":
            return gettext("Saved %(name)s", name=PLACE)
    return gettext("Deleted %(name)s", name=PLACE)
