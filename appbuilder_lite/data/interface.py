"""The protocol of a data source: what the use-cases ask of it, whatever stands behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from appbuilder_lite.data.query import Facet, ListQuery, Page, RelatedValue, Row, Sum
from appbuilder_lite.data.types import Column, Path, Relation

Scope = Callable[[Any], Any]
"""Narrows a `select()` to the rows that somebody may see: takes the statement, returns a narrower one."""


def both(first: Scope, second: Scope) -> Scope:
    """The rows that are in two scopes."""
    return lambda query: second(first(query))


class UnknownPath(LookupError):
    """A dotted name leads nowhere; `part` is the piece that is missing, `known` what there is instead."""

    def __init__(self, path: str, part: str, owner: str, known: Sequence[str]) -> None:
        super().__init__(f"{owner} has no column or relation {part!r}")
        self.path = path
        self.part = part
        self.owner = owner
        self.known = tuple(known)


@dataclass(frozen=True, slots=True)
class Claimed:
    """What locking records has found: those that somebody has `changed` since they were read, and what is `gone`."""

    changed: Sequence[Any] = ()
    gone: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some of the records of a walk, the place of the last one, and whether there are more."""

    items: Sequence[Any]
    place: str
    has_more: bool


class Walk(Protocol):
    """A way through all records of a query, in the order of their keys, whatever is changed on the way."""

    def count(self, end: str = "") -> int:
        """How many records there are, up to the place `end` if there is one."""

    def end(self) -> str:
        """The place of the last one; empty where there is none."""

    def stretch(self, after: str, end: str, most: int) -> Stretch:
        """At most so many records after a place (empty: from the first one on), up to the place `end`."""


class Whole(Protocol):
    """All rows of a list, in its order, as they were found."""

    @property
    def count(self) -> int:
        """How many rows there are; one more than `most` where there are more than that."""

    @property
    def most(self) -> int: ...

    def batches(self) -> Iterator[Sequence[Row]]:
        """The rows, some hundred at a time, with a constant number of statements for each batch."""


class Described(Protocol):
    """A model and what it is made of."""

    @property
    def model(self) -> type[Any]: ...

    @property
    def name(self) -> str:
        """The model's class name."""

    @property
    def columns(self) -> Mapping[str, Column]:
        """The mapped columns by attribute name, in the model's order."""

    @property
    def relations(self) -> Mapping[str, Relation]: ...

    @property
    def key_columns(self) -> tuple[str, ...]:
        """Attribute names of the primary key; empty where the model has none that can be used."""

    @property
    def is_read_only(self) -> bool:
        """Whether nothing tells the records apart for sure, so that they are only listed and shown."""

    @property
    def lacking(self) -> frozenset[str]:
        """Logical names (`username`, ...) of a stock view that this model has no column for."""

    def path(self, text: str) -> Path:
        """Resolve a dotted name; raises `UnknownPath`. A logical name comes back as the model's own (`Path.text`)."""


class Listed(Described, Protocol):
    """Reads many records of a model at once, within a scope."""

    def compile_list(
        self,
        columns: Sequence[str],
        eager: Sequence[str] = (),
        *,
        label_columns_of: Mapping[str, Sequence[str]] | None = None,
        with_items: bool = False,
    ) -> Any:
        """Make the kept statement of a list that shows these paths. The result is passed to `list`.

        `with_items` puts the records themselves into `Row.item`.

        `eager` names relations that the related records' `__str__` follows. `label_columns_of` names, by relation,
        the columns that make its label, so that no entity is loaded: `{"customer": ("first", "last")}`.
        """

    def list(self, plan: Any, query: ListQuery, scope: Scope, search_columns: Sequence[str]) -> Page:
        """One page within the scope: one statement for the rows, one for the count, one per to-many column."""

    def head(self, plan: Any, query: ListQuery, scope: Scope, search_columns: Sequence[str]) -> Sequence[Row]:
        """The first `page_size` rows within the scope, in one statement if no path is to-many, and without a count."""

    def either(self, scopes: Sequence[Scope]) -> Scope:
        """A scope of the rows that at least one of these scopes has."""

    def plain(self, scope: Scope) -> Scope:
        """The same rows, by a scope that only adds conditions and joins: one that groups or limits is so by itself."""

    def sums(
        self, plan: Any, query: ListQuery, scope: Scope, search_columns: Sequence[str], columns: Sequence[str]
    ) -> Mapping[str, Sum]:
        """What columns of numbers add up to over all rows within the scope; nothing of those without a value."""

    def facet(self, plan: Any, query: ListQuery, scope: Scope, search_columns: Sequence[str], column: str) -> Facet:
        """How many rows within the scope hold what in a column or a relation; looks at a bounded number of them."""

    def walk(self, query: ListQuery, scope: Scope, search_columns: Sequence[str]) -> Walk | None:
        """The way through all records of a query, whatever its page and order; None where keys have no such order."""

    def whole(self, plan: Any, query: ListQuery, scope: Scope, search_columns: Sequence[str], most: int) -> Whole:
        """All rows of a query within the scope, whatever its page; of more than `most` nothing but that is known.

        Fewer are too many where their keys do not tell them apart.
        """


class DataModel(Listed, Protocol):
    """Reads and writes the records of one model. Bound to one app; holds no state of a request."""

    def get(self, key: str, scope: Scope, eager: Sequence[str] = ()) -> Any | None:
        """The record of an encoded key within the scope, or None; a key that cannot be one is None too."""

    def get_many(self, keys: Sequence[str], scope: Scope) -> Mapping[str, Any]:
        """The records by encoded key, of those keys that exist within the scope."""

    def get_doomed(self, keys: Sequence[str], scope: Scope) -> Mapping[str, Any]:
        """The same, with all that deleting them would otherwise read record by record."""

    def version(self, item: Any) -> Any:
        """The version of a record, where its model keeps one; else None."""

    def reread(self, item: Any, names: Iterable[str]) -> frozenset[str]:
        """Lock a record that is about to be written, read it again; the attributes that hold another value than before.

        Raises `WriteFailed` where it is gone.
        """

    def claim(self, items: Sequence[Any], names: Iterable[str]) -> Claimed:
        """Lock records, read these attributes again, and tell which have changed meanwhile, and which are gone."""

    def mark_changed(self, item: Any, names: Iterable[str]) -> None:
        """Make the next flush write these columns though the values may look the same to Python; None is NULL."""

    def unlink(self, item: Any, relation: str) -> None:
        """Let a relation to one record point to nothing; what the key or another relation holds too stays."""

    def new(self) -> Any:
        """A new record that is not in the session yet."""

    def encode_key(self, item: Any) -> str:
        """The record's key as one URL segment."""

    def name_of(self, item: Any) -> str:
        """What a record, of this model or a related one, is called; never empty, whatever its `__str__` does."""

    def value(self, item: Any, path: str) -> Any:
        """What a path holds on a loaded record, in the shape that `Row.values` describes."""

    def first_held(self, item: Any, relation: str, most: int) -> tuple[Sequence[Any], bool]:
        """Up to `most` records that a relation of a record to several holds, and whether there are more."""

    def choices(
        self, relation: str, scope: Scope, *, limit: int, eager: Sequence[str] = (), details: Sequence[str] = ()
    ) -> tuple[Sequence[RelatedValue], bool]:
        """Up to `limit` records that a relation can point to, and whether there are more.

        `eager` names relations of theirs that their `__str__` follows, `details` columns of theirs that may tell those
        of the same name apart.
        """

    def look_up(
        self, relation: str, query: ListQuery, scope: Scope, search_columns: Sequence[str], eager: Sequence[str] = ()
    ) -> tuple[Sequence[RelatedValue], bool]:
        """One page of the records that a relation can point to, and whether there are more.

        `query` has the words that they must hold in `search_columns` (paths of the related model), their order, and
        the page. Raises `InvalidInput` where the words fit no column.
        """

    def related(self, relation: str, keys: Sequence[str], scope: Scope) -> Mapping[str, Any]:
        """The records of a relation's target by encoded key, of those keys that exist within the scope."""

    def savepoint(self) -> AbstractContextManager[Any]:
        """A transaction inside the session's own: all that is written inside lands or is undone together.

        Leaving it normally flushes and commits the session; an exception rolls back to the savepoint only.
        A refusal of the database comes out as `WriteFailed`.
        """

    def attempt(self) -> AbstractContextManager[Any]:
        """Work that commits by itself: an exception undoes what it had not committed, and nothing from before.

        A refusal of the database comes out as `WriteFailed`.
        """

    def part(self) -> AbstractContextManager[Any]:
        """A part of an `attempt`: an exception undoes this part alone. A refusal of the database is `WriteFailed`.

        Raises `TransactionEnded` where there is no way back to before this part alone.
        """

    def unsent(self) -> AbstractContextManager[Any]:
        """What is changed inside is sent to the database later, whatever is asked of it meanwhile."""

    def rollback(self) -> None:
        """Undo everything that is not committed; the session can be used again."""

    def add(self, item: Any) -> None: ...

    def delete(self, item: Any) -> None: ...

    def delete_all(self, items: Iterable[Any]) -> bool:
        """Delete these records and flush; raises `WriteFailed` where one cannot go, and none of them goes."""

    def flush(self) -> None:
        """Send what is pending; raises `WriteFailed`."""
