"""The lists below a record: the rows of other views that belong to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_

from appbuilder_lite.data.query import ListQuery
from appbuilder_lite.data.types import Relation
from appbuilder_lite.resource.policy import Policy
from appbuilder_lite.web.pages import RelatedList
from appbuilder_lite.web.state import AppState

ROWS = 10


@dataclass(frozen=True, slots=True)
class Belonging:
    """A policy narrowed to the records that belong to one other record."""

    policy: Policy
    condition: Any

    @property
    def user(self) -> Any:
        return self.policy.user

    def can(self, permission: str) -> bool:
        return self.policy.can(permission)

    def can_access_field(self, column: str, action: str) -> bool:
        return self.policy.can_access_field(column, action)

    def scope(self, query: Any) -> Any:
        return self.policy.scope(query.where(self.condition))

    def related_scope(self, relation: str, query: Any) -> Any:
        return self.policy.related_scope(relation, query)


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
    return [relation for relation in view.datamodel.relations.values() if issubclass(model, relation.target)]


def _related_list(view: Any, relations: Iterable[Relation], item: Any) -> RelatedList:
    conditions = [_points_to(view.datamodel.model, relation, item) for relation in relations]
    policy = view.policy()
    narrowed = Belonging(policy, or_(*conditions))
    page = view.resource.list(ListQuery(page_size=ROWS), narrowed, with_items=policy.judges_items)
    return RelatedList(view.list_pages.page(page, view.links_of(page, policy), policy))


def _points_to(model: type[Any], relation: Relation, item: Any) -> Any:
    attribute = getattr(model, relation.name)
    return attribute.contains(item) if relation.cardinality.is_to_many else attribute == item
