"""One way to read and write users, whatever their class calls things."""

import uuid
from typing import Any

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Boolean, Integer, SmallInteger, String, Uuid, func, select
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import mapped_column, synonym
from werkzeug.security import check_password_hash, generate_password_hash

from appbuilder_lite.errors import Rejected
from appbuilder_lite.security import passwords
from appbuilder_lite.security.mixins import UserMixin
from appbuilder_lite.security.models import build_models
from appbuilder_lite.security.user_adapter import CANDIDATES, UserAdapter

FAST = "scrypt:1024:8:1"


def _model(key: Any = Integer, **parts: Any) -> type[Any]:
    db: Any = SQLAlchemy()
    names = {"__tablename__": "person", "number": mapped_column(key, primary_key=True), **parts}
    return type("Person", (db.Model,), names)


def _adapter(model: type[Any], **attributes: str | None) -> UserAdapter:
    return UserAdapter(model, attributes, hash_method=FAST)


def _account() -> type[Any]:
    """A class as apps have them: sign-in by e-mail, own names, own password methods, a property `is_active`."""

    def set_password(self: Any, password: str) -> None:
        self.password_hash = generate_password_hash(password, FAST)

    def check_password(self: Any, password: str) -> bool:
        return check_password_hash(self.password_hash, password)

    return _model(
        Uuid,
        email=mapped_column(String(254)),
        full_name=mapped_column(String(100)),
        password_hash=mapped_column(String(255)),
        is_enabled=mapped_column(Boolean),
        is_active=property(lambda self: self.is_enabled),
        set_password=set_password,
        check_password=check_password,
    )


def test_our_own_user_has_everything() -> None:
    users = _adapter(build_models(SQLAlchemy(), object).user)
    assert {name: users.real_name(name) for name in CANDIDATES} == {name: name for name in CANDIDATES}
    user = users.model(id=3, first_name="Ann", last_name="Lee", active=True)
    assert users.set(user, "username", "ann")
    assert (users.get(user, "username"), users.key(user), users.full_name(user)) == ("ann", 3, "Ann Lee")
    assert users.is_active(user)
    assert users.problems() == ()


def test_a_host_class_is_found_by_its_names() -> None:
    users = _adapter(_account())
    assert {name: real for name, real in users.names.items() if real} == {
        "email": "email",
        "password": "password_hash",
    }
    assert users.problems() == ()


def test_given_names_beat_found_ones() -> None:
    users = _adapter(_account(), username="email", email=None, active="is_enabled")
    person = users.model(email="ann@example.com", is_enabled=False)
    assert users.get(person, "username") == "ann@example.com"
    assert not users.has("email")
    assert not users.is_active(person)
    assert users.set(person, "active", True)
    assert person.is_enabled is True


def test_what_a_class_lacks_reads_as_nothing_and_takes_nothing() -> None:
    users = _adapter(_model())
    person = users.model(number=5)
    for name in CANDIDATES:
        assert not users.has(name)
        assert users.column(name) is None
        assert users.get(person, name) is None
        assert users.set(person, name, "x") is False
    assert users.is_active(person)
    assert users.full_name(person) == "5"
    assert users.password_hash(person) is None


def test_an_active_property_is_read_but_is_no_column() -> None:
    users = _adapter(_account())
    assert [users.is_active(users.model(is_enabled=value)) for value in (True, False, None)] == [True, False, False]
    assert not users.has("active")
    assert users.set(users.model(), "active", False) is False


def test_a_method_that_says_active_is_asked() -> None:
    users = _adapter(_model(is_active=lambda _self: False))
    assert not users.is_active(users.model())


def test_a_column_is_given_as_sql_takes_it() -> None:
    model = _model(
        login=mapped_column("login_name", String(20)),
        mail=mapped_column(String(20)),
        email=synonym("mail"),
        active=hybrid_property(lambda self: self.number > 0),
    )
    users = _adapter(model)
    statement = str(select(users.column("username")).where(users.column("email") == "x", users.column("active")))
    assert "SELECT person.login_name" in statement
    assert "person.mail =" in statement
    assert "person.number >" in statement
    assert users.set(model(), "active", True) is False, "a hybrid without a setter"


def test_a_name_has_changed_with_the_column_that_it_stands_for() -> None:
    def lower(owner: Any) -> Any:
        return func.lower(owner.mail)

    model = _model(
        login=mapped_column("login_name", String(20)),
        mail=mapped_column(String(20)),
        username=synonym("login"),
        email=hybrid_property(lower),
    )
    users = _adapter(model)
    named, addressed = model(login="ann"), model(mail="ann@example.com")
    assert [users.has_changed(user, "username") for user in (named, addressed, model())] == [True, False, False]
    assert users.has_changed(addressed, "email")
    assert not users.has_changed(model(), "email")
    assert not users.has_changed(named, "first_name")


@pytest.mark.parametrize(
    ("extra", "name"),
    [
        ({}, "5"),
        ({"username": "ann"}, "ann"),
        ({"username": "ann", "first_name": "Ann"}, "Ann"),
        ({"last_name": "Lee", "first_name": "Ann"}, "Ann Lee"),
        ({"email": "ann@example.com"}, "ann@example.com"),
    ],
)
def test_a_user_is_called_by_the_best_name_there_is(extra: dict[str, str], name: str) -> None:
    columns = {key: mapped_column(String(30)) for key in ("username", "email", "first_name", "last_name")}
    users = _adapter(_model(**columns))
    assert users.full_name(users.model(number=5, **extra)) == name


def test_a_full_name_of_the_class_is_used() -> None:
    users = _adapter(_account())
    assert users.full_name(users.model(full_name="Ann Lee", email="x")) == "Ann Lee"


def test_a_password_is_hashed_where_the_class_has_no_method() -> None:
    users = _adapter(_model(password_hash=mapped_column(String(256))))
    person = users.model()
    users.set_password(person, "correct horse")
    assert person.password_hash.startswith("scrypt:1024:8:1$")
    assert users.verify_password(person, "correct horse")
    assert not users.verify_password(person, "wrong")
    assert not users.needs_upgrade(person)
    person.password_hash = generate_password_hash("correct horse", "pbkdf2:sha256:1")
    assert users.needs_upgrade(person)


def test_the_methods_of_the_class_come_first() -> None:
    users = _adapter(_account())
    person = users.model()
    users.set_password(person, "correct horse")
    assert users.password_hash(person) == person.password_hash
    assert users.verify_password(person, "correct horse")
    assert not users.verify_password(person, "wrong")
    person.password_hash = generate_password_hash("correct horse", "pbkdf2:sha256:1")
    assert not users.needs_upgrade(person), "its hashes are its own"


@pytest.mark.parametrize("stored", [None, "", "!", "!locked", "*", "nonsense", "scrypt:3:8:1$salt$00"])
@pytest.mark.parametrize("make", [_account, lambda: _model(password_hash=mapped_column(String(256)))])
def test_an_unusable_hash_lets_nobody_in(make: Any, stored: str | None) -> None:
    users = _adapter(make())
    person = users.model(password_hash=stored)
    for password in ("", "!", "nonsense", "x", "\ud800"):
        assert users.verify_password(person, password) is False


@pytest.mark.parametrize("stored", [None, "", "!", "scrypt:3:8:1$salt$00"])
def test_an_unusable_hash_costs_one_check(monkeypatch: pytest.MonkeyPatch, stored: str | None) -> None:
    spent: list[str] = []

    def spend(password: str, _method: str) -> bool:
        spent.append(password)
        return False

    monkeypatch.setattr(passwords, "spend_time", spend)
    users = _adapter(_account())
    users.verify_password(users.model(password_hash=stored), "x")
    assert spent == ["x"]


def test_a_write_only_password_is_not_read() -> None:
    def refuse(_self: Any) -> str:
        raise AttributeError("write only")

    def keep(self: Any, value: str) -> None:
        self.password_hash = generate_password_hash(value, FAST)

    users = _adapter(_model(password=property(refuse, keep), password_hash=mapped_column(String(256))))
    person = users.model()
    users.set_password(person, "correct horse")
    assert users.verify_password(person, "correct horse")


def test_a_class_without_passwords_says_so() -> None:
    users = _adapter(_model(email=mapped_column(String(20))))
    person = users.model()
    assert not users.can_verify
    assert users.verify_password(person, "x") is False
    with pytest.raises(Rejected, match="not kept here"):
        users.set_password(person, "correct horse")


@pytest.mark.parametrize("make", [_account, lambda: _model(password=mapped_column(String(256)))])
def test_a_password_that_cannot_be_kept_is_rejected(make: Any) -> None:
    users = _adapter(make())
    with pytest.raises(Rejected, match="cannot be kept"):
        users.set_password(users.model(), "\ud800")


KEY = uuid.UUID(int=7)


@pytest.mark.parametrize(
    ("kind", "text", "key"),
    [
        (Integer, "7", 7),
        (Integer, "-7", -7),
        (Integer, "x", None),
        (Integer, "", None),
        (Integer, "\u0667", None),
        (Integer, str(2**31), None),
        (Integer, "9" * 5000, None),
        (BigInteger, str(2**31), 2**31),
        (BigInteger, str(2**63), None),
        (SmallInteger, "40000", None),
        (Uuid, str(KEY), KEY),
        (Uuid, "7", None),
        (String(5), "ann", "ann"),
        (String(5), "a\0n", None),
        (String(5), "\ud800", None),
    ],
)
def test_a_key_is_read_from_its_text(kind: Any, text: str, key: Any) -> None:
    assert _adapter(_model(kind)).parse_key(text) == key


def test_unknown_names_are_told_with_the_nearest() -> None:
    users = _adapter(_account(), usernam="email", active="is_enabld")
    first, second = users.problems()
    assert (first.id, second.id) == ("AB302", "AB302")
    assert "did you mean 'username'?" in first.fix
    assert "did you mean 'is_enabled'?" in second.fix
    assert not users.has("active")


def test_a_class_without_names_cannot_sign_in_by_our_page() -> None:
    users = _adapter(_model())
    assert [(problem.id, problem.warning) for problem in users.problems()] == [("AB301", False), ("AB309", True)]
    assert users.problems(own_sign_in=False) == ()


def test_a_class_on_our_mixin_may_have_own_password_methods() -> None:
    db: Any = SQLAlchemy()
    model = type(
        "Member",
        (UserMixin, db.Model),
        {"__tablename__": "member", "check_password": lambda _self, password: password == "by the host"},
    )
    users = _adapter(model)
    assert users.verify_password(model(password="x"), "by the host")
    assert not users.verify_password(model(password="!"), "by the host")
