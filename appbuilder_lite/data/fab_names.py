"""Flask-AppBuilder's names for what a model is made of, on the same object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from appbuilder_lite.data.sqla_entity import Entity
from appbuilder_lite.data.types import Cardinality, Column, Kind, Relation

_SEARCHED = frozenset(Kind) - {Kind.JSON, Kind.ARRAY, Kind.BINARY, Kind.OTHER}


class FabNames:
    """Questions about columns and relations by name; an unknown name is answered with no."""

    @property
    def entity(self) -> Entity:
        raise NotImplementedError

    @property
    def columns(self) -> Mapping[str, Column]:
        raise NotImplementedError

    @property
    def relations(self) -> Mapping[str, Relation]:
        raise NotImplementedError

    @property
    def key_columns(self) -> tuple[str, ...]:
        raise NotImplementedError

    @property
    def model_name(self) -> str:
        return self.entity.model.__name__

    def get_columns_list(self) -> Sequence[str]:
        """All columns and relations."""
        return [*self.columns, *self.relations]

    def get_user_columns_list(self) -> Sequence[str]:
        """All columns and relations that are neither a primary nor a foreign key."""
        keys = {name for name, column in self.columns.items() if column.primary_key or column.foreign_key}
        return [name for name in self.get_columns_list() if name not in keys]

    def get_search_columns_list(self) -> Sequence[str]:
        """The columns and relations that can be filtered by."""
        return [
            name for name in self.get_user_columns_list() if name in self.relations or self._kind(name) in _SEARCHED
        ]

    def get_order_columns_list(self, list_columns: Sequence[str] | None = None) -> Sequence[str]:
        """The columns that a list can be sorted by, of `list_columns` or of all."""
        names = self.columns if list_columns is None else list_columns
        return [name for name in names if self.entity.path(name).offers_order]

    def get_pk_name(self) -> str | Sequence[str]:
        """The key's attribute name; a sequence of them where the key has several."""
        return list(self.key_columns) if self.is_pk_composite() else self.key_columns[0]

    def get_pk_value(self, item: Any) -> Any:
        """The key of a record; a tuple where it has several parts."""
        values = self.entity.key_values(item)
        return values if self.is_pk_composite() else values[0]

    def get_related_model(self, col_name: str) -> type[Any]:
        return self.relations[col_name].target

    def get_max_length(self, col_name: str) -> int:
        """Most characters of a text column; -1 where there is no limit."""
        column = self.columns.get(col_name)
        return -1 if column is None or column.max_length is None else column.max_length

    def is_string(self, col_name: str) -> bool:
        return self._kind(col_name) in {Kind.STRING, Kind.UUID}

    def is_text(self, col_name: str) -> bool:
        return self._kind(col_name) is Kind.TEXT

    def is_binary(self, col_name: str) -> bool:
        return self._kind(col_name) is Kind.BINARY

    def is_integer(self, col_name: str) -> bool:
        return self._kind(col_name) is Kind.INTEGER

    def is_numeric(self, col_name: str) -> bool:
        return self._kind(col_name) is Kind.NUMERIC

    def is_float(self, col_name: str) -> bool:
        return self._kind(col_name) is Kind.FLOAT

    def is_boolean(self, col_name: str) -> bool:
        return self._kind(col_name) is Kind.BOOLEAN

    def is_date(self, col_name: str) -> bool:
        return self._kind(col_name) is Kind.DATE

    def is_datetime(self, col_name: str) -> bool:
        return self._kind(col_name) is Kind.DATETIME

    def is_enum(self, col_name: str) -> bool:
        return self._kind(col_name) is Kind.ENUM

    def is_json(self, col_name: str) -> bool:
        return self._kind(col_name) is Kind.JSON

    def is_relation(self, col_name: str) -> bool:
        return col_name in self.relations

    def is_relation_many_to_one(self, col_name: str) -> bool:
        return self._cardinality(col_name) is Cardinality.MANY_TO_ONE

    def is_relation_one_to_one(self, col_name: str) -> bool:
        return self._cardinality(col_name) is Cardinality.ONE_TO_ONE

    def is_relation_one_to_many(self, col_name: str) -> bool:
        return self._cardinality(col_name) is Cardinality.ONE_TO_MANY

    def is_relation_many_to_many(self, col_name: str) -> bool:
        return self._cardinality(col_name) is Cardinality.MANY_TO_MANY

    def is_nullable(self, col_name: str) -> bool:
        return (col_name in self.columns and self.columns[col_name].nullable) or (
            col_name in self.relations and self.relations[col_name].nullable
        )

    def is_unique(self, col_name: str) -> bool:
        return col_name in self.columns and self.columns[col_name].unique

    def is_pk(self, col_name: str) -> bool:
        return col_name in self.columns and self.columns[col_name].primary_key

    def is_pk_composite(self) -> bool:
        return len(self.key_columns) > 1

    def is_fk(self, col_name: str) -> bool:
        return col_name in self.columns and self.columns[col_name].foreign_key

    def _kind(self, name: str) -> Kind | None:
        column = self.columns.get(name)
        return None if column is None else column.kind

    def _cardinality(self, name: str) -> Cardinality | None:
        relation = self.relations.get(name)
        return None if relation is None else relation.cardinality
