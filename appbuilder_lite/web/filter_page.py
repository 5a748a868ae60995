"""The form that sets the filters of a list: one row for each column, filled from an address."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from appbuilder_lite.data.filter_values import column_value, is_yes
from appbuilder_lite.data.filters import BaseFilter
from appbuilder_lite.data.query import Belonging, Comparison, Filter, ListQuery, column_of, fault_place
from appbuilder_lite.data.types import Column, Kind, Relation
from appbuilder_lite.errors import InvalidInput
from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.resource.related_source import Finding, Source
from appbuilder_lite.text import gettext
from appbuilder_lite.web.filter_groups import choices as group_choices
from appbuilder_lite.web.filter_groups import only
from appbuilder_lite.web.filter_words import PERIODS, called
from appbuilder_lite.web.form_pages import LookUpPage
from appbuilder_lite.web.look_up_page import look_up_page
from appbuilder_lite.web.pages import Choice

EMPTY, FILLED, BETWEEN, WITHIN = "empty", "filled", "between", "within."

_INPUTS: Mapping[Kind, tuple[str, ...]] = {
    Kind.INTEGER: ("number",),
    Kind.FLOAT: ("number",),
    Kind.NUMERIC: ("number",),
    Kind.DATE: ("date",),
    Kind.DATETIME: ("date", "datetime-local"),
    Kind.TIME: ("time",),
}
_DAY, _CLOCK = "[0-9]{4}-[0-9]{2}-[0-9]{2}", "[0-9]{2}:[0-9]{2}(:[0-9]{2})?"
# What browsers take as the value of such a control (https://html.spec.whatwg.org/multipage/input.html); they empty it
# of anything else.
_HOLDS = {
    "number": re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?"),
    "date": re.compile(_DAY),
    "datetime-local": re.compile(f"{_DAY}T{_CLOCK}"),
    "time": re.compile(_CLOCK),
}
_FIRST = {Kind.ENUM: 0, Kind.BOOLEAN: 1, Kind.DATE: 2, Kind.DATETIME: 2}
_USUAL = ("ct", "in", BETWEEN)

Sources = Callable[[str], Source | None]
"""Where the records come from that a relation can be compared with; None where there is no asking."""

Counts = Callable[[str], Callable[[str], str]]
"""Of a column: what says how many records a choice of its filter has; empty where nobody has counted them."""


def _uncounted(_name: str) -> Callable[[str], str]:
    return lambda _choice: ""


@dataclass(frozen=True, slots=True)
class Operator:
    """A way to compare; `takes` so many values: 0, 1, or 2 for a range."""

    value: str
    label: str
    takes: int
    selected: bool = False


@dataclass(frozen=True, slots=True)
class FilterRow:
    """A column that the list can be narrowed by, or another comparison of one.

    `name` begins the names of its fields. `kind` is `text`, `number`, `date`, `datetime-local`, `time`, `select`,
    `checklist`, `radio` or `look_up` (it is `look_up`); without `operators` its choices are all there is to choose.
    `error` is what is wrong, `focus` says where people begin. It stands in the `group` of a number, or in none (0), and
    can be put into one of `groups`.
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
    error: str = ""
    focus: bool = False
    look_up: LookUpPage | None = None
    group: int = 0
    groups: tuple[Choice, ...] = ()

    def numbered(self, number: int) -> FilterRow:
        """The row as one of a form, in which no two fields have the same name."""
        name, look = f"{number}.{self.name}", self.look_up
        return replace(self, name=name, look_up=None if look is None else replace(look, name=f"{name}.value"))

    @property
    def has_range(self) -> bool:
        """Whether it has a field for the upper end of a range."""
        return any(operator.takes == 2 for operator in self.operators)


@dataclass(frozen=True, slots=True)
class FilterPage:
    """The form of the filters; `hidden` are parameters of the list that it carries on, `clear_url` is without any,
    `match` whether all of them have to hold."""

    title: str
    rows: tuple[FilterRow, ...]
    action_url: str
    list_url: str
    clear_url: str = ""
    hidden: tuple[tuple[str, str], ...] = ()
    match: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """What stands beside the filters of a form: `faults` are messages by parameter, `findings` what was looked for, by
    relation; scripts ask `look_up_url` for more. `counts` are of choices, each by its value in the form, `numbers` are
    those of the groups that rows can be put into.
    """

    sources: Sources
    look_up_url: Callable[[str], str]
    faults: Mapping[str, str] = field(default_factory=dict)
    findings: Mapping[str, Finding] = field(default_factory=dict)
    counts: Counts = _uncounted
    numbers: Sequence[int] = ()


def filter_rows(
    query: ListQuery, options: ResourceOptions, columns: Iterable[str], answers: Answers
) -> tuple[FilterRow, ...]:
    """A row for each of the columns, and one more for each further comparison of a column."""
    maker = _RowMaker(query, options, answers)
    rows = [row for name in columns for row in maker.rows(name)]
    found = [row for row in rows if row.error or (row.look_up is not None and row.look_up.note)]
    first = next(iter((*found, *rows)), None)
    return tuple(
        replace(row, focus=row is first, groups=group_choices(answers.numbers, row.group)).numbered(number)
        for number, row in enumerate(rows)
    )


def name_of_key(source: Source, key: str) -> str:
    """What the record of a key is called; the key itself where the person does not meet it."""
    return next((source.datamodel.name_of(item) for item in source.find([key]).values()), key)


def unshown(query: ListQuery, options: ResourceOptions, rows: Iterable[FilterRow]) -> ListQuery:
    """The query with those of its filters alone that no row shows, which the form carries on as they are."""
    columns = {row.name.partition(".")[2] for row in rows}

    def is_shown(one: Filter) -> bool:
        if isinstance(one, Belonging):
            return one.relation in columns
        path = options.paths[one.path]
        if path.relation is not None:
            return one.path in columns and one.operator == EMPTY
        is_boolean = path.column is not None and path.column.kind is Kind.BOOLEAN
        return one.path in columns and (not is_boolean or one.operator in ("eq", "neq", EMPTY))

    return replace(
        query,
        belongings=tuple(one for one in query.belongings if not is_shown(one)),
        comparisons=tuple(one for one in query.comparisons if not is_shown(one)),
        groups=only(query.groups, lambda one, _number: not is_shown(one)),
    )


def by_use(columns: Iterable[str], options: ResourceOptions) -> list[str]:
    """The columns as the form has them: what is chosen with a click comes first."""

    def place(name: str) -> int:
        column = options.paths[name].column
        return _FIRST.get(column.kind, 4) if column is not None else 3

    return sorted(columns, key=place)


class _RowMaker:
    def __init__(self, query: ListQuery, options: ResourceOptions, answers: Answers, group: int = 0) -> None:
        self.query = query
        self.options = options
        self.answers = answers
        self.group = group

    def rows(self, name: str) -> Iterator[FilterRow]:
        """The rows of a column: those in groups, then those that are in none; a blank one is for the last group."""
        last = 0
        for group in self.query.groups:
            blocks = [block for block in group.blocks() if column_of(block[0]) == name]
            for place, block in enumerate(blocks, 1):
                maker = _RowMaker(_alone(block), self.options, self.answers, group.number)
                yield from maker.of(name, f"filter-{name}-or{group.number}{f'-{place}' if place > 1 else ''}")
                last = group.number
        own: tuple[Filter, ...] = (*self.query.belongings, *self.query.comparisons)
        is_blank = all(column_of(one) != name for one in own)
        for row in self.of(name, f"filter-{name}"):
            yield replace(row, group=last) if is_blank else row

    def of(self, name: str, id_: str) -> Iterator[FilterRow]:
        """The rows that show the query's own filters of a column."""
        path = self.options.paths[name]
        known = {one.operator: one for one in self.query.comparisons if one.path == name}
        row = FilterRow(name, id_, self.options.labels[name], "text", group=self.group)
        if path.relation is not None:
            yield from self._of_relation(row, path.relation, known)
        elif path.column is not None and path.column.kind is Kind.BOOLEAN:
            yield self._of_boolean(row, path.column, known)
        else:
            yield from self._of_column(row, path.column, known)

    def _of_boolean(self, row: FilterRow, column: Column, known: Mapping[str, Comparison]) -> FilterRow:
        now = ""
        if "eq" in known:
            now = "yes" if is_yes(known["eq"].values[0]) else "no"
        elif "neq" in known:
            now = "no" if is_yes(known["neq"].values[0]) else "yes"
        elif EMPTY in known:
            now = EMPTY if is_yes(known[EMPTY].values[0]) else FILLED
        words = [("", gettext("Any")), ("yes", gettext("Yes")), ("no", gettext("No"))]
        if column.nullable or now in (EMPTY, FILLED):
            words.append((EMPTY, called(EMPTY, None, None)))
        if now == FILLED:
            words.append((FILLED, called(FILLED, None, None)))
        count = self.answers.counts(row.name)
        choices = tuple(Choice(value, label, value == now, count=count(value)) for value, label in words)
        error = self._error(known.values())
        return replace(row, kind="radio", choices=choices, error=error)

    def _of_relation(self, row: FilterRow, relation: Relation, known: Mapping[str, Comparison]) -> Iterator[FilterRow]:
        source = self.answers.sources(row.name)
        if source is None:
            return
        records, more = source.offered()
        now, state = next((one.key for one in self.query.belongings if one.relation == row.name), ""), "eq"
        if EMPTY in known:
            state = EMPTY if is_yes(known[EMPTY].values[0]) else FILLED
        offers = ["eq"]
        if relation.nullable or relation.cardinality.is_to_many or state in (EMPTY, FILLED):
            offers += [EMPTY, FILLED]
        error = self._error((*self.query.belongings, *known.values()))
        row = replace(row, operators=_operators(offers, state, None, {}), error=error)
        if not more:
            count = self.answers.counts(row.name)
            choices = [Choice(one.key, one.text, one.key == now, one.detail, count(one.key)) for one in records]
            if now and not any(choice.selected for choice in choices):
                choices.insert(0, Choice(now, now, selected=True))
            yield replace(row, kind="select", choices=(Choice("", gettext("Any"), not now), *choices))
        elif source.way is None:
            yield replace(row, value=now, help=gettext("The record's key."))
        else:
            yield replace(row, kind="look_up", look_up=self._look_up(row, source, now))

    def _look_up(self, row: FilterRow, source: Source, now: str) -> LookUpPage:
        name, finding = name_of_key(source, now) if now else "", self.answers.findings.get(row.name)
        present = (Choice(now, name, selected=True),) if now else ()
        records = () if finding is None else finding.records
        found = (Choice(record.key, record.text, detail=record.detail) for record in records if record.key != now)
        bare = LookUpPage("", f"{row.id}-look-up", row.label, self.answers.look_up_url(row.name))
        choices = (Choice("", gettext("Any"), not now), *present, *found)
        return look_up_page(bare, choices, (name,) if now else (), finding)

    def _of_column(self, row: FilterRow, column: Column | None, known: Mapping[str, Comparison]) -> Iterator[FilterRow]:
        filters = self.options.filters[row.name]
        states = list(_states(known, has_range=_has_range(filters)))
        for state, values, to, found in states or [("", (), "", ())]:
            offers = _offers(filters, column)
            if state and state not in offers:
                offers.append(state)
            operators = _operators(offers, state or offers[0], column, filters)
            made = replace(row, operators=operators, error=self._error(found))
            if column is not None and column.choices:
                yield replace(made, kind="checklist", choices=self._choices(row.name, values, column))
            else:
                # What does not fit could not stand in a field of its kind.
                kind = "text" if made.error else _input(column, (*values, to))
                is_list = state in filters and filters[state].multiple
                value = _joined(values) if is_list else "".join(values)
                yield replace(made, kind=kind, value=value, to=to)
            row = replace(row, id=f"{row.id}-more")

    def _choices(self, name: str, values: Iterable[str], column: Column) -> tuple[Choice, ...]:
        picked, count = {_choice_key(value, column) for value in values}, self.answers.counts(name)
        keys = [(choice_name(value), label) for value, label in column.choices]
        return tuple(Choice(key, label, key in picked, count=count(key)) for key, label in keys)

    def _error(self, found: Iterable[Filter]) -> str:
        places = [fault_place(one, self.group) for one in found]
        return " ".join(self.answers.faults[place] for place in places if place in self.answers.faults)


def _alone(block: Sequence[Filter]) -> ListQuery:
    """What asks for these filters and nothing else."""
    return ListQuery(
        belongings=tuple(one for one in block if isinstance(one, Belonging)),
        comparisons=tuple(one for one in block if isinstance(one, Comparison)),
    )


def _has_range(filters: Mapping[str, BaseFilter]) -> bool:
    """Whether a column is compared with both ends of a range: a filter of the host's own may be one of them alone."""
    return {"gte", "lte"} <= filters.keys()


def _states(
    known: Mapping[str, Comparison], *, has_range: bool
) -> Iterator[tuple[str, tuple[str, ...], str, tuple[Comparison, ...]]]:
    """Each row that the comparisons of a column need: its operator, its values, the end of a range, and what it is."""
    ends = [known.get("gte"), known.get("lte")] if has_range else []
    if any(ends):
        low, high = (one.values[0] if one else "" for one in ends)
        yield BETWEEN, (low,), high, tuple(one for one in ends if one)
    for operator, one in known.items():
        if operator == EMPTY:
            yield (EMPTY if is_yes(one.values[0]) else FILLED), (), "", (one,)
        elif operator == "within":
            yield WITHIN + one.values[0], (), "", (one,)
        elif not has_range or operator not in ("gte", "lte"):
            yield operator, one.values, "", (one,)


def _offers(filters: Mapping[str, BaseFilter], column: Column | None) -> list[str]:
    """The operators of a column as the form has them, the usual one first."""
    has_range = _has_range(filters)
    found = [one for one in filters if one not in (EMPTY, "within") and not (has_range and one in ("gte", "lte"))]
    if column is not None and column.choices:
        found = [one for one in found if one not in ("eq", "neq")]
    else:
        found = [one for one in found if one not in ("in", "not_in")]
    if has_range:
        found.insert(0, BETWEEN)
    if "within" in filters:
        found += [WITHIN + period for period in PERIODS]
    if EMPTY in filters and (column is None or column.nullable or column.kind in (Kind.STRING, Kind.TEXT)):
        found += [EMPTY, FILLED]
    return sorted(found, key=lambda one: one not in _USUAL)


def _operators(
    offers: Iterable[str], now: str, column: Column | None, filters: Mapping[str, BaseFilter]
) -> tuple[Operator, ...]:
    def make(value: str) -> Operator:
        takes = 0 if value in (EMPTY, FILLED) or value.startswith(WITHIN) else 2 if value == BETWEEN else 1
        period = value.removeprefix(WITHIN)
        label = gettext(PERIODS[period]) if period in PERIODS else called(value, filters.get(value), column)
        return Operator(value, label, takes, value == now)

    return tuple(make(value) for value in offers)


def _input(column: Column | None, values: Iterable[str]) -> str:
    """The control for values: one of the column's kind where it can hold them all, else a text."""
    given = [value for value in values if value]
    kinds = () if column is None else _INPUTS.get(column.kind, ())
    return next((kind for kind in kinds if all(_HOLDS[kind].fullmatch(value) for value in given)), "text")


def _joined(values: Sequence[str]) -> str:
    """Several values in one field, as a line of CSV (RFC 4180)."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(values)
    return line.getvalue()


def choice_name(value: object) -> str:
    """What a form and an address call a value of a column of choices."""
    return str(getattr(value, "name", value))


def _choice_key(value: str, column: Column) -> str:
    try:
        return choice_name(column_value(value, column))
    except InvalidInput:
        return value
