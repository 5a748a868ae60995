"""The security manager's roles and groups: look-ups and writers with Flask-AppBuilder's names.

The roles Admin and Public and those kept in code exist by themselves: nothing here makes, renames or deletes them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError

from appbuilder_lite.errors import Rejected
from appbuilder_lite.security.manager_parts import ManagerParts, as_list
from appbuilder_lite.security.sync_plan import fold, reserved_roles
from appbuilder_lite.text import gettext, one_line

logger = logging.getLogger("appbuilder_lite.security")


class RoleRecords(ManagerParts):
    """Roles, groups, and what ties them to users and permissions."""

    def is_reserved_role(self, name: str) -> bool:
        """Whether a role of this name exists by itself; spellings that a database might merge count too.

        Example: `sm.is_reserved_role("admin")`.
        """
        return fold(name) in {fold(reserved) for reserved in reserved_roles(self.settings)}

    def find_role(self, name: str) -> Any:
        """The role of this name, or None. Admin, Public and the roles kept in code are always found.

        Example: `sm.find_role("Admin")`.
        """
        self.prepare_look_up()
        found = self.row(self.models.role, name=name)
        if found is None and name in reserved_roles(self.settings):
            return self.row_or_new(self.models.role, {"name": name})
        return found

    def get_all_roles(self) -> list[Any]:
        """Every role, by name.

        Example: `[role.name for role in sm.get_all_roles()]`.
        """
        self.prepare_look_up()
        return list(self.session.scalars(select(self.models.role).order_by(self.models.role.name)))

    def get_public_role(self) -> Any:
        """The role of anonymous visitors.

        Example: `sm.add_permission_role(sm.get_public_role(), perm_view)`.
        """
        return self.find_role(self.settings.public_role)

    def get_public_permissions(self) -> list[Any]:
        """The permission views of the Public role.

        Example: `[view.view_menu.name for view in sm.get_public_permissions()]`.
        """
        return list(self.get_public_role().permissions)

    def add_role(self, name: str, permissions: Sequence[Any] | None = None, commit: bool = True) -> Any:
        """The role of this name, made with these permission views where it is missing.

        A role that exists is returned as it is. Raises `Rejected` for another spelling of a reserved name.

        Example: `sm.add_role("Sales", [sm.find_permission_view_menu("can_list", "CustomerView")])`.
        """
        if name not in reserved_roles(self.settings):
            # Before it is looked for: MariaDB finds a role by another spelling of its name.
            self._refuse_reserved(name)
        found = self.find_role(name)
        if found is None:
            with self.changing(commit=False):
                found = self.row_or_new(self.models.role, {"name": name})
                ids = [view.id for view in permissions or ()]
                self.link(self.models.permission_view_role, {"role_id": found.id}, "permission_view_id", ids)
        if commit:
            self.session.commit()
        return found

    def update_role(self, pk: Any, name: str, commit: bool = True) -> Any:
        """Rename a role; the role, or False where it is missing or the name is taken.

        Raises `Rejected` where either name is reserved.

        Example: `sm.update_role(role.id, "Field sales")`.
        """
        role = self.session.get(self.models.role, pk)
        if role is None:
            return False
        self._refuse_reserved(role.name, name)
        try:
            with self.changing(commit=commit):
                role.name = name
                self.session.flush()
        except (IntegrityError, DataError):
            logger.warning("Role %s is not renamed: the new name is taken or too long", one_line(role.name))
            return False
        return role

    def delete_role(self, role_or_id: Any, commit: bool = True) -> bool:
        """Delete a role and what ties it to users, groups and permissions; whether there was one.

        Raises `Rejected` for a reserved role.

        Example: `sm.delete_role(sm.find_role("Sales"))`.
        """
        role = self._record(self.models.role, role_or_id)
        if role is None:
            return False
        self._refuse_reserved(role.name)
        with self.changing(commit=commit):
            self.session.delete(role)
            self.session.flush()
        return True

    def find_group(self, name: str) -> Any:
        """The group of this name, or None.

        Example: `sm.find_group("Berlin office")`.
        """
        return self.row(self.models.group, name=name)

    def add_group(  # noqa: PLR0917  # Flask-AppBuilder's signature
        self,
        name: str,
        label: str = "",
        description: str = "",
        roles: Iterable[Any] | None = None,
        users: Iterable[Any] | None = None,
        commit: bool = True,
    ) -> Any:
        """The group of this name, made with these roles and users where it is missing.

        Example: `sm.add_group("Berlin office", "Berlin", "", roles=[sm.find_role("Sales")], users=[user])`.
        """
        found = self.find_group(name)
        if found is not None:
            return found
        with self.changing(commit=commit):
            group = self.row_or_new(self.models.group, {"name": name}, label=label, description=description)
            self.session.flush()
            key = {"group_id": group.id}
            self.link(self.models.group_role, key, "role_id", [role.id for role in as_list(roles)])
            self.link(self.models.user_group, key, "user_id", [self.users.key(user) for user in as_list(users)])
            self.session.expire(group)
        return group

    def delete_group(self, group_or_id: Any, commit: bool = True) -> bool:
        """Delete a group and what ties it to users and roles; whether there was one.

        Raises `Rejected` where that would leave no active Admin.

        Example: `sm.delete_group(sm.find_group("Berlin office"))`.
        """
        group = self._record(self.models.group, group_or_id)
        if group is None:
            return False
        with self.changing(commit=commit), self.keep_an_admin():
            self.session.delete(group)
            self.session.flush()
        return True

    def _record(self, model: type[Any], record_or_id: Any) -> Any:
        return record_or_id if isinstance(record_or_id, model) else self.session.get(model, record_or_id)

    def _refuse_reserved(self, *names: str) -> None:
        for name in names:
            if self.is_reserved_role(name):
                raise Rejected(gettext("The role name %(name)s is reserved.", name=name), field="name")
