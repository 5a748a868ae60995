"""Types from the user's chair: correct code checks, and each mistake is told where it stands."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "typing"
CASES = sorted((HERE / "cases").glob("*.py"))
_EXPECTED = re.compile(r"# E: ([a-z-]+)")
_FOUND = re.compile(r"^[^:]+:(\d+): error: .*\[([a-z-]+)\]$", re.M)


def _check(path: Path, cache: Path) -> str:
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(cache), str(path)]
    root = HERE.parent.parent
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=root).stdout


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for all files, so that the package is read once."""
    return tmp_path_factory.mktemp("mypy")


def test_correct_user_code_checks_and_mistakes_do_not(cache: Path) -> None:
    assert "Success" in _check(HERE / "correct.py", cache), _check(HERE / "correct.py", cache)
    assert CASES
    for case in CASES:
        lines = case.read_text().splitlines()
        expected = {(number, kind) for number, line in enumerate(lines, 1) for kind in _EXPECTED.findall(line)}
        found = {(int(number), kind) for number, kind in _FOUND.findall(_check(case, cache))}
        assert found == expected, case.name
