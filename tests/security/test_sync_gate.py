"""When the sync runs by itself, and what happens when it cannot."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from appbuilder_lite.errors import Unavailable
from appbuilder_lite.security.access import Access
from appbuilder_lite.security.manager import BaseSecurityManager
from appbuilder_lite.security.sync import SyncFailed, SyncResult, TablesMissing
from appbuilder_lite.security.sync_gate import PAUSE_SECONDS, SyncGate
from tests.conftest import CountStatements, Host
from tests.security.managers import grid, make_manager, stored

DECLARED = grid(1, 1)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class FakeSync:
    """Does what it is told to, and counts how often it was asked."""

    def __init__(self, outcome: Callable[[], SyncResult]) -> None:
        self.outcome = outcome
        self.calls = 0

    def run(self, _declared: Iterable[Access]) -> SyncResult:
        self.calls += 1
        return self.outcome()

    def is_current(self, declared: Iterable[Access]) -> bool:
        return self.run(declared).done


def raises(error: Exception) -> Callable[[], Any]:
    def outcome() -> Any:
        raise error

    return outcome


def gate(fake: Any, mode: str = "auto", clock: Clock | None = None) -> SyncGate:
    return SyncGate(fake, mode, clock or Clock())


def test_done_is_done() -> None:
    fake = FakeSync(lambda: SyncResult(True, 1))
    one = gate(fake)
    one.ensure(DECLARED)
    one.ensure(DECLARED)
    assert (fake.calls, one.is_healthy) == (1, True)


def test_what_is_declared_later_is_synchronised_too() -> None:
    fake = FakeSync(lambda: SyncResult(True, 1))
    one = gate(fake)
    one.ensure(DECLARED)
    one.ensure(grid(1, 2))
    assert fake.calls == 2


def test_rows_in_an_open_transaction_do_not_count_as_done() -> None:
    fake = FakeSync(lambda: SyncResult(False, 1))
    one = gate(fake)
    one.ensure(DECLARED)
    one.ensure(DECLARED)
    assert fake.calls == 2


def test_a_failure_is_logged_once_and_tried_again_after_a_pause(caplog: pytest.LogCaptureFixture) -> None:
    clock, fake = Clock(), FakeSync(raises(SyncFailed("locked")))
    one = gate(fake, clock=clock)
    for _ in range(3):
        one.ensure(DECLARED)
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert "flask appbuilder sync" in record.getMessage()
    assert (fake.calls, one.is_healthy) == (1, False)
    clock.now += PAUSE_SECONDS
    fake.outcome = lambda: SyncResult(True)
    one.ensure(DECLARED)
    assert (fake.calls, one.is_healthy) == (2, True)


@pytest.mark.parametrize("error", [TablesMissing(["ab_state"]), Unavailable("the database cannot be reached")])
def test_without_tables_every_request_is_told_and_the_log_once_a_pause(
    caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    clock, fake = Clock(), FakeSync(raises(error))
    one = gate(fake, clock=clock)
    for _ in range(3):
        with pytest.raises(Unavailable):
            one.ensure(DECLARED)
    assert len(caplog.records) == 1
    clock.now += PAUSE_SECONDS
    with pytest.raises(Unavailable):
        one.ensure(DECLARED)
    assert len(caplog.records) == 2
    fake.outcome = lambda: SyncResult(True)
    one.ensure(DECLARED)
    assert one.is_healthy


def test_check_warns_and_writes_nothing(active_host: Host, caplog: pytest.LogCaptureFixture) -> None:
    manager = make_manager(active_host, sync="check")
    manager.declare(DECLARED)
    manager.ensure_synced()
    manager.ensure_synced()
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert not manager.gate.is_healthy
    assert stored(manager) == []


def test_check_is_content_where_the_deploy_did_its_work(
    active_host: Host, caplog: pytest.LogCaptureFixture, count_statements: CountStatements
) -> None:
    manager = make_manager(active_host, sync="check")
    manager.declare(DECLARED)
    manager.sync.run(DECLARED)
    with count_statements() as seen:
        manager.ensure_synced()
        manager.ensure_synced()
    assert (len(seen), manager.gate.is_healthy, caplog.records) == (1, True, [])


def test_off_asks_nothing(active_host: Host, count_statements: CountStatements) -> None:
    manager = make_manager(active_host, sync="off", tables=False)
    manager.declare(DECLARED)
    with count_statements() as seen:
        manager.ensure_synced()
    assert len(seen) == 0


def test_a_manager_touches_no_database_until_it_is_asked(host: Host, count_statements: CountStatements) -> None:
    with count_statements() as seen, host.app.app_context():
        manager = make_manager(host, tables=False)
        manager.declare(DECLARED)
        assert manager.checks() == ()
    assert len(seen) == 0


def test_declaring_what_is_known_asks_for_no_other_sync(
    manager: BaseSecurityManager, count_statements: CountStatements
) -> None:
    manager.declare(DECLARED)
    manager.ensure_synced()
    manager.declare(DECLARED)
    with count_statements() as seen:
        manager.ensure_synced()
    assert len(seen) == 0
