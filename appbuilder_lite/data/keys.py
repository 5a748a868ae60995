"""Primary keys as one URL path segment and back.

A part keeps letters, digits and `-_.@:`; every other byte of its UTF-8 form is `~` and two hexadecimal digits, so that
a key needs no further quoting, no server or browser changes it (`%2F` does not survive WSGI, `..` no browser), and a
comma can stand between the parts. An empty part is `~`, a part that is NULL `~n`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from math import isfinite
from types import MappingProxyType
from typing import Any
from uuid import UUID

from appbuilder_lite.data.types import Column, Kind

SEPARATOR = ","
MAX_LENGTH = 4096

_EMPTY = "~"
_NULL = "~n"
_UNSAFE = re.compile(r"[^A-Za-z0-9_.@:-]|^\.")
_ESCAPED = re.compile(r"((?:~[0-9a-f]{2})+)")
_WHOLE = re.compile(r"-?[0-9]{1,20}")
_DIGITS = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_INT64 = 2**63


class InvalidKey(ValueError):
    """A text that cannot be the key of any record."""


def encode_key(parts: Sequence[Any]) -> str:
    """The URL segment of a key's values, in the order of the model's key columns."""
    if len(parts) == 1 and type(parts[0]) is int:
        return str(parts[0])
    return SEPARATOR.join([_escape(part) for part in parts])


def decode_key(text: str, columns: Sequence[Column]) -> tuple[Any, ...]:
    """The key's values; raises `InvalidKey` for everything that `encode_key` does not write."""
    pieces = text.split(SEPARATOR)
    if len(text) > MAX_LENGTH or len(pieces) != len(columns):
        raise InvalidKey("not a key of this model")
    try:
        values = tuple(_unescape(piece, column) for piece, column in zip(pieces, columns, strict=True))
    except (ValueError, ArithmeticError) as error:
        raise InvalidKey("not a key of this model") from error
    if encode_key(values) != text:
        # Each record has one address: 017, +17 and an upper-case UUID are none.
        raise InvalidKey("not the written form of a key")
    return values


def _escape(part: Any) -> str:
    if part is None:
        return _NULL
    return _UNSAFE.sub(_escape_match, _text(part)) or _EMPTY


def _escape_match(match: re.Match[str]) -> str:
    # A lone surrogate, which no database should hold, must not break the list that shows its row.
    return "".join([f"~{byte:02x}" for byte in match[0].encode("utf-8", "surrogatepass")])


def _text(part: Any) -> str:
    """The part as plain text, by its Python type."""
    if isinstance(part, Enum):
        return part.name
    if isinstance(part, bool):
        return "true" if part else "false"
    if isinstance(part, (date, time)):
        return part.isoformat()
    if isinstance(part, (bytes, bytearray, memoryview)):
        return bytes(part).hex()
    return format(part, "f") if isinstance(part, Decimal) else str(part)


def _unescape(piece: str, column: Column) -> Any:
    if piece == _NULL:
        return None
    text = "" if piece == _EMPTY else _ESCAPED.sub(_unescape_match, piece)
    return _DECODERS.get(column.kind, _decode_text)(text, column)


def _unescape_match(match: re.Match[str]) -> str:
    return bytes.fromhex(match[0].replace("~", "")).decode("utf-8")


def _decode_text(text: str, column: Column) -> str:
    if "\0" in text or (column.max_length is not None and len(text) > column.max_length):
        raise InvalidKey("no value of this column")
    return text


def _decode_integer(text: str, column: Column) -> int:
    lowest = -_INT64 if column.minimum is None else column.minimum
    highest = _INT64 - 1 if column.maximum is None else column.maximum
    if not _WHOLE.fullmatch(text) or not lowest <= int(text) <= highest:
        raise InvalidKey("no number of this column")
    return int(text)


def _decode_decimal(text: str, _column: Column) -> Decimal:
    # An exponent is a few characters, and the number that it stands for may fill all memory when it is written out.
    if not _DIGITS.fullmatch(text):
        raise InvalidKey("no number in digits")
    return Decimal(text)


def _decode_float(text: str, _column: Column) -> float:
    value = float(text)
    if not isfinite(value):
        raise InvalidKey("not finite")
    return value


def _decode_boolean(text: str, _column: Column) -> bool:
    if text not in {"true", "false"}:
        raise InvalidKey("neither true nor false")
    return text == "true"


def _decode_enum(text: str, column: Column) -> Any:
    for value, _label in column.choices:
        if _text(value) == text:
            return value
    raise InvalidKey("not one of the choices")


_DECODERS: Mapping[Kind, Callable[[str, Column], Any]] = MappingProxyType(
    {
        Kind.INTEGER: _decode_integer,
        Kind.NUMERIC: _decode_decimal,
        Kind.FLOAT: _decode_float,
        Kind.BOOLEAN: _decode_boolean,
        Kind.ENUM: _decode_enum,
        Kind.DATE: lambda text, _column: date.fromisoformat(text),
        Kind.TIME: lambda text, _column: time.fromisoformat(text),
        Kind.DATETIME: lambda text, _column: datetime.fromisoformat(text),
        Kind.UUID: lambda text, _column: UUID(text),
        Kind.BINARY: lambda text, _column: bytes.fromhex(text),
    }
)
