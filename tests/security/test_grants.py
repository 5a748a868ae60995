"""The cache of grants: one load per role and version, and roles kept in code."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from appbuilder_lite.security.access import Access, RoleGrants
from appbuilder_lite.security.grants import GrantCache, PatternGrants, Snapshot, rule_problems
from appbuilder_lite.settings import Settings
from tests.security.managers import settings_with

LIST = Access("can_list", "CustomerView")
SHOW = Access("can_show", "CustomerView")


class Rows:
    """Stands for the database: roles by id, and what was asked for."""

    def __init__(self, *roles: RoleGrants) -> None:
        self.roles = {role.id: role for role in roles}
        self.asked: list[list[Any]] = []

    def __call__(self, role_ids: Sequence[Any]) -> Iterator[RoleGrants]:
        self.asked.append(list(role_ids))
        return iter([self.roles[role_id] for role_id in role_ids if role_id in self.roles])


def snapshot(version: str | None, *role_ids: int) -> Snapshot:
    return Snapshot(version, None, role_ids)


def test_roles_are_loaded_once_per_version() -> None:
    rows = Rows(RoleGrants(1, "Sales", frozenset({LIST})), RoleGrants(2, "Stock"))
    cache = GrantCache(rows, Settings())
    for _ in range(3):
        cache.principal(snapshot("v1", 1))
    cache.principal(snapshot("v1", 1, 2))
    assert rows.asked == [[1], [2]]
    rows.roles[1] = RoleGrants(1, "Sales", frozenset({SHOW}))
    (role,) = cache.principal(snapshot("v2", 1)).roles
    assert role.grants == {SHOW}
    assert rows.asked == [[1], [2], [1]]


def test_without_a_version_nothing_is_kept() -> None:
    rows = Rows(RoleGrants(1, "Sales"))
    cache = GrantCache(rows, Settings())
    cache.principal(snapshot(None, 1))
    cache.principal(snapshot(None, 1))
    assert rows.asked == [[1], [1]]


def test_the_order_is_the_users_and_unknown_ids_are_left_out() -> None:
    cache = GrantCache(Rows(RoleGrants(1, "A"), RoleGrants(2, "B")), Settings())
    assert [role.name for role in cache.principal(snapshot("v1", 2, 9, 1)).roles] == ["B", "A"]


def test_the_principal_is_the_user_given_or_that_of_the_snapshot() -> None:
    cache = GrantCache(Rows(), Settings())
    assert cache.principal(Snapshot("v1", None, (), user="alice")).user == "alice"
    assert cache.principal(snapshot("v1"), "bob").user == "bob"
    assert cache.principal(snapshot("v1")).user is None


def test_the_admin_role_means_all_without_rows() -> None:
    rows = Rows(RoleGrants(1, "Admin"), RoleGrants(2, "Boss"))
    admin, boss = GrantCache(rows, Settings()).principal(snapshot("v1", 1, 2)).roles
    assert (admin.is_admin, boss.is_admin) == (True, False)
    admin, boss = GrantCache(rows, settings_with(admin_role="Boss")).principal(snapshot("v1", 1, 2)).roles
    assert (admin.is_admin, boss.is_admin) == (False, True)


def test_an_admin_role_spelled_out_in_the_settings_has_only_that() -> None:
    settings = settings_with(roles={"Admin": [["Customer.*", "can_list"]]})
    (admin,) = GrantCache(Rows(RoleGrants(1, "Admin")), settings).principal(snapshot("v1", 1)).roles
    assert not admin.is_admin
    assert LIST in admin.grants
    assert SHOW not in admin.grants


@pytest.mark.parametrize(
    ("access", "granted"),
    [
        (Access("can_list", "CustomerView"), True),
        (Access("can_list", "CustomerViewSecret"), False),
        (Access("can_list_all", "CustomerView"), False),
        (Access("xcan_list", "CustomerView"), False),
        (Access("can_list", "OrderView"), False),
        (Access("can_show", "OrderView"), True),
    ],
)
def test_a_pattern_must_match_the_whole_name(access: Access, granted: bool) -> None:
    settings = settings_with(roles={"Reader": [["CustomerView", "can_list"], ["Order.*", "can_show"]]})
    (reader,) = GrantCache(Rows(RoleGrants(1, "Reader")), settings).principal(snapshot("v1", 1)).roles
    assert (access in reader.grants) is granted


def test_a_role_in_code_keeps_what_its_rows_grant() -> None:
    settings = settings_with(roles={"Reader": [["Order.*", "can_show"]]})
    (reader,) = GrantCache(Rows(RoleGrants(1, "Reader", frozenset({LIST}))), settings).roles("v1", [1])
    assert LIST in reader.grants
    assert list(reader.grants) == [LIST]


def test_patterns_know_nothing_but_accesses() -> None:
    other: object = "can_list"
    assert not PatternGrants((), [(re.compile(".*"), re.compile(".*"))]).__contains__(other)


@pytest.mark.parametrize("rules", ["can_list", [["only one"]], [["[", "can_list"]], [[1, 2]], {"a": "b"}])
def test_rules_that_cannot_be_used_are_problems_and_grant_nothing(rules: Any) -> None:
    settings = settings_with(roles={"Reader": rules})
    (problem,) = rule_problems(settings)
    assert problem.id == "AB323"
    assert "Reader" in problem.where
    (reader,) = GrantCache(Rows(RoleGrants(1, "Reader")), settings).roles("v1", [1])
    assert Access("can_list", "only one") not in reader.grants


def test_rules_that_can_be_used_are_no_problem() -> None:
    assert rule_problems(settings_with(roles={"Reader": [[".*", "can_list"]]})) == ()


def test_threads_that_meet_a_change_never_get_grants_of_before_it() -> None:
    rows = Rows(*(RoleGrants(number, f"R{number}", frozenset({LIST})) for number in range(5)))
    cache = GrantCache(rows, Settings())
    cache.roles("v1", range(5))
    for number in range(5):
        rows.roles[number] = RoleGrants(number, f"R{number}", frozenset({SHOW}))
    wrong: list[RoleGrants] = []

    def ask() -> None:
        for _ in range(200):
            wrong.extend(role for role in cache.roles("v2", range(5)) if role.grants != {SHOW})

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
