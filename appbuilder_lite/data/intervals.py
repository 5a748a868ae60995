"""Lengths of time as texts: `1d 2h 3m 4.5s`, the same in every language."""

from __future__ import annotations

import re
from datetime import timedelta

_SECOND = 10**6
_UNITS = (("d", 86400 * _SECOND), ("h", 3600 * _SECOND), ("m", 60 * _SECOND))
_SECONDS = r"([0-9]{1,12})(?:\.([0-9]{1,6}))?"
_WORDS = re.compile(rf"(-?)\s*(?:([0-9]{{1,9}})d)?\s*(?:([0-9]{{1,9}})h)?\s*(?:([0-9]{{1,9}})m)?\s*(?:{_SECONDS}s)?")
_CLOCK = re.compile(rf"(-?)\s*(?:([0-9]{{1,9}})d\s+)?([0-9]{{1,9}}):([0-9]{{2}})(?::{_SECONDS})?")


def interval_text(value: timedelta) -> str:
    """Days, hours, minutes and seconds, without those that are zero; a minus in front counts for all of them.

    Example: `interval_text(timedelta(minutes=-90))` is `"-1h 30m"`.
    """
    rest, parts = abs(value) // timedelta(microseconds=1), []
    for unit, size in _UNITS:
        count, rest = divmod(rest, size)
        parts += [f"{count}{unit}"] if count else []
    seconds, fraction = divmod(rest, _SECOND)
    if rest or not parts:
        parts.append(f"{seconds}.{fraction:06}".rstrip("0") + "s" if fraction else f"{seconds}s")
    return f"{'-' if value < timedelta(0) else ''}{' '.join(parts)}"


def parse_interval(text: str) -> timedelta:
    """The value of such a text, or of one like `26:30` or `1d 02:30:00.5`, to the microsecond.

    Raises `ValueError` for any other text, and `OverflowError` for what is longer than Python can hold.
    """
    text = text.strip()
    match = _WORDS.fullmatch(text) or _CLOCK.fullmatch(text)
    if match is None or not any(match.groups()[1:]):
        raise ValueError(text)
    sign, days, hours, minutes, seconds, fraction = match.groups()
    value = timedelta(
        days=int(days or 0),
        hours=int(hours or 0),
        minutes=int(minutes or 0),
        seconds=int(seconds or 0),
        microseconds=int((fraction or "").ljust(6, "0")),
    )
    return -value if sign else value
