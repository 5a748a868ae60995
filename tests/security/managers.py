"""Security managers on the test's database, and people in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from appbuilder_lite.security.access import Access
from appbuilder_lite.security.manager import BaseSecurityManager
from appbuilder_lite.settings import Settings, read_settings
from tests.conftest import Host


def settings_with(**values: Any) -> Settings:
    """Settings as an app's configuration with these `APPBUILDER_` keys gives them."""
    settings, problems = read_settings({f"APPBUILDER_{name.upper()}": value for name, value in values.items()})
    assert not problems
    return settings


class MakeManager(Protocol):
    """Makes a manager on a host; keywords are settings."""

    def __call__(
        self, host: Host, manager_class: type[BaseSecurityManager] = ..., *, tables: bool = True, **settings: Any
    ) -> BaseSecurityManager: ...


def make_manager(
    host: Host,
    manager_class: type[BaseSecurityManager] = BaseSecurityManager,
    *,
    tables: bool = True,
    **settings: Any,
) -> BaseSecurityManager:
    """A manager as an app makes it, and by default its tables. An app context must be active."""
    manager = manager_class(host.db, settings_with(**settings))
    if tables:
        host.db.create_all()
    return manager


def add_user(manager: BaseSecurityManager, name: str, *roles: Any, **values: Any) -> Any:
    """A user called `name` with these roles."""
    user = manager.add_user(name, name.title(), "Person", f"{name}@example.com", list(roles), **values)
    assert user is not False
    return user


def grid(permissions: int, views: int) -> frozenset[Access]:
    """What that many views with that many permissions each declare."""
    return frozenset(Access(f"can_{first}", f"View{second}") for first in range(permissions) for second in range(views))


def stored(manager: BaseSecurityManager) -> list[Access]:
    """Every permission view in the database, duplicates included."""
    return sorted(Access(*row) for row in manager.store.connection().execute(manager.store.accesses_statement))


def names(records: Iterable[Any]) -> list[str]:
    return [record.name for record in records]
