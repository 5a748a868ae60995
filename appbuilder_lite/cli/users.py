"""Commands for users: create, list, reset a password."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click
from sqlalchemy import select, union_all

from appbuilder_lite.builtin.accounts import AccountInterface, can_be_made
from appbuilder_lite.builtin.assignments import of_users
from appbuilder_lite.builtin.password_rules import keeps_passwords
from appbuilder_lite.cli.group import Fault, appbuilder, counted, echo_table, require_tables, with_state
from appbuilder_lite.cli.passwords import password_option, read_password
from appbuilder_lite.data.types import security_model
from appbuilder_lite.security.manager import BaseSecurityManager
from appbuilder_lite.web.state import AppState

_ASKED = (
    ("email", "email", "Email address"),
    ("first_name", "firstname", "First name"),
    ("last_name", "lastname", "Last name"),
)

_PROMOTE = "A user whom the app has made itself becomes an administrator by: flask appbuilder create-admin --promote"


@dataclass(frozen=True, slots=True)
class NewUser:
    """What is known of a user to be made; None was not given."""

    username: str | None
    email: str | None
    first_name: str | None
    last_name: str | None


def user_options(function: Any) -> Any:
    """Give a command the options that describe a new user."""
    for option in (
        password_option,
        click.option("--lastname", help="Last name."),
        click.option("--firstname", help="First name."),
        click.option("--email", help="E-mail address."),
        click.option("--username", help="Name to sign in with; where people sign in by e-mail address, that address."),
    ):
        function = option(function)
    return function


@appbuilder.command("create-admin")
@with_state
@user_options
@click.option("--promote", is_flag=True, help="Give a user of that name who exists already the Admin role, unasked.")
def create_admin(
    state: AppState,
    *,
    username: str | None,
    email: str | None,
    firstname: str | None,
    lastname: str | None,
    password_stdin: bool,
    promote: bool,
) -> None:
    """Create a user who may do everything.

    Asks for what is not given; the password is typed twice, unseen.

    \b
    Examples:
      flask appbuilder create-admin
      flask appbuilder create-admin --username admin --email admin@example.com \\
          --firstname Ada --lastname Admin --password-stdin < password.txt
      flask appbuilder create-admin --username ada@example.com --promote
    """
    require_tables(state)
    role = _role(state, state.settings.admin_role)
    username = (username or _asked("Username", "username", is_piped=password_stdin)).strip()
    existing = state.sm.find_user(username)
    if existing is not None:
        _promote(state, existing, role, username, unasked=promote)
        return
    new = NewUser(username, email, firstname, lastname)
    _create(state, new, [role], from_stdin=password_stdin)
    click.echo(f"Admin {username} created.")


@appbuilder.command("create-user")
@with_state
@user_options
@click.option("--role", "roles", multiple=True, help="Name of a role to give; may be repeated.")
def create_user(
    state: AppState,
    *,
    username: str | None,
    email: str | None,
    firstname: str | None,
    lastname: str | None,
    password_stdin: bool,
    roles: Sequence[str],
) -> None:
    """Create a user with some roles, or none.

    Asks for what is not given; the password is typed twice, unseen.

    \b
    Example:
      flask appbuilder create-user --username bob --role Sales --role Support
    """
    require_tables(state)
    given = [_role(state, name) for name in roles]
    username = (username or _asked("Username", "username", is_piped=password_stdin)).strip()
    new = NewUser(username, email, firstname, lastname)
    _create(state, new, given, from_stdin=password_stdin)
    click.echo(f"User {username} created{' with the roles ' + ', '.join(roles) if roles else ', without a role'}.")


@appbuilder.command("reset-password")
@with_state
@click.option("--username", help="Whose password; asked for where it is not given.")
@password_option
def reset_password(state: AppState, *, username: str | None, password_stdin: bool) -> None:
    """Set a user's password. Every session of that user ends.

    \b
    Example:
      flask appbuilder reset-password --username bob
    """
    require_tables(state)
    if not keeps_passwords(state.sm.users):
        raise Fault(f"The user model {state.sm.models.user.__name__} keeps no password that could be set.")
    username = username or _asked("Username", "username", is_piped=password_stdin)
    user = _user(state, username)
    password = read_password(state.settings, from_stdin=password_stdin, similar_to=(username,))
    state.sm.reset_password(state.sm.users.key(user), password)
    click.echo(f"Password of {username} is set; their sessions have ended.")


@appbuilder.command("list-users")
@with_state
def list_users(state: AppState) -> None:
    """List the users with their roles.

    \b
    Example:
      flask appbuilder list-users
    """
    require_tables(state)
    users, columns = state.sm.users, _columns(state)
    roles = _role_names(state.sm)
    found = state.sm.get_all_users()
    rows = [[*(users.get(user, name) for name in columns), ", ".join(roles[users.key(user)])] for user in found]
    if rows:
        echo_table([*columns, "roles"], rows)
    click.echo(counted(len(rows), "user") + ".", err=True)


def _create(state: AppState, new: NewUser, roles: Sequence[Any], *, from_stdin: bool) -> None:
    sm = state.sm
    assert new.username, "asked for before"
    if not sm.is_name_free(new.username):
        raise Fault(f"There is a user {new.username!r} already. Another password: flask appbuilder reset-password")
    accounts = AccountInterface(security_model("user_model")).bind(state.session, resolve=sm.resolve_slot)
    if not can_be_made(accounts):
        raise Fault(f"{sm.models.user.__name__} needs more than this command knows. {_PROMOTE}")
    values = _asked_values(state, new, is_piped=from_stdin)
    if values.get("email") and not sm.is_name_free(values["email"]):
        raise Fault(f"There is a user with the address {values['email']} already.")
    password = ""
    if keeps_passwords(sm.users):
        similar = [new.username, *values.values()]
        password = read_password(state.settings, from_stdin=from_stdin, similar_to=similar)
    first, last, email = (values.get(name, "") for name in ("first_name", "last_name", "email"))
    if not sm.add_user(new.username, first, last, email, list(roles), password=password):
        raise Fault(f"The database did not take the user: a value is taken or does not fit. {_PROMOTE}")


def _asked_values(state: AppState, new: NewUser, *, is_piped: bool) -> dict[str, str]:
    """What the user model keeps beside the name: as given, else asked for."""
    users, values = state.sm.users, {}
    for name, option, label in _ASKED:
        if users.has(name) and users.real_name(name) != users.real_name("username"):
            given: str | None = getattr(new, name)
            values[name] = given if given is not None else _asked(label, option, is_piped=is_piped)
    return values


def _asked(label: str, option: str, *, is_piped: bool) -> str:
    if is_piped:
        raise Fault(f"--{option} is needed too where the password comes from stdin.")
    typed: str = click.prompt(label)
    return typed


def _promote(state: AppState, user: Any, role: Any, username: str, *, unasked: bool) -> None:
    known = state.sm.get_user_roles(user)
    if role in known:
        raise Fault(f"{username} exists already, and has the role {role.name}.")
    if not unasked:
        click.confirm(f"{username} exists already. Give this user the role {role.name}?", abort=True)
    roles = of_users(state.sm)[0]
    key = state.sm.users.key(user)
    with state.sm.changing(commit=True):
        roles.assign(key, [*roles.current(key), role.id])
    click.echo(f"{username} has the role {role.name} now.")


def _user(state: AppState, username: str) -> Any:
    user = state.sm.find_user(username)
    if user is None:
        raise Fault(f"There is no user {username!r}. All of them: flask appbuilder list-users")
    return user


def _role(state: AppState, name: str) -> Any:
    role = state.sm.find_role(name)
    if role is None:
        known = [role.name for role in state.sm.get_all_roles()]
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there is: {', '.join(known)}"
        raise Fault(f"There is no role {name!r}; {hint}")
    return role


def _columns(state: AppState) -> list[str]:
    names = ("username", "first_name", "last_name", "email", "active")
    shown: dict[str, str] = {}
    for name in names:
        real = state.sm.users.real_name(name)
        if real is not None:
            shown.setdefault(real, name)
    return list(shown.values())


def _role_names(sm: BaseSecurityManager) -> Mapping[Any, list[str]]:
    """The role names of every user by key, direct and by group, in one statement."""
    role, direct, groups, of_group = sm.models.role, sm.models.user_role, sm.models.user_group, sm.models.group_role
    by_group = select(groups.c.user_id, of_group.c.role_id).join(of_group, of_group.c.group_id == groups.c.group_id)
    pairs = union_all(select(direct.c.user_id, direct.c.role_id), by_group).subquery()
    statement = select(pairs.c.user_id, role.name).join(role, role.id == pairs.c.role_id).distinct().order_by(role.name)
    names: dict[Any, list[str]] = defaultdict(list)
    for key, name in sm.session.execute(statement):
        names[key].append(name)
    return names
