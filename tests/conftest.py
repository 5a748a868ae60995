"""The fixtures that the whole suite shares."""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from tests import databases
from tests.kept_tables import WorkersDatabase
from tests.statements import Statements, statements

BROWSER_TESTS = Path(__file__).parent / "browser"


@dataclass(frozen=True)
class Host:
    """An app that existed before: its Flask object and its Flask-SQLAlchemy object."""

    app: Flask
    db: SQLAlchemy


class MakeHost(Protocol):
    """Makes a host on the test's database; keywords are app configuration."""

    def __call__(self, db: SQLAlchemy | None = None, **config: Any) -> Host: ...


class CompiledTemplates(BytecodeCache):
    """Keeps compiled templates for all hosts of this process; compiling them for each took an eighth of a run.

    Jinja compares a template's source with the one that was compiled: a changed template is compiled anew.
    """

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


class KeptRule(Rule):
    """A rule that is read once for all apps, and whose address builders are made when the first address is built.

    Werkzeug reads each rule of each app, and compiles two builders for it, a sixth of a run; a test builds addresses
    of a few rules.
    """

    _read: ClassVar[dict[Any, tuple[list[Any], list[Any], dict[str, Any]]]] = {}

    def _parse_rule(self, rule: str) -> Iterable[Any]:
        key = (rule, *self.map.converters.items())
        if key not in self._read:
            before = len(self._trace)
            parts = list(super()._parse_rule(rule))
            if any(not type(one).__module__.startswith("werkzeug.") for one in self._converters.values()):
                return parts
            self._read[key] = parts, self._trace[before:], dict(self._converters)
            return parts
        parts, trace, converters = self._read[key]
        self._trace.extend(trace)
        self._converters.update(converters)
        self.arguments.update(converters)
        return parts

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., Any]:
        compile_builder = super()._compile_builder
        compiled: Any = None

        def build(rule: Rule, **values: Any) -> Any:
            nonlocal compiled
            compiled = compiled or compile_builder(append_unknown)
            return compiled(rule, **values)

        return build


COMPILED_TEMPLATES = CompiledTemplates()
CountStatements = Callable[..., AbstractContextManager[Statements]]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if BROWSER_TESTS in item.path.parents:
            item.add_marker(pytest.mark.browser)
        if "database_url" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.databases)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    # Modules and collected tests stay to the end; looking through them for garbage again and again took a quarter of
    # a run. What a test leaves behind is still looked for and found, but less often: that took another quarter.
    gc.disable()
    yield
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 10, 10)
    gc.enable()


@pytest.fixture(scope="session")
def server_databases(request: pytest.FixtureRequest) -> Iterator[Callable[[str], WorkersDatabase]]:
    """Gives this worker's database on a server, made at the first call."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    made: dict[str, WorkersDatabase] = {}

    def get(target: str) -> WorkersDatabase:
        if target not in made:
            url = databases.worker_url(target, worker)
            databases.create(url)
            made[target] = WorkersDatabase(url)
        return made[target]

    yield get
    for database in made.values():
        databases.drop(database.url)


@pytest.fixture(params=databases.targets(), ids=databases.label)
def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, server_databases: Callable[[str], WorkersDatabase]
) -> Iterator[str]:
    """The URL of an empty database; a test that uses it runs once per database of TEST_DATABASE_URLS."""
    if request.param == databases.SQLITE:
        yield f"sqlite:///{tmp_path / 'test.sqlite'}"
        return
    database = server_databases(request.param)
    with database.lent():
        yield database.url.render_as_string(hide_password=False)


@pytest.fixture
def make_host(database_url: str) -> Iterator[MakeHost]:
    """Makes hosts on the test's database and disposes of their engines when the test is over."""
    hosts: list[Host] = []

    def make(db: SQLAlchemy | None = None, **config: Any) -> Host:
        app = Flask("host")
        app.config.update(SECRET_KEY="a secret of the test suite", TESTING=True, SQLALCHEMY_DATABASE_URI=database_url)
        # The default takes a tenth of a second for each password, which no test needs that is not about hashing.
        app.config.update(APPBUILDER_PASSWORD_HASH_METHOD="scrypt:1024:8:1")
        app.config.update(config)
        app.url_rule_class = KeptRule
        app.jinja_options = {"bytecode_cache": COMPILED_TEMPLATES}
        host = Host(app, SQLAlchemy() if db is None else db)
        host.db.init_app(app)
        hosts.append(host)
        return host

    yield make
    for host in hosts:
        with host.app.app_context():
            for engine in host.db.engines.values():
                engine.dispose()


@pytest.fixture
def host(make_host: MakeHost) -> Host:
    """A host with nothing but a database."""
    return make_host()


@pytest.fixture
def count_statements() -> CountStatements:
    """`with count_statements() as seen:` collects the SQL in between; `len(seen)`, `seen.texts`."""
    return statements
