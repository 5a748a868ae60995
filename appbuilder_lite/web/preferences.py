"""Which choice of its reader a page wants to know: the columns of a list, kept in the database."""

from __future__ import annotations

from flask import has_request_context, request

from appbuilder_lite.security.preferences import LONGEST_NAME

_LISTS = frozenset({"list", "add_beside", "edit_beside", "export_list"})
"""Pages of a view that show its list, and the files of it."""
_COLUMNS = "columns:"


def columns_preference(endpoint: str) -> str:
    """Under which name the columns of the list at this endpoint are kept."""
    return _COLUMNS + endpoint[-(LONGEST_NAME - len(_COLUMNS)) :]


def wanted_preference() -> str:
    """What the page that is asked for wants to know of its reader: the columns, where it is a list; else nothing.

    It is read in the statement that reads who asks, which runs before the page does, or in the host's own hooks.
    """
    endpoint = request.endpoint if has_request_context() else None
    view, _dot, name = (endpoint or "").rpartition(".")
    return columns_preference(f"{view}.list") if view and name in _LISTS else ""
