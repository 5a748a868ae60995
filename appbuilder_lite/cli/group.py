"""The group that all commands stand in: it finds the AppBuilder, and turns expected faults into one line."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any, TypeVar

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from appbuilder_lite.errors import AppBuilderError, ConfigurationError
from appbuilder_lite.web.state import AppState, states_of

F = TypeVar("F", bound=Callable[..., Any])

_TABLES = "If tables are missing, run: flask appbuilder upgrade (or create-tables)"


class Fault(click.ClickException):
    """Something that the person can mend: told on stderr, exit code 1, no traceback."""


class Commands(AppGroup):
    """A group whose commands never show a traceback for what can be expected."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ConfigurationError as error:
            raise Fault(str(error)) from error
        except AppBuilderError as error:
            raise Fault(_sentence(str(error))) from error
        except DBAPIError as error:
            raise Fault(f"The database refused: {_first_line(error.orig)}\n{_TABLES}") from error


@click.group(cls=Commands)
def appbuilder() -> None:
    """Users, roles, permissions and tables of appbuilder_lite."""


def with_state(function: F) -> F:
    """Give a command the option `--name`, and hand it the state of that AppBuilder first."""

    @click.option("--name", default=None, help="Which AppBuilder of the app is meant; by default its first.")
    @functools.wraps(function)
    def command(*, name: str | None, **values: Any) -> Any:
        return function(find_state(name), **values)

    return command  # type: ignore[return-value]  # click calls it with the options by name


def find_state(name: str | None) -> AppState:
    """The state of the AppBuilder of that name in the current app, or of the first one."""
    states = states_of(current_app)
    if not states:
        raise Fault(
            f"The app {current_app.name!r} has no AppBuilder: call appbuilder.init_app(app, db) in its factory."
        )
    if name is None:
        return next(iter(states.values()))
    if name not in states:
        raise Fault(f"There is no AppBuilder {name!r} in this app; there is: {', '.join(states)}")
    return states[name]


def require_tables(state: AppState) -> None:
    """Raises `Unavailable`, with the command that helps, where tables of ours are missing or nobody answers."""
    state.sm.sync.is_current(state.sm.declared)


def echo_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows in columns, each as wide as its longest text."""
    lines = [headings, *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(line[index]) for line in lines) for index in range(len(headings))]
    for line in lines:
        click.echo("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def counted(count: int, noun: str) -> str:
    """`3 roles`, `1 role`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


@appbuilder.command("version", with_appcontext=False)
def show_version() -> None:
    """Print the versions that matter for a report of a fault.

    Example: flask appbuilder version
    """
    for name in ("appbuilder_lite", "flask", "sqlalchemy", "flask-sqlalchemy", "flask-login", "flask-wtf"):
        click.echo(f"{name} {_version(name)}")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed as a package"


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "".join(letter if letter.isprintable() else "?" for letter in str(value))


def _first_line(error: object) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
