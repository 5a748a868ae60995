"""What roles grant: kept in memory per grant version, with the roles that live in code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from appbuilder_lite.errors import Problem
from appbuilder_lite.security.access import Access, Principal, RoleGrants
from appbuilder_lite.settings import Settings

Pattern = tuple[re.Pattern[str], re.Pattern[str]]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one statement says about who asks: grant version, stamp, role ids, a preference, and perhaps the user.

    `version` is None where the grants were never marked yet; then nothing may be kept in memory.
    """

    version: str | None
    stamp: str | None
    role_ids: tuple[Any, ...]
    user: Any = None
    preference: str | None = None


class PatternGrants(frozenset[Access]):
    """A set of grants that also holds whatever one of its (view menu, permission) patterns matches as a whole.

    Iterating gives only the grants that were put in; a pattern has no end.
    """

    patterns: tuple[Pattern, ...]

    def __new__(cls, grants: Iterable[Access], patterns: Iterable[Pattern]) -> PatternGrants:
        made = super().__new__(cls, grants)
        made.patterns = tuple(patterns)
        return made

    def __contains__(self, item: object) -> bool:
        return super().__contains__(item) or (isinstance(item, Access) and self._matches(item))

    def _matches(self, access: Access) -> bool:
        return any(
            view_menu.fullmatch(access.view_menu) and permission.fullmatch(access.permission)
            for view_menu, permission in self.patterns
        )


class RoleRules:
    """What the settings say about roles: which one is Admin, and what those kept in code grant."""

    def __init__(self, settings: Settings) -> None:
        self._admin = settings.admin_role
        self._patterns = {name: tuple(_patterns(rules)) for name, rules in settings.roles.items()}

    def apply(self, role: RoleGrants) -> RoleGrants:
        """The role with what the code grants it on top of its rows.

        Admin means all, unless its patterns are spelled out in the settings: then those count, as in
        Flask-AppBuilder.
        """
        patterns = self._patterns.get(role.name)
        if patterns is not None:
            return replace(role, grants=PatternGrants(role.grants, patterns))
        return replace(role, is_admin=True) if role.name == self._admin else role


def rule_problems(settings: Settings) -> tuple[Problem, ...]:
    """What is wrong with the roles kept in code (AB323): not pairs of texts, or no regular expressions."""
    return tuple(
        Problem("AB323", f"app.config['APPBUILDER_ROLES'][{name!r}]", fault, "use [[view_menu, permission], ...]")
        for name, rules in settings.roles.items()
        for fault in _faults(rules)
    )


def _patterns(rules: Any) -> Iterator[Pattern]:
    # A rule that cannot be used grants nothing; `rule_problems` reports it at start.
    for rule in rules if isinstance(rules, (list, tuple)) else ():
        if not _fault(rule):
            yield re.compile(rule[0]), re.compile(rule[1])


def _faults(rules: Any) -> Iterator[str]:
    if not isinstance(rules, (list, tuple)):
        yield f"{rules!r} is not a list of pairs"
        return
    yield from filter(None, map(_fault, rules))


def _fault(rule: Any) -> str:
    """Why a rule cannot be used; empty where it can."""
    is_pair = isinstance(rule, (list, tuple)) and len(rule) == 2 and all(isinstance(part, str) for part in rule)
    if not is_pair:
        return f"{rule!r} is not a pair of texts"
    try:
        re.compile(rule[0])
        re.compile(rule[1])
    except re.error as error:
        return f"{rule!r} is no regular expression: {error}"
    return ""


@dataclass(frozen=True, slots=True)
class _Held:
    """The roles known at one grant version. Never changed: a newer one takes its place."""

    version: str | None = None
    roles: Mapping[Any, RoleGrants] = field(default_factory=dict)


class GrantCache:
    """The roles of one app and what they grant, read again only when the grant version changed.

    Threads share it: what is held is one immutable value that is replaced as a whole. The version is always read
    before the grants; the other way round, a change between the two reads would stay unseen for ever.
    """

    def __init__(self, load: Callable[[Sequence[Any]], Iterable[RoleGrants]], settings: Settings) -> None:
        self._load = load
        self._rules = RoleRules(settings)
        self._held = _Held()

    def principal(self, snapshot: Snapshot, user: Any = None) -> Principal:
        """Who asks, with what their roles grant. One statement more after a change, none otherwise."""
        found = self.roles(snapshot.version, snapshot.role_ids)
        return Principal(user if user is not None else snapshot.user, found)

    def roles(self, version: str | None, role_ids: Sequence[Any]) -> tuple[RoleGrants, ...]:
        """The roles of these ids as of a version that was read just now; ids without a role are left out."""
        held = self._held
        if held.version != version or version is None:
            held = _Held(version)
        missing = [role_id for role_id in role_ids if role_id not in held.roles]
        if missing:
            loaded = {role.id: self._rules.apply(role) for role in self._load(missing)}
            held = _Held(version, {**held.roles, **loaded})
        self._held = held
        return tuple(held.roles[role_id] for role_id in role_ids if role_id in held.roles)
