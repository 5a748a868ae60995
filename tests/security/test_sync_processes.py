"""Many processes at once, and one that dies in the middle: real processes on a real database."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from appbuilder_lite.security.access import Access
from appbuilder_lite.security.manager import BaseSecurityManager
from tests.security.managers import grid, names, stored

ROOT = Path(__file__).parents[2]
PROCESSES = 8
ROUNDS = 3
PERMISSIONS, VIEWS = 8, 300


class Worker:
    """A process of `tests/security/sync_worker.py`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def tell(self, command: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def answer(self) -> Any:
        """The next answer, or None where the process has ended."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        return json.loads(line) if line else None


@contextmanager
def worker(url: str) -> Iterator[Worker]:
    command = [sys.executable, "-m", "tests.security.sync_worker", url, str(PERMISSIONS), str(VIEWS)]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield Worker(process)
        process.kill()


def empty(manager: BaseSecurityManager, *, seeds_too: bool) -> None:
    """Delete every row, as after `create-tables`, or as in tables that somebody else made."""
    models, session = manager.models, manager.session
    for model in (models.permission_view, models.permission, models.view_menu, models.role):
        session.execute(delete(model))
    seeds = models.state.c.name.not_in(["lock", "grants"])
    session.execute(delete(models.state) if seeds_too else delete(models.state).where(seeds))
    session.commit()


def is_complete(manager: BaseSecurityManager) -> bool:
    """Whether each row exists exactly once."""
    manager.session.rollback()
    roles = names(manager.session.query(manager.models.role).order_by("name"))
    return stored(manager) == sorted(grid(PERMISSIONS, VIEWS)) and roles == ["Admin", "Public"]


def test_processes_that_start_at_once_write_each_row_once_and_log_nothing(
    manager: BaseSecurityManager, database_url: str
) -> None:
    with ExitStack() as stack:
        workers = [stack.enter_context(worker(database_url)) for _ in range(PROCESSES)]
        assert [each.answer() for each in workers] == ["ready"] * PROCESSES
        for number in range(ROUNDS):
            empty(manager, seeds_too=bool(number % 2))
            for each in workers:
                each.tell("run")
            answers = [each.answer() for each in workers]
            assert [answer["errors"] for answer in answers] == [[]] * PROCESSES
            assert all(answer["done"] for answer in answers)
            assert sum(answer["added"] for answer in answers) == PERMISSIONS * VIEWS
            assert max(answer["statements"] for answer in answers) <= 15
            assert is_complete(manager)
        for each in workers:
            each.tell("run")
        assert [each.answer()["statements"] for each in workers] == [1] * PROCESSES


@pytest.mark.parametrize("statement", [4, 7, 10, 11])
def test_a_process_killed_in_the_middle_heals_at_the_next_start(
    manager: BaseSecurityManager, database_url: str, statement: int
) -> None:
    empty(manager, seeds_too=False)
    with worker(database_url) as victim:
        assert victim.answer() == "ready"
        victim.tell(f"kill {statement}")
        assert victim.answer() is None
        assert victim.process.wait() == -signal.SIGKILL
    manager.session.rollback()
    assert stored(manager) == []
    manager.session.rollback()
    manager.declare(grid(PERMISSIONS, VIEWS))
    assert manager.sync.run(manager.declared).done
    assert is_complete(manager)


def test_processes_that_add_the_same_records_all_get_them(manager: BaseSecurityManager, database_url: str) -> None:
    manager.session.commit()
    with ExitStack() as stack:
        workers = [stack.enter_context(worker(database_url)) for _ in range(4)]
        assert [each.answer() for each in workers] == ["ready"] * 4
        for number in range(5):
            for each in workers:
                each.tell(f"add same{number}")
            answers = [each.answer() for each in workers]
            assert answers == [{"errors": [], "ids": answers[0]["ids"]}] * 4
    added = [access for access in stored(manager) if access.view_menu.startswith("same")]
    assert added == [Access(f"can_same{number}", f"same{number}") for number in range(5)]
