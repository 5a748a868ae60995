"""What a view answers about the person who asks: the policy that the use-cases are handed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Protocol

from appbuilder_lite.errors import Forbidden
from appbuilder_lite.resource.declaration import ResourceDeclaration
from appbuilder_lite.resource.editable import form_field_names
from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.resource.policy import LookUp, Policy
from appbuilder_lite.security.access import Access, Principal, decide
from appbuilder_lite.security.digests import value_digest
from appbuilder_lite.text import gettext
from appbuilder_lite.web.cascades import check_cascades, check_lost
from appbuilder_lite.web.giver import Giver
from appbuilder_lite.web.giving import check_change, check_result, judges, may, read_ahead
from appbuilder_lite.web.guard import log_denied
from appbuilder_lite.web.state import AppState

_ITEM_HOOKS: Mapping[str, str] = MappingProxyType({"edit": "can_edit_item", "delete": "can_delete_item"})


class ScopedView(Protocol):
    """A view of a model, as its policy sees it."""

    state: AppState
    options: ResourceOptions
    datamodel: Any
    sealed: frozenset[tuple[str, str]]

    @property
    def view_menu(self) -> str: ...

    def scope(self, query: Any, user: Any) -> Any: ...

    def can_open(self, method: str) -> bool: ...

    def can_access_field(self, user: Any, column: str, action: str) -> bool: ...

    def narrow(self, query: Any, principal: Principal) -> Any: ...


@dataclass(frozen=True)
class ViewPolicy:
    """One person on one view during one request."""

    view: ScopedView
    principal: Principal
    before_delete: Callable[[Sequence[Any]], None] | None = None
    """Asked in the transaction of a delete, before the view's hooks: raises `WriteFailed` where it must not be."""

    @property
    def user(self) -> Any:
        """The person; None is anonymous."""
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
        target = self.view.datamodel.path(relation).relation.target
        related = view_of_model(self.view.state, target)
        return query if related is None else related.narrow(query, self.principal)

    def digest(self, text: str) -> str:
        """A digest of a text that only this app can make."""
        return value_digest(str(self.view.state.app.secret_key), text)

    def look_up(self, relation: str) -> LookUp | None:
        """How the person finds records of a relation: as in the list of that model's first view, if they may open it.

        Where the model has no view, only what its records' names are made of is searched.
        """
        target = view_of_model(self.view.state, self.view.datamodel.path(relation).relation.target)
        if target is None:
            named = self.view.options.label_columns_of.get(relation)
            return LookUp(named) if named and self.can_access_field(relation, "list") else None
        if not target.can_open("list"):
            return None
        policy: Policy = target.policy()
        searched = [name for name in target.options.search_columns if policy.can_access_field(name, "list")]
        order = [one for one in target.options.base_order if policy.can_access_field(one.path, "list")]
        return LookUp(tuple(searched), tuple(order))

    @cached_property
    def judges_items(self) -> bool:
        """Whether the person may change some records and not others, so that a list has to read the records."""
        if not any(self.view.can_open(action) for action in _ITEM_HOOKS):
            return False
        kind = type(self.view)
        is_own = any(getattr(kind, hook) is not getattr(ResourceDeclaration, hook) for hook in _ITEM_HOOKS.values())
        return is_own or judges(self._giver, self.view.datamodel.model)

    def refused(self, items: Sequence[Any]) -> Mapping[str, frozenset[str]]:
        """The keys of those of these records that the person may not `edit`, and of those they may not `delete`."""
        if not self.judges_items:
            return dict.fromkeys(_ITEM_HOOKS, frozenset())
        read_ahead(self._giver, items)
        return {
            action: frozenset(self.view.datamodel.encode_key(item) for item in items if not self._may(action, item))
            for action in _ITEM_HOOKS
        }

    def check_item(self, action: str, item: Any) -> None:
        """Raise `Forbidden` where the view's hook keeps the person from editing or deleting a record."""
        if self.lets(action, item):
            return
        log_denied(self.view.state, f"{_ITEM_HOOKS[action]} of {self.view.view_menu}")
        noun = self.view.options.noun
        if action == "edit":
            raise Forbidden(gettext("You cannot change this %(noun)s", noun=noun))
        raise Forbidden(gettext("You cannot delete this %(noun)s", noun=noun))

    def lets(self, action: str, item: Any) -> bool:
        """Whether the view's hook lets the person `edit` or `delete` a record."""
        return bool(getattr(self.view, _ITEM_HOOKS[action])(self.user, item))

    def _may(self, action: str, item: Any) -> bool:
        return self.lets(action, item) and may(self._giver, action, item)

    @cached_property
    def _giver(self) -> Giver:
        return Giver(self.view.state, self.principal)

    def check_change(self, action: str, item: Any) -> None:
        """Refuse to change users, roles and groups beyond what the person may hand on."""
        check_change(self._giver, action, item)

    def check_along(self, items: Sequence[Any]) -> None:
        """Refuse a delete that takes along what the person may not delete, or that is not what was asked about."""
        if self.before_delete is not None:
            self.before_delete(items)
        check_cascades(self.view.state, self.view.datamodel, items)

    def check_lost(self, items: Sequence[Any], field: str) -> None:
        """Refuse to delete by a field of a form what the person may not delete on its own pages."""
        check_lost(self.view.state, self.view.datamodel, items, field)

    def check_result(self, action: str, item: Any) -> None:
        """Refuse what leaves no active administrator."""
        check_result(self._giver, action, item)


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
        "list": {*options.listable_columns, *options.search_columns, *options.order_columns, *options.filters}
        | {*options.export_columns},
        "show": {*options.show_columns},
        "add": {*options.add_columns} - added,
        "edit": {*options.edit_columns} - edited,
    }
    sealed = {(name, action) for action, names in named.items() for name in _passwords(state, datamodel, names)}
    labels = options.label_columns_of.items()
    shown = {name: {f"{name}.{column}" for column in columns} for name, columns in labels}
    return frozenset(sealed | {(name, "list") for name in shown if any(_passwords(state, datamodel, shown[name]))})


def _passwords(state: AppState, datamodel: Any, names: set[str]) -> Iterator[str]:
    secret, user_model = state.sm.users.real_name("password"), state.sm.models.user
    for name in names:
        path = datamodel.path(name)
        model = path.through[-1].target if path.through else datamodel.model
        if secret is not None and path.text.rpartition(".")[2] == secret and issubclass(model, user_model):
            yield name
