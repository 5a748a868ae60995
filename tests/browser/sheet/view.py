"""The samples: blocks of the real templates, given the values of `tests.web.gallery`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template, url_for

from appbuilder_lite import BaseView, expose, public
from appbuilder_lite.web.pages import ListPage
from tests.web import gallery, rendered

THEMES = ("light", "dark")
MOST_ROWS = 4
IDS = re.compile(
    r'(?<=[ \n])(id|for|form|list|popovertarget|commandfor|aria-labelledby|aria-describedby|aria-controls)="([^"]+)"'
)
"""Attributes that name elements of their page, by one or more ids."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A part of a page, and its HTML by theme."""

    title: str
    html: Mapping[str, str]


class ComponentsView(BaseView):
    """The page; for developers of the stylesheet, so anybody may open it."""

    route_base = "/components"
    default_view = "components"

    @expose("/")
    @public
    def components(self) -> str:
        """Every component, then the content of every page of the gallery."""
        icons = url_for(f"{self.state.blueprint_name}.static", filename="icons.svg")
        pieces = render_template("pieces.html", icons=icons)
        return self.render_template("components.html", samples=[both("Pieces", pieces), *samples(icons)])


def samples(icons: str) -> Iterator[Sample]:
    """Parts of the frame, and the content of all pages of the gallery; `icons` is the address of the sprite."""
    frame = given({"flashes": gallery.FLASHES}, icons)
    yield both("Messages", rendered.render_block("layout.html", "flashes", **frame))
    yield both("Menu of the person", opened(rendered.render_block("layout.html", "user", **frame)))
    pages = {
        name: rendered.render_content(file, **given(values, icons)) for name, (file, values) in gallery.PAGES.items()
    }
    for name, html in pages.items():
        yield both(name, html)
    yield both("list with its popovers open", opened(pages["list-actions"]))


def given(values: Mapping[str, Any], icons: str) -> dict[str, Any]:
    """The values of a page, with the icons of the running app and no more rows than show how they look."""
    shell = values.get("shell", gallery.SHELL)
    page = values.get("page")
    short = {"page": replace(page, rows=page.rows[:MOST_ROWS])} if isinstance(page, ListPage) else {}
    return {**values, **short, "icons": icons, "shell": replace(shell, look=replace(shell.look, icons=icons, logo=""))}


def both(title: str, html: str) -> Sample:
    """A part in each theme, its first row ticked, the focus left where it is, and without the scripts of its page."""
    name = title.replace(" ", "-").lower()
    still = re.sub(r"(?<=[ \n])autofocus(?=[ >])|<script[^>]*></script>", "", html)
    shown = still.replace('name="rowid"', 'name="rowid" checked', 1)
    return Sample(title, {theme: renamed(shown, f"{name}-{theme}") for theme in THEMES})


def opened(html: str) -> str:
    """The HTML with what opens over the page in its place there."""
    return re.sub(r"(?<=[ \n])popover(?=[ >])", "", html)


def renamed(html: str, suffix: str) -> str:
    """The HTML with ids of its own, so that it can stand on a page twice."""

    def with_suffix(found: re.Match[str]) -> str:
        return f'{found[1]}="{" ".join(f"{name}-{suffix}" for name in found[2].split())}"'

    return re.sub(r'href="#([^"]+)"', rf'href="#\1-{suffix}"', IDS.sub(with_suffix, html))
