"""What a view answers about the person who asks: the policy that the use-cases are handed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from appbuilder_lite.resource.editable import form_field_names
from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.security.access import Access, Principal, decide
from appbuilder_lite.web.giver import Giver
from appbuilder_lite.web.giving import check_change, check_result
from appbuilder_lite.web.state import AppState


class ScopedView(Protocol):
    """A view of a model, as its policy sees it."""

    state: AppState
    options: ResourceOptions
    datamodel: Any
    sealed: frozenset[tuple[str, str]]

    @property
    def view_menu(self) -> str: ...

    def scope(self, query: Any, user: Any) -> Any: ...

    def can_access_field(self, user: Any, column: str, action: str) -> bool: ...

    def narrow(self, query: Any, principal: Principal) -> Any: ...


@dataclass(frozen=True, slots=True)
class ViewPolicy:
    """One person on one view during one request."""

    view: ScopedView
    principal: Principal

    @property
    def user(self) -> Any:
        return self.principal.user

    def can(self, permission: str) -> bool:
        """Whether the person has this permission on the view."""
        return decide(self.principal, Access(permission, self.view.view_menu)).allowed

    def can_access_field(self, column: str, action: str) -> bool:
        """Whether the person meets this column in `list`, `show`, `add` or `edit`."""
        return (column, action) not in self.view.sealed and self.view.can_access_field(self.user, column, action)

    def scope(self, query: Any) -> Any:
        """The view's own scope."""
        return self.view.scope(query, self.user)

    def related_scope(self, relation: str, query: Any) -> Any:
        """What a relation may point to: the rows of the first view of that model, where there is one."""
        target = self.view.datamodel.relations[relation].target
        related = view_of_model(self.view.state, target)
        return query if related is None else related.narrow(query, self.principal)

    def check_change(self, action: str, item: Any) -> None:
        """Refuse to change users, roles and groups beyond what the person may hand on."""
        check_change(Giver(self.view.state, self.principal), action, item)

    def check_result(self, action: str, item: Any) -> None:
        """Refuse what leaves no active administrator."""
        check_result(Giver(self.view.state, self.principal), action, item)


def view_of_model(state: AppState, model: type[Any]) -> Any:
    """The first view of records that was added for a model, or None."""
    views: Iterable[Any] = state.views.values()
    for view in views:
        # A page of the host's own may have a `datamodel` too, but no records of its own to show.
        if hasattr(view, "narrow") and view.datamodel.model is model:
            return view
    return None


def sealed_fields(state: AppState, datamodel: Any, options: ResourceOptions) -> frozenset[tuple[str, str]]:
    """(column, action) of each password hash of a user that a view names: nobody meets it, whatever they may do.

    A form field of the host's own in its place is the host's business: a generated one would show the hash, or store
    what is typed as it is.
    """
    added = {*options.add_extra_fields, *form_field_names(options.add_form)}
    edited = {*options.edit_extra_fields, *form_field_names(options.edit_form)}
    named = {
        "list": {*options.list_columns, *options.search_columns, *options.order_columns},
        "show": {*options.show_columns},
        "add": {*options.add_columns} - added,
        "edit": {*options.edit_columns} - edited,
    }
    return frozenset((name, action) for action, names in named.items() for name in _passwords(state, datamodel, names))


def _passwords(state: AppState, datamodel: Any, names: set[str]) -> Iterator[str]:
    secret, user_model = state.sm.users.real_name("password"), state.sm.models.user
    for name in names:
        path = datamodel.path(name)
        model = path.through[-1].target if path.through else datamodel.model
        if secret is not None and path.text.rpartition(".")[2] == secret and issubclass(model, user_model):
            yield name
