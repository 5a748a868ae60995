"""The command that looks for mistakes: those of the configuration, and with `--deploy` those of a public site."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy

import click
from flask.cli import ScriptInfo

from appbuilder_lite.binding_checks import check_settings
from appbuilder_lite.cli.group import appbuilder, counted, find_state
from appbuilder_lite.errors import ConfigurationError, Problem, Unavailable
from appbuilder_lite.security.sync import SyncFailed
from appbuilder_lite.web.readiness import complete
from appbuilder_lite.web.state import AppState
from appbuilder_lite.web.view import BaseView


@appbuilder.command("check", with_appcontext=False)
@click.option("--name", default=None, help="Which AppBuilder of the app is meant; by default its first.")
@click.option("--deploy", is_flag=True, help="Also look for what must not be so on a public site.")
@click.pass_context
def check(ctx: click.Context, *, name: str | None, deploy: bool) -> None:
    """Look for mistakes; exit code 1 where there are any. Warnings alone are told, with exit code 0.

    Without --deploy no database is asked.

    \b
    Examples:
      flask appbuilder check
      flask appbuilder check --deploy
    """
    problems = find_problems(ctx.ensure_object(ScriptInfo), name, deploy=deploy)
    for problem in problems:
        click.echo(f"{'warning' if problem.warning else 'error'} {problem}", err=not problem.warning)
    errors = [problem for problem in problems if not problem.warning]
    if errors:
        click.echo(f"{counted(len(errors), 'error')} found.", err=True)
        raise SystemExit(1)
    click.echo(f"No errors, {counted(len(problems), 'warning')}." if problems else "No problems found.")


def find_problems(info: ScriptInfo, name: str | None, *, deploy: bool) -> list[Problem]:
    """Every problem of the app, whether it can be made or not."""
    try:
        app = info.load_app()
    except ConfigurationError as error:
        return list(error.problems)
    with app.app_context():
        state = find_state(name)
        complete(state)
        found = [*check_settings_of(state), *check_security(state), *check_views(state), *(state.late_problems or ())]
        if deploy:
            found = [_as_error(problem) for problem in found]
            found += [*check_cookies(state), *check_records(state)]
        return list({str(problem): problem for problem in found}.values())


def check_settings_of(state: AppState) -> Iterator[Problem]:
    """The warnings of the settings that the start has logged; the name is taken by this very AppBuilder."""
    return (problem for problem in check_settings(state.app, state.settings) if problem.id != "AB207")


def check_security(state: AppState) -> tuple[Problem, ...]:
    """The warnings about users, roles and names."""
    return state.sm.checks(own_sign_in=state.owns_sign_in)


def check_views(state: AppState) -> Iterator[Problem]:
    """The warnings about views: a copy of each is bound once more, for what it says."""
    views = [view for view in state.views.values() if isinstance(view, BaseView)]
    return (problem for view in views for problem in copy(view).bind(state))


def check_cookies(state: AppState) -> Iterator[Problem]:
    """What a public site sends and shows (AB501 to AB505)."""
    config = state.app.config
    if not config.get("SESSION_COOKIE_SECURE"):
        text = "the session cookie is sent over plain HTTP too"
        yield _of_config("AB501", "SESSION_COOKIE_SECURE", text, "serve the site by HTTPS and set it to True")
    if not config.get("SESSION_COOKIE_HTTPONLY", True):
        text = "scripts can read the session cookie"
        yield _of_config("AB502", "SESSION_COOKIE_HTTPONLY", text, "set it to True")
    if config.get("SESSION_COOKIE_SAMESITE") not in {"Lax", "Strict"}:
        text = "other sites' requests carry the session cookie"
        yield _of_config("AB503", "SESSION_COOKIE_SAMESITE", text, 'set it to "Lax"')
    if state.app.debug or config.get("TESTING"):
        text = "the app runs in debug or testing mode: faults show their source, and CSRF may be switched off"
        yield _of_config("AB504", "DEBUG", text, "run without --debug, and leave TESTING unset")
    if state.settings.csp is None:
        text = "our pages send no Content-Security-Policy"
        yield _of_config("AB505", "APPBUILDER_CSP", text, "leave it at its default, or set a policy of your own")


def check_records(state: AppState) -> Iterator[Problem]:
    """What the database lacks (AB506 to AB508)."""
    sm = state.sm
    try:
        plan = sm.sync.plan(sm.declared)
    except (Unavailable, SyncFailed) as error:
        fix = "start the database, then run: flask appbuilder upgrade (or create-tables)"
        yield Problem("AB506", "database", str(error), fix)
        return
    if plan:
        text = f"{counted(len(plan.missing), 'permission')} and {counted(len(plan.missing_roles), 'role')} are missing"
        yield Problem("AB507", "database", text, "run: flask appbuilder sync")
    if not sm.store.has_active_admin():
        text = f"no active user has the role {state.settings.admin_role}"
        yield Problem("AB508", "database", text, "run: flask appbuilder create-admin")


def _of_config(check_id: str, key: str, message: str, fix: str) -> Problem:
    return Problem(check_id, f"app.config[{key!r}]", message, fix)


def _as_error(problem: Problem) -> Problem:
    """On a public site a warning about the secret key counts."""
    if problem.id != "AB405":
        return problem
    return Problem(problem.id, problem.where, problem.message, problem.fix)
