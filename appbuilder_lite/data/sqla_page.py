"""The statement of one page of a list, by its number or from a position on, and what is told of the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from appbuilder_lite.data.keys import InvalidKey
from appbuilder_lite.data.positions import read_position, write_position
from appbuilder_lite.data.query import Certainty, ListQuery, Page
from appbuilder_lite.data.sqla_decorated import readable
from appbuilder_lite.data.sqla_entity import Entity
from appbuilder_lite.data.sqla_list import ListPlan
from appbuilder_lite.data.sqla_order import Term, stretches
from appbuilder_lite.data.sqla_paths import Condition, Joins
from appbuilder_lite.data.sqla_scope import only_keys
from appbuilder_lite.data.sqla_totals import Counted
from appbuilder_lite.errors import InvalidInput
from appbuilder_lite.text import gettext

MakeTerms = Callable[[Joins], Sequence[Term]]
"""The columns of an order; what they need beside the joins that are there is joined to them."""

_MOST = sa.bindparam("ab_most", type_=sa.Integer)
_START = sa.bindparam("ab_start", type_=sa.Integer)


@dataclass(frozen=True, slots=True)
class Shape:
    """How the rows of a page are found: in one go, or (`deferred`) their keys first.

    Sorting and skipping whole rows with all their joins takes ten times as long as doing it with the keys alone.
    What is `kept` are its statements, for a list that is the same for everybody.
    """

    plan: ListPlan
    entity: Entity
    scoped: sa.Select[Any]
    joins: Joins
    terms: Sequence[Term]
    deferred: bool
    kept: dict[bool, sa.Select[Any]] | None = None

    @property
    def has_positions(self) -> bool:
        """Whether a row can be told from all others by where it stands."""
        return self.entity.has_own_key and all(term.column is not None for term in self.terms)

    def reversed(self) -> Shape:
        return replace(self, terms=[term.reversed() for term in self.terms], kept=None)

    def fetch(self, session: Any, most: int, *, start: int = 0, stretch: Condition | None = None) -> Sequence[Any]:
        """At most so many rows, from a number on or of a stretch; positions stand at their ends."""
        return self.plan.fetch(session, self._statement(bool(start), stretch), {_MOST.key: most, _START.key: start})

    def _statement(self, skips: bool, stretch: Condition | None) -> sa.Select[Any]:
        if self.kept is None or stretch is not None:
            return self._made(skips, stretch)
        found = self.kept.get(skips)
        if found is None:
            found = self.kept[skips] = self._made(skips, None)
        return found

    def _made(self, skips: bool, stretch: Condition | None) -> sa.Select[Any]:
        labelled = [self._read(term).label(f"position_{place}") for place, term in enumerate(self.terms)]
        joined = 0 if self.deferred else len(self.plan.joins.steps)
        rows = only_keys(self.entity, self.scoped) if self.deferred else self.plan.rows(self.scoped)
        found = rows.add_columns(*labelled)
        found = self.joins.apply(found, start=joined).order_by(*(term.clause for term in self.terms))
        if stretch is not None:
            found = found.where(stretch)
        found = found.limit(_MOST).offset(_START) if skips else found.limit(_MOST)
        return self._shown(found.subquery()) if self.deferred else found

    def _read(self, term: Term) -> Any:
        """What is selected of a term. It is read as it is stored where nobody needs it, so that no type can fail."""
        return readable(term.value) if self.has_positions else sa.type_coerce(term.value, sa.types.NullType())

    def _shown(self, keys: Any) -> sa.Select[Any]:
        """What a list shows of the rows whose keys were found."""
        found, positions = keys.c[: self.plan.width], keys.c[self.plan.width :]
        own = self.entity.key_attributes(self.entity.model)
        tied = sa.and_(*(one == other for one, other in zip(own, found, strict=True)))
        ways = zip(self.terms, positions, strict=True)
        clauses = [column.desc() if term.descending else column.asc() for term, column in ways]
        return self.plan.rows_of(keys, tied).add_columns(*positions).order_by(*clauses)

    def position(self, row: Any) -> str:
        """Where a row stands; empty where that cannot be said."""
        if not self.has_positions:
            return ""
        return write_position(row[-len(self.terms) :], [term.column for term in self.terms if term.column is not None])

    def values(self, name: str, text: str) -> Sequence[Any]:
        """The values of a position; raises `InvalidInput`."""
        try:
            return read_position(text, [term.column for term in self.terms if term.column is not None])
        except InvalidKey as error:
            raise InvalidInput(name, gettext("This is no place in the list.")) from error


def is_skipping(query: ListQuery) -> bool:
    """Whether rows are passed over by their number."""
    return query.page > 1 and not (query.after or query.before)


def shape_of(
    plan: ListPlan,
    entity: Entity,
    scoped: sa.Select[Any],
    query: ListQuery,
    make_terms: MakeTerms,
    *,
    kept: dict[bool, sa.Select[Any]] | None = None,
) -> Shape:
    """How a page of this query is found."""
    deferred = entity.has_own_key and bool(plan.joins.steps) and (is_skipping(query) or bool(query.order))
    joins = Joins(entity.model) if deferred else plan.joins.copy()
    return Shape(plan, entity, scoped, joins, make_terms(joins), deferred, kept)


class PageReader:
    """Reads one page: its rows, and one more that tells whether the list goes on.

    Rows are counted where that is not told by those that were read.
    """

    def __init__(self, session: Any, shape: Shape, query: ListQuery, count: Callable[[], Counted]) -> None:
        self.session = session
        self.shape = shape
        self.query = query
        self._count = count

    @cached_property
    def counted(self) -> Counted:
        """How many rows there are, counted once."""
        return self._count()

    def read(self) -> Page:
        """The page. One by a position that has lost its rows is the nearest that has some."""
        query = self.query
        if self.shape.has_positions and query.after:
            return self._after(self.shape.values("after", query.after))
        if self.shape.has_positions and query.before:
            return self._before(self.shape.values("before", query.before))
        return self._numbered(query.page)

    def _numbered(self, number: int) -> Page:
        start = (number - 1) * self.query.page_size
        if start and not self.counted.may_have(start):
            return Page((), self.counted.total, self.query, certainty=self.counted.certainty)
        found, has_next = self._fetch(self.shape, start=start)
        is_end = not has_next and (found or not start)
        counted = Counted(start + len(found), Certainty.EXACT) if is_end else self.counted
        return self._page(found, counted, start, has_previous=start > 0, has_next=has_next)

    def _after(self, values: Sequence[Any]) -> Page:
        found, has_next = self._fetch(self.shape, values)
        if not found:
            return self._last()
        start = (self.query.page - 1) * self.query.page_size
        if self.counted.certainty is Certainty.EXACT:
            # Rows may have come and gone since the page before this one was shown.
            last = max(0, self.counted.total - len(found) - has_next)
            start = min(start, last) if has_next else last
        return self._page(found, self.counted, start, has_previous=True, has_next=has_next)

    def _before(self, values: Sequence[Any]) -> Page:
        found, has_previous = self._fetch(self.shape.reversed(), values)
        if len(found) < self.query.page_size:
            return self._numbered(1)
        start = (self.query.page - 1) * self.query.page_size if has_previous else 0
        if self.counted.certainty is Certainty.EXACT:
            start = min(start, max(0, self.counted.total - len(found) - 1))
        return self._page(found[::-1], self.counted, start, has_previous=has_previous, has_next=True)

    def _last(self) -> Page:
        """The rows at the end of the list."""
        found, has_previous = self._fetch(self.shape.reversed())
        known = self.counted.certainty is Certainty.EXACT
        total = self.counted.total if known else (self.query.page - 1) * self.query.page_size
        start = max(0, total - len(found)) if has_previous else 0
        return self._page(found[::-1], self.counted, start, has_previous=has_previous, has_next=False)

    def _fetch(self, shape: Shape, values: Sequence[Any] | None = None, start: int = 0) -> tuple[Sequence[Any], bool]:
        """The rows, and whether there are more of them; it takes two statements where rows without a value begin."""
        size, found = self.query.page_size, list[Any]()
        for stretch in [None] if values is None else stretches(shape.terms, values):
            found += shape.fetch(self.session, size + 1 - len(found), start=start, stretch=stretch)
            if len(found) > size:
                break
        return found[:size], len(found) > size

    def _page(self, found: Sequence[Any], counted: Counted, start: int, *, has_previous: bool, has_next: bool) -> Page:
        shown = start + len(found) + has_next
        return Page(
            self.shape.plan.made_of(self.session, found),
            counted.total if counted.certainty is Certainty.EXACT else max(counted.total, shown),
            self.query,
            certainty=counted.certainty,
            start=start,
            has_previous=has_previous,
            has_next=has_next,
            head=self.shape.position(found[0]) if has_previous and found else "",
            tail=self.shape.position(found[-1]) if has_next else "",
        )
