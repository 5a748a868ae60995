"""Fields with few answers: boxes to tick and values to choose from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from appbuilder_lite.resource.column_field import ColumnField
from appbuilder_lite.text import gettext

Choice = tuple[str, str, bool, dict[str, Any]]
"""(text in the form, label, whether it is selected, further attributes), as WTForms' selects give them."""

_TRUE = frozenset({"true", "yes", "y", "on", "1"})
_FALSE = frozenset({"false", "no", "n", "off", "0", ""})


class CheckboxField(ColumnField):
    """A boolean that is never NULL. An unticked box is not sent at all."""

    @property
    def control(self) -> str:
        return "checkbox"

    def process_formdata(self, valuelist: list[Any]) -> None:
        if self.can_hold:
            self.data = self._kept(self.parse(str(valuelist[-1]) if valuelist else ""))

    def parse(self, text: str) -> bool:
        word = text.strip().lower()
        if word not in _TRUE | _FALSE:
            raise ValueError(gettext("Neither yes nor no."))
        return word in _TRUE

    def _value(self) -> str:
        return "true"


class _SelectField(ColumnField):
    """A choice of one among few values."""

    @property
    def control(self) -> str:
        return "select"

    def options(self) -> Mapping[str, tuple[Any, str]]:
        """Text in the form -> (value, label); the stored value is among them though it is offered no more."""
        return {}

    def iter_choices(self) -> Iterator[Choice]:
        """(text, label, is selected, attributes) of each option, as WTForms' selects give them."""
        chosen, options = self._value(), self.options()
        if "" not in options:
            empty = gettext("Please choose") if self.is_required else gettext("(none)")
            yield "", empty, chosen == "", {}
        for text, (_value, label) in options.items():
            yield text, label, chosen == text, {}

    def parse(self, text: str) -> Any:
        options = self.options()
        if text not in options:
            raise ValueError(gettext("Not one of the choices."))
        return options[text][0]

    def _is_blank(self, text: str) -> bool:
        return text == "" and "" not in self.options()


class NullableBooleanField(_SelectField):
    """Yes, no, or neither."""

    def text_of(self, value: Any) -> str:
        return "" if value is None else str(bool(value)).lower()

    def options(self) -> Mapping[str, tuple[Any, str]]:
        unset = {} if self.is_required else {"": (None, gettext("Unset"))}
        return {**unset, "true": (True, gettext("Yes")), "false": (False, gettext("No"))}


class EnumField(_SelectField):
    """One of the values of an enum."""

    def text_of(self, value: Any) -> str:
        return value.name if isinstance(value, Enum) else super().text_of(value)

    def options(self) -> Mapping[str, tuple[Any, str]]:
        known = {self.text_of(value): (value, label) for value, label in self.column.choices}
        if self.object_data is not None:
            known.setdefault(self.text_of(self.object_data), (self.object_data, self.text_of(self.object_data)))
        return known
