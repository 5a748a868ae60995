"""Passwords: hashed, checked in a time that tells nothing, and refused where they are easy to guess."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from werkzeug.security import check_password_hash, generate_password_hash

from appbuilder_lite.settings import Settings
from appbuilder_lite.text import gettext, has_lone_surrogate, ngettext

DEFAULT_METHOD = "scrypt:32768:8:1"
"""OWASP's parameters for scrypt: N=2^15, r=8, p=1 (Password Storage Cheat Sheet), which is Werkzeug's default."""
LONGEST = 1024
"""Characters of a password; more would only serve to keep the server busy."""

_HASH = re.compile(
    r"(?P<family>scrypt|pbkdf2):(?P<parameters>[a-z0-9:]+)\$(?P<salt>[^$]+)\$(?P<digest>[0-9a-f]{32,})", re.ASCII
)
_SALT_LENGTH = 16
_SIMILAR_FROM = 4


def hash_password(password: str, method: str = DEFAULT_METHOD) -> str:
    """A salted hash by one of Werkzeug's methods. Raises ValueError for a password that cannot be kept."""
    if not _is_hashable(password):
        raise ValueError("a password has 1 to 1024 characters, all of them Unicode")
    return generate_password_hash(password, method, _SALT_LENGTH)


def is_usable(stored: str | None) -> bool:
    """Whether a password can match this at all: None, "", "!" and anything that is no hash cannot."""
    return stored is not None and _HASH.fullmatch(stored) is not None


def check_password(stored: str | None, password: str, method: str = DEFAULT_METHOD) -> bool:
    """Whether a password has this hash; an unusable hash costs as much time as a wrong password."""
    if stored is None or not is_usable(stored) or not _is_hashable(password):
        return spend_time(password, method)
    try:
        return check_password_hash(stored, password)
    except (ValueError, MemoryError):
        # Parameters that the method does not have, or more memory than there is.
        return spend_time(password, method)


def spend_time(password: str, method: str = DEFAULT_METHOD) -> bool:
    """Take the time of one check, for a user who does not exist or may not sign in; always False."""
    if not _is_hashable(password):
        password = "-"
    check_password_hash(_dummy(method), password)
    return False


def needs_upgrade(stored: str, method: str = DEFAULT_METHOD) -> bool:
    """Whether a hash is weaker than new ones are: another family, less work, or a shorter salt."""
    match = _HASH.fullmatch(stored)
    if match is None:
        return False
    family, wanted = _work(f"{match['family']}:{match['parameters']}"), _work(method)
    return family[0] != wanted[0] or family[1] < wanted[1] or len(match["salt"]) < _SALT_LENGTH


def password_problem(password: str, settings: Settings, *, similar_to: Sequence[str] = ()) -> str | None:
    """Why a new password is not taken, in words for the person; None where it is.

    `similar_to` are words that it may not be, or be made of: the user's name and address.
    """
    if len(password) < settings.password_min_length:
        return ngettext(
            "A password has at least %(num)s character.",
            "A password has at least %(num)s characters.",
            settings.password_min_length,
        )
    if len(password) > LONGEST:
        return gettext("A password has at most %(longest)s characters.", longest=LONGEST)
    if not _is_hashable(password):
        return gettext("This password holds characters that cannot be kept.")
    if is_common(password):
        return gettext("This password is one of the first that an attacker tries. Take another one.")
    if any(_is_like(password, word) for word in similar_to):
        return gettext("This password is too much like your name or address. Take another one.")
    return None


def is_common(password: str) -> bool:
    """Whether a password is one of the commonest, whatever its case."""
    return password.casefold().strip() in _common() or len(set(password)) == 1


def _is_like(password: str, word: str) -> bool:
    """Whether a password is a name, or a name with a few characters more; an address counts by each of its parts."""
    typed = password.casefold()
    parts = [word, *re.split(r"[@.\s_+-]+", word)]
    names = [part.casefold() for part in parts if len(part) >= _SIMILAR_FROM]
    return any(name in typed and len(typed) - len(name) < _SIMILAR_FROM for name in names)


@cache
def _common() -> frozenset[str]:
    text = files("appbuilder_lite.security").joinpath("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


def _is_hashable(password: str) -> bool:
    """Whether a password has UTF-8, and is neither empty nor made to keep the server busy."""
    return 0 < len(password) <= LONGEST and not has_lone_surrogate(password)


def _dummy(method: str) -> str:
    """A hash that no password has. A check computes its own digest, so this one may be made up."""
    return f"{method}${'0' * _SALT_LENGTH}${'0' * 128}"


def _work(method: str) -> tuple[str, int]:
    """The family of a method, digest included, and how much work it is; the defaults are Werkzeug's."""
    family, *parameters = method.split(":")
    if family == "scrypt":
        n, r, p = [int(value) for value in parameters] or [32768, 8, 1]
        return family, n * r * p
    digest, *iterations = parameters or ["sha256"]
    return f"{family}:{digest}", int(iterations[0]) if iterations else 1_000_000
