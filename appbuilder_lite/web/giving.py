"""What a write to users, roles, groups and permissions must not do, whichever view or surface it comes by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
        if not _is_of_ours(models, item):
            return
        giver.state.sm.store.lock_records()
        if isinstance(item, models.user):
            _check_user(giver, action, item)
        elif isinstance(item, models.role):
            _check_role(giver, action, item)
        elif isinstance(item, models.group):
            _check_group(giver, action, item)
        else:
            giver.check_administrator(gettext("Only an administrator may change this."))


def check_record(giver: Giver, action: str, item: Any) -> None:
    """Refuse to `edit` or `delete` a record that is beyond the person, whatever becomes of it. Raises `Rejected`."""
    models = giver.state.sm.models
    if isinstance(item, models.user):
        giver.check_user(item)
    elif isinstance(item, models.role):
        _check_stored_role(giver, action, item)
    elif isinstance(item, models.group):
        if action == "delete":
            giver.check_not_member(_ids([item]), None)
        giver.check_groups(_ids([item]), "roles")
    elif _is_row_of_ours(models, type(item)):
        giver.check_administrator(gettext("Only an administrator may change this."))


def may(giver: Giver, action: str, item: Any) -> bool:
    """Whether `check_record` lets the person edit or delete this record."""
    try:
        check_record(giver, action, item)
    except Rejected:
        return False
    return True


def judges(giver: Giver, model: type[Any]) -> bool:
    """Whether `check_record` may refuse the person a record of this model."""
    models = giver.state.sm.models
    if issubclass(model, models.role):
        return True
    if issubclass(model, models.user):
        return not giver.is_administrator_everywhere
    return not giver.is_administrator and (issubclass(model, models.group) or _is_row_of_ours(models, model))


def read_ahead(giver: Giver, items: Sequence[Any]) -> None:
    """Read at once what `check_record` asks about each of these records."""
    models = giver.state.sm.models
    reads = ((models.user, giver.read_users), (models.role, giver.read_roles), (models.group, giver.read_groups))
    for model, read in reads:
        if items and all(isinstance(item, model) for item in items):
            read(items)


def check_result(giver: Giver, action: str, item: Any) -> None:
    """Refuse a write that leaves no active administrator; asked in the transaction, when it is flushed."""
    if _counts_for_admins(giver.state.sm.models, action, item):
        giver.check_an_admin_remains()


def _counts_for_admins(models: SecurityModels, action: str, item: Any) -> bool:
    """Whether a write may take an administrator away: a new record cannot."""
    return action != "add" and isinstance(item, (models.user, models.role, models.group))


def _check_user(giver: Giver, action: str, user: Any) -> None:
    if action != "add":
        check_record(giver, action, user)
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
    if action != "delete":
        giver.state.sm.check_names(user)


def _check_role(giver: Giver, action: str, role: Any) -> None:
    old, new = _names(role)
    if old != new:
        _refuse_reserved(giver, old, new)
    if old:
        _check_stored_role(giver, "rename" if action == "edit" and old != new else action, role)
    models = giver.state.sm.models
    for name, table in giving_relations(models, type(role)).items():
        added, removed = _changes(role, name)
        if table is models.permission_view_role:
            giver.check_grants(_accesses(added), name)
            giver.check_withdrawn(_accesses(removed), name)
        elif added or removed:
            giver.check_roles(_ids([role]), name)
            _check_not_self(giver, table, (*added, *removed), name)


def _check_stored_role(giver: Giver, action: str, role: Any) -> None:
    """Nobody takes the name or the whole of a reserved role away, nor of one that may do more than they."""
    old, _ = _names(role)
    if action in {"delete", "rename"}:
        _refuse_reserved(giver, old)
        if action == "delete":
            giver.check_not_own_role(role.id)
        giver.check_whole_role(role.id)
    else:
        giver.check_reserved_role(old)


def _check_group(giver: Giver, action: str, group: Any) -> None:
    """Whoever changes a group must be able to give all its roles, those before and those after."""
    if action != "add":
        check_record(giver, action, group)
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


def _refuse_reserved(giver: Giver, *names: str) -> None:
    for name in names:
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
    if isinstance(item, (models.user, models.role, models.group)) or _is_row_of_ours(models, type(item)):
        return True
    mapper = inspect(type(item), raiseerr=False)
    return mapper is not None and any(any(_changes(item, name)) for name in giving_relations(models, type(item)))


def _is_row_of_ours(models: SecurityModels, model: type[Any]) -> bool:
    """Whether the records of a class are rows that permissions are made of."""
    mapper = inspect(model, raiseerr=False)
    rows = (*_associations(models), models.state, models.user_stamp)
    classes = (models.permission, models.view_menu, models.permission_view)
    return mapper is not None and (issubclass(model, classes) or any(mapper.local_table is table for table in rows))


def _associations(models: SecurityModels) -> tuple[Table, ...]:
    return (models.user_role, models.user_group, models.group_role, models.permission_view_role)
