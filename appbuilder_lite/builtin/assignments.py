"""What is assigned to a record by rows of an association table: a user's roles and groups, a role's permissions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Table, delete, exists, false, inspect, select

from appbuilder_lite.builtin.fields import Offer
from appbuilder_lite.security.manager import BaseSecurityManager
from appbuilder_lite.text import gettext


@dataclass(frozen=True, slots=True)
class Assignment:
    """One association table seen from its owner's side.

    `field` is the form's name for it: other than the relation's, or the form would load the relation for nothing.
    `offers` selects (id, label) of everything that can be assigned, in the order of the labels.
    """

    field: str
    label: str
    sm: BaseSecurityManager
    table: Table
    own: str
    other: str
    offers: Select[Any]

    def attach(self, form: Any, owner: Any) -> None:
        """Give a form's field what there is to choose, and what the owner (its key, or None) has: one statement."""
        if self.field not in form:
            return
        mine = exists().where(self.table.c[self.own] == owner, self.table.c[self.other] == self._id)
        rows = self.sm.session.execute(self.offers.add_columns(false() if owner is None else mine)).all()
        offered = {str(key): Offer(key, label) for key, label, _is_mine in rows}
        form[self.field].attach(offered, [key for key, _label, is_mine in rows if is_mine])

    def current(self, owner: Any) -> Collection[Any]:
        """The ids that are assigned to an owner."""
        statement = select(self.table.c[self.other]).where(self.table.c[self.own] == owner)
        return self.sm.session.scalars(statement, bind_arguments=self.sm.bind).all()

    def names(self, owner: Any) -> tuple[str, ...]:
        """The labels of what is assigned to an owner."""
        mine = select(self.table.c[self.other]).where(self.table.c[self.own] == owner)
        return tuple(label for _key, label in self.sm.session.execute(self.offers.where(self._id.in_(mine))))

    def assign(self, owner: Any, ids: Collection[Any]) -> None:
        """Make these the ones that are assigned; written by statements, in the running transaction."""
        removed = [key for key in self.current(owner) if key not in ids]
        if removed:
            own, other = self.table.c[self.own], self.table.c[self.other]
            statement = delete(self.table).where(own == owner, other.in_(removed))
            self.sm.session.execute(statement, bind_arguments=self.sm.bind)
        self.sm.link(self.table, {self.own: owner}, self.other, list(ids))

    @property
    def _id(self) -> Any:
        return self.offers.selected_columns[0]


def of_users(sm: BaseSecurityManager) -> tuple[Assignment, Assignment]:
    """A user's roles and groups."""
    models = sm.models
    roles = select(models.role.id, models.role.name).order_by(models.role.name)
    groups = select(models.group.id, models.group.name).order_by(models.group.name)
    return (
        Assignment("assigned_roles", gettext("Roles"), sm, models.user_role, "user_id", "role_id", roles),
        Assignment("assigned_groups", gettext("Groups"), sm, models.user_group, "user_id", "group_id", groups),
    )


def forget_loaded(sm: BaseSecurityManager, item: Any, names: Collection[str]) -> None:
    """Let relations of a record that statements went round be read anew."""
    known = inspect(type(item)).relationships.keys()
    sm.session.expire(item, [name for name in names if name in known])
