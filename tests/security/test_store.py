"""What the store reads, and in how many statements."""

from typing import Any

import pytest
from sqlalchemy import delete, update

from appbuilder_lite.security.access import Access
from appbuilder_lite.security.grant_changes import GRANTS
from appbuilder_lite.security.manager import BaseSecurityManager
from tests.conftest import CountStatements
from tests.security.managers import add_user, grid, names


@pytest.fixture
def alice(manager: BaseSecurityManager) -> Any:
    """A user with the role Sales, and by the group Berlin the role Stock."""
    manager.ensure_synced()
    sales, stock = manager.add_role("Sales"), manager.add_role("Stock")
    alice = add_user(manager, "alice", sales)
    manager.add_group("Berlin", roles=[stock], users=[alice])
    manager.session.refresh(alice)
    return alice


def role_names(manager: BaseSecurityManager, role_ids: tuple[Any, ...]) -> list[str]:
    return sorted(role.name for role in manager.store.role_grants(role_ids))


def test_a_snapshot_has_roles_direct_by_group_and_public_in_one_statement(
    manager: BaseSecurityManager, alice: Any, count_statements: CountStatements
) -> None:
    with count_statements() as seen:
        snapshot = manager.store.snapshot(alice.id)
    assert len(seen) == 1
    assert role_names(manager, snapshot.role_ids) == ["Public", "Sales", "Stock"]
    assert snapshot.version
    assert (snapshot.stamp, snapshot.user) == (None, None)


def test_the_same_statement_brings_the_user(
    manager: BaseSecurityManager, alice: Any, count_statements: CountStatements
) -> None:
    key = alice.id
    manager.end_sessions(alice)
    manager.session.commit()
    manager.session.remove()
    with count_statements() as seen:
        snapshot = manager.store.snapshot(key, with_user=True)
        assert snapshot.user.username == "alice"
    assert len(seen) == 1
    assert len(snapshot.stamp or "") == 32
    assert role_names(manager, snapshot.role_ids) == ["Public", "Sales", "Stock"]


def test_anonymous_is_the_version_and_the_public_role_in_one_statement(
    manager: BaseSecurityManager, alice: Any, count_statements: CountStatements
) -> None:
    with count_statements() as seen:
        snapshot = manager.store.snapshot(None)
    assert len(seen) == 1
    assert role_names(manager, snapshot.role_ids) == ["Public"]
    assert snapshot.version == manager.store.snapshot(alice.id).version
    assert manager.store.snapshot(None, with_user=True).user is None


def test_a_key_of_nobody_has_only_the_public_role(manager: BaseSecurityManager, alice: Any) -> None:
    snapshot = manager.store.snapshot(alice.id + 1, with_user=True)
    assert snapshot.user is None
    assert role_names(manager, snapshot.role_ids) == ["Public"]


def test_there_is_an_answer_where_no_row_of_ours_exists(manager: BaseSecurityManager) -> None:
    manager.session.execute(delete(manager.models.state))
    snapshot = manager.store.snapshot(1, with_user=True)
    assert (snapshot.version, snapshot.stamp, snapshot.role_ids, snapshot.user) == (None, None, (), None)
    assert manager.store.snapshot(None).role_ids == ()


def test_asking_who_somebody_is_writes_nothing_that_the_host_has_pending(
    manager: BaseSecurityManager, alice: Any, count_statements: CountStatements
) -> None:
    pending = manager.models.role(name="Pending")
    manager.session.add(pending)
    with count_statements() as seen:
        for with_user in (False, True):
            manager.store.snapshot(alice.id, with_user=with_user)
        manager.store.role_grants([1])
    assert len(seen) == 3
    assert pending in manager.session.new


def test_statements_are_kept(manager: BaseSecurityManager, alice: Any) -> None:
    store: Any = manager.store
    assert store._with_user is store._with_user
    assert store._signed_in is store._signed_in


def test_grants_of_many_roles_come_in_one_statement(
    manager: BaseSecurityManager, alice: Any, count_statements: CountStatements
) -> None:
    manager.declare(grid(3, 4))
    manager.ensure_synced()
    views = [manager.find_permission_view_menu(f"can_{number}", "View1") for number in range(3)]
    roles = [manager.add_role(f"R{number}", views[: number + 1]) for number in range(3)]
    ids = [role.id for role in roles]
    with count_statements() as seen:
        found = {role.name: role.grants for role in manager.store.role_grants(ids)}
    assert len(seen) == 1
    assert found["R0"] == {Access("can_0", "View1")}
    assert found["R2"] == {Access(f"can_{number}", "View1") for number in range(3)}


@pytest.mark.parametrize("value", ["x", "1.5", "", "1'--", "9" * 30, "-", "1\0", None, 10**40, "0x1", " 1"])
def test_what_cannot_be_a_key_is_none(manager: BaseSecurityManager, value: Any) -> None:
    assert manager.store.user_key_of(value) is None
    assert manager.get_user_by_id(value) is None


def test_a_key_as_text_is_a_key(manager: BaseSecurityManager, alice: Any) -> None:
    assert manager.store.user_key_of(str(alice.id)) == alice.id
    assert manager.get_user_by_id(str(alice.id)) is alice


def test_stored_accesses_are_names(manager: BaseSecurityManager) -> None:
    manager.declare(grid(2, 2))
    manager.ensure_synced()
    assert manager.store.stored_accesses() == grid(2, 2)


def test_an_active_admin_is_found_directly_and_by_group(manager: BaseSecurityManager, alice: Any) -> None:
    admin = manager.find_role("Admin")
    assert not manager.has_active_admin()
    manager.add_group("Chiefs", roles=[admin], users=[alice])
    assert manager.has_active_admin()
    alice.active = False
    manager.session.flush()
    assert not manager.has_active_admin()
    add_user(manager, "bob", admin)
    assert manager.has_active_admin()


def test_the_roles_of_a_user_are_records_by_name(manager: BaseSecurityManager, alice: Any) -> None:
    assert names(manager.get_user_roles(alice)) == ["Sales", "Stock"]


def test_the_version_is_what_the_state_row_says(manager: BaseSecurityManager) -> None:
    state = manager.models.state
    manager.session.execute(update(state).where(state.c.name == GRANTS).values(value="seen"))
    assert manager.store.snapshot(None).version == "seen"
