"""The views of roles, groups, permissions and view menus."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from appbuilder_lite.builtin.assignments import forget_loaded, of_roles
from appbuilder_lite.builtin.fields import AssignedField
from appbuilder_lite.builtin.stock import StockModelView
from appbuilder_lite.data.sqla_model import SQLAInterface
from appbuilder_lite.data.types import security_model
from appbuilder_lite.resource.forms import FormData, ResourceForm
from appbuilder_lite.resource.policy import Policy, WritePolicy
from appbuilder_lite.resource.resource import Resource
from appbuilder_lite.security.access import Access
from appbuilder_lite.text import gettext
from appbuilder_lite.web.pages import Cell, FormPage, ShowPage, ShowSection


class RoleResource(Resource):
    """Reads and writes roles; gives the forms the permissions, and takes the name of a reserved role out of them."""

    hooks: RoleModelView

    def form(self, action: str, policy: Policy, *, formdata: FormData | None = None, item: Any = None) -> ResourceForm:
        form = super().form(action, policy, formdata=formdata, item=item)
        sm = self.hooks.state.sm
        if item is not None and "name" in form and sm.is_reserved_role(item.name):
            del form["name"]
        of_roles(sm).attach(form, None if item is None else item.id)
        return form

    def prepare(self, action: str, item: Any, form: ResourceForm | None, policy: WritePolicy) -> None:
        """Refuse to grant or take away what the person may not do."""
        super().prepare(action, item, form, policy)
        field = _changed(form)
        if field is not None:
            giver = self.hooks.giver
            giver.check_grants(self._accesses(field.added_ids), field.name)
            giver.check_withdrawn(self._accesses(field.removed_ids), field.name)

    def finish(self, action: str, item: Any, form: ResourceForm | None, policy: WritePolicy) -> None:
        """Write the permissions, now that a new role has an id."""
        field, sm = _changed(form), self.hooks.state.sm
        if field is not None:
            of_roles(sm).assign(item.id, field.ids)
            forget_loaded(sm, item, ("permissions",))
        super().finish(action, item, form, policy)

    def _accesses(self, ids: list[Any]) -> list[Access]:
        """The permissions behind permission view ids."""
        state = self.hooks.state
        view = state.sm.models.permission_view
        found = state.session.scalars(select(view).where(view.id.in_(ids))) if ids else ()
        return [Access(item.permission.name, item.view_menu.name) for item in found]


def _changed(form: ResourceForm | None) -> Any:
    """The field of the permissions where a form changes them, else None."""
    field: Any = form["assigned_permissions"] if form is not None and "assigned_permissions" in form else None
    return field if field is not None and field.has_changed else None


class RoleModelView(StockModelView):
    """Roles and what they grant. Admin, Public and the roles kept in code keep their names and cannot be deleted."""

    route_base = "/roles"
    datamodel = SQLAInterface(security_model("role_model"))
    noun = "role"
    resource_class = RoleResource

    list_title = "Roles"
    add_row_message = "Role added"
    edit_row_message = "Role changed"
    delete_row_message = "Role deleted"
    list_columns = ["name", "permissions"]
    show_columns = ["name", "permissions", "user", "groups"]
    add_columns = ["name", "assigned_permissions"]
    edit_columns = ["name", "assigned_permissions"]
    search_columns = ["name"]
    base_order = ("name", "asc")
    label_columns = {"user": "Users"}
    add_form_extra_fields = {"assigned_permissions": AssignedField("Permissions", name="permissions")}
    edit_form_extra_fields = {"assigned_permissions": AssignedField("Permissions", name="permissions")}

    def form_page(self, action: str, form: Any, *, pk: str = "", name: str = "") -> FormPage:
        """The form: no delete where the role is reserved, and a word about the one that may do everything."""
        page = super().form_page(action, form, pk=pk, name=name)
        if action == "edit" and self.state.sm.is_reserved_role(name):
            page = replace(page, delete_url="")
        if action == "edit" and self._may_do_everything(name):
            page = replace(page, intro=gettext("This role may do everything, whatever is ticked here."))
        return page

    def show_page(self, item: Any, pk: str) -> ShowPage:
        """The role, where it is reserved without a delete, and with an edit for administrators only."""
        page = super().show_page(item, pk)
        if self.state.sm.is_reserved_role(item.name):
            page = replace(page, delete_url="", edit_url=page.edit_url if self.giver.is_administrator else "")
        if self._may_do_everything(item.name):
            page = replace(page, sections=tuple(_with_everything(section) for section in page.sections))
        return page

    def _may_do_everything(self, name: str) -> bool:
        settings = self.state.settings
        return name == settings.admin_role and name not in settings.roles


class UserGroupModelView(StockModelView):
    """Groups of users, who have the group's roles."""

    route_base = "/groups"
    datamodel = SQLAInterface(security_model("group_model"))
    noun = "group"

    list_title = "Groups"
    add_row_message = "Group added"
    edit_row_message = "Group changed"
    delete_row_message = "Group deleted"
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
    list_title = "Base permissions"


class ViewMenuModelView(NamesView):
    """The views and menus that permissions are on."""

    route_base = "/viewmenus"
    datamodel = SQLAInterface(security_model("viewmenu_model"))
    noun = "view or menu"
    list_title = "Views and menus"


class PermissionViewModelView(StockModelView):
    """Which permission there is on which view or menu, and which roles grant it."""

    route_base = "/permissionviews"
    datamodel = SQLAInterface(security_model("permissionview_model"))
    noun = "permission"
    base_permissions = ["can_list"]

    list_title = "Permissions on views and menus"
    list_columns = ["view_menu.name", "permission.name", "role"]
    search_columns = ["view_menu.name", "permission.name"]
    base_order = [("view_menu.name", "asc"), ("permission.name", "asc")]
    label_columns = {"view_menu.name": "View or menu", "permission.name": "Permission", "role": "Roles"}


def _with_everything(section: ShowSection) -> ShowSection:
    """The section with a word in the place of the permissions."""
    cell = Cell("text", gettext("Everything"))
    fields = tuple(replace(field, cell=cell) if field.name == "permissions" else field for field in section.fields)
    return replace(section, fields=fields)
