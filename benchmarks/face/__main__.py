"""Opens the list page of both packages in one browser, again and again in turn, and prints what they cost.

Absolute times mean nothing on a shared machine, so the last line is the ratio. What the package itself does not
compress, the server does in place of a proxy. The largest contentful paint is measured without a network between, and
over one like that of Lighthouse's desktop runs: 40 ms there and back, 10 Mbit a second.
https://github.com/GoogleChrome/lighthouse/blob/main/core/config/constants.js
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Cookie

from benchmarks.face import sample, serving
from tests.browser.chromium import chromium
from tests.browser.loading import KB, Load, cold_window, load
from tests.browser.tables import table

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 9
PATHS = {
    "Flask-AppBuilder": ("benchmarks.face.fab", "/login/", "/customerview/list/"),
    "appbuilder_lite": ("benchmarks.face.ours", "/admin/login/", "/admin/customerview/list/"),
}
HEAD = ("page", "requests", "KB gz", "KB decoded", "nodes", "statements", "LCP ms", "LCP ms, 40 ms away")
BYTES_A_SECOND = 10 * 1024 * 1024 / 8
AWAY = {"offline": False, "latency": 40, "downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}


def main() -> None:
    """Measure both and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", required=True, help="a Python that has Flask-AppBuilder installed")
    pythons = dict(zip(PATHS, (parser.parse_args().peer, sys.executable), strict=True))
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        file = Path(folder)
        with served(pythons, file) as urls:
            doors = {name: sign_in(browser, urls[name] + PATHS[name][1]) for name in PATHS}
            near: dict[str, list[Load]] = {name: [] for name in PATHS}
            away: dict[str, list[Load]] = {name: [] for name in PATHS}
            # The first round warms both servers and is not counted.
            for _ in range(ROUNDS + 1):
                for name, (_module, _door, page) in PATHS.items():
                    with cold_window(browser, doors[name]) as window:
                        near[name].append(load(window, urls[name] + page))
                    with cold_window(browser, doors[name]) as window:
                        window.context.new_cdp_session(window).send("Network.emulateNetworkConditions", AWAY)
                        away[name].append(load(window, urls[name] + page))
    rows = {name: figures(near[name][1:], away[name][1:]) for name in PATHS}
    fab, ours = rows.values()
    ratios = [one / other for one, other in zip(ours, fab, strict=True)]
    lines = [(name, *(round(value) for value in row)) for name, row in rows.items()]
    print(*table(HEAD, [*lines, ("ratio", *(f"{ratio:.2f}" for ratio in ratios))]), sep="\n")


@contextmanager
def served(pythons: dict[str, str], folder: Path) -> Iterator[dict[str, str]]:
    """Both apps, each in a process of its own; their addresses."""
    started = {}
    try:
        for name, python in pythons.items():
            command = [python, "-m", PATHS[name][0], str(folder / f"{name}.sqlite")]
            started[name] = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        yield {name: address(name, process) for name, process in started.items()}
    finally:
        for process in started.values():
            process.terminate()
            process.communicate()


def address(name: str, process: subprocess.Popen[str]) -> str:
    """What the process says when it is ready."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("http://"):
            return line.strip()
    raise SystemExit(f"{name}: its server ended with {process.wait()}; its output above says why.")


def sign_in(browser: Browser, url: str) -> list[Cookie]:
    """The cookies of the administrator; both forms name their fields the same."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(url)
    page.locator("[name=username]").fill(sample.USERNAME)
    page.locator("[name=password]").fill(sample.PASSWORD)
    with page.expect_navigation():
        page.locator("[name=password]").press("Enter")
    cookies = context.cookies()
    context.close()
    return cookies


def figures(near: list[Load], away: list[Load]) -> tuple[float, ...]:
    """The columns of a row, after the name."""
    last = near[-1]
    return (
        last.requests,
        last.transfer / KB,
        last.decoded / KB,
        last.nodes,
        int(last.answer[serving.STATEMENTS.lower()]),
        median(load.paint for load in near),
        median(load.paint for load in away),
    )


if __name__ == "__main__":
    main()
