"""Runs the hooks that come after the commit, where nothing can be undone any more."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from appbuilder_lite.errors import Rejected
from appbuilder_lite.text import gettext

_log = logging.getLogger(__name__)


def run_after_commit(hook: Callable[[Any], object], item: Any, undo: Callable[[], None]) -> tuple[str, ...]:
    """Call a `post_*` hook; what it raises is logged and comes back as notices, as the record is saved already.

    `undo` then takes back what the hook had not committed, so that nothing half done waits for the next commit.
    """
    try:
        hook(item)
    except Rejected as refusal:
        undo()
        return (refusal.message,)
    except Exception:  # noqa: BLE001 - the hook is anybody's code, and the row that it follows is committed
        _log.exception("%s failed after the commit", getattr(hook, "__qualname__", hook))
        undo()
        return (gettext("The record was saved, but a step after it failed."),)
    return ()
