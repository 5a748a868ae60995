"""The records of one view that belong to a record of another: below that record, and as a list of their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_

from appbuilder_lite.data.interface import Scope
from appbuilder_lite.data.query import Belonging, ListQuery
from appbuilder_lite.data.types import Relation
from appbuilder_lite.errors import NotFound
from appbuilder_lite.resource.params import url_args
from appbuilder_lite.resource.policy import Policy
from appbuilder_lite.text import gettext
from appbuilder_lite.web.pages import RelatedList
from appbuilder_lite.web.policy import view_of_model
from appbuilder_lite.web.state import AppState

ROWS = 10


@dataclass(frozen=True, slots=True)
class Owner:
    """The record that those of a list belong to: what it is called, and what narrows the list to its own."""

    name: str
    scope: Scope


def related_lists(state: AppState, views: Iterable[type[Any]], item: Any) -> tuple[RelatedList, ...]:
    """The first rows of each related view that point to `item`, for views that the current person may open."""
    lists = []
    for view_class in views:
        view: Any = state.classes.get(view_class)
        relations = relations_back(view, type(item)) if view is not None else []
        if relations and view.can_open("list"):
            lists.append(_related_list(view, relations, item))
    return tuple(lists)


def relations_back(view: Any, model: type[Any]) -> list[Relation]:
    """The relations of a view's model that point to another model; there may be several (`owner`, `author`)."""
    names = view.options.relations
    return [one for one in view.datamodel.relations.values() if one.name in names and issubclass(model, one.target)]


def owner_of(view: Any, belonging: Belonging, policy: Policy) -> Owner:
    """The record that a list is asked for the records of; raises `NotFound` where the person does not meet it."""
    relation = view.datamodel.relations[belonging.relation]
    target = _asked_view(view, relation, policy)
    if target is None:
        raise NotFound(gettext("What this list was asked for does not exist or was deleted"))
    item = target.resource.get(belonging.key, target.policy())
    condition = _points_to(view.datamodel.model, relation, item)
    return Owner(target.datamodel.name_of(item), lambda query: query.where(condition))


def _related_list(view: Any, relations: list[Relation], item: Any) -> RelatedList:
    condition = or_(*(_points_to(view.datamodel.model, relation, item) for relation in relations))
    policy = view.policy()
    query = ListQuery(page_size=ROWS)
    page = view.resource.list(query, policy, lambda rows: rows.where(condition), with_items=policy.judges_items)
    all_url = _all_url(view, relations, item, policy)
    return RelatedList(view.list_pages.page(page, view.links_of(page, policy), policy), all_url)


def _all_url(view: Any, relations: list[Relation], item: Any, policy: Policy) -> str:
    """The list of all of them; none where several relations lead here, or the person could not ask for one."""
    target = _asked_view(view, relations[0], policy)
    if target is None or len(relations) > 1:
        return ""
    belonging = Belonging(relations[0].name, target.datamodel.encode_key(item))
    query = ListQuery(page_size=view.options.page_size, belonging=belonging)
    return str(view.url_for("list", **url_args(query, view.options)))


def _asked_view(view: Any, relation: Relation, policy: Policy) -> Any:
    """The view whose records the person may ask for the related ones of, or None."""
    target = view_of_model(view.state, relation.target)
    may_ask = target is not None and (target.can_open("show") or target.can_open("list"))
    return target if may_ask and policy.can_access_field(relation.name, "list") else None


def _points_to(model: type[Any], relation: Relation, item: Any) -> Any:
    attribute = getattr(model, relation.name)
    return attribute.contains(item) if relation.cardinality.is_to_many else attribute == item
