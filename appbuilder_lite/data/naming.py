"""What records call themselves, whatever their class makes of it."""

from __future__ import annotations

import logging
from typing import Any
from weakref import WeakSet

from sqlalchemy.exc import DBAPIError, PendingRollbackError, TimeoutError

from appbuilder_lite.text import one_line

log = logging.getLogger("appbuilder_lite")

_told: WeakSet[type[Any]] = WeakSet()


def text_of(item: Any) -> str:
    """`str()` of a record, or an empty text where that raises or says nothing: the log names each such class once.

    One record without a name must not bring down every page that names it. What the database refuses goes on: there
    is nothing more to read.
    """
    try:
        text = str(item)
    except (DBAPIError, PendingRollbackError, TimeoutError):
        raise
    except Exception as error:  # noqa: BLE001 - `__str__` is anybody's code, and runs in lists of other records
        _tell(item, f"raises {type(error).__name__}: {one_line(error)}")
        return ""
    if text.strip():
        return text
    _tell(item, "gives no text")
    return ""


def _tell(item: Any, fault: str) -> None:
    cls = type(item)
    if cls not in _told:
        _told.add(cls)
        name = f"{cls.__module__}.{cls.__qualname__}"
        log.warning("str() of a %s %s. Such records go by their kind and key: mend its __str__.", name, fault)
