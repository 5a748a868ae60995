"""The records that a delete does something to: counted, named and asked for, all from one description in SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, Session, aliased

from appbuilder_lite.data.sqla_consequences import Kind, Plan, Step
from appbuilder_lite.data.sqla_references import Effect, Pairs, Reference

MOST_COUNTED = 1000
"""Records of one kind that are counted; of more it is known that there are more."""


class Dependents:
    """What hangs on some records of one class."""

    def __init__(self, plan: Plan, identities: Sequence[Sequence[Any]]) -> None:
        self.plan = plan
        self._needed = _needed(plan)
        self._sets: dict[Step, Any] = {}
        root = aliased(plan.mapper.class_)
        wanted = is_one_of(_attributes(root, _key_names(plan.mapper)), identities)
        self._records = self._columns(root, plan.mapper, None).where(wanted).cte()

    def counts(self, session: Session, kinds: Sequence[Kind]) -> Sequence[int]:
        """How many there are of each of these kinds, at most one more than `MOST_COUNTED`; in one statement."""
        if not kinds:
            return ()
        parts: list[Any] = []
        for place, kind in enumerate(kinds):
            capped = self.keys(kind).limit(MOST_COUNTED + 1).subquery()
            parts.append(sa.select(sa.literal(place), sa.func.count()).select_from(capped))
        found: dict[int, int] = {row[0]: row[1] for row in session.execute(sa.union_all(*parts), **self._on(session))}
        return [found[place] for place in range(len(kinds))]

    def has_any(self, session: Session, steps: Sequence[Step]) -> bool:
        """Whether one of these steps leads to a record that stays."""
        if not steps:
            return False
        questions = [sa.exists(self._keys(step).limit(1)) for step in steps]
        return any(session.execute(sa.select(*questions), **self._on(session)).one())

    def keys(self, kind: Kind) -> sa.Select[Any]:
        """A statement for the keys of the records of a kind, each once."""
        parts = [self._keys(step) for step in kind.steps]
        if len(parts) == 1:
            return parts[0].distinct()
        together = sa.union(*parts).subquery()
        return sa.select(*together.c)

    def _on(self, session: Session) -> Mapping[str, Any]:
        return {"bind_arguments": {"bind": session.get_bind(self.plan.mapper)}}

    def _keys(self, step: Step) -> sa.Select[Any]:
        """The keys at the end of a step, without those of records that go anyway."""
        rows, target = self._rows(step), step.reference.target
        if target is None:
            return sa.select(*rows.c)
        keys = [rows.c[name] for name in _key_names(target)]
        found = sa.select(*keys)
        for gone in self._going(target, but=step):
            found = found.where(~is_in(keys, gone))
        return found

    def _going(self, target: Mapper[Any], *, but: Step) -> Sequence[Any]:
        """Statements for the keys of the records of this class that are deleted, but for those of this very step."""
        base = target.base_mapper
        found = []
        if self.plan.mapper.base_mapper is base:
            found.append(sa.select(*(self._records.c[name] for name in _key_names(self.plan.mapper))))
        if but.reference.effect is Effect.GOES:
            return found
        for step in self.plan.steps:
            other = step.reference.target
            if step.reference.effect is Effect.GOES and other is not None and other.base_mapper is base:
                rows = self._rows(step)
                found.append(sa.select(*(rows.c[name] for name in _key_names(other))))
        return found

    def _rows(self, step: Step) -> Any:
        """The records at the end of a step, with what the steps from there need of them."""
        if step not in self._sets:
            source = self._records if step.parent is None else self._rows(step.parent)
            self._sets[step] = self._select(step, source)
        return self._sets[step]

    def _select(self, step: Step, source: Any) -> Any:
        reference = step.reference
        if reference.target is None:
            return _plain_rows(reference, source).cte()
        child = aliased(reference.target.class_)
        rows = self._columns(child, reference.target, step).where(_holds(child, reference, source))
        if not step.loops:
            return rows.cte()
        found = rows.cte(recursive=True)
        more = aliased(reference.target.class_)
        holds = sa.or_(*(_equal(more, loop.pairs, found) for loop in step.loops))
        return found.union(self._columns(more, reference.target, step).join_from(more, found, holds))

    def _columns(self, root: Any, mapper: Mapper[Any], step: Step | None) -> sa.Select[Any]:
        names = dict.fromkeys((*_key_names(mapper), *self._needed.get(step, ())))
        return sa.select(*(getattr(root, name).label(name) for name in names))


def within_reach(session: Session, mapper: Mapper[Any]) -> Callable[[Reference], bool]:
    """Tells whether one statement can read what a reference leads to together with records of this class.

    Tables of one `MetaData` are in one database, whatever a session that has replicas answers at the moment.
    """
    home, own = session.get_bind(mapper), getattr(mapper.local_table, "metadata", None)

    def is_here(reference: Reference) -> bool:
        target, table = reference.target, reference.table
        is_target_here = target is None or _is_of(target.local_table, own) or session.get_bind(target) is home
        return is_target_here and (table is None or table.metadata is own or session.get_bind(clause=table) is home)

    return is_here


def _is_of(table: Any, metadata: Any) -> bool:
    return getattr(table, "metadata", None) is metadata


def is_one_of(columns: Sequence[Any], values: Sequence[Sequence[Any]]) -> Any:
    """Whether these columns hold one of these keys."""
    if len(columns) > 1:
        return sa.tuple_(*columns).in_([tuple(each) for each in values])
    return columns[0].in_([each[0] for each in values])


def is_in(columns: Sequence[Any], keys: Any) -> Any:
    """Whether these columns hold what a statement finds."""
    return sa.tuple_(*columns).in_(keys) if len(columns) > 1 else columns[0].in_(keys)


def _needed(plan: Plan) -> Mapping[Step | None, Sequence[str]]:
    """What the steps that begin there read of the records at the end of a step."""
    found: dict[Step | None, list[str]] = {}
    for step in plan.steps:
        found.setdefault(step.parent, []).extend(_near(step.reference.pairs))
        found.setdefault(step, []).extend(name for loop in step.loops for name in _near(loop.pairs))
    return found


def _holds(child: Any, reference: Reference, source: Any) -> Any:
    """Whether a record of the target holds on to one of the source."""
    pairs = reference.pairs
    near = sa.select(*(source.c[name] for name in _near(pairs)))
    if reference.table is None:
        return is_in(_attributes(child, _far(pairs)), near)
    between = reference.table.alias()
    links = sa.select(*(between.c[name] for name in _near(reference.onward)))
    links = links.where(is_in([between.c[name] for name in _far(pairs)], near))
    return is_in(_attributes(child, _far(reference.onward)), links)


def _plain_rows(reference: Reference, source: Any) -> sa.Select[Any]:
    table: Any = reference.table
    rows = table.alias()
    near = sa.select(*(source.c[name] for name in _near(reference.pairs)))
    return sa.select(*rows.c).where(is_in([rows.c[name] for name in _far(reference.pairs)], near))


def _equal(child: Any, pairs: Pairs, source: Any) -> Any:
    return sa.and_(*(getattr(child, far) == source.c[near] for near, far in pairs))


def _key_names(mapper: Mapper[Any]) -> list[str]:
    return [mapper.get_property_by_column(column).key for column in mapper.primary_key]


def _attributes(root: Any, names: Sequence[str]) -> list[Any]:
    return [getattr(root, name) for name in names]


def _near(pairs: Pairs) -> list[str]:
    return [near for near, _far_name in pairs]


def _far(pairs: Pairs) -> list[str]:
    return [far for _near_name, far in pairs]
