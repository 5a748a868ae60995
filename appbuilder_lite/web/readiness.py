"""What must be true before the first page: the app is complete, and the permission records exist."""

from __future__ import annotations

import logging

from appbuilder_lite.errors import Unavailable
from appbuilder_lite.security.access import Access
from appbuilder_lite.text import gettext
from appbuilder_lite.web.routes import host_accesses_of
from appbuilder_lite.web.state import AppState

log = logging.getLogger("appbuilder_lite")


class Broken(Unavailable):
    """The app was completed in a way that cannot work; our pages say so, the log says why."""


def make_ready(state: AppState) -> None:
    """Check what only shows when the app is complete, and have the permission records made.

    Costs nothing once both are done. Raises `Broken`, or `Unavailable` where our tables are missing.
    """
    if state.late_problems is None:
        with state.lock:
            complete(state)
    if any(not problem.warning for problem in state.late_problems or ()):
        raise Broken(gettext("This site is not set up correctly. Its log says what is wrong."))
    state.sm.ensure_synced()


def complete(state: AppState) -> None:
    """Run the late checks and declare what the host's own routes ask for; once per app."""
    if state.late_problems is not None:
        return
    state.sm.declare(host_accesses(state))
    found = tuple(problem for check in state.late_checks for problem in check(state))
    for problem in found:
        log.log(logging.WARNING if problem.warning else logging.ERROR, "%s", problem)
    state.late_problems = found


def host_accesses(state: AppState) -> frozenset[Access]:
    """The permissions that `@has_access` asks for on the host's own functions."""
    functions = state.app.view_functions.values()
    return frozenset(access for function in functions for access in host_accesses_of(function))
