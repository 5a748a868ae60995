"""Form fields of relations: what is offered and what is taken both come from the relation's scope."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wtforms.fields.core import Field
from wtforms.form import BaseForm
from wtforms.validators import StopValidation

from appbuilder_lite.data.interface import DataModel, Scope
from appbuilder_lite.data.query import RelatedValue
from appbuilder_lite.data.types import Relation
from appbuilder_lite.resource.choice_fields import Choice
from appbuilder_lite.resource.plain_text import presentable
from appbuilder_lite.text import gettext

MOST_KEYS = 1000
"""How many records one form may newly relate to; a longer list would exceed what a statement takes."""


@dataclass
class Source:
    """Where a relation's field finds records during one request: all within the scope."""

    datamodel: DataModel
    relation: str
    scope: Scope
    limit: int
    _offered: tuple[Sequence[RelatedValue], bool] | None = field(default=None, init=False)

    def offered(self) -> tuple[Sequence[RelatedValue], bool]:
        """The choices up to the limit, and whether there are more: asked for when first drawn, so not on a save."""
        if self._offered is None:
            self._offered = self.datamodel.choices(self.relation, self.scope, limit=self.limit)
        return self._offered

    def find(self, keys: Sequence[str]) -> Mapping[str, Any]:
        return self.datamodel.related(self.relation, keys, self.scope) if keys else {}

    def keys_of(self, items: Iterable[Any]) -> dict[str, Any]:
        """Key -> record, of records that are loaded already."""
        return {self.datamodel.encode_key(item): item for item in items}


class _RelationField(Field):
    """What the two fields share: keys in the form, records in `data`."""

    def __init__(
        self,
        label: str | None = None,
        validators: Any = None,
        *,
        relation: Relation,
        is_required: bool = False,
        **options: Any,
    ) -> None:
        options["render_kw"] = dict(options.get("render_kw") or {})
        super().__init__(label, validators, **options)
        self.relation = relation
        self.is_required = is_required
        self.flags.required = is_required
        self.source: Source | None = None
        self.posted: list[str] | None = None

    def process_data(self, value: Any) -> None:
        """Take the record's own value; a list is copied, as the one given is the record's and would change with it."""
        self.posted = None
        self.object_data = list(value) if isinstance(value, Collection) and not isinstance(value, str) else value
        self.data = self.object_data

    @property
    def description(self) -> str:
        """The declared help, and what a key means where one is typed."""
        return " ".join(filter(None, (str(self._description), self.hint)))

    @description.setter
    def description(self, text: str) -> None:
        self._description = text

    @property
    def hint(self) -> str:
        """What a text field of keys means, with the names of the records that it stands for; else empty."""
        raise NotImplementedError

    def attach(self, source: Source) -> None:
        """Give the field its records and turn posted keys into them; faults become errors of the field."""
        self.source = source
        if self.posted is None:
            return
        try:
            self.take(source, self.posted)
        except ValueError as error:
            self.process_errors = [*self.process_errors, str(error)]

    def take(self, source: Source, keys: Sequence[str]) -> None:
        """Set `data` to the records of the keys; raises ValueError with a message for the person."""
        raise NotImplementedError

    @property
    def has_changed(self) -> bool:
        """Whether the field holds other records than the edited one is related to."""
        return {id(item) for item in self._items(self.data)} != {id(item) for item in self._items(self.object_data)}

    def _items(self, data: Any) -> list[Any]:
        """The records in a value of the field."""
        raise NotImplementedError

    def pre_validate(self, form: BaseForm) -> None:
        if self.process_errors:
            raise StopValidation()
        if self.is_required and not self._items(self.data):
            raise StopValidation(gettext("This field is required."))

    @property
    def _is_long(self) -> bool:
        """Whether there are more records than a select offers."""
        return self.source is not None and self.source.offered()[1]

    def _shown_keys(self) -> tuple[str, ...]:
        """The keys that the control shows: what was posted, else those of the field's records."""
        if self.posted is not None:
            return tuple(presentable(key) for key in self.posted)
        return tuple(self.source.keys_of(self._items(self.data))) if self.source else ()

    def iter_choices(self) -> Iterator[Choice]:
        """(key, name, is selected, attributes) of each record offered."""
        chosen = self._shown_keys()
        for key, text in self._choices().items():
            yield key, text, key in chosen, {}

    def _choices(self) -> Mapping[str, str]:
        """Key -> name: the records that stand there already, whoever looks, and those of the scope."""
        if self.source is None:
            return {}
        present = [*self._items(self.object_data), *self._items(self.data)]
        name_of = self.source.datamodel.name_of
        names = {key: name_of(item) for key, item in self.source.keys_of(present).items()}
        return {**names, **{value.key: value.text for value in self.source.offered()[0]}}


class RelatedField(_RelationField):
    """One related record: a select, or above the limit of choices a text field for its key."""

    @property
    def input_kind(self) -> str:
        return "text" if self._is_long else "select"

    def process_formdata(self, valuelist: list[Any]) -> None:
        if len(valuelist) > 1:
            raise ValueError(gettext("Given more than once."))
        self.posted = [str(key).strip() for key in valuelist] if valuelist else None

    def take(self, source: Source, keys: Sequence[str]) -> None:
        key = keys[0]
        if key == "".join(source.keys_of(self._items(self.object_data))):
            self.data = self.object_data
            return
        found = list(source.find([key]).values()) if key else [None]
        if not found:
            raise ValueError(gettext("Not one of the choices."))
        self.data = found[0]

    def _items(self, data: Any) -> list[Any]:
        return [] if data is None else [data]

    def populate_obj(self, obj: object, name: str) -> None:
        if self.has_changed:
            setattr(obj, name, self.data)

    def iter_choices(self) -> Iterator[Choice]:
        chosen = self._shown_keys()
        empty = gettext("Please choose") if self.is_required else gettext("(none)")
        yield "", empty, not chosen or chosen == ("",), {}
        yield from super().iter_choices()

    def _value(self) -> str:
        return "".join(self._shown_keys()[:1])

    @property
    def hint(self) -> str:
        if not self._is_long:
            return ""
        names = self._choices()
        name = names.get(self._value(), "")
        return gettext("The record's key.") if not name else gettext("The record's key; now: %(name)s", name=name)


class RelatedListField(_RelationField):
    """Several related records: a select of many, or above the limit of choices one key a line."""

    @property
    def input_kind(self) -> str:
        return "textarea" if self._is_long else "multiselect"

    def process_formdata(self, valuelist: list[Any]) -> None:
        lines = [line.strip() for text in valuelist for line in str(text).splitlines()]
        self.posted = list(dict.fromkeys(line for line in lines if line))

    def take(self, source: Source, keys: Sequence[str]) -> None:
        before = source.keys_of(self._items(self.object_data))
        added = [key for key in keys if key not in before]
        if len(added) > MOST_KEYS:
            raise ValueError(gettext("At most %(most)s at once.", most=MOST_KEYS))
        found = source.find(added)
        missing = [key for key in added if key not in found]
        if missing:
            raise ValueError(gettext("Not one of the choices: %(keys)s", keys=presentable(", ".join(missing[:5]))))
        self.data = [*(item for key, item in before.items() if key in keys), *found.values()]

    def _items(self, data: Any) -> list[Any]:
        return list(data or ())

    def populate_obj(self, obj: object, name: str) -> None:
        """Remove and add one by one, so that records which stay are not touched and a set or a list will do."""
        if not self.has_changed:
            return
        collection = getattr(obj, name)
        append = collection.add if hasattr(collection, "add") else collection.append
        for item in list(collection):
            if item not in self.data:
                collection.remove(item)
        for item in self.data:
            if item not in collection:
                append(item)

    def _value(self) -> str:
        return "\n".join(self._shown_keys())

    @property
    def hint(self) -> str:
        if not self._is_long:
            return ""
        names = self._choices()
        shown = ", ".join(names[key] for key in self._shown_keys() if key in names)
        return gettext("One key a line.") if not shown else gettext("One key a line; now: %(names)s", names=shown)
