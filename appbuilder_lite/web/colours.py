"""Colours as `#rrggbb`: mixing them, and what can be read on what.

Luminance and contrast as WCAG 2.2 defines them: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_STEPS = 50


def parse(text: str) -> str | None:
    """A colour as `#rrggbb` in small letters, from that or from `#rgb`; None for anything else."""
    if not _HEX.fullmatch(text):
        return None
    digits = text[1:].lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours, from 1 (the same) to 21 (black and white)."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def mix(colour: str, other: str, share: float) -> str:
    """A colour with a `share` (0 to 1) of another one in it."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)


def readable(colour: str, towards: str, backgrounds: Iterable[str], ratio: float) -> str:
    """The colour nearest to `colour`, on the way `towards` another, that has `ratio` on every background.

    `towards` itself where nothing before it has.
    """
    surfaces = tuple(backgrounds)
    for step in range(_STEPS):
        candidate = mix(colour, towards, step / _STEPS)
        if all(contrast(candidate, surface) >= ratio for surface in surfaces):
            return candidate
    return towards


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
