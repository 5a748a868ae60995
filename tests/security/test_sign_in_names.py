"""Names and addresses by which users are found: the exact one wins, and nobody gets one of somebody else's."""

from __future__ import annotations

import itertools
from typing import Any, ClassVar

import pytest
from sqlalchemy import Integer, String
from sqlalchemy.orm import mapped_column

from appbuilder_lite.security.manager import BaseSecurityManager
from tests.conftest import Host
from tests.security.managers import make_manager

SPELLINGS = sorted("".join(letters) for letters in itertools.product(*zip("admin", "ADMIN", strict=True)))


def loose_manager(db: Any) -> type[BaseSecurityManager]:
    """A manager class for a host whose database lets several users have one name."""

    class Loose(db.Model):  # type: ignore[misc]  # Flask-SQLAlchemy's base is known at run time
        id = mapped_column(Integer, primary_key=True)
        login = mapped_column(String(100))
        email = mapped_column(String(100))
        secret = mapped_column(String(200))

    class LooseManager(BaseSecurityManager):
        user_model: Any = Loose
        user_attributes: ClassVar = {"password": "secret"}

    return LooseManager


@pytest.fixture
def loose(active_host: Host) -> BaseSecurityManager:
    return make_manager(active_host, loose_manager(active_host.db))


def put(manager: BaseSecurityManager, login: str, email: str) -> Any:
    """A user as the host's own code or an older version made them."""
    user = manager.models.user(login=login, email=email)
    manager.session.add(user)
    manager.session.commit()
    return user


@pytest.mark.parametrize("place", [0, 15, 31])
def test_an_exact_name_is_found_among_any_number_of_spellings(loose: BaseSecurityManager, place: int) -> None:
    for number, spelling in enumerate(SPELLINGS[place + 1 :] + SPELLINGS[:place]):
        put(loose, spelling, f"{number}@example.com")
    exact = put(loose, SPELLINGS[place], "exact@example.com")
    assert loose.find_user(SPELLINGS[place]) is exact
    loose.users.set_password(exact, "correct horse battery staple")
    loose.session.commit()
    assert loose.auth_user_db(SPELLINGS[place], "correct horse battery staple") is exact


def test_an_exact_address_is_found_among_any_number_of_names_that_differ_in_case(loose: BaseSecurityManager) -> None:
    for spelling in SPELLINGS:
        if spelling != "admin":
            put(loose, spelling, f"{spelling}@example.com")
    exact = put(loose, "ann", "admin")
    assert loose._user_called({"username": "admin", "email": "admin"}) is exact


def test_an_exact_name_beats_an_exact_address(loose: BaseSecurityManager) -> None:
    put(loose, "ann", "admin")
    named = put(loose, "admin", "ann@example.com")
    assert loose._user_called({"username": "admin", "email": "admin"}) is named
