"""By which name or address a user is found, at sign-in and elsewhere, and that nobody takes one of somebody else's."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import LargeBinary, Select, case, cast, func, inspect, literal, or_, select, union_all

from appbuilder_lite.errors import Rejected
from appbuilder_lite.security.manager_parts import ManagerParts
from appbuilder_lite.text import gettext, is_storable

_FITTING = 10
_NAMES = ("username", "email")
_MARIADB = frozenset({"mysql", "mariadb"})


class NameTaken(Rejected):
    """A user would get a name or an address by which somebody else is found at sign-in."""


class SignInNames(ManagerParts):
    """Finds users by what they sign in with, and keeps that apart."""

    def check_names(self, user: Any) -> None:
        """Strip the name and the address that a user is to get; refuse those by which somebody else is found.

        Every writer of users asks this, with the records locked and nothing flushed yet. What is not changed is not
        judged. Raises `NameTaken`. Made to be overridden, where an app's own sign-in has another rule.

        Example: `with sm.changing(commit=True): user.username = "alice"; sm.check_names(user)`.
        """
        wanted = self._wanted(user)
        state = inspect(user)
        taken = self._taken(wanted.values(), state.identity[0] if state.persistent else None, locked=True)
        if taken is not None:
            field = self.users.real_name([*wanted][taken])
            raise NameTaken(gettext("Somebody else signs in by this already."), field=field)

    def is_name_free(self, name: str) -> bool:
        """Whether nobody is found at sign-in by this name or address.

        Example: `sm.is_name_free("alice")`.
        """
        return not is_storable(name) or self._taken([name.strip()]) is None

    def _wanted(self, user: Any) -> dict[str, str]:
        """The texts by which a user is to be found, by logical name; one column may be both."""
        wanted: dict[str, str] = {}
        for name in _NAMES:
            is_known = self.users.real_name(name) in map(self.users.real_name, wanted)
            value = self.users.get(user, name) if self.users.has_changed(user, name) else None
            if is_known or not isinstance(value, str):
                continue
            if value != value.strip():
                self.users.set(user, name, value.strip())
            if value.strip() and is_storable(value):
                wanted[name] = value.strip()
        return wanted

    def _taken(self, values: Collection[str], own_key: Any = None, *, locked: bool = False) -> int | None:
        """The place of the first of these texts by which a user of another key is found; None where none is."""
        names = [name for name in _NAMES if self.users.has(name)]
        if not (values and names):
            return None
        fitting = [or_(*(self._is_called(name, value) for name in names)) for value in values]
        place = case(*((condition, number) for number, condition in enumerate(fitting)))
        found = self._others(place, own_key).where(or_(*fitting)).order_by(place)
        statement: Any = found
        if locked and self._dialect_name in _MARIADB:
            statement = union_all(found, *self._written_meanwhile(names, values, own_key))
        with self.session.no_autoflush:
            return min(self.session.scalars(statement), default=None)

    def _written_meanwhile(self, names: list[str], values: Collection[str], own_key: Any) -> Iterator[Select[Any]]:
        """Selects what a plain SELECT does not show MariaDB: others' rows since this transaction began.

        A row or a gap of each index is locked, where the condition of sign-in would lock the whole table, and keep
        everybody waiting who signs in.
        """
        for number, value in enumerate(values):
            for name in names:
                column: Any = self.users.column(name)
                yield self._others(literal(number), own_key).where(column == value).with_for_update(read=True)

    def _others(self, what: Any, own_key: Any) -> Select[Any]:
        statement = select(what).select_from(self.models.user).limit(1)
        return statement if own_key is None else statement.where(self.store.user_key != own_key)

    def _user_called(self, names: Mapping[str, str]) -> Any:
        """The one user that one of these logical names fits, in one statement.

        What is spelled exactly so beats what differs in case; of two alike, the earlier name beats the later.
        """
        known = {name: value for name, value in names.items() if self.users.has(name) and is_storable(value)}
        if not known:
            return None
        is_called = or_(*(self._is_called(name, value) for name, value in known.items()))
        # However many spellings there are, the exact ones are among those that are read.
        exact = (self._is_exactly(name, value) for name, value in known.items())
        nearness = case(*((condition, rank) for rank, condition in enumerate(exact)), else_=len(known))
        nearest = select(self.models.user).where(is_called).order_by(nearness).limit(_FITTING)
        found = self.session.scalars(nearest).unique().all()
        for same in (str.__eq__, _same_folded):
            for name, value in known.items():
                fitting = [user for user in found if same(str(self.users.get(user, name)), value)]
                if len(fitting) == 1:
                    return fitting[0]
        return found[0] if len(found) == 1 else None

    def _is_called(self, name: str, value: str) -> Any:
        column: Any = self.users.column(name)
        return func.lower(column) == func.lower(value) if self.settings.username_ci else column == value

    def _is_exactly(self, name: str, value: str) -> Any:
        """Whether a name is spelled so, letter by letter: MariaDB's usual collations take `A` and `a` for equal."""
        column: Any = self.users.column(name)
        if self._dialect_name in _MARIADB:
            return cast(column, LargeBinary) == cast(literal(value), LargeBinary)
        return column == value


def _same_folded(first: str, second: str) -> bool:
    return first.casefold() == second.casefold()
