"""Permission records: found before the first request, added once, deleted when nothing needs them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from appbuilder_lite.errors import Unavailable
from appbuilder_lite.security.access import Access
from appbuilder_lite.security.manager import BaseSecurityManager
from tests.conftest import CountStatements, Host
from tests.security.managers import grid, make_manager, stored

LookUp = Callable[[BaseSecurityManager], Any]

LOOK_UPS: list[LookUp] = [
    lambda manager: manager.find_permission("can_0"),
    lambda manager: manager.find_view_menu("View0"),
    lambda manager: manager.find_permission_view_menu("can_0", "View0"),
]


@pytest.fixture
def declared(manager: BaseSecurityManager) -> BaseSecurityManager:
    """A manager whose views declare four permission views that have no rows yet."""
    manager.declare(grid(2, 2))
    return manager


@pytest.mark.parametrize("look_up", LOOK_UPS)
def test_what_is_declared_is_found_before_the_first_request(declared: BaseSecurityManager, look_up: LookUp) -> None:
    assert look_up(declared) is not None
    assert stored(declared) == sorted(grid(2, 2))


@pytest.mark.parametrize("look_up", LOOK_UPS)
def test_inside_a_transaction_it_is_added_to_that(declared: BaseSecurityManager, look_up: LookUp) -> None:
    declared.session.add(declared.models.group(name="Of the host"))
    declared.session.flush()
    found = look_up(declared)
    assert found is not None
    assert look_up(declared) is found
    declared.session.rollback()
    assert stored(declared) == []


@pytest.mark.parametrize("look_up", LOOK_UPS)
def test_what_is_not_declared_is_not_found(manager: BaseSecurityManager, look_up: LookUp) -> None:
    assert look_up(manager) is None


@pytest.mark.parametrize("sync", ["check", "off"])
@pytest.mark.parametrize("look_up", LOOK_UPS)
def test_a_look_up_writes_only_where_records_create_themselves(active_host: Host, look_up: LookUp, sync: str) -> None:
    manager = make_manager(active_host, sync=sync)
    manager.declare(grid(2, 2))
    assert look_up(manager) is None
    assert stored(manager) == []


@pytest.mark.parametrize("look_up", LOOK_UPS)
def test_without_tables_a_look_up_says_so(active_host: Host, look_up: LookUp) -> None:
    manager = make_manager(active_host, tables=False)
    manager.declare(grid(2, 2))
    with pytest.raises(Unavailable):
        look_up(manager)


def test_a_look_up_later_costs_one_statement(declared: BaseSecurityManager, count_statements: CountStatements) -> None:
    declared.ensure_synced()
    with count_statements() as seen:
        declared.find_permission_view_menu("can_0", "View1")
    assert len(seen) == 1


def test_adding_twice_gives_the_same_record(manager: BaseSecurityManager) -> None:
    assert manager.add_permission("can_approve") is manager.add_permission("can_approve")
    assert manager.add_view_menu("Invoices") is manager.add_view_menu("Invoices")
    view = manager.add_permission_view_menu("can_approve", "Invoices")
    assert manager.add_permission_view_menu("can_approve", "Invoices") is view
    assert (view.permission.name, view.view_menu.name) == ("can_approve", "Invoices")
    assert manager.find_permissions_view_menu(manager.find_view_menu("Invoices")) == [view]


@pytest.mark.parametrize(("permission", "view_menu"), [("", "Invoices"), ("can_approve", "")])
def test_an_empty_name_gives_no_record(manager: BaseSecurityManager, permission: str, view_menu: str) -> None:
    assert manager.add_permission_view_menu(permission, view_menu) is None
    assert stored(manager) == []


def test_without_commit_the_caller_decides(manager: BaseSecurityManager) -> None:
    manager.add_permission_view_menu("can_approve", "Invoices", commit=False)
    assert stored(manager) == [Access("can_approve", "Invoices")]
    manager.session.rollback()
    assert stored(manager) == []


def test_several_permissions_and_a_menu_are_added_at_once(manager: BaseSecurityManager) -> None:
    manager.add_permissions_view(["can_list", "can_show"], "Invoices")
    manager.add_permissions_menu("Sales")
    expected = [Access("can_list", "Invoices"), Access("can_show", "Invoices"), Access("menu_access", "Sales")]
    assert stored(manager) == expected
    assert [menu.name for menu in manager.get_all_view_menu()] == ["Invoices", "Sales"]


def test_granting_twice_is_granting_once(manager: BaseSecurityManager) -> None:
    sales, view = manager.add_role("Sales"), manager.add_permission_view_menu("can_list", "Invoices")
    for _ in range(2):
        manager.add_permission_role(sales, view)
    assert sales.permissions == [view]
    for _ in range(2):
        manager.del_permission_role(sales, view)
    assert sales.permissions == []


def test_names_in_use_are_not_deleted(manager: BaseSecurityManager) -> None:
    manager.add_permission_view_menu("can_list", "Invoices")
    assert manager.del_permission("can_list") is False
    assert manager.del_view_menu("Invoices") is False
    assert stored(manager) == [Access("can_list", "Invoices")]


def test_names_that_nothing_uses_are_deleted(manager: BaseSecurityManager) -> None:
    manager.add_permission("can_approve")
    manager.add_view_menu("Invoices")
    assert manager.del_permission("can_approve") is True
    assert manager.del_view_menu("Invoices") is True
    assert (manager.find_permission("can_approve"), manager.find_view_menu("Invoices")) == (None, None)
    assert manager.del_permission("can_approve") is False


@pytest.mark.parametrize(("cascade", "left"), [(True, None), (False, "can_approve")])
def test_a_permission_view_takes_its_names_with_it(
    manager: BaseSecurityManager, cascade: bool, left: str | None
) -> None:
    manager.add_permission_view_menu("can_approve", "Invoices")
    manager.add_permission_view_menu("can_list", "Invoices")
    assert manager.del_permission_view_menu("can_approve", "Invoices", cascade) is True
    assert getattr(manager.find_permission("can_approve"), "name", None) == left
    assert manager.find_view_menu("Invoices")
    assert manager.del_permission_view_menu("can_approve", "Invoices") is False


def test_a_permission_view_that_a_role_has_stays(manager: BaseSecurityManager) -> None:
    view = manager.add_permission_view_menu("can_list", "Invoices")
    manager.add_role("Sales", [view])
    assert manager.del_permission_view_menu("can_list", "Invoices") is False
    assert manager.find_permission_view_menu("can_list", "Invoices") is view


def test_records_are_searched_as_in_flask_appbuilder(manager: BaseSecurityManager) -> None:
    view = manager.add_permission_view_menu("can_list", "Invoices")
    sales, stock = manager.add_role("Sales", [view]), manager.add_role("Stock")
    assert manager.exist_permission_on_views(sales.permissions, "can_list")
    assert not manager.exist_permission_on_views(sales.permissions, "can_show")
    assert manager.exist_permission_on_view(sales.permissions, "can_list", "Invoices")
    assert not manager.exist_permission_on_view(sales.permissions, "can_list", "Orders")
    assert manager.exist_permission_on_roles("Invoices", "can_list", [stock.id, sales.id])
    assert not manager.exist_permission_on_roles("Invoices", "can_list", [stock.id])
    assert manager.find_roles_permission_view_menus("can_list", [sales.id, stock.id]) == [view]
    assert manager.find_roles_permission_view_menus("can_list", [stock.id]) == []


def test_two_who_change_roles_at_once_wait_for_each_other(active_host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    manager = make_manager(active_host)
    view = manager.add_permission_view_menu("can_list", "Invoices").id
    sales, stock = (manager.add_role(name).id for name in ("Sales", "Stock"))
    manager.session.remove()
    has_begun, is_waiting = threading.Event(), threading.Event()
    lock = manager.store.lock_records

    def grant(role: int) -> None:
        models = manager.models
        manager.add_permission_role(
            manager.session.get(models.role, role), manager.session.get(models.permission_view, view)
        )

    def other() -> None:
        with active_host.app.app_context():
            has_begun.wait(10)
            grant(stock)

    def locked() -> None:
        lock()
        if threading.current_thread() is thread:
            is_waiting.set()

    monkeypatch.setattr(manager.store, "lock_records", locked)
    thread = threading.Thread(target=other)
    thread.start()
    manager.update_role(sales, "Field sales", commit=False)
    has_begun.set()
    # The other one comes this far only where it does not wait for us.
    is_waiting.wait(0.5)
    grant(sales)
    thread.join()
    manager.session.rollback()
    granted = manager.session.execute(select(manager.models.permission_view_role.c.role_id)).scalars().all()
    assert sorted(granted) == sorted([sales, stock])
    assert manager.find_role("Field sales") is not None
