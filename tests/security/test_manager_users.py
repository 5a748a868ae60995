"""Users: found, added, changed and deleted, whatever class they are of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appbuilder_lite.errors import Rejected
from appbuilder_lite.security.manager import BaseSecurityManager
from tests.conftest import CountStatements, Host
from tests.security.accounts import account_manager
from tests.security.managers import add_user, make_manager, names

MakeAccountManager = Callable[[], BaseSecurityManager]


@pytest.fixture
def accounts(active_host: Host) -> BaseSecurityManager:
    """A manager of a host with a user class of its own."""
    return make_manager(active_host, account_manager(active_host.db))


def count(manager: BaseSecurityManager, table: Any) -> int:
    return manager.session.scalar(select(func.count()).select_from(table)) or 0


def committed(manager: BaseSecurityManager, statement: Any) -> Any:
    """What another connection sees."""
    with Session(manager.session.get_bind(**manager.bind)) as other:
        return other.scalar(statement)


@pytest.mark.parametrize("name", ["alice", "ALICE", "aLiCe"])
def test_a_user_is_found_by_name_or_address_whatever_the_case(manager: BaseSecurityManager, name: str) -> None:
    alice = add_user(manager, "Alice")
    assert manager.find_user(name) is alice
    assert manager.find_user(email=f"{name}@example.com") is alice


def test_case_counts_where_the_settings_say_so(active_host: Host) -> None:
    manager = make_manager(active_host, username_ci=False)
    alice = add_user(manager, "alice")
    assert manager.find_user("alice") is alice
    if manager.store.connection().dialect.name != "mysql":
        assert manager.find_user("ALICE") is None


@pytest.mark.parametrize("name", ["", None, "nobody", "ali%", "alic_", "alice\0", "\ud800", "a" * 5000])
def test_nobody_is_found_by_nonsense(manager: BaseSecurityManager, name: str | None) -> None:
    add_user(manager, "alice")
    assert manager.find_user(name) is None
    assert manager.find_user(email=name) is None


def test_of_two_spellings_the_exact_one_is_meant(manager: BaseSecurityManager) -> None:
    if manager.store.connection().dialect.name == "mysql":
        pytest.skip("this database holds one spelling only")
    lower, upper = add_user(manager, "alice"), add_user(manager, "bob")
    upper.username = "ALICE"
    manager.session.commit()
    assert manager.find_user("alice") is lower
    assert manager.find_user("ALICE") is upper
    assert manager.find_user("Alice") is None


def test_users_are_counted_and_listed(manager: BaseSecurityManager) -> None:
    assert (manager.count_users(), manager.get_first_user(), manager.get_all_users()) == (0, None, [])
    alice, bob = add_user(manager, "alice"), add_user(manager, "bob")
    assert (manager.count_users(), manager.get_first_user(), manager.get_all_users()) == (2, alice, [alice, bob])


def test_a_user_is_added_with_roles_and_groups(manager: BaseSecurityManager) -> None:
    sales, stock = manager.add_role("Sales"), manager.add_role("Stock")
    berlin = manager.add_group("Berlin")
    alice = manager.add_user(
        "alice", "Alice", "Ash", "alice@example.com", [sales, stock], password="a good one", groups=[berlin]
    )
    assert (alice.first_name, alice.last_name, alice.active) == ("Alice", "Ash", True)
    assert names(alice.roles) == ["Sales", "Stock"]
    assert names(alice.groups) == ["Berlin"]
    assert alice.password.startswith("scrypt:32768:8:1$")
    assert committed(manager, select(manager.models.user.username)) == "alice"


def test_one_role_needs_no_list_and_a_hash_no_password(manager: BaseSecurityManager) -> None:
    bob = manager.add_user("bob", "Bob", "Oak", "bob@example.com", manager.add_role("Sales"), hashed_password="kept")
    assert names(bob.roles) == ["Sales"]
    assert bob.password == "kept"


def test_without_commit_the_caller_decides(manager: BaseSecurityManager) -> None:
    add_user(manager, "alice", commit=False)
    assert manager.find_user("alice")
    manager.session.rollback()
    assert manager.find_user("alice") is None


@pytest.mark.parametrize(
    ("username", "email"),
    [("alice", "new@example.com"), ("new", "alice@example.com"), ("n" * 129, "new@example.com")],
)
def test_what_is_taken_or_does_not_fit_is_false_and_the_hosts_rows_stay(
    manager: BaseSecurityManager, username: str, email: str
) -> None:
    if len(username) > 128 and manager.store.connection().dialect.name == "sqlite":
        pytest.skip("this database knows no lengths")
    add_user(manager, "alice")
    manager.session.add(manager.models.group(name="Of the host"))
    assert manager.add_user(username, "A", "B", email) is False
    manager.session.commit()
    assert manager.find_group("Of the host")
    assert manager.count_users() == 1


def test_a_change_is_written(manager: BaseSecurityManager) -> None:
    alice = add_user(manager, "alice", manager.add_role("Sales"))
    alice.first_name = "Alicia"
    alice.roles = [manager.add_role("Stock")]
    assert manager.update_user(alice) is True
    manager.session.expire_all()
    assert (alice.first_name, names(alice.roles)) == ("Alicia", ["Stock"])
    assert committed(manager, select(manager.models.user.first_name)) == "Alicia"


def test_a_detached_user_is_merged(manager: BaseSecurityManager) -> None:
    alice = add_user(manager, "alice")
    assert alice.username
    manager.session.expunge(alice)
    alice.first_name = "Alicia"
    assert manager.update_user(alice)
    assert manager.find_user("alice").first_name == "Alicia"


def test_a_change_that_is_refused_leaves_nothing_behind(manager: BaseSecurityManager) -> None:
    add_user(manager, "alice")
    bob = add_user(manager, "bob", manager.add_role("Sales"))
    manager.session.add(manager.models.group(name="Of the host"))
    bob.roles = []
    bob.username = "alice"
    assert manager.update_user(bob) is False
    manager.session.commit()
    assert bob.username == "bob"
    assert names(bob.roles) == ["Sales"]
    assert manager.find_group("Of the host")


def deactivate(manager: BaseSecurityManager, admin: Any) -> None:
    admin.active = False
    manager.update_user(admin)


def take_roles(manager: BaseSecurityManager, admin: Any) -> None:
    admin.roles = []
    manager.update_user(admin)


def take_one_role(manager: BaseSecurityManager, admin: Any) -> None:
    admin.roles.remove(manager.find_role("Admin"))
    manager.update_user(admin)


LAST_ADMIN: list[Callable[[BaseSecurityManager, Any], object]] = [
    deactivate,
    take_roles,
    take_one_role,
    lambda manager, admin: manager.delete_user(admin),
    lambda manager, admin: manager.delete_user(admin.id),
    lambda manager, admin: manager.set_user_roles(admin, []),
]


@pytest.mark.parametrize("attempt", LAST_ADMIN)
def test_the_last_active_admin_remains(
    manager: BaseSecurityManager, attempt: Callable[[BaseSecurityManager, Any], object]
) -> None:
    role = manager.find_role("Admin")
    admin = add_user(manager, "root", role)
    sleeper = add_user(manager, "sleeper", role)
    sleeper.active = False
    assert manager.update_user(sleeper)
    with pytest.raises(Rejected, match="last active"):
        attempt(manager, admin)
    manager.session.commit()
    assert (admin.active, names(admin.roles)) == (True, ["Admin"])
    assert manager.has_active_admin()


@pytest.mark.parametrize("attempt", LAST_ADMIN)
def test_one_of_two_admins_may_go(
    manager: BaseSecurityManager, attempt: Callable[[BaseSecurityManager, Any], object]
) -> None:
    role = manager.find_role("Admin")
    admin = add_user(manager, "root", role)
    add_user(manager, "other", role)
    attempt(manager, admin)
    assert manager.has_active_admin()
    others = select(manager.models.user.username).where(manager.models.user.active).order_by("id")
    assert "other" in manager.session.scalars(others).all()


def test_an_admin_by_group_is_one(manager: BaseSecurityManager) -> None:
    root = add_user(manager, "root")
    group = manager.add_group("Chiefs", roles=[manager.find_role("Admin")], users=[root])
    with pytest.raises(Rejected):
        manager.delete_group(group)
    with pytest.raises(Rejected):
        manager.delete_user(root)
    assert manager.find_group("Chiefs")


def test_a_deleted_user_leaves_no_rows(manager: BaseSecurityManager) -> None:
    alice = add_user(manager, "alice", manager.add_role("Sales"))
    manager.add_group("Berlin", users=[alice])
    manager.end_sessions(alice)
    assert manager.delete_user(alice) is True
    models = manager.models
    assert [count(manager, table) for table in (models.user_role, models.user_group, models.user_stamp)] == [0, 0, 0]
    assert manager.delete_user(4711) is False


def test_a_new_password_ends_sessions(manager: BaseSecurityManager) -> None:
    alice = add_user(manager, "alice", password="the old one")
    stamps = []
    for password in ("the new one", "another one"):
        assert manager.reset_password(alice.id, password) is True
        assert manager.users.verify_password(alice, password)
        stamps.append(manager.store.snapshot(alice.id).stamp)
    assert None not in stamps
    assert stamps[0] != stamps[1]
    assert manager.reset_password(4711, "whatever") is False


def test_the_stamp_of_one_user_is_not_the_others(manager: BaseSecurityManager) -> None:
    alice, bob = add_user(manager, "alice"), add_user(manager, "bob")
    manager.end_sessions(alice)
    assert manager.store.snapshot(alice.id).stamp
    assert manager.store.snapshot(bob.id).stamp is None


def test_a_hosts_own_users_are_found_added_and_deleted(accounts: BaseSecurityManager) -> None:
    sales = accounts.add_role("Sales")
    ann = accounts.add_user("ann@example.com", "Ann", "Oak", "ann@example.com", sales, password="the first one")
    assert type(ann).__name__ == "Account"
    assert accounts.find_user("ANN@example.com") is ann
    assert accounts.find_user(email="ann@example.com") is ann
    assert accounts.get_user_by_id(str(ann.id)) is ann
    assert accounts.get_user_by_id("not-a-uuid") is None
    assert names(accounts.get_user_roles(ann)) == ["Sales"]
    accounts.set_user_roles(ann, [accounts.add_role("Stock")])
    assert names(accounts.get_user_roles(ann)) == ["Stock"]
    assert ann.enabled
    assert accounts.delete_user(ann)
    assert count(accounts, accounts.models.user_role) == 0


def test_the_last_admin_of_a_hosts_own_users_remains(accounts: BaseSecurityManager) -> None:
    ann = accounts.add_user("ann@example.com", "", "", "ann@example.com", accounts.find_role("Admin"))
    ann.enabled = False
    with pytest.raises(Rejected):
        accounts.update_user(ann)
    accounts.session.commit()
    assert ann.enabled


def test_a_hosts_own_user_comes_with_the_snapshot(
    accounts: BaseSecurityManager, count_statements: CountStatements
) -> None:
    ann = accounts.add_user("ann@example.com", "", "", "ann@example.com", accounts.add_role("Sales"))
    key = ann.id
    accounts.session.remove()
    with count_statements() as seen:
        snapshot = accounts.store.snapshot(key, with_user=True)
    assert (len(seen), snapshot.user.mail) == (1, "ann@example.com")
    assert accounts.store.user_key_of(str(key)) == key
