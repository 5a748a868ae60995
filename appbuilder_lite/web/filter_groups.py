"""Groups in the form of a list's filters: which there are to put a row into, and what no row shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import islice

from appbuilder_lite.data.query import Filter, Group, ListQuery
from appbuilder_lite.resource.filter_params import free_groups
from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.text import gettext
from appbuilder_lite.web.pages import Choice

GROUPS = "_groups"
"""The button that brings the form back with groups, and with a further row for each column that stands in one."""
_FURTHER = 2


def numbers(query: ListQuery, options: ResourceOptions) -> tuple[int, ...]:
    """The groups that a row can be put into: those of the query, and a few more."""
    used = {group.number for group in query.groups}
    return tuple(sorted((*used, *islice(free_groups(used, options), _FURTHER))))


def choices(offered: Sequence[int], now: int) -> tuple[Choice, ...]:
    """What a row is asked about its group; nothing where none is offered."""
    if not offered:
        return ()
    words = [(str(one), gettext("Group %(number)s", number=one)) for one in offered]
    return tuple(
        Choice(value, label, value == str(now or "")) for value, label in (("", gettext("In no group")), *words)
    )


def merged(groups: Iterable[Group]) -> tuple[Group, ...]:
    """The groups by number, each with all that several of that number have."""
    found: dict[int, dict[Filter, None]] = {}
    for group in groups:
        found.setdefault(group.number, {}).update(dict.fromkeys(group.alternatives))
    return tuple(Group(number, tuple(alternatives)) for number, alternatives in sorted(found.items()))


def only(groups: Iterable[Group], wanted: Callable[[Filter, int], bool]) -> tuple[Group, ...]:
    """The groups with those of their filters alone that are wanted; asked with the number of the group."""
    found = (
        replace(group, alternatives=tuple(one for one in group.alternatives if wanted(one, group.number)))
        for group in groups
    )
    return tuple(group for group in found if group.alternatives)
