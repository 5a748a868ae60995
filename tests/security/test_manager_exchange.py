"""Roles that go from one site to another, and people who asked for an account."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from appbuilder_lite.errors import Rejected
from appbuilder_lite.security.access import Access
from appbuilder_lite.security.manager import BaseSecurityManager
from appbuilder_lite.security.passwords import check_password
from appbuilder_lite.security.role_file import RoleFileError, read_roles, write_roles
from tests.security.managers import add_user, grid, names

PASSWORD = "correct horse battery staple"


@pytest.fixture
def sales(manager: BaseSecurityManager) -> Any:
    manager.declare(grid(2, 2))
    manager.ensure_synced()
    return manager.add_role("Sales", [manager.find_permission_view_menu("can_0", "View0")])


def test_exported_roles_hold_what_their_rows_grant(manager: BaseSecurityManager, sales: Any, tmp_path: Path) -> None:
    path = manager.export_roles(tmp_path / "roles.json")
    assert read_roles(path.read_text(encoding="utf-8")) == {
        "Admin": frozenset(),
        "Public": frozenset(),
        "Sales": frozenset({Access("can_0", "View0")}),
    }


def test_without_a_path_the_file_is_named_by_its_time(
    manager: BaseSecurityManager, sales: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = manager.export_roles()
    assert [found.name for found in tmp_path.glob("role_export_*T*.json")] == [path.name]


def test_imported_roles_grant_what_the_file_says_and_no_more(
    manager: BaseSecurityManager, sales: Any, tmp_path: Path
) -> None:
    path = tmp_path / "roles.json"
    approve, listing = Access("can_approve", "Invoices"), Access("can_1", "View1")
    path.write_text(write_roles({"Sales": frozenset({listing, approve}), "New": frozenset()}), encoding="utf-8")
    other = manager.add_role("Other", [manager.find_permission_view_menu("can_0", "View1")])
    ann = add_user(manager, "ann", sales)
    assert manager.can(ann, "can_0", "View0")
    assert manager.import_roles(path) == ["New", "Sales"]
    assert manager.get_role_permissions(sales) == {("can_1", "View1"), ("can_approve", "Invoices")}
    assert not manager.can(ann, "can_0", "View0")
    assert manager.can(ann, "can_approve", "Invoices")
    assert [str(view) for view in manager.get_db_role_permissions(other.id)] == ["can 0 on View1"]
    assert names(manager.get_all_roles()) == ["Admin", "New", "Other", "Public", "Sales"]


def test_a_file_of_another_form_changes_nothing(manager: BaseSecurityManager, sales: Any, tmp_path: Path) -> None:
    path = tmp_path / "roles.json"
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(RoleFileError):
        manager.import_roles(path)
    assert names(manager.get_all_roles()) == ["Admin", "Public", "Sales"]


def test_another_spelling_of_a_reserved_name_makes_no_role(
    manager: BaseSecurityManager, sales: Any, tmp_path: Path
) -> None:
    path = tmp_path / "roles.json"
    path.write_text(write_roles({"New": frozenset(), "admin": frozenset()}), encoding="utf-8")
    with pytest.raises(Rejected):
        manager.import_roles(path)
    assert names(manager.get_all_roles()) == ["Admin", "Public", "Sales"]


def test_a_request_for_an_account_is_kept_found_and_deleted(manager: BaseSecurityManager) -> None:
    made = manager.add_register_user("eve", "Eve", "Ek", "eve@example.com", password=PASSWORD)
    assert (made.username, made.email, made.registration_date is not None) == ("eve", "eve@example.com", True)
    assert check_password(made.password, PASSWORD)
    assert len(made.registration_hash) > 30
    assert manager.find_register_user(made.registration_hash) is made
    assert manager.find_user("eve") is None
    secret = made.registration_hash
    assert manager.del_register_user(made)
    assert not manager.del_register_user(made)
    assert manager.find_register_user(secret) is None


def test_a_name_is_asked_for_once(manager: BaseSecurityManager) -> None:
    assert manager.add_register_user("eve", "E", "E", "eve@example.com", hashed_password="!").password == "!"
    assert manager.add_register_user("eve", "E", "E", "other@example.com") is None
    assert manager.add_register_user("bob", "B", "B", "bob@example.com").password is None
    with pytest.raises(Rejected):
        manager.add_register_user("ann", "A", "A", "ann@example.com", password="\ud800")


@pytest.mark.parametrize("secret", ["", "nothing", "\0", "\ud800"])
def test_a_secret_that_nobody_has_finds_nobody(manager: BaseSecurityManager, secret: str) -> None:
    manager.add_register_user("eve", "E", "E", "eve@example.com")
    assert manager.find_register_user(secret) is None
