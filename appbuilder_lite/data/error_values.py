"""Takes what people typed out of a database's errors, so that no log shows it: a password's hash least of all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy.exc import DBAPIError, StatementError

# A value is recognised by its beginning, since MariaDB quotes no more of a long one.
_TELLING_LETTERS = 8


def hide_values(error: StatementError) -> None:
    """Leave an error its statement and what the database says of it, but no value; then raise it on.

    What PostgreSQL adds on further lines ("Failing row contains ...") is dropped, and a line that quotes a value too.
    """
    line = _first_line(error.orig)
    values = [value for value in _texts(error.params) if len(value) >= _TELLING_LETTERS]
    if any(value[:_TELLING_LETTERS] in line for value in values):
        line = "refused; the text of the database is left out, as it quotes a value"
    kind = type(error.orig)
    error.args = (f"({kind.__module__}.{kind.__qualname__}) {line}",)
    error.hide_parameters, error.params = True, None
    if isinstance(error, DBAPIError):
        error.orig = _said(error.orig, line)
    # The driver's own error would be told as what this one came from.
    error.__cause__ = None


def _first_line(original: Any) -> str:
    said = original.args[1] if _has_number(original) and len(original.args) > 1 else original
    return next(iter(str(said).splitlines()), "")


def _said(original: Any, line: str) -> Any:
    """An error of the driver's with this text; its number stays."""
    return type(original)(original.args[0], line) if _has_number(original) else type(original)(line)


def _has_number(original: Any) -> bool:
    return bool(original.args) and isinstance(original.args[0], int)


def _texts(values: Any) -> Iterator[str]:
    """Every text among the values of one row, or of many."""
    if isinstance(values, str):
        yield values
    elif isinstance(values, Mapping):
        yield from _texts(values.values())
    elif isinstance(values, Iterable) and not isinstance(values, (bytes, bytearray, memoryview)):
        for value in values:
            yield from _texts(value)
