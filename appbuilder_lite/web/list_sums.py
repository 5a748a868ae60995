"""What the columns of a list add up to, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from appbuilder_lite.data.interface import Scope
from appbuilder_lite.data.query import ListQuery
from appbuilder_lite.resource.values import text_for
from appbuilder_lite.text import gettext
from appbuilder_lite.web.attempts import attempt
from appbuilder_lite.web.policy import ViewPolicy


def list_sums(view: Any, query: ListQuery, policy: ViewPolicy, within: Scope | None) -> Sequence[str]:
    """A line for each column that was asked to be added up; it says so where that fails."""
    if not query.sums:
        return ()
    lines = attempt(view.view_name, view.datamodel, lambda: _lines(view, query, policy, within))
    return [gettext("The columns could not be added up.")] if lines is None else lines


def _lines(view: Any, query: ListQuery, policy: ViewPolicy, within: Scope | None) -> Sequence[str]:
    found, options = view.resource.sums(query, policy, within), view.list_pages.options
    return [
        gettext(
            "%(column)s: %(total)s in all, %(average)s on average",
            column=options.labels[name],
            total=text_for(name, one.total, options),
            average=text_for(name, one.average, options),
        )
        for name, one in found.items()
    ] or [gettext("There is nothing to add up.")]
