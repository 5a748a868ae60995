"""Roles as a JSON file, to carry them from one site to another: `flask appbuilder export-roles` and `import-roles`.

{"format": "appbuilder_lite roles 1",
 "roles": [{"name": "Sales", "permissions": [["can_list", "CustomerView"]]}]}
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from appbuilder_lite.errors import AppBuilderError
from appbuilder_lite.security.access import Access
from appbuilder_lite.security.sync_plan import PERMISSION_LENGTH, ROLE_LENGTH, VIEW_MENU_LENGTH

FORMAT = "appbuilder_lite roles 1"

Roles = Mapping[str, frozenset[Access]]


class RoleFileError(AppBuilderError):
    """The file holds no roles as `export_roles` writes them; the message says where it differs."""


def write_roles(roles: Roles, indent: int | str | None = None) -> str:
    """The text of a file with these roles; the same roles give the same text."""
    entries = [
        {"name": name, "permissions": [[each.permission, each.view_menu] for each in sorted(roles[name])]}
        for name in sorted(roles)
    ]
    return json.dumps({"format": FORMAT, "roles": entries}, indent=indent, ensure_ascii=False) + "\n"


def read_roles(text: str) -> dict[str, frozenset[Access]]:
    """The roles of a file's text. Raises `RoleFileError`."""
    try:
        content = json.loads(text)
    except ValueError as error:
        raise RoleFileError(f"the file is no JSON: {error}") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise RoleFileError(f'the file is none of ours: it must hold "format": "{FORMAT}"')
    entries = _list(content.get("roles"), "roles")
    roles = dict(_role(entry, f"roles[{index}]") for index, entry in enumerate(entries))
    if len(roles) < len(entries):
        raise RoleFileError("a role stands in the file twice")
    return roles


def _role(entry: Any, where: str) -> tuple[str, frozenset[Access]]:
    if not isinstance(entry, dict):
        raise RoleFileError(f"{where} is no object")
    name = _name(entry.get("name"), f"{where}.name", ROLE_LENGTH)
    return name, frozenset(_accesses(entry.get("permissions"), f"{where}.permissions"))


def _accesses(pairs: Any, where: str) -> Iterator[Access]:
    for index, pair in enumerate(_list(pairs, where)):
        if not isinstance(pair, list) or len(pair) != 2:
            raise RoleFileError(f"{where}[{index}] is no pair of permission and view menu")
        permission = _name(pair[0], f"{where}[{index}]", PERMISSION_LENGTH)
        yield Access(permission, _name(pair[1], f"{where}[{index}]", VIEW_MENU_LENGTH))


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise RoleFileError(f"{where} is no list")
    return value


def _name(value: Any, where: str, length: int) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable() or len(value) > length:
        raise RoleFileError(f"{where} is no printable name of at most {length} characters")
    return value
