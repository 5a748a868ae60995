"""Digests that tie a session to the person, the password and the stamp that it was opened with."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from typing import Any

_PURPOSE = "appbuilder_lite session"


def session_digest(secret: str | bytes, key: Any, stamp: str | None, password_hash: str | None) -> str:
    """64 hexadecimal digits that change with each of the arguments.

    HMAC-SHA256 (RFC 2104). Compare with `hmac.compare_digest`.
    """
    return _digest(secret, [_PURPOSE, str(key), stamp, password_hash])


def person_digest(secret: str | bytes, key: Any) -> str:
    """16 hexadecimal digits that tell one person's things in a browser from another's, and nothing else of them."""
    return _digest(secret, ["appbuilder_lite person", str(key)])[:16]


def value_digest(secret: str | bytes, text: str) -> str:
    """16 hexadecimal digits that change with the text, and tell nothing of it to who does not have the secret."""
    return _digest(secret, ["appbuilder_lite value", text])[:16]


def _digest(secret: str | bytes, parts: list[str | None]) -> str:
    # JSON keeps the parts apart: ("1", "23") and ("12", "3") must differ, and None must differ from "".
    secret_bytes = secret.encode() if isinstance(secret, str) else secret
    return hmac.new(secret_bytes, json.dumps(parts).encode(), hashlib.sha256).hexdigest()


def new_stamp() -> str:
    """A random text of 32 hexadecimal digits."""
    return secrets.token_hex(16)
