"""The commands of `flask appbuilder`, as somebody types them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from appbuilder_lite import AppBuilder, BaseView, expose, has_access
from appbuilder_lite.cli import appbuilder as group
from appbuilder_lite.security.access import Access
from tests.conftest import CountStatements, MakeHost
from tests.web.site import make_db

PASSWORD = "correct horse battery"
NAMED = ("--username", "ada", "--email", "ada@example.org", "--firstname", "Ada", "--lastname", "Admin")
DOCS = Path(__file__).parent.parent / "docs" / "commands.md"

Run = Callable[..., Result]


class ReportsView(BaseView):
    """A view that declares a permission."""

    default_view = "monthly"

    @expose("/monthly")
    @has_access
    def monthly(self) -> str:
        return "monthly"


@pytest.fixture
def app(make_host: MakeHost) -> Flask:
    """An extended app without any table."""
    host = make_host(make_db())
    appbuilder = AppBuilder(host.app, host.db)
    appbuilder.add_view(ReportsView, "Reports")
    return host.app


def runner(app: Flask) -> Run:
    """Runs a command in the app, with text typed or piped in."""

    def run(*args: str, typed: str = "", **environ: str) -> Result:
        return app.test_cli_runner().invoke(group, args, input=typed, env=environ)

    return run


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in the app."""
    monkeypatch.delenv("APPBUILDER_PASSWORD", raising=False)
    return runner(app)


@pytest.fixture
def ready(run: Run) -> Run:
    """The same with tables."""
    assert run("create-tables").exit_code == 0
    return run


def sm_of(app: Flask) -> Any:
    return app.extensions["appbuilder_lite"]["appbuilder"].sm


def roles_of(app: Flask, name: str) -> list[str]:
    with app.app_context():
        return [role.name for role in sm_of(app).get_user_roles(sm_of(app).find_user(name))]


def can_sign_in(app: Flask, name: str, password: str = PASSWORD) -> bool:
    with app.app_context():
        return sm_of(app).auth_user_db(name, password) is not None


def assert_fault(result: Result, *texts: str) -> None:
    """Exit code 1, a sentence on stderr, no traceback."""
    assert result.exit_code == 1, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    for text in texts:
        assert text in result.stderr
    assert "Traceback" not in result.output


def test_create_admin_works_right_after_create_tables(app: Flask, ready: Run) -> None:
    result = ready("create-admin", *NAMED, typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0, result.output
    assert "Admin ada created." in result.output
    assert PASSWORD not in result.output
    assert roles_of(app, "ada") == ["Admin"]
    assert can_sign_in(app, "ada")


def test_a_database_of_flask_appbuilders_is_pointed_to_create_tables(app: Flask, run: Run) -> None:
    with app.app_context():
        models = sm_of(app).models
        models.metadata.create_all(app.extensions["sqlalchemy"].engine, [models.role.__table__])
    assert_fault(run("upgrade"), "the tables ab_role", "run: flask appbuilder create-tables")
    assert run("create-tables").exit_code == 0
    assert run("upgrade").exit_code == 0


def test_create_admin_works_where_the_sync_is_off(make_host: MakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    host = make_host(make_db(), APPBUILDER_SYNC="off")
    AppBuilder(host.app, host.db)
    run = runner(host.app)
    assert run("create-tables").exit_code == 0
    assert run("create-admin", *NAMED, APPBUILDER_PASSWORD=PASSWORD).exit_code == 0
    assert roles_of(host.app, "ada") == ["Admin"]


def test_create_admin_works_right_after_upgrade(app: Flask, run: Run) -> None:
    assert run("upgrade").exit_code == 0
    assert run("create-admin", *NAMED, APPBUILDER_PASSWORD=PASSWORD).exit_code == 0
    assert can_sign_in(app, "ada")


def test_what_is_not_given_is_asked_for(app: Flask, ready: Run) -> None:
    typed = f"ada\nada@example.org\nAda\nAdmin\n{PASSWORD}\n{PASSWORD}\n"
    result = ready("create-admin", typed=typed)
    assert result.exit_code == 0, result.output
    for label in ("Username", "Email address", "First name", "Last name", "Password", "Repeat for confirmation"):
        assert label in result.output
    with app.app_context():
        user = sm_of(app).find_user("ada")
        assert (user.email, user.first_name, user.last_name, user.active) == ("ada@example.org", "Ada", "Admin", True)


def test_a_weak_password_is_asked_for_again(app: Flask, ready: Run) -> None:
    typed = f"short\nshort\npassword1\npassword1\n{PASSWORD}\n{PASSWORD}\n"
    result = ready("create-admin", *NAMED, typed=typed)
    assert result.exit_code == 0, result.output
    assert "at least 8 characters" in result.output
    assert "attacker" in result.output
    assert can_sign_in(app, "ada")


def test_a_password_comes_from_stdin_or_the_environment(app: Flask, ready: Run) -> None:
    assert ready("create-admin", *NAMED, "--password-stdin", typed=f"{PASSWORD}\n").exit_code == 0
    others = ("--username", "eve", "--email", "eve@example.org", "--firstname", "Eve", "--lastname", "E")
    assert ready("create-user", *others, APPBUILDER_PASSWORD=PASSWORD).exit_code == 0
    assert can_sign_in(app, "ada")
    assert can_sign_in(app, "eve")


def test_no_command_takes_a_password_as_an_argument(ready: Run) -> None:
    for name in ("create-admin", "create-user", "reset-password"):
        assert "--password " not in ready(name, "--help").output
        assert ready(name, "--password", PASSWORD).exit_code == 2


def test_a_weak_piped_password_is_a_fault(app: Flask, ready: Run) -> None:
    assert_fault(ready("create-admin", *NAMED, "--password-stdin", typed="short\n"), "at least 8 characters")
    assert_fault(ready("create-admin", *NAMED, APPBUILDER_PASSWORD="ada@example.org"), "too much like")
    assert_fault(ready("create-admin", "--username", "ada", "--password-stdin", typed=PASSWORD), "--email is needed")
    with app.app_context():
        assert sm_of(app).count_users() == 0


def test_two_passwords_that_differ_are_not_taken(app: Flask, ready: Run) -> None:
    result = ready("create-admin", *NAMED, typed=f"{PASSWORD}\nanother one\n")
    assert result.exit_code == 1
    assert "do not match" in result.output
    with app.app_context():
        assert sm_of(app).count_users() == 0


def test_create_user_has_the_roles_given(app: Flask, ready: Run) -> None:
    with app.app_context():
        sm_of(app).add_role("Sales")
        sm_of(app).add_role("Support")
    result = ready("create-user", *NAMED, "--role", "Sales", "--role", "Support", APPBUILDER_PASSWORD=PASSWORD)
    assert result.exit_code == 0, result.output
    assert roles_of(app, "ada") == ["Sales", "Support"]


def test_an_unknown_role_is_a_fault_with_the_nearest(app: Flask, ready: Run) -> None:
    result = ready("create-user", *NAMED, "--role", "Admn", APPBUILDER_PASSWORD=PASSWORD)
    assert_fault(result, "There is no role 'Admn'; did you mean 'Admin'?")
    with app.app_context():
        assert sm_of(app).count_users() == 0


def test_a_name_or_address_that_is_taken_is_a_fault(app: Flask, ready: Run) -> None:
    assert ready("create-user", *NAMED, APPBUILDER_PASSWORD=PASSWORD).exit_code == 0
    assert_fault(ready("create-user", *NAMED, APPBUILDER_PASSWORD=PASSWORD), "There is a user 'ada' already")
    other = ("--username", "ida", "--email", "ADA@example.org", "--firstname", "I", "--lastname", "A")
    assert_fault(ready("create-user", *other, APPBUILDER_PASSWORD=PASSWORD), "with the address ADA@example.org")
    rest = ("--email", "ida@example.org", "--firstname", "I", "--lastname", "A")
    for command, name in (
        ("create-user", " ADA "),
        ("create-user", "Ada@example.org"),
        ("create-admin", "ada@example.org"),
    ):
        result = ready(command, "--username", name, *rest, APPBUILDER_PASSWORD=PASSWORD)
        assert_fault(result, f"There is a user {name.strip()!r} already")


def test_a_user_who_exists_can_be_made_an_admin(app: Flask, ready: Run) -> None:
    assert ready("create-user", *NAMED, APPBUILDER_PASSWORD=PASSWORD).exit_code == 0
    assert ready("create-admin", "--username", "ada", typed="n\n").exit_code == 1
    assert roles_of(app, "ada") == []
    assert ready("create-admin", "--username", "ada", typed="y\n").exit_code == 0
    assert roles_of(app, "ada") == ["Admin"]
    assert_fault(ready("create-admin", "--username", "ada", "--promote"), "has the role Admin")


def test_reset_password_sets_it_and_ends_the_sessions(app: Flask, ready: Run) -> None:
    ready("create-user", *NAMED, APPBUILDER_PASSWORD=PASSWORD)
    with app.app_context():
        before = sm_of(app).store.snapshot(1).stamp
    assert ready("reset-password", "--username", "ada", typed="a good long one\n" * 2).exit_code == 0
    assert can_sign_in(app, "ada", "a good long one")
    assert not can_sign_in(app, "ada")
    with app.app_context():
        assert sm_of(app).store.snapshot(1).stamp not in (None, before)


def test_a_password_of_nobody_is_a_fault(ready: Run) -> None:
    assert_fault(ready("reset-password", "--username", "nobody"), "There is no user 'nobody'")


@pytest.mark.parametrize(
    "command", ["create-admin", "create-user", "reset-password", "list-users", "list-roles", "sync", "touch-grants"]
)
def test_missing_tables_are_a_fault_that_names_the_command(run: Run, command: str) -> None:
    assert_fault(run(command, typed="ada\n" * 9), "issing tables", "flask appbuilder upgrade (or create-tables)")


def test_a_database_that_is_down_is_a_fault() -> None:
    app = Flask("down")
    uri = "postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=1"
    app.config.update(SECRET_KEY="a secret of the test suite", SQLALCHEMY_DATABASE_URI=uri, TESTING=True)
    db = SQLAlchemy()
    db.init_app(app)
    AppBuilder(app, db)
    run = runner(app)
    assert_fault(run("list-users"), "The database cannot be reached")
    assert_fault(run("create-tables"), "The database refused")
    assert_fault(run("current"))
    assert run("list-views").exit_code == 0
    assert run("check").exit_code == 0


def test_list_users_shows_them_with_their_roles_in_few_statements(
    app: Flask, ready: Run, count_statements: CountStatements
) -> None:
    ready("create-admin", *NAMED, APPBUILDER_PASSWORD=PASSWORD)
    with app.app_context():
        sm = sm_of(app)
        eve = sm.add_user("eve", "Eve", "E", "eve@example.org")
        sm.add_group("Berlin", roles=[sm.add_role("Sales")], users=[eve])
    with count_statements() as seen:
        result = ready("list-users")
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["username", "first_name", "last_name", "email", "active", "roles"]
    assert lines[1].split() == ["ada", "Ada", "Admin", "ada@example.org", "yes", "Admin"]
    assert lines[2].split() == ["eve", "Eve", "E", "eve@example.org", "yes", "Sales"]
    assert "scrypt" not in result.output
    assert len(seen) <= 4, seen


def test_list_roles_counts_users_and_permissions(app: Flask, ready: Run) -> None:
    ready("create-admin", *NAMED, APPBUILDER_PASSWORD=PASSWORD)
    with app.app_context():
        sm = sm_of(app)
        sm.add_role("Sales", [sm.find_permission_view_menu("can_monthly", "ReportsView")])
    result = ready("list-roles")
    assert result.exit_code == 0, result.output
    lines = [line.split() for line in result.stdout.splitlines()]
    assert lines == [
        ["role", "users", "permissions"],
        ["Admin", "1", "all"],
        ["Public", "0", "0"],
        ["Sales", "0", "1"],
    ]


def test_list_views_needs_no_table(run: Run, count_statements: CountStatements) -> None:
    with count_statements() as seen:
        result = run("list-views")
    assert "ReportsView" in result.stdout
    assert "/admin/reportsview" in result.stdout
    assert "can_monthly" in result.stdout
    assert "ReportsView: can_monthly" in run("list-views", "--permissions").stdout.splitlines()
    assert len(seen) == 0, seen


def test_sync_makes_the_records_once(app: Flask, ready: Run) -> None:
    with app.app_context():
        wanted = sm_of(app).declared
    dry = ready("sync", "--dry-run")
    assert "would add can_monthly on ReportsView" in dry.stdout
    assert "would add the role Admin" in dry.stdout
    assert f"{len(wanted)} permissions added." in ready("sync").stdout
    assert "Every permission exists." in ready("sync").stdout
    assert "Every permission exists." in ready("sync", "--force").stdout
    assert "There is nothing to do." in ready("sync", "--dry-run", "--prune").stdout
    with app.app_context():
        assert sm_of(app).store.stored_accesses() == wanted


def test_prune_lists_asks_and_removes_what_is_declared_no_more(app: Flask, ready: Run) -> None:
    ready("sync")
    with app.app_context():
        sm_of(app).sync.run([Access("can_old", "OldView")])
    assert "would remove can_old on OldView" in ready("sync", "--dry-run", "--prune").stdout
    refused = ready("sync", "--prune", typed="n\n")
    assert refused.exit_code == 1
    assert "surplus: can_old on OldView" in refused.stdout
    with app.app_context():
        assert sm_of(app).find_permission_view_menu("can_old", "OldView") is not None
    assert "1 permission removed." in ready("sync", "--prune", "--yes").stdout
    with app.app_context():
        assert sm_of(app).find_permission_view_menu("can_old", "OldView") is None
        assert sm_of(app).find_permission_view_menu("can_monthly", "ReportsView") is not None


def test_prune_spares_what_the_apps_own_code_made(app: Flask, ready: Run) -> None:
    ready("sync")
    with app.app_context():
        approve = sm_of(app).add_permission_view_menu("can_approve", "Invoices")
        sm_of(app).add_role("Sales", [approve])
    kept = "kept, as no sync has declared it: can_approve on Invoices"
    assert kept in ready("sync", "--dry-run", "--prune").stdout
    pruned = ready("sync", "--prune", "--yes").stdout
    assert kept in pruned
    assert "Nothing to remove." in pruned
    with app.app_context():
        assert [str(view) for view in sm_of(app).find_role("Sales").permissions] == ["can approve on Invoices"]


def test_prune_spares_what_another_appbuilder_of_the_app_declares(make_host: MakeHost) -> None:
    class OtherView(ReportsView):
        pass

    host = make_host(make_db())
    AppBuilder(host.app, host.db)
    second = AppBuilder(host.app, host.db, name="second", url_prefix="/second")
    with host.app.app_context():
        second.add_view(OtherView, "Others")
    run = runner(host.app)
    run("create-tables")
    assert run("sync", "--name", "second").exit_code == 0
    assert "Nothing to remove." in run("sync", "--prune", "--yes").stdout


def test_roles_go_to_a_file_and_back(app: Flask, ready: Run, tmp_path: Path) -> None:
    ready("sync")
    path = tmp_path / "roles.json"
    with app.app_context():
        sm_of(app).add_role("Sales", [sm_of(app).find_permission_view_menu("can_monthly", "ReportsView")])
    assert f"Written: {path}" in ready("export-roles", "--path", str(path), "--indent", "2").stdout
    with app.app_context():
        sm_of(app).delete_role(sm_of(app).find_role("Sales"))
    assert "3 roles imported: Admin, Public, Sales" in ready("import-roles", "--path", str(path)).stdout
    with app.app_context():
        assert sm_of(app).get_role_permissions(sm_of(app).find_role("Sales")) == {("can_monthly", "ReportsView")}
    path.write_text("[]")
    assert_fault(ready("import-roles", "--path", str(path)), "The file is none of ours")
    assert ready("import-roles", "--path", str(tmp_path / "none.json")).exit_code == 2


def test_another_appbuilder_is_chosen_by_name(run: Run) -> None:
    assert run("list-views", "--name", "appbuilder").exit_code == 0
    assert_fault(
        run("list-views", "--name", "other"), "There is no AppBuilder 'other' in this app; there is: appbuilder"
    )


def test_an_app_without_an_appbuilder_is_a_fault() -> None:
    assert_fault(runner(Flask("bare"))("list-views"), "has no AppBuilder", "init_app")


def test_touch_grants_renews_the_version(app: Flask, ready: Run) -> None:
    with app.app_context():
        before = sm_of(app).store.snapshot(None).version
    assert ready("touch-grants").exit_code == 0
    with app.app_context():
        assert sm_of(app).store.snapshot(None).version != before


def test_check_finds_nothing_in_a_sound_app(run: Run) -> None:
    result = run("check")
    assert (result.exit_code, result.stdout) == (0, "No problems found.\n")


def test_check_lists_every_mistake_of_an_app_that_does_not_start() -> None:
    def create_app() -> Flask:
        app = Flask("broken")
        app.config.update(SQLALCHEMY_DATABASE_URI="sqlite://", APPBUILDER_SYNC="never", APPBUILDER_COLOUR="red")
        db = SQLAlchemy()
        db.init_app(app)
        AppBuilder(app, db)
        return app

    from click.testing import CliRunner
    from flask.cli import ScriptInfo

    result = CliRunner().invoke(group, ["check"], obj=ScriptInfo(create_app=create_app))
    assert_fault(result, "[AB401]", "[AB403]", "[AB404]", "3 errors found.", "Fix:")
    other = CliRunner().invoke(group, ["list-views"], obj=ScriptInfo(create_app=create_app))
    assert_fault(other, "3 configuration problems found:")


def test_check_tells_the_warnings_about_views_too(make_host: MakeHost) -> None:
    class OldReports(ReportsView):
        limits = 5

    host = make_host(make_db())
    builder = AppBuilder()
    builder.add_view(OldReports, "Reports")
    builder.init_app(host.app, host.db)
    result = runner(host.app)("check")
    assert result.exit_code == 0
    assert "warning [AB102]" in result.stdout
    assert "No errors, 1 warning." in result.stdout
    assert host.app.test_client().get("/admin/login/").status_code == 503


def test_check_deploy_names_what_a_public_site_must_not_be(app: Flask, run: Run) -> None:
    result = run("check", "--deploy")
    assert_fault(result, "[AB501]", "[AB503]", "[AB504]", "[AB506]")
    run("create-tables")
    assert_fault(run("check", "--deploy"), "[AB507]", "[AB508]")


def test_check_deploy_is_content_with_a_site_that_is_ready(make_host: MakeHost) -> None:
    secure = {"SESSION_COOKIE_SECURE": True, "SESSION_COOKIE_SAMESITE": "Lax", "TESTING": False}
    host = make_host(make_db(), **secure, SECRET_KEY="0123456789abcdef0123456789abcdef")
    AppBuilder(host.app, host.db)
    run = runner(host.app)
    run("create-tables")
    run("sync")
    run("create-admin", *NAMED, APPBUILDER_PASSWORD=PASSWORD)
    result = run("check", "--deploy")
    assert (result.exit_code, result.output) == (0, "No problems found.\n")


def test_tables_are_made_once_by_either_way(run: Run) -> None:
    assert_fault(run("current"), "upgrade")
    assert "created ab_user" in run("create-tables").stdout
    assert "Every table exists." in run("create-tables").stdout
    current = run("current")
    assert current.exit_code == 0
    assert current.stdout.strip() in run("upgrade").stdout


def test_tables_that_came_another_way_are_stamped(app: Flask, run: Run) -> None:
    with app.app_context():
        sm = sm_of(app)
        sm.db.create_all()
    assert_fault(run("upgrade"), "flask appbuilder stamp")
    assert run("stamp").exit_code == 0
    assert run("upgrade").exit_code == 0


@pytest.mark.parametrize("args", [("stamp", "9"), ("upgrade", "9"), ("sql", "9:head"), ("sql", "--dialect", "9")])
def test_a_revision_or_dialect_that_there_is_not_is_a_fault(run: Run, args: tuple[str, ...]) -> None:
    assert_fault(run(*args), "9", "The newest revision is 0001; dialects are postgresql, mysql and sqlite")


def test_the_sql_is_printed_without_a_database(run: Run, count_statements: CountStatements) -> None:
    with count_statements() as seen:
        result = run("sql", "--dialect", "postgresql")
    assert result.exit_code == 0, result.output
    assert "CREATE TABLE ab_user" in result.stdout
    assert "SERIAL" in result.stdout
    assert len(seen) == 0


def test_the_version_is_printed(run: Run) -> None:
    lines = run("version").stdout.splitlines()
    assert [line.split()[0] for line in lines][:3] == ["appbuilder_lite", "flask", "sqlalchemy"]


@pytest.mark.parametrize("name", sorted(group.commands))
def test_every_command_explains_itself_with_an_example(run: Run, name: str) -> None:
    text = run(name, "--help").stdout
    assert f"flask appbuilder {name}" in text
    assert "Example" in text


@pytest.mark.parametrize("name", sorted(group.commands))
def test_every_command_and_option_is_documented(name: str) -> None:
    text = DOCS.read_text(encoding="utf-8")
    assert f"## {name}\n" in text
    section = text.partition(f"## {name}\n")[2].partition("\n## ")[0]
    assert f"flask appbuilder {name}" in section
    options = {option for parameter in group.commands[name].params for option in parameter.opts if "--" in option}
    assert {option for option in options - {"--name"} if option not in section} == set()
