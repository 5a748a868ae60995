"""The security manager's decisions: who may do what, with Flask-AppBuilder's names for the questions."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy.sql.selectable import GenerativeSelect
from werkzeug.local import LocalProxy

from appbuilder_lite.security.access import (
    Access,
    Decision,
    Principal,
    Requirement,
    RoleGrants,
    decide,
    view_menus_granted,
)
from appbuilder_lite.security.manager_parts import ManagerParts

logger = logging.getLogger("appbuilder_lite.security")

MENU_ACCESS = "menu_access"

Query = TypeVar("Query", bound=GenerativeSelect)
"""A `select()` of whatever columns."""


class Decisions(ManagerParts):
    """Answers about users, roles and what they grant. Nothing here writes."""

    def principal_of(self, user: Any) -> Principal:
        """The user with the roles that count for them, in one statement, and one more after a change of grants.

        None, an inactive user, and an object that is no user of ours are anonymous.

        Example: `sm.principal_of(flask_login.current_user).is_admin`.
        """
        user = _unwrapped(user)
        key = self._key_of(user)
        return self.grants.principal(self.store.snapshot(key), user if key is not None else None)

    def decide(self, user: Any, requirement: Requirement) -> Decision:
        """Decide about one requirement, with the reason.

        Example: `sm.decide(user, Access("can_list", "CustomerView")).reason`.
        """
        return decide(self.principal_of(user), requirement)

    def can(self, user: Any, permission: str, view_menu: str) -> bool:
        """Whether the user has this permission on this view menu.

        Example: `sm.can(current_user, "can_edit", "CustomerView")`.
        """
        return self.decide(user, Access(permission, view_menu)).allowed

    def has_access(self, permission_name: str, view_name: str) -> bool:
        """Whether whoever makes the current request has this permission on this view menu.

        Example: `sm.has_access("can_list", "CustomerView")`.
        """
        return decide(self.current_principal(), Access(permission_name, view_name)).allowed

    def scoped(self, query: Query, *, view: str | type[Any]) -> Query:
        """A `select()` narrowed to the rows that the list of a view has for whoever makes the current request.

        By the view's `base_filters` and `scope`; there are no rows for whom may not list them. The statement may
        join, count or sum, and must select from the view's model itself. Outside a request nobody is signed in.

        Raises `LookupError` for a view that is not there, `ValueError` for a statement that cannot be narrowed.

        Example: `db.session.scalars(sm.scoped(select(Order), view="OrderView"))`.
        """
        narrowed: Query = self.narrowed(query, view)
        return narrowed

    def is_item_public(self, permission_name: str, view_name: str) -> bool:
        """Whether an anonymous visitor has this permission on this view menu.

        Example: `sm.is_item_public("can_list", "NewsView")`.
        """
        return self.can(None, permission_name, view_name)

    def get_user_menu_access(self, menu_names: Iterable[str] | None = None) -> set[str]:
        """Which of these menus (by default: all that are declared) the current request may see.

        Example: `sm.get_user_menu_access(["Sales", "Customers"])`.
        """
        if menu_names is None:
            menu_names = {access.view_menu for access in self.declared if access.permission == MENU_ACCESS}
        return set(view_menus_granted(self.current_principal(), MENU_ACCESS, menu_names))

    def get_user_roles(self, user: Any = None) -> list[Any]:
        """The roles of a user, an inactive one's too, direct and by group; None and strangers have the Public role.

        Example: `[role.name for role in sm.get_user_roles(user)]`.
        """
        user = _unwrapped(user)
        key = self.users.key(user) if isinstance(user, self.models.user) else None
        if key is None:
            public = self.row(self.models.role, name=self.settings.public_role)
            return [] if public is None else [public]
        return list(self.session.scalars(self.store.roles_of_user, {"key": key}))

    def get_user_permissions(self, user: Any) -> set[tuple[str, str]]:
        """What a user may do, as (permission, view menu) pairs.

        Example: `("can_list", "CustomerView") in sm.get_user_permissions(user)`.
        """
        return {pair for role in self.principal_of(user).roles for pair in self._pairs(role)}

    def get_role_permissions(self, role: Any) -> set[tuple[str, str]]:
        """What a role grants, as (permission, view menu) pairs.

        Example: `sm.get_role_permissions(sm.find_role("Sales"))`.
        """
        version = self.store.snapshot(None).version
        return {pair for found in self.grants.roles(version, [role.id]) for pair in self._pairs(found)}

    def get_user_roles_permissions(self, user: Any) -> dict[str, list[tuple[str, str]]]:
        """What each role of a user grants: role name -> (permission, view menu) pairs.

        Example: `sm.get_user_roles_permissions(user)["Sales"]`.
        """
        return {role.name: sorted(self._pairs(role)) for role in self.principal_of(user).roles}

    def exist_permission_on_roles(self, view_name: str, permission_name: str, role_ids: Iterable[Any]) -> bool:
        """Whether any of these roles grants this permission on this view menu.

        Example: `sm.exist_permission_on_roles("CustomerView", "can_list", [role.id])`.
        """
        version = self.store.snapshot(None).version
        roles = self.grants.roles(version, tuple(role_ids))
        return decide(Principal(roles=roles), Access(permission_name, view_name)).allowed

    def _pairs(self, role: RoleGrants) -> set[tuple[str, str]]:
        """A role's grants; of Admin and of patterns, those among everything that is declared or stored."""
        known = self.declared | self.store.stored_accesses()
        granted = known if role.is_admin else role.grants | {access for access in known if access in role.grants}
        return {(access.permission, access.view_menu) for access in granted}

    def _key_of(self, user: Any) -> Any:
        """The user's key; None for whoever is nobody to us."""
        if user is None:
            return None
        if not isinstance(user, self.models.user):
            if getattr(user, "is_authenticated", False):
                expected = self.models.user.__name__
                logger.warning("A %s is signed in, which is no %s: anonymous here", type(user).__name__, expected)
            return None
        return self.users.key(user) if self.users.is_active(user) else None


def _unwrapped(user: Any) -> Any:
    """The object behind a proxy such as Flask-Login's `current_user`."""
    return user._get_current_object() if isinstance(user, LocalProxy) else user
