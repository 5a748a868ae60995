"""The records of one view that belong to a record of another: below that record, and as a list of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import or_

from appbuilder_lite.data.interface import Scope, both
from appbuilder_lite.data.query import Belonging, Certainty, ListQuery
from appbuilder_lite.data.sqla_paths import where_related
from appbuilder_lite.data.types import Relation
from appbuilder_lite.errors import InvalidFilters, NotFound
from appbuilder_lite.resource.filter_params import records_of
from appbuilder_lite.resource.inputs import input_name
from appbuilder_lite.resource.params import url_args
from appbuilder_lite.resource.policy import Policy
from appbuilder_lite.text import gettext
from appbuilder_lite.web.amounts import figure, way_to_all
from appbuilder_lite.web.pages import CountedTab, RelatedList
from appbuilder_lite.web.policy import ViewPolicy, view_of_model
from appbuilder_lite.web.state import AppState
from appbuilder_lite.web.totals import totals

ROWS = 10


@dataclass(frozen=True, slots=True)
class Owner:
    """The record that those of a list belong to: what it is called, and what narrows the list to its own."""

    name: str
    scope: Scope


def related_list(state: AppState, views: Iterable[type[Any]], item: Any, asked: str) -> RelatedList | None:
    """The first rows that point to `item` of the related view of the name `asked`, in any case, else of the first one.

    None where the current person may open none of them. Of several the others are counted, in one statement.
    """
    found = list(_openable(state, views, item))
    if not found:
        return None
    current = next((one for one in found if one.name == asked.lower()), found[0])
    shown, total = _shown(current, item)
    return shown if len(found) == 1 else replace(shown, tabs=_tabs(found, current, total))


def related_lists(state: AppState, views: Iterable[type[Any]], item: Any) -> tuple[RelatedList, ...]:
    """The first rows of each related view that the current person may open, one list below the other."""
    return tuple(replace(_shown(one, item)[0], id=f"related-{one.name}") for one in _openable(state, views, item))


def relations_back(view: Any, model: type[Any]) -> list[Relation]:
    """The relations of a view's model that point to another model; there may be several (`owner`, `author`)."""
    names = view.options.relations
    return [one for one in view.datamodel.relations.values() if one.name in names and issubclass(model, one.target)]


Owners = Mapping[Belonging, Owner]


def owners_of(view: Any, query: ListQuery, policy: Policy, known: Owners = MappingProxyType({})) -> Owners:
    """The records that the filters of a list name, beside those that are `known`.

    Raises `InvalidFilters` for those that are not there, or not for the person, and `NotFound` where they could not ask
    for any.
    """
    places: dict[Belonging, list[str]] = {}
    for place, record in records_of(query, view.options):
        places.setdefault(record, []).append(place)
    found, faults = dict(known), dict[str, str]()
    wanted = [one for one in places if one not in found]
    for relation in dict.fromkeys(one.relation for one in wanted):
        target = asked_view(view, relation, policy)
        if target is None:
            raise NotFound(gettext("What this list was asked for does not exist or was deleted"))
        asked = [one for one in wanted if one.relation == relation]
        items = _records(target, [one.key for one in asked])
        found |= {one: _owner(view, relation, target, items[one.key]) for one in asked if one.key in items}
        text = gettext("There is no such %(noun)s (any more).", noun=target.options.noun)
        faults |= {place: text for one in asked if one.key not in items for place in places[one]}
    if faults:
        raise InvalidFilters(faults)
    return found


def names_of(owners: Owners) -> Mapping[Belonging, str]:
    """What the records are called."""
    return {one: owner.name for one, owner in owners.items()}


def within(view: Any, owners: Owners, query: ListQuery) -> Scope | None:
    """Narrows a `select()` to the rows that belong to those of no group: to all of them, or to any where that is asked.

    None for none.
    """
    scopes = [owners[one].scope for one in query.belongings]
    if not scopes:
        return None
    found: Scope = view.datamodel.either(scopes) if query.match_any else reduce(both, scopes)
    return found


def _records(target: Any, keys: Sequence[str]) -> Mapping[str, Any]:
    """The records of another view by key, of those that the person meets there."""
    scope = target.resource.scope(target.policy())
    if len(keys) > 1:
        found: Mapping[str, Any] = target.datamodel.get_many(keys, scope)
        return found
    return {key: item for key in keys if (item := target.datamodel.get(key, scope)) is not None}


def _owner(view: Any, relation: str, target: Any, item: Any) -> Owner:
    model, path = view.datamodel.model, view.datamodel.path(relation)
    condition = where_related(model, path.through, lambda end: _points_to(end, path.relation, item))
    return Owner(target.datamodel.name_of(item), lambda query: query.where(condition))


@dataclass(frozen=True, slots=True)
class _Related:
    """A related view of one record: the relations that lead there, and what is true of the rows that belong to it."""

    view: Any
    policy: ViewPolicy
    relations: list[Relation]
    condition: Any

    @property
    def name(self) -> str:
        """What it is called in an address."""
        return str(self.view.view_name).lower()

    def within(self, query: Any) -> Any:
        """A `select()` of the view's model, narrowed to the rows that belong to the record."""
        return query.where(self.condition)

    def scope(self) -> Scope:
        """The rows that the current person would see in its list."""
        seen = self.view.resource.scope(self.policy)
        return lambda query: self.within(seen(query))


def _openable(state: AppState, views: Iterable[type[Any]], item: Any) -> Iterator[_Related]:
    for view_class in views:
        view: Any = state.classes.get(view_class)
        if view is None or not view.can_open("list"):
            continue
        policy = view.policy()
        # Which rows belong to a record says what their relation holds, and not everybody may meet that.
        relations = [one for one in relations_back(view, type(item)) if policy.can_access_field(one.name, "list")]
        if relations:
            points = [_points_to(view.datamodel.model, relation, item) for relation in relations]
            yield _Related(view, policy, relations, or_(*points))


def _shown(related: _Related, item: Any) -> tuple[RelatedList, int | None]:
    """The first rows, and how many there are if that is known."""
    view, policy = related.view, related.policy
    query = ListQuery(page_size=ROWS)
    page = view.resource.list(query, policy, related.within, with_items=policy.judges_items)
    all_url = list_of_all(view, related.relations, view.datamodel.encode_key(item), policy)
    links = view.links_of(page, policy)
    links = replace(links, add=_add_url(links.add, related, item))
    shown = RelatedList(view.list_pages.page(page, links, policy), all_url, way_to_all(page))
    return shown, None if page.certainty is Certainty.LEAST else page.total


def _add_url(url: str, related: _Related, item: Any) -> str:
    """The form for a new one, with the record filled in where one field alone can hold it."""
    view, policy = related.view, related.policy
    names = [one.name for one in related.relations if one.name in view.options.add_columns]
    names = [name for name in names if policy.can_access_field(name, "add")]
    if not url or len(names) != 1:
        return url
    return f"{url}?{urlencode({input_name(names[0]): view.datamodel.encode_key(item)})}"


def _tabs(found: Sequence[_Related], current: _Related, total: int | None) -> tuple[CountedTab, ...]:
    """The ways to all of them; `total` is what the current one is known to have."""
    others = [one for one in found if one is not current]
    known = {current.view.view_name: total, **totals([(one.view, one.scope) for one in others])}
    return tuple(
        CountedTab(
            one.view.options.list_title,
            f"?{urlencode({'related': one.name})}#related",
            figure(known.get(one.view.view_name)),
            one is current,
        )
        for one in found
    )


def list_of_all(view: Any, relations: list[Relation], key: str, policy: Policy) -> str:
    """The list of all that belong to the record of this key.

    None where several relations lead here, or the person could not ask for one.
    """
    target = asked_view(view, relations[0].name, policy)
    if target is None or len(relations) > 1:
        return ""
    belonging = Belonging(relations[0].name, key)
    query = ListQuery(page_size=view.options.page_size, belongings=(belonging,))
    return str(view.url_for("list", **url_args(query, view.options)))


def asked_view(view: Any, name: str, policy: Policy) -> Any:
    """The view whose records the person may ask for the related ones of, by the path of the relation; or None."""
    target = view_of_model(view.state, view.datamodel.path(name).relation.target)
    may_ask = target is not None and (target.can_open("show") or target.can_open("list"))
    return target if may_ask and policy.can_access_field(name, "list") else None


def _points_to(root: Any, relation: Relation, item: Any) -> Any:
    attribute = getattr(root, relation.name)
    return attribute.contains(item) if relation.cardinality.is_to_many else attribute == item
