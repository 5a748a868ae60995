"""The rows of the form of a list's filters: one for each column, and one more for each further comparison of one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from appbuilder_lite.data.filter_operators import MAY_BE_BLANK
from appbuilder_lite.data.filter_values import column_value, is_yes
from appbuilder_lite.data.filters import BaseFilter
from appbuilder_lite.data.query import Belonging, Comparison, Filter, ListQuery, column_of, fault_place
from appbuilder_lite.data.types import Column, Kind
from appbuilder_lite.errors import InvalidInput
from appbuilder_lite.resource.filter_params import is_of_records
from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.text import gettext
from appbuilder_lite.web.filter_groups import choices as group_choices
from appbuilder_lite.web.filter_groups import only
from appbuilder_lite.web.filter_page import BETWEEN, EMPTY, FILLED, WITHIN, Answers, FilterRow, joined, operators
from appbuilder_lite.web.filter_words import PERIODS, called
from appbuilder_lite.web.pages import Choice
from appbuilder_lite.web.record_rows import State, record_rows

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
_USUAL = frozenset({"ct", "in", BETWEEN})


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


def unshown(query: ListQuery, options: ResourceOptions, rows: Iterable[FilterRow]) -> ListQuery:
    """The query with those of its filters alone that no row shows, which the form carries on as they are."""
    columns = {row.name.partition(".")[2] for row in rows}

    def is_shown(one: Filter) -> bool:
        if isinstance(one, Belonging):
            return one.relation in columns
        if options.paths[one.path].relation is not None:
            return one.path in columns and (one.operator == EMPTY or is_of_records(one, options))
        return one.path in columns and (not is_radio(one.path, options) or one.operator in ("eq", "neq", EMPTY))

    return replace(
        query,
        belongings=tuple(one for one in query.belongings if not is_shown(one)),
        comparisons=tuple(one for one in query.comparisons if not is_shown(one)),
        groups=only(query.groups, lambda one, _number: not is_shown(one)),
    )


def is_radio(name: str, options: ResourceOptions) -> bool:
    """Whether a column has a row of radio buttons: of yes and no, or only of what is empty and what is not."""
    path = options.paths[name]
    is_boolean = path.compared is not None and path.compared.kind is Kind.BOOLEAN
    return is_boolean or (path.relation is None and options.filters[name].keys() == {EMPTY})


def by_use(columns: Iterable[str], options: ResourceOptions) -> list[str]:
    """The columns as the form has them: what is chosen with a click comes first."""

    def place(name: str) -> int:
        column = options.paths[name].compared
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
            yield from record_rows(row, path, list(self._record_states(name, known)), self.answers)
        elif is_radio(name, self.options):
            yield self._of_states(row, path.compared, known)
        else:
            yield from self._of_column(row, path.compared, known)

    def _of_states(self, row: FilterRow, column: Column | None, known: Mapping[str, Comparison]) -> FilterRow:
        now = ""
        if "eq" in known:
            now = "yes" if is_yes(known["eq"].values[0]) else "no"
        elif "neq" in known:
            now = "no" if is_yes(known["neq"].values[0]) else "yes"
        elif EMPTY in known:
            now = EMPTY if is_yes(known[EMPTY].values[0]) else FILLED
        is_boolean = "eq" in self.options.filters[row.name]
        words = [("", gettext("Any")), *((("yes", gettext("Yes")), ("no", gettext("No"))) if is_boolean else ())]
        if not is_boolean or column is None or column.nullable or now in (EMPTY, FILLED):
            words.append((EMPTY, called(EMPTY, None, None)))
        if not is_boolean or now == FILLED:
            words.append((FILLED, called(FILLED, None, None)))
        count = self.answers.counts(row.name)
        choices = tuple(Choice(value, label, value == now, count=count(value)) for value, label in words)
        error = self._error(known.values())
        return replace(row, kind="radio", choices=choices, error=error)

    def _record_states(self, name: str, known: Mapping[str, Comparison]) -> Iterator[State]:
        """What each row of a relation is set to."""
        for belonging in self.query.belongings:
            if belonging.relation == name:
                yield "eq", (belonging.key,), self._error([belonging])
        for operator, one in known.items():
            if operator == EMPTY:
                yield EMPTY if is_yes(one.values[0]) else FILLED, (), self._error([one])
            elif is_of_records(one, self.options):
                yield operator, one.values, self._error([one])
        if name in self.answers.widened and not {"in", "not_in"} & known.keys():
            yield "in", (), ""

    def _of_column(self, row: FilterRow, column: Column | None, known: Mapping[str, Comparison]) -> Iterator[FilterRow]:
        filters = self.options.filters[row.name]
        states = list(_states(known, has_range=_has_range(filters)))
        for state, values, to, found in states or [("", (), "", ())]:
            offers = _offers(filters, column)
            if state and state not in offers:
                offers.append(state)
            ways = operators(offers, state or offers[0], column, filters)
            made = replace(row, operators=ways, error=self._error(found))
            if column is not None and column.choices:
                yield replace(made, kind="checklist", choices=self._choices(row.name, values, column))
            else:
                # What does not fit could not stand in a field of its kind.
                is_list = state in filters and filters[state].multiple
                kind = "text" if made.error else _input(column, () if is_list else (*values, to))
                made = replace(made, kind=kind, help=_help(column), takes_list="in" in offers, to=to)
                line = joined(values) if is_list else "".join(values)
                if kind != "text" and "in" in offers:
                    one, several = ("", line) if is_list else (line, "")
                    yield replace(made, value=one).with_list(several)
                else:
                    yield replace(made, value=line)
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
    if has_range:
        found.insert(0, BETWEEN)
    if "within" in filters:
        found += [WITHIN + period for period in PERIODS]
    if EMPTY in filters and (column is None or column.nullable or column.kind in MAY_BE_BLANK):
        found += [EMPTY, FILLED]
    usual = _USUAL if column is not None and column.choices else _USUAL - {"in"}
    return sorted(found, key=lambda one: one not in usual)


def _input(column: Column | None, values: Iterable[str]) -> str:
    """The control for values: one of the column's kind where it can hold them all, else a text."""
    given = [value for value in values if value]
    kinds = () if column is None else _INPUTS.get(column.kind, ())
    return next((kind for kind in kinds if all(_HOLDS[kind].fullmatch(value) for value in given)), "text")


def _help(column: Column | None) -> str:
    """How values are written that no control of a browser asks for."""
    is_interval = column is not None and column.kind is Kind.INTERVAL
    return gettext("Like %(example)s.", example="1d 2h 30m 4.5s") if is_interval else ""


def choice_name(value: object) -> str:
    """What a form and an address call a value of a column of choices."""
    return str(getattr(value, "name", value))


def _choice_key(value: str, column: Column) -> str:
    try:
        return choice_name(column_value(value, column))
    except InvalidInput:
        return value
