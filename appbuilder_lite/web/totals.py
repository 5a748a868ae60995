"""How many records several views have, counted all at once and no further than people read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from appbuilder_lite.data.interface import Scope
from appbuilder_lite.data.query import MOST
from appbuilder_lite.data.sqla_counts import Counting, count, counting
from appbuilder_lite.web.attempts import attempt

Asked = tuple[Any, Callable[[], Scope]]
"""A view, and what gives the scope within which its records are counted."""


def totals(asked: Sequence[Asked], most: int = MOST) -> Mapping[str, int]:
    """The number of records by the name of the view, at most one more than `most`; nothing of what fails."""
    made = list(_countings(asked, most))
    if not made:
        return {}
    names = ", ".join(view.view_name for view, _ in made)
    # Any of them can undo what failed: they share the session of the request.
    found = attempt(names, made[0][0].datamodel, lambda: count([item for _, item in made]))
    return {view.view_name: total for (view, _), total in zip(made, found or (), strict=False)}


def _countings(asked: Sequence[Asked], most: int) -> Iterator[tuple[Any, Counting]]:
    for view, scope in asked:
        made = attempt(view.view_name, view.datamodel, partial(_counting, view, scope, most))
        if made is not None:
            yield view, made


def _counting(view: Any, scope: Callable[[], Scope], most: int) -> Counting | None:
    return counting(view.datamodel, scope(), most + 1)
