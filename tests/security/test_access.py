"""Decisions: closed unless something grants it, with the reason."""

from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from appbuilder_lite.security.access import (
    Access,
    Mark,
    Principal,
    Reason,
    RoleGrants,
    decide,
    view_menus_granted,
)

LIST = Access("can_list", "CustomerView")
SALES = RoleGrants(1, "Sales", frozenset({LIST}))
ADMIN = RoleGrants(2, "Admin", is_admin=True)
PUBLIC = RoleGrants(3, "Public")
NOBODY = Principal(roles=(PUBLIC,))


def person(*roles: RoleGrants) -> Principal:
    return Principal("alice", (PUBLIC, *roles))


@pytest.mark.parametrize(
    ("principal", "allowed", "reason", "role"),
    [
        (NOBODY, False, Reason.ANONYMOUS, None),
        (Principal(), False, Reason.ANONYMOUS, None),
        (person(), False, Reason.MISSING, None),
        (person(SALES), True, Reason.GRANTED, "Sales"),
        (person(ADMIN), True, Reason.ADMIN, "Admin"),
        (Principal(roles=(SALES,)), True, Reason.GRANTED, "Sales"),
    ],
)
def test_an_access_is_granted_by_a_role_or_refused_with_a_reason(
    principal: Principal, allowed: bool, reason: Reason, role: str | None
) -> None:
    decision = decide(principal, LIST)
    assert (decision.allowed, decision.reason, decision.role) == (allowed, reason, role)
    assert bool(decision) is allowed
    assert decision.requirement == LIST


@pytest.mark.parametrize(
    "other",
    [
        Access("can_list", "customerview"),
        Access("can_list", "CustomerView "),
        Access("can_lis", "CustomerView"),
        Access("CustomerView", "can_list"),
    ],
)
def test_names_are_compared_exactly(other: Access) -> None:
    assert not decide(person(SALES), other)


def test_public_is_open_to_everybody() -> None:
    assert decide(Principal(), Mark.PUBLIC).reason is Reason.PUBLIC
    assert decide(person(), Mark.PUBLIC)


def test_signed_in_asks_for_a_user_and_no_role() -> None:
    assert decide(Principal("alice"), Mark.SIGNED_IN).reason is Reason.SIGNED_IN
    refused = decide(Principal(roles=(ADMIN,)), Mark.SIGNED_IN)
    assert (refused.allowed, refused.reason) == (False, Reason.ANONYMOUS)


def test_view_menus_are_filtered_by_permission() -> None:
    assert view_menus_granted(person(SALES), "can_list", ["CustomerView", "OrderView"]) == {"CustomerView"}
    assert view_menus_granted(person(ADMIN), "can_list", ["A", "B"]) == {"A", "B"}
    assert view_menus_granted(NOBODY, "can_list", ["A"]) == frozenset()


def test_a_principal_knows_whether_it_is_somebody_and_admin() -> None:
    assert (person().is_signed_in, NOBODY.is_signed_in) == (True, False)
    assert (person(ADMIN).is_admin, person(SALES).is_admin) == (True, False)


@pytest.mark.parametrize(("value", "name"), [(LIST, "permission"), (SALES, "grants"), (NOBODY, "user")])
def test_values_cannot_be_changed(value: Any, name: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(value, name, "other")


def test_an_access_reads_as_words() -> None:
    assert str(LIST) == "can_list on CustomerView"
