"""What the form of a list's filters was filled in with.

A field is called `<number of the row>.<column>.<part>`; its parts are the operator (`op`), the value (`value`, several
times where choices are ticked), the upper end of a range (`to`), several values in a line where `value` holds but one
(`list`) and the number of its group (`or`). One that looks for records has both fields of a look-up beside its value.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from werkzeug.datastructures import MultiDict

from appbuilder_lite.data.filters import BaseFilter
from appbuilder_lite.data.query import Belonging, Group, fault_place
from appbuilder_lite.data.relation_filters import RecordFilter
from appbuilder_lite.data.types import Column
from appbuilder_lite.errors import InvalidInput
from appbuilder_lite.resource.filter_params import (
    LONGEST_VALUE,
    MOST_VALUES,
    Filters,
    GroupedFilters,
    comparison,
    free_groups,
    no_filter,
)
from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.resource.parameters import Args, checked
from appbuilder_lite.text import gettext
from appbuilder_lite.web.filter_page import BETWEEN, EMPTY, FILLED, WITHIN
from appbuilder_lite.web.filter_rows import is_radio

_FIELD = re.compile(r"([0-9]{1,3})\.(.+)\.(op|value|list|to|or|value-find|value-found)")
_NUMBER = re.compile("[1-9][0-9]?")


def is_sent(args: Args) -> bool:
    """Whether the form was sent with these arguments."""
    return any(_FIELD.fullmatch(name) for name in args)


def looking(args: Args) -> list[tuple[str, str]]:
    """The columns whose fields look for records, each with the name of the field."""
    found = (_FIELD.fullmatch(name) for name in args)
    return [(one[2], f"{one[1]}.{one[2]}.value") for one in found if one and one[3] == "value-find"]


def without_form(args: Args) -> MultiDict[str, str]:
    """The arguments without the fields of the form."""
    return MultiDict([(name, value) for name in args if not _FIELD.fullmatch(name) for value in args.getlist(name)])


def read_form(args: Args, options: ResourceOptions, used: Iterable[int] = ()) -> tuple[Filters, Mapping[str, str]]:
    """What the fields of the form ask for, and messages, by their place, about rows that cannot stand where they did.

    Those stand in groups of their own then, beside the groups that are `used`. Raises `InvalidInput` for what no form
    of ours sends.
    """
    rows: dict[tuple[str, str], dict[str, list[str]]] = {}
    for field in args:
        found = _FIELD.fullmatch(field)
        if found:
            texts = [checked(field, value).strip() for value in args.getlist(field)]
            rows.setdefault((found[1], found[2]), {})[found[3]] = [text for text in texts if text]
    belongings, comparisons, grouped = {}, {}, GroupedFilters(options)
    places = _Places(grouped, {*used, *map(_group, rows.values())})
    for (_number, name), parts in rows.items():
        if name not in options.filters:
            raise no_filter(name)
        asked = {_parameter(name, one, options): values for one, values in _asked(name, parts, options) if values}
        group = places.group(_group(parts), name, list(asked))
        for parameter, values in asked.items():
            if group:
                grouped.add(group, parameter, values)
            elif parameter == options.relations.get(name):
                belongings[name] = Belonging(name, values[0])
            else:
                comparisons[parameter] = comparison(parameter, parameter, values, options)
    groups = grouped.groups()
    return (tuple(belongings.values()), tuple(comparisons.values()), groups), places.faults(groups)


class _Places:
    """Says which group each row stands in: where only one of two rows could be its filter, the second is moved."""

    def __init__(self, grouped: GroupedFilters, used: Container[int]) -> None:
        self.grouped = grouped
        self._free = free_groups(used, grouped.options)
        self._taken: set[tuple[int, str]] = set()
        self._moved: set[int] = set()

    def group(self, group: int, name: str, parameters: Sequence[str]) -> int:
        """The number of the group for a row of a column, which was put into `group`."""
        ends = {f"{name}__gte", f"{name}__lte"}
        for parameter in dict.fromkeys(f"{name}__{BETWEEN}" if one in ends else one for one in parameters):
            if (group, parameter) in self._taken:
                group = next(self._free, 0)
                if not group:
                    raise InvalidInput(parameter, gettext("A group can have this filter once."))
                self._moved.add(group)
            elif not group or not self.grouped.takes_more(parameter):
                self._taken.add((group, parameter))
        return group

    def faults(self, groups: Iterable[Group]) -> dict[str, str]:
        """What is said about the rows that were moved."""
        text = gettext("Another row is this filter already, so this one stands in a group of its own now.")
        moved = (group for group in groups if group.number in self._moved)
        return {fault_place(one, group.number): text for group in moved for one in group.alternatives}


def _parameter(name: str, operator: str, options: ResourceOptions) -> str:
    """What an address calls a filter of a column."""
    return options.relations[name] if name in options.relations and operator in ("eq", "has") else f"{name}__{operator}"


def _group(parts: Mapping[str, list[str]]) -> int:
    """The number of the group that a row was put into; 0 for none."""
    text = "".join(parts.get("or", ()))
    if not text:
        return 0
    if not _NUMBER.fullmatch(text):
        raise no_filter("or")
    return int(text)


def _asked(name: str, parts: Mapping[str, list[str]], options: ResourceOptions) -> Iterator[tuple[str, Sequence[str]]]:
    """The operators of a row with their values; a row that was left empty has none."""
    operator, to = "".join(parts.get("op", ())), parts.get("to", [])
    values: Sequence[str] = parts.get("value", [])
    if operator in ("in", "not_in"):
        values = parts.get("list") or values
    column = options.paths[name].compared
    if is_radio(name, options):
        value = "".join(values[:1])
        operator, values = (value, []) if value in (EMPTY, FILLED) else ("eq", values)
    if operator in (EMPTY, FILLED):
        yield EMPTY, ["yes" if operator == EMPTY else "no"]
    elif operator.startswith(WITHIN):
        yield "within", [operator.removeprefix(WITHIN)]
    elif operator == BETWEEN:
        ends: tuple[tuple[str, Sequence[str]], ...] = (("gte", values), ("lte", to))
        yield from (one for one in ends if one[1])
    elif values:
        yield operator, _several(name, options.filters[name].get(operator), values, column)


def _several(name: str, filter_: BaseFilter | None, values: Sequence[str], column: Column | None) -> Sequence[str]:
    """The values of a filter, of which there may be several in a line."""
    if isinstance(filter_, RecordFilter) and filter_.multiple:
        # No key has a space in it.
        return [key for line in values for key in line.split()]
    is_typed = filter_ is not None and filter_.multiple and not (column is not None and column.choices)
    return _listed(name, values[0]) if is_typed else values


def _listed(name: str, text: str) -> list[str]:
    """The values in a line of CSV (RFC 4180)."""
    try:
        found = next(csv.reader([text[: LONGEST_VALUE * MOST_VALUES]], skipinitialspace=True), [])
    except csv.Error as error:
        raise InvalidInput(name, gettext("Write the values with commas between them.")) from error
    return [value.strip() for value in found if value.strip()]
