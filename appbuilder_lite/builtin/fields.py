"""Form fields whose values no column takes: the resource writes them itself, by way of the security manager."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import wtforms
from wtforms.fields.core import Field
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, StopValidation

from appbuilder_lite.text import gettext


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be assigned: its id in the database, and what people call it."""

    id: Any
    label: str


class AssignedField(Field):
    """Several things that a record is given: roles, groups, permissions. `data` are the keys posted or stored.

    It looks at no attribute of the record, so that a host's class may mean anything by the field's name.
    """

    input_kind = "multiselect"

    def process(self, *given: Any, **named: Any) -> None:
        self.posted: list[str] | None = None
        super().process(*given, **named)

    def process_data(self, value: Any) -> None:
        self.data: tuple[str, ...] = ()
        self.current: frozenset[str] = frozenset()
        self.offered: Mapping[str, Offer] = {}

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.posted = list(dict.fromkeys(str(key) for key in valuelist))

    def attach(self, offered: Mapping[str, Offer], current: Collection[Any]) -> None:
        """Give the field its choices by key, and the ids that the record has now."""
        self.offered, self.current = offered, frozenset(str(key) for key in current)
        keys = tuple(self.current) if self.posted is None else tuple(self.posted)
        if any(key not in offered for key in keys):
            self.process_errors = [*self.process_errors, gettext("Not one of the choices.")]
        self.data = tuple(key for key in keys if key in offered)

    @property
    def has_changed(self) -> bool:
        """Whether other keys were posted than the record has."""
        return self.posted is not None and frozenset(self.data) != self.current

    @property
    def stored_keys(self) -> list[str]:
        """The keys that the record has now."""
        return sorted(self.current)

    @property
    def chosen_keys(self) -> list[str]:
        """The keys that would be saved."""
        return sorted(self.data)

    def names_of(self, keys: Iterable[str]) -> list[str]:
        """What is called by these keys."""
        return [offer.label for key, offer in self.offered.items() if key in set(keys)]

    @property
    def ids(self) -> list[Any]:
        """The ids of what is chosen."""
        return [self.offered[key].id for key in self.data]

    @property
    def added_ids(self) -> list[Any]:
        """The ids of what is chosen and was not there before."""
        return [self.offered[key].id for key in self.data if key not in self.current]

    def pre_validate(self, form: BaseForm) -> None:
        if self.process_errors:
            raise StopValidation()

    def populate_obj(self, obj: object, name: str) -> None:
        """Nothing: the resource writes what was chosen."""

    def iter_choices(self) -> Iterator[tuple[str, str, bool, dict[str, Any]]]:
        """(key, label, is selected, attributes) of each choice."""
        for key, offer in self.offered.items():
            yield key, offer.label, key in self.data, {}


class NewPasswordField(wtforms.PasswordField):
    """A password to be set: it reaches the user as a hash only, never as an attribute."""

    def populate_obj(self, obj: object, name: str) -> None:
        """Nothing: the resource sets the password."""


def new_password_field(label: str, name: str = "new-password") -> NewPasswordField:
    """A required password field; browsers offer to make one up for `new-password`."""
    required = InputRequired(gettext("This field is required."))
    return NewPasswordField(label, [required], render_kw={"autocomplete": name})
