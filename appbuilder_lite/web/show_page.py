"""From a record to the values of the show template."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.web.cells import NO_LINK, CellMaker, RecordUrl, cell_maker
from appbuilder_lite.web.pages import ShowField, ShowSection


class ShowPages:
    """Makes the sections of one view's show page."""

    def __init__(self, options: ResourceOptions) -> None:
        self.options = options
        self.makers: Mapping[str, CellMaker] = {
            name: cell_maker(options.paths[name], options)
            for fields in options.show_fieldsets
            for name in fields.fields
        }

    def sections(
        self, value_of: Callable[[str], Any], related: Mapping[str, RecordUrl], may_see: Callable[[str], bool]
    ) -> tuple[ShowSection, ...]:
        """The fieldsets with their values; a column that the person may not see is left out."""
        sections = []
        for fieldset in self.options.show_fieldsets:
            fields = tuple(self._field(name, value_of, related) for name in fieldset.fields if may_see(name))
            if fields:
                sections.append(ShowSection(fieldset.title, fields, fieldset.expanded))
        return tuple(sections)

    def _field(self, name: str, value_of: Callable[[str], Any], related: Mapping[str, RecordUrl]) -> ShowField:
        cell = self.makers[name](value_of(name), related.get(name, NO_LINK))
        return ShowField(name, self.options.labels[name], cell, self.options.descriptions.get(name, ""))
