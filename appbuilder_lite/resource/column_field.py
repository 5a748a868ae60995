"""The base of the fields of columns: what was not changed comes back as the very value it was.

The fields follow WTForms' conventions for whoever draws them: `_value()` is the text in the control, `render_kw` its
further attributes, `iter_choices()` what a select offers. `input_kind` names the control.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from wtforms.fields.core import Field
from wtforms.form import BaseForm
from wtforms.validators import StopValidation

from appbuilder_lite.data.types import Column
from appbuilder_lite.data.unreadable import Unreadable, unreadable
from appbuilder_lite.resource.displays import Display, display, fault_of_unread
from appbuilder_lite.resource.plain_text import fault_of, presentable
from appbuilder_lite.text import gettext


class ColumnField(Field):
    """A field of one column.

    A text that is the one shown for the stored value means that value, whatever a browser made of its line ends:
    it is neither parsed nor judged. Subclasses say how a value is written (`text_of`) and read (`parse`, which
    raises ValueError with a message for the person), and of which Python types the values are that it can write.
    A field that `is_filled` belongs to a new record that gets a value where none is given.
    """

    python_types: ClassVar[tuple[type[Any], ...]] = ()

    def __init__(
        self,
        label: str | None = None,
        validators: Any = None,
        *,
        column: Column,
        is_required: bool = False,
        is_filled: bool = False,
        **options: Any,
    ) -> None:
        options["render_kw"] = {**self.attributes(column), **(options.get("render_kw") or {})}
        super().__init__(label, validators, **options)
        self.render_kw.update(_tighter(self.render_kw, self.flags))
        self.column = column
        self.is_required = is_required
        self.is_filled = is_filled
        # A validator of the view's own may ask for a value where the column does not.
        self.is_asked = bool(self.flags.required)
        self.flags.required = is_required or self.is_asked

    @property
    def input_kind(self) -> str:
        """The control, as `web.form_pages.FieldPage` names it; a value that none can hold is only shown."""
        return self.control if self.can_hold else "static"

    @property
    def control(self) -> str:
        return "text"

    @property
    def can_hold(self) -> bool:
        """Whether the control can tell the stored value: a column type of the app's own may make anything of it."""
        stored = self.object_data
        if isinstance(stored, Unreadable) or self.column.is_closed:
            return False
        return stored is None or not self.python_types or isinstance(stored, self.python_types)

    @classmethod
    def attributes(cls, column: Column) -> dict[str, Any]:
        """HTML attributes that a column's bounds give its control."""
        return {}

    def text_of(self, value: Any) -> str:
        """How a value stands in the control; None is the empty text."""
        return "" if value is None else str(value)

    def parse(self, text: str) -> Any:
        """The value of a text that is not empty."""
        return text

    @property
    def empty(self) -> Any:
        """What an emptied control means."""
        return None

    @property
    def hint(self) -> str:
        """How a value is written, where nothing is declared that describes the field."""
        return ""

    def display(self, value: Any) -> Display:
        """A value that the control cannot hold, as the record's page shows it."""
        return display(value)

    @property
    def has_changed(self) -> bool:
        """Whether the value is another than the record's; 1 and True, or 1.0 and 1, are not the same."""
        if self.data is self.object_data:
            return False
        return type(self.data) is not type(self.object_data) or bool(self.data != self.object_data)

    def process_data(self, value: Any) -> None:
        super().process_data(value)
        if self.can_hold:
            self.description = self.description or " ".join(self._hints())
        elif self._unread is not None:
            self.description = fault_of_unread(self._unread)
        # A browser would not send the form back with an empty text that is there already.
        is_blank = isinstance(value, str) and self._is_blank(value)
        self.flags.required = self.is_asked or (self.is_required and not is_blank)

    @property
    def _unread(self) -> Unreadable | None:
        return unreadable(self.object_data, self.column)

    def _hints(self) -> Iterator[str]:
        if self.hint:
            yield self.hint
        if self.is_filled:
            yield gettext("Filled in when it is left empty.")

    def process_formdata(self, valuelist: list[Any]) -> None:
        if not valuelist or not self.can_hold:
            return
        if len(valuelist) > 1:
            raise ValueError(gettext("Given more than once."))
        text = str(valuelist[0])
        if self._same_text(text, self.text_of(self.object_data)):
            self.data = self.object_data
            return
        fault = fault_of(text)
        if fault:
            raise ValueError(fault)
        self.data = self.empty if self._is_blank(text) else self._kept(self.parse(text))

    def _kept(self, value: Any) -> Any:
        """The stored value where a text written in another way means the same, so that its digits stay."""
        stored = self.object_data
        return stored if type(value) is type(stored) and value == stored else value

    def _same_text(self, posted: str, shown: str) -> bool:
        return posted == shown

    def _is_blank(self, text: str) -> bool:
        return not text.strip()

    def pre_validate(self, form: BaseForm) -> None:
        """Stop at what could not be read, and at a missing value (but let an empty one stay that was there)."""
        if self.process_errors:
            raise StopValidation()
        is_missing = self.data is None or (isinstance(self.data, str) and self._is_blank(self.data))
        was_there = self.object_data is not None and not self.has_changed
        if self.is_required and is_missing and not was_there:
            raise StopValidation(gettext("This field is required."))

    def _value(self) -> str:
        if not self.can_hold:
            shown = self.display(self.object_data) if self._unread is None else Display("text", str(self._unread))
            return presentable(shown.title or shown.text)
        return presentable(str(self.raw_data[0])) if self.raw_data else presentable(self.text_of(self.data))


def _tighter(bounds: Mapping[str, Any], flags: Any) -> dict[str, Any]:
    """The bounds of a column that validators narrow; a flag that no validator has set is None."""
    rules = {"min": max, "max": min, "maxlength": min}
    narrowed = {name: (rule, getattr(flags, name)) for name, rule in rules.items() if name in bounds}
    return {name: rule(bounds[name], flag) for name, (rule, flag) in narrowed.items() if flag is not None}
