"""Counts the SQL statements that a piece of code sends."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, event


class Statements:
    """The texts of the statements seen so far; BEGIN, COMMIT and ROLLBACK are no statements, SAVEPOINT neither."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __len__(self) -> int:
        return len(self.texts)

    def __repr__(self) -> str:
        # What pytest shows when a budget is exceeded: one statement a line.
        lines = [f"{number}. {' '.join(text.split())}" for number, text in enumerate(self.texts, start=1)]
        return "\n".join([f"{len(lines)} statements", *lines])

    def record(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        self.texts.append(statement)


@contextmanager
def statements(target: Engine | SQLAlchemy | None = None) -> Iterator[Statements]:
    """Collects what is sent to `target`, or by default to any engine of the process.

    A Flask-SQLAlchemy object stands for all its engines in the active app context.
    """
    seen = Statements()
    engines = _engines(target)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", seen.record)
    try:
        yield seen
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", seen.record)


def _engines(target: Engine | SQLAlchemy | None) -> list[Any]:
    if target is None:
        return [Engine]
    if isinstance(target, SQLAlchemy):
        return list(target.engines.values())
    return [target]
