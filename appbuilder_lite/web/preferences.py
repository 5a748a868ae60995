"""Which choice of its reader a page wants to know: the columns of a list, kept in the database."""

from __future__ import annotations

from flask import has_request_context, request

from appbuilder_lite.security.preferences import LONGEST_NAME

_LIST = ".list"
_COLUMNS = "columns:"


def columns_preference(endpoint: str) -> str:
    """Under which name the columns of the list at this endpoint are kept."""
    return _COLUMNS + endpoint[-(LONGEST_NAME - len(_COLUMNS)) :]


def wanted_preference() -> str:
    """What the page that is asked for wants to know of its reader: the columns, where it is a list; else nothing.

    It is read in the statement that reads who asks, which runs before the page does, or in the host's own hooks.
    """
    endpoint = request.endpoint if has_request_context() else None
    return columns_preference(endpoint) if endpoint is not None and endpoint.endswith(_LIST) else ""
