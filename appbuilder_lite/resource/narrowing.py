"""The filters that a person has set, as a scope."""

from __future__ import annotations

from collections.abc import Sequence

from appbuilder_lite.data.filters import scope_of
from appbuilder_lite.data.interface import Scope
from appbuilder_lite.data.query import Comparison
from appbuilder_lite.errors import InvalidFilters, InvalidInput
from appbuilder_lite.resource.filter_params import no_filter
from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.resource.policy import Policy


def narrowing(comparisons: Sequence[Comparison], options: ResourceOptions, policy: Policy) -> Scope:
    """What narrows a `select()` to the rows that all the comparisons hold for.

    Raises `InvalidInput` for a column that the person does not meet in lists, `InvalidFilters` for values that a
    column cannot hold.
    """
    faults, found = {}, []
    for one in comparisons:
        if not policy.can_access_field(one.path, "list"):
            raise no_filter(one.parameter)
        filter_ = options.filters[one.path][one.operator]
        value = list(one.values) if filter_.multiple else one.values[0]
        try:
            filter_.check(value)
        except InvalidInput as error:
            faults[one.parameter] = error.message
        found.append((filter_, value))
    if faults:
        raise InvalidFilters(faults)
    return scope_of(tuple(found))
