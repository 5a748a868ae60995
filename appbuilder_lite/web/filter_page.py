"""The form that sets the filters of a list, as values for its template."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from appbuilder_lite.data.filters import BaseFilter
from appbuilder_lite.data.types import Column
from appbuilder_lite.resource.related_source import Finding, Source
from appbuilder_lite.text import gettext
from appbuilder_lite.web.filter_words import PERIODS, called
from appbuilder_lite.web.form_pages import LookUpPage
from appbuilder_lite.web.pages import Choice

EMPTY, FILLED, BETWEEN, WITHIN = "empty", "filled", "between", "within."

Sources = Callable[[str], Source | None]
"""Where the records come from that a relation can be compared with; None where there is no asking."""

Counts = Callable[[str], Callable[[str], str]]
"""Of a column: what says how many records a choice of its filter has; empty where nobody has counted them."""


def _uncounted(_name: str) -> Callable[[str], str]:
    return lambda _choice: ""


@dataclass(frozen=True, slots=True)
class Operator:
    """A way to compare; `takes` so many values in the fields for one: 0, 1, or 2 for a range."""

    value: str
    label: str
    takes: int
    selected: bool = False


@dataclass(frozen=True, slots=True)
class FilterRow:
    """A column that the list can be narrowed by, or another comparison of one.

    `name` begins the names of its fields. `kind` is `text`, `number`, `date`, `datetime-local`, `time`, `select`,
    `checklist`, `radio` or `look_up` (it is `look_up`); without `operators` its choices are all there is to choose.
    One that `takes_list` can hold several values, with commas between them; `one_field` tells that its control holds
    but one, so that there is another field for them. `widened` is what its button asks for, which brings it back to
    choose several records. `error` is what is wrong, `focus` says where people begin. It stands in the `group` of a
    number, or in none (0), and can be put into one of `groups`.
    """

    name: str
    id: str
    label: str
    kind: str
    operators: tuple[Operator, ...] = ()
    value: str = ""
    to: str = ""
    choices: tuple[Choice, ...] = ()
    help: str = ""
    takes_list: bool = False
    one_field: bool = False
    listed: str = ""
    widened: str = ""
    error: str = ""
    focus: bool = False
    look_up: LookUpPage | None = None
    group: int = 0
    groups: tuple[Choice, ...] = ()

    def numbered(self, number: int) -> FilterRow:
        """The row as one of a form, in which no two fields have the same name."""
        name, look = f"{number}.{self.name}", self.look_up
        return replace(self, name=name, look_up=None if look is None else replace(look, name=f"{name}.value"))

    def with_list(self, listed: str) -> FilterRow:
        """The row with a further field for several values, which stands in the place of its control for one."""
        ways = tuple(replace(one, takes=0) if one.value in ("in", "not_in") else one for one in self.operators)
        return replace(self, operators=ways, one_field=True, listed=listed)

    @property
    def has_range(self) -> bool:
        """Whether it has a field for the upper end of a range."""
        return any(operator.takes == 2 for operator in self.operators)


@dataclass(frozen=True, slots=True)
class FilterPage:
    """The form of the filters; `hidden` are parameters of the list that it carries on, `clear_url` is without any,
    `match` whether all of them have to hold. `errors` are about filters that no row shows."""

    title: str
    rows: tuple[FilterRow, ...]
    action_url: str
    list_url: str
    clear_url: str = ""
    hidden: tuple[tuple[str, str], ...] = ()
    match: tuple[Choice, ...] = ()
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """What stands beside the filters of a form: `faults` are messages by parameter, `findings` what was looked for, by
    relation; scripts ask `look_up_url` for more. `counts` are of choices, each by its value in the form, `numbers` are
    those of the groups that rows can be put into. Of the relations `widened` several records can be chosen.
    """

    sources: Sources
    look_up_url: Callable[[str], str]
    faults: Mapping[str, str] = field(default_factory=dict)
    findings: Mapping[str, Finding] = field(default_factory=dict)
    counts: Counts = _uncounted
    numbers: Sequence[int] = ()
    widened: Collection[str] = ()


def operators(
    offers: Iterable[str], now: str, column: Column | None, filters: Mapping[str, BaseFilter]
) -> tuple[Operator, ...]:
    """The operators of a row, of which `now` is chosen."""

    def make(value: str) -> Operator:
        takes = 0 if value in (EMPTY, FILLED) or value.startswith(WITHIN) else 2 if value == BETWEEN else 1
        period = value.removeprefix(WITHIN)
        label = gettext(PERIODS[period]) if period in PERIODS else called(value, filters.get(value), column)
        return Operator(value, label, takes, value == now)

    return tuple(make(value) for value in offers)


def joined(values: Sequence[str]) -> str:
    """Several values in one field, as a line of CSV (RFC 4180)."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(values)
    return line.getvalue()
