"""The rows of the form of filters that compare a relation with records: a select, a look-up, or keys that are typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from appbuilder_lite.data.query import Comparison, ListQuery
from appbuilder_lite.data.types import Path
from appbuilder_lite.resource.related_source import Source
from appbuilder_lite.text import gettext
from appbuilder_lite.web.filter_page import EMPTY, FILLED, Answers, FilterRow, operators
from appbuilder_lite.web.form_pages import LookUpPage
from appbuilder_lite.web.look_up_page import look_up_page
from appbuilder_lite.web.pages import Choice

SEVERAL = ("in", "not_in")
"""The operators that compare with several records."""

WIDENED: Mapping[str, str] = MappingProxyType({"eq": "in", "neq": "not_in"})
"""The comparison with several records that says the same as one with one record."""

SEVERAL_BUTTON = "_several"
"""The button that brings the form back to choose several records of a relation, whose name it sends."""

State = tuple[str, tuple[str, ...], str]
"""What a row is set to: its operator, the keys of records, and what is wrong with it."""


def record_rows(row: FilterRow, path: Path, states: Sequence[State], answers: Answers) -> Iterator[FilterRow]:
    """A row for each of the states, or a blank one; none where the person may not ask for the records."""
    source = answers.sources(row.name)
    if source is None:
        return
    known = {state for state, _keys, _error in states}
    for state, keys, error in states or [("eq", (), "")]:
        # In groups one filter of a row is an alternative to the next.
        can_widen = state in WIDENED and WIDENED[state] not in known and not answers.numbers
        widened = row.name if can_widen else ""
        made = replace(row, operators=operators(_offers(path, state), state, None, {}), error=error, widened=widened)
        yield _with_records(made, source, keys, answers, many=state in SEVERAL)
        row = replace(row, id=f"{row.id}-more")


def widened(query: ListQuery, relation: str) -> ListQuery:
    """The same query with what it compares one record of a relation with as one of several."""
    known = {one.operator for one in query.comparisons if one.path == relation}
    own = [one for one in query.belongings if one.relation == relation and "in" not in known]
    several = [Comparison(relation, "in", (one.key,)) for one in own]
    for one in query.comparisons:
        is_single = one.path == relation and one.operator == "neq" and "not_in" not in known
        several.append(replace(one, operator="not_in") if is_single else one)
    rest = tuple(one for one in query.belongings if one not in own)
    return replace(query, belongings=rest, comparisons=tuple(several))


def name_of_key(source: Source, key: str) -> str:
    """What the record of a key is called; the key itself where the person does not meet it."""
    return _names(source, [key])[key]


def _names(source: Source, keys: Sequence[str]) -> dict[str, str]:
    found = source.find(keys)
    return {key: source.datamodel.name_of(found[key]) if key in found else key for key in keys}


def _offers(path: Path, state: str) -> Sequence[str]:
    """The operators of a row: its control is for one record or for several."""
    if state in SEVERAL:
        return SEVERAL
    steps = (*path.through, *([path.relation] if path.relation is not None else []))
    has_none = any(step.nullable or step.cardinality.is_to_many for step in steps) or state in (EMPTY, FILLED)
    return ("eq", "neq", *((EMPTY, FILLED) if has_none else ()))


def _with_records(row: FilterRow, source: Source, keys: Sequence[str], answers: Answers, *, many: bool) -> FilterRow:
    records, more = source.offered()
    if not more:
        count = answers.counts(row.name)
        choices = [Choice(one.key, one.text, one.key in keys, one.detail, count(one.key)) for one in records]
        known = {one.key for one in records}
        # What was asked for stays, whether it is there or not.
        choices[:0] = [Choice(key, key, selected=True) for key in keys if key not in known]
        blank = () if many else (Choice("", gettext("Any"), not keys),)
        return replace(row, kind="checklist" if many else "select", choices=(*blank, *choices))
    if source.way is None:
        text = gettext("Keys of records, with spaces between them.") if many else gettext("The record's key.")
        return replace(row, value=" ".join(keys), help=text)
    return replace(row, kind="look_up", look_up=_look_up(row, source, keys, answers, many=many))


def _look_up(row: FilterRow, source: Source, keys: Sequence[str], answers: Answers, *, many: bool) -> LookUpPage:
    names, finding = _names(source, keys), answers.findings.get(row.name)
    present = (Choice(key, name, selected=True) for key, name in names.items())
    records = () if finding is None else finding.records
    found = (Choice(record.key, record.text, detail=record.detail) for record in records if record.key not in names)
    bare = LookUpPage("", f"{row.id}-look-up", row.label, answers.look_up_url(row.name), many=many)
    blank = () if many else (Choice("", gettext("Any"), not keys),)
    return look_up_page(bare, (*blank, *present, *found), names.values(), finding)
