"""Values of single records that cannot be shown: a mark in their place, and the error in the log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from flask import current_app, g

from appbuilder_lite.data.failed import Failed, attempt
from appbuilder_lite.text import gettext, one_line
from appbuilder_lite.web.pages import Cell

log = logging.getLogger("appbuilder_lite")

_TOLD = "_appbuilder_lite_failures"


def tell(view: str, column: str, key: str, error: Exception) -> None:
    """Log the error, once per request for a column of a view.

    It is raised instead where Flask hands errors to the developer: `PROPAGATE_EXCEPTIONS`, or without it `TESTING` and
    debug mode.
    """
    propagates = current_app.config["PROPAGATE_EXCEPTIONS"]
    if current_app.testing or current_app.debug if propagates is None else propagates:
        raise error
    told: set[tuple[str, str]] = g.setdefault(_TOLD, set())
    if (view, column) in told:
        return
    told.add((view, column))
    fault = f"{type(error).__name__}: {one_line(error)}"
    log.error("%s cannot show %s of the record %s: %s", view, column, key, fault, exc_info=error)


def failed_cell() -> Cell:
    """The mark in the place of a value."""
    return Cell("failed", title=gettext("cannot be shown"))


def careful(make: Callable[..., Cell], view: str, column: str, key: str, *given: Any) -> Cell:
    """The cell of a value, or the mark; `given` is the value, and what else its maker takes."""
    made = given[0] if isinstance(given[0], Failed) else attempt(make, *given)
    if not isinstance(made, Failed):
        return made  # type: ignore[no-any-return]  # `attempt` gives what the maker does
    tell(view, column, key, made.error)
    return failed_cell()
