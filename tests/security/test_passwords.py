"""Passwords: strong hashes, equal work for every failure, and a policy."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.security import check_password_hash, generate_password_hash

from appbuilder_lite.security import passwords
from appbuilder_lite.security.passwords import (
    DEFAULT_METHOD,
    check_password,
    hash_password,
    is_common,
    is_usable,
    needs_upgrade,
    password_problem,
    spend_time,
)
from appbuilder_lite.settings import Settings

FAST = "scrypt:1024:8:1"
UNUSABLE = [None, "", "!", "*", "secret", "$$", "scrypt$salt$00", "md5$salt$00", "scrypt:1024:8:1$$00", "plain$$secret"]
BROKEN = [
    f"scrypt:3:8:1$salt${'0' * 128}",
    f"scrypt:1024:8$salt${'0' * 128}",
    f"scrypt:{2**40}:8:1$salt${'0' * 128}",
    f"pbkdf2:nosuch:1$salt${'0' * 64}",
]


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hashes that Werkzeug is asked about."""
    seen: list[str] = []

    def spy(stored: str, password: str) -> bool:
        seen.append(stored)
        return check_password_hash(stored, password)

    monkeypatch.setattr(passwords, "check_password_hash", spy)
    return seen


def test_a_password_matches_its_hash_and_no_other() -> None:
    stored = hash_password("correct horse", FAST)
    assert check_password(stored, "correct horse", FAST)
    assert not check_password(stored, "Correct horse", FAST)
    assert not check_password(stored, "correct horse ", FAST)


def test_the_default_is_strong_and_salted() -> None:
    first, second = hash_password("correct horse"), hash_password("correct horse")
    assert first.startswith("scrypt:32768:8:1$")
    assert first != second
    assert len(first) <= 256, "fits the column"


@settings(deadline=None, max_examples=40)
@given(st.text(min_size=1, max_size=1024))
def test_every_text_is_taken_exactly(password: str) -> None:
    try:
        stored = hash_password(password, FAST)
    except ValueError:
        assert any("\ud800" <= letter <= "\udfff" for letter in password)
    else:
        assert check_password(stored, password, FAST)


@pytest.mark.parametrize("password", ["", "x" * 1025, "\ud800"])
def test_what_cannot_be_kept_is_refused(password: str) -> None:
    with pytest.raises(ValueError, match="1 to 1024"):
        hash_password(password, FAST)


@pytest.mark.parametrize("stored", [*UNUSABLE, *BROKEN])
@pytest.mark.parametrize("password", ["secret", "", "!", "\ud800", "x" * 2000])
def test_an_unusable_hash_matches_nothing_and_costs_one_check(
    stored: str | None, password: str, checks: list[str]
) -> None:
    assert check_password(stored, password, FAST) is False
    assert checks[-1] == passwords._dummy(FAST)
    assert [hash_ for hash_ in checks[:-1] if hash_ not in BROKEN] == []


@pytest.mark.parametrize("stored", UNUSABLE)
def test_unusable_hashes_are_known(stored: str | None) -> None:
    assert not is_usable(stored)


@pytest.mark.parametrize("method", [FAST, "pbkdf2:sha256:1", "scrypt"])
def test_hashes_of_werkzeug_are_usable(method: str) -> None:
    assert is_usable(generate_password_hash("x", method))


@pytest.mark.parametrize("password", ["secret", "", "\ud800", "x" * 5000])
def test_time_for_an_unknown_user_is_one_check_by_the_same_method(password: str, checks: list[str]) -> None:
    assert spend_time(password) is False
    (stored,) = checks
    assert stored.startswith(f"{DEFAULT_METHOD}$")


@pytest.mark.parametrize(
    ("stored_method", "method", "weaker"),
    [
        (FAST, FAST, False),
        ("scrypt:1024:8:1", "scrypt:2048:8:1", True),
        ("scrypt:2048:8:1", "scrypt:1024:8:1", False),
        ("pbkdf2:sha256:10", FAST, True),
        ("pbkdf2:sha256:10", "pbkdf2:sha256:20", True),
        ("pbkdf2:sha256:20", "pbkdf2:sha256:20", False),
        ("pbkdf2:sha1:20", "pbkdf2:sha256:20", True),
        ("pbkdf2:sha256:10", "pbkdf2", True),
        (FAST, "scrypt", True),
        ("scrypt", "scrypt:32768:8:1", False),
    ],
)
def test_weaker_hashes_are_told(stored_method: str, method: str, weaker: bool) -> None:
    assert needs_upgrade(generate_password_hash("x", stored_method), method) is weaker


def test_a_short_salt_is_weaker() -> None:
    assert needs_upgrade(generate_password_hash("x", FAST, 8), FAST)


def test_what_is_no_hash_cannot_be_upgraded() -> None:
    assert not needs_upgrade("!", FAST)


def _settings(**values: Any) -> Settings:
    return Settings(**values)


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "at least 8 characters"),
        ("x" * 1025, "at most 1024"),
        ("password123", "an attacker tries"),
        ("PassWord123", "an attacker tries"),
        ("aaaaaaaaaaaa", "an attacker tries"),
        ("1234567890", "an attacker tries"),
        ("margarethe", "too much like"),
        ("Margarethe12", "too much like"),
        ("margarethe@example.com", "too much like"),
        ("long enough \ud800", "cannot be kept"),
    ],
)
def test_a_bad_password_is_refused_in_words(password: str, words: str) -> None:
    problem = password_problem(password, _settings(), similar_to=["margarethe@example.com", "Ann"])
    assert problem is not None
    assert words in problem


@pytest.mark.parametrize(
    "password", ["correct horse battery", "p" * 8 + "äöü€ 🙂", "Ann likes her tea hot", "x y" * 300]
)
def test_a_good_password_is_taken(password: str) -> None:
    assert password_problem(password, _settings(), similar_to=["margarethe@example.com", "Ann", ""]) is None


def test_the_fewest_characters_are_a_setting() -> None:
    assert password_problem("tangerine dream", _settings(password_min_length=16)) is not None
    assert password_problem("u7#kz", _settings(password_min_length=5)) is None


def test_the_commonest_are_known() -> None:
    for password in ("12345678", "qwertyuiop", "iloveyou", "letmein1", "football", "Passw0rd", "1q2w3e4r"):
        assert is_common(password), password
    assert len(passwords._common()) >= 1000
