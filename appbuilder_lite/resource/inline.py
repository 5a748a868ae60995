"""How a user declares rows that are edited inside the form of another record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from appbuilder_lite.resource.related_source import MOST_RELATED


class Inline:
    """The records of a one-to-many relation, as rows of the form of the record that they belong to.

    They are saved with it, in one transaction. None means "not declared".

    Example::

        class LineInline(Inline):
            datamodel = SQLAInterface(OrderLine)
            columns = ["product", "quantity", "price"]
            order_column = "position"


        class OrderView(ModelView):
            datamodel = SQLAInterface(Order)
            inlines = [LineInline]
    """

    datamodel: Any = None
    """Where the rows come from. Required: `SQLAInterface(OrderLine)`."""
    relation: str = ""
    """Relation of the form's model that leads to the rows; default the only one there is: `"lines"`."""
    columns: Sequence[str] | None = None
    """Fields of a row; default all that can be written, but for what ties it to its record: `["product", "price"]`."""
    title: str = ""
    """Heading of the rows; default is the relation's name in words: `"What was ordered"`."""
    noun: str = ""
    """What one row is called; default is the model's name in words: `"line"`."""
    order_column: str = ""
    """Column of whole numbers that holds the rows' order, which people can then change: `"position"`."""
    extra: int = 1
    """Blank rows that are shown below the others: `3`."""
    min_rows: int = 0
    """The fewest rows that a record may have: `1`."""
    max_rows: int = MOST_RELATED
    """The most rows that a record may have, up to 100: `10`."""
    can_add: bool = True
    """Whether there can be new rows: `False`."""
    can_edit: bool = True
    """Whether rows can be changed: `False`."""
    can_delete: bool = True
    """Whether rows can be removed: `False`."""
    label_columns: Mapping[str, str] = {}
    """Labels by column; default the name in words: `{"unit_price": "Price"}`."""
    description_columns: Mapping[str, str] = {}
    """Help below a field, by column; default none: `{"quantity": "In boxes"}`."""
    validators_columns: Mapping[str, Sequence[Callable[[Any, Any], object]]] = {}
    """Further WTForms validators by column; default none: `{"quantity": [NumberRange(min=1)]}`."""
    form_query_rel_fields: Mapping[str, Sequence[Sequence[Any]]] = {}
    """Filters on what a relation offers: `{"product": [["is_published", FilterEqual, True]]}`."""

    def pre_add(self, item: Any) -> None:
        """Called with a filled new row that knows its record, inside the transaction; `Rejected` refuses."""

    def pre_update(self, item: Any) -> None:
        """Called with a changed row before it is updated, inside the transaction; `Rejected` refuses."""

    def pre_delete(self, item: Any) -> None:
        """Called before a row is deleted, inside the transaction; `Rejected` refuses."""


OPTIONS: tuple[str, ...] = tuple(
    name for name, value in vars(Inline).items() if not name.startswith("_") and not callable(value)
)
"""Names of all options, in the order of their declaration."""
