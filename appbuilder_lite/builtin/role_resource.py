"""Reads and writes roles: their permissions by difference, and what must not be granted or taken away."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from appbuilder_lite.builtin.assignments import forget_loaded
from appbuilder_lite.builtin.grants_field import Grant, GrantsField, accesses
from appbuilder_lite.builtin.role_grants import RoleFigures, change_grants, figures_of, grants_of
from appbuilder_lite.builtin.role_list import RoleValue, counted_columns, text_in_file
from appbuilder_lite.builtin.row_places import RowPlaces
from appbuilder_lite.builtin.stock import StockModelView
from appbuilder_lite.data.interface import Scope, Whole
from appbuilder_lite.data.keys import decode_key
from appbuilder_lite.data.query import ListQuery, Page, Row
from appbuilder_lite.errors import Rejected
from appbuilder_lite.resource.forms import FormData, ResourceForm
from appbuilder_lite.resource.options import Columns
from appbuilder_lite.resource.policy import Policy, WritePolicy
from appbuilder_lite.resource.resource import Outcome, Resource
from appbuilder_lite.security.access import RoleGrants
from appbuilder_lite.security.grants import RoleRules
from appbuilder_lite.settings import Settings
from appbuilder_lite.text import gettext, one_line

log = logging.getLogger("appbuilder_lite.security")

FIELD = "assigned_permissions"
RELATION = "permissions"
_NAMED = 20


def role_in_code(settings: Settings, name: str) -> RoleGrants:
    """What the settings alone say of a role of this name; `is_admin` where it may do everything."""
    return RoleRules(settings).apply(RoleGrants(None, name))


def grants_field(form: ResourceForm | None) -> GrantsField | None:
    """The field of the permissions, where the form has it."""
    found: Any = form[FIELD] if form is not None and FIELD in form else None
    return found if isinstance(found, GrantsField) else None


@dataclass(frozen=True, slots=True)
class _Figured:
    """All rows of a list of roles, with figures put into each batch of them: a `Whole`."""

    count: int
    most: int
    batches: Callable[[], Iterator[Sequence[Row]]]


class RoleResource(Resource):
    """Roles. A role that exists by itself keeps its name."""

    hooks: StockModelView

    def columns(self, action: str, policy: Policy) -> tuple[str, ...]:
        """The columns to be read: of the list, those that no figures stand in."""
        found = super().columns(action, policy)
        return tuple(name for name in found if action != "list" or name not in counted_columns(self.options))

    def list(self, query: ListQuery, policy: Policy, within: Scope | None = None, *, with_items: bool = False) -> Page:
        """One page, with figures in the place of users and permissions: two statements more, for any number of rows."""
        shown, stored = self._parted(query, policy)
        page = super().list(stored, policy, within, with_items=with_items)
        if shown == page.columns:
            return replace(page, query=query)
        return replace(page, rows=self._with_figures(page.rows, page.columns, shown), query=query, columns=shown)

    def whole(self, query: ListQuery, policy: Policy, within: Scope | None, most: int) -> tuple[Columns, Whole]:
        """All rows, with the same figures as texts: a file says no more of who has a role than a list."""
        shown, stored = self._parted(query, policy)
        columns, found = super().whole(stored, policy, within, most)

        def batches() -> Iterator[Sequence[Row]]:
            for rows in found.batches():
                made = self._with_figures(rows, columns, shown)
                yield [row._replace(values=tuple(map(text_in_file, shown, row.values))) for row in made]

        return (columns, found) if shown == columns else (shown, _Figured(found.count, found.most, batches))

    def _parted(self, query: ListQuery, policy: Policy) -> tuple[Columns, ListQuery]:
        """The columns that the person sees, and the query of those of them that are read."""
        counted = counted_columns(self.options)
        chosen = tuple(name for name in query.columns if policy.can_access_field(name, "list"))
        stored = replace(query, columns=tuple(name for name in query.columns if name not in counted))
        return chosen or super().columns("list", policy), stored

    def _with_figures(self, rows: Sequence[Row], columns: Sequence[str], shown: Sequence[str]) -> Sequence[Row]:
        if not rows:
            return rows
        state, keys = self.hooks.state, [self.datamodel.columns[name] for name in self.datamodel.key_columns]
        ids = {row.key: decode_key(row.key, keys)[0] for row in rows}
        figures = figures_of(state.sm, list(ids.values()), without_menus=RowPlaces(state).followers)
        found = []
        for row in rows:
            value = self._value(figures.get(ids[row.key], RoleFigures()))
            stored = dict(zip(columns, row.values, strict=True))
            found.append(row._replace(values=tuple(stored.get(name, value) for name in shown)))
        return found

    def _value(self, figures: RoleFigures) -> RoleValue:
        settings = self.hooks.state.settings
        if role_in_code(settings, figures.name).is_admin:
            return RoleValue(figures, gettext("Everything"))
        return RoleValue(figures, gettext("Set in code") if figures.name in settings.roles else "")

    def form(self, action: str, policy: Policy, *, formdata: FormData | None = None, item: Any = None) -> ResourceForm:
        form = super().form(action, policy, formdata=formdata, item=item)
        if FIELD in form and RELATION in form:
            # A host that names the relation itself has it as a plain field.
            del form[FIELD]
        sm, field = self.hooks.state.sm, grants_field(form)
        if item is not None and "name" in form and sm.is_reserved_role(item.name):
            del form["name"]
        if field is not None:
            field.attach(grants_of(sm, None if item is None else item.id), "" if item is None else item.name)
        return form

    def add(self, form: ResourceForm, policy: WritePolicy) -> Outcome:
        return _logged(super().add(form, policy), form)

    def edit(self, item: Any, form: ResourceForm, policy: WritePolicy) -> Outcome:
        return _logged(super().edit(item, form, policy), form)

    def prepare(self, action: str, item: Any, form: ResourceForm | None, policy: WritePolicy) -> None:
        """Refuse to grant or take away what the person may not do."""
        super().prepare(action, item, form, policy)
        field, giver = grants_field(form), self.hooks.giver
        if field is None or not field.has_changed:
            return
        if role_in_code(self.hooks.state.settings, field.role_name).is_admin:
            text = gettext("The role %(role)s may do everything: there is nothing to grant.", role=field.role_name)
            raise Rejected(text, field=FIELD)
        giver.check_grants(accesses(field.added), FIELD)
        giver.check_withdrawn(accesses(field.removed), FIELD)

    def finish(self, action: str, item: Any, form: ResourceForm | None, policy: WritePolicy) -> None:
        """Write what was ticked and what is not any more, now that a new role has an id."""
        field, sm = grants_field(form), self.hooks.state.sm
        if field is not None and field.has_changed:
            change_grants(sm, item.id, [each.id for each in field.added], [each.id for each in field.removed])
            forget_loaded(sm, item, (RELATION,))
            # The commit makes both be read again, so what the log says of it is put together before.
            field.written = self._log_text(item, field)
        super().finish(action, item, form, policy)

    def _log_text(self, role: Any, field: GrantsField) -> str:
        """Who changed what a role grants."""
        user = self.hooks.principal.user
        who = "an anonymous visitor" if user is None else f"user {self.hooks.state.sm.users.key(user)}"
        done = (("granted", field.added), ("taken away", field.removed))
        changes = "; ".join(f"{what} {_named(grants)}" for what, grants in done if grants)
        return f"Permissions of role {one_line(role.name)}, by {who}: {changes}"


def _logged(outcome: Outcome, form: ResourceForm) -> Outcome:
    """Tell the log what was written."""
    field = grants_field(form)
    if outcome.ok and field is not None and field.written:
        log.info("%s", field.written)
    return outcome


def _named(grants: Sequence[Grant]) -> str:
    names = [one_line(each.access) for each in grants[:_NAMED]]
    return ", ".join(names) + (f" and {len(grants) - _NAMED} more" if len(grants) > _NAMED else "")
