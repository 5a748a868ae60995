"""What a person may read of one resource: its lists, and its records by their keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property, lru_cache, reduce
from typing import Any

from appbuilder_lite.data.filters import scope_of
from appbuilder_lite.data.interface import DataModel, Scope, Walk, Whole, both
from appbuilder_lite.data.query import Facet, ListQuery, Order, Page, Sum
from appbuilder_lite.errors import InvalidFilters, InvalidInput, NotFound
from appbuilder_lite.resource.declaration import ResourceDeclaration
from appbuilder_lite.resource.narrowing import comparing
from appbuilder_lite.resource.options import Columns, ResourceOptions, on_page
from appbuilder_lite.resource.policy import Policy, WritePolicy
from appbuilder_lite.text import gettext

KEPT_PLANS = 64
"""Sets of columns whose list statement a resource keeps; people may choose any, in any order."""


class Reader:
    """Reads the records of one view; holds no state of a request.

    `hooks` is the view instance, or any object with the hooks of `ResourceDeclaration`.
    """

    def __init__(self, datamodel: DataModel, options: ResourceOptions, hooks: Any) -> None:
        self.datamodel = datamodel
        self.options = options
        self.hooks = hooks
        self._formatted = on_page(options, "list").formatters
        self._plan = lru_cache(KEPT_PLANS)(self._make_plan)

    def columns(self, action: str, policy: Policy) -> tuple[str, ...]:
        """The columns of `list`, `show`, `add` or `edit` that the person may meet."""
        columns: tuple[str, ...] = getattr(self.options, f"{action}_columns")
        return tuple(name for name in columns if policy.can_access_field(name, action))

    def scope(self, policy: Policy) -> Scope:
        """Narrows a `select()` to the base filters and to what the person may see; for one request."""
        return self.datamodel.plain(both(scope_of(self.options.base_filters), policy.scope))

    def scoped(self, query: Any, policy: Policy) -> Any:
        """A `select()` of this model narrowed to what the person may see."""
        return self.scope(policy)(query)

    def list(self, query: ListQuery, policy: Policy, within: Scope | None = None, *, with_items: bool = False) -> Page:
        """One page of what the person may see, with those of the query's columns that the person meets.

        `within` narrows it further, as to the records that belong to another one. `with_items` brings the records
        themselves along, in the same statement.
        """
        visible = self.listed(query.columns, policy)
        self._check_order(query, policy)
        asked = self._asked(query, policy)
        narrowed = self.narrowed(query, policy, within)
        plan = self._plan(visible, with_items=with_items)
        with _told_of_all(query):
            page = self.datamodel.list(plan, asked, narrowed, self.searched(policy))
        if not self._tells(query.order or self.options.base_order, policy):
            page = replace(page, head="", tail="")
        return replace(page, query=query, columns=visible)

    def whole(self, query: ListQuery, policy: Policy, within: Scope | None, most: int) -> tuple[Columns, Whole]:
        """All rows of a list, whatever its page, and the columns that their values follow."""
        visible = self.listed(query.columns, policy)
        self._check_order(query, policy)
        asked, narrowed = self._asked(query, policy), self.narrowed(query, policy, within)
        with _told_of_all(query):
            found = self.datamodel.whole(
                self._plan(visible, with_items=False), asked, narrowed, self.searched(policy), most
            )
        return visible, found

    def listed(self, wanted: Sequence[str], policy: Policy) -> Columns:
        """Those of the wanted columns that the person meets in a list; where there is none, those of the list."""
        chosen = tuple(name for name in wanted if policy.can_access_field(name, "list"))
        return chosen or self.columns("list", policy)

    def walk(self, query: ListQuery, policy: Policy, within: Scope) -> Walk | None:
        """The way through all that the list of a query shows, whatever its page; None where there is none."""
        return self.datamodel.walk(query, self.narrowed(query, policy, within), self.searched(policy))

    @cached_property
    def can_walk(self) -> bool:
        """Whether there is a way through all that a list shows."""
        return self.datamodel.walk(ListQuery(), lambda query: query, ()) is not None

    def narrowed(self, query: ListQuery, policy: Policy, within: Scope | None = None) -> Scope:
        """What the person may see of what a query asks for, but for its search; `within` narrows it further."""
        part = scope_of(self.options.list_tabs[query.tab].filters if query.tab else ())
        asked = comparing(query, self.options, policy, self.datamodel, within)
        return reduce(both, map(self.datamodel.plain, (part, *asked)), self.scope(policy))

    def sums(self, query: ListQuery, policy: Policy, within: Scope | None = None) -> Mapping[str, Sum]:
        """What the columns of `list_sums` that the person meets add up to, over all pages of a list."""
        columns = [name for name in self.options.list_sums if policy.can_access_field(name, "list")]
        if not columns:
            return {}
        plan, narrowed = self._plan((), with_items=False), self.narrowed(query, policy, within)
        return self.datamodel.sums(plan, query, narrowed, self.searched(policy), columns)

    def facet(self, column: str, query: ListQuery, policy: Policy, within: Scope | None = None) -> Facet:
        """How many records of a list hold what in a column or a relation."""
        plan, narrowed = self._plan((), with_items=False), self.narrowed(query, policy, within)
        return self.datamodel.facet(plan, query, narrowed, self.searched(policy), column)

    def searched(self, policy: Policy) -> tuple[str, ...]:
        """The columns that a search of this person looks into."""
        return tuple(name for name in self.options.search_columns if policy.can_access_field(name, "list"))

    def get(self, key: str, policy: Policy, columns: Sequence[str] = ()) -> Any:
        """The record of an encoded key, with the to-one relations and deferred ones of `columns`; raises `NotFound`."""
        item = self.datamodel.get(key, self.scope(policy), self._read_with(columns))
        if item is None:
            raise NotFound(gettext("This %(noun)s does not exist or was deleted", noun=self.options.noun))
        return item

    def get_for(self, action: str, key: str, policy: WritePolicy, columns: Sequence[str] = ()) -> Any:
        """The same, to `edit` or `delete` it; raises what the policy refuses a record with, too."""
        item = self.get(key, policy, columns)
        policy.check_item(action, item)
        return item

    def get_to_copy(self, key: str, policy: Policy) -> Any:
        """The same, with what a duplicate of it takes over; raises `NotFound`."""
        return self.get(key, policy, self.options.duplicate_columns)

    def get_many(self, keys: Sequence[str], policy: Policy) -> Sequence[Any]:
        """The records of these keys, each once and in their order; raises `NotFound` if one is missing."""
        wanted = dict.fromkeys(keys)
        found = self.datamodel.get_many(list(wanted), self.scope(policy))
        if wanted.keys() - found.keys():
            raise NotFound(gettext("A %(noun)s does not exist or was deleted", noun=self.options.noun))
        return [found[key] for key in wanted]

    def holds(self, item: Any, policy: Policy) -> bool:
        """Whether a record is among those that the person may see; asks the database only where not all are."""
        return bool(self.held([item], policy))

    def held(self, items: Sequence[Any], policy: Policy) -> frozenset[str]:
        """The keys of those of these records that the person may see, asked for in the same way."""
        keys = [*dict.fromkeys(map(self.datamodel.encode_key, items))]
        own = getattr(type(self.hooks), "scope", None)
        if own is ResourceDeclaration.scope and not self.options.base_filters:
            return frozenset(keys)
        return frozenset(self.datamodel.get_many(keys, self.scope(policy)) if keys else ())

    def _check_order(self, query: ListQuery, policy: Policy) -> None:
        if not all(policy.can_access_field(order.path, "list") for order in query.order):
            raise InvalidInput("sort", gettext("The list cannot be sorted by this column."))

    def _asked(self, query: ListQuery, policy: Policy) -> ListQuery:
        """What is asked of the data source: in the usual order where no other is asked for, counted as declared."""
        order = query.order or self.options.base_order
        asked = replace(query, order=self._in_columns(order), count=self.options.list_count)
        return asked if self._tells(order, policy) else replace(asked, after="", before="")

    def _in_columns(self, orders: Sequence[Order]) -> tuple[Order, ...]:
        """The same order with the columns that name a relation's records in its place."""
        named, found = self.options.named_by, dict[str, Order]()
        for order in orders:
            for name in named.get(order.path, (order.path,)):
                found.setdefault(name, Order(name, order.descending))
        return tuple(found.values())

    def _tells(self, orders: Sequence[Order], policy: Policy) -> bool:
        """Whether the person may know the values that a list is sorted by: they stand in the addresses of its pages.

        Not those of a column that they do not meet, nor what a formatter or a method makes something else of, unless
        the list has them as they are, too. The key always is among them.
        """
        options, keys = self.options, self.datamodel.key_columns
        known = frozenset((*options.listable_columns, *options.order_columns, *keys))
        return all(policy.can_access_field(name, "list") for name in keys) and all(
            name in known and name not in self._formatted and policy.can_access_field(name, "list")
            for name in (self._told(order.path) for order in orders)
        )

    def _told(self, name: str) -> str:
        """The column whose values are told by the order of a column: that which a method stands for, or itself."""
        column = self.datamodel.path(name).stands_for
        return name if column is None else "".join((*name.rpartition(".")[:2], column))

    def _make_plan(self, columns: tuple[str, ...], *, with_items: bool) -> Any:
        options = self.options
        return self.datamodel.compile_list(
            columns, options.list_eager, label_columns_of=options.label_columns_of, with_items=with_items
        )

    def _read_with(self, columns: Sequence[str]) -> Sequence[str]:
        """What of these columns, and of those that they lead through, is read in the record's own statement."""
        names = dict.fromkeys(name.partition(".")[0] for name in columns)
        return [*filter(self._is_to_one, names), *filter(self._is_deferred, columns)]

    def _is_deferred(self, name: str) -> bool:
        path = self.options.paths.get(name)
        return path is not None and not path.is_to_many and path.column is not None and path.column.deferred

    def _is_to_one(self, name: str) -> bool:
        relation = self.datamodel.relations.get(name)
        return relation is not None and not relation.cardinality.is_to_many


@contextmanager
def _told_of_all(query: ListQuery) -> Iterator[None]:
    """Tell of each filter that it may be the one with what the database cannot take, which does not say."""
    try:
        yield
    except InvalidInput as error:
        if error.parameter == "filters":
            raise InvalidFilters(dict.fromkeys(query.compared, error.message)) from error
        raise
