"""Two administrators who demote each other at the same moment: one of them stays."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from appbuilder_lite.errors import Rejected
from appbuilder_lite.security.manager import BaseSecurityManager
from tests.conftest import Host
from tests.security.managers import add_user, make_manager

Demotion = Callable[[BaseSecurityManager, Any], object]


def disable(manager: BaseSecurityManager, user: Any) -> None:
    user.active = False
    manager.update_user(user)


def at_once(host: Host, manager: BaseSecurityManager, keys: list[Any], demote: Demotion) -> list[str]:
    """Demote each of these users in a thread and a session of its own, after both have read; what came of it."""
    barrier = threading.Barrier(len(keys), timeout=20)
    outcomes: list[str] = []

    def run(key: Any) -> None:
        with host.app.app_context():
            user = manager.get_user_by_id(key)
            barrier.wait()
            try:
                demote(manager, user)
            except (Rejected, OperationalError) as error:
                outcomes.append(type(error).__name__)
            else:
                outcomes.append("done")
            manager.session.rollback()

    threads = [threading.Thread(target=run, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def take_roles(manager: BaseSecurityManager, user: Any) -> None:
    manager.set_user_roles(user, [])


def delete_user(manager: BaseSecurityManager, user: Any) -> None:
    manager.delete_user(user)


@pytest.mark.parametrize(
    ("demote", "by_group"),
    [(take_roles, False), (delete_user, False), (disable, False), (delete_user, True), (disable, True)],
)
def test_of_two_who_demote_each_other_one_remains(active_host: Host, demote: Demotion, by_group: bool) -> None:
    manager = make_manager(active_host)
    admin = manager.find_role("Admin")
    users = [add_user(manager, name, *([] if by_group else [admin])) for name in ("ann", "bob")]
    if by_group:
        manager.add_group("Admins", roles=[admin], users=users)
    keys = [user.id for user in users]
    manager.session.remove()
    outcomes = at_once(active_host, manager, keys, demote)
    assert "done" in outcomes
    assert outcomes != ["done", "done"]
    assert manager.store.has_active_admin()
