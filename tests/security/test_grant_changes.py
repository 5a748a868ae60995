"""Every change of what roles grant is marked, whoever makes it and however."""

import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Column, Engine, MetaData, String, Table, delete, inspect, select, update
from sqlalchemy.orm import Session

from appbuilder_lite.security.access import Access
from appbuilder_lite.security.grant_changes import FINGERPRINT_PREFIX, touch_grants, watch
from appbuilder_lite.security.manager import BaseSecurityManager
from appbuilder_lite.security.models import build_models
from tests.conftest import CountStatements
from tests.security.managers import add_user, grid

Change = Callable[[BaseSecurityManager], object]


@pytest.fixture
def synced(manager: BaseSecurityManager) -> BaseSecurityManager:
    """A manager with four permission views, and a role Sales that has one."""
    manager.declare(grid(2, 2))
    manager.ensure_synced()
    manager.add_role("Sales", [manager.find_permission_view_menu("can_0", "View0")])
    return manager


def version(manager: BaseSecurityManager) -> str | None:
    return manager.store.snapshot(None).version


def fingerprints(manager: BaseSecurityManager) -> int:
    state = manager.models.state
    return len(manager.session.scalars(select(state.c.name).where(state.c.name.startswith(FINGERPRINT_PREFIX))).all())


def engine_of(manager: BaseSecurityManager) -> Engine:
    engine = manager.session.get_bind(**manager.bind)
    assert isinstance(engine, Engine)
    return engine


def sales(manager: BaseSecurityManager) -> Any:
    return manager.find_role("Sales")


def view(manager: BaseSecurityManager, permission: str = "can_0", view_menu: str = "View0") -> Any:
    return manager.find_permission_view_menu(permission, view_menu)


def change_permissions(manager: BaseSecurityManager, permissions: list[Any]) -> None:
    role = sales(manager)
    role.permissions = permissions
    manager.session.flush()


def grant(manager: BaseSecurityManager) -> None:
    change_permissions(manager, [view(manager), view(manager, "can_1", "View1")])


def grant_from_the_other_side(manager: BaseSecurityManager) -> None:
    granted = view(manager, "can_1", "View1")
    granted.role.append(sales(manager))
    manager.session.flush()


def bulk_delete_grants(manager: BaseSecurityManager) -> None:
    manager.session.execute(delete(manager.models.permission_view_role))


def bulk_delete_roles(manager: BaseSecurityManager) -> None:
    manager.session.execute(delete(manager.models.permission_view_role))
    manager.session.execute(delete(manager.models.role).where(manager.models.role.name == "Sales"))


def rename_by_statement(manager: BaseSecurityManager) -> None:
    role = manager.models.role
    manager.session.execute(update(role).where(role.name == "Sales").values(name="Seller"))


@pytest.mark.parametrize(
    "change",
    [
        grant,
        lambda manager: change_permissions(manager, []),
        lambda manager: setattr(sales(manager), "name", "Seller"),
        lambda manager: manager.session.delete(sales(manager)),
        lambda manager: manager.session.add(manager.models.role(name="New")),
        grant_from_the_other_side,
        bulk_delete_grants,
        bulk_delete_roles,
        rename_by_statement,
        lambda manager: manager.add_role("New", commit=False),
        lambda manager: manager.add_permission_role(sales(manager), view(manager, "can_1"), commit=False),
        lambda manager: manager.del_permission_role(sales(manager), view(manager), commit=False),
        lambda manager: touch_grants(manager.session, manager.models),
        lambda manager: touch_grants(manager.store.connection(), manager.models),
    ],
)
def test_a_change_of_grants_is_a_new_version_in_the_same_transaction(
    synced: BaseSecurityManager, change: Change
) -> None:
    before = version(synced)
    change(synced)
    synced.session.flush()
    assert version(synced) != before
    synced.session.rollback()
    assert version(synced) == before


def rename_permission(manager: BaseSecurityManager) -> None:
    manager.find_permission("can_0").name = "can_zero"


def bulk_delete_views(manager: BaseSecurityManager) -> None:
    bulk_delete_grants(manager)
    manager.session.execute(delete(manager.models.permission_view))


@pytest.mark.parametrize(
    "change",
    [
        lambda manager: manager.session.delete(view(manager)),
        lambda manager: manager.session.delete(manager.find_permission("can_0")),
        lambda manager: manager.session.delete(manager.find_view_menu("View0")),
        rename_permission,
        bulk_delete_views,
        lambda manager: manager.del_permission_view_menu("can_1", "View1", commit=False),
    ],
)
def test_removed_records_forget_the_fingerprints(synced: BaseSecurityManager, change: Change) -> None:
    assert fingerprints(synced) == 1
    before = version(synced)
    change(synced)
    synced.session.flush()
    assert fingerprints(synced) == 0
    assert version(synced) != before
    synced.session.rollback()
    assert fingerprints(synced) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda manager: add_user(manager, "alice", sales(manager), commit=False),
        lambda manager: manager.add_group("Berlin", roles=[sales(manager)], commit=False),
        lambda manager: manager.add_permission_view_menu("can_new", "New", commit=False),
        lambda manager: manager.session.add(manager.models.permission(name="can_other")),
        lambda manager: setattr(sales(manager), "name", "Sales"),
    ],
)
def test_what_changes_no_grant_keeps_the_version(synced: BaseSecurityManager, change: Change) -> None:
    before = version(synced)
    change(synced)
    synced.session.flush()
    assert (version(synced), fingerprints(synced)) == (before, 1)


def test_a_lost_version_row_is_made_again(synced: BaseSecurityManager) -> None:
    synced.session.execute(delete(synced.models.state))
    assert version(synced) is None
    touch_grants(synced.session, synced.models)
    assert version(synced)


def test_membership_counts_at_once_without_a_new_version(
    synced: BaseSecurityManager, count_statements: CountStatements
) -> None:
    access = Access("can_0", "View0")
    alice = add_user(synced, "alice")
    assert not synced.decide(alice, access)
    before = version(synced)
    synced.set_user_roles(alice, sales(synced))
    assert version(synced) == before
    assert synced.decide(alice, access)


def test_a_grant_costs_one_statement_after_a_change_and_none_later(
    synced: BaseSecurityManager, count_statements: CountStatements
) -> None:
    alice = add_user(synced, "alice", sales(synced))
    synced.add_permission_role(sales(synced), view(synced, "can_1", "View1"))
    assert alice.id
    with count_statements() as first:
        assert synced.can(alice, "can_1", "View1")
    with count_statements() as second:
        assert synced.can(alice, "can_1", "View1")
    assert (len(first), len(second)) == (2, 1)


def test_grants_seen_before_a_rollback_are_not_kept(synced: BaseSecurityManager) -> None:
    alice = add_user(synced, "alice", sales(synced))
    grant(synced)
    assert synced.can(alice, "can_1", "View1")
    synced.session.rollback()
    assert not synced.can(alice, "can_1", "View1")


def test_many_managers_of_one_database_mark_a_change_once(
    synced: BaseSecurityManager, count_statements: CountStatements
) -> None:
    for _ in range(3):
        watch(synced.models)
    role = sales(synced)
    with count_statements() as seen:
        role.name = "Seller"
        synced.session.flush()
    marks = [text for text in seen.texts if text.startswith(f"UPDATE {synced.models.state.name}")]
    assert len(marks) == 1


def in_another_session(manager: BaseSecurityManager) -> None:
    with Session(manager.session.get_bind(**manager.bind)) as other:
        role = other.scalars(select(manager.models.role).filter_by(name="Sales")).one()
        role.permissions.clear()
        other.commit()


def by_core(manager: BaseSecurityManager) -> None:
    connection = manager.session.connection(bind_arguments=manager.bind)
    connection.execute(manager.models.permission_view_role.delete())
    manager.session.commit()


def in_a_connection_of_its_own(manager: BaseSecurityManager) -> None:
    with engine_of(manager).begin() as connection:
        connection.execute(manager.models.permission_view_role.delete())


def where_each_statement_commits(manager: BaseSecurityManager) -> None:
    with engine_of(manager).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(manager.models.permission_view_role.delete())


def by_mappings(manager: BaseSecurityManager) -> None:
    manager.session.bulk_update_mappings(inspect(manager.models.role), [{"id": sales(manager).id, "name": "Seller"}])
    manager.session.execute(delete(manager.models.permission_view_role))
    manager.session.commit()


@pytest.mark.parametrize(
    "revoke",
    [in_another_session, by_core, in_a_connection_of_its_own, where_each_statement_commits, by_mappings],
)
def test_a_revoked_grant_ends_at_once_whatever_session_or_connection_revoked_it(
    synced: BaseSecurityManager, revoke: Change
) -> None:
    alice = add_user(synced, "alice", sales(synced))
    assert synced.can(alice, "can_0", "View0")
    synced.session.commit()
    revoke(synced)
    assert not synced.can(alice, "can_0", "View0")


def test_other_statements_cost_none_of_ours(synced: BaseSecurityManager, count_statements: CountStatements) -> None:
    other = Table("other", MetaData(), Column("name", String(9)))
    with engine_of(synced).begin() as connection:
        other.create(connection)
        with count_statements() as seen:
            connection.execute(other.insert(), [{"name": "first"}])
            connection.execute(other.delete())
            connection.execute(select(synced.models.role.id))
            connection.execute(synced.models.permission.__table__.insert(), [{"name": "can_other"}])
        other.drop(connection)
    assert len(seen) == 4


def test_the_watched_tables_are_kept_by_nobody() -> None:
    db = SQLAlchemy()
    models = build_models(db, object)
    watch(models)
    gone = weakref.ref(models.state.metadata)
    del db, models
    gc.collect()
    assert gone() is None
