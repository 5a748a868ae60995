"""The documentation says what is so: its examples run, it names everything there is, and its links lead somewhere."""

import importlib
import logging
import re
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_type_hints

import click
import pytest
import wtforms
from flask import Blueprint, Flask
from flask_login import LoginManager
from sqlalchemy import Column, DateTime, ForeignKey, Integer
from sqlalchemy.orm import Session, relationship
from wtforms.validators import Length

import appbuilder_lite
from appbuilder_lite import filters, migrating
from appbuilder_lite.builtin.auth import AuthDBView, SignInForm
from appbuilder_lite.builtin.index import IndexView
from appbuilder_lite.cli import appbuilder as commands
from appbuilder_lite.cli.checks import check_cookies, check_records
from appbuilder_lite.errors import ConfigurationError, Problem
from appbuilder_lite.resource.checks import check_option_names
from appbuilder_lite.resource.declaration import ResourceDeclaration
from appbuilder_lite.resource.declared import HOOKS, OPTIONS
from appbuilder_lite.resource.resolving import resolve
from appbuilder_lite.security.manager import BaseSecurityManager
from appbuilder_lite.security.models import SLOTS
from appbuilder_lite.settings import Settings
from appbuilder_lite.web.form_view import BaseFormView
from appbuilder_lite.web.multiple_view import MultipleView
from appbuilder_lite.web.readiness import complete
from appbuilder_lite.web.state import states_of
from appbuilder_lite.web.view import BaseView
from tests.documents import CHECKS, DOCS, README, ROOT, Document, crm, dispose, documents, executable, run, setting_rows

PACKAGE = ROOT / "appbuilder_lite"
IDS = sorted({found for path in PACKAGE.rglob("*.py") for found in re.findall(r'"(AB\d{3})"', path.read_text("utf-8"))})
# Pages whose two examples are whole set-ups; the others have tests beside their checks, or show excerpts.
SET_UPS = [
    check for check in IDS if check.startswith(("AB20", "AB21", "AB310", "AB4", "AB5")) or "AB330" <= check <= "AB336"
]
# Options of classes that have few: their rows in views.md.
FURTHER_OPTIONS = {
    BaseView: {name for name in vars(BaseView)["__annotations__"] if "ClassVar" in str(get_type_hints(BaseView)[name])},
    BaseFormView: set(vars(BaseFormView)["__annotations__"]),
    MultipleView: set(vars(MultipleView)["__annotations__"]),
    IndexView: set(vars(IndexView)["__annotations__"]),
    AuthDBView: set(vars(AuthDBView)["__annotations__"]),
}
# Taken of the running demo; their folder is not there before.
PICTURES = ("docs/images/list.png",)
LOGGERS = ("appbuilder_lite.security", "appbuilder_lite.security.sync")
ACCOUNT = """
from flask_login import UserMixin as LoginUser

class Account(LoginUser, db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(255))
"""


def page(name: str) -> Document:
    return Document(DOCS / f"{name}.md")


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which the examples write into."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", executable(), ids=lambda page: page.path.stem)
def test_the_examples_of_a_page_run(page: Document, in_folder: Path) -> None:
    with crm(in_folder) as crm_space, run(page, f"docs_{page.path.stem}", in_folder) as space:
        for view in _views_of(space):
            assert _declared_wrongly(view, space.get("db") or crm_space["db"]) == []


def _views_of(space: dict[str, Any]) -> list[type[BaseView]]:
    """The views that a page's examples define."""
    mine = [value for value in space.values() if getattr(value, "__module__", "") == space["__name__"]]
    return [value for value in mine if isinstance(value, type) and issubclass(value, BaseView)]


def _declared_wrongly(view: type[BaseView], db: Any) -> list[Problem]:
    """What is wrong with a view itself; a clash with one of ours is the example's business, as are its templates."""
    app = Flask("reader")
    app.config.update(SECRET_KEY=secrets.token_hex(), SQLALCHEMY_DATABASE_URI="sqlite://")
    db.init_app(app)
    reader = appbuilder_lite.AppBuilder()
    reader.add_view_no_menu(view)
    try:
        reader.init_app(app, db)
    except ConfigurationError as error:
        return [found for found in error.problems if found.id.startswith(("AB1", "AB21")) and found.id != "AB213"]
    finally:
        dispose(app)
    return []


def test_the_app_of_the_readme_works_from_its_commands_to_its_list(in_folder: Path) -> None:
    with run(Document(README), "contacts", in_folder) as contacts:
        app = contacts["create_app"]()
        typed = "\n".join(["ada", "ada@example.com", "Ada", "Ash", *["correct horse battery"] * 2, ""])
        made = app.test_cli_runner().invoke(commands, ["create-admin"], input=typed)
        assert made.exit_code == 0, made.output
        client = app.test_client()
        token = _token(client.get("/admin/login/").text)
        fields = {"csrf_token": token, "username": "ada", "password": "correct horse battery"}
        assert client.post("/admin/login/", data=fields).status_code == 302
        with app.app_context():
            contacts["db"].session.add(contacts["Contact"](name="Grace", email="grace@example.com"))
            contacts["db"].session.commit()
        listed = client.get("/admin/contactview/list/")
        assert listed.status_code == 200
        assert "grace@example.com" in listed.text
        dispose(app)


def _token(text: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', text)
    assert found is not None
    return found[1]


def test_the_app_of_the_readme_is_short() -> None:
    (block,) = Document(README).python
    assert len([line for line in block.text.splitlines() if line.strip()]) <= 25


def _option_rows() -> list[tuple[str, str, str]]:
    """(name, default, example) of each row of the tables of options."""
    rows = [cells for cells in page("views").rows() if len(cells) == 4 and cells[0].startswith("`")]
    return [(name.strip("`"), default, example.strip("`")) for name, default, _meaning, example in rows]


def test_every_option_has_a_row_and_no_row_is_of_something_else() -> None:
    wanted = sorted([*OPTIONS, *(name for names in FURTHER_OPTIONS.values() for name in names)])
    assert sorted(name for name, _default, _example in _option_rows()) == wanted


def test_every_default_that_is_a_value_is_told() -> None:
    found = {(name, default) for name, default, _example in _option_rows()}
    owners: dict[type[Any], Iterable[str]] = {ResourceDeclaration: OPTIONS, **FURTHER_OPTIONS}
    for owner, names in owners.items():
        for name in names:
            default = getattr(owner, name)
            if isinstance(default, (str, int)) and name != "title":
                assert (name, f"`{default!r}`") in found, (owner, name, default)


def test_every_example_of_an_option_is_valid(in_folder: Path) -> None:
    with crm(in_folder) as space:
        names = {**space, **vars(filters), **vars(wtforms), "Length": Length, "SignInForm": SignInForm}
        names["CustomerForm"] = type("CustomerForm", (wtforms.Form,), {"name": wtforms.StringField("Name")})
        names["LineInline"] = _lines_of(space)
        space["Customer"].deleted_at = Column(DateTime)
        names["ImportForm"] = type("ImportForm", (wtforms.Form,), {"source": wtforms.StringField("Source")})
        for name, _default, example in _option_rows():
            assert example.startswith(f"{name} = "), example
            made: dict[str, Any] = {}
            exec(example, names, made)
            if name not in OPTIONS:
                continue
            view = type("ExampleView", (ResourceDeclaration,), {"__module__": "crm.views", **made})
            datamodel = appbuilder_lite.SQLAInterface(space["Customer"]).bind(Session())
            assert resolve(view, datamodel, Settings())[1] == (), example
            assert check_option_names(view, ResourceDeclaration) == [], example


def _lines_of(space: dict[str, Any]) -> type[appbuilder_lite.Inline]:
    """Rows of the quickstart's customers."""
    line = type("Line", (space["db"].Model,), {"id": Column(Integer, primary_key=True), "to": _customer_key()})
    space["Customer"].lines = relationship(line)
    return type("LineInline", (appbuilder_lite.Inline,), {"datamodel": appbuilder_lite.SQLAInterface(line)})


def _customer_key() -> Any:
    return Column(ForeignKey("customer.id"))


def test_every_hook_is_described_and_shown() -> None:
    hooks = page("hooks")
    further = ["form_get", "form_post", "post_add_redirect", "post_edit_redirect", "post_delete_redirect"]
    on_sign_in = [name for name in dir(BaseSecurityManager) if name.startswith("on_user_")]
    for name in [*HOOKS, *further, *on_sign_in]:
        assert hooks.names(name), name
    shown = "\n".join(block.text for block in hooks.python)
    assert [name for name in HOOKS if f"def {name}(" not in shown] == []


def test_the_view_of_the_hooks_page_does_what_the_page_says(
    in_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with crm(in_folder) as space, run(page("hooks"), "docs_hooks", in_folder) as hooks:
        app, appbuilder, db, customer = Flask("crm"), appbuilder_lite.AppBuilder(), space["db"], space["Customer"]
        appbuilder.add_view(hooks["CustomerView"], "Customers")
        app.config.update(SECRET_KEY=secrets.token_hex(), SQLALCHEMY_DATABASE_URI="sqlite://")
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        db.init_app(app)
        appbuilder.init_app(app, db)
        with app.app_context():
            db.create_all()
            admin = appbuilder.sm.find_role("Admin")
            appbuilder.sm.add_user("ada", "Ada", "Ash", "ada@example.com", admin, password="correct horse battery")
        client = app.test_client()
        client.post("/admin/login/", data={"username": "ada", "password": "correct horse battery"})
        typed = {"name": "Kim", "email": "KIM@Example.com", "active": "y"}

        def stored() -> Any:
            with app.app_context():
                return db.session.scalar(db.select(customer))

        assert client.post("/admin/customerview/add", data=typed).status_code == 302
        kim = stored()
        assert (kim.email, kim.notes) == ("kim@example.com", " [1]")
        assert kim.since is not None
        refused = client.post(
            "/admin/customerview/edit/1", data={**typed, "active": "", "_fields": "name,email,active"}
        )
        assert refused.status_code == 422
        assert "Remove the address of an inactive customer first" in refused.text
        assert stored().active
        client.post("/admin/customerview/delete/1")
        assert stored() is not None
        client.post("/admin/customerview/edit/1", data={"email": "", "active": "", "_fields": "email,active"})
        client.post("/admin/customerview/delete/1")
        assert stored() is None
        assert capsys.readouterr().out == "Welcome, Kim\nChanged: Kim\nGone: Kim\n"
        dispose(app)


def test_every_setting_has_its_row() -> None:
    rows = list(setting_rows())
    missing = [row for row in rows if row not in page("settings").text]
    assert missing == [], "\n".join(["put these rows into docs/settings.md:", *missing])


def test_no_page_names_a_setting_that_does_not_exist() -> None:
    known = {row.split("`")[1] for row in setting_rows()} | {"APPBUILDER_X", "APPBUILDER_PASSWORD"}
    for found in documents():
        if found.path.stem != "AB401":
            assert set(re.findall(r"\bAPPBUILDER_[A-Z_]+\b", found.text)) <= known, found.path


@pytest.mark.parametrize("check", IDS)
def test_every_check_has_a_page_with_its_three_parts_and_a_line_in_the_index(check: str) -> None:
    found = Document(CHECKS / f"{check}.md")
    title = re.match(rf"# {check}: (.+)\n", found.text)
    assert title is not None
    meaning, wrong, right = re.split(r"^## (?:Triggers it|Mends it)$", found.text, flags=re.MULTILINE)
    assert len(meaning.strip().splitlines()) > 1, "what it means"
    assert "```" in wrong
    assert "```" in right
    assert f"| [{check}]({check}.md) | {title[1]} |" in Document(CHECKS / "index.md").text


def test_no_page_is_of_a_check_that_does_not_exist() -> None:
    assert {path.stem for path in CHECKS.glob("AB*.md")} <= set(IDS)


@pytest.mark.parametrize("check", SET_UPS)
def test_the_first_example_of_a_check_triggers_it_and_the_second_does_not(
    check: str, in_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wrong, right = (block.text for block in Document(CHECKS / f"{check}.md").python)
    assert check in _problems_of(wrong, check, in_folder, caplog)
    caplog.clear()
    found = _problems_of(right, check, in_folder, caplog)
    assert check not in found
    assert found == set() or check.startswith("AB5")


def _problems_of(example: str, check: str, folder: Path, caplog: pytest.LogCaptureFixture) -> set[str]:
    """The ids of everything that is wrong with an app that the example sets up."""
    with crm(folder) as space:
        app = space["app"] = Flask("crm")
        app.config.update(SECRET_KEY=secrets.token_hex(), SQLALCHEMY_DATABASE_URI="sqlite://")
        space["db"].init_app(app)
        exec(ACCOUNT, space)
        space.update(vars(appbuilder_lite), FilterEqual=filters.FilterEqual, LoginManager=LoginManager, wtforms=wtforms)
        space.update(Blueprint=Blueprint, secrets=secrets, Path=Path, migrating=migrating)
        space["appbuilder"] = appbuilder_lite.AppBuilder()
        try:
            with caplog.at_level(logging.WARNING, logger="appbuilder_lite"):
                exec(example, space)
                found = _completed(space["app"], space, is_public=check.startswith("AB5"))
        except ConfigurationError as error:
            found = {problem.id for problem in error.problems}
        dispose(app)
    return found | set(re.findall(r"\[(AB\d{3})\]", caplog.text))


def _completed(app: Flask, space: dict[str, Any], *, is_public: bool) -> set[str]:
    """Bind the app where the example has not, and look for what shows later."""
    if not states_of(app):
        space["appbuilder"].init_app(app, space["db"])
    problems: list[Problem] = []
    with app.app_context():
        for state in states_of(app).values():
            complete(state)
            problems += state.late_problems or ()
            problems += [*check_cookies(state), *check_records(state)] if is_public else []
    return {problem.id for problem in problems}


def test_every_command_and_option_is_described() -> None:
    described = page("commands")
    for name, command in commands.commands.items():
        assert re.search(rf"^#+ .*\b{re.escape(name)}\b", described.text, re.MULTILINE), name
        for option in command.params:
            if isinstance(option, click.Option):
                assert any(described.names(spelling) for spelling in option.opts), (name, option.opts)


def test_every_command_that_a_page_names_exists() -> None:
    for found in documents():
        for name, rest in re.findall(r"flask (?:--app \S+ )?appbuilder ([a-z][a-z-]*)([^`\n]*)", found.text):
            command = commands.commands.get(name)
            assert command is not None, (found.path, name)
            known = {spelling for option in command.params for spelling in option.opts}
            asked = set(re.findall(r"(?<=\s)--[a-z-]+", rest)) - {"--help"}
            assert asked <= known, (found.path, name, asked - known)


def test_every_public_name_is_in_the_index() -> None:
    names = [name for name, value in vars(appbuilder_lite).items() if _is_public(name, value)]
    assert len(names) > 20
    assert [name for name in names if not page("index").names(name)] == []
    named = [name for name, value in vars(filters).items() if _is_public(name, value)]
    assert [name for name in named if not page("filters").names(name)] == []


def _is_public(name: str, value: Any) -> bool:
    return not name.startswith("_") and getattr(value, "__module__", "").startswith("appbuilder_lite")


def test_every_method_and_slot_of_the_security_manager_is_described() -> None:
    security, extending = page("security"), page("extending")
    skipped = {"ManagerParts", "object"}
    owners = [owner for owner in BaseSecurityManager.__mro__ if owner.__name__ not in skipped]
    public = {name: value for owner in owners for name, value in vars(owner).items() if not name.startswith("_")}
    methods = [name for name, value in public.items() if callable(value)]
    assert len(methods) > 50
    assert [name for name in methods if f"{name}(" not in security.code] == []
    slots = [
        *(slot.attribute for slot in SLOTS.values()),
        *(name for name in public if name.endswith("view") and public[name] is None),
    ]
    assert [name for name in slots if not extending.names(name)] == []


@pytest.mark.parametrize("found", documents(), ids=lambda found: str(found.path.relative_to(ROOT)))
def test_every_link_and_image_leads_somewhere(found: Document) -> None:
    for link in found.links:
        if link.startswith(("http://", "https://")) or (link in PICTURES and not (DOCS / "images").is_dir()):
            continue
        path, _, fragment = link.partition("#")
        target = (found.path.parent / path).resolve() if path else found.path
        assert target.exists(), link
        if fragment:
            assert fragment in Document(target).anchors, link


def test_every_page_can_be_reached_from_the_index() -> None:
    index = set(page("index").links)
    assert {path.name for path in DOCS.glob("*.md")} - {"index.md"} <= index


def test_every_file_that_the_guide_for_contributors_names_exists() -> None:
    named = re.findall(r"`((?:[\w.]+/)+(?:[\w.]+\.py)?|[\w.]+\.py)`", (ROOT / "CONTRIBUTING.md").read_text("utf-8"))
    assert len(named) > 20
    assert [path for path in named if not any((folder / path).exists() for folder in (ROOT, PACKAGE))] == []


def test_every_test_that_stands_beside_an_attack_exists() -> None:
    found = re.findall(r"`(test_\w+)`", page("security").text)
    assert len(found) > 50
    written = {name for path in (ROOT / "tests").rglob("test_*.py") for name in _tests_of(path)}
    assert [name for name in found if name not in written] == []


def _tests_of(path: Path) -> list[str]:
    return re.findall(r"def (test_\w+)", path.read_text("utf-8"))


def test_every_key_of_our_pages_stands_among_the_shortcuts() -> None:
    templates = "".join(path.read_text("utf-8") for path in (PACKAGE / "templates").rglob("*.html"))
    keys = {key for keys in re.findall(r'data-key="([^"]+)"', templates) for key in keys.split()}
    cells = re.findall(r"^\| (`.+?) \|", page("frame").text, re.MULTILINE)
    assert keys - {key for cell in cells for key in re.findall("`([^`]+)`", cell)} == set()


def test_every_class_and_module_that_a_page_names_exists() -> None:
    for found in documents():
        for path in set(re.findall(r"\bappbuilder_lite(?:\.[a-z_]+)+(?:\.[A-Z]\w+)?", found.code)):
            if path not in LOGGERS and found.path.stem != "AB411":
                assert _exists(path), (found.path, path)


def _exists(path: str) -> bool:
    """Whether this leads to a module, or to an attribute of one; a logger is neither."""
    module, _, name = path.rpartition(".")
    try:
        importlib.import_module(path)
    except ImportError:
        return hasattr(importlib.import_module(module), name)
    return True
