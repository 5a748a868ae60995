"""Reading from several views for one page, none of which may bring that page down."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError

T = TypeVar("T")

log = logging.getLogger("appbuilder_lite")


def attempt(names: str, datamodel: Any, read: Callable[[], T]) -> T | None:
    """What was read, or None where it failed, with a line in the log that names the views.

    An error that says the connection is gone goes on: there is nothing more to read.
    """
    try:
        return read()
    except Exception as error:
        if getattr(error, "connection_invalidated", False):
            raise
        log.exception("Nothing could be read of %s; the page goes without.", names)
        if isinstance(error, SQLAlchemyError):
            # PostgreSQL takes no further statement in a transaction in which one failed.
            datamodel.rollback()
        return None
