"""The security manager's records of permissions: look-ups and writers with Flask-AppBuilder's names.

The look-ups find what views declare before the first request has made the rows, too.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, inspect, select

from appbuilder_lite.security.access import Access
from appbuilder_lite.security.manager_access import MENU_ACCESS
from appbuilder_lite.security.manager_parts import ManagerParts
from appbuilder_lite.security.sync_plan import declared_name
from appbuilder_lite.text import one_line

logger = logging.getLogger("appbuilder_lite.security")


class PermissionRecords(ManagerParts):
    """Permissions, view menus, permission views, and which roles have them."""

    def find_permission(self, name: str) -> Any:
        """The permission of this name, or None.

        Example: `sm.find_permission("can_list")`.
        """
        self.prepare_look_up()
        is_declared = any(access.permission == name for access in self.declared)
        return self._named(self.models.permission, name, is_declared=is_declared)

    def add_permission(self, name: str, *, commit: bool = True) -> Any:
        """The permission of this name, made where it is missing.

        Example: `sm.add_permission("can_approve")`.
        """
        return self._add_named(self.models.permission, name, commit=commit)

    def del_permission(self, name: str, *, commit: bool = True) -> bool:
        """Delete a permission that is on no view menu any more; whether that was done.

        Example: `sm.del_permission("can_approve")`.
        """
        return self._delete_named(self.models.permission, name, "permission_id", commit=commit)

    def find_view_menu(self, name: str) -> Any:
        """The view menu of this name, or None.

        Example: `sm.find_view_menu("CustomerView")`.
        """
        self.prepare_look_up()
        is_declared = any(access.view_menu == name for access in self.declared)
        return self._named(self.models.view_menu, name, is_declared=is_declared)

    def get_all_view_menu(self) -> list[Any]:
        """Every view menu.

        Example: `[menu.name for menu in sm.get_all_view_menu()]`.
        """
        self.prepare_look_up()
        return list(self.session.scalars(select(self.models.view_menu).order_by(self.models.view_menu.name)))

    def add_view_menu(self, name: str, *, commit: bool = True) -> Any:
        """The view menu of this name, made where it is missing.

        Example: `sm.add_view_menu("Invoices")`.
        """
        return self._add_named(self.models.view_menu, name, commit=commit)

    def del_view_menu(self, name: str, *, commit: bool = True) -> bool:
        """Delete a view menu that has no permission any more; whether that was done.

        Example: `sm.del_view_menu("Invoices")`.
        """
        return self._delete_named(self.models.view_menu, name, "view_menu_id", commit=commit)

    def find_permission_view_menu(self, permission_name: str, view_menu_name: str) -> Any:
        """This permission on this view menu as a record, or None.

        Example: `sm.find_permission_view_menu("can_list", "CustomerView")`.
        """
        self.prepare_look_up()
        found = self._permission_view(permission_name, view_menu_name)
        if found is None and self._creates(Access(permission_name, view_menu_name) in self.declared):
            return self._add_permission_view(permission_name, view_menu_name)
        return found

    def find_permissions_view_menu(self, view_menu: Any) -> list[Any]:
        """Every permission on a view menu (a record).

        Example: `sm.find_permissions_view_menu(sm.find_view_menu("CustomerView"))`.
        """
        model = self.models.permission_view
        return list(self.session.scalars(select(model).filter_by(view_menu_id=view_menu.id)))

    def add_permission_view_menu(self, permission_name: str, view_menu_name: str, *, commit: bool = True) -> Any:
        """This permission on this view menu as a record, made where it is missing; None for an empty name.

        Example: `sm.add_permission_view_menu("can_approve", "Invoices")`.
        """
        if not (permission_name and view_menu_name):
            return None
        with self.changing(commit=commit):
            return self._add_permission_view(permission_name, view_menu_name)

    def del_permission_view_menu(
        self, permission_name: str, view_menu_name: str, cascade: bool = True, *, commit: bool = True
    ) -> bool:
        """Take a permission off a view menu that no role has; whether that was done.

        With `cascade`, the permission and the view menu go too where nothing else uses them.

        Example: `sm.del_permission_view_menu("can_approve", "Invoices")`.
        """
        found = self._permission_view(permission_name, view_menu_name)
        if found is None or self._is_granted(found):
            logger.warning(
                "%s on %s is not deleted: missing, or a role has it", *_shown(permission_name, view_menu_name)
            )
            return False
        with self.changing(commit=commit):
            self.session.delete(found)
            self.session.flush()
            self._forget_declared(Access(permission_name, view_menu_name))
            if cascade:
                self._delete_unused(self.models.permission, permission_name, "permission_id")
                self._delete_unused(self.models.view_menu, view_menu_name, "view_menu_id")
        return True

    def add_permissions_view(self, base_permissions: Iterable[str], view_menu: str, *, commit: bool = True) -> None:
        """Make several permissions on one view menu.

        Example: `sm.add_permissions_view(["can_list", "can_show"], "Invoices")`.
        """
        with self.changing(commit=commit):
            for permission in base_permissions:
                self._add_permission_view(permission, view_menu)

    def add_permissions_menu(self, view_menu_name: str, *, commit: bool = True) -> None:
        """Make the permission to see a menu.

        Example: `sm.add_permissions_menu("Sales")`.
        """
        self.add_permissions_view([MENU_ACCESS], view_menu_name, commit=commit)

    def add_permission_role(self, role: Any, perm_view: Any, *, commit: bool = True) -> None:
        """Grant a permission view to a role; nothing happens where the role has it.

        Example: `sm.add_permission_role(role, sm.find_permission_view_menu("can_list", "CustomerView"))`.
        """
        with self.changing(commit=commit):
            self.session.flush()
            self.link(self.models.permission_view_role, {"role_id": role.id}, "permission_view_id", [perm_view.id])
            self.session.expire(role, ["permissions"])

    def del_permission_role(self, role: Any, perm_view: Any, *, commit: bool = True) -> None:
        """Take a permission view from a role; nothing happens where the role has it not.

        Example: `sm.del_permission_role(role, perm_view)`.
        """
        table = self.models.permission_view_role
        with self.changing(commit=commit):
            self.session.flush()
            of_role = delete(table).where(table.c.role_id == role.id, table.c.permission_view_id == perm_view.id)
            self.session.execute(of_role, bind_arguments=self.bind)
            self.session.expire(role, ["permissions"])

    def find_roles_permission_view_menus(self, permission_name: str, role_ids: Sequence[Any]) -> list[Any]:
        """The records of one permission, on whatever view menu, that any of these roles has.

        Example: `sm.find_roles_permission_view_menus("menu_access", [role.id])`.
        """
        view, permission, table = self.models.permission_view, self.models.permission, self.models.permission_view_role
        statement = (
            select(view)
            .join(permission, permission.id == view.permission_id)
            .where(permission.name == permission_name)
            .where(view.id.in_(select(table.c.permission_view_id).where(table.c.role_id.in_(role_ids))))
        )
        return list(self.session.scalars(statement))

    def exist_permission_on_views(self, lst: Iterable[Any], item: str) -> bool:
        """Whether a permission of this name is among these permission views.

        Example: `sm.exist_permission_on_views(role.permissions, "can_list")`.
        """
        return any(view.permission.name == item for view in lst if view.permission)

    def exist_permission_on_view(self, lst: Iterable[Any], permission: str, view_menu: str) -> bool:
        """Whether this permission on this view menu is among these permission views.

        Example: `sm.exist_permission_on_view(role.permissions, "can_list", "CustomerView")`.
        """
        wanted = (permission, view_menu)
        return any((view.permission.name, view.view_menu.name) == wanted for view in lst if view.permission)

    def _creates(self, is_declared: bool) -> bool:
        """Whether a look-up may make the row that it did not find."""
        return is_declared and self.settings.sync == "auto"

    def _named(self, model: type[Any], name: str, *, is_declared: bool) -> Any:
        found = self.row(model, name=name)
        if found is None and self._creates(is_declared):
            return self.row_or_new(model, {"name": name})
        return found

    def _add_named(self, model: type[Any], name: str, *, commit: bool) -> Any:
        with self.changing(commit=commit):
            return self.row_or_new(model, {"name": name})

    def _permission_view(self, permission_name: str, view_menu_name: str) -> Any:
        permission, view_menu, view = self.models.permission, self.models.view_menu, self.models.permission_view
        statement = (
            select(view)
            .join(permission, permission.id == view.permission_id)
            .join(view_menu, view_menu.id == view.view_menu_id)
            .where(permission.name == permission_name, view_menu.name == view_menu_name)
        )
        return self.session.scalar(statement)

    def _add_permission_view(self, permission_name: str, view_menu_name: str) -> Any:
        found = self._permission_view(permission_name, view_menu_name)
        if found is not None:
            return found
        permission = self.row_or_new(self.models.permission, {"name": permission_name})
        view_menu = self.row_or_new(self.models.view_menu, {"name": view_menu_name})
        key = {"permission_id": permission.id, "view_menu_id": view_menu.id}
        return self.row_or_new(self.models.permission_view, key)

    def _forget_declared(self, access: Access) -> None:
        """Drop the sync's note: what code makes of that name later is the code's own, and no prune's."""
        state = self.models.state
        self.session.execute(delete(state).where(state.c.name == declared_name(access)), bind_arguments=self.bind)

    def _is_granted(self, view: Any) -> bool:
        table = self.models.permission_view_role
        statement = select(table.c.role_id).where(table.c.permission_view_id == view.id).limit(1)
        return self.session.execute(statement, bind_arguments=self.bind).first() is not None

    def _delete_named(self, model: type[Any], name: str, column: str, *, commit: bool) -> bool:
        with self.changing(commit=commit):
            is_deleted = self._delete_unused(model, name, column)
        if not is_deleted:
            logger.warning("%s %s is not deleted: missing, or in use", model.__name__, one_line(name))
        return is_deleted

    def _delete_unused(self, model: type[Any], name: str, column: str) -> bool:
        found = self.row(model, name=name)
        if found is None:
            return False
        users = inspect(self.models.permission_view).columns[column]
        if self.session.scalar(select(self.models.permission_view).where(users == found.id).limit(1)) is not None:
            return False
        self.session.delete(found)
        self.session.flush()
        return True


def _shown(*names: str) -> tuple[str, ...]:
    return tuple(one_line(name) for name in names)
