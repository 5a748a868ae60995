"""What goes wrong, as values and exceptions that say where, what and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake found at start: where it stands, what is wrong, and how to mend it.

    `id` is the check's id (`AB101`), documented in `docs/checks/<id>.md`. `where` names the place as
    `module.Class.option[index]`, or a file and line. A problem with `warning=True` is logged, not raised.
    """

    id: str
    where: str
    message: str
    fix: str
    warning: bool = False

    def __str__(self) -> str:
        return f"[{self.id}] {self.where}: {self.message}\n    Fix: {self.fix}"


class AppBuilderError(Exception):
    """The base of every exception that this package raises on purpose."""


class ConfigurationError(AppBuilderError):
    """All mistakes found at start, in one error.

    Example: `except ConfigurationError as error: print(error.problems[0].fix)`.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(str(self))

    def __str__(self) -> str:
        count = len(self.problems)
        title = f"{count} configuration problem{'s' if count != 1 else ''} found:"
        return "\n".join([title, *(f"  {problem}" for problem in self.problems)])


class Rejected(AppBuilderError):
    """Raised by a hook (`pre_add`, `pre_update`, ...) to refuse a write with a message for the person.

    Nothing is written, the form comes back with what was typed, and the message stands at `field`, or
    above the form where no field is named.

    Example: `raise Rejected("A paid order cannot be changed", field="status")`.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class InvalidInput(AppBuilderError):
    """A request's parameter cannot be understood; answered with 400 and this message."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(f"{parameter}: {message}")
        self.parameter = parameter
        self.message = message


class InvalidFilters(InvalidInput):
    """Columns of a list are compared with what they cannot hold; `faults` has the message of each parameter."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(*next(iter(faults.items())))
        self.faults = faults


class NotFound(AppBuilderError):
    """No record of that key is within the scope; answered with 404."""


class Forbidden(AppBuilderError):
    """A record that the person may see but not edit or delete; answered with 403 and this message."""


class WriteFailed(AppBuilderError):
    """The database refused a write; `message` is made for people and holds no database text.

    `kind` is one of `unique`, `foreign_key`, `not_null`, `check`, `stale`, `too_long`, `out_of_range`, `other`;
    `columns` are the model's attribute names concerned, where the database or the mapper tells them.
    """

    def __init__(self, kind: str, message: str, columns: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.columns = columns


class Unavailable(AppBuilderError):
    """Our tables are missing or the database is down; answered with 503 on our pages only."""
