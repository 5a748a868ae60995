"""The views of roles, groups, permissions and view menus."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from appbuilder_lite.builtin.grants_field import Grant, GrantsField
from appbuilder_lite.builtin.matrix import Judge, Matrix
from appbuilder_lite.builtin.role_grants import grants_of
from appbuilder_lite.builtin.role_list import RoleListPages
from appbuilder_lite.builtin.role_pages import (
    MatrixFilter,
    MatrixPage,
    ReviewPage,
    RoleForm,
    RoleShow,
    granted_section,
    matrix_page,
    tick_names,
)
from appbuilder_lite.builtin.role_resource import FIELD, RELATION, RoleResource, grants_field, role_in_code
from appbuilder_lite.builtin.row_places import RowPlaces
from appbuilder_lite.builtin.shown_keys import is_number, packed
from appbuilder_lite.builtin.stock import StockModelView
from appbuilder_lite.data.query import Page
from appbuilder_lite.data.sqla_model import SQLAInterface
from appbuilder_lite.data.types import security_model
from appbuilder_lite.errors import Problem, Rejected
from appbuilder_lite.text import gettext, lazy, ngettext
from appbuilder_lite.web.form_page import posted_form
from appbuilder_lite.web.form_pages import FieldsetPage
from appbuilder_lite.web.guard import CSRF_FIELD
from appbuilder_lite.web.list_tools import Links
from appbuilder_lite.web.pages import CountedTab
from appbuilder_lite.web.policy import ViewPolicy
from appbuilder_lite.web.session import csrf_field
from appbuilder_lite.web.state import AppState

REVIEW = "_review"
CHANGE = "_change"
REVIEW_TEMPLATE = "appbuilder_lite/role_review.html"
MOST_LETTERS = 200


class RoleModelView(StockModelView):
    """Roles and what they grant. Admin, Public and the roles kept in code keep their names and cannot be deleted."""

    route_base = "/roles"
    datamodel = SQLAInterface(security_model("role_model"))
    noun = "role"
    resource_class = RoleResource

    list_title = lazy("Roles")
    add_row_message = lazy("Role added")
    edit_row_message = lazy("Role changed")
    delete_row_message = lazy("Role deleted")
    list_columns = ["name", "user", RELATION]
    show_columns = ["name", "user", "groups"]
    add_columns = ["name", FIELD]
    edit_columns = ["name", FIELD]
    search_columns = ["name"]
    base_order = ("name", "asc")
    label_columns = {"user": lazy("Users"), RELATION: lazy("Permissions")}
    add_form_extra_fields = {FIELD: GrantsField(lazy("Permissions"), name=RELATION)}
    edit_form_extra_fields = {FIELD: GrantsField(lazy("Permissions"), name=RELATION)}
    show_template = "appbuilder_lite/role_show.html"
    add_template = "appbuilder_lite/role_matrix.html"
    edit_template = "appbuilder_lite/role_matrix.html"

    def bind(self, state: AppState) -> list[Problem]:
        problems = super().bind(state)
        if all(problem.warning for problem in problems):
            self.list_pages = RoleListPages(self.options)
        return problems

    def render_template(self, template: str, **values: Any) -> str:
        has_matrix = isinstance(values.get("page"), RoleForm | ReviewPage)
        return super().render_template(template, **{**({"stylesheet": "roles.css"} if has_matrix else {}), **values})

    def add(self) -> ResponseReturnValue:
        """The form for a new role (GET); what it would make, to be looked at, or make it (POST)."""
        return self._between("add") or super().add()

    def edit(self, pk: str) -> ResponseReturnValue:
        """The form with a role (GET); what would change, to be looked at, or change it (POST)."""
        return self._between("edit", pk) or super().edit(pk)

    def links_of(self, page: Page, policy: ViewPolicy) -> Links:
        """As in every list, but a name leads to what the role grants, where the person may change it."""
        links = super().links_of(page, policy)
        editable = frozenset(row.key for row in page.rows if links.edit(row.key))
        return replace(links, show=links.show.without(editable))

    def form_page(self, action: str, form: Any, *, pk: str = "", name: str = "") -> RoleForm:
        """The form: the role's own fields, then the matrix of its permissions."""
        page, field = super().form_page(action, form, pk=pk, name=name), grants_field(form)
        matrix = self._matrix_page(field, pk) if field is not None else None
        is_open = matrix is not None and not matrix.locked
        changes = {
            "fieldsets": tuple(_without_grants(page.fieldsets)),
            "action_url": page.action_url + ("?menus=1" if "menus" in request.args else ""),
            "extra_submits": ((REVIEW, gettext("Review changes")),) if is_open else page.extra_submits,
            "intro": self._intro(field.role_name if field is not None else name) or page.intro,
        }
        return RoleForm(**{**_values(page), **changes}, matrix=matrix, tabs=self._tabs(pk, "edit") if pk else ())

    def show_page(self, item: Any, pk: str) -> RoleShow:
        """The role: who has it, and for whoever may not change it, what it grants."""
        page = super().show_page(item, pk)
        sections = page.sections
        if not page.edit_url and RELATION not in self.options.show_columns:
            sections = (*sections, granted_section(self._matrix(grants_of(self.state.sm, item.id), item.name)))
        return RoleShow(**{**_values(page), "sections": sections}, tabs=self._tabs(pk, "show") if page.edit_url else ())

    def _between(self, action: str, pk: str = "") -> ResponseReturnValue | None:
        """The answer to a form that is sent to be looked at, or to be changed further, and not to be saved."""
        if request.method != "POST" or not {REVIEW, CHANGE} & request.form.keys():
            return None
        policy = self.policy()
        item = self.resource.get_for("edit", pk, policy, self.options.edit_columns) if pk else None
        form_class = self.resource.add_form if action == "add" else self.resource.edit_form
        form: Any = self.resource.form(action, policy, formdata=posted_form(form_class), item=item)
        name, field = "" if item is None else self.datamodel.name_of(item), grants_field(form)
        is_valid = CHANGE in request.form or form.validate()
        if field is not None and is_valid and REVIEW in request.form:
            return self.render_template(REVIEW_TEMPLATE, page=self._review_page(action, form, field, pk=pk, name=name))
        deletable = item is not None and not policy.refused([item])["delete"]
        return self._form_response(action, form, pk=pk, name=name, deletable=deletable, code=200 if is_valid else 422)

    def _review_page(self, action: str, form: Any, field: GrantsField, *, pk: str, name: str) -> ReviewPage:
        page = self.form_page(action, form, pk=pk, name=name)
        names = tick_names(self._matrix(field.grants, field.role_name, all_menus=True))
        renamed = form["name"].data if "name" in form else name
        return ReviewPage(
            title=gettext("Review the changes of %(name)s", name=name or renamed),
            action_url=page.action_url,
            cancel_url=page.cancel_url,
            added=tuple(names[each.key] for each in field.added),
            removed=tuple(names[each.key] for each in field.removed),
            renamed=gettext("The name becomes %(name)s.", name=renamed) if name and renamed != name else "",
            hidden=tuple(_difference(field)),
            crumbs=page.crumbs,
        )

    def _matrix_page(self, field: GrantsField, pk: str) -> MatrixPage:
        matrix, name = self._matrix(field.grants, field.role_name), field.role_name
        here = self.url_for("edit", pk=pk) if pk else self.url_for("add")
        asked = MatrixFilter(request.args.get("search", "")[:MOST_LETTERS], request.args.get("show", ""))
        left_out = len(field.grants) - len(matrix.grants)
        menus = ngettext(
            "%(num)s menu entry shows wherever its page may be opened, and is left out here.",
            "%(num)s menu entries show wherever their pages may be opened, and are left out here.",
            left_out,
        )
        return matrix_page(
            matrix,
            field.name,
            (*field.added, *field.removed),
            replace(asked, all_url=here if asked.search or asked.show else ""),
            locked=self._lock(name),
            notes=tuple(self._notes(matrix, name)),
            menus=menus if left_out else "",
            menus_url=f"{here}?menus=1" if left_out else "",
        )

    def _matrix(self, grants: Sequence[Grant], role_name: str, *, all_menus: bool = False) -> Matrix:
        role, giver = role_in_code(self.state.settings, role_name), self.giver
        judge = Judge(
            in_code=lambda access: role.is_admin or access in role.grants,
            is_locked=lambda access: not giver.may_give(access),
        )
        return Matrix(grants, RowPlaces(self.state), judge, all_menus=all_menus or "menus" in request.args)

    def _lock(self, name: str) -> str:
        """Why nothing of a role can be changed here; empty where something can."""
        if role_in_code(self.state.settings, name).is_admin:
            return gettext("This role may do everything.")
        try:
            self.giver.check_reserved_role(name)
        except Rejected as refusal:
            return refusal.message
        return ""

    def _notes(self, matrix: Matrix, name: str) -> Iterator[str]:
        if name in self.state.settings.roles:
            yield gettext("What the code of this site gives this role is ticked, and cannot be taken away here.")
        giver = self.giver
        if not all(giver.may_give(each.access) for each in matrix.grants):
            yield gettext("You can grant and take away only what you may do yourself; everything else is locked.")

    def _intro(self, name: str) -> str:
        if name == self.state.settings.public_role:
            return gettext("What visitors who are not signed in may do. Everybody else may do it, too.")
        return ""

    def _tabs(self, pk: str, current: str) -> tuple[CountedTab, ...]:
        """The pages of one role."""
        words = {"edit": gettext("Permissions"), "show": gettext("Users and groups")}
        links = [(name, label, self.record_url(name)(pk)) for name, label in words.items()]
        tabs = tuple(CountedTab(label, url, current=name == current) for name, label, url in links if url)
        return tabs if len(tabs) == len(words) else ()


class UserGroupModelView(StockModelView):
    """Groups of users, who have the group's roles."""

    route_base = "/groups"
    datamodel = SQLAInterface(security_model("group_model"))
    noun = "group"

    list_title = lazy("Groups")
    add_row_message = lazy("Group added")
    edit_row_message = lazy("Group changed")
    delete_row_message = lazy("Group deleted")
    list_columns = ["name", "label", "roles"]
    show_columns = ["name", "label", "description", "roles", "users"]
    add_columns = ["name", "label", "description", "roles", "users"]
    edit_columns = ["name", "label", "description", "roles", "users"]
    search_columns = ["name", "label", "description"]
    base_order = ("name", "asc")


class NamesView(StockModelView):
    """A list of names that come from what the views declare."""

    base_permissions = ["can_list"]
    list_columns = ["name"]
    search_columns = ["name"]
    base_order = ("name", "asc")


class PermissionModelView(NamesView):
    """The permissions that there are."""

    route_base = "/permissions"
    datamodel = SQLAInterface(security_model("permission_model"))
    noun = "permission"
    list_title = lazy("Base permissions")
    global_search = False


class ViewMenuModelView(NamesView):
    """The views and menus that permissions are on."""

    route_base = "/viewmenus"
    datamodel = SQLAInterface(security_model("viewmenu_model"))
    noun = "view or menu"
    list_title = lazy("Views and menus")
    global_search = False


class PermissionViewModelView(StockModelView):
    """Which permission there is on which view or menu, and which roles grant it."""

    route_base = "/permissionviews"
    datamodel = SQLAInterface(security_model("permissionview_model"))
    noun = "permission"
    base_permissions = ["can_list"]

    list_title = lazy("Permissions on views and menus")
    list_columns = ["view_menu.name", "permission.name", "role"]
    search_columns = ["view_menu.name", "permission.name"]
    global_search = False
    base_order = [("view_menu.name", "asc"), ("permission.name", "asc")]
    label_columns = {
        "view_menu.name": lazy("View or menu"),
        "permission.name": lazy("Permission"),
        "role": lazy("Roles"),
    }


def _values(page: Any) -> dict[str, Any]:
    """What a page is made of."""
    return {each.name: getattr(page, each.name) for each in fields(page)}


def _without_grants(fieldsets: Iterable[FieldsetPage]) -> Iterator[FieldsetPage]:
    """The fieldsets without the permissions, which stand in the matrix."""
    for fieldset in fieldsets:
        own = tuple(field for field in fieldset.fields if field.kind != GrantsField.input_kind)
        if own:
            yield replace(fieldset, fields=own)


def _difference(field: GrantsField) -> Iterator[tuple[str, str]]:
    """What a review sends: the other fields as they came, and of the permissions what changes."""
    left_out = {REVIEW, CHANGE, CSRF_FIELD, csrf_field(), field.name}
    for name, value in request.form.items(multi=True):
        if name not in left_out and not is_number(name):
            yield name, value
    yield field.name, packed(each.key for each in field.removed)
    yield from ((each.key, "on") for each in field.added)
