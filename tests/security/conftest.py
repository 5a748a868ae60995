"""Fixtures of the security tests: a host whose app context is active, and a manager on it."""

from collections.abc import Iterator

import pytest

from appbuilder_lite.security.manager import BaseSecurityManager
from tests.conftest import Host
from tests.security.managers import make_manager


@pytest.fixture
def active_host(host: Host) -> Iterator[Host]:
    """A host inside its app context."""
    with host.app.app_context():
        yield host
        host.db.session.rollback()


@pytest.fixture
def manager(active_host: Host) -> BaseSecurityManager:
    """A security manager with the default models, and empty tables."""
    return make_manager(active_host)
