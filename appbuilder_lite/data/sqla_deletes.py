"""What deleting some records of a data source would do to others, before it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapper

from appbuilder_lite.data.interface import DataModel, Scope
from appbuilder_lite.data.sqla_consequences import Kind
from appbuilder_lite.data.sqla_dependents import MOST_COUNTED, Dependents, is_in
from appbuilder_lite.data.sqla_model import SQLAInterface
from appbuilder_lite.data.sqla_paths import load_options
from appbuilder_lite.data.sqla_references import Effect
from appbuilder_lite.data.sqla_unreadable import read_again
from appbuilder_lite.data.sqla_write import by_mapper

Wanted = Callable[[Kind], bool]


@dataclass(frozen=True, slots=True)
class Consequence:
    """What happens to the records of one class that hang on those to be deleted; `count` is capped."""

    kind: Kind
    count: int
    dependents: Dependents

    @property
    def effect(self) -> Effect:
        return self.kind.effect

    @property
    def is_more(self) -> bool:
        """Whether there are more than were counted."""
        return self.count > MOST_COUNTED


def kinds_of(datamodel: DataModel, items: Sequence[Any]) -> Sequence[Kind]:
    """What can happen to others when records such as these are deleted; asks the database nothing."""
    if not isinstance(datamodel, SQLAInterface) or not _is_known(datamodel):
        return ()
    return [kind for mapper, _group in by_mapper(items) for kind in datamodel.delete_plan(mapper).kinds]


def consequences(datamodel: DataModel, items: Sequence[Any], wanted: Wanted) -> Sequence[Consequence]:
    """What would happen to others if these records were deleted, of the wanted kinds: one statement for each class.

    Nothing is known of a data source that is not one of ours, or whose `delete` is the host's own: it may only mark
    records as deleted.
    """
    if not isinstance(datamodel, SQLAInterface) or not _is_known(datamodel):
        return ()
    return list(_consequences(datamodel, items, wanted))


def has_listeners(items: Sequence[Any]) -> bool:
    """Whether code of the host runs before records such as these are deleted: it may do away with what keeps them."""
    return any(mapper.dispatch.before_delete for mapper, _group in by_mapper(items))


def _is_known(datamodel: SQLAInterface) -> bool:
    return not datamodel.deletes_softly and type(datamodel).delete is SQLAInterface.delete


def _consequences(datamodel: SQLAInterface, items: Sequence[Any], wanted: Wanted) -> Iterator[Consequence]:
    for mapper, group in by_mapper(items):
        plan = datamodel.delete_plan(mapper)
        kinds = [kind for kind in plan.kinds if wanted(kind)]
        if not kinds:
            continue
        dependents = Dependents(plan, [sa.inspect(item).identity for item in group])
        counts = dependents.counts(datamodel.session, kinds)
        for kind, count in zip(kinds, counts, strict=True):
            if count:
                yield Consequence(kind, count, dependents)


def has_of(consequence: Consequence, datamodel: DataModel, mapper: Mapper[Any]) -> bool:
    """Whether some of these records are of this subclass of theirs; asks the database."""
    target = consequence.kind.target
    if not isinstance(datamodel, SQLAInterface) or target is None:
        return False
    keys = [getattr(mapper.class_, target.get_property_by_column(column).key) for column in target.primary_key]
    found = sa.select(*keys).where(is_in(keys, consequence.dependents.keys(consequence.kind))).limit(1)
    return datamodel.session.execute(found, bind_arguments={"mapper": target}).first() is not None


def first_of(
    consequence: Consequence, datamodel: DataModel, scope: Scope, limit: int, eager: Sequence[str] = ()
) -> Sequence[Any]:
    """The first of these records by their keys, within the scope of a view of them whose data source this is.

    `eager` names relations of theirs that their `__str__` follows.
    """
    if not isinstance(datamodel, SQLAInterface):
        return ()
    model, keys = datamodel.model, datamodel.entity.key_attributes(datamodel.model)
    found = datamodel.plain(scope)(sa.select(model)).where(is_in(keys, consequence.dependents.keys(consequence.kind)))
    found = found.options(*load_options(datamodel.entity, [datamodel.path(text).text for text in eager]))
    found = found.order_by(None).order_by(*keys).limit(limit)
    return read_again(datamodel.session, datamodel.entity, lambda: list(datamodel.session.scalars(found).unique()))
