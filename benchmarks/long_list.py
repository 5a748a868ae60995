"""What a list of very many rows costs: each way of counting, and a page in the middle by its number and by a row.

Run `python -m benchmarks.long_list [rows] [database URL]`: 200,000 rows in a SQLite file of its own, or what is given
(the tables `bench_order` and `bench_buyer` are made anew, and dropped). Absolute times mean nothing on a shared
machine, so all of it is told as a ratio to a first page.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from appbuilder_lite.data.query import Count, ListQuery, Order
from appbuilder_lite.data.sqla_model import SQLAInterface

ROWS = 200_000
SIZE = 25
ROUNDS = 20
PATIENCE = 2.0
CHUNK = 10_000


class Base(DeclarativeBase):
    """The base of the schema."""


class Buyer(Base):
    """A buyer of many orders."""

    __tablename__ = "bench_buyer"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(50))


class Purchase(Base):
    """An order. `placed` has an index, `amount` has none, `seen` has one and may be empty."""

    __tablename__ = "bench_order"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(20))
    placed: Mapped[datetime] = mapped_column(index=True)
    seen: Mapped[datetime | None] = mapped_column(index=True)
    amount: Mapped[int]
    note: Mapped[str] = mapped_column(sa.String(200))
    buyer_id: Mapped[int] = mapped_column(sa.ForeignKey("bench_buyer.id"), index=True)
    buyer: Mapped[Buyer] = relationship()


COLUMNS = ["number", "placed", "amount", "note", "buyer.name"]
ORDERS = {
    "key": (),
    "indexed, descending": (Order("placed", descending=True),),
    "indexed, may be empty": (Order("seen", descending=True),),
    "not indexed": (Order("amount"),),
}


def fill(engine: sa.Engine, rows: int) -> None:
    """Make the tables and the rows."""
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(sa.insert(Buyer), [{"id": key, "name": f"Buyer {key}"} for key in range(1, 1001)])
        for start in range(1, rows + 1, CHUNK):
            connection.execute(sa.insert(Purchase), list(_purchases(start, min(start + CHUNK, rows + 1))))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        tables = "TABLE bench_order, bench_buyer" if engine.dialect.name in ("mysql", "mariadb") else ""
        connection.execute(sa.text(f"ANALYZE {tables}"))


def _purchases(start: int, end: int) -> Iterator[dict[str, Any]]:
    for key in range(start, end):
        placed = datetime(2020, 1, 1) + timedelta(minutes=key * 7919 % 2_000_003)  # as it is stored
        yield {
            "id": key,
            "number": f"SO-{key:08}",
            "placed": placed,
            "seen": placed if key % 10 else None,
            "amount": key * 104_729 % 100_003,
            "note": f"What was said about order {key}. " * 4,
            "buyer_id": key * 31 % 1000 + 1,
        }


def seconds(call: Callable[[], Any]) -> float:
    """The best of some rounds, warm; fewer of what takes long."""
    best, until = float("inf"), time.perf_counter() + PATIENCE
    for _round in range(ROUNDS):
        start = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - start)
        if time.perf_counter() > until:
            break
    return best


def main() -> None:
    """Fill a database, measure, and print the ratios."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{Path(folder) / 'long_list.sqlite'}"
        engine = sa.create_engine(url)
        try:
            fill(engine, rows)
            with Session(engine) as session:
                report(session, rows)
        finally:
            Base.metadata.drop_all(engine)
            engine.dispose()


def report(session: Session, rows: int) -> None:
    """Print what is measured."""
    source = SQLAInterface(Purchase).bind(session)
    plan = source.compile_list(COLUMNS)

    def read(query: ListQuery) -> Any:
        return source.list(plan, query, lambda select: select, ())

    first = ListQuery(page_size=SIZE, count=Count.NONE)
    unit = seconds(lambda: read(first))
    print(f"{session.get_bind().dialect.name}, {rows:,} rows")
    print("  first page by the key, beside the one that is not counted")
    for count in Count:
        taken = seconds(lambda count=count: read(replace(first, count=count)))  # type: ignore[misc]  # late binding
        print(f"    {count:<24}{taken / unit:>10.1f}")
    print(f"  {'page in the middle, beside the first one of that order':<58}{'by number':>12}{'by row':>12}")
    for name, order in ORDERS.items():
        asked = replace(first, order=order)
        middle = replace(asked, page=rows // SIZE // 2)
        further = replace(middle, page=middle.page + 1, after=read(middle).tail)
        unit, *ways = [seconds(lambda query=query: read(query)) for query in (asked, middle, further)]  # type: ignore[misc]  # late binding
        print(f"    {name:<56}" + "".join(f"{way / unit:>12.1f}" for way in ways))


if __name__ == "__main__":
    main()
