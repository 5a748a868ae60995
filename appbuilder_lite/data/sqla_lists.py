"""The lists of a model: pages, sums, and the way through all rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa

from appbuilder_lite.data.interface import Scope
from appbuilder_lite.data.query import Count, Facet, ListQuery, Order, Page, Row, Sum
from appbuilder_lite.data.sqla_bound import BoundModel
from appbuilder_lite.data.sqla_errors import fitting
from appbuilder_lite.data.sqla_facets import facet
from appbuilder_lite.data.sqla_list import ListPlan, compile_plan
from appbuilder_lite.data.sqla_order import Term, terms_of
from appbuilder_lite.data.sqla_page import PageReader, Shape, is_skipping, shape_of
from appbuilder_lite.data.sqla_paths import Joins, reads
from appbuilder_lite.data.sqla_scope import either, plain, scoped_keys
from appbuilder_lite.data.sqla_search import matches
from appbuilder_lite.data.sqla_sums import sums
from appbuilder_lite.data.sqla_totals import Counted, count_of, counted
from appbuilder_lite.data.sqla_unreadable import read_again, reading
from appbuilder_lite.data.sqla_walk import SQLAWalk
from appbuilder_lite.data.sqla_whole import SQLAWhole, find_whole


class SQLALists(BoundModel):
    """Reads many records of a model at once, within a scope."""

    def compile_list(
        self,
        columns: Sequence[str],
        eager: Sequence[str] = (),
        *,
        label_columns_of: Mapping[str, Sequence[str]] | None = None,
        with_items: bool = False,
    ) -> ListPlan:
        """Make the kept statement of a list that shows these paths, and with `with_items` has the records too."""
        paths = [self.path(text) for text in columns]
        labels = {self.path(text).text: names for text, names in (label_columns_of or {}).items()}
        chains = [self.path(text).text for text in eager]
        return compile_plan(self.entity, paths, chains, labels, with_items=with_items)

    def list(self, plan: ListPlan, query: ListQuery, scope: Scope, search_columns: Sequence[str]) -> Page:
        """One page within the scope. A page beyond the last has no rows and the right total.

        Raises `InvalidInput` where the database, or a column's type, cannot take what people search or filter for.
        """
        given = {"filters": query.compared, "search": query.search, "after": query.after, "before": query.before}
        with fitting(next((name for name, value in given.items() if value), ""), self.rollback):
            return self._page(plan, query, scope, search_columns)

    @reading
    def _page(self, plan: ListPlan, query: ListQuery, scope: Scope, search_columns: Sequence[str]) -> Page:
        scoped = self._narrowed(plan, query, scope, search_columns)
        shape = self._shape(plan, scoped, query)
        return PageReader(self.session, shape, query, partial(self._counted, plan, scoped, query.count)).read()

    @reading
    def head(self, plan: ListPlan, query: ListQuery, scope: Scope, search_columns: Sequence[str]) -> Sequence[Row]:
        """The first `page_size` rows within the scope, not counted."""
        scoped = self._narrowed(plan, query, scope, search_columns)
        found = self._shape(plan, scoped, query).fetch(self.session, query.page_size)
        return plan.made_of(self.session, found)

    def either(self, scopes: Sequence[Scope]) -> Scope:
        """A scope of the rows that at least one of these scopes has."""
        return either(self.entity, scopes)

    def plain(self, scope: Scope) -> Scope:
        """The same rows, by a scope that only adds conditions and joins."""
        return plain(self.entity, scope)

    @reading
    def sums(
        self, plan: ListPlan, query: ListQuery, scope: Scope, search_columns: Sequence[str], columns: Sequence[str]
    ) -> Mapping[str, Sum]:
        """What columns add up to over all rows within the scope that the search finds, in one statement."""
        scoped = self._narrowed(plan, query, scope, search_columns)
        return sums(self.session, self.entity, scoped, [self.path(text) for text in columns])

    def facet(
        self, plan: ListPlan, query: ListQuery, scope: Scope, search_columns: Sequence[str], column: str
    ) -> Facet:
        """The rows within the scope that the search finds, by what they hold in a column or a relation: one statement.

        Raises `InvalidInput` where a value fits no column.
        """
        path = self.path(column)
        target = None if path.relation is None else self._entity_of(path.relation.target)
        with fitting("filters" if query.compared else "search" if query.search else "", self.rollback):
            scoped = self._narrowed(plan, query, scope, search_columns)
            return read_again(
                self.session, self.entity, partial(facet, self.session, self.entity, scoped, path, target)
            )

    def walk(self, query: ListQuery, scope: Scope, search_columns: Sequence[str]) -> SQLAWalk | None:
        """The way through all records of a query, by their keys; None where these cannot be written as places."""
        plan, asked = self.compile_list((), with_items=True), query.unordered()
        scoped = self._narrowed(plan, asked, scope, search_columns)
        shape = shape_of(plan, self.entity, scoped, asked, partial(self._terms, ()))
        name = "filters" if query.compared else "search" if query.search else ""
        return SQLAWalk(self.session, shape, partial(fitting, name, self.rollback)) if shape.has_positions else None

    def whole(
        self, plan: ListPlan, query: ListQuery, scope: Scope, search_columns: Sequence[str], most: int
    ) -> SQLAWhole:
        """All rows of a query in its order, whatever its page; of more than `most` nothing but that is known."""
        scoped, asked = self._narrowed(plan, query, scope, search_columns), query.from_start()

        def shape(of: ListPlan) -> Shape:
            return shape_of(of, self.entity, scoped, asked, partial(self._terms, asked.order))

        with fitting("filters" if query.compared else "search" if query.search else "", self.rollback):
            find = partial(find_whole, self.session, plan, self.compile_list(()), shape, most)
            return read_again(self.session, self.entity, find)

    def within(self, query: Any, scope: Scope) -> sa.Select[Any]:
        """Somebody's own statement on this model, whatever it joins or counts, narrowed to the rows of a scope.

        Raises `ValueError` where it does not select from the model itself, as an alias would go unnarrowed; and of a
        model without a key of its own, whose rows nothing tells apart.
        """
        if not isinstance(query, sa.Select) or not reads(query, self.entity.mapper.local_table):
            fix = f"write select(...).select_from({self.name})"
            raise ValueError(f"The statement does not select from {self.name}, so its rows cannot be narrowed: {fix}")
        own = sa.select(*self.entity.key_attributes(self.model)).select_from(self.model)
        # The scope is asked for keys alone, as in a list: on a statement with joins, `filter_by` means another table.
        scoped = self.plain(scope)(own)
        if scoped is own and not self.entity.mapper.single:
            return query
        if not self.entity.has_own_key:
            raise ValueError(f"{self.name} has no key of its own: put the condition into the statement itself")
        return query.where(self.entity.has_key_in(self.model, scoped.correlate(None)))

    def _narrowed(self, plan: ListPlan, query: ListQuery, scope: Scope, search_columns: Sequence[str]) -> Any:
        """The keys within the scope that the search finds."""
        scoped = scoped_keys(self.entity, plan.base, scope)
        if not query.search:
            return scoped
        return scoped.where(matches(self.model, query.search, [self.path(text) for text in search_columns]))

    def _counted(self, plan: ListPlan, scoped: Any, how: Count) -> Counted:
        is_whole, make = scoped is plan.base, partial(count_of, self.entity, scoped, how)
        statement = plan.keep(("count", how), make) if is_whole else make()
        return counted(self.session, self.entity, statement, how, is_whole=is_whole)

    def _shape(self, plan: ListPlan, scoped: Any, query: ListQuery) -> Shape:
        """How a page of this query is found; what the app's own code makes of an order may differ with who asks."""
        if scoped is not plan.base or any(self.path(order.path).column is None for order in query.order):
            return shape_of(plan, self.entity, scoped, query, partial(self._terms, query.order))
        make = partial(shape_of, plan, self.entity, scoped, query, partial(self._terms, query.order), kept={})
        name = (query.order, is_skipping(query), self._dialect().name)
        shape: Shape = plan.keep(name, make)
        return shape

    def _terms(self, orders: Sequence[Order], joins: Joins) -> Sequence[Term]:
        return terms_of(self.entity, self.path, joins, orders, self._dialect().name)
