"""What the form of a list's filters was filled in with.

A field is called `<number of the row>.<column>.<part>`; its parts are the operator (`op`), the value (`value`, several
times where choices are ticked) and the upper end of a range (`to`). One that looks for records has the two fields of
a look-up beside its value.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence

from werkzeug.datastructures import MultiDict

from appbuilder_lite.data.query import Belonging, Comparison
from appbuilder_lite.data.types import Kind
from appbuilder_lite.errors import InvalidInput
from appbuilder_lite.resource.filter_params import LONGEST_VALUE, MOST_VALUES, comparison, no_filter
from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.resource.parameters import Args, checked
from appbuilder_lite.text import gettext
from appbuilder_lite.web.filter_page import BETWEEN, EMPTY, FILLED, WITHIN

_FIELD = re.compile(r"([0-9]{1,3})\.(.+)\.(op|value|to|value-find|value-found)")


def is_sent(args: Args) -> bool:
    """Whether the form was sent with these arguments."""
    return any(_FIELD.fullmatch(name) for name in args)


def looking(args: Args) -> Mapping[str, str]:
    """The names of the fields that look for records, by column."""
    found = (_FIELD.fullmatch(name) for name in args)
    return {one[2]: f"{one[1]}.{one[2]}.value" for one in found if one and one[3] == "value-find"}


def without_form(args: Args) -> MultiDict[str, str]:
    """The arguments without the fields of the form."""
    return MultiDict([(name, value) for name in args if not _FIELD.fullmatch(name) for value in args.getlist(name)])


def read_form(args: Args, options: ResourceOptions) -> tuple[tuple[Belonging, ...], tuple[Comparison, ...]]:
    """What the fields of the form ask for; raises `InvalidInput` for what no form of ours sends."""
    rows: dict[tuple[str, str], dict[str, list[str]]] = {}
    for field in args:
        found = _FIELD.fullmatch(field)
        if found:
            texts = [checked(field, value).strip() for value in args.getlist(field)]
            rows.setdefault((found[1], found[2]), {})[found[3]] = [text for text in texts if text]
    belongings, comparisons = {}, {}
    for (_number, name), parts in rows.items():
        if name not in options.filters:
            raise no_filter(name)
        for operator, values in _asked(name, parts, options):
            if not values:
                continue
            parameter = f"{name}__{operator}"
            if name in options.relations and operator in ("eq", "has"):
                belongings[name] = Belonging(name, values[0])
            else:
                comparisons[parameter] = comparison(parameter, parameter, values, options)
    return tuple(belongings.values()), tuple(comparisons.values())


def _asked(name: str, parts: Mapping[str, list[str]], options: ResourceOptions) -> Iterator[tuple[str, Sequence[str]]]:
    """The operators of a row with their values; a row that was left empty has none."""
    operator, to = "".join(parts.get("op", ())), parts.get("to", [])
    values: Sequence[str] = parts.get("value", [])
    column = options.paths[name].column
    if column is not None and column.kind is Kind.BOOLEAN:
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
        filter_ = options.filters[name].get(operator)
        is_typed = filter_ is not None and filter_.multiple and not (column is not None and column.choices)
        yield operator, _listed(name, values[0]) if is_typed else values


def _listed(name: str, text: str) -> list[str]:
    """The values in a line of CSV (RFC 4180)."""
    try:
        found = next(csv.reader([text[: LONGEST_VALUE * MOST_VALUES]]), [])
    except csv.Error as error:
        raise InvalidInput(name, gettext("Write the values with commas between them.")) from error
    return [value.strip() for value in found if value.strip()]
