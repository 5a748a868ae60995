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
    # JSON keeps the parts apart: ("1", "23") and ("12", "3") must differ, and None must differ from "".
    message = json.dumps([_PURPOSE, str(key), stamp, password_hash])
    secret_bytes = secret.encode() if isinstance(secret, str) else secret
    return hmac.new(secret_bytes, message.encode(), hashlib.sha256).hexdigest()


def new_stamp() -> str:
    """A random text of 32 hexadecimal digits."""
    return secrets.token_hex(16)
