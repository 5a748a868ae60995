"""From a record to the values of the show template."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from appbuilder_lite.data.failed import attempt
from appbuilder_lite.data.types import Kind
from appbuilder_lite.resource.options import ResourceOptions, on_page
from appbuilder_lite.web.addresses import is_email, link_of
from appbuilder_lite.web.cells import NO_LINK, CellMaker, RecordUrl, cell_maker
from appbuilder_lite.web.failures import careful
from appbuilder_lite.web.pages import Cell, ShowField, ShowSection

TEXTS = ("text", "long")
"""Kinds of cells that show a text."""


class ShowPages:
    """Makes the sections of one view's show page."""

    def __init__(self, options: ResourceOptions) -> None:
        options = on_page(options, "show")
        self.options = options
        self.makers: Mapping[str, CellMaker] = {
            name: cell_maker(options.paths[name], options)
            for fields in options.show_fieldsets
            for name in fields.fields
        }

    def sections(
        self, key: str, value_of: Callable[[str], Any], related: Mapping[str, RecordUrl], may_see: Callable[[str], bool]
    ) -> tuple[ShowSection, ...]:
        """The fieldsets with their values, of the record of a key; a column that the person may not see is left out."""
        sections = []
        for fieldset in self.options.show_fieldsets:
            fields = tuple(self._field(key, name, value_of, related) for name in fieldset.fields if may_see(name))
            if fields:
                sections.append(ShowSection(fieldset.title, fields, fieldset.expanded, fieldset.tab))
        return tuple(sections)

    def _field(
        self, key: str, name: str, value_of: Callable[[str], Any], related: Mapping[str, RecordUrl]
    ) -> ShowField:
        def make(value: Any) -> Cell:
            return self._linked(name, value, self.makers[name](value, related.get(name, NO_LINK)))

        cell = careful(make, self.options.name, name, key, attempt(value_of, name))
        help_text = self.options.descriptions.get(name, "")
        return ShowField(name, self.options.labels[name], cell, help_text, self._copied(name, cell))

    def _linked(self, name: str, value: Any, cell: Cell) -> Cell:
        """A text that is an address as a link; what a formatter of the host's makes of it stays as it is."""
        is_plain = isinstance(value, str) and cell.kind in TEXTS and name not in self.options.formatters
        url = link_of(value) if is_plain else ""
        return Cell("link", value, url) if url else cell

    def _copied(self, name: str, cell: Cell) -> str:
        """What people carry elsewhere: keys, UUIDs and e-mail addresses, as they are shown."""
        if is_email(cell.url):
            return cell.text
        column = self.options.paths[name].column
        is_id = column is not None and (column.primary_key or column.kind is Kind.UUID)
        return cell.value or cell.title or cell.text if is_id and cell.kind in (*TEXTS, "number") else ""
