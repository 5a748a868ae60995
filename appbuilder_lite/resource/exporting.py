"""The rows of a list as a file: one writer for each format."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from appbuilder_lite.data.failed import Failed, at_once, attempt
from appbuilder_lite.data.query import Row, Several
from appbuilder_lite.data.types import Kind
from appbuilder_lite.resource.export_values import exporter_for, plain
from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.text import gettext

# What spreadsheets take for the beginning of a formula, by OWASP's page "CSV Injection": with the wide forms, which
# some of them read as the narrow ones.
_SIGNS = frozenset("=+-@＝＋－＠")  # noqa: RUF001 - the wide forms are what is meant
_BREAKS = frozenset("\t\r\n")
# LibreOffice takes a cell apart at these, too, unless it is quoted; Python's csv quotes for commas alone.
_OTHER_SEPARATORS = frozenset(";\t")


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column of a file: its name, the words that head it, and what makes its values."""

    name: str
    label: str
    make: Callable[[Any], Any]
    is_document: bool = False


Batches = Iterable[Sequence[Row]]
Tell = Callable[[str, str, Exception], None]
"""Is told of a value that cannot be made: its column, the key of its row, and the error."""
Write = Callable[[Sequence[ExportColumn], Batches, Tell], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: what people call it, its content type, and what writes it, piece by piece."""

    label: str
    content_type: str
    write: Write


def columns_of(names: Sequence[str], options: ResourceOptions) -> tuple[ExportColumn, ...]:
    """The columns of a file; none is the key alone, as in the list itself."""
    found = []
    for name in names:
        path = options.paths[name]
        is_document = path.column is not None and path.column.kind is Kind.JSON and name not in options.formatters
        found.append(ExportColumn(name, str(options.labels[name]), exporter_for(path, options), is_document))
    return tuple(found)


def neutral(text: str) -> str:
    """A text that no spreadsheet runs as a formula: an apostrophe is put before what looks like one.

    It is before one that an apostrophe has already too, so that what was put there can be taken away again.
    """
    bare = text.lstrip("'")
    first = next((one for one in bare if one.isprintable() and not one.isspace()), "")
    return f"'{text}" if first in _SIGNS or bare[:1] in _BREAKS else text


def csv_text(value: Any, *, is_document: bool = False) -> str:
    """A value as a cell of a CSV file. Numbers alone may begin with a minus."""
    made = plain(value)
    if made is None:
        return ""
    if isinstance(value, Several):
        return neutral("; ".join(map(csv_text, made)))
    if is_document or isinstance(made, list | dict):
        return neutral(_json(made))
    if isinstance(made, bool):
        return "true" if made else "false"
    if isinstance(made, int | float) or isinstance(value, float | Decimal):
        return str(made)
    return neutral(made)


def _made(columns: Sequence[ExportColumn], rows: Sequence[Row], tell: Tell) -> list[list[Any]]:
    """The values of the rows; None where one cannot be made, which `tell` is told."""

    def value_of(column: ExportColumn, value: Any, key: str) -> Any:
        made = value if isinstance(value, Failed) else attempt(column.make, value)
        if not isinstance(made, Failed):
            return made
        tell(column.name, key, made.error)
        return None

    def one_by_one() -> list[list[Any]]:
        return [[value_of(one, value, row.key) for one, value in zip(columns, row.values, strict=True)] for row in rows]

    if any(row.has_failed for row in rows):
        return one_by_one()
    return at_once(
        lambda: [[one.make(value) for one, value in zip(columns, row.values, strict=True)] for row in rows], one_by_one
    )


def _write_csv(columns: Sequence[ExportColumn], batches: Batches, tell: Tell) -> Iterator[str]:
    """RFC 4180, with the mark that tells spreadsheets that it is UTF-8."""
    line = io.StringIO()
    plain_writer, quoting_writer = csv.writer(line), csv.writer(line, quoting=csv.QUOTE_ALL)

    def write(cells: Sequence[str]) -> None:
        is_split = any(not _OTHER_SEPARATORS.isdisjoint(cell) for cell in cells)
        (quoting_writer if is_split else plain_writer).writerow(cells)

    def taken() -> str:
        text = line.getvalue()
        line.seek(0)
        line.truncate()
        return text

    line.write("\ufeff")
    write([neutral(column.label) for column in columns] or [gettext("Key")])
    yield taken()
    for rows in batches:
        for row, made in zip(rows, _made(columns, rows, tell), strict=True):
            values = zip(columns, made, strict=True)
            cells = [csv_text(value, is_document=column.is_document) for column, value in values]
            write(cells if columns else [neutral(row.key)])
        yield taken()


def _write_json(columns: Sequence[ExportColumn], batches: Batches, tell: Tell) -> Iterator[str]:
    """One array, with an object in each line."""
    before = "[\n"
    for rows in batches:
        lines = []
        for row, made in zip(rows, _made(columns, rows, tell), strict=True):
            values = zip(columns, made, strict=True)
            named = {column.name: plain(value) for column, value in values} or {"key": row.key}
            lines.append(f"{before}{_json(named)}")
            before = ",\n"
        yield "".join(lines)
    yield "[]\n" if before == "[\n" else "\n]\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "csv": Format("CSV", "text/csv; charset=utf-8", _write_csv),
        "json": Format("JSON", "application/json", _write_json),
    }
)
"""The formats by name, which is the ending of a file's name too."""
