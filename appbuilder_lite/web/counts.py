"""How many records the views of the home page hold, counted all at once and no further than people read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from appbuilder_lite.data.sqla_counts import Counting, count, counting
from appbuilder_lite.text import gettext, ngettext
from appbuilder_lite.web.attempts import attempt
from appbuilder_lite.web.model_view import ModelView
from appbuilder_lite.web.places import Place

MOST = 10_000
"""Records of a view that are counted."""
MOST_VIEWS = 50
"""Views that are counted, in the order of the menu."""


def counts(found: Sequence[Place]) -> Mapping[str, str]:
    """The number of records in words, by the name of the view; nothing of what fails or may not be listed."""
    made = list(_countings(found))
    if not made:
        return {}
    names = ", ".join(name for name, _ in made)
    # Any of them can undo what failed: they share the session of the request.
    totals = attempt(names, _views(found)[0].datamodel, lambda: count([item for _, item in made]))
    return {name: _words(total) for (name, _), total in zip(made, totals or (), strict=False)}


def _views(found: Sequence[Place]) -> Sequence[ModelView]:
    views = {place.view.view_name: place.view for place in found if place.view is not None}
    return [view for view in views.values() if view.options.index_count and view.can_open("list")][:MOST_VIEWS]


def _countings(found: Sequence[Place]) -> Iterator[tuple[str, Counting]]:
    for view in _views(found):
        made = attempt(view.view_name, view.datamodel, partial(_counting, view))
        if made is not None:
            yield view.view_name, made


def _counting(view: ModelView) -> Counting | None:
    return counting(view.datamodel, view.resource.scope(view.policy()), MOST + 1)


def _words(total: int) -> str:
    if total > MOST:
        return gettext("%(num)s+ records", num=f"{MOST:,}")
    return ngettext("%(num)s record", "%(num)s records", total, num=f"{total:,}")
