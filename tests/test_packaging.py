"""What a user installs: dependencies, pins, the contents of the wheel, and that it works when installed."""

import re
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from email import message_from_string
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
CORE = {"flask", "flask-sqlalchemy", "flask-login", "flask-wtf", "sqlalchemy"}
PINNED_FILES = ("demo.txt", "dev.txt", "sqlalchemy20.txt")


def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def _name(requirement: str) -> str:
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert match, requirement
    return re.sub(r"[-_.]+", "-", match[0]).lower()


def _pins(file_name: str) -> dict[str, str]:
    """Project name -> version of one requirements file; fails on a line that is anything but a pin."""
    pins = {}
    for line in (ROOT / "requirements" / file_name).read_text().splitlines():
        if line.startswith("#"):
            continue
        match = re.fullmatch(r"([A-Za-z0-9._-]+)==([A-Za-z0-9.]+)", line)
        assert match, f"{file_name}: not a plain pin: {line}"
        pins[_name(match[1])] = match[2]
    return pins


def _declared() -> Iterator[str]:
    """Every requirement that pyproject.toml names for users."""
    project = _project()["project"]
    yield from project["dependencies"]
    for extra in project["optional-dependencies"].values():
        yield from extra


def test_the_core_has_five_dependencies() -> None:
    assert {_name(requirement) for requirement in _project()["project"]["dependencies"]} == CORE


def test_users_get_lower_bounds_without_caps() -> None:
    for requirement in _declared():
        assert re.fullmatch(r"[a-z0-9-]+(\[[a-z]+\])?>=[0-9.]+", requirement)


@pytest.mark.parametrize("file_name", PINNED_FILES)
def test_requirements_are_plain_pins(file_name: str) -> None:
    assert set(_pins(file_name)) >= CORE


def test_everything_that_pyproject_names_is_pinned_for_development() -> None:
    groups = _project()["dependency-groups"].values()
    wanted = [*_declared(), *(entry for group in groups for entry in group if isinstance(entry, str))]
    assert {_name(requirement) for requirement in wanted} <= set(_pins("dev.txt"))


def test_the_demo_runs_on_the_versions_that_are_tested() -> None:
    assert _pins("demo.txt").items() <= _pins("dev.txt").items()


def test_the_old_sqlalchemy_is_the_only_difference_of_its_file() -> None:
    current, old = _pins("dev.txt"), _pins("sqlalchemy20.txt")
    assert current.pop("sqlalchemy").startswith("2.1.")
    assert old.pop("sqlalchemy").startswith("2.0.")
    assert old == current


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as the source distribution builds it, so that both are known to be complete."""
    target = tmp_path_factory.mktemp("dist")
    _run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(target), cwd=ROOT)
    (sdist,) = target.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(target, filter="data")
    unpacked = target / sdist.name.removesuffix(".tar.gz")
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target), cwd=unpacked)
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new environment that holds the wheel and its core dependencies, no extra."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    pins = ROOT / "requirements" / "demo.txt"
    _run(str(python), "-m", "pip", "install", "--quiet", "--no-input", str(wheel), "-c", str(pins), cwd=home)
    return python


def _run(*command: str, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _shipped(folder: str) -> set[str]:
    """The files below a folder of the checkout that a user needs."""
    files = (path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(ROOT / folder).as_posix() for path in files}


@pytest.mark.slow
def test_the_wheel_holds_the_package_and_its_migrations_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    package = {f"appbuilder_lite/{name}" for name in _shipped("appbuilder_lite")}
    migrations = {f"appbuilder_lite/_migrations/{name}" for name in _shipped("migrations")}
    assert "appbuilder_lite/py.typed" in package
    assert names == package | migrations


@pytest.mark.slow
def test_the_wheel_names_its_license_extras_and_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (info,) = {name.split("/")[0] for name in archive.namelist() if ".dist-info/" in name}
        metadata = message_from_string(archive.read(f"{info}/METADATA").decode())
        commands = archive.read(f"{info}/entry_points.txt").decode()
        assert f"{info}/licenses/LICENSE" in archive.namelist()
    assert metadata["License-Expression"] == "BSD-3-Clause"
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata.get_all("Provides-Extra") == ["i18n", "mariadb", "migrations", "postgresql"]
    assert "appbuilder = appbuilder_lite.cli:appbuilder" in commands


# The module that an extra brings its package for is imported where that package is in use, and only there.
SMOKE = """
import importlib, pathlib, pkgutil
import appbuilder_lite
package = pathlib.Path(appbuilder_lite.__path__[0])
assert "site-packages" in package.parts, package
for module in pkgutil.walk_packages([str(package)], "appbuilder_lite."):
    if "._migrations" not in module.name and module.name != "appbuilder_lite.web.babel_reader":
        importlib.import_module(module.name)
print("imported")
"""


@pytest.mark.slow
def test_the_installed_wheel_works_without_any_extra(installed: Path, tmp_path: Path) -> None:
    assert _run(str(installed), "-W", "error", "-c", SMOKE, cwd=tmp_path) == "imported\n"
