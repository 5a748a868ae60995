"""Form fields of relations: what is offered and what is taken both come from the relation's scope."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from wtforms.fields.core import Field
from wtforms.form import BaseForm
from wtforms.validators import StopValidation

from appbuilder_lite.data.query import RelatedValue
from appbuilder_lite.data.types import Relation
from appbuilder_lite.resource.choice_fields import Choice
from appbuilder_lite.resource.plain_text import presentable
from appbuilder_lite.resource.related_source import Finding, Source, most_related
from appbuilder_lite.text import gettext, reader

# Of a set, of a list, and of SQLAlchemy's dicts, which find the key themselves.
_APPENDERS = ("add", "append", "set")


class First(list[Any]):
    """The first records of a relation that holds more than a form carries, which therefore leaves it as it is."""


def lost_by(field: Field) -> list[Any]:
    """The records that a relation holds no more once the field is saved."""
    if not isinstance(field, _RelationField) or field.is_left or not field.has_changed:
        return []
    kept = {id(item) for item in field._items(field.data)}
    return [item for item in field._items(field.object_data) if id(item) not in kept]


def _records_in(collection: Iterable[Any]) -> list[Any]:
    """The records of a relation's collection: a list, a set, a dict, or a query (`lazy="dynamic"`)."""
    return list(collection.values() if isinstance(collection, Mapping) else collection)


class _RelationField(Field):
    """What the two fields share: keys in the form, records in `data`.

    `finding` is what somebody looks for at the moment, to be offered beside what is chosen.
    """

    is_many: ClassVar[bool]

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
        # A validator of the view's own may ask for a record where the relation does not.
        self.flags.required = is_required or bool(self.flags.required)
        self.source: Source | None = None
        self.posted: list[str] | None = None
        self.finding: Finding | None = None

    def process_data(self, value: Any) -> None:
        """Take the record's own value; a list is copied, as the one given is the record's and would change with it."""
        self.posted = None
        self.object_data = self.held(value)
        self.data = self.object_data

    def held(self, value: Any) -> Any:
        """What of the record's own value is kept, to be compared with what was posted."""
        return value

    @property
    def description(self) -> str:
        """The declared help, what a key means where one is typed, and what becomes of records that are taken out."""
        has_some = self.relation.deletes_lost and bool(self._items(self.object_data))
        loses = gettext("What is taken out here is deleted.") if has_some else ""
        return " ".join(filter(None, (str(self._description), self.hint, loses)))

    @description.setter
    def description(self, text: str) -> None:
        self._description = text

    @property
    def hint(self) -> str:
        """What a text field of keys means, with the names of the records that it stands for; else empty."""
        raise NotImplementedError

    @property
    def is_left(self) -> bool:
        """Whether there are too many records to choose among here: none are shown, and what is sent says nothing."""
        return isinstance(self.object_data, First)

    def attach(self, source: Source) -> None:
        """Give the field its records and turn posted keys into them; faults become errors of the field."""
        self.source = source
        stored = self._items(self.object_data)
        if self.is_left:
            self.process_errors = [] if all(map(source.fits, stored)) else [self._misfit()]
            return
        # What was not sent is judged where it cannot stay.
        keys = (
            list(source.keys_of(stored)) if self.posted is None and not all(map(source.fits, stored)) else self.posted
        )
        if keys is None:
            return
        try:
            self.take(source, keys)
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

    def _misfit(self) -> str:
        return gettext("These do not go with the rest of the form any more, and are too many to choose others here.")

    def pre_validate(self, form: BaseForm) -> None:
        if self.process_errors or self.is_left:
            raise StopValidation()
        if self.is_required and not self._items(self.data):
            raise StopValidation(gettext("This field is required."))

    @property
    def _is_long(self) -> bool:
        """Whether there are more records than a select offers."""
        return self.source is not None and self.source.offered()[1]

    @property
    def can_look_up(self) -> bool:
        """Whether the person may look for records; asked of one that has more than a select offers."""
        return self.source is not None and self.source.way is not None and not self.is_left

    @property
    def is_typed(self) -> bool:
        """Whether keys are typed: there are too many records for a select, and the person may not look for them."""
        return not self.is_left and self._is_long and not self.can_look_up

    @property
    def input_kind(self) -> str:
        """The control: `look_up` for more records than a select offers."""
        if self.is_left:
            return "static"
        if not self._is_long:
            return "multiselect" if self.is_many else "select"
        if self.can_look_up:
            return "look_up"
        return "textarea" if self.is_many else "text"

    @property
    def shown_key(self) -> str:
        """The key that the control of a single record shows; empty for none."""
        return "".join(self._shown_keys()[:1])

    def offers(self, key: str) -> bool:
        """Whether a record is among those that a select offers: all of them lie within the scope."""
        return self.source is not None and any(one.key == key for one in self.source.offered()[0])

    @property
    def stored_keys(self) -> list[str]:
        """The keys of the records that the edited one is related to."""
        return sorted(self._keys(self.object_data))

    @property
    def chosen_keys(self) -> list[str]:
        """The keys of the records that would be saved."""
        return sorted(self._keys(self.data))

    def names_of(self, keys: Iterable[str]) -> list[str]:
        """What those of the field's records are called, stored and chosen ones, that have these keys."""
        wanted, items = set(keys), {**self._keys(self.object_data), **self._keys(self.data)}
        name_of = self.source.datamodel.name_of if self.source else str
        return [name_of(item) for key, item in items.items() if key in wanted]

    def _keys(self, value: Any) -> Mapping[str, Any]:
        """Key -> record, of the records in a value of the field."""
        return self.source.keys_of(self._items(value)) if self.source else {}

    def _shown_keys(self) -> tuple[str, ...]:
        """The keys that the control shows: what was posted, else those of the field's records."""
        if self.posted is not None:
            return tuple(presentable(key) for key in self.posted)
        return tuple(self._keys(self.data))

    def iter_choices(self) -> Iterator[Choice]:
        """(key, name, is selected, attributes) of each record offered."""
        chosen = frozenset(self._shown_keys())
        for key, text in self._choices().items():
            yield key, text, key in chosen, {}

    @property
    def details(self) -> Mapping[str, str]:
        """Key -> what tells a choice apart from others of the same name."""
        return {value.key: value.detail for value in self._offered() if value.detail}

    def _offered(self) -> Sequence[RelatedValue]:
        """What is offered beside the records that stand there already."""
        if self.source is None:
            return ()
        found = () if self.finding is None else self.finding.records
        return found if self._is_long else self.source.offered()[0]

    def _choices(self) -> Mapping[str, str]:
        """Key -> name: the records that stand there already, whoever looks, and those of the scope."""
        if self.source is None:
            return {}
        present = [*filter(self.source.fits, self._items(self.object_data)), *self._items(self.data)]
        name_of = self.source.datamodel.name_of
        names = {key: name_of(item) for key, item in self.source.keys_of(present).items()}
        return {**names, **{value.key: value.text for value in self._offered()}}


class RelatedField(_RelationField):
    """One related record: a select, or above the limit of choices a look-up."""

    is_many = False

    def process_formdata(self, valuelist: list[Any]) -> None:
        if len(valuelist) > 1:
            raise ValueError(gettext("Given more than once."))
        self.posted = [str(key).strip() for key in valuelist] if valuelist else None

    def take(self, source: Source, keys: Sequence[str]) -> None:
        key, stored = keys[0], [item for item in self._items(self.object_data) if source.fits(item)]
        if key == "".join(source.keys_of(stored)):
            self.data = self.object_data
            return
        self.data = self.object_data if stored else None
        found = list(source.find([key]).values()) if key else [None]
        if not found:
            raise ValueError(gettext("Not one of the choices."))
        self.data = found[0]

    def _items(self, data: Any) -> list[Any]:
        return [] if data is None else [data]

    def populate_obj(self, obj: object, name: str) -> None:
        if self.has_changed and self.data is None and self.source is not None:
            self.source.datamodel.unlink(obj, name)
        elif self.has_changed:
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
        if not self.is_typed:
            return ""
        names = self._choices()
        name = names.get(self._value(), "")
        return gettext("The record's key.") if not name else gettext("The record's key; now: %(name)s", name=name)


class RelatedListField(_RelationField):
    """Several related records: a select of many, or above the limit of choices a look-up."""

    is_many = True

    def process_formdata(self, valuelist: list[Any]) -> None:
        lines = [line.strip() for text in valuelist for line in str(text).splitlines()]
        self.posted = list(dict.fromkeys(line for line in lines if line))

    def take(self, source: Source, keys: Sequence[str]) -> None:
        before = source.keys_of(filter(source.fits, self._items(self.object_data)))
        added = [key for key in keys if key not in before]
        most = most_related(source.limit)
        if len(keys) > 2 * most:
            raise ValueError(gettext("At most %(most)s at once.", most=most))
        found = source.find(added)
        missing = [key for key in added if key not in found]
        wanted = frozenset(keys)
        self.data = [*(item for key, item in before.items() if key in wanted), *found.values()]
        if missing:
            raise ValueError(gettext("Not one of the choices: %(keys)s", keys=presentable(", ".join(missing[:5]))))
        if len(keys) > most:
            raise ValueError(gettext("At most %(most)s at once.", most=most))

    def held(self, value: Any) -> Any:
        return value if value is None or isinstance(value, First) else _records_in(value)

    def _items(self, data: Any) -> list[Any]:
        return list(data or ())

    def populate_obj(self, obj: object, name: str) -> None:
        """Remove and add one by one, so that records which stay are not touched, whatever kind of collection it is."""
        if not self.has_changed:
            return
        collection, wanted = getattr(obj, name), {id(item): item for item in self.data}
        present = {id(item): item for item in _records_in(collection)}
        append = next(getattr(collection, add) for add in _APPENDERS if hasattr(collection, add))
        # By identity: dataclasses are equal where their columns are.
        for key in present.keys() - wanted.keys():
            collection.remove(present[key])
        for key, item in wanted.items():
            if key not in present:
                append(item)

    @property
    def chosen_keys(self) -> list[str]:
        # What was sent is not taken there, but was perhaps meant.
        return sorted(self.posted) if self.is_left and self.posted is not None else super().chosen_keys

    def _value(self) -> str:
        if self.is_left:
            count = reader().count(len(self._items(self.object_data)))
            return gettext("More than %(count)s are chosen, which is more than a form can hold.", count=count)
        return "\n".join(self._shown_keys())

    @property
    def hint(self) -> str:
        if not self.is_typed:
            return ""
        names = self._choices()
        shown = ", ".join(names[key] for key in self._shown_keys() if key in names)
        return gettext("One key a line.") if not shown else gettext("One key a line; now: %(names)s", names=shown)
