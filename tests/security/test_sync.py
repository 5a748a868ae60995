"""The permission sync in one process: its rows, its statements, and its manners beside an open transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, delete, event, insert, select

from appbuilder_lite.errors import Unavailable
from appbuilder_lite.security import sync
from appbuilder_lite.security.access import Access
from appbuilder_lite.security.grant_changes import FINGERPRINT_PREFIX
from appbuilder_lite.security.manager import BaseSecurityManager
from appbuilder_lite.security.sync import SyncFailed, SyncResult, TablesMissing
from tests.conftest import CountStatements, Host, MakeHost
from tests.security.managers import grid, make_manager, names, stored


def engine_of(manager: BaseSecurityManager) -> Engine:
    engine = manager.session.get_bind(**manager.bind)
    assert isinstance(engine, Engine)
    return engine


def fingerprints(manager: BaseSecurityManager) -> int:
    state = manager.models.state
    return len(manager.session.scalars(select(state.c.name).where(state.c.name.startswith(FINGERPRINT_PREFIX))).all())


@pytest.mark.parametrize("views", [1, 10, 300])
def test_the_first_sync_takes_at_most_15_statements_and_the_next_one_1(
    manager: BaseSecurityManager, count_statements: CountStatements, views: int
) -> None:
    declared = grid(8, views)
    with count_statements() as first:
        result = manager.sync.run(declared)
    with count_statements() as second:
        again = manager.sync.run(declared)
    assert (result, again) == (SyncResult(True, 8 * views), SyncResult(True, 0))
    assert len(first) <= 15
    assert len(second) == 1
    assert stored(manager) == sorted(declared)
    assert names(manager.get_all_roles()) == ["Admin", "Public"]


def test_where_the_row_to_wait_at_is_missing_it_is_made_first(
    manager: BaseSecurityManager, count_statements: CountStatements
) -> None:
    manager.session.execute(delete(manager.models.state))
    manager.session.commit()
    with count_statements() as seen:
        assert manager.sync.run(grid(8, 300)) == SyncResult(True, 2400)
    assert len(seen) <= 15
    state = manager.models.state
    assert {"lock", "grants"} < set(manager.session.scalars(select(state.c.name)))


def test_a_later_sync_adds_what_is_new_and_keeps_the_rest(
    manager: BaseSecurityManager, count_statements: CountStatements
) -> None:
    manager.sync.run(grid(2, 2))
    ids = {str(view): view.id for view in manager.session.scalars(select(manager.models.permission_view))}
    manager.session.rollback()
    with count_statements() as seen:
        result = manager.sync.run(grid(2, 3))
    assert (result.added, len(seen) <= 15) == (2, True)
    assert stored(manager) == sorted(grid(2, 3))
    kept = {str(view): view.id for view in manager.session.scalars(select(manager.models.permission_view))}
    assert ids.items() <= kept.items()


def test_it_only_adds(manager: BaseSecurityManager) -> None:
    manager.sync.run(grid(2, 3))
    assert manager.sync.run(grid(1, 1)).added == 0
    assert stored(manager) == sorted(grid(2, 3))


def test_versions_of_an_app_that_run_side_by_side_do_not_fight(
    manager: BaseSecurityManager, count_statements: CountStatements
) -> None:
    for declared in (grid(1, 2), grid(1, 3)):
        manager.sync.run(declared)
    for declared in (grid(1, 2), grid(1, 3)):
        with count_statements() as seen:
            manager.sync.run(declared)
        assert len(seen) == 1


def test_nothing_declared_still_makes_the_roles(manager: BaseSecurityManager) -> None:
    assert manager.sync.run([]) == SyncResult(True, 0)
    assert names(manager.get_all_roles()) == ["Admin", "Public"]


def test_roles_kept_in_code_get_their_rows(active_host: Host) -> None:
    manager = make_manager(active_host, admin_role="Boss", roles={"Reader": [[".*", "can_list"]]})
    manager.sync.run([])
    assert names(manager.get_all_roles()) == ["Boss", "Public", "Reader"]


def test_force_repairs_what_plain_sql_removed(manager: BaseSecurityManager) -> None:
    manager.sync.run(grid(2, 2))
    with engine_of(manager).begin() as connection:
        connection.exec_driver_sql("DELETE FROM ab_permission_view")
    assert manager.sync.run(grid(2, 2)).added == 0
    assert manager.sync.run(grid(2, 2), force=True).added == 4
    assert stored(manager) == sorted(grid(2, 2))


def test_a_deleted_permission_comes_back_at_the_next_start(manager: BaseSecurityManager) -> None:
    manager.sync.run(grid(2, 1))
    assert manager.del_permission_view_menu("can_0", "View0")
    assert manager.sync.run(grid(2, 1)).added == 1
    assert stored(manager) == sorted(grid(2, 1))


def test_records_of_before_are_used_as_they_are(manager: BaseSecurityManager) -> None:
    old = manager.add_permission_view_menu("can_0", "View0").id
    assert manager.sync.run(grid(2, 2)).added == 3
    assert manager.find_permission_view_menu("can_0", "View0").id == old


def test_another_spelling_stands_in_where_the_database_ignores_case(manager: BaseSecurityManager) -> None:
    manager.add_view_menu("VIEW0")
    assert manager.sync.run(grid(2, 1)) == SyncResult(True, 2)
    assert len(stored(manager)) == 2
    manager.session.rollback()
    assert manager.sync.run(grid(2, 1), force=True) == SyncResult(True, 0)


def test_a_plan_says_what_would_happen_and_writes_nothing(
    manager: BaseSecurityManager, count_statements: CountStatements
) -> None:
    manager.sync.run(grid(1, 2))
    with count_statements() as seen:
        plan = manager.sync.plan([Access("can_0", "View1"), Access("can_0", "View2")])
    assert plan.missing == (Access("can_0", "View2"),)
    assert plan.surplus == (Access("can_0", "View0"),)
    assert plan.missing_roles == ()
    assert all(text.startswith("SELECT") for text in seen.texts)
    assert stored(manager) == sorted(grid(1, 2))


def test_a_prune_removes_what_nobody_declares_and_what_it_was_made_of(manager: BaseSecurityManager) -> None:
    manager.sync.run(grid(3, 700))
    keep = frozenset({Access("can_0", "View0"), Access("can_1", "View5")})
    role = manager.add_role("Sales", [manager.find_permission_view_menu("can_2", "View9")])
    version = manager.store.snapshot(None).version
    manager.session.commit()
    removed = manager.sync.prune(keep)
    assert set(removed) == grid(3, 700) - keep
    assert stored(manager) == sorted(keep)
    assert [menu.name for menu in manager.get_all_view_menu()] == ["View0", "View5"]
    assert manager.find_permission("can_2") is None
    manager.session.refresh(role)
    assert role.permissions == []
    assert manager.store.snapshot(None).version != version
    assert fingerprints(manager) == 0


def test_a_prune_keeps_what_no_sync_declared(manager: BaseSecurityManager) -> None:
    manager.sync.run(grid(1, 2))
    approve = manager.add_permission_view_menu("can_approve", "Invoices")
    manager.add_permission("can_wait")
    manager.add_view_menu("Empty")
    role = manager.add_role("Sales", [approve])
    manager.session.commit()
    plan = manager.sync.plan(grid(1, 1))
    assert (plan.surplus, plan.unknown) == ((Access("can_0", "View1"),), (Access("can_approve", "Invoices"),))
    manager.session.rollback()
    assert manager.sync.prune(grid(1, 1)) == (Access("can_0", "View1"),)
    manager.session.refresh(role)
    assert role.permissions == [approve]
    assert [menu.name for menu in manager.get_all_view_menu()] == ["Empty", "Invoices", "View0"]
    assert manager.find_permission("can_wait") is not None


@pytest.mark.parametrize(
    "remove",
    [
        lambda manager: manager.sync.prune(grid(1, 1)),
        lambda manager: manager.del_permission_view_menu("can_0", "View1"),
    ],
)
def test_what_was_removed_and_made_anew_by_code_is_the_codes(
    manager: BaseSecurityManager, remove: Callable[[BaseSecurityManager], object]
) -> None:
    manager.sync.run(grid(1, 2))
    assert remove(manager)
    manager.add_permission_view_menu("can_0", "View1")
    manager.session.commit()
    assert manager.sync.prune(grid(1, 1)) == ()


def test_rows_of_a_time_without_notes_are_kept_until_declared_again(manager: BaseSecurityManager) -> None:
    manager.sync.run(grid(1, 2))
    state = manager.models.state
    manager.session.execute(delete(state).where(state.c.name.startswith("declared:")))
    manager.session.commit()
    assert manager.sync.prune(grid(1, 1)) == ()
    manager.sync.run(grid(1, 2), force=True)
    assert manager.sync.prune(grid(1, 1)) == (Access("can_0", "View1"),)


def test_a_prune_without_surplus_changes_nothing(manager: BaseSecurityManager) -> None:
    manager.sync.run(grid(1, 1))
    assert manager.sync.prune(grid(1, 1)) == ()
    assert fingerprints(manager) == 1


def test_is_current_asks_for_the_fingerprint_only(
    manager: BaseSecurityManager, count_statements: CountStatements
) -> None:
    assert not manager.sync.is_current(grid(1, 1))
    manager.sync.run(grid(1, 1))
    with count_statements() as seen:
        assert manager.sync.is_current(grid(1, 1))
    assert len(seen) == 1


def test_missing_tables_are_named_with_the_command_that_makes_them(active_host: Host) -> None:
    manager = make_manager(active_host, tables=False)
    with pytest.raises(TablesMissing) as raised:
        manager.sync.run(grid(1, 1))
    assert "ab_state" in raised.value.tables
    assert "flask appbuilder upgrade" in str(raised.value)
    with pytest.raises(TablesMissing):
        manager.sync.plan([])
    active_host.db.create_all()
    assert manager.sync.run(grid(1, 1)).done


def test_a_database_that_is_down_is_unavailable() -> None:
    app, db = Flask("host"), SQLAlchemy()
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:////nowhere/at/all.sqlite"
    db.init_app(app)
    with app.app_context():
        manager = make_manager(Host(app, db), tables=False)
        with pytest.raises(Unavailable) as raised:
            manager.sync.run(grid(1, 1))
    assert not isinstance(raised.value, TablesMissing)
    assert "nowhere" not in str(raised.value)


def test_a_lock_that_somebody_holds_is_waited_for_only_briefly(
    manager: BaseSecurityManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "LIMIT_SECONDS", 1)
    manager.session.commit()
    with engine_of(manager).connect() as other:
        state = manager.models.state
        other.execute(state.update().where(state.c.name == "lock").values(value="held"))
        with pytest.raises(SyncFailed):
            manager.sync.run(grid(1, 1))
        other.rollback()
    assert manager.sync.run(grid(1, 1)).added == 1


def test_without_a_free_connection_it_says_so(make_host: MakeHost) -> None:
    host = make_host(SQLALCHEMY_ENGINE_OPTIONS={"pool_size": 1, "max_overflow": 0, "pool_timeout": 0.01})
    with host.app.app_context():
        manager = make_manager(host)
        manager.session.remove()
        with host.db.engine.connect(), pytest.raises(SyncFailed, match="free"):
            manager.sync.run(grid(1, 1))


def test_limits_do_not_stay_on_the_pools_connections(manager: BaseSecurityManager) -> None:
    manager.sync.run(grid(1, 1))
    queries = {
        "sqlite": "PRAGMA busy_timeout",
        "postgresql": "SHOW lock_timeout",
        "mysql": "SELECT @@innodb_lock_wait_timeout",
    }
    with engine_of(manager).connect() as connection:
        value = connection.exec_driver_sql(queries[connection.dialect.name]).scalar()
    assert value not in (2000, "2s", 2)


def test_a_driver_that_loses_a_wait_looks_once_more(
    manager: BaseSecurityManager, count_statements: CountStatements
) -> None:
    """The first UPDATE of the lock row fails; the second attempt does the work."""
    engine, failures = engine_of(manager), iter([True])

    def fail_once(
        connection: Connection, cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool
    ) -> tuple[str, Any]:
        if statement.startswith("UPDATE") and next(failures, False):
            return "SELECT 1 FROM no_such_table", ()
        return statement, parameters

    event.listen(engine, "before_cursor_execute", fail_once, retval=True)
    try:
        assert manager.sync.run(grid(1, 1)) == SyncResult(True, 1)
    finally:
        event.remove(engine, "before_cursor_execute", fail_once)


@pytest.fixture(params=["file", "memory"])
def sqlite_host(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[Host]:
    """A host on a SQLite file, or on one connection to a database in memory."""
    app, db = Flask("host"), SQLAlchemy()
    url = "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path / 'beside.sqlite'}"
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    with app.app_context():
        yield Host(app, db)
        db.session.remove()
        db.engine.dispose()


def pending_role(manager: BaseSecurityManager) -> None:
    """Something of the host's, flushed and not committed: a second connection would have to wait for it."""
    manager.session.add(manager.models.group(name="Of the host"))
    manager.session.flush()


def test_beside_an_open_transaction_it_writes_in_a_savepoint_of_that(sqlite_host: Host) -> None:
    manager = make_manager(sqlite_host)
    pending_role(manager)
    assert manager.sync.run(grid(2, 2)) == SyncResult(False, 4)
    assert manager.find_group("Of the host")
    manager.session.commit()
    assert manager.sync.run(grid(2, 2)) == SyncResult(True, 0)
    assert stored(manager) == sorted(grid(2, 2))
    assert manager.find_group("Of the host")


def test_what_the_host_rolls_back_is_written_again(sqlite_host: Host) -> None:
    manager = make_manager(sqlite_host)
    pending_role(manager)
    assert not manager.sync.run(grid(2, 2)).done
    manager.session.rollback()
    assert stored(manager) == []
    assert manager.find_group("Of the host") is None
    manager.session.rollback()
    assert manager.sync.run(grid(2, 2)) == SyncResult(True, 4)


def test_rows_that_are_not_committed_prove_nothing(sqlite_host: Host, count_statements: CountStatements) -> None:
    manager = make_manager(sqlite_host)
    pending_role(manager)
    manager.sync.run(grid(1, 1))
    with count_statements() as seen:
        assert manager.sync.run(grid(1, 1)) == SyncResult(False, 0)
    assert len(seen) == 0


def test_a_failure_in_the_savepoint_leaves_the_hosts_rows(sqlite_host: Host) -> None:
    manager = make_manager(sqlite_host)
    sqlite_host.db.session.execute(insert(manager.models.role).values(name="Of the host"))
    manager.models.state.drop(manager.store.connection())
    with pytest.raises((TablesMissing, SyncFailed)):
        manager.sync.run(grid(1, 1))
    assert manager.row(manager.models.role, name="Of the host")


def test_in_a_transaction_of_a_test_suite_it_writes_inside_of_that(make_host: MakeHost) -> None:
    """A host whose tests bind the session to a connection and roll everything back."""
    host = make_host()
    with host.app.app_context():
        manager = make_manager(host)
        host.db.session.remove()
        engine = host.db.engine
        with engine.connect() as connection:
            outer = connection.begin()
            host.db._app_engines[host.app][None] = connection  # type: ignore[assignment]
            assert manager.sync.run(grid(1, 1)).added == 1
            host.db.session.remove()
            outer.rollback()
            host.db._app_engines[host.app][None] = engine
        assert stored(manager) == []
        host.db.session.remove()
