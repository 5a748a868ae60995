"""Reads the documentation: its pages, blocks, tables and links, and runs the Python in it.

A block fenced as `python` is run, in the order of the page, in one namespace per page. A block fenced as `py` is an
excerpt and is not run. The module `crm`, which pages import, is what quickstart.md says to save under that name.
"""

import re
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from flask import Flask

from appbuilder_lite.settings import DEFAULT_CSP, PREFIX, Settings

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
CHECKS = DOCS / "checks"
README = ROOT / "README.md"
QUICKSTART = DOCS / "quickstart.md"

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Block:
    """A fenced block; `line` is where its text begins."""

    language: str
    text: str
    line: int


@dataclass(frozen=True)
class Document:
    """A page of the documentation."""

    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @cached_property
    def prose(self) -> str:
        """The text without its blocks."""
        return _FENCE.sub("", self.text)

    @property
    def blocks(self) -> list[Block]:
        return [
            Block(found[1], found[2], self.text.count("\n", 0, found.start(2)) + 1)
            for found in _FENCE.finditer(self.text)
        ]

    @property
    def python(self) -> list[Block]:
        """The blocks that are run."""
        return [block for block in self.blocks if block.language == "python"]

    @property
    def links(self) -> list[str]:
        """What its links and images lead to."""
        return _LINK.findall(self.prose)

    @property
    def anchors(self) -> set[str]:
        """The fragments that its headings can be reached by."""
        return {anchor(heading) for heading in _HEADING.findall(self.prose)}

    @cached_property
    def code(self) -> str:
        """Everything that stands in backticks or in a block, a line each."""
        return "\n".join([*_CODE.findall(self.prose), *(block.text for block in self.blocks)])

    def names(self, name: str) -> bool:
        """Whether a name stands in the page's code as a word of its own."""
        return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", self.code) is not None

    def rows(self) -> Iterator[list[str]]:
        """The cells of each row of its tables; a pipe inside a cell is written `\\|`."""
        for line in self.prose.splitlines():
            if line.startswith("| ") and not line.startswith("|--"):
                cells = re.split(r"(?<!\\)\|", line)[1:-1]
                yield [cell.strip().replace("\\|", "|") for cell in cells]


def documents() -> list[Document]:
    """Every page."""
    return [Document(path) for path in (README, ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md")))]


def executable() -> list[Document]:
    """The pages whose Python is run as it stands; those of the checks have tests of their own."""
    pages = [Document(path) for path in (README, *sorted(DOCS.glob("*.md")))]
    return [page for page in pages if page.python]


def anchor(heading: str) -> str:
    """The fragment that a heading gets."""
    plain = re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower())
    return plain.strip().replace(" ", "-")


def crm(folder: Path) -> AbstractContextManager[dict[str, Any]]:
    """The module of the quickstart: models, views and the app's factory."""
    return run(Document(QUICKSTART), "crm", folder, last=3)


@contextmanager
def run(page: Document, name: str, folder: Path, *, last: int | None = None) -> Iterator[dict[str, Any]]:
    """Run the page's Python (up to block number `last`) as a module; it can be imported until the end of the block."""
    module = ModuleType(name)
    module.__file__ = str(folder / f"{name}.py")
    sys.modules[name] = module
    try:
        for block in page.python[:last]:
            source = "\n" * (block.line - 1) + block.text
            exec(compile(source, str(page.path), "exec", dont_inherit=True), vars(module))
        yield vars(module)
    finally:
        sys.modules.pop(name, None)
        for app in [value for value in vars(module).values() if isinstance(value, Flask)]:
            dispose(app)


def dispose(app: Flask) -> None:
    """Close the connections of an app's engines."""
    database = app.extensions.get("sqlalchemy")
    if database is not None:
        with app.app_context():
            for engine in database.engines.values():
                engine.dispose()


def setting_rows() -> Iterator[str]:
    """The rows of the table of settings, as settings.md has to have them."""
    for item in fields(Settings):
        default = item.metadata["default"]
        shown = "see below" if default == DEFAULT_CSP else f"`{default!r}`"
        older = f"`{item.metadata['fab']}`" if item.metadata["fab"] else ""
        yield f"| `{PREFIX}{item.name.upper()}` | {older} | {shown} | {item.metadata['doc']} |"
