"""What a statement reads from. SQLAlchemy prepares a whole compilation to tell, so it is not asked without need."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa


def sources(query: sa.Select[Any]) -> set[Any]:
    """What a statement selects from, by itself or in a join."""
    found, pending = set[Any](), list[Any](query.get_final_froms())
    while pending:
        source = pending.pop()
        if isinstance(source, sa.Join):
            pending += (source.left, source.right)
        else:
            found.add(source)
    return found
