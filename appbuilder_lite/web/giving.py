"""What a write to users, roles, groups and permissions must not do, whichever view or surface it comes by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Table, inspect

from appbuilder_lite.errors import Rejected
from appbuilder_lite.security.access import Access
from appbuilder_lite.security.models import SecurityModels
from appbuilder_lite.text import gettext
from appbuilder_lite.web.giver import Giver


def giving_relations(models: SecurityModels, model: type[Any]) -> Mapping[str, Table]:
    """Relations of a model by which people get roles, groups and permissions, with their association tables."""
    mapper = inspect(model, raiseerr=False)
    tables = _associations(models)
    found = mapper.relationships if mapper is not None else ()
    return {relation.key: relation.secondary for relation in found if any(relation.secondary is t for t in tables)}


def check_change(giver: Giver, action: str, item: Any) -> None:
    """Refuse an `add`, `edit` or `delete` that is beyond the person; the record is filled and not flushed yet.

    Raises `Rejected`.
    """
    models = giver.state.sm.models
    with giver.state.session.no_autoflush:
        if _counts_for_admins(models, action, item):
            giver.lock_admins()
        if isinstance(item, models.user):
            _check_user(giver, action, item)
        elif isinstance(item, models.role):
            _check_role(giver, action, item)
        elif isinstance(item, models.group):
            _check_group(giver, item)
        elif _is_of_ours(models, item):
            giver.check_administrator(gettext("Only an administrator may change this."))


def check_result(giver: Giver, action: str, item: Any) -> None:
    """Refuse a write that leaves no active administrator; asked in the transaction, when it is flushed."""
    if _counts_for_admins(giver.state.sm.models, action, item):
        giver.check_an_admin_remains()


def _counts_for_admins(models: SecurityModels, action: str, item: Any) -> bool:
    """Whether a write may take an administrator away: a new record cannot."""
    return action != "add" and isinstance(item, (models.user, models.role, models.group))


def _check_user(giver: Giver, action: str, user: Any) -> None:
    if action != "add":
        giver.check_user(user)
        # Roles are tied to the key: what a changed one leaves behind, or meets, is somebody else's.
        if any(_changes(user, giver.state.sm.users.key_name)):
            giver.check_administrator(gettext("Only an administrator may change the key of a user."))
    models = giver.state.sm.models
    for name, table in giving_relations(models, type(user)).items():
        added, removed = _changes(user, name)
        if added or removed:
            giver.check_self(user, name)
        if table is models.user_role:
            giver.check_roles(_ids(added), name)
        else:
            giver.check_groups(_ids(added), name)


def _check_role(giver: Giver, action: str, role: Any) -> None:
    old, new = _names(role)
    is_renamed = old != new
    for name in {old, new} if is_renamed or action == "delete" else ():
        _refuse_reserved(giver, name)
    if old and giver.state.sm.is_reserved_role(old):
        giver.check_administrator(gettext("Only an administrator may change the role %(role)s.", role=old))
    if old and (is_renamed or action == "delete"):
        giver.check_whole_role(role.id)
    models = giver.state.sm.models
    for name, table in giving_relations(models, type(role)).items():
        added, removed = _changes(role, name)
        if table is models.permission_view_role:
            giver.check_grants(_accesses(added), name)
            giver.check_withdrawn(_accesses(removed), name)
        elif added or removed:
            giver.check_roles(_ids([role]), name)
            _check_not_self(giver, table, (*added, *removed), name)


def _check_group(giver: Giver, group: Any) -> None:
    """Whoever changes a group must be able to give all its roles, those before and those after."""
    giver.check_groups(_ids([group]), "roles")
    models = giver.state.sm.models
    for name, table in giving_relations(models, type(group)).items():
        added, removed = _changes(group, name)
        if table is models.group_role:
            giver.check_roles(_ids(added), name)
            giver.check_not_member(_ids([group]) if added or removed else [], name)
        else:
            _check_not_self(giver, table, (*added, *removed), name)


def _check_not_self(giver: Giver, table: Table, changed: Iterable[Any], field: str) -> None:
    """Nobody changes what they have from the other side: by a role or a group that gets or loses them."""
    if table is giver.state.sm.models.group_role:
        giver.check_not_member(_ids(changed), field)
        return
    for user in changed:
        giver.check_self(user, field)


def _names(role: Any) -> tuple[str, str]:
    """The name that a role had before this write, empty for a new one, and the one it is to have."""
    name = role.name or ""
    history = inspect(role).attrs.name.history
    before = (*(history.unchanged or ()), *(history.deleted or ()))
    return (before[0] or "" if before and inspect(role).persistent else "", name)


def _refuse_reserved(giver: Giver, name: str) -> None:
    if name and giver.state.sm.is_reserved_role(name):
        raise Rejected(gettext("The role name %(name)s is reserved.", name=name), field="name")


def _changes(item: Any, name: str) -> tuple[list[Any], list[Any]]:
    """What is new in a relation and what is gone; a relation that was not loaded was not changed either."""
    history = inspect(item).attrs[name].history
    return list(history.added or ()), list(history.deleted or ())


def _ids(items: Iterable[Any]) -> list[Any]:
    """The ids of roles or groups; a new one has none, and what it gives is checked at its own making."""
    return [item.id for item in items if item.id is not None]


def _accesses(permission_views: Iterable[Any]) -> list[Access]:
    return [Access(view.permission.name, view.view_menu.name) for view in permission_views]


def _is_of_ours(models: SecurityModels, item: Any) -> bool:
    """Whether a record is a row that permissions are made of, or changes such rows by a relation of its own."""
    classes = (models.permission, models.view_menu, models.permission_view)
    mapper = inspect(type(item), raiseerr=False)
    if mapper is None:
        return False
    rows = (*_associations(models), models.state, models.user_stamp)
    is_row = isinstance(item, classes) or any(mapper.local_table is table for table in rows)
    return is_row or any(any(_changes(item, name)) for name in giving_relations(models, type(item)))


def _associations(models: SecurityModels) -> tuple[Table, ...]:
    return (models.user_role, models.user_group, models.group_role, models.permission_view_role)
