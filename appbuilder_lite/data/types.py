"""What a model is made of, as plain values: kinds of columns, columns, relations and paths."""

from __future__ import annotations

from dataclasses import dataclass
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
    a value in where none is given; `default` is that value where it is a plain Python one. `items` describes the items
    of a plain list of them (an array of one dimension). `orderable` tells that every database that has the type can
    order by it, `is_encoded` that a type of the host's own makes something else of what is stored. A `deferred` column
    is not loaded with its record unless that is asked for.
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
    choices: tuple[tuple[Any, str], ...] = ()
    writable: bool = True
    timezone: bool = False
    minimum: int | None = None
    maximum: int | None = None
    items: Column | None = None
    orderable: bool = True
    is_encoded: bool = False
    deferred: bool = False


@dataclass(frozen=True, slots=True)
class Association:
    """A table of pairs of keys: which records of a model (`own`) belong to which of another (`other`)."""

    table: Any
    own: str
    other: str


@dataclass(frozen=True, slots=True)
class Relation:
    """A mapped relationship by its attribute name. `local_columns` are the attribute names of its foreign keys.

    One that does not load itself (`lazy="raise"`) has to be read with its record.
    With an `association` there is no such attribute: the table alone ties the records together, which can be read.
    """

    name: str
    cardinality: Cardinality
    target: type[Any]
    local_columns: tuple[str, ...] = ()
    nullable: bool = True
    writable: bool = True
    loads_itself: bool = True
    association: Association | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """A dotted name resolved against a model: relations to follow, then a column, a relation or an attribute.

    Exactly one of `column`, `relation` and `attribute` is set. `attribute` names a property, a method, a hybrid
    or anything else that only an instance can answer; `stands_for` is the column that SQL asks in its place, if it has
    one (`@renders`). `sortable` tells whether SQL can order by it.
    """

    text: str
    through: tuple[Relation, ...] = ()
    column: Column | None = None
    relation: Relation | None = None
    attribute: str | None = None
    sortable: bool = False
    stands_for: str | None = None

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
