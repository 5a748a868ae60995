"""The rows of a view's list, for statements of the host's own."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from appbuilder_lite.data.sqla_model import SQLAInterface
from appbuilder_lite.resource.place import instead
from appbuilder_lite.web.model_view import ModelView
from appbuilder_lite.web.state import AppState, states_sharing


def narrowed(state: AppState, query: Any, view: str | type[Any]) -> Any:
    """A `select()` narrowed to the rows that a view lists for the current person; none where they may not list it."""
    found = _listing(state, view)
    scope = found.resource.scope(found.policy()) if found.can_open("list") else _nothing
    return found.datamodel.within(query, scope)


def _listing(state: AppState, wanted: str | type[Any]) -> ModelView:
    """The view of this class or name, in any AppBuilder that shares the security manager; raises `LookupError`."""
    bound = [view for other in states_sharing(state) for view in other.views.values()]
    views = [view for view in bound if isinstance(view, ModelView) and isinstance(view.datamodel, SQLAInterface)]
    found = [view for view in views if wanted in (type(view), view.view_name)]
    if not found:
        name = wanted.__name__ if isinstance(wanted, type) else str(wanted)
        known = instead(name, {view.view_name for view in views})
        raise LookupError(f"sm.scoped: {name!r} is no view of records in this app; {known}")
    if len({type(view) for view in found}) > 1:
        raise LookupError(f"sm.scoped: {wanted!r} is the name of several views; give the class")
    return found[0]


def _nothing(query: sa.Select[Any]) -> sa.Select[Any]:
    return query.where(sa.false())
