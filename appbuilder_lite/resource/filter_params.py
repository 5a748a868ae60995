"""What a list is narrowed by, as an address says it: `status__eq=paid`, `tags__has=3`, `_flt_0_name=Anna`.

The number in `_flt_<number>_<column>` is the place of the filter among those of the column, as Flask-AppBuilder counts
them (flask_appbuilder.models.sqla.filters).

One of the filters of a group is enough: `or.1.city__eq=Rome&or.1.city__eq=Oslo`, where 1 is the group's number.
Flask-AppBuilder's filters may come several times, and all of them hold: a further one stands in a group of its own.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from appbuilder_lite.data.filter_operators import filters_for
from appbuilder_lite.data.query import Belonging, Comparison, Filter, Group, ListQuery, fault_place
from appbuilder_lite.data.relation_filters import RecordFilter
from appbuilder_lite.errors import InvalidInput
from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.resource.parameters import Args, checked
from appbuilder_lite.text import gettext

MOST_FILTERS = 50
MOST_VALUES = 200
LONGEST_VALUE = 500
MOST_GROUPS = 20
"""Groups are numbered from 1 to this."""

_GROUPED = re.compile(r"or\.([1-9][0-9]?)\.(.+)")
_OLD = re.compile(r"_flt_([0-9]+)_(.+)")


Filters = tuple[tuple[Belonging, ...], tuple[Comparison, ...], tuple[Group, ...]]


def parse_filters(args: Args, options: ResourceOptions) -> Filters:
    """The records that those of the list belong to, what its columns are compared with, and the groups.

    Raises `InvalidInput`.
    """
    belongings: dict[str, Belonging] = {}
    comparisons: dict[str, Comparison] = {}
    grouped, relations = GroupedFilters(options), _relations(options)
    further: list[tuple[str, str]] = []

    def add(name: str, parameter: str, values: Sequence[str]) -> None:
        if parameter in relations:
            _once(name, values, parameter in belongings)
            belongings[parameter] = Belonging(relations[parameter], values[0])
        else:
            found = comparison(name, parameter, values, options)
            _once(name, (), parameter in comparisons)
            comparisons[parameter] = found

    # After ours, so that it is one of theirs that comes a second time.
    for name in sorted(args, key=lambda name: name.startswith("_flt_")):
        number, own = _ungrouped(name, options)
        wanted = _canonical(own, options) if is_filter(name, options) else None
        values = _values(args, name) if wanted else ()
        if not wanted or not values:
            continue
        if number:
            grouped.add(number, wanted, values)
        elif wanted == own or not grouped.is_repeatable(wanted):
            add(name, wanted, values)
        else:
            is_known = wanted in belongings or wanted in comparisons
            if not is_known:
                add(name, wanted, values[:1])
            further += [(wanted, one) for one in values[not is_known :]]
    for parameter, value in further:
        grouped.add_alone(parameter, value)
    groups = grouped.groups()
    if len(belongings) + len(comparisons) + sum(len(group.alternatives) for group in groups) > MOST_FILTERS:
        raise InvalidInput("filters", gettext("At most %(most)s filters.", most=MOST_FILTERS))
    return tuple(belongings.values()), tuple(comparisons.values()), groups


def is_filter(name: str, options: ResourceOptions) -> bool:
    """Whether a parameter is one of a filter, known or not."""
    _number, own = _ungrouped(name, options)
    return "__" in own or _OLD.fullmatch(own) is not None


class GroupedFilters:
    """Collects the filters of groups by their parameters, in the order in which an address has them."""

    def __init__(self, options: ResourceOptions) -> None:
        self.options = options
        self._values: dict[int, dict[str, list[str]]] = {}

    def add(self, number: int, parameter: str, values: Sequence[str]) -> None:
        """One more filter of a group; raises `InvalidInput` where the group has it already and can have it once."""
        name = in_group(number, parameter)
        if number > MOST_GROUPS or not is_group(number, self.options):
            raise no_filter(name)
        known = self._values.setdefault(number, {})
        if parameter in known and not self.takes_more(parameter):
            raise InvalidInput(name, gettext("A group can have this filter once."))
        known[parameter] = list(dict.fromkeys((*known.get(parameter, ()), *values)))

    def add_alone(self, parameter: str, value: str) -> None:
        """A filter in a group of its own; raises `InvalidInput` where there are as many as can be."""
        number = next(free_groups(self._values, self.options), 0)
        if not number:
            raise InvalidInput(parameter, gettext("At most %(most)s groups.", most=MOST_GROUPS))
        self.add(number, parameter, [value])

    def takes_more(self, parameter: str) -> bool:
        """Whether a group can have this filter several times."""
        return self.is_repeatable(parameter) or parameter.endswith("__in")

    def groups(self) -> tuple[Group, ...]:
        """The groups by their numbers; raises `InvalidInput`."""
        return tuple(
            Group(number, tuple(one for name, values in found.items() for one in self._filters(number, name, values)))
            for number, found in sorted(self._values.items())
        )

    def _filters(self, number: int, parameter: str, values: Sequence[str]) -> Iterator[Filter]:
        relation = _relations(self.options).get(parameter)
        if relation is not None:
            yield from (Belonging(relation, value) for value in values)
        elif self.is_repeatable(parameter):
            yield from (comparison(in_group(number, parameter), parameter, [one], self.options) for one in values)
        else:
            yield comparison(in_group(number, parameter), parameter, values, self.options)

    def is_repeatable(self, parameter: str) -> bool:
        """Whether each value is an alternative: not where several values, or both ends of a range, are one filter."""
        path, _, operator = parameter.rpartition("__")
        if parameter in _relations(self.options):
            return True
        found = self.options.filters.get(path, {}).get(operator)
        return found is not None and not found.multiple and operator not in ("gte", "lte")


def group_args(groups: Sequence[Group], options: ResourceOptions) -> dict[str, str | list[str]]:
    """The arguments of an address that ask for these groups."""
    found: dict[str, list[str]] = {}
    for group in groups:
        for one in group.alternatives:
            if isinstance(one, Comparison):
                parameter, values = one.parameter, one.values
            else:
                parameter, values = options.relations[one.relation], (one.key,)
            found.setdefault(in_group(group.number, parameter), []).extend(values)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def in_group(number: int, parameter: str) -> str:
    """What a filter of a group is called in an address."""
    return f"or.{number}.{parameter}"


def is_group(number: int, options: ResourceOptions) -> bool:
    """Whether a group can have this number: not where a column of the list is really called so."""
    return not any(name.startswith(in_group(number, "")) for name in options.filters)


def free_groups(used: Container[int], options: ResourceOptions) -> Iterator[int]:
    """The numbers of groups beside those that are used."""
    return (number for number in range(1, MOST_GROUPS + 1) if number not in used and is_group(number, options))


def _ungrouped(name: str, options: ResourceOptions) -> tuple[int, str]:
    """The number of a parameter's group, 0 for none, and the parameter without it."""
    found = _GROUPED.fullmatch(name)
    if found is None or not is_group(int(found[1]), options):
        return 0, name
    return int(found[1]), found[2]


def _relations(options: ResourceOptions) -> dict[str, str]:
    return {parameter: relation for relation, parameter in options.relations.items()}


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


def records_of(query: ListQuery, options: ResourceOptions) -> Iterator[tuple[str, Belonging]]:
    """The records that the filters of a query name, each by what messages about its filter are kept by."""
    for number, one in query.numbered:
        if isinstance(one, Belonging):
            yield fault_place(one, number), one
        elif is_of_records(one, options):
            yield from ((fault_place(one, number), Belonging(one.path, key)) for key in one.values)


def is_of_records(one: Comparison, options: ResourceOptions) -> bool:
    """Whether its values are keys of records."""
    return isinstance(options.filters[one.path][one.operator], RecordFilter)


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
    target = None if path is None else path.filtered
    known = filters_for(target) if target is not None else ()
    if number >= len(known):
        raise no_filter(name)
    operator = known[number].arg_name
    if column in options.relations and operator in ("rel_o_m", "rel_m_m"):
        return options.relations[column]
    return f"{column}__{'neq' if operator == 'nrel_o_m' else operator}"


def _values(args: Args, name: str) -> tuple[str, ...]:
    """The values of a parameter; an empty one is a field of a form that was left empty."""
    values = tuple(dict.fromkeys(checked(name, value).strip() for value in args.getlist(name) if value.strip()))
    return values


def _once(name: str, values: Sequence[str], is_known: bool = False) -> None:
    if is_known or len(values) > 1:
        raise InvalidInput(name, gettext("Given more than once."))
