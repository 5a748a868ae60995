"""A column that marks records as deleted: which rows are in the trash, how they go there and how they come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from appbuilder_lite.data.filters import BaseFilter
from appbuilder_lite.data.sqla_claims import claim
from appbuilder_lite.data.sqla_errors import write_failed
from appbuilder_lite.data.sqla_paths import Condition
from appbuilder_lite.data.sqla_write import reread
from appbuilder_lite.data.types import Column, Kind


class FilterInTrash(BaseFilter):
    """The rows that are in the trash, by the column that marks them; with False those that are not."""

    def apply(self, query: sa.Select[Any], value: Any) -> sa.Select[Any]:
        return query.where(_marked(self.model, self.datamodel.columns[self.column_name], is_marked=bool(value)))


@dataclass(frozen=True, slots=True)
class Trash:
    """The trash of a model; `is_open` tells that a data source is about the records in it, which it really deletes."""

    column: Column
    is_open: bool = False

    def put(self, session: Session, items: Sequence[Any]) -> None:
        """Mark records as deleted; raises `WriteFailed` where somebody else was faster."""
        claim(session, items, self.condition)
        mark = self._mark()
        for item in items:
            setattr(item, self.column.name, mark)

    def take_out(self, session: Session, item: Any) -> bool:
        """Take the mark from a record, which is locked from now on; False where somebody has done so meanwhile."""
        reread(session, item, [self.column.name])
        if not self.has(item):
            return False
        setattr(item, self.column.name, None if self.column.nullable else False)
        return True

    def check_outside(self, item: Any) -> None:
        """Raise `WriteFailed`, as for a record that is gone, where it has been marked as deleted."""
        if self.has(item):
            raise write_failed("stale")

    def has(self, item: Any) -> bool:
        """Whether a record is marked as deleted."""
        value = getattr(item, self.column.name)
        return bool(value) if self.column.kind is Kind.BOOLEAN else value is not None

    def condition(self, model: type[Any]) -> Condition:
        """What is true of the rows that a data source is about."""
        return _marked(model, self.column, is_marked=self.is_open)

    def _mark(self) -> Any:
        if self.column.kind is Kind.BOOLEAN:
            return True
        now = datetime.now(UTC)
        return now if self.column.timezone else now.replace(tzinfo=None)


def _marked(model: type[Any], column: Column, *, is_marked: bool) -> Condition:
    attribute = getattr(model, column.name)
    if column.kind is Kind.BOOLEAN:
        # IS NOT TRUE holds for NULL, too.
        found: Condition = attribute.is_(sa.true()) if is_marked else attribute.is_not(sa.true())
        return found
    has_none: Condition = attribute.is_(None)
    return sa.not_(has_none) if is_marked else has_none
