"""What stands below a relation's control in a form, as plain values for the template."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RelationPage:
    """The ways from a relation's field to its records; empty addresses are what the person may not open.

    `edit_url` leads to the chosen record, `edit_pattern` to any, with `{key}` in it; the second is there where the
    person may edit them all. `fill` is the field of the add form that takes what was looked for in vain. Scripts
    open these forms `in_dialog`, or leave them the tabs that they are. The choices depend on the fields `masters`, and
    those of the fields `dependents` on this one. What stands `in_row` has little room.
    """

    noun: str = ""
    add_url: str = ""
    edit_url: str = ""
    edit_pattern: str = ""
    many: bool = False
    fill: str = ""
    in_dialog: bool = False
    in_row: bool = False
    masters: tuple[str, ...] = ()
    dependents: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do here."""
        return not (self.add_url or self.edit_url or self.edit_pattern or self.masters or self.dependents)
