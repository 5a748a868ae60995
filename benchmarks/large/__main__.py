"""Pages of 2,000,000 orders on PostgreSQL: ours, hand-written ones, Flask-AppBuilder's and Django's, in one run.

Run `python -m benchmarks.large --peer <python> [--rows N] [--url postgresql+psycopg://...]`; the peers' Python has
Flask-AppBuilder, Django and psycopg. The database that the URL names is made anew, and dropped. Absolute times mean
nothing on a shared machine, so all of it is told beside the hand-written page, and all sides are asked by turns.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import sqlalchemy as sa

from benchmarks.large import sample
from tests.browser.tables import table

ROOT = Path(__file__).resolve().parents[2]
URL = "postgresql+psycopg://postgres@127.0.0.1:5432/appbuilder_large"
ROWS = 2_000_000
PEERS = ("benchmarks.large.fab", "benchmarks.large.django_admin")
FIRST = "hand-written"
TURNS = 3
Taken = dict[str, tuple[float, float]]
"""CPU seconds and seconds on the clock by page."""


def main() -> None:
    """Fill the database, measure each side in a process of its own, and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", help="a Python that has the peers; without one ours and the hand-written page")
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--url", default=URL)
    given = parser.parse_args()
    url = sa.make_url(given.url)
    server = sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE IF EXISTS {url.database}"))
        connection.execute(sa.text(f"CREATE DATABASE {url.database}"))
        try:
            fill(url, given.rows)
            modules = {"benchmarks.large.ours": sys.executable}
            modules |= dict.fromkeys(PEERS if given.peer else (), given.peer)
            found = best(one for _ in range(TURNS) for one in measured(modules, given.url, given.rows))
        finally:
            connection.execute(sa.text(f"DROP DATABASE {url.database} WITH (FORCE)"))
    server.dispose()
    print(f"PostgreSQL, {given.rows:,} orders; on the clock (CPU of the process), beside the hand-written page")
    print(*lines(found), sep="\n")


def fill(url: sa.URL, rows: int) -> None:
    """Make the tables, the rows and the indexes."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in sample.statements(rows):
            connection.exec_driver_sql(statement.replace("%", "%%"))
    engine.dispose()


def measured(modules: Mapping[str, str], url: str, rows: int) -> Iterator[tuple[str, Taken]]:
    """What each process tells of its pages: the side and what they took."""
    for module, python in modules.items():
        command = [python, "-m", module, url, str(rows)]
        answer = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
        told = (json.loads(line) for line in answer.stdout.splitlines() if line.startswith("{"))
        yield from ((one["side"], one["pages"]) for one in told)


def best(found: Iterable[tuple[str, Taken]]) -> dict[str, Taken]:
    """The least that each page took in any turn, by side."""
    sides: dict[str, Taken] = {}
    for side, pages in found:
        kept = sides.setdefault(side, dict(pages))
        for page, (cpu, clock) in pages.items():
            kept[page] = (min(kept[page][0], cpu), min(kept[page][1], clock))
    return sides


def lines(sides: dict[str, Taken]) -> list[str]:
    """The ratios as a table."""
    others = [name for name in sides if name != FIRST]
    rows = [(page, *(_ratio(sides[name].get(page), unit) for name in others)) for page, unit in sides[FIRST].items()]
    return table(("page", *others), rows)


def _ratio(taken: tuple[float, float] | None, unit: tuple[float, float]) -> str:
    return "-" if taken is None else f"{taken[1] / unit[1]:.1f} ({taken[0] / unit[0]:.1f})"


if __name__ == "__main__":
    main()
