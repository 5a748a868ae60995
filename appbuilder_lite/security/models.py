"""The security models of one database: made or brought by the host, on the host's own metadata."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import MetaData, Table
from sqlalchemy import inspect as sqla_inspect

from appbuilder_lite.errors import ConfigurationError
from appbuilder_lite.security import factory, relations
from appbuilder_lite.security.mixins import (
    GroupMixin,
    PermissionMixin,
    PermissionViewMixin,
    RegisterUserMixin,
    RoleMixin,
    UserMixin,
    ViewMenuMixin,
)
from appbuilder_lite.security.model_checks import slot_problems, table_problems
from appbuilder_lite.security.protocols import Database

INFO_KEY = "appbuilder_lite"
_LOCK = threading.RLock()


@dataclass(frozen=True, slots=True)
class Slot:
    """One replaceable model: the manager's attribute, our mixin, and how class and table are named."""

    attribute: str
    mixin: type[Any]
    class_name: str
    table_name: str


SLOTS: Mapping[str, Slot] = MappingProxyType(
    {
        "user": Slot("user_model", UserMixin, "User", "user"),
        "role": Slot("role_model", RoleMixin, "Role", "role"),
        "group": Slot("group_model", GroupMixin, "Group", "group"),
        "permission": Slot("permission_model", PermissionMixin, "Permission", "permission"),
        "view_menu": Slot("viewmenu_model", ViewMenuMixin, "ViewMenu", "view_menu"),
        "permission_view": Slot("permissionview_model", PermissionViewMixin, "PermissionView", "permission_view"),
        "register_user": Slot("registeruser_model", RegisterUserMixin, "RegisterUser", "register_user"),
    }
)
TABLES = ("user_role", "permission_view_role", "user_group", "group_role", "state", "user_stamp", "preference")


@dataclass(frozen=True)
class SecurityModels:
    """Every class and table that security works with.

    `user_is_ours` tells that the manager left `user_model` alone. `made_tables` are the keys in the metadata
    (`schema.name`, or `name`) of the tables that we made; the others are the host's, and its migrations'.
    """

    user: type[Any]
    role: type[Any]
    group: type[Any]
    permission: type[Any]
    view_menu: type[Any]
    permission_view: type[Any]
    register_user: type[Any]
    user_role: Table
    permission_view_role: Table
    user_group: Table
    group_role: Table
    state: Table
    user_stamp: Table
    preference: Table
    prefix: str
    schema: str | None
    user_is_ours: bool
    made_slots: frozenset[str]
    made_tables: frozenset[str]

    @property
    def metadata(self) -> MetaData:
        """The metadata that the made tables live on: the user model's, bind key included."""
        return self.state.metadata

    @property
    def bind_key(self) -> str | None:
        """The key of the engine among Flask-SQLAlchemy's `engines`."""
        return self.metadata.info.get("bind_key")


def security_models(db: Database, manager_class: type[Any] = object) -> SecurityModels:
    """The security models of a database, for a host whose own models refer to them.

    Example: `AbUser = security_models(db, MySecurityManager).user`. With another table prefix or schema than the
    default, call `build_models` with the same ones as the AppBuilder.
    """
    return build_models(db, manager_class)


def build_models(
    db: Database, manager_class: type[Any], prefix: str = "ab_", schema: str | None = None
) -> SecurityModels:
    """Make what the manager class does not bring, once per database, prefix, schema and set of classes.

    Raises ConfigurationError where a class cannot be used or a table exists already.
    """
    brought = {slot: getattr(manager_class, spec.attribute, None) for slot, spec in SLOTS.items()}
    with _LOCK:
        kept = db.metadata.info.setdefault(INFO_KEY, {})
        key = (prefix, schema, *brought.values())
        if key not in kept:
            kept[key] = _Build(db, manager_class, brought, prefix, schema).run()
        models: SecurityModels = kept[key]
        return models


def models_on(db: Database) -> Iterator[SecurityModels]:
    """Every set of models that was built for a database so far."""
    yield from tuple(db.metadata.info.get(INFO_KEY, {}).values())


class _Build:
    """One making of the models."""

    def __init__(
        self, db: Database, manager_class: type[Any], brought: Mapping[str, Any], prefix: str, schema: str | None
    ) -> None:
        self.db = db
        self.prefix = prefix
        self.where = f"{manager_class.__module__}.{manager_class.__qualname__}"
        self.brought = {slot: model for slot, model in brought.items() if model is not None}
        self.metadata = self._metadata()
        # As the host's metadata may name a schema for all its tables.
        self.schema = schema or self.metadata.schema

    def _metadata(self) -> MetaData:
        """Where our tables go: beside the user's, when that is one of the database's own metadatas."""
        user = sqla_inspect(self.brought.get("user"), raiseerr=False)
        own = getattr(getattr(user, "local_table", None), "metadata", None)
        return (
            own if own is not None and any(own is known for known in self.db.metadatas.values()) else self.db.metadata
        )

    def run(self) -> SecurityModels:
        self._check()
        classes = {slot: self.brought.get(slot) or self._make(slot) for slot in SLOTS}
        tables = self._make_tables(classes)
        made = [*(classes[slot].__table__ for slot in SLOTS if slot not in self.brought), *tables.values()]
        parts: dict[str, Any] = {**classes, **tables}
        models = SecurityModels(
            **parts,
            prefix=self.prefix,
            schema=self.schema,
            user_is_ours="user" not in self.brought,
            made_slots=frozenset(SLOTS) - self.brought.keys(),
            made_tables=frozenset(table.key for table in made),
        )
        _point(models)
        for table in made:
            factory.name_constraints(table)
        _relate(models)
        _forget(models)
        return models

    def _check(self) -> None:
        mixins = {slot: SLOTS[slot].mixin for slot in self.brought if slot != "user"}
        places = {slot: f"{self.where}.{SLOTS[slot].attribute}" for slot in self.brought}
        names = [*(SLOTS[slot].table_name for slot in SLOTS if slot not in self.brought), *TABLES]
        problems = [
            *slot_problems(self.brought, mixins, places, self.metadata, self.db),
            *table_problems(self.where, self.prefix, names, self.schema, self.db),
        ]
        if problems:
            raise ConfigurationError(problems)

    def _make(self, slot: str) -> type[Any]:
        spec = SLOTS[slot]
        base = factory.make_base(self.db, self.metadata)
        name = factory.class_prefix(self.prefix, self.schema) + spec.class_name
        return factory.make_model(base, spec.mixin, name, self.prefix + spec.table_name, self.schema)

    def _make_tables(self, classes: Mapping[str, type[Any]]) -> dict[str, Table]:
        def pairs(name: str, left: str, right: str) -> Table:
            ends = ((f"{left}_id", classes[left]), (f"{right}_id", classes[right]))
            return factory.make_association(self.metadata, self.prefix + name, self.schema, *ends)

        at = (self.metadata, self.schema)
        return {
            "user_role": pairs("user_role", "user", "role"),
            "permission_view_role": pairs("permission_view_role", "permission_view", "role"),
            "user_group": pairs("user_group", "user", "group"),
            "group_role": pairs("group_role", "group", "role"),
            "state": factory.make_state(at[0], f"{self.prefix}state", at[1]),
            "user_stamp": factory.make_user_stamp(at[0], f"{self.prefix}user_stamp", at[1], classes["user"]),
            "preference": factory.make_preference(at[0], f"{self.prefix}preference", at[1], classes["user"]),
        }


def _point(models: SecurityModels) -> None:
    """Foreign keys between made classes; a host's class declares its own."""
    if "permission_view" in models.made_slots:
        factory.point(models.permission_view, "permission_id", models.permission, "CASCADE")
        factory.point(models.permission_view, "view_menu_id", models.view_menu, "CASCADE")
        factory.add_index(models.permission_view, "view_menu_id")
        factory.add_pair(models.permission_view, "permission_id", "view_menu_id")
    if "user" in models.made_slots:
        factory.point(models.user, "created_by_fk", models.user, "SET NULL")
        factory.point(models.user, "changed_by_fk", models.user, "SET NULL")


def _relate(models: SecurityModels) -> None:
    asked = issubclass(models.user, UserMixin)
    relations.relate_one(models.permission_view, "permission", models.permission, "permission_id")
    relations.relate_one(models.permission_view, "view_menu", models.view_menu, "view_menu_id")
    relations.relate_many(models.role, "permissions", models.permission_view, "role", models.permission_view_role)
    relations.relate_many(models.role, "user", models.user, "roles" if asked else None, models.user_role)
    relations.relate_many(models.group, "users", models.user, "groups" if asked else None, models.user_group)
    relations.relate_many(models.group, "roles", models.role, "groups", models.group_role)


def _forget(models: SecurityModels) -> None:
    """Association rows go with their ends, without help from the database."""
    grants = models.permission_view_role.c.permission_view_id
    roles = (models.permission_view_role.c.role_id, models.user_role.c.role_id, models.group_role.c.role_id)
    relations.forget_with(models.role, relations.forget_rows(roles))
    relations.forget_with(
        models.group, relations.forget_rows((models.user_group.c.group_id, models.group_role.c.group_id))
    )
    relations.forget_with(models.permission_view, relations.forget_rows((grants,)))
    for slot, column in (("permission", "permission_id"), ("view_menu", "view_menu_id")):
        held = getattr(models.permission_view, column).property.columns[0]
        relations.forget_with(
            getattr(models, slot), relations.forget_permission_views(held, models.permission_view, grants)
        )
    _forget_users(models)


def _forget_users(models: SecurityModels) -> None:
    tables = (models.user_role, models.user_group, models.user_stamp, models.preference)
    forget = relations.forget_rows([table.c.user_id for table in tables])
    if not models.user_is_ours:
        forget = relations.forget_where_made(forget, models.preference)
        relations.forget_before_reuse(models.user, forget)
    relations.forget_with(models.user, forget)
