"""A password's hash never comes to a log, whatever the database refuses."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from werkzeug.security import generate_password_hash

from appbuilder_lite.data.sqla_model import SQLAInterface
from appbuilder_lite.errors import WriteFailed
from appbuilder_lite.security.manager import BaseSecurityManager
from tests.security.managers import add_user

PASSWORD = "correct horse battery staple"
NEW = "another long secret"
WEAK = generate_password_hash(PASSWORD, "pbkdf2:sha256:1000")
CHECK = "ALTER TABLE ab_user ADD CONSTRAINT no_more CHECK (password = '{kept}')"
TRIGGERS = (
    "CREATE TRIGGER no_update BEFORE UPDATE OF password ON ab_user "
    "BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed'); END",
    "CREATE TRIGGER no_insert BEFORE INSERT ON ab_user BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed'); END",
)

Write = Callable[[BaseSecurityManager, Any], object]


def add_another(manager: BaseSecurityManager, _alice: Any) -> None:
    add_user(manager, "bob", password=PASSWORD)


def by_a_form(manager: BaseSecurityManager, alice: Any) -> None:
    datamodel = SQLAInterface(manager.models.user).bind(manager.session)
    with datamodel.savepoint():
        alice.password = generate_password_hash(PASSWORD)
        datamodel.flush()


WRITES: list[Write] = [
    lambda manager, alice: manager.reset_password(alice.id, NEW),
    lambda manager, alice: manager.auth_user_db("alice", PASSWORD),
    add_another,
    by_a_form,
]


@pytest.fixture
def alice(manager: BaseSecurityManager) -> Any:
    alice = add_user(manager, "alice", hashed_password=WEAK)
    assert alice.id
    manager.session.commit()
    return alice


def engine_of(manager: BaseSecurityManager) -> Engine:
    engine = manager.session.get_bind(**manager.bind)
    assert isinstance(engine, Engine)
    return engine


def told(error: BaseException, logged: str) -> str:
    """What a log shows of an error that nobody caught, with what was logged before."""
    return logged + "".join(traceback.format_exception(error))


def assert_no_hash(text: str) -> None:
    for secret in ("scrypt:", "pbkdf2:", PASSWORD, NEW):
        assert secret not in text


@pytest.mark.parametrize("write", WRITES)
def test_a_constraint_that_refuses_a_hash_does_not_tell_it(
    manager: BaseSecurityManager, alice: Any, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    engine = engine_of(manager)
    with engine.begin() as connection:
        for text in TRIGGERS if engine.dialect.name == "sqlite" else [CHECK.format(kept=WEAK)]:
            connection.exec_driver_sql(text)
    with pytest.raises((DBAPIError, WriteFailed, AssertionError)) as raised:
        write(manager, alice)
    assert_no_hash(told(raised.value, caplog.text))


@pytest.mark.parametrize("write", WRITES)
def test_a_database_that_fails_does_not_tell_the_hash(
    manager: BaseSecurityManager, alice: Any, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    def fail(_cursor: Any, statement: str, parameters: Any, context: Any) -> None:
        if statement.startswith(("UPDATE ab_user", "INSERT INTO ab_user")):
            raise context.dialect.dbapi.OperationalError(f"no space left for {parameters}")

    engine = engine_of(manager)
    event.listen(engine, "do_execute", fail)
    with pytest.raises((OperationalError, WriteFailed)) as raised:
        write(manager, alice)
    event.remove(engine, "do_execute", fail)
    assert_no_hash(told(raised.value, caplog.text))
    assert "OperationalError" in told(raised.value, "")


def test_an_error_still_says_what_is_wrong(manager: BaseSecurityManager) -> None:
    def add_twice() -> None:
        with manager.writing(commit=False):
            manager.session.add(manager.models.role(name="Sales"))
            manager.session.add(manager.models.role(name="Sales"))

    with pytest.raises(IntegrityError) as raised:
        add_twice()
    assert "INSERT INTO ab_role" in str(raised.value)
    assert "unique" in str(raised.value).lower() or "Duplicate" in str(raised.value)
    assert raised.value.params is None
