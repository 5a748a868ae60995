"""What hybrid properties make in SQL, read as columns."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.visitors import iterate

from appbuilder_lite.data.sqla_columns import typed_column
from appbuilder_lite.data.sqla_sources import sources
from appbuilder_lite.data.types import Column


def computed_column(name: str, made: sa.Select[Any], own: set[Any]) -> Column | None:
    """What a statement of one expression makes; None where no condition on rows of the tables `own` can compare it.

    That is so where its type is not known, where it reads from further tables, of which every row would be tied to
    every record, and where it looks at other rows of the list (a window, which SQL allows in no condition).
    """
    columns = list(made.selected_columns)
    if len(columns) != 1 or isinstance(columns[0].type, sa.types.NullType):
        return None
    has_window = any(isinstance(part, sa.Over) for part in iterate(columns[0]))
    return None if has_window or sources(made) - own else replace(typed_column(name, columns[0].type), nullable=True)
