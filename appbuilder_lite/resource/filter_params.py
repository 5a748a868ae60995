"""What a list is narrowed by, as an address says it: `status__eq=paid`, `tags__has=3`, `_flt_0_name=Anna`.

The number in `_flt_<number>_<column>` is the place of the filter among those of the column, as Flask-AppBuilder counts
them (flask_appbuilder.models.sqla.filters).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from appbuilder_lite.data.filter_operators import filters_for
from appbuilder_lite.data.query import Belonging, Comparison
from appbuilder_lite.errors import InvalidInput
from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.resource.parameters import Args, checked
from appbuilder_lite.text import gettext

MOST_FILTERS = 50
MOST_VALUES = 200
LONGEST_VALUE = 500

_OLD = re.compile(r"_flt_([0-9]+)_(.+)")


def parse_filters(args: Args, options: ResourceOptions) -> tuple[tuple[Belonging, ...], tuple[Comparison, ...]]:
    """The records that those of the list belong to, and what its columns are compared with; raises `InvalidInput`."""
    belongings, comparisons = {}, {}
    relations = {parameter: relation for relation, parameter in options.relations.items()}
    for name in args:
        wanted = _canonical(name, options) if "__" in name or _OLD.fullmatch(name) else None
        values = _values(args, name) if wanted else ()
        if not wanted or not values:
            continue
        if wanted in relations:
            _once(name, values, wanted in belongings)
            belongings[wanted] = Belonging(relations[wanted], values[0])
        else:
            found = comparison(name, wanted, values, options)
            _once(name, (), wanted in comparisons)
            comparisons[wanted] = found
    if len(belongings) + len(comparisons) > MOST_FILTERS:
        raise InvalidInput("filters", gettext("At most %(most)s filters.", most=MOST_FILTERS))
    return tuple(belongings.values()), tuple(comparisons.values())


def comparison(name: str, parameter: str, values: Sequence[str], options: ResourceOptions) -> Comparison:
    """The comparison of a parameter like `total__gte`, which was given by `name`; raises `InvalidInput`."""
    path, _, operator = parameter.rpartition("__")
    found = options.filters.get(path, {}).get(operator)
    if found is None:
        raise no_filter(name)
    _once(name, () if found.multiple else values)
    if len(values) > MOST_VALUES:
        raise InvalidInput(name, gettext("At most %(most)s values.", most=MOST_VALUES))
    if any(len(value) > LONGEST_VALUE for value in values):
        raise InvalidInput(name, gettext("At most %(most)s characters.", most=LONGEST_VALUE))
    return Comparison(path, operator, tuple(values))


def no_filter(name: str) -> InvalidInput:
    """What is said of a filter that a list does not have, or that the person does not meet."""
    return InvalidInput(name, gettext("The list has no such filter."))


def _canonical(name: str, options: ResourceOptions) -> str:
    """Our name for a parameter: Flask-AppBuilder's number of a filter is told by its operator."""
    old = _OLD.fullmatch(name)
    own, _, of_own = name.rpartition("__")
    if old is None or of_own in options.filters.get(own, {}):
        return name
    number, column = int(old[1][:4]), old[2]
    path = options.paths.get(column)
    target = None if path is None else path.column or path.relation
    known = filters_for(target) if target is not None else ()
    if number >= len(known):
        raise no_filter(name)
    operator = known[number].arg_name
    if column in options.relations and operator in ("rel_o_m", "rel_m_m"):
        return options.relations[column]
    return f"{column}__{operator}"


def _values(args: Args, name: str) -> tuple[str, ...]:
    """The values of a parameter; an empty one is a field of a form that was left empty."""
    values = tuple(dict.fromkeys(checked(name, value).strip() for value in args.getlist(name) if value.strip()))
    return values


def _once(name: str, values: Sequence[str], is_known: bool = False) -> None:
    if is_known or len(values) > 1:
        raise InvalidInput(name, gettext("Given more than once."))
