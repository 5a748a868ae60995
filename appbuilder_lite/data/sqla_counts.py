"""How many records several models have, in one statement for each database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from appbuilder_lite.data.interface import DataModel, Scope
from appbuilder_lite.data.sqla_model import SQLAInterface
from appbuilder_lite.data.sqla_scope import scoped_keys


@dataclass(frozen=True, slots=True)
class Counting:
    """A model to be counted: the records within a scope, and where they are."""

    session: Any
    engine: Any
    records: sa.Select[Any]


def counting(datamodel: DataModel, scope: Scope, most: int) -> Counting | None:
    """What counts at most `most` records within a scope; None for a data source that is not one of ours."""
    if not isinstance(datamodel, SQLAInterface):
        return None
    entity, session = datamodel.entity, datamodel.session
    own = sa.select(*entity.key_attributes(entity.model)).select_from(entity.model)
    records = scoped_keys(entity, own, scope)
    return Counting(session, session.get_bind(entity.mapper), records.order_by(None).limit(most))


def count(asked: Sequence[Counting]) -> Sequence[int]:
    """The number of records of each, in their order."""
    found: dict[int, int] = {}
    for session, engine in {id(item.engine): (item.session, item.engine) for item in asked}.values():
        parts = [_part(place, item) for place, item in enumerate(asked) if item.engine is engine]
        found.update((row[0], row[1]) for row in session.execute(sa.union_all(*parts), bind_arguments={"bind": engine}))
    return [found[place] for place in range(len(asked))]


def _part(place: int, asked: Counting) -> Any:
    return sa.select(sa.literal(place), sa.func.count()).select_from(asked.records.subquery())
