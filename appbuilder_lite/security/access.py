"""The decision: may this person do that? Pure, with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Access:
    """A permission on a view menu: `Access("can_list", "CustomerView")`."""

    permission: str
    view_menu: str

    def __str__(self) -> str:
        return f"{self.permission} on {self.view_menu}"


class Mark(StrEnum):
    """What a route asks for when it asks for no permission."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"


Requirement = Access | Mark


@dataclass(frozen=True, slots=True)
class RoleGrants:
    """A role and what it grants. `is_admin` means all."""

    id: Any
    name: str
    grants: frozenset[Access] = frozenset()
    is_admin: bool = False


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: the user (None is anonymous) and the roles that count for them, Public included."""

    user: Any = None
    roles: tuple[RoleGrants, ...] = field(default=())

    @property
    def is_signed_in(self) -> bool:
        """Whether there is a user; the others are anonymous visitors."""
        return self.user is not None

    @property
    def is_admin(self) -> bool:
        """Whether one of the roles means all."""
        return any(role.is_admin for role in self.roles)


class Reason(StrEnum):
    """Why a decision fell as it did."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    ADMIN = "admin"
    GRANTED = "granted"
    ANONYMOUS = "anonymous"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Decision:
    """Allowed or not, why, and by which role. True where allowed."""

    allowed: bool
    reason: Reason
    requirement: Requirement
    role: str | None = None

    def __bool__(self) -> bool:
        return self.allowed


def decide(principal: Principal, requirement: Requirement) -> Decision:
    """Decide about one requirement: closed unless something grants it."""
    if requirement is Mark.PUBLIC:
        return Decision(True, Reason.PUBLIC, requirement)
    if requirement is Mark.SIGNED_IN:
        reason = Reason.SIGNED_IN if principal.is_signed_in else Reason.ANONYMOUS
        return Decision(principal.is_signed_in, reason, requirement)
    for role in principal.roles:
        if role.is_admin:
            return Decision(True, Reason.ADMIN, requirement, role.name)
        if requirement in role.grants:
            return Decision(True, Reason.GRANTED, requirement, role.name)
    reason = Reason.MISSING if principal.is_signed_in else Reason.ANONYMOUS
    return Decision(False, reason, requirement)


def view_menus_granted(principal: Principal, permission: str, view_menus: Iterable[str]) -> frozenset[str]:
    """Which of these view menus the principal has this permission on."""
    return frozenset(menu for menu in view_menus if decide(principal, Access(permission, menu)))
