"""Rows of one model in the forms of another: whose right decides about them, and what their buttons ask for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from appbuilder_lite.resource.forms import FormData
from appbuilder_lite.resource.inline import Inline
from appbuilder_lite.resource.inline_resource import InlineResource
from appbuilder_lite.resource.inline_rows import InlineRows, Rights
from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.resource.parameters import Args
from appbuilder_lite.security.access import Principal
from appbuilder_lite.web.look_up_page import find_in
from appbuilder_lite.web.policy import ViewPolicy, sealed_fields, view_of_model
from appbuilder_lite.web.state import AppState

ADD_ROW = "_add_row"
"""The button for one more blank row: its value is the name of the rows."""
MOVE_ROW = "_move_row"
"""The buttons that move a row: their value is the name of the rows, a colon, the row's number, a colon, up or down."""


class InlineView:
    """The rows of one class in the forms of one view, as a policy and a resource see a view.

    The first view of the rows' model decides who meets which of them and who may do what; where there is none, or it
    has no page for something, the right to the form does.
    """

    def __init__(self, inline: type[Inline], owner: Any) -> None:
        self.owner = owner
        self.inline = inline
        self.state: AppState = owner.state
        self.resource = InlineResource(inline, owner.datamodel, self.state.settings, self)
        self.datamodel = self.resource.datamodel
        self.options: ResourceOptions = self.resource.options
        self.sealed = sealed_fields(self.state, self.datamodel, self.options)

    @property
    def view_menu(self) -> str:
        """What a refusal is logged as: the form's view."""
        return str(self.owner.view_menu)

    @cached_property
    def registered(self) -> Any:
        """The first view of the rows' model, or None; asked for in requests, when all views are there."""
        return view_of_model(self.state, self.datamodel.model)

    def can_open(self, method: str) -> bool:
        """Whether the current person may `list`, `add`, `edit` or `delete` rows, as far as a view of them says."""
        view = self.registered
        return view is None or method not in view.routes or bool(view.can_open(method))

    def scope(self, query: Any, user: Any) -> Any:
        """Narrow a `select()` of rows to those that the current person may see."""
        return self.narrow(query, self.owner.principal)

    def narrow(self, query: Any, principal: Principal) -> Any:
        """A `select()` of rows, narrowed to what somebody may see."""
        return query if self.registered is None else self.registered.narrow(query, principal)

    def can_access_field(self, user: Any, column: str, action: str) -> bool:
        """Whether somebody meets a column of the rows."""
        view = self.registered
        if view is None:
            return True
        is_sealed = (column, action) in view.sealed or column == view.options.soft_delete
        return not is_sealed and bool(view.can_access_field(user, column, action))

    def can_edit_item(self, user: Any, item: Any) -> bool:
        """Whether somebody may change this row."""
        return self.registered is None or bool(self.registered.can_edit_item(user, item))

    def can_delete_item(self, user: Any, item: Any) -> bool:
        """Whether somebody may remove this row."""
        return self.registered is None or bool(self.registered.can_delete_item(user, item))

    def rows_of(self, action: str, policy: ViewPolicy, formdata: FormData | None, item: Any) -> InlineRows | None:
        """The rows of a record, or of a new one, for the person of a policy; None where they meet none."""
        if not policy.can_access_field(self.resource.relation, action):
            return None
        view = self.registered
        pages = {"list", "show", "edit"} & set(() if view is None else view.routes)
        if pages and not any(self.can_open(page) for page in pages):
            return None
        # What is deleted there goes to the trash here, too.
        self.resource.children.children.trash = None if view is None else getattr(view.datamodel, "trash", None)
        own = ViewPolicy(self, policy.principal)
        return self.resource.rows(own, self._rights(own), formdata, item)

    def _rights(self, policy: ViewPolicy) -> Rights:
        return Rights(
            can_add=self.inline.can_add and self.can_open("add"),
            can_edit=self.inline.can_edit and self.can_open("edit"),
            can_delete=self.inline.can_delete and self.can_open("delete"),
            refused=policy.refused,
            is_narrowed=self.registered is not None,
        )


def comes_back(form: Any, sent: Args) -> bool:
    """Do what a form that was sent asks for, so that it can be shown; False for one that is to be saved."""
    asks = find_in(form, sent)
    wanted, moved = ("".join(sent.getlist(name)[:1]) for name in (ADD_ROW, MOVE_ROW))
    for rows in _inlines(form):
        if wanted == rows.store.name:
            rows.store.add_blank(rows)
        name, _, rest = moved.partition(":")
        if name == rows.store.name and rows.can_order:
            _move(rows, *rest.partition(":")[::2])
    return asks or bool(wanted or moved)


def field_in_rows(form: Any, name: str) -> Any:
    """The field that a look-up asks for by the name of the rows, a hyphen and its own; or None."""
    for rows in _inlines(form):
        own, is_here = name.removeprefix(f"{rows.store.name}-"), name.startswith(f"{rows.store.name}-")
        if is_here:
            return rows.store.asked(rows, own)
    return None


def _inlines(form: Any) -> Iterable[Any]:
    return tuple(form.inlines)


def _move(rows: InlineRows, number: str, way: str) -> None:
    """Swap a row with the one before or after it."""
    place = next((place for place, row in enumerate(rows.rows) if row.number == number), None)
    if place is None or way not in ("up", "down"):
        return
    other = place - 1 if way == "up" else place + 1
    if 0 <= other < len(rows.rows):
        rows.rows[place], rows.rows[other] = rows.rows[other], rows.rows[place]
