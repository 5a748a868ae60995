"""Methods of a model that stand for one of its columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Method = TypeVar("Method", bound=Callable[..., Any])
# Flask-AppBuilder's name, so that models with its decorator mean the same.
_MARK = "_col_name"


def renders(column: str) -> Callable[[Method], Method]:
    """Mark a method of a model as another form of a column: lists sort and search the method's cells by that column.

    Example: `@renders("price")` above `def price_in_words(self): ...`, and `list_columns = ["price_in_words"]`.
    """

    def mark(method: Method) -> Method:
        setattr(method, _MARK, column)
        return method

    return mark


def rendered_column(attribute: Any) -> str | None:
    """The column that a class attribute is marked to stand for; of a property, its getter's."""
    found = getattr(getattr(attribute, "fget", attribute), _MARK, None)
    return found if isinstance(found, str) else None
