"""By which name or address a user is found, at sign-in and elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import LargeBinary, case, cast, func, literal, or_, select

from appbuilder_lite.security.manager_parts import ManagerParts
from appbuilder_lite.text import is_storable

_FITTING = 10


class SignInNames(ManagerParts):
    """Finds users by what they sign in with."""

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
        if self._dialect_name in {"mysql", "mariadb"}:
            return cast(column, LargeBinary) == cast(literal(value), LargeBinary)
        return column == value


def _same_folded(first: str, second: str) -> bool:
    return first.casefold() == second.casefold()
