"""What is asked of a list, and what comes back: frozen values that any surface can make and read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Order:
    """One column to sort by."""

    path: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Belonging:
    """The records whose relation points to one other record, by its encoded key."""

    relation: str
    key: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A column compared with values, all as an address has them: `total__gte=10` is ("total", "gte", ("10",))."""

    path: str
    operator: str
    values: tuple[str, ...]

    @property
    def parameter(self) -> str:
        """What it is called in an address."""
        return f"{self.path}__{self.operator}"


class Count(StrEnum):
    """How the rows of a list are counted; `MOST` are counted where it is capped."""

    EXACT = "exact"
    CAPPED = "capped"
    ESTIMATED = "estimated"
    NONE = "none"


class Certainty(StrEnum):
    """What a number of rows is: `MORE` is more than that, `LEAST` at least that many, for they were not counted."""

    EXACT = "exact"
    MORE = "more"
    ABOUT = "about"
    LEAST = "least"


MOST = 10_000
"""Rows that are counted where a count is capped."""


@dataclass(frozen=True, slots=True)
class ListQuery:
    """One page of a list: words to search for, order, the page (from 1) of so many rows, and the columns shown.

    No columns are those that the list shows by itself. `belongings` narrow it to the records of other records,
    `comparisons` by its columns; all of them have to hold. The page begins `after` a position in the order, or ends
    `before` it, where one is given; `page` is then only what the page is called.
    """

    search: str = ""
    order: tuple[Order, ...] = ()
    page: int = 1
    page_size: int = 25
    columns: tuple[str, ...] = ()
    belongings: tuple[Belonging, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    after: str = ""
    before: str = ""
    count: Count = Count.EXACT

    def from_start(self) -> ListQuery:
        """The same on its first page."""
        return replace(self, page=1, after="", before="")


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a list: its encoded key (empty where all of it is NULL) and its values as the plan's columns are.

    A value is what the column holds; of a to-one relation `RelatedValue`; of a to-many path `Several` of them.
    `item` is the entity where the plan selects it, else None.
    """

    key: str
    values: tuple[Any, ...]
    item: Any = None


@dataclass(frozen=True, slots=True)
class RelatedValue:
    """A related record as a list shows it: its encoded key and its name."""

    key: str
    text: str


class Several(tuple[Any, ...]):
    """The values of a to-many column, at most `SHOWN` of them; `more` counts those that were left out."""

    SHOWN = 20
    more: int

    def __new__(cls, values: Iterable[Any] = (), more: int = 0) -> Several:
        made = super().__new__(cls, values)
        made.more = more
        return made


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one page, how many there are in all pages, and the columns that the rows' values follow.

    `total` is what `certainty` says of it. `start` rows come before these, and `has_next` tells whether there are some
    after them; `head` and `tail` are the positions of the first and the last one, empty where they have none.
    """

    rows: Sequence[Row]
    total: int
    query: ListQuery
    columns: tuple[str, ...] = ()
    certainty: Certainty = Certainty.EXACT
    start: int = 0
    has_previous: bool = False
    has_next: bool = False
    head: str = ""
    tail: str = ""

    @property
    def pages(self) -> int | None:
        """Number of pages, at least 1; None where it is not known."""
        return max(1, -(-self.total // self.query.page_size)) if self.certainty is Certainty.EXACT else None

    @property
    def reach(self) -> int:
        """The last page that can be asked for by its number; 0 where nobody knows how far that is."""
        is_known = self.certainty in (Certainty.EXACT, Certainty.MORE)
        return max(1, -(-self.total // self.query.page_size)) if is_known else 0

    @property
    def number(self) -> int:
        """Which page this is, from 1; where rows came and went since the one before it, as good as can be told."""
        return -(-self.start // self.query.page_size) + 1

    @property
    def first(self) -> int:
        """Number of this page's first row, from 1; 0 where there is none."""
        return self.start + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """Number of this page's last row."""
        return self.start + len(self.rows)
