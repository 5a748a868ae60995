"""Whose right to delete others' records a delete takes: those that would go along have views of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.orm import Mapper

from appbuilder_lite.data.interface import DataModel
from appbuilder_lite.data.sqla_consequences import Kind
from appbuilder_lite.data.sqla_deletes import Consequence, consequences, has_of, kinds_of
from appbuilder_lite.data.sqla_references import Effect
from appbuilder_lite.errors import Rejected
from appbuilder_lite.text import gettext
from appbuilder_lite.web.state import AppState


def views_of(state: AppState, model: type[Any] | None) -> Iterator[Any]:
    """The views of the records of a model, in the order in which they were added."""
    for view in state.views.values():
        found: Any = view
        if hasattr(found, "narrow") and found.datamodel.model is model:
            yield found


def forbidden(state: AppState, datamodel: DataModel, found: Sequence[Consequence]) -> frozenset[Kind]:
    """The kinds of which records would go that the current person may not delete themselves.

    It takes the permission of one view that deletes them. Of what no view deletes nobody can have the right, so the
    model decides; where only views of its subclasses delete, their records are judged by those.
    """
    return frozenset(one.kind for one in found if _is_forbidden(state, datamodel, one))


def check_cascades(state: AppState, datamodel: DataModel, items: Sequence[Any]) -> None:
    """Raise `Rejected` where deleting these would take along what the person may not delete.

    It asks the database only where there is such a right that the person lacks.
    """
    lacking = {kind for kind in kinds_of(datamodel, items) if _lacking(state, kind)}
    if lacking and forbidden(state, datamodel, consequences(datamodel, items, lambda kind: kind in lacking)):
        raise Rejected(gettext("It would take records along that you may not delete."))


def check_lost(state: AppState, datamodel: DataModel, items: Sequence[Any], field: str) -> None:
    """Raise `Rejected` where the person may not delete these, which a relation takes out and so deletes.

    It takes the right of one view that deletes them, or no such view.
    """
    for item in items:
        views = [view for view in views_of(state, type(item)) if "delete" in view.routes]
        if views and not any(view.can_open("delete") and view.policy().lets("delete", item) for view in views):
            text = gettext("“%(name)s” would be deleted, which you may not do.", name=datamodel.name_of(item))
            raise Rejected(text, field=field)
    check_cascades(state, datamodel, items)


def _is_forbidden(state: AppState, datamodel: DataModel, one: Consequence) -> bool:
    lacking = _lacking(state, one.kind)
    return one.kind.target in lacking or any(has_of(one, datamodel, mapper) for mapper in lacking)


def _lacking(state: AppState, kind: Kind) -> Sequence[Mapper[Any]]:
    """The class of a kind that would go, or its subclasses, whose records the person may not delete."""
    if kind.effect is not Effect.GOES or kind.target is None:
        return ()
    may = {mapper: _may_delete(state, mapper.class_) for mapper in kind.target.self_and_descendants}
    if may[kind.target] is not None:
        return () if may[kind.target] else (kind.target,)
    return [mapper for mapper, answer in may.items() if answer is False]


def _may_delete(state: AppState, model: type[Any]) -> bool | None:
    """Whether the person may delete in a view of this model; None where no view deletes."""
    deleting = [view for view in views_of(state, model) if "delete" in view.routes]
    return any(view.can_open("delete") for view in deleting) if deleting else None
