"""What the choices of a filter are counted by."""

from __future__ import annotations

from dataclasses import replace

from appbuilder_lite.data.query import ListQuery, column_of


def counted_by(query: ListQuery, name: str) -> ListQuery:
    """The query without the filters that stand beside those of a column as alternatives, and without its own.

    A choice then has as many records as the list would have with that choice in their place. Where any filter is
    enough, all that are in no group are alternatives.
    """
    groups = tuple(one for one in query.groups if all(column_of(other) != name for other in one.alternatives))
    if query.match_any:
        return replace(query.from_start(), belongings=(), comparisons=(), groups=groups)
    return replace(
        query.from_start(),
        groups=groups,
        belongings=tuple(one for one in query.belongings if one.relation != name),
        comparisons=tuple(one for one in query.comparisons if one.path != name),
    )
