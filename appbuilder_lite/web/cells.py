"""From values to cells: one function per column, chosen once per view, called for each row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from appbuilder_lite.data.query import RelatedValue, Several
from appbuilder_lite.data.types import Kind, Path
from appbuilder_lite.resource.displays import Display
from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.resource.values import formatter_for
from appbuilder_lite.text import gettext, reader
from appbuilder_lite.web.pages import Cell
from appbuilder_lite.web.shell import MenuLink

EXAMPLE_KEY = "__key__"
"""Stands where a record's key will be in an address that serves as an example."""


@dataclass(frozen=True, slots=True)
class RecordUrl:
    """An address with a record's key in the middle, made without asking the URL map for each row.

    `refused` are the keys of records that the person may not go to.
    """

    before: str = ""
    after: str = ""
    refused: frozenset[str] = frozenset()

    @classmethod
    def of(cls, make: Callable[[str], str]) -> RecordUrl:
        """Learn the address from one example."""
        return cls.of_example(make(EXAMPLE_KEY))

    @classmethod
    def of_example(cls, url: str) -> RecordUrl:
        """The address of which `url` is the one for the example's key."""
        before, _, after = url.partition(EXAMPLE_KEY)
        return cls(before, after)

    def __call__(self, key: str) -> str:
        """The address for an encoded key, which needs no quoting; empty where there is none."""
        return f"{self.before}{key}{self.after}" if self.before and key and key not in self.refused else ""

    def without(self, keys: frozenset[str]) -> RecordUrl:
        """The same, but leading to none of these."""
        return RecordUrl(self.before, self.after, keys)


NO_LINK = RecordUrl()
NUMBERS = frozenset({Kind.INTEGER, Kind.FLOAT, Kind.NUMERIC})

CellMaker = Callable[[Any, RecordUrl], Cell]


def cell_maker(path: Path, options: ResourceOptions) -> CellMaker:
    """The function that makes a column's cells: value and the related record's address in, cell out."""
    if path.text in options.formatters:
        return _formatted_maker(formatter_for(path, options), path)
    if path.is_to_many:
        return _several_maker(path, options)
    if path.relation is not None:
        return _link_cell
    return _value_maker(formatter_for(path, options), path)


def is_number(path: Path) -> bool:
    """Whether a column holds figures, which stand at the end of their cells."""
    return path.column is not None and path.column.kind in NUMBERS and not path.column.choices


def _value_maker(format_value: Callable[[Any], Display], path: Path) -> CellMaker:
    empty = Cell("empty", value="number" if is_number(path) else "")

    def make(value: Any, url: RecordUrl) -> Cell:
        if value is None:
            return empty
        kind, text, plain, title = format_value(value)
        return Cell(kind, text, "", plain, title)

    return make


def _formatted_maker(format_value: Callable[[Any], Display], path: Path) -> CellMaker:
    """A user's own formatter is asked about None too; what it makes of a figure stands where figures do."""
    is_figure = is_number(path)
    empty = Cell("empty", value="number" if is_figure else "")

    def make(value: Any, url: RecordUrl) -> Cell:
        shown = format_value(value)
        if shown.kind == "empty":
            return empty
        kind = "number" if is_figure and shown.kind == "text" else shown.kind
        return Cell(kind, shown.text, "", shown.value, shown.title)

    return make


def _link_cell(value: RelatedValue | None, url: RecordUrl) -> Cell:
    return Cell("empty") if value is None else Cell("link", value.text, url(value.key))


def _several_maker(path: Path, options: ResourceOptions) -> CellMaker:
    format_value = None if path.relation is not None else formatter_for(path, options)

    def make(values: Several, url: RecordUrl) -> Cell:
        if not values:
            return Cell("empty")
        if format_value is None:
            items = [MenuLink(value.text, url(value.key)) for value in values]
        else:
            items = [MenuLink(format_value(value).text, "") for value in values]
        more = getattr(values, "more", 0)
        if more:
            items.append(MenuLink(gettext("and %(num)s more", num=reader().count(more)), ""))
        return Cell("links", ", ".join(item.label for item in items), items=tuple(items))

    return make
