"""Whose right to delete others' records a delete takes: those that would go along have views of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from appbuilder_lite.data.interface import DataModel
from appbuilder_lite.data.sqla_consequences import Kind
from appbuilder_lite.data.sqla_deletes import consequences, kinds_of
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


def is_forbidden(state: AppState, kind: Kind) -> bool:
    """Whether records of a kind would go that the current person may not delete themselves.

    It takes the permission of one view that deletes them. Of what no view deletes nobody can have the right, so the
    model decides.
    """
    if kind.effect is not Effect.GOES:
        return False
    deleting = [view for view in views_of(state, kind.model) if "delete" in view.routes]
    return bool(deleting) and not any(view.can_open("delete") for view in deleting)


def check_cascades(state: AppState, datamodel: DataModel, items: Sequence[Any]) -> None:
    """Raise `Rejected` where deleting these would take along what the person may not delete.

    It asks the database only where there is such a right that the person lacks.
    """
    lacking = {kind for kind in kinds_of(datamodel, items) if is_forbidden(state, kind)}
    if lacking and consequences(datamodel, items, lambda kind: kind in lacking):
        raise Rejected(gettext("It would take records along that you may not delete."))
