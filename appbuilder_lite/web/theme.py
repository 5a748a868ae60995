"""A host's colours and shapes: `APPBUILDER_THEME` read, and written as the few tokens of `theme.css`."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from appbuilder_lite.errors import Problem
from appbuilder_lite.settings import Settings
from appbuilder_lite.web.colours import contrast, mix, parse, readable

DENSITIES = ("comfortable", "compact")
WIDEST_RADIUS = 24
_WHERE = "app.config['APPBUILDER_THEME']"
_TEXT_RATIO, _SHAPE_RATIO = 4.5, 3.0
# The surfaces of tokens.css that the accent is read on: plain, page, hover and raised.
_LIGHT_SURFACES = ("#ffffff", "#f6f7f9", "#f1f3f6")
_DARK_SURFACES = ("#191d23", "#111418", "#21262e", "#20252c")
_BLACK, _WHITE = "#000000", "#ffffff"


@dataclass(frozen=True, slots=True)
class Theme:
    """What a host sets of the look; None keeps ours.

    `accent` is the colour (`#rrggbb`) of the primary button, the current page, selection and focus, `radius` the
    roundness of controls in pixels (0 to 24), `density` the height of rows, `brand` the text of the header,
    `logo` the address of a picture beside it, or a file of the app's `static` folder.
    """

    accent: str | None = None
    radius: int | None = None
    density: str = "comfortable"
    brand: str | None = None
    logo: str | None = None


def read_theme(values: Mapping[str, Any]) -> tuple[Theme, tuple[Problem, ...]]:
    """The theme of the setting `APPBUILDER_THEME`, and every problem found in it."""
    problems: list[Problem] = []
    read: dict[str, Any] = {}
    for key, value in values.items():
        if key not in _READERS:
            problems.append(_unknown(key))
            continue
        reader, due = _READERS[key]
        read[key] = reader(value)
        if read[key] is None:
            problems.append(Problem("AB408", f"{_WHERE}[{key!r}]", f"{value!r} cannot be used", f"give it {due}"))
            del read[key]
    return Theme(**read), tuple(problems)


def _unknown(key: str) -> Problem:
    near = difflib.get_close_matches(str(key), _READERS, n=1)
    fix = f"did you mean {near[0]}?" if near else f"use one of {', '.join(_READERS)}"
    return Problem("AB408", f"{_WHERE}[{key!r}]", f"{key!r} is no part of the theme", fix)


def _colour(value: Any) -> str | None:
    return parse(value) if isinstance(value, str) else None


def _radius(value: Any) -> int | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and 0 <= value <= WIDEST_RADIUS else None


def _density(value: Any) -> str | None:
    return value if value in DENSITIES else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


_READERS: Mapping[str, tuple[Callable[[Any], Any], str]] = MappingProxyType(
    {
        "accent": (_colour, 'a colour as "#3b5bdb" or "#35d"'),
        "radius": (_radius, f"a whole number of pixels from 0 to {WIDEST_RADIUS}"),
        "density": (_density, 'one of "comfortable", "compact"'),
        "brand": (_text, 'the words of the header, as "Corner & Co."'),
        "logo": (_text, 'an address, or a file of the static folder, as "logo.svg"'),
    }
)


def is_address(name: str) -> bool:
    """Whether a logo, stylesheet or script is given by its address, and not as a file of the `static` folder."""
    return name.startswith("/") or "://" in name


def missing_files(static_folder: str | None, settings: Settings) -> Iterator[Problem]:
    """The files that a setting names and the app's `static` folder does not have."""
    named = {
        "STYLESHEETS": settings.stylesheets,
        "SCRIPTS": settings.scripts,
        "THEME": tuple(value for key, value in settings.theme.items() if key == "logo"),
    }
    for key, names in named.items():
        for name in names:
            if isinstance(name, str) and not is_address(name) and not _is_file(static_folder, name):
                where = f"app.config['APPBUILDER_{key}']"
                fault = f"there is no file {name!r} in the app's static folder"
                yield Problem("AB409", where, fault, 'put it there, or give its address, as "/assets/admin.css"')


def _is_file(folder: str | None, name: str) -> bool:
    return folder is not None and Path(folder, name).is_file()


def theme_css(theme: Theme) -> str:
    """The stylesheet of a theme; an empty text where ours is not changed.

    Whatever accent is chosen, texts and focus rings in it can be read: they are darkened or lightened until they
    have the contrast that WCAG 2.2 asks for (4.5 for texts, 3 for shapes).
    """
    tokens = dict(_tokens(theme))
    if not tokens:
        return ""
    lines = "".join(f"  --ab-{name}: {value};\n" for name, value in tokens.items())
    return f"@layer theme {{\n.ab {{\n{lines}}}\n}}\n"


def _tokens(theme: Theme) -> Iterator[tuple[str, str]]:
    if theme.accent is not None:
        yield from _accent_tokens(theme.accent)
    if theme.radius is not None:
        yield "radius", f"{theme.radius}px"
        yield "radius-card", f"{theme.radius + 2 if theme.radius else 0}px"


def _accent_tokens(accent: str) -> Iterator[tuple[str, str]]:
    ink = _WHITE if contrast(accent, _WHITE) >= _TEXT_RATIO else _BLACK
    tint, shade = mix(accent, _WHITE, 0.88), mix(accent, _DARK_SURFACES[0], 0.8)
    yield "accent", accent
    yield "accent-hover", mix(accent, _BLACK if ink == _WHITE else _WHITE, 0.14)
    yield "accent-ink", ink
    yield "accent-bg", f"light-dark({tint}, {shade})"
    yield "link", _both(accent, (*_LIGHT_SURFACES, tint), (*_DARK_SURFACES, shade), _TEXT_RATIO)
    yield "focus", _both(accent, _LIGHT_SURFACES, _DARK_SURFACES, _SHAPE_RATIO)


def _both(accent: str, light: tuple[str, ...], dark: tuple[str, ...], ratio: float) -> str:
    return f"light-dark({readable(accent, _BLACK, light, ratio)}, {readable(accent, _WHITE, dark, ratio)})"
