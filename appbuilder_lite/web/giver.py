"""What somebody may hand on: who manages users is not for that an administrator, nor may make one.

An administrator is whoever has the Admin role. Everybody else may not touch whoever may do more with users and roles
than they may themselves, not give a role that would make such people, not grant or take away what they may not do,
and not change their own roles.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import select

from appbuilder_lite.errors import Rejected
from appbuilder_lite.security.access import Access, Principal, RoleGrants, decide
from appbuilder_lite.text import gettext
from appbuilder_lite.web.state import AppState, states_of, states_sharing

_SLOTS = (
    "userdbmodelview",
    "rolemodelview",
    "groupmodelview",
    "permissionmodelview",
    "viewmenumodelview",
    "permissionviewmodelview",
    "resetpasswordview",
)
_LOOKING = frozenset({"can_list", "can_show", "menu_access"})


class Giver:
    """A person, as far as they give roles and permissions to others."""

    def __init__(self, state: AppState, principal: Principal) -> None:
        self.state = state
        self.principal = principal
        self._role_ids_of_users: Mapping[Any, Sequence[Any]] = {}
        self._role_ids_of_groups: Mapping[Any, Sequence[Any]] = {}

    def read_users(self, users: Collection[Any]) -> None:
        """Read at once what several questions about these users ask for."""
        for giver in (self, *self._elsewhere):
            if not giver.is_administrator:
                keys = [giver.state.sm.users.key(user) for user in users]
                giver._role_ids_of_users = giver.state.sm.store.role_ids_of_users(keys)
                giver._read_roles(giver._role_ids_of_users)

    def read_groups(self, groups: Collection[Any]) -> None:
        """Read at once what several questions about these groups ask for."""
        if not self.is_administrator:
            self._role_ids_of_groups = self.state.sm.store.role_ids_of_groups([group.id for group in groups])
            self._read_roles(self._role_ids_of_groups)

    def read_roles(self, roles: Collection[Any]) -> None:
        """Read at once what several questions about these roles ask for."""
        if not self.is_administrator:
            self._roles([role.id for role in roles])

    def _read_roles(self, role_ids: Mapping[Any, Sequence[Any]]) -> None:
        self._roles(dict.fromkeys(role_id for ids in role_ids.values() for role_id in ids))

    @property
    def is_administrator_everywhere(self) -> bool:
        """Whether the person is one for every AppBuilder of this app that has the same users."""
        return all(giver.is_administrator for giver in (self, *self._elsewhere))

    @property
    def is_administrator(self) -> bool:
        """Whether the person has the Admin role, whatever that one grants here."""
        return any(role.is_admin or self._is_admin_role(role) for role in self.principal.roles)

    def check_administrator(self, text: str) -> None:
        """Refuse everybody else, in these words."""
        if not self.is_administrator:
            raise Rejected(text)

    def check_user(self, user: Any) -> None:
        """Refuse to touch whoever may do more with users and roles than the person, a disabled one too.

        What the user may do by another AppBuilder of this app counts as well: it is the same person with one password.
        """
        self._check_user(user)
        for other in self._elsewhere:
            other._check_user(user)

    def _check_user(self, user: Any) -> None:
        if self.is_administrator:
            return
        roles = self._roles_of(user)
        if any(self._is_admin_role(role) for role in roles):
            raise Rejected(gettext("Only an administrator may change an administrator."))
        if any(self._is_beyond(role) for role in roles):
            raise Rejected(gettext("This person may do more with users and roles than you."))

    def may_touch(self, user: Any) -> bool:
        """Whether `check_user` lets the person change, delete or give a new password to this user."""
        try:
            self.check_user(user)
        except Rejected:
            return False
        return True

    def check_roles(self, role_ids: Iterable[Any], field: str) -> None:
        """Refuse to give these roles where one of them is beyond the person."""
        if self.is_administrator:
            return
        for role in self._roles(role_ids):
            if self._is_admin_role(role):
                text = gettext("Only an administrator may give the role %(role)s.", role=role.name)
                raise Rejected(text, field=field)
            if self._is_beyond(role):
                text = gettext("The role %(role)s may do more with users and roles than you.", role=role.name)
                raise Rejected(text, field=field)

    def check_groups(self, group_ids: Collection[Any], field: str) -> None:
        """Refuse to put somebody into these groups where a role of one is beyond the person."""
        if group_ids and not self.is_administrator:
            known = self._role_ids_of_groups
            if any(group_id not in known for group_id in group_ids):
                known = self.state.sm.store.role_ids_of_groups(group_ids)
            self.check_roles([role_id for group_id in group_ids for role_id in known[group_id]], field)

    def is_self(self, user: Any) -> bool:
        """Whether the user is the person; an anonymous visitor is nobody."""
        return self._is_own(self.state.sm.users.key(user))

    def check_self(self, user: Any, field: str) -> None:
        """Refuse to change the roles or groups of the person's own account."""
        if not self.is_administrator and self.is_self(user):
            raise Rejected(gettext("You cannot change your own roles and groups."), field=field)

    def check_not_member(self, group_ids: Collection[Any], field: str | None) -> None:
        """Refuse to change the roles of a group that the person is in, or to delete it: they are the person's own."""
        if group_ids and not self.is_administrator and not self._own_group_ids.isdisjoint(group_ids):
            raise Rejected(gettext("You cannot change your own roles and groups."), field=field)

    def check_not_own_role(self, role_id: Any) -> None:
        """Refuse to delete a role that the person has, directly or by a group."""
        if not self.is_administrator and any(role.id == role_id for role in self.principal.roles):
            raise Rejected(gettext("You cannot change your own roles and groups."))

    def check_grants(self, accesses: Iterable[Access], field: str) -> None:
        """Refuse to grant a role what the person may not do."""
        for access in self._lacked(accesses):
            raise Rejected(gettext("You cannot grant what you may not do: %(access)s", access=access), field=field)

    def check_withdrawn(self, accesses: Iterable[Access], field: str) -> None:
        """Refuse to take from a role what the person may not do."""
        for access in self._lacked(accesses):
            text = gettext("You cannot take away what you may not do: %(access)s", access=access)
            raise Rejected(text, field=field)

    def check_reserved_role(self, name: str) -> None:
        """Refuse everybody but administrators to change a role that exists by itself."""
        if name and self.state.sm.is_reserved_role(name):
            self.check_administrator(gettext("Only an administrator may change the role %(role)s.", role=name))

    def check_whole_role(self, role_id: Any) -> None:
        """Refuse to delete or rename a role that grants something that the person may not do."""
        if self.is_administrator:
            return
        for role in self._roles([role_id]):
            if self._is_admin_role(role) or self._lacked(role.grants):
                raise Rejected(gettext("The role %(role)s may do more than you.", role=role.name))

    def check_an_admin_remains(self) -> None:
        """Refuse what leaves no active administrator; asked in the transaction, when all is written."""
        for giver in (self, *self._elsewhere):
            # Nobody else can have taken one away.
            if giver.is_administrator and not giver.state.sm.has_active_admin():
                raise Rejected(gettext("The last active administrator must remain one."))

    def has(self, access: Access) -> bool:
        """Whether the person has a permission."""
        return decide(self.principal, access).allowed

    def may_give(self, access: Access) -> bool:
        """Whether `check_grants` and `check_withdrawn` let the person grant this, and take it away."""
        return self.is_administrator or self.has(access)

    def _is_own(self, key: Any) -> bool:
        return self.principal.is_signed_in and key == self.state.sm.users.key(self.principal.user)

    @cached_property
    def _own_group_ids(self) -> frozenset[Any]:
        """The groups that the person is in; an anonymous visitor is in none."""
        if not self.principal.is_signed_in:
            return frozenset()
        sm = self.state.sm
        table = sm.models.user_group
        own = select(table.c.group_id).where(table.c.user_id == sm.users.key(self.principal.user))
        return frozenset(sm.store.connection().scalars(own))

    @cached_property
    def _elsewhere(self) -> tuple[Giver, ...]:
        """The person at the AppBuilders of this app that have the same users and other roles."""
        sm = self.state.sm
        others = {id(state.sm): state for state in states_of(self.state.app).values() if state.sm is not sm}
        return tuple(
            Giver(state, _principal(state, self.principal.user))
            for state in others.values()
            if state.sm.models.user is sm.models.user and state.sm.store.is_there()
        )

    def _lacked(self, accesses: Iterable[Access]) -> list[Access]:
        return sorted(access for access in accesses if not self.may_give(access))

    def _roles_of(self, user: Any) -> tuple[RoleGrants, ...]:
        """The roles of a user, disabled or not, by groups too."""
        sm = self.state.sm
        key = sm.users.key(user)
        if key in self._role_ids_of_users:
            return self._roles(self._role_ids_of_users[key])
        snapshot = sm.store.snapshot(key)
        return sm.grants.roles(snapshot.version, snapshot.role_ids)

    def _roles(self, role_ids: Iterable[Any]) -> tuple[RoleGrants, ...]:
        return self.state.sm.grants.roles(self._version, tuple(role_ids))

    @cached_property
    def _version(self) -> str | None:
        """The grant version, read before any grant."""
        return self.state.sm.store.snapshot(None).version

    def _is_admin_role(self, role: RoleGrants) -> bool:
        return role.name == self.state.settings.admin_role

    def _is_beyond(self, role: RoleGrants) -> bool:
        """Whether a role may do something with users and roles that the person may not."""
        return any(access in role.grants for access in self._lacked_over_users)

    @cached_property
    def _lacked_over_users(self) -> list[Access]:
        """What the pages for users, roles and permissions declare and the person lacks.

        Those pages may belong to another AppBuilder of this app, which this one shares its security manager with. A
        view of the host's own for the same records counts as far as more than looking at them goes.
        """
        classes = {getattr(self.state.sm, slot) for slot in _SLOTS}
        declared: set[Access] = set()
        for view in (view for state in states_sharing(self.state) for view in state.views.values()):
            if type(view) in classes:
                declared |= view.declared
            elif self._is_about_users(view):
                declared |= {access for access in view.declared if access.permission not in _LOOKING}
        return self._lacked(declared)

    def _is_about_users(self, view: Any) -> bool:
        models, datamodel = self.state.sm.models, getattr(view, "datamodel", None)
        about = (models.user, models.role, models.group, models.permission, models.view_menu, models.permission_view)
        return datamodel is not None and issubclass(datamodel.model, about)


def _principal(state: AppState, user: Any) -> Principal:
    """The user with the roles there, as their request began: this write may be about to disable them."""
    key = None if user is None else state.sm.users.key(user)
    return state.sm.grants.principal(state.sm.store.snapshot(key), user)
