"""The security manager's roles as a file, and people who asked for an account, with Flask-AppBuilder's names."""

from __future__ import annotations

import logging
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import DataError, IntegrityError

from appbuilder_lite.errors import Rejected
from appbuilder_lite.security import passwords
from appbuilder_lite.security.access import Access
from appbuilder_lite.security.manager_permissions import PermissionRecords
from appbuilder_lite.security.manager_roles import RoleRecords
from appbuilder_lite.security.manager_users import new_record
from appbuilder_lite.security.role_file import read_roles, write_roles
from appbuilder_lite.text import gettext, is_storable, one_line

logger = logging.getLogger("appbuilder_lite.security")


class Exchange(RoleRecords, PermissionRecords):
    """What comes from outside, or goes there: roles as a file, and requests for an account."""

    def get_db_role_permissions(self, role_id: Any) -> list[Any]:
        """The permission views that the rows of a role grant; what code grants it is not among them.

        Example: `sm.get_db_role_permissions(sm.find_role("Sales").id)`.
        """
        view, table = self.models.permission_view, self.models.permission_view_role
        granted = select(table.c.permission_view_id).where(table.c.role_id == role_id)
        return list(self.session.scalars(select(view).where(view.id.in_(granted)).order_by(view.id)))

    def export_roles(self, path: str | Path | None = None, indent: int | str | None = None) -> Path:
        """Write every role and what its rows grant to a JSON file; where to. See `security/role_file.py`.

        Without a path the file is `role_export_<time>.json` in the working directory.

        Example: `sm.export_roles("roles.json", indent=2)`.
        """
        target = Path(path or f"role_export_{datetime.now(UTC):%Y%m%dT%H%M%S}.json")
        roles = {role.name: role.id for role in self.get_all_roles()}
        grants = {found.id: found.grants for found in self.store.role_grants(list(roles.values()))}
        named = {name: grants.get(role_id, frozenset()) for name, role_id in roles.items()}
        target.write_text(write_roles(named, indent), encoding="utf-8")
        return target

    def import_roles(self, path: str | Path, *, commit: bool = True) -> list[str]:
        """Make the roles of such a file grant what it says, and no more; their names. Other roles stay as they are.

        Roles and permissions that are missing are made. Raises `RoleFileError`, and `Rejected` for another spelling
        of a reserved name, with nothing written.

        Example: `sm.import_roles("roles.json")`.
        """
        wanted = read_roles(Path(path).read_text(encoding="utf-8"))
        with self.changing(commit=commit):
            ids = self._permission_view_ids(frozenset().union(*wanted.values()))
            for name, accesses in wanted.items():
                role = self.add_role(name, commit=False)
                self._grant_only(role, [ids[access] for access in sorted(accesses)])
        return sorted(wanted)

    def add_register_user(  # noqa: PLR0917  # Flask-AppBuilder's signature
        self, username: str, first_name: str, last_name: str, email: str, password: str = "", hashed_password: str = ""
    ) -> Any:
        """Keep somebody's request for an account, and commit; None where the name or address is asked for already.

        `registration_hash` of the record is a secret to send to the address. No page of ours asks for it.

        Example: `sm.add_register_user("eve", "Eve", "Ek", "eve@example.com", password="...").registration_hash`.
        """
        made = new_record(self.models.register_user)
        made.username, made.email = username, email
        made.first_name, made.last_name = first_name, last_name
        made.password = hashed_password or self._hashed(password)
        made.registration_hash = secrets.token_urlsafe(32)
        try:
            with self.writing(commit=True):
                self.session.add(made)
                self.session.flush()
        except (IntegrityError, DataError):
            logger.warning("Request of %s is not kept: taken, or a value does not fit", one_line(username))
            return None
        return made

    def find_register_user(self, registration_hash: str) -> Any:
        """The request for an account with this secret, or None.

        Example: `sm.find_register_user(registration_hash)`.
        """
        if not registration_hash or not is_storable(registration_hash):
            return None
        return self.row(self.models.register_user, registration_hash=registration_hash)

    def del_register_user(self, register_user: Any) -> bool:
        """Delete a request for an account, and commit; whether it was there.

        Example: `sm.del_register_user(sm.find_register_user(registration_hash))`.
        """
        model = self.models.register_user
        with self.writing(commit=True):
            deleted: Any = self.session.execute(delete(model).where(model.id == register_user.id))
        return bool(deleted.rowcount)

    def _hashed(self, password: str) -> str | None:
        if not password:
            return None
        try:
            return passwords.hash_password(password, self.settings.password_hash_method)
        except ValueError as error:
            raise Rejected(gettext("This password cannot be kept."), field="password") from error

    def _permission_view_ids(self, accesses: frozenset[Access]) -> dict[Access, Any]:
        """The ids of these permission views, those made that are missing."""
        view, permission, view_menu = self.models.permission_view, self.models.permission, self.models.view_menu
        named = select(view.id, permission.name, view_menu.name)
        named = named.join(permission, permission.id == view.permission_id)
        named = named.join(view_menu, view_menu.id == view.view_menu_id)
        ids = {Access(*names): view_id for view_id, *names in self.session.execute(named)}
        missing = {
            access: self.add_permission_view_menu(access.permission, access.view_menu, commit=False).id
            for access in sorted(accesses - ids.keys())
        }
        return {**ids, **missing}

    def _grant_only(self, role: Any, view_ids: list[Any]) -> None:
        table = self.models.permission_view_role
        self.session.execute(delete(table).where(table.c.role_id == role.id), bind_arguments=self.bind)
        self.link(table, {"role_id": role.id}, "permission_view_id", view_ids)
        self.session.expire(role, ["permissions"])
