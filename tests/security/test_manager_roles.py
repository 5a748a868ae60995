"""Roles and groups: found, added, renamed and deleted; those that exist by themselves stay."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from appbuilder_lite.errors import Rejected
from appbuilder_lite.security.manager import BaseSecurityManager
from tests.conftest import Host
from tests.security.managers import add_user, grid, make_manager, names


def count(manager: BaseSecurityManager, table: Any) -> int:
    return manager.session.scalar(select(func.count()).select_from(table)) or 0


def test_the_roles_that_exist_by_themselves_are_found_before_the_first_request(active_host: Host) -> None:
    manager = make_manager(active_host, roles={"Reader": [[".*", "can_list"]]})
    for name in ("Admin", "Public", "Reader"):
        assert manager.find_role(name).name == name
    assert manager.get_public_role().name == "Public"
    assert names(manager.get_all_roles()) == ["Admin", "Public", "Reader"]


@pytest.mark.parametrize("sync", ["auto", "check", "off"])
def test_they_are_found_inside_a_transaction_too(active_host: Host, sync: str) -> None:
    manager = make_manager(active_host, sync=sync)
    manager.session.add(manager.models.role(name="Of the host"))
    manager.session.flush()
    assert manager.find_role("Admin").name == "Admin"
    manager.session.rollback()
    assert manager.find_role("Admin").name == "Admin"


def test_a_role_is_added_once_with_its_permissions(manager: BaseSecurityManager) -> None:
    manager.declare(grid(2, 1))
    views = [manager.find_permission_view_menu(f"can_{number}", "View0") for number in range(2)]
    sales = manager.add_role("Sales", views)
    assert manager.add_role("Sales") is sales
    assert manager.get_role_permissions(sales) == {("can_0", "View0"), ("can_1", "View0")}
    assert len(sales.permissions) == 2


def test_an_existing_role_is_returned_as_it_is(manager: BaseSecurityManager) -> None:
    manager.declare(grid(1, 1))
    sales = manager.add_role("Sales")
    manager.add_role("Sales", [manager.find_permission_view_menu("can_0", "View0")])
    assert manager.get_role_permissions(sales) == set()


def test_adding_a_role_that_exists_by_itself_finds_it(manager: BaseSecurityManager) -> None:
    assert manager.add_role("Public") is manager.get_public_role()
    assert manager.add_role("Admin").name == "Admin"


@pytest.mark.parametrize("name", ["admin", "ADMIN", "Admin ", "Ádmin", "public", "reader"])
def test_no_role_takes_a_reserved_name_in_another_spelling(active_host: Host, name: str) -> None:
    manager = make_manager(active_host, roles={"Reader": [[".*", "can_list"]]})
    sales = manager.add_role("Sales")
    with pytest.raises(Rejected, match="reserved"):
        manager.add_role(name)
    with pytest.raises(Rejected, match="reserved"):
        manager.update_role(sales.id, name)
    manager.session.commit()
    assert sorted(names(manager.get_all_roles())) == ["Admin", "Public", "Reader", "Sales"]


@pytest.mark.parametrize("name", ["Admin", "Public", "Reader"])
def test_a_reserved_role_is_neither_renamed_nor_deleted(active_host: Host, name: str) -> None:
    manager = make_manager(active_host, roles={"Reader": [[".*", "can_list"]]})
    role = manager.find_role(name)
    with pytest.raises(Rejected):
        manager.update_role(role.id, "Other")
    with pytest.raises(Rejected):
        manager.delete_role(role)
    with pytest.raises(Rejected):
        manager.delete_role(role.id)
    manager.session.commit()
    assert manager.find_role(name) is role


def test_a_role_is_renamed(manager: BaseSecurityManager) -> None:
    sales = manager.add_role("Sales")
    assert manager.update_role(sales.id, "Field sales") is sales
    assert manager.find_role("Sales") is None
    assert manager.update_role(4711, "Other") is False


def test_a_taken_name_is_refused_and_the_hosts_rows_stay(manager: BaseSecurityManager) -> None:
    manager.add_role("Stock")
    sales = manager.add_role("Sales")
    manager.session.add(manager.models.group(name="Of the host"))
    assert manager.update_role(sales.id, "Stock") is False
    manager.session.commit()
    assert sales.name == "Sales"
    assert manager.find_group("Of the host")


def test_a_deleted_role_leaves_no_rows(manager: BaseSecurityManager) -> None:
    manager.declare(grid(1, 1))
    sales = manager.add_role("Sales", [manager.find_permission_view_menu("can_0", "View0")])
    alice = add_user(manager, "alice", sales)
    manager.add_group("Berlin", roles=[sales])
    assert names(alice.roles) == ["Sales"]
    assert manager.delete_role(sales.id) is True
    models = manager.models
    left = [count(manager, table) for table in (models.permission_view_role, models.user_role, models.group_role)]
    assert left == [0, 0, 0]
    assert manager.get_user_roles(alice) == []
    assert manager.delete_role(4711) is False


def test_the_next_role_inherits_nothing_of_a_deleted_one(manager: BaseSecurityManager) -> None:
    manager.declare(grid(1, 1))
    manager.ensure_synced()
    sales = manager.add_role("Sales", [manager.find_permission_view_menu("can_0", "View0")])
    alice = add_user(manager, "alice", sales)
    assert manager.can(alice, "can_0", "View0")
    manager.delete_role(sales)
    manager.set_user_roles(alice, manager.add_role("Next"))
    assert not manager.can(alice, "can_0", "View0")


def test_public_permissions_are_those_of_the_public_role(manager: BaseSecurityManager) -> None:
    manager.declare(grid(1, 1))
    assert manager.get_public_permissions() == []
    view = manager.find_permission_view_menu("can_0", "View0")
    manager.add_permission_role(manager.get_public_role(), view)
    assert manager.get_public_permissions() == [view]


def test_a_group_is_added_once_with_roles_and_users(manager: BaseSecurityManager) -> None:
    alice, sales = add_user(manager, "alice"), manager.add_role("Sales")
    berlin = manager.add_group("Berlin", "Berlin office", "Near the river", roles=[sales], users=[alice])
    assert (berlin.label, berlin.description) == ("Berlin office", "Near the river")
    assert manager.add_group("Berlin", "Other") is berlin
    assert names(manager.get_user_roles(alice)) == ["Sales"]
    assert manager.delete_group(berlin.id) is True
    assert manager.get_user_roles(alice) == []
    assert manager.find_group("Berlin") is None
    assert manager.delete_group(4711) is False
