"""Names and addresses by which users are found: the exact one wins, and nobody gets one of somebody else's."""

from __future__ import annotations

import itertools
import secrets
import threading
from typing import Any

import pytest
from sqlalchemy import Engine, Integer, String, update
from sqlalchemy.orm import mapped_column

from appbuilder_lite.security.manager import BaseSecurityManager
from appbuilder_lite.security.sign_in_names import NameTaken
from tests.conftest import CountStatements, Host
from tests.security.accounts import account_manager
from tests.security.managers import add_user, make_manager

PASSWORD_ONLY = {"password": "secret"}
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
        user_attributes = PASSWORD_ONLY

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


@pytest.fixture
def admin(manager: BaseSecurityManager) -> Any:
    return add_user(manager, "admin")


TAKEN = [
    ("ADMIN", "new@example.com"),
    (" admin ", "new@example.com"),
    ("admin\u00a0", "new@example.com"),
    ("admin@example.com", "new@example.com"),
    ("Admin@Example.com", "new@example.com"),
    ("new", "ADMIN@example.com"),
    ("new", " admin@example.com"),
    ("new", "admin"),
    ("new", "Admin"),
]


@pytest.mark.parametrize(("username", "email"), TAKEN)
def test_nobody_is_given_what_somebody_else_signs_in_by(
    manager: BaseSecurityManager, admin: Any, username: str, email: str
) -> None:
    manager.session.add(manager.models.group(name="Of the host"))
    assert manager.add_user(username, "N", "N", email) is False
    assert manager.count_users() == 1
    eve = add_user(manager, "eve")
    eve.username, eve.email, eve.first_name = username, email, "Eva"
    assert manager.update_user(eve) is False
    manager.session.commit()
    assert (eve.username, eve.email, eve.first_name) == ("eve", "eve@example.com", "Eve")
    assert manager.find_group("Of the host")
    assert all(manager.find_user(spelling) is admin for spelling in ("admin", "ADMIN", "aDmin"))


def test_the_field_that_is_taken_is_named(manager: BaseSecurityManager, admin: Any) -> None:
    for changes, field in (({"username": "Admin"}, "username"), ({"email": "ADMIN@example.com"}, "email")):
        eve = manager.models.user(**{"username": "eve", "email": "eve@example.com", **changes})
        with pytest.raises(NameTaken) as caught, manager.changing(commit=False):
            manager.check_names(eve)
        assert caught.value.field == field


def test_where_case_counts_other_spellings_are_free(active_host: Host) -> None:
    manager = make_manager(active_host, username_ci=False)
    add_user(manager, "admin")
    assert manager.add_user("admin@example.com", "N", "N", "new@example.com") is False
    assert manager.add_user(" admin ", "N", "N", "new@example.com") is False
    if manager.store.connection().dialect.name != "mysql":
        assert manager.add_user("ADMIN", "N", "N", "new@example.com")


def test_spaces_around_names_are_not_kept(manager: BaseSecurityManager) -> None:
    ann = manager.add_user(" ann\t", "Ann", "Ash", "  ann@example.com ")
    assert (ann.username, ann.email) == ("ann", "ann@example.com")
    ann.username = " anna "
    assert manager.update_user(ann)
    assert manager.find_user("anna").username == "anna"


@pytest.mark.parametrize(
    ("username", "email"), [("ADMIN", "Admin@Example.com"), ("admin@example.com", "admin@example.com")]
)
def test_ones_own_name_may_be_spelled_anew(manager: BaseSecurityManager, admin: Any, username: str, email: str) -> None:
    admin.username, admin.email = username, email
    assert manager.update_user(admin)
    assert (admin.username, admin.email) == (username, email)


def test_a_user_whose_name_is_taken_from_before_can_be_changed_in_the_rest(
    manager: BaseSecurityManager, admin: Any
) -> None:
    eve = add_user(manager, "eve")
    eve.username = "admin@example.com"
    manager.session.commit()
    eve.first_name, eve.email = "Eva", "eva@example.com"
    assert manager.update_user(eve)
    admin.first_name = "Ada"
    assert manager.update_user(admin)
    eve.username = "ADMIN@example.com"
    assert manager.update_user(eve) is False


def test_only_a_new_name_costs_a_statement(
    manager: BaseSecurityManager, admin: Any, count_statements: CountStatements
) -> None:
    def searches(seen: Any) -> int:
        return sum("lower(" in text.lower() for text in seen.texts)

    with count_statements() as added:
        add_user(manager, "eve")
    admin.first_name = "Ada"
    with count_statements() as edited:
        assert manager.update_user(admin)
    assert (searches(added), searches(edited)) == (1, 0), (added, edited)


def test_where_the_address_is_the_name_it_is_nobody_elses(active_host: Host) -> None:
    manager = make_manager(active_host, account_manager(active_host.db))
    ann = manager.add_user("ann@example.com", "", "", "ann@example.com")
    assert ann
    assert manager.add_user("ANN@example.com", "", "", "") is False
    bob = manager.add_user(" bob@example.com", "", "", "")
    assert bob.mail == "bob@example.com"
    bob.mail = "Ann@example.com"
    assert manager.update_user(bob) is False
    assert manager.update_user(ann)


def test_users_without_an_address_and_texts_that_are_none_are_let_be(loose: BaseSecurityManager) -> None:
    for name in ("ann", "bob"):
        assert loose.add_user(name, "", "", "")
        assert loose.add_user(name.title(), "", "", "") is False
    ann = loose.find_user("ann")
    ann.email = None
    assert loose.update_user(ann)
    assert not loose.is_name_free(" ANN ")
    assert loose.is_name_free("nobody\0")


def add(manager: BaseSecurityManager, _user: Any, name: str) -> object:
    return manager.add_user(name, "N", "N", f"{secrets.token_hex(4)}@example.com")


def rename(manager: BaseSecurityManager, user: Any, name: str) -> object:
    user.username = name
    return manager.update_user(user)


def address(manager: BaseSecurityManager, user: Any, name: str) -> object:
    user.email = name
    return manager.update_user(user)


@pytest.mark.parametrize("writers", [(add, add), (rename, rename), (add, rename), (rename, address), (add, address)])
def test_of_two_who_take_one_name_at_the_same_moment_one_gets_it(active_host: Host, writers: Any) -> None:
    manager = make_manager(active_host)
    keys = [add_user(manager, name).id for name in ("ann", "bob")]
    manager.session.remove()
    barrier, outcomes = threading.Barrier(2, timeout=20), []

    def run(write: Any, key: Any, name: str) -> None:
        with active_host.app.app_context():
            user = manager.get_user_by_id(key)
            assert user.username
            barrier.wait()
            outcomes.append(bool(write(manager, user, name)))

    threads = [threading.Thread(target=run, args=values) for values in zip(writers, keys, ("zoe", "Zoe"), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False, True]


def test_whoever_signs_in_does_not_wait_for_a_user_who_is_added(manager: BaseSecurityManager, admin: Any) -> None:
    engine = manager.session.get_bind(**manager.bind)
    assert isinstance(engine, Engine)
    if engine.dialect.name == "sqlite":
        pytest.skip("whoever writes there waits for everybody")
    key, model = admin.id, manager.models.user
    manager.session.commit()
    add_user(manager, "eve", commit=False)
    with engine.begin() as other:
        is_mariadb = engine.dialect.name != "postgresql"
        other.exec_driver_sql("SET innodb_lock_wait_timeout = 1" if is_mariadb else "SET lock_timeout = '1s'")
        other.execute(update(model).where(model.id == key).values(login_count=1))
    manager.session.commit()
