"""All rows of a query, in stretches by their keys: none is met twice or left out, whatever changes meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa

from appbuilder_lite.data.interface import Stretch
from appbuilder_lite.data.query import Count
from appbuilder_lite.data.sqla_order import Term, stretches
from appbuilder_lite.data.sqla_page import Shape
from appbuilder_lite.data.sqla_paths import Condition
from appbuilder_lite.data.sqla_totals import count_of, counted
from appbuilder_lite.data.sqla_unreadable import read_again
from appbuilder_lite.errors import InvalidInput
from appbuilder_lite.text import gettext


@dataclass(frozen=True, slots=True)
class SQLAWalk:
    """The walk through the rows of a `shape`, whose order is that of the key alone and whose plan has the records."""

    session: Any
    shape: Shape
    fitting: Callable[[], AbstractContextManager[None]]

    def count(self, end: str = "") -> int:
        """How many rows there are, up to the place `end` if there is one."""
        scoped = self.shape.scoped.where(self._up_to(end)) if end else self.shape.scoped
        with self.fitting():
            statement = count_of(self.shape.entity, scoped, Count.EXACT)
            return counted(self.session, self.shape.entity, statement, Count.EXACT, is_whole=False).total

    def end(self) -> str:
        """The place of the last row: what is added behind it later is not met. Empty where there is no row."""
        found = self._fetch(self.shape.reversed(), 1, None)
        return self._place(found[0]) if found else ""

    def stretch(self, after: str, end: str, most: int) -> Stretch:
        """At most so many records after a place (empty: from the first one on), up to the place `end`."""
        within = self._up_to(end)
        if after:
            within = sa.and_(within, sa.or_(*stretches(self.shape.terms, self.shape.values("after", after))))
        found = self._fetch(self.shape, most + 1, within)
        rows, item = found[:most], self.shape.plan.item
        place = self._place(rows[-1]) if rows else after
        return Stretch([row[item] for row in rows], place, len(found) > most)

    def _up_to(self, end: str) -> Condition:
        terms, last = self.shape.terms, self.shape.values("end", end)
        return sa.or_(_at(terms, last), *stretches([term.reversed() for term in terms], last))

    def _fetch(self, shape: Shape, most: int, within: Condition | None) -> Sequence[Any]:
        with self.fitting():
            return read_again(self.session, shape.entity, partial(shape.fetch, self.session, most, stretch=within))

    def _place(self, row: Any) -> str:
        place = self.shape.position(row)
        if not place:
            raise InvalidInput("_all", gettext("The records of this list can only be selected one by one."))
        return place


def _at(terms: Sequence[Term], values: Sequence[Any]) -> Condition:
    """What is true of the row of these values alone."""
    ties = zip(terms, values, strict=True)
    return sa.and_(
        *(
            term.is_empty if value is None else term.value == sa.bindparam(None, value, type_=term.value.type)
            for term, value in ties
        )
    )
