"""What the use-cases ask about the person: permissions, fields and rows, without knowing users or roles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from appbuilder_lite.data.query import Order


@dataclass(frozen=True, slots=True)
class LookUp:
    """How a person finds the records of a relation: the columns that are searched, paths of the related model, and
    the order of what is found.
    """

    search_columns: tuple[str, ...] = ()
    order: tuple[Order, ...] = ()


class Policy(Protocol):
    """Answers for one person on one view during one request."""

    @property
    def user(self) -> Any:
        """The person; None is anonymous."""

    def can(self, permission: str) -> bool:
        """Whether the person has this permission on the view."""

    def can_access_field(self, column: str, action: str) -> bool:
        """Whether the person meets this column in `list`, `show`, `add` or `edit`."""

    def scope(self, query: Any) -> Any:
        """Narrow a `select()` of the view's own records to what the person may see."""

    def related_scope(self, relation: str, query: Any) -> Any:
        """Narrow a `select()` of the records that a relation may point to."""

    def digest(self, text: str) -> str:
        """A short text that nobody without the app's secret can make of this one: it tells nothing of a value."""

    def look_up(self, relation: str) -> LookUp | None:
        """How the person finds records of a relation that are too many for a select; None where they may not look."""


class WritePolicy(Policy, Protocol):
    """A policy that also answers about writes, whichever surface they come from."""

    def check_item(self, action: str, item: Any) -> None:
        """Raise `Forbidden` where the view keeps a record from being edited or deleted; asked before it is filled."""

    def check_change(self, action: str, item: Any) -> None:
        """Raise `Rejected` for an `add`, `edit` or `delete` that is beyond the person; nothing is flushed yet."""

    def check_along(self, items: Sequence[Any]) -> None:
        """Raise `Rejected` where deleting these takes others along that are beyond the person; asked once for all."""

    def check_lost(self, items: Sequence[Any], field: str) -> None:
        """Raise `Rejected` at a field that takes these out, which deletes them, where that is beyond the person."""

    def check_result(self, action: str, item: Any) -> None:
        """Raise `Rejected` for what a write leaves behind; asked in its transaction, when it is flushed."""
