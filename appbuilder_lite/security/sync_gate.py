"""When the permission sync runs by itself: once, before the first request to our pages, and not over and over."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from appbuilder_lite.errors import Unavailable
from appbuilder_lite.security.access import Access
from appbuilder_lite.security.sync import PermissionSync, SyncFailed

PAUSE_SECONDS = 30.0
_WAIT_SECONDS = 10.0

logger = logging.getLogger("appbuilder_lite.security.sync")


class SyncGate:
    """Remembers, for one app, whether its permission records exist, and when to try again.

    `is_healthy` is False after a failure, and in mode `check` while records are missing.
    """

    def __init__(self, sync: PermissionSync, mode: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._sync = sync
        self._mode = mode
        self._clock = clock
        self._lock = threading.Lock()
        self._done_for: frozenset[Access] | None = None
        self._retry_at: float | None = None
        self._reported_at: float | None = None
        self.is_healthy = True

    def ensure(self, declared: frozenset[Access]) -> None:
        """Synchronise unless that is done, switched off or failed a moment ago.

        Raises `Unavailable` where our tables are missing or the database is down. Every other failure is logged,
        once, and the request goes on: what no row grants is refused, and Admin works.
        """
        if self._done_for is declared or self._mode == "off":
            return
        if not self._lock.acquire(timeout=_WAIT_SECONDS):
            return
        try:
            if self._done_for is not declared and not self._is_pausing():
                self._attempt(declared)
        finally:
            self._lock.release()

    def _is_pausing(self) -> bool:
        return self._retry_at is not None and self._clock() < self._retry_at

    def _attempt(self, declared: frozenset[Access]) -> None:
        try:
            done = self._check(declared) if self._mode == "check" else self._sync.run(declared).done
        except Unavailable as error:
            self._report(error)
            raise
        except SyncFailed as error:
            self._pause(f"Permission records could not be created, {error}. Run: flask appbuilder sync", logging.ERROR)
            return
        if done:
            self._done_for = declared
            self.is_healthy = True
            self._retry_at = None

    def _check(self, declared: frozenset[Access]) -> bool:
        if self._sync.is_current(declared):
            return True
        self._pause("Permission records are missing. Run: flask appbuilder sync", logging.WARNING)
        return False

    def _pause(self, message: str, level: int) -> None:
        self.is_healthy = False
        self._retry_at = self._clock() + PAUSE_SECONDS
        logger.log(level, message)

    def _report(self, error: Unavailable) -> None:
        """Log a state that every request meets once per pause; the next request tries again all the same."""
        self.is_healthy = False
        now = self._clock()
        if self._reported_at is None or now >= self._reported_at + PAUSE_SECONDS:
            self._reported_at = now
            logger.error("appbuilder_lite cannot work: %s", error)
