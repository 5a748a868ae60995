"""What a model is made of, as plain values: kinds of columns, columns, relations and paths."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """How a column's values behave, whatever database type holds them."""

    STRING = "string"
    TEXT = "text"
    INTEGER = "integer"
    FLOAT = "float"
    NUMERIC = "numeric"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    INTERVAL = "interval"
    ENUM = "enum"
    UUID = "uuid"
    JSON = "json"
    ARRAY = "array"
    BINARY = "binary"
    OTHER = "other"


class Cardinality(StrEnum):
    """How many records stand at the two ends of a relation."""

    MANY_TO_ONE = "many_to_one"
    ONE_TO_ONE = "one_to_one"
    ONE_TO_MANY = "one_to_many"
    MANY_TO_MANY = "many_to_many"

    @property
    def is_to_many(self) -> bool:
        return self in (Cardinality.ONE_TO_MANY, Cardinality.MANY_TO_MANY)


@dataclass(frozen=True, slots=True)
class Column:
    """A mapped column by its attribute name on the model.

    `max_length` counts characters; `precision` and `scale` are digits of a numeric. `choices` holds
    (stored or Python value, label) pairs of an enum. `has_default` tells that the database or the mapper fills
    a value in where none is given; `default` is that value where it is a plain one, of Python or a literal of the
    database's, and `make_default` makes it where a function does that needs to know nothing. `items` describes the
    items of a plain list of them (an array of one dimension). `orderable` tells that every database that has the type
    can order by it, `is_encoded` that a type of the host's own makes something else of what is stored: `holds` is the
    column of what it makes, of the kind `other` where nobody knows, and not `writable` where the type takes no value of
    the kind that is stored either. `notation` is how PostgreSQL writes a network's addresses. A `deferred` column is
    not loaded with its record unless that is asked for.
    """

    name: str
    kind: Kind
    nullable: bool = True
    primary_key: bool = False
    foreign_key: bool = False
    unique: bool = False
    max_length: int | None = None
    precision: int | None = None
    scale: int | None = None
    has_default: bool = False
    default: Any = None
    make_default: Callable[[], Any] | None = None
    choices: tuple[tuple[Any, str], ...] = ()
    writable: bool = True
    timezone: bool = False
    minimum: int | None = None
    maximum: int | None = None
    items: Column | None = None
    orderable: bool = True
    is_encoded: bool = False
    holds: Column | None = None
    notation: str = ""
    deferred: bool = False

    @property
    def compared(self) -> Column:
        """The column as its values are in Python, which they are compared by."""
        return self.holds or self

    @property
    def is_closed(self) -> bool:
        """Whether no control can give the column a value, as nobody knows what its type takes but nothing stored."""
        return self.holds is not None and not self.holds.writable

    @property
    def edited(self) -> Column:
        """The column as a control of a form has its values: as they are in Python, where that is known.

        Of the bounds of what is stored nobody knows what they mean for those.
        """
        held = self.holds
        if held is None or held.kind in (self.kind, Kind.OTHER):
            return self
        free: dict[str, Any] = dict.fromkeys(("max_length", "precision", "scale", "minimum", "maximum", "items"))
        return replace(self, kind=held.kind, choices=held.choices, timezone=held.timezone, notation="", **free)


@dataclass(frozen=True, slots=True)
class Association:
    """A table of pairs of keys: which records of a model (`own`) belong to which of another (`other`)."""

    table: Any
    own: str
    other: str


@dataclass(frozen=True, slots=True)
class Relation:
    """A mapped relationship by its attribute name. `local_columns` are the attribute names of its foreign keys.

    `remote_columns` are what they hold of the target, in the same order. `own_columns` are those of them that neither
    the key nor another relation holds too, or all where none is left; `emptied` are those that are NULL where the
    relation points to nothing.
    One that does not load itself (`lazy="raise"`) has to be read with its record.
    With `deletes_lost`, records that it does not hold any more are deleted.
    `back` is the relation of the target that holds the same pairs the other way round; empty where there is none.
    With an `association` there is no such attribute: the table alone ties the records together, which can be read.
    """

    name: str
    cardinality: Cardinality
    target: type[Any]
    local_columns: tuple[str, ...] = ()
    remote_columns: tuple[str, ...] = ()
    own_columns: tuple[str, ...] = ()
    emptied: tuple[str, ...] = ()
    nullable: bool = True
    writable: bool = True
    loads_itself: bool = True
    association: Association | None = None
    back: str = ""
    deletes_lost: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    """A dotted name resolved against a model: relations to follow, then a column, a relation or an attribute.

    Exactly one of `column`, `relation` and `attribute` is set. `attribute` names a property, a method, a hybrid
    or anything else that only an instance can answer; `stands_for` is the column that SQL asks in its place, if it has
    one (`@renders`). `sortable` tells whether SQL can order by it. `computed` describes what the SQL form of a hybrid
    makes, where its type is known and a condition can compare it.
    """

    text: str
    through: tuple[Relation, ...] = ()
    column: Column | None = None
    relation: Relation | None = None
    attribute: str | None = None
    sortable: bool = False
    stands_for: str | None = None
    computed: Column | None = None

    @property
    def filtered(self) -> Column | Relation | None:
        """What its filters go by; None where SQL has nothing to compare."""
        return self.column or self.relation or self.computed

    @property
    def compared(self) -> Column | None:
        """The column that it ends in, or what is computed like one, as its values are compared."""
        found = self.column or self.computed
        return None if found is None else found.compared

    @property
    def offers_order(self) -> bool:
        """Whether a list may offer to be sorted by it without being told to."""
        return self.sortable and (self.column is None or self.column.orderable)

    @property
    def is_to_many(self) -> bool:
        """Whether one record has several values here."""
        steps = (*self.through, self.relation) if self.relation else self.through
        return any(step.cardinality.is_to_many for step in steps)


@dataclass(frozen=True, slots=True)
class ModelSlot:
    """Stands for a model that is known only when an app is bound: the security manager's attribute of that name."""

    slot: str


def security_model(slot: str) -> ModelSlot:
    """The model that the app's security manager has in this slot.

    Example: `datamodel = SQLAInterface(security_model("user_model"))`.
    """
    return ModelSlot(slot)
