"""What deleting records does to others: planned once for each class, then asked in one statement for any number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Mapper

from appbuilder_lite.data.sqla_references import Effect, Reference, by_database, references

MOST_STEPS = 100
"""Ways from record to record that are followed; what lies beyond is not told."""
_ORDER = (Effect.BLOCKS, Effect.GOES, Effect.UNLINKED, Effect.LINKS)


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """From deleted records to those that hold on to them.

    `parent` is the step that led to the deleted ones, None for the records that were asked about. `loops` lead from
    records of the target to more of the same kind, as in a tree.
    """

    reference: Reference
    parent: Step | None
    loops: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """Records of one class that one thing happens to, by whatever steps."""

    effect: Effect
    target: Mapper[Any] | None
    steps: tuple[Step, ...]

    @property
    def model(self) -> type[Any] | None:
        """Their class; None for the rows of a table without one."""
        return None if self.target is None else self.target.class_

    @property
    def table(self) -> str:
        """The name of the table that holds what refers, where that is not the class's own."""
        table = self.steps[0].reference.table
        return "" if table is None else table.name

    @property
    def back(self) -> str:
        """Their relation to the deleted record, where one and the same leads there from all of them."""
        names = {"" if step.parent is not None else step.reference.back for step in self.steps}
        return names.pop() if len(names) == 1 else ""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """All that deleting records of a class can do to others.

    `kept_by_us` are the ways that nothing but a question before the delete keeps from being cut.
    """

    mapper: Mapper[Any]
    steps: tuple[Step, ...]
    kinds: tuple[Kind, ...]
    kept_by_us: tuple[Step, ...]

    def touched(self, *effects: Effect) -> tuple[Kind, ...]:
        """The kinds that one of these happens to."""
        return tuple(kind for kind in self.kinds if kind.effect in effects)


Sees = Callable[[Reference], bool]


def plan(mapper: Mapper[Any], *, is_enforced: bool = True, sees: Sees = lambda reference: True) -> Plan:
    """What deleting records of this class can do; `is_enforced`: the database follows its foreign keys' rules.

    What `sees` denies is left out: one statement cannot read it together with these records.
    """
    walk = _Walk(is_enforced, sees)
    steps = tuple(walk.from_records(mapper))
    kept = tuple(step for step in steps if step.reference.effect is Effect.BLOCKS and not step.reference.by_database)
    return Plan(mapper, steps, tuple(_kinds(steps)), kept)


class _Walk:
    """Follows references from class to class, as far as records go."""

    def __init__(self, is_enforced: bool, sees: Sees) -> None:
        self.is_enforced, self.sees = is_enforced, sees
        self.left = MOST_STEPS

    def from_records(self, mapper: Mapper[Any]) -> Iterator[Step]:
        """The steps from the records that are deleted themselves; their kind may go on with others of it."""
        found = self._references(mapper, None)
        for reference in found:
            yield from self._follow(reference, None, frozenset({mapper.base_mapper}))

    def _follow(self, reference: Reference, parent: Step | None, seen: frozenset[Any]) -> Iterator[Step]:
        if self.left <= 0:
            return
        self.left -= 1
        target = reference.target
        if reference.effect is not Effect.GOES or target is None:
            yield Step(reference, parent)
            return
        beyond = self._references(target, reference)
        loops = tuple(one for one in beyond if _is_loop(one, target))
        step = Step(reference, parent, loops)
        yield step
        base = target.base_mapper
        # What comes back to a class by way of others is counted, and not followed once more.
        if base in seen and not (parent is None and _is_loop(reference, target)):
            return
        for one in beyond:
            if one not in loops:
                yield from self._follow(one, step, seen | {base})

    def _references(self, mapper: Mapper[Any], by: Reference | None) -> Sequence[Reference]:
        # Rows that the database deletes are none of SQLAlchemy's business, nor are theirs.
        is_left = by is not None and by.by_database
        found = by_database(mapper) if is_left else references(mapper, is_enforced=self.is_enforced)
        return [one for one in found if self.sees(one)]


def _is_loop(reference: Reference, owner: Mapper[Any]) -> bool:
    target = reference.target
    is_own_kind = target is not None and target.base_mapper is owner.base_mapper
    return is_own_kind and reference.effect is Effect.GOES and reference.table is None


def _kinds(steps: Sequence[Step]) -> Iterator[Kind]:
    groups: dict[Any, list[Step]] = {}
    for step in steps:
        reference = step.reference
        groups.setdefault((reference.effect, reference.target or reference.table), []).append(step)
    for effect in _ORDER:
        for (each, _about), group in groups.items():
            if each is effect:
                yield Kind(effect, group[0].reference.target, tuple(group))
