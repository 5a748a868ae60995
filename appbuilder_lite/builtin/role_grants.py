"""What roles grant, in the tables: one role's permissions read and changed, and the figures of several roles."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, delete, exists, false, func, literal, select

from appbuilder_lite.builtin.grants_field import Grant
from appbuilder_lite.data.keys import encode_key
from appbuilder_lite.security.access import Access
from appbuilder_lite.security.manager import BaseSecurityManager
from appbuilder_lite.security.manager_access import MENU_ACCESS


@dataclass(frozen=True, slots=True)
class RoleFigures:
    """How many people have a role, directly or by a group, and how many of the permissions it has by rows."""

    name: str = ""
    users: int = 0
    granted: int = 0
    total: int = 0


def grants_of(sm: BaseSecurityManager, role_id: Any) -> Sequence[Grant]:
    """Every permission, in the order of the names, with whether the role (None is a new one) has it: one statement."""
    table = sm.models.permission_view_role
    view, permission, view_menu = sm.models.permission_view, sm.models.permission, sm.models.view_menu
    mine = exists().where(table.c.role_id == role_id, table.c.permission_view_id == view.id)
    statement = (
        select(view.id, permission.name, view_menu.name, false() if role_id is None else mine)
        .join(permission, permission.id == view.permission_id)
        .join(view_menu, view_menu.id == view.view_menu_id)
        .order_by(view_menu.name, permission.name)
    )
    rows = sm.session.execute(statement).all()
    return [Grant(key, encode_key((key,)), Access(name, menu), bool(is_mine)) for key, name, menu, is_mine in rows]


def change_grants(sm: BaseSecurityManager, role_id: Any, added: Sequence[Any], removed: Sequence[Any]) -> None:
    """Give a role these permissions and take those, by their ids, in a transaction that has the records locked.

    What somebody else has given or taken meanwhile is no fault.
    """
    table = sm.models.permission_view_role
    if removed:
        statement = delete(table).where(table.c.role_id == role_id, table.c.permission_view_id.in_(removed))
        sm.session.execute(statement, bind_arguments=sm.bind)
    sm.insert(table, [{"role_id": role_id, "permission_view_id": key} for key in added])


def figures_of(
    sm: BaseSecurityManager, role_ids: Sequence[Any], *, without_menus: Collection[str]
) -> Mapping[Any, RoleFigures]:
    """The figures of these roles, in two statements. Access to the menus named is not counted as a permission."""
    users = {row[0]: row[1] for row in sm.session.execute(_users(sm, role_ids), bind_arguments=sm.bind)}
    granted = sm.session.execute(_granted(sm, role_ids, without_menus), bind_arguments=sm.bind).all()
    return {key: RoleFigures(name, users.get(key, 0), count, total) for key, name, count, total in granted}


def _users(sm: BaseSecurityManager, role_ids: Sequence[Any]) -> Select[Any]:
    direct, groups, of_group = sm.models.user_role, sm.models.user_group, sm.models.group_role
    by_group = select(of_group.c.role_id, groups.c.user_id).join(groups, groups.c.group_id == of_group.c.group_id)
    pairs = (
        select(direct.c.role_id, direct.c.user_id)
        .where(direct.c.role_id.in_(role_ids))
        .union(by_group.where(of_group.c.role_id.in_(role_ids)))
        .subquery()
    )
    return select(pairs.c.role_id, func.count()).group_by(pairs.c.role_id)


def _granted(sm: BaseSecurityManager, role_ids: Sequence[Any], without_menus: Collection[str]) -> Select[Any]:
    """Id, name, how many permissions the role has, and how many there are; a role without any is there, too."""
    role, table = sm.models.role, sm.models.permission_view_role
    counted = _counted(sm, without_menus).subquery()
    total = select(func.count()).select_from(counted).scalar_subquery()
    pairs = (
        select(table.c.role_id, table.c.permission_view_id)
        .join(counted, counted.c.id == table.c.permission_view_id)
        .where(table.c.role_id.in_(role_ids))
        .subquery()
    )
    columns = (role.id, role.name, func.count(pairs.c.permission_view_id), total)
    joined = select(*columns).outerjoin(pairs, pairs.c.role_id == role.id)
    return joined.where(role.id.in_(role_ids)).group_by(role.id, role.name)


def _counted(sm: BaseSecurityManager, without_menus: Collection[str]) -> Select[Any]:
    view, permission, view_menu = sm.models.permission_view, sm.models.permission, sm.models.view_menu
    if not without_menus:
        return select(view.id.label("id"))
    left_out = and_(permission.name == literal(MENU_ACCESS), view_menu.name.in_(sorted(without_menus)))
    return (
        select(view.id.label("id"))
        .join(permission, permission.id == view.permission_id)
        .join(view_menu, view_menu.id == view.view_menu_id)
        .where(~left_out)
    )
