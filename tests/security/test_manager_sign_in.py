"""Signing in by password: who gets in, what it costs, what is kept and what is logged."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.security import check_password_hash, generate_password_hash

from appbuilder_lite.security import passwords
from appbuilder_lite.security.authenticators import make_authenticator, register_authenticator
from appbuilder_lite.security.manager import BaseSecurityManager
from tests.conftest import CountStatements, Host
from tests.security.accounts import account_manager
from tests.security.managers import add_user, make_manager

PASSWORD = "correct horse battery staple"


@pytest.fixture
def alice(manager: BaseSecurityManager) -> Any:
    return add_user(manager, "alice", password=PASSWORD)


@pytest.mark.parametrize("name", ["alice", "ALICE", "alice@example.com", "Alice@Example.com"])
def test_name_or_address_and_the_password_let_in(manager: BaseSecurityManager, alice: Any, name: str) -> None:
    assert manager.auth_user_db(name, PASSWORD) is alice


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("alice", "wrong"),
        ("alice", PASSWORD.upper()),
        ("alice", PASSWORD + " "),
        ("alice", ""),
        ("alice", "\ud800"),
        ("alice", "p" * 100_000),
        ("nobody", PASSWORD),
        ("", ""),
        ("", PASSWORD),
        ("alice\0", PASSWORD),
        ("\ud800", PASSWORD),
        ("ali%", PASSWORD),
    ],
)
def test_anything_else_does_not(manager: BaseSecurityManager, alice: Any, name: str, password: str) -> None:
    assert manager.auth_user_db(name, password) is None
    assert manager.auth_user_db("alice", PASSWORD) is alice


@pytest.mark.parametrize("stored", [None, "", "!", "*", "plain", "scrypt:1:1$x$y", "md5$a$b", f"!{PASSWORD}", PASSWORD])
@pytest.mark.parametrize("password", ["", PASSWORD])
def test_without_a_usable_password_nobody_gets_in(
    manager: BaseSecurityManager, stored: str | None, password: str
) -> None:
    user = add_user(manager, "bob")
    user.password = stored
    manager.session.commit()
    assert manager.auth_user_db("bob", password) is None


def test_an_inactive_user_does_not_get_in(manager: BaseSecurityManager, alice: Any) -> None:
    alice.active = False
    manager.session.commit()
    assert manager.auth_user_db("alice", PASSWORD) is None


def test_unknown_inactive_and_wrong_do_the_same_work(
    manager: BaseSecurityManager, alice: Any, monkeypatch: pytest.MonkeyPatch, count_statements: CountStatements
) -> None:
    sleeper = add_user(manager, "sleeper", password=PASSWORD)
    sleeper.active = False
    manager.session.commit()
    hashed: list[str] = []

    def count(pwhash: str, password: str) -> bool:
        hashed.append(pwhash.split("$", maxsplit=1)[0])
        return check_password_hash(pwhash, password)

    monkeypatch.setattr(passwords, "check_password_hash", count)
    manager.auth_user_db("nobody", "wrong")
    seen = {}
    for name in ("nobody", "sleeper", "alice"):
        manager.session.remove()
        hashed.clear()
        with count_statements() as statements:
            assert manager.auth_user_db(name, "wrong") is None
        writes = any(text.startswith(("UPDATE", "INSERT")) for text in statements.texts)
        seen[name] = (tuple(hashed), len(statements), writes)
    assert seen["nobody"] == seen["sleeper"] == (("scrypt:32768:8:1",), seen["nobody"][1], True)
    assert seen["alice"][0] == seen["nobody"][0]
    assert seen["alice"][2]
    assert abs(seen["alice"][1] - seen["nobody"][1]) <= 1


def test_nobody_waits_for_the_sign_in_of_another_unknown_name(
    manager: BaseSecurityManager, alice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = iter(range(9))
    monkeypatch.setattr(secrets, "randbelow", lambda _: next(rows))
    engine = manager.session.get_bind(**manager.bind)
    assert isinstance(engine, Engine)
    if engine.dialect.name == "sqlite":
        pytest.skip("whoever writes there waits for everybody")
    with engine.connect() as other:
        # The work of one sign-in that hangs before its commit.
        with monkeypatch.context() as hanging:
            hanging.setattr(manager.session, "commit", lambda: None)
            manager.auth_user_db("nobody", "wrong")
        is_mariadb = engine.dialect.name != "postgresql"
        other.exec_driver_sql("SET innodb_lock_wait_timeout = 1" if is_mariadb else "SET lock_timeout = '1s'")
        with Session(other) as session, monkeypatch.context() as elsewhere:
            elsewhere.setattr(manager, "session", session)
            elsewhere.setattr(manager.store, "_session", session)
            assert manager.auth_user_db("somebody else", "wrong") is None
    manager.session.rollback()


def test_a_sign_in_is_logged_with_the_address_once(
    manager: BaseSecurityManager, alice: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    manager.current_address = lambda: "192.0.2.7"
    for password in (PASSWORD, "wrong"):
        manager.authenticate({"username": "alice", "password": password})
    told = [record.getMessage() for record in caplog.records]
    assert told == ["Signed in: alice from 192.0.2.7", "Sign-in failed: alice from 192.0.2.7"]


def test_all_refusals_read_the_same(manager: BaseSecurityManager, alice: Any, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("alice", "nobody"):
        manager.auth_user_db(name, "wrong")
    told = [record.getMessage() for record in caplog.records]
    assert told == ["Sign-in failed: alice from no request", "Sign-in failed: nobody from no request"]


def test_a_line_end_in_a_name_starts_no_line_in_the_log(
    manager: BaseSecurityManager, alice: Any, caplog: pytest.LogCaptureFixture
) -> None:
    manager.auth_user_db("x\r\nSigned in: root\x1b[0m\u2028", "wrong")
    (record,) = caplog.records
    message = record.getMessage()
    assert message.isprintable()
    assert message.startswith("Sign-in failed: x\\r\\nSigned in")


def test_no_password_and_no_hash_is_ever_logged(manager: BaseSecurityManager, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="appbuilder_lite"):
        user = add_user(manager, "carol", password=PASSWORD)
        add = manager.add_user("carol", "C", "D", "carol@example.com", password=PASSWORD)
        manager.auth_user_db("carol", PASSWORD)
        manager.auth_user_db("carol", "wrong secret")
        manager.reset_password(user.id, "another secret")
    assert add is False
    logged = caplog.text
    assert "Signed in: carol" in logged
    for secret in (PASSWORD, "wrong secret", "another secret", "scrypt:"):
        assert secret not in logged


def test_a_weaker_hash_is_replaced_at_sign_in(manager: BaseSecurityManager, alice: Any) -> None:
    alice.password = generate_password_hash(PASSWORD, "pbkdf2:sha256:1000")
    manager.session.commit()
    assert manager.auth_user_db("alice", "wrong") is None
    assert alice.password.startswith("pbkdf2:sha256:1000$")
    assert manager.auth_user_db("alice", PASSWORD)
    manager.session.rollback()
    assert alice.password.startswith("scrypt:32768:8:1$")
    kept = alice.password
    assert manager.auth_user_db("alice", PASSWORD)
    assert alice.password == kept


def test_sign_ins_and_failures_are_counted(manager: BaseSecurityManager, alice: Any) -> None:
    for password in ("wrong", "wrong"):
        manager.auth_user_db("alice", password)
    assert (alice.fail_login_count, alice.login_count, alice.last_login) == (2, None, None)
    manager.auth_user_db("alice", PASSWORD)
    with Session(manager.session.get_bind(**manager.bind)) as other:
        stored = other.get(manager.models.user, alice.id)
        assert stored is not None
        assert (stored.fail_login_count, stored.login_count) == (0, 1)
        assert stored.last_login is not None


def test_a_class_without_counters_signs_in_without(active_host: Host) -> None:
    manager = make_manager(active_host, account_manager(active_host.db))
    ann = manager.add_user("ann@example.com", "", "", "ann@example.com", password=PASSWORD)
    assert ann.secret.startswith("pbkdf2:sha256:1$")
    assert manager.auth_user_db("Ann@Example.com", PASSWORD) is ann
    assert manager.auth_user_db("ann@example.com", "wrong") is None
    assert manager.auth_user_db("nobody@example.com", PASSWORD) is None
    assert ann.secret.startswith("pbkdf2:sha256:1$")


def test_a_failed_sign_in_calls_the_hook(active_host: Host) -> None:
    failed: list[Any] = []

    class Manager(BaseSecurityManager):
        def on_user_login_failed(self, user: Any) -> None:
            failed.append(user)

    manager = make_manager(active_host, Manager)
    alice = add_user(manager, "alice", password=PASSWORD)
    manager.auth_user_db("alice", "wrong")
    manager.auth_user_db("nobody", "wrong")
    assert failed == [alice, None]


class ByBadge:
    """Knows people by a badge."""

    def __init__(self, manager: BaseSecurityManager) -> None:
        self.manager = manager

    def authenticate(self, credentials: Mapping[str, str]) -> Any | None:
        return self.manager.find_user(credentials.get("badge", ""))


def test_authenticators_are_tried_in_order(active_host: Host, caplog: pytest.LogCaptureFixture) -> None:
    register_authenticator("badge", ByBadge)

    class Manager(BaseSecurityManager):
        authenticators = ("badge", "db")

    manager = make_manager(active_host, Manager)
    alice = add_user(manager, "alice", password=PASSWORD)
    with caplog.at_level(logging.INFO):
        assert manager.authenticate({"badge": "alice"}) is alice
    assert caplog.messages == ["Signed in: alice from no request"]
    assert manager.authenticate({"username": "alice", "password": PASSWORD}) is alice
    assert manager.authenticate({"username": "alice", "password": "wrong"}) is None
    assert manager.authenticate({}) is None


def test_without_passwords_a_failure_is_logged_all_the_same(
    active_host: Host, caplog: pytest.LogCaptureFixture
) -> None:
    register_authenticator("badge", ByBadge)

    class Manager(BaseSecurityManager):
        authenticators = ("badge",)

    manager = make_manager(active_host, Manager)
    assert manager.authenticate({"username": "eve"}) is None
    assert caplog.messages == ["Sign-in failed: eve from no request"]


def test_a_name_stands_for_one_authenticator() -> None:
    register_authenticator("badge", ByBadge)
    with pytest.raises(ValueError, match="badge"):
        register_authenticator("badge", type("Other", (ByBadge,), {}))
    with pytest.raises(LookupError, match="db"):
        make_authenticator("ldap", object())
