"""A list of 2,000,000 orders on PostgreSQL: ours, a hand-written one, Flask-AppBuilder's and Django's, in one run.

Run `python -m benchmarks.large --peer <python> [--rows N] [--url postgresql+psycopg://...]`; the peers' Python has
Flask-AppBuilder, Django and psycopg. The database that the URL names is made anew, and dropped. Absolute times mean
nothing on a shared machine, so all of it is told beside the hand-written page.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks.large import sample
from tests.browser.tables import table

ROOT = Path(__file__).resolve().parents[2]
URL = "postgresql+psycopg://postgres@127.0.0.1:5432/appbuilder_large"
ROWS = 2_000_000
PEERS = ("benchmarks.large.fab", "benchmarks.large.django_admin")
FIRST = "hand-written"


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
            found = [*measured(sys.executable, "benchmarks.large.ours", given.url, given.rows)]
            for module in PEERS if given.peer else ():
                found += measured(given.peer, module, given.url, given.rows)
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


def measured(python: str, module: str, url: str, rows: int) -> list[dict[str, Any]]:
    """What one process tells of its pages."""
    command = [python, "-m", module, url, str(rows)]
    answer = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in answer.stdout.splitlines() if line.startswith("{")]


def lines(found: list[dict[str, Any]]) -> list[str]:
    """The ratios as a table."""
    sides = {one["side"]: one["pages"] for one in found}
    others = [name for name in sides if name != FIRST]
    rows = [(page, *(_ratio(sides[name].get(page), unit) for name in others)) for page, unit in sides[FIRST].items()]
    return table(("page", *others), rows)


def _ratio(taken: tuple[float, float] | None, unit: tuple[float, float]) -> str:
    return "-" if taken is None else f"{taken[1] / unit[1]:.1f} ({taken[0] / unit[0]:.1f})"


if __name__ == "__main__":
    main()
