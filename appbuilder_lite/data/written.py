"""Values as texts, to see whether one is still the same: whenever it is read, by whichever process."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

_PLAIN = (bool, int, float, Decimal, timedelta, UUID)


def written(value: Any) -> str | None:
    """A text that is the same for the same value and another for another; None where a value tells nothing of itself.

    Of a text the kind of its line ends does not count, as browsers change it.
    """
    try:
        return json.dumps(_parts(value), sort_keys=True)
    except (TypeError, ValueError, RecursionError):
        return None


def _moment(value: datetime) -> datetime:
    """The same moment in UTC, where it has a zone and UTC has room for it."""
    try:
        return value if value.tzinfo is None else value.astimezone(UTC)
    except OverflowError:
        return value


def _parts(value: Any) -> Any:
    """A value as JSON can hold it, with its type; raises TypeError for one that JSON cannot hold."""
    kind = type(value).__name__
    if value is None:
        return None
    if isinstance(value, Enum):
        return [kind, value.name]
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, datetime):
        return [kind, _moment(value).isoformat()]
    if isinstance(value, (date, time)):
        return [kind, value.isoformat()]
    if isinstance(value, _PLAIN):
        return [kind, str(value)]
    if isinstance(value, (bytes, bytearray, memoryview)):
        return ["bytes", bytes(value).hex()]
    if isinstance(value, Mapping):
        return {str(key): _parts(inner) for key, inner in value.items()}
    if isinstance(value, (set, frozenset)):
        return [kind, *sorted(json.dumps(_parts(inner)) for inner in value)]
    if isinstance(value, Sequence):
        return ["list", *map(_parts, value)]
    raise TypeError(f"{kind} cannot be written")
