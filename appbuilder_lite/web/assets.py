"""Our static files: joined from their parts, compressed once per process, and kept by browsers for ever."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort, request

from appbuilder_lite.web.theme import Theme, theme_css

PACKAGE_FOLDER = Path(__file__).resolve().parent.parent
STATIC_FOLDER = PACKAGE_FOLDER / "static" / "appbuilder_lite"
TEMPLATE_FOLDER = PACKAGE_FOLDER / "templates"
LAYERS = ("reset", "tokens", "base", "components", "utilities", "theme")
STYLES = {
    "reset": "reset",
    "tokens": "tokens",
    "document": "base",
    "base": "base",
    "pieces": "components",
    "shell": "components",
    "index": "components",
    "list": "components",
    "panes": "components",
    "filter": "components",
    "record": "components",
    "form": "components",
    "look_up": "components",
    "inlines": "components",
    "sign_in": "components",
    "actions": "components",
    "matrix": "components",
    "utilities": "utilities",
}
"""The parts of the style in their order, each with its cascade layer; a host's plain CSS wins over all."""
STYLE = "appbuilder.css"
STYLESHEETS = {
    STYLE: frozenset(STYLES) - {"matrix", "panes"},
    "roles.css": frozenset(STYLES) - {"index", "list", "panes", "filter", "sign_in", "actions"},
    "panes.css": frozenset(STYLES) - {"index", "sign_in", "matrix"},
}
"""Each stylesheet with its parts: for every page, for those with a role's permissions, and for a list beside what
belongs to one of its records, or beside a form. A page loads one of them."""
EMBEDDED = {STYLE: "embedded.css", "roles.css": "embedded-roles.css", "panes.css": "embedded-panes.css"}
"""The stylesheet in its place where pages stand in a frame of the host's."""
SCRIPTS = {
    "appbuilder.js": ("start", "shell", "recent", "dialog", "sending", "form"),
    "sign_in.js": ("start", "sending"),
    "list.js": ("rows", "list", "refresh", "trail"),
    "master.js": ("rows", "list", "refresh", "chosen"),
    "compact.js": ("rows", "list", "refresh", "chosen", "follow"),
    "rows.js": ("rows",),
    "record.js": ("trail", "steps", "copy"),
    "fields.js": ("conditions", "tabs"),
    "record_fields.js": ("trail", "steps", "copy", "conditions", "tabs"),
    "related_fields.js": ("rows", "refresh", "trail", "steps", "copy", "tabs"),
    "related.js": ("rows", "refresh", "trail", "steps", "copy"),
    "matrix.js": ("matrix", "trail", "steps"),
    "messages.js": ("messages",),
    "palette.js": ("palette",),
    "look_up.js": ("look_up",),
    "run.js": ("run",),
    "inlines.js": ("inlines",),
    "relation.js": ("relation",),
    "relation_dialog.js": ("relation_dialog",),
}
"""Each script with its parts, which see only their own names: for every page but the sign-in page, for that, for lists,
for a list beside what belongs to one of its records, for one beside a form, for several lists, for a record, for
a form in which more moves, for such a form of a record, for a record in tabs and for such a form that have related ones
below them, for any other record or form that has, for the page of a role's permissions, for messages, for the palette
when it is opened first, for fields that look for records, for what is done batch by batch, for rows in a form, for
fields whose records are added and edited in a dialog, and for that dialog when it is opened first.

A page asks for one of them beside that of every page, so a part may stand in several.
"""
THEME = "theme.css"
_WHOLE = {embedded: whole for whole, embedded in EMBEDDED.items()}
_COMMENTS = re.compile(r"^\s*(?://.*|/\*.*?\*/)$", re.MULTILINE)
YEAR_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent: its bytes, the same compressed by gzip, its media type and a digest of the bytes."""

    body: bytes
    compressed: bytes
    mimetype: str
    digest: str


def make_asset(text: str, mimetype: str) -> Asset:
    """A text as an asset."""
    body = text.encode()
    # No time stamp: every process makes the same bytes.
    return Asset(body, gzip.compress(body, mtime=0), mimetype, hashlib.sha256(body).hexdigest()[:12])


@cache
def theme_asset(theme: Theme) -> Asset | None:
    """The stylesheet of a host's theme; None where it changes nothing of ours."""
    css = theme_css(theme)
    return make_asset(css, "text/css") if css else None


@cache
def asset(name: str) -> Asset | None:
    """The asset of that name, or None where there is none."""
    match name:
        case _ if name in STYLESHEETS:
            return make_asset(_styles(name), "text/css")
        case _ if name in _WHOLE:
            return make_asset(_embedded_styles(_WHOLE[name]), "text/css")
        case "icons.svg":
            return make_asset((STATIC_FOLDER / name).read_text(encoding="utf-8"), "image/svg+xml")
        case _ if name in SCRIPTS:
            return make_asset(_scripts(SCRIPTS[name]), "text/javascript")
    return None


def _parts(stylesheet: str) -> dict[str, str]:
    names = [name for name in STYLES if name in STYLESHEETS[stylesheet]]
    return dict(zip(names, _read("styles", names, "css"), strict=True))


def _styles(stylesheet: str) -> str:
    layered = (f"@layer {STYLES[name]} {{\n{part}}}\n" for name, part in _parts(stylesheet).items())
    return f"@layer {', '.join(LAYERS)};\n" + "".join(layered)


def _embedded_styles(stylesheet: str) -> str:
    """The style for pages inside a host's frame: it ends at our own element, and no reset of the host's breaks it.

    Without layers our rules stand against the host's by specificity, and in a scope they win where that is equal.
    """
    parts = _parts(stylesheet)
    tokens = parts.pop("tokens")
    del parts["document"]
    return f"@layer tokens, theme;\n@layer tokens {{\n{tokens}}}\n@scope (.ab) {{\n{''.join(parts.values())}}}\n"


def _scripts(names: Iterable[str]) -> str:
    # In strict mode a block is a scope for functions too, so no part can take another's names.
    blocks = (f"{{\n{part}}}\n" for part in _read("scripts", names, "js"))
    return '"use strict";\n' + "".join(blocks)


def _read(folder: str, names: Iterable[str], suffix: str) -> Iterable[str]:
    return (_stripped((STATIC_FOLDER / folder / f"{name}.{suffix}").read_text(encoding="utf-8")) for name in names)


def _stripped(text: str) -> str:
    """A part as it is sent: without comments that have lines of their own, indentation, and what ends a block twice."""
    lines = (line.strip().replace("; }", "}") for line in _COMMENTS.sub("", text).splitlines())
    return "".join(f"{line}\n" for line in lines if line)


class AssetBlueprint(Blueprint):
    """Serves the assets below the prefix; at the root they live below `/static/appbuilder`, as Flask-AppBuilder's."""

    def __init__(self, name: str, url_prefix: str, theme: Asset | None = None) -> None:
        self.theme = theme
        super().__init__(
            name,
            "appbuilder_lite",
            static_folder=str(STATIC_FOLDER),
            template_folder=str(TEMPLATE_FOLDER),
            static_url_path="/static" if url_prefix else "/static/appbuilder",
            url_prefix=url_prefix or None,
        )

    def send_static_file(self, filename: str) -> Response:
        """The asset, compressed for who takes that; an address with a fingerprint may be kept for ever."""
        found = self.theme if filename == THEME else asset(filename)
        if found is None:
            abort(404)
        return send(found)


def send(found: Asset) -> Response:
    """The answer that carries an asset, or 304 to a browser that has it."""
    zipped = request.accept_encodings["gzip"] > 0
    response = Response(found.compressed if zipped else found.body, mimetype=found.mimetype)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.vary.add("Accept-Encoding")
    if zipped:
        response.content_encoding = "gzip"
    response.set_etag(f"{found.digest}-gzip" if zipped else found.digest)
    if request.args.get("v") == found.digest:
        response.cache_control.public = True
        response.cache_control.max_age = YEAR_SECONDS
        response.cache_control.immutable = True
    else:
        response.cache_control.no_cache = True
    response.make_conditional(request)
    return response
