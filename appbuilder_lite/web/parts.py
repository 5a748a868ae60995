"""What moves in a form or a record when scripts run: fields that wait for others, and groups that stand in tabs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class When:
    """What a field waits for, in `words` and as JSON: the names of inputs, each with the values of which it sends one.

    It is `required` where it is asked for; the browser has to see to that where it `must`.
    """

    rules: str
    words: str
    required: bool = False
    must: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A tab: its anchor, what it is called, and how many fields in it have an error."""

    id: str
    label: str
    faults: int = 0


def parts_of(groups: Iterable[tuple[str, int]]) -> tuple[Part, ...]:
    """The tabs of groups, given the label of each group's tab (empty: it stands in none) and its number of errors."""
    found: dict[str, int] = {}
    for label, faults in groups:
        if label:
            found[label] = found.get(label, 0) + faults
    return tuple(Part(f"part-{rank}", label, faults) for rank, (label, faults) in enumerate(found.items(), 1))
