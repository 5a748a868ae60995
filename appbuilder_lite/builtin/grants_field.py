"""What a role grants, as a form field: ticks, read by their difference to what the page had shown as ticked.

The form sends the key of each ticked permission as a name of its own, and under the field's name those that were
ticked when the page was made. What stands in neither was not shown, or was left alone: it stays as it is now, whoever
changed it meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from wtforms.fields.core import Field
from wtforms.form import BaseForm
from wtforms.validators import StopValidation

from appbuilder_lite.builtin.shown_keys import ShownKeys, is_number
from appbuilder_lite.security.access import Access
from appbuilder_lite.text import gettext


@dataclass(frozen=True, slots=True)
class Grant:
    """A permission that a role can have: its id, the same as a text, and whether the role has it by a row."""

    id: Any
    key: str
    access: Access
    is_granted: bool


class GrantsField(Field):
    """The permissions of a role. It looks at no attribute of the record: the resource reads and writes them.

    `written` is what the log is to say when that is committed.
    """

    input_kind = "grants"

    def process(self, formdata: Any, *given: Any, **named: Any) -> None:
        self.grants: Sequence[Grant] = ()
        self.role_name = ""
        self.written = ""
        self._ticked: frozenset[str] = frozenset()
        self._shown: ShownKeys | None = None
        super().process(formdata, *given, **named)
        if formdata is not None and self.name in formdata:
            self._ticked = frozenset(str(name) for name in formdata)
            self._shown = ShownKeys(",".join(formdata.getlist(self.name)))

    def attach(self, grants: Sequence[Grant], role_name: str) -> None:
        """Give the field what there is to grant, and the name of the role; empty for a new one."""
        self.grants, self.role_name = grants, role_name
        # No other name in a form is a number.
        unknown = filter(is_number, self._ticked - {grant.key for grant in grants})
        if self._shown is not None and any(key not in self._shown for key in unknown):
            self.process_errors = [*self.process_errors, gettext("A permission that was ticked does not exist.")]

    @property
    def added(self) -> list[Grant]:
        """What was ticked, had not been when the page was made, and the role has not."""
        return [each for each in self.grants if not each.is_granted and each.key in self._ticked and self._is_new(each)]

    @property
    def removed(self) -> list[Grant]:
        """What was shown as ticked, is not any more, and the role still has."""
        ticked = self._ticked
        return [each for each in self.grants if each.is_granted and each.key not in ticked and self._was_shown(each)]

    @property
    def has_changed(self) -> bool:
        """Whether anything is to be written."""
        return bool(self.added or self.removed)

    def pre_validate(self, form: BaseForm) -> None:
        if self.process_errors:
            raise StopValidation()

    def populate_obj(self, obj: object, name: str) -> None:
        """Nothing: the resource writes what was ticked."""

    def _was_shown(self, grant: Grant) -> bool:
        return self._shown is not None and grant.key in self._shown

    def _is_new(self, grant: Grant) -> bool:
        return self._shown is not None and grant.key not in self._shown


def accesses(grants: Iterable[Grant]) -> list[Access]:
    """The permissions, by name."""
    return [grant.access for grant in grants]
