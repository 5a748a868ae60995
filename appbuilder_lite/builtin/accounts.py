"""The view of users: ours, or the host's own class with whatever columns it has."""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import Any, Self

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session, scoped_session

from appbuilder_lite.builtin.assignments import Assignment, forget_loaded, of_users
from appbuilder_lite.builtin.fields import AssignedField, new_password_field
from appbuilder_lite.builtin.password_rules import chosen_password, keeps_passwords
from appbuilder_lite.builtin.stock import StockModelView
from appbuilder_lite.data.sqla_bound import Resolve
from appbuilder_lite.data.sqla_model import SQLAInterface
from appbuilder_lite.data.types import Association, Cardinality, ModelSlot, Relation, security_model
from appbuilder_lite.errors import Problem
from appbuilder_lite.resource.forms import FormData, ResourceForm
from appbuilder_lite.resource.options import ResourceOptions, relabelled
from appbuilder_lite.resource.policy import Policy, WritePolicy
from appbuilder_lite.resource.resource import Resource
from appbuilder_lite.security.manager import BaseSecurityManager
from appbuilder_lite.text import gettext, lazy
from appbuilder_lite.web.pages import ActionButton, Cell, ShowField, ShowPage, ShowSection
from appbuilder_lite.web.routes import action
from appbuilder_lite.web.shell import MenuLink
from appbuilder_lite.web.state import AppState

TIED = "appbuilder_"
"""Begins the names of the columns that show a user's roles and groups, whatever the user's class has of such names."""
_OPTIONAL = ("created_on", "changed_on")
_PASSWORD_FIELDS = ("new_password", "repeat_password")


class AccountInterface(SQLAInterface):
    """The user model, where what a host's class lacks is left out rather than an error."""

    def bind(self, session: Session | scoped_session[Any], *, resolve: Resolve | None = None) -> Self:
        bound = super().bind(session, resolve=resolve)
        names = {**{name: name for name in _OPTIONAL}, **bound.names}
        columns = {name: real if real in bound.columns else None for name, real in names.items()}
        relations = _relations(bound, resolve)
        instead = {f"{TIED}{name}": f"{TIED}{name}" if real is None else None for name, real in relations.items()}
        bound.names = {**columns, **relations, **instead}
        return bound


def _relations(bound: SQLAInterface, resolve: Resolve | None) -> dict[str, str | None]:
    """`roles` and `groups` count only where they lead to our models: a host may have its own of that name.

    `appbuilder_roles` and `appbuilder_groups` stand in a list of ours in their place.
    """
    found: dict[str, str | None] = {}
    for name, slot in (("roles", "role_model"), ("groups", "group_model")):
        relation = bound.relations.get(name)
        target = resolve(ModelSlot(slot))[0] if resolve is not None else None
        found[name] = name if relation is not None and relation.target is target else None
    return found


class AccountResource(Resource):
    """Reads and writes users; gives the forms what can be assigned."""

    hooks: UserDBModelView

    def form(self, action: str, policy: Policy, *, formdata: FormData | None = None, item: Any = None) -> ResourceForm:
        form = super().form(action, policy, formdata=formdata, item=item)
        sm = self.hooks.state.sm
        for name in () if keeps_passwords(sm.users) else _PASSWORD_FIELDS:
            if name in form:
                del form[name]
        for assigned in of_users(sm):
            assigned.attach(form, None if item is None else sm.users.key(item))
        return form

    def prepare(self, action: str, item: Any, form: ResourceForm | None, policy: WritePolicy) -> None:
        """Refuse roles and groups that are beyond the person, and set the password of a new user."""
        super().prepare(action, item, form, policy)
        if form is None:
            return
        self._check_assigned(item, form)
        if action == "add" and "new_password" in form:
            state = self.hooks.state
            state.sm.users.set_password(item, chosen_password(form, state, user=item))

    def finish(self, action: str, item: Any, form: ResourceForm | None, policy: WritePolicy) -> None:
        """Write roles and groups, now that a new user has a key."""
        sm = self.hooks.state.sm
        if form is not None:
            for assigned, field in _changed(sm, form):
                assigned.assign(sm.users.key(item), field.ids)
            forget_loaded(sm, item, ("roles", "groups"))
        super().finish(action, item, form, policy)

    def _check_assigned(self, item: Any, form: ResourceForm) -> None:
        giver = self.hooks.giver
        for assigned, field in _changed(self.hooks.state.sm, form):
            giver.check_self(item, field.name)
            check = giver.check_roles if assigned.other == "role_id" else giver.check_groups
            check(field.added_ids, field.name)


def _changed(sm: BaseSecurityManager, form: ResourceForm) -> list[tuple[Assignment, Any]]:
    """What a form gives or takes, with its fields."""
    found: list[tuple[Assignment, Any]] = [(item, form[item.field]) for item in of_users(sm) if item.field in form]
    return [(assigned, field) for assigned, field in found if field.has_changed]


class UserDBModelView(StockModelView):
    """Users: list, show, add with a password, edit, delete, and the roles and groups they have.

    Example: a subclass as `userdbmodelview` of a SecurityManager, with `list_columns` of its own.
    """

    route_base = "/users"
    datamodel = AccountInterface(security_model("user_model"))
    noun = "user"
    resource_class = AccountResource

    list_title = lazy("Users")
    add_row_message = lazy("User added")
    edit_row_message = lazy("User changed")
    delete_row_message = lazy("User deleted")
    list_columns = ["username", "first_name", "last_name", "email", "active", "roles", "appbuilder_roles"]
    show_fieldsets = [
        ("", {"fields": ["username", "email", "first_name", "last_name", "active"]}),
        (lazy("Sign-ins"), {"fields": ["last_login", "login_count", "fail_login_count", "created_on", "changed_on"]}),
    ]
    add_columns = [
        "username",
        "email",
        "first_name",
        "last_name",
        "active",
        "new_password",
        "repeat_password",
        "assigned_roles",
        "assigned_groups",
    ]
    edit_columns = ["username", "email", "first_name", "last_name", "active", "assigned_roles", "assigned_groups"]
    search_columns = ["username", "first_name", "last_name", "email"]
    label_columns = {
        "username": lazy("Username"),
        "email": lazy("Email"),
        "first_name": lazy("First name"),
        "last_name": lazy("Last name"),
        "active": lazy("Active"),
        "roles": lazy("Roles"),
        "groups": lazy("Groups"),
        "appbuilder_roles": lazy("Roles"),
        "appbuilder_groups": lazy("Groups"),
        "last_login": lazy("Last sign-in"),
        "login_count": lazy("Sign-ins"),
        "fail_login_count": lazy("Failed sign-ins"),
        "created_on": lazy("Created"),
        "changed_on": lazy("Changed"),
    }
    description_columns = {"active": lazy("Whoever is not active cannot sign in, and is out at their next request.")}
    add_form_extra_fields = {
        "new_password": new_password_field(lazy("Password")),
        "repeat_password": new_password_field(lazy("Repeat password")),
        "assigned_roles": AssignedField(lazy("Roles"), name="roles"),
        "assigned_groups": AssignedField(lazy("Groups"), name="groups"),
    }
    edit_form_extra_fields = {
        "assigned_roles": AssignedField(lazy("Roles"), name="roles"),
        "assigned_groups": AssignedField(lazy("Groups"), name="groups"),
    }

    def bind(self, state: AppState) -> list[Problem]:
        """Resolve the view, without the pages that this app's users lack what is needed for."""
        problems = super().bind(state)
        if "add" in self.routes and not can_be_made(self.datamodel):
            self.drop(method="add")
            problems.append(_cannot_be_made(self.datamodel))
        if state.sm.resetpasswordview is None or not keeps_passwords(state.sm.users):
            self.drop(action="resetpasswords")
        return problems

    def bound_datamodel(self, state: AppState) -> Any:
        """The users, with the roles and groups that our tables give them."""
        bound, models = super().bound_datamodel(state), state.sm.models
        ties = (
            ("roles", models.role, models.user_role, "role_id"),
            ("groups", models.group, models.user_group, "group_id"),
        )
        bound.associations = {
            f"{TIED}{name}": Relation(
                f"{TIED}{name}",
                Cardinality.MANY_TO_MANY,
                target,
                writable=False,
                association=Association(table, "user_id", column),
            )
            for name, target, table, column in ties
        }
        return bound

    def resolve_options(self, state: AppState) -> tuple[ResourceOptions, tuple[Problem, ...]]:
        """The options; a class that has one name has the whole of it there."""
        options, problems = super().resolve_options(state)
        first, last = (state.sm.users.real_name(name) for name in ("first_name", "last_name"))
        if first and not last and type(self).label_columns is UserDBModelView.label_columns:
            options = relabelled(options, {first: lazy("Name")})
        return options, problems

    @action("resetpasswords", lazy("Reset password"), icon="ab-key", multiple=False)
    def reset_password(self, item: Any) -> ResponseReturnValue:
        """Lead to the page that sets this user's password."""
        endpoint = self.state.endpoint(f"{self.state.sm.resetpasswordview.__name__}.this_form_get")
        return redirect(url_for(endpoint, pk=self.datamodel.encode_key(item)))

    def show_page(self, item: Any, pk: str) -> ShowPage:
        """The user with roles and groups, which a host's class may know nothing of."""
        page = super().show_page(item, pk)
        if not self.giver.may_touch(item):
            page = replace(page, actions=_untouched(page.actions))
        key = self.state.sm.users.key(item)
        access = ShowSection(gettext("Access"), tuple(_field(found, key) for found in of_users(self.state.sm)))
        return replace(page, sections=(*page.sections, access))


def can_be_made(datamodel: SQLAInterface) -> bool:
    """Whether a user can be made of what the form knows: no further argument or column is due."""
    return not _further_needs(datamodel)


def _further_needs(datamodel: SQLAInterface) -> tuple[str, ...]:
    """What a new user must be given beyond what the form knows."""
    try:
        inspect.signature(datamodel.model).bind()
    except TypeError:
        return ("arguments of its constructor",)
    asked = {real for real in datamodel.names.values() if real is not None}
    others = [(name, column) for name, column in datamodel.columns.items() if name not in asked]
    return tuple(name for name, column in others if not (column.nullable or column.has_default))


def _cannot_be_made(datamodel: SQLAInterface) -> Problem:
    model, needs = datamodel.model, ", ".join(_further_needs(datamodel))
    where = f"{model.__module__}.{model.__qualname__}"
    fix = "give them a default; or leave the page out: exclude_route_methods = {'add'} in a userdbmodelview of your own"
    text = f"the page of users adds none, as a new one needs what its form does not know: {needs}"
    return Problem("AB310", where, text, fix, warning=True)


def _untouched(actions: tuple[ActionButton, ...]) -> tuple[ActionButton, ...]:
    """The actions without the one that leads to a new password."""
    return tuple(item for item in actions if item.name != "resetpasswords")


def _field(assigned: Assignment, key: Any) -> ShowField:
    names = assigned.names(key)
    items = tuple(MenuLink(name, "") for name in names)
    cell = Cell("links", ", ".join(names), items=items) if names else Cell("empty")
    return ShowField(assigned.field, assigned.label, cell)
