"""What the permission sync would do, as pure functions on names: fingerprint, plan, and names that cannot be kept."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from appbuilder_lite.errors import Problem
from appbuilder_lite.security.access import Access
from appbuilder_lite.settings import Settings

PERMISSION_LENGTH = 100
VIEW_MENU_LENGTH = 250
ROLE_LENGTH = 64
# Raised when the sync begins to write other rows for the same declaration.
_FORMAT = 2
_DECLARED_PREFIX = "declared:"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The rows that should exist: permission views and roles, by name."""

    accesses: frozenset[Access]
    roles: tuple[str, ...]

    @property
    def permissions(self) -> set[str]:
        return {access.permission for access in self.accesses}

    @property
    def view_menus(self) -> set[str]:
        return {access.view_menu for access in self.accesses}


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """What a sync would add (`missing`), and what a prune would remove (`surplus`).

    `unknown` is declared by nobody either, but was by no sync that we know of: the app's own code has made it, or
    somebody before us. A prune keeps it.
    """

    missing: tuple[Access, ...] = ()
    surplus: tuple[Access, ...] = ()
    unknown: tuple[Access, ...] = ()
    missing_roles: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.missing or self.missing_roles)


def reserved_roles(settings: Settings) -> tuple[str, ...]:
    """The roles that exist by themselves: Admin, Public, and those kept in code."""
    return tuple(sorted({settings.admin_role, settings.public_role, *settings.roles}))


def wanted(declared: Iterable[Access], settings: Settings) -> Wanted:
    """The rows that should exist for what is declared: its own, and the roles that exist by themselves."""
    return Wanted(frozenset(declared), reserved_roles(settings))


def fingerprint(rows: Wanted) -> str:
    """A hash that is the same for the same rows, in whatever order they were declared."""
    pairs = sorted((access.view_menu, access.permission) for access in rows.accesses)
    text = json.dumps([_FORMAT, pairs, sorted(rows.roles)])
    return hashlib.sha256(text.encode()).hexdigest()


def declared_name(access: Access) -> str:
    """The name of the note that a sync has once declared this: a hash, as the names are longer than a note's."""
    text = json.dumps([access.permission, access.view_menu])
    return _DECLARED_PREFIX + hashlib.sha256(text.encode()).hexdigest()


def make_plan(
    rows: Wanted, stored: Iterable[Access], stored_roles: Iterable[str], notes: Container[str] = ()
) -> SyncPlan:
    """Compare what is wanted with what is stored; `notes` say what was declared before."""
    stored = frozenset(stored)
    left = sorted(stored - rows.accesses)
    return SyncPlan(
        missing=tuple(sorted(rows.accesses - stored)),
        surplus=tuple(access for access in left if declared_name(access) in notes),
        unknown=tuple(access for access in left if declared_name(access) not in notes),
        missing_roles=tuple(sorted(set(rows.roles) - set(stored_roles))),
    )


def fold(name: str) -> str:
    """The name as the most forgiving database compares it: without case, accents and trailing spaces."""
    letters = unicodedata.normalize("NFKD", name.rstrip())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()


def name_problems(declared: Iterable[Access]) -> tuple[Problem, ...]:
    """What is wrong with declared names: those that a database would merge (AB320) or cut (AB321).

    Example: `name_problems({Access("can_list", "Sales"), Access("can_list", "sales")})[0].id == "AB320"`.
    """
    declared = tuple(declared)
    permissions = {access.permission for access in declared}
    view_menus = {access.view_menu for access in declared}
    return (
        *_merged("permission", permissions),
        *_merged("view menu", view_menus),
        *_unfit("permission", permissions, PERMISSION_LENGTH),
        *_unfit("view menu", view_menus, VIEW_MENU_LENGTH),
    )


def role_problems(settings: Settings) -> tuple[Problem, ...]:
    """What is wrong with the names of the roles that the settings name (AB320, AB321, AB322)."""
    found = [*_merged("role", reserved_roles(settings)), *_unfit("role", reserved_roles(settings), ROLE_LENGTH)]
    if settings.admin_role == settings.public_role:
        message = f"the role {settings.admin_role!r} is both the Admin role and the role of anonymous visitors"
        fix = "give APPBUILDER_ADMIN_ROLE and APPBUILDER_PUBLIC_ROLE different names"
        found.append(Problem("AB322", "app.config['APPBUILDER_PUBLIC_ROLE']", message, fix))
    return tuple(found)


def _merged(kind: str, names: Iterable[str]) -> Iterator[Problem]:
    groups: Mapping[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        groups[fold(name)].append(name)
    for group in groups.values():
        if len(group) > 1:
            spellings = " and ".join(repr(name) for name in group)
            message = f"the names {spellings} differ only by case, accents or trailing spaces"
            yield Problem("AB320", f"{kind} {group[0]!r}", message, "use one spelling everywhere, or another name")


def _unfit(kind: str, names: Iterable[str], length: int) -> Iterator[Problem]:
    for name in sorted(names):
        if len(name) > length:
            message = f"the name has {len(name)} characters, and the column holds {length}"
            yield Problem("AB321", f"{kind} {name[:40]!r}...", message, f"use at most {length} characters")
        elif not name.strip() or not name.isprintable():
            message = "the name is empty or holds characters that cannot be printed"
            yield Problem("AB321", f"{kind} {name!r}", message, "use printable characters")
