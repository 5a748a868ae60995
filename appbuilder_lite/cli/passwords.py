"""Where a command gets a password from: typed twice, one line of stdin, or the environment; never an argument."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from appbuilder_lite.cli.group import Fault
from appbuilder_lite.security.passwords import password_problem
from appbuilder_lite.settings import Settings

VARIABLE = "APPBUILDER_PASSWORD"


def password_option(function: Any) -> Any:
    """Give a command the option `--password-stdin`."""
    text = f"Read the password from one line of stdin. Without it {VARIABLE} is taken, else it is asked for."
    return click.option("--password-stdin", is_flag=True, help=text)(function)


def read_password(settings: Settings, *, from_stdin: bool, similar_to: Sequence[str] = ()) -> str:
    """A password that the policy takes; what is typed is asked for again until it does, all else is a fault."""
    if from_stdin:
        return _taken(sys.stdin.readline().rstrip("\r\n"), settings, similar_to)
    given = os.environ.get(VARIABLE)
    if given is not None:
        return _taken(given, settings, similar_to)

    def check(typed: str) -> str:
        problem = password_problem(typed, settings, similar_to=similar_to)
        if problem:
            raise click.BadParameter(problem)
        return typed

    typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, value_proc=check)
    return typed


def _taken(password: str, settings: Settings, similar_to: Sequence[str]) -> str:
    problem = password_problem(password, settings, similar_to=similar_to)
    if problem:
        raise Fault(problem)
    return password
