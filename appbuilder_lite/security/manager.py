"""The security manager: what people subclass to swap models, sign-in and views."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Engine

from appbuilder_lite.data.types import ModelSlot
from appbuilder_lite.errors import Problem
from appbuilder_lite.security.access import Access, Principal
from appbuilder_lite.security.grant_changes import watch
from appbuilder_lite.security.grants import GrantCache, rule_problems
from appbuilder_lite.security.manager_access import Decisions
from appbuilder_lite.security.manager_exchange import Exchange
from appbuilder_lite.security.manager_sign_in import SignIn
from appbuilder_lite.security.models import SLOTS, build_models
from appbuilder_lite.security.store import Store
from appbuilder_lite.security.sync import PermissionSync
from appbuilder_lite.security.sync_gate import SyncGate
from appbuilder_lite.security.sync_plan import name_problems, role_problems
from appbuilder_lite.security.user_adapter import UserAdapter
from appbuilder_lite.settings import Settings

_SLOTS: Mapping[str, str] = MappingProxyType({spec.attribute: slot for slot, spec in SLOTS.items()})


class BaseSecurityManager(SignIn, Exchange, Decisions):
    """Users, roles and permissions of one app. Making one touches no database.

    Subclass it (as the exported `SecurityManager`) to swap a part:

        class MySecurityManager(SecurityManager):
            user_model = Account
            user_attributes = {"username": "email", "active": "is_enabled"}
            login_view = "auth.login"
    """

    user_model: type[Any] | None = None
    """The app's own user class; None makes one (`AbUser`)."""
    role_model: type[Any] | None = None
    """A role class of the app's own, on `RoleMixin`; None makes one."""
    permission_model: type[Any] | None = None
    """A permission class of the app's own, on `PermissionMixin`; None makes one."""
    viewmenu_model: type[Any] | None = None
    """A view menu class of the app's own, on `ViewMenuMixin`; None makes one."""
    permissionview_model: type[Any] | None = None
    """A permission view class of the app's own, on `PermissionViewMixin`; None makes one."""
    registeruser_model: type[Any] | None = None
    """A registration class of the app's own, on `RegisterUserMixin`; None makes one."""
    group_model: type[Any] | None = None
    """A group class of the app's own, on `GroupMixin`; None makes one."""

    user_attributes: Mapping[str, str | None] = {}
    """Logical name -> attribute of the user class, None where it has none; e.g. `{"username": "email"}`."""
    login_view: str | None = None
    """Endpoint of the app's own sign-in page, e.g. `"auth.login"`; None is ours, or Flask-Login's `login_view`."""

    userdbmodelview: Any = None
    """The view of users; None has none. The exported `SecurityManager` fills this and the following slots."""
    rolemodelview: Any = None
    """The view of roles."""
    groupmodelview: Any = None
    """The view of groups."""
    permissionmodelview: Any = None
    """The view of permissions."""
    viewmenumodelview: Any = None
    """The view of view menus."""
    permissionviewmodelview: Any = None
    """The view of permissions on view menus."""
    authdbview: Any = None
    """The sign-in page."""
    resetmypasswordview: Any = None
    """The page on which people change their own password."""
    resetpasswordview: Any = None
    """The page on which somebody else's password is set."""
    userinfoeditview: Any = None
    """The page on which people change their own profile."""

    def __init__(self, db: Any, settings: Settings) -> None:
        """Build or take the models of `db` (a Flask-SQLAlchemy object) and set up what works on them."""
        self.db = db
        self.settings = settings
        self.session = db.session
        self.models = build_models(db, type(self), prefix=settings.table_prefix, schema=settings.schema)
        self.users = UserAdapter(self.models.user, self.user_attributes, hash_method=settings.password_hash_method)
        self.store = Store(self.session, self.models, self.users, settings)
        self.grants = GrantCache(self.store.role_grants, settings)
        self.sync = PermissionSync(self._engine, self.session, self.models, settings)
        self.gate = SyncGate(self.sync, settings.sync)
        self.declared: frozenset[Access] = frozenset()
        self.announced: Callable[[], frozenset[Access]] = frozenset
        self.current_principal = self._anonymous
        self.current_address = lambda: None
        self.narrowed = _no_views
        watch(self.models)

    def resolve_slot(self, slot: ModelSlot) -> tuple[type[Any], Mapping[str, str | None]]:
        """The class in a model slot, and its columns' real names by logical name (None where it lacks one).

        Example: `sm.resolve_slot(security_model("user_model"))`; raises `LookupError` for an unknown slot.
        """
        if slot.slot not in _SLOTS:
            raise LookupError(f"no model slot {slot.slot!r}; there are {', '.join(_SLOTS)}")
        model: type[Any] = getattr(self.models, _SLOTS[slot.slot])
        return model, self.users.names if slot.slot == "user_model" else {}

    def checks(self, *, own_sign_in: bool = True) -> tuple[Problem, ...]:
        """What is wrong with the user class, the declared names and the roles of the settings.

        `own_sign_in` tells whether people sign in on our page, which asks more of the user class.

        Example: `raise ConfigurationError(sm.checks())`.
        """
        return (
            *self.users.problems(own_sign_in=own_sign_in and self.login_view is None),
            *name_problems(self.declared),
            *role_problems(self.settings),
            *rule_problems(self.settings),
        )

    def _anonymous(self) -> Principal:
        return self.principal_of(None)

    def _engine(self) -> Engine | Connection:
        bind: Engine | Connection = self.session().get_bind(**self.bind)
        return bind


def _no_views(_query: Any, view: Any) -> Any:
    """Stands for the views until an AppBuilder has bound them to the app."""
    raise LookupError(f"sm.scoped: no view {view!r}, as no AppBuilder is bound; call init_app(app, db) first")
