"""Sums and averages of columns over all rows of a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Context, Decimal
from typing import Any

import sqlalchemy as sa

from appbuilder_lite.data.query import Sum
from appbuilder_lite.data.sqla_entity import Entity
from appbuilder_lite.data.sqla_paths import Joins, last_attribute
from appbuilder_lite.data.types import Kind, Path

# Digits of an average that a column of whole numbers says nothing about.
_PLACES = 2
# What a float has for sure; the rest is noise of adding.
_SURE_DIGITS = 12
# PostgreSQL's numbers have as many before the decimal point, and after it.
_MOST_DIGITS = 131_072 + 16_383


def sums(session: Any, entity: Entity, scoped: sa.Select[Any], paths: Sequence[Path]) -> Mapping[str, Sum]:
    """The sum and the average of each path over the rows of `scoped`, in one statement; none of what has no value."""
    joins = Joins(entity.model)
    values = [last_attribute(joins.alias(path.through), path).label(f"value_{n}") for n, path in enumerate(paths)]
    own = scoped.with_only_columns(*values, maintain_column_froms=True)
    rows = joins.apply(own).order_by(None).subquery()
    asked = [part for column in rows.c for part in (sa.func.sum(column), _average(column))]
    found = session.execute(sa.select(*asked)).one()
    return {
        path.text: Sum(_exact(total, path), _rounded(average, path))
        for path, total, average in zip(paths, found[::2], found[1::2], strict=True)
        if total is not None
    }


def _average(column: Any) -> Any:
    return sa.type_coerce(sa.func.avg(column), sa.types.NullType())


def _exact(value: Any, path: Path) -> Any:
    """A sum without the noise of floats; whole where the column is, whatever type the database adds in."""
    kind = Kind.OTHER if path.column is None else path.column.kind
    if kind is Kind.INTEGER:
        return int(value)
    return _sure(value) if kind is Kind.FLOAT or isinstance(value, float) else value


def _rounded(value: Any, path: Path) -> Decimal:
    """An average with as many decimals as the column has; of a float as many as are sure."""
    column = path.column
    if column is not None and column.kind is Kind.FLOAT:
        return _sure(value)
    found = Decimal(str(value))
    if not found.is_finite():
        return found
    places = _PLACES if column is None or column.scale is None else max(column.scale, 0)
    # Python's own context has room for 28 digits; columns have more.
    return found.quantize(Decimal(1).scaleb(-places), context=Context(prec=_MOST_DIGITS))


def _sure(value: Any) -> Decimal:
    return Decimal(f"{value:.{_SURE_DIGITS}g}")
