"""The list of roles: how many people have each, and how much it grants, counted for the page and not row by row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from appbuilder_lite.builtin.role_grants import RoleFigures
from appbuilder_lite.resource.options import ResourceOptions, on_page
from appbuilder_lite.text import gettext, ngettext, reader
from appbuilder_lite.web.cells import CellMaker, RecordUrl
from appbuilder_lite.web.list_page import ListPages
from appbuilder_lite.web.pages import Cell


@dataclass(frozen=True, slots=True)
class RoleValue:
    """What the list knows of a role: its figures, and what code says of it ("Everything"), which beats them."""

    figures: RoleFigures
    in_code: str = ""


def _users_cell(value: RoleValue, _url: RecordUrl) -> Cell:
    count = value.figures.users
    return Cell("text", ngettext("%(num)s user", "%(num)s users", count)) if count else Cell("empty")


def _permissions_cell(value: RoleValue, _url: RecordUrl) -> Cell:
    return Cell("text", _permissions_text(value))


def _permissions_text(value: RoleValue) -> str:
    granted, total = map(reader().count, (value.figures.granted, value.figures.total))
    return value.in_code or gettext("%(granted)s of %(total)s", granted=granted, total=total)


_MAKERS: dict[str, CellMaker] = {"user": _users_cell, "permissions": _permissions_cell}


def counted_columns(options: ResourceOptions) -> frozenset[str]:
    """The columns that show figures in the place of the records: unless a host formats those."""
    return frozenset(_MAKERS) - on_page(options, "list").formatters.keys()


def text_in_file(name: str, value: Any) -> Any:
    """A value of a list as its file has it: of figures, how many users there are, or what the list says."""
    if not isinstance(value, RoleValue):
        return value
    return value.figures.users if name == "user" else _permissions_text(value)


class RoleListPages(ListPages):
    """List pages whose users and permissions are figures."""

    def __init__(self, options: ResourceOptions) -> None:
        super().__init__(options)
        counted: Any = counted_columns(options)
        self.columns = {
            name: replace(column, kind="text", make=_MAKERS[name]) if name in counted else column
            for name, column in self.columns.items()
        }
