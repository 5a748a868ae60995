"""The filters that a person has set, as scopes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from appbuilder_lite.data.filters import BaseFilter, scope_of
from appbuilder_lite.data.interface import DataModel, Scope
from appbuilder_lite.data.query import Belonging, Comparison, Filter, ListQuery, fault_place, together
from appbuilder_lite.data.relation_filters import FilterRelationManyToManyEqual, FilterRelationOneToManyEqual
from appbuilder_lite.errors import InvalidFilters, InvalidInput
from appbuilder_lite.resource.filter_params import no_filter
from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.resource.policy import Policy


def comparing(
    query: ListQuery, options: ResourceOptions, policy: Policy, datamodel: DataModel, within: Scope | None = None
) -> list[Scope]:
    """What narrows a `select()` to the rows that the filters hold for: scopes that all have to hold.

    `within` is what the plain filters by records come to; where any filter is enough, it is one of them. Raises
    `InvalidInput` for a column that the person does not meet in lists, `InvalidFilters` for values that a column
    cannot hold.
    """
    maker = _Scopes(options, policy, datamodel)
    asked = [maker.scope(block) for block in together(query.comparisons)]
    groups = [[maker.scope(block, group.number) for block in group.blocks()] for group in query.groups]
    if maker.faults:
        raise InvalidFilters(maker.faults)
    asked += [] if within is None else [within]
    asked = [datamodel.either(asked)] if query.match_any and asked else asked
    return [*asked, *map(datamodel.either, groups)]


def value_faults(query: ListQuery, options: ResourceOptions, policy: Policy, datamodel: DataModel) -> dict[str, str]:
    """What is wrong with values that columns cannot hold, by the place of the message; raises `InvalidInput`."""
    try:
        comparing(query, options, policy, datamodel)
    except InvalidFilters as error:
        return dict(error.faults)
    return {}


class _Scopes:
    """Makes the scopes of filters, and collects what is wrong with their values."""

    def __init__(self, options: ResourceOptions, policy: Policy, datamodel: DataModel) -> None:
        self.options = options
        self.policy = policy
        self.datamodel = datamodel
        self.faults: dict[str, str] = {}

    def scope(self, block: Sequence[Filter], number: int = 0) -> Scope:
        """The rows that all of these hold for; `number` is that of their group."""
        pairs = [self._compared(one) if isinstance(one, Comparison) else self._belonging(one) for one in block]
        for one, (filter_, value) in zip(block, pairs, strict=True):
            try:
                filter_.check(value)
            except InvalidInput as error:
                self.faults[fault_place(one, number)] = error.message
        return scope_of(pairs)

    def _compared(self, one: Comparison) -> tuple[BaseFilter, Any]:
        if not self.policy.can_access_field(one.path, "list"):
            raise no_filter(one.parameter)
        filter_ = self.options.filters[one.path][one.operator]
        return filter_, list(one.values) if filter_.multiple else one.values[0]

    def _belonging(self, one: Belonging) -> tuple[BaseFilter, Any]:
        if not self.policy.can_access_field(one.relation, "list"):
            raise no_filter(self.options.relations[one.relation])
        is_to_many = self.datamodel.path(one.relation).is_to_many
        made = FilterRelationManyToManyEqual if is_to_many else FilterRelationOneToManyEqual
        return made(one.relation, self.datamodel), one.key
