"""What is asked of a list, and what comes back: frozen values that any surface can make and read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, NamedTuple


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


Filter = Belonging | Comparison


@dataclass(frozen=True, slots=True)
class Group:
    """Filters of which one is enough; `number` is what addresses call it by: `or.1.city__eq=Rome`."""

    number: int
    alternatives: tuple[Filter, ...]

    def blocks(self) -> list[list[Filter]]:
        """The alternatives one by one, but the two ends of a range of a column together."""
        found: dict[tuple[Filter | str, str], list[Filter]] = {}
        for one in self.alternatives:
            is_end = isinstance(one, Comparison) and one.operator in _ENDS
            found.setdefault((column_of(one), "range") if is_end else (one, ""), []).append(one)
        return list(found.values())


def column_of(one: Filter) -> str:
    """The column or the relation that a filter is about."""
    return one.path if isinstance(one, Comparison) else one.relation


def fault_place(one: Filter, number: int = 0) -> str:
    """What a message about a filter is kept by; of several in the group of a number by the value, too."""
    name = one.parameter if isinstance(one, Comparison) else one.relation
    value = one.values[0] if isinstance(one, Comparison) else one.key
    return f"or.{number}.{name}={value}" if number else name


_ENDS = ("gte", "lte")


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
    `comparisons` by its columns; all of them have to hold, or one of them where it is to `match_any`. Of each of the
    `groups` one has to hold in any case. `tab` is the part
    of the list that is shown, by name. The page begins `after` a position in the order, or ends `before` it, where one
    is given; `page` is then only what the page is called. With `sums` it is asked what the columns add up to.
    """

    search: str = ""
    order: tuple[Order, ...] = ()
    page: int = 1
    page_size: int = 25
    columns: tuple[str, ...] = ()
    belongings: tuple[Belonging, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    groups: tuple[Group, ...] = ()
    after: str = ""
    before: str = ""
    tab: str = ""
    sums: bool = False
    match_any: bool = False
    count: Count = Count.EXACT

    @property
    def compared(self) -> dict[str, Comparison]:
        """All comparisons, those of groups too, by what messages about them are kept by."""
        return {fault_place(one, number): one for number, one in self.numbered if isinstance(one, Comparison)}

    @property
    def numbered(self) -> list[tuple[int, Filter]]:
        """All filters, each with the number of its group, 0 for none."""
        plain: tuple[Filter, ...] = (*self.belongings, *self.comparisons)
        return [
            *((0, one) for one in plain),
            *((group.number, one) for group in self.groups for one in group.alternatives),
        ]

    def from_start(self) -> ListQuery:
        """The same on its first page."""
        return replace(self, page=1, after="", before="")

    def unordered(self) -> ListQuery:
        """The same rows, all of them, in the order of their keys."""
        return replace(self.from_start(), order=())


def together(comparisons: Iterable[Comparison]) -> list[list[Comparison]]:
    """The comparisons one by one, but the two ends of a range of a column together."""
    found: dict[tuple[str, str], list[Comparison]] = {}
    for one in comparisons:
        end = "range" if one.operator in _ENDS else one.operator
        found.setdefault((one.path, end), []).append(one)
    return list(found.values())


class Row(NamedTuple):
    """One record of a list: its encoded key (empty where all of it is NULL) and its values as the plan's columns are.

    A value is what the column holds; of a to-one relation `RelatedValue`; of a to-many path `Several` of them.
    `item` is the entity where the plan selects it, else None. Where it `has_failed`, one of the values is `Failed`.
    """

    key: str
    values: tuple[Any, ...]
    item: Any = None
    has_failed: bool = False


@dataclass(frozen=True, slots=True)
class RelatedValue:
    """A related record as a list shows it: its encoded key and its name.

    `detail` tells it apart from others of that name, among which it is offered.
    """

    key: str
    text: str
    detail: str = ""


class Several(tuple[Any, ...]):
    """The values of a to-many column, at most `SHOWN` of them; `more` counts those that were left out."""

    SHOWN = 20
    more: int

    def __new__(cls, values: Iterable[Any] = (), more: int = 0) -> Several:
        made = super().__new__(cls, values)
        made.more = more
        return made


@dataclass(frozen=True, slots=True)
class Sum:
    """A column over all rows of a list that have a value there: the sum, and the average."""

    total: Any
    average: Any


@dataclass(frozen=True, slots=True)
class Facet:
    """The number of rows by what they hold: a value, the encoded key of a record, or None.

    Where it is not `whole`, rows were left that nobody has looked at.
    """

    counts: Mapping[Any, int]
    whole: bool


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
