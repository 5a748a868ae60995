"""One mapped class as this package sees it: its columns, relations, keys and paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from inspect import getattr_static
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapper

from appbuilder_lite.data.interface import UnknownPath
from appbuilder_lite.data.keys import decode_key, encode_key
from appbuilder_lite.data.naming import text_of
from appbuilder_lite.data.query import RelatedValue
from appbuilder_lite.data.renders import rendered_column
from appbuilder_lite.data.sqla_columns import columns_of, has_own_key, relations_of
from appbuilder_lite.data.sqla_computed import computed_column
from appbuilder_lite.data.sqla_decorated import key_value
from appbuilder_lite.data.sqla_sources import sources
from appbuilder_lite.data.sqla_types import plain_type
from appbuilder_lite.data.types import Column, Kind, Path, Relation
from appbuilder_lite.data.unreadable import unreadable
from appbuilder_lite.text import class_label


class Entity:
    """What is known of a mapped class without asking the database. Making one configures the mappers."""

    def __init__(self, model: type[Any]) -> None:
        self.model = model
        self.mapper: Mapper[Any] = sa.inspect(model)
        self.relations: dict[str, Relation] = relations_of(self.mapper)
        self.columns: dict[str, Column] = columns_of(self.mapper)
        self.key_columns = tuple(self.mapper.get_property_by_column(column).key for column in self.mapper.primary_key)
        self.has_own_key = has_own_key(self.mapper)
        self._keys = tuple(
            _of_address(self.columns[name], column.type)
            for name, column in zip(self.key_columns, self.mapper.primary_key, strict=True)
        )
        # SQLite stores 64 bits whatever the type says.
        self._wide_keys = tuple(replace(column, minimum=None, maximum=None) for column in self._keys)
        self._has_text = any("__str__" in cls.__dict__ or "__repr__" in cls.__dict__ for cls in model.__mro__[:-1])
        self._text_uuids = [_is_text_uuid(column.type) for column in self.mapper.primary_key]

    def key_attributes(self, root: Any) -> list[Any]:
        """The key's SQL attributes on the class or on an alias of it."""
        return [getattr(root, name) for name in self.key_columns]

    @cached_property
    def sources(self) -> set[Any]:
        """What a statement that selects the keys alone reads from."""
        return sources(sa.select(*self.key_attributes(self.model)).select_from(self.model))

    def key_values(self, item: Any) -> tuple[Any, ...]:
        """The key of a record; a saved one is not loaded again for it."""
        identity: tuple[Any, ...] | None = sa.inspect(item).identity
        return identity if identity is not None else tuple(getattr(item, name) for name in self.key_columns)

    def encode(self, item: Any) -> str:
        return encode_key(self.key_values(item))

    def decode(self, text: str, dialect: sa.Dialect | None = None) -> tuple[Any, ...]:
        """The key's values as its columns take them; raises `InvalidKey`."""
        is_wide = dialect is not None and dialect.name == "sqlite"
        values = decode_key(text, self._wide_keys if is_wide else self._keys)
        found = zip(values, self._text_uuids, self.mapper.primary_key, strict=True)
        return tuple(
            str(value) if is_text and value is not None else key_value(column.type, value, dialect)
            for value, is_text, column in found
        )

    def has_key(self, root: Any, values: Sequence[Any]) -> sa.ColumnElement[bool]:
        pairs = zip(self.key_attributes(root), values, strict=True)
        return sa.and_(*(attribute == value for attribute, value in pairs))

    def has_key_in(self, root: Any, keys: Any) -> sa.ColumnElement[bool]:
        """`keys` is a list of key tuples, or a parameter that will be one (of plain values for a simple key)."""
        attributes = self.key_attributes(root)
        if len(attributes) > 1:
            return sa.tuple_(*attributes).in_(keys)
        values = [key[0] for key in keys] if isinstance(keys, list) else keys
        found: sa.ColumnElement[bool] = attributes[0].in_(values)
        return found

    def related_value(self, item: Any) -> RelatedValue | None:
        """A record as a cell of another one shows it."""
        return None if item is None else RelatedValue(self.encode(item), self.text(item))

    def text(self, item: Any) -> str:
        """`str()` of a record; its kind and key where its class says nothing better."""
        return (self._has_text and text_of(item)) or self.kind_and_key(self.encode(item))

    def kind_and_key(self, key: str) -> str:
        """What a record goes by that has no name of its own, as "Order Item 7"; `key` is encoded."""
        return f"{class_label(self.model.__name__)} {key}"

    def path(self, text: str, names: Mapping[str, str | None] | None = None) -> Path:
        """Resolve a dotted name; `names` maps logical first parts to attribute names."""
        # A table that was read from a database may have a dot in the name of a column.
        first, *rest = [text] if text in self.columns else text.split(".")
        pieces = [(names or {}).get(first) or first, *rest]
        through: list[Relation] = []
        entity = self
        for number, piece in enumerate(pieces[:-1]):
            relation = entity.relations.get(piece)
            if relation is None:
                known = tuple(entity.relations)
                raise UnknownPath(text, piece, entity.model.__name__, known or tuple(entity.columns))
            pieces[number] = relation.name
            through.append(relation)
            entity = Entity(relation.target)
        return entity._last(pieces, tuple(through), text)

    def own_column(self, text: str) -> Path:
        """The path of a column of this very model; raises `UnknownPath`."""
        path = self.path(text)
        if path.column is None or path.through:
            raise UnknownPath(text, text, self.model.__name__, tuple(self.columns))
        return path

    def _last(self, pieces: Sequence[str], through: tuple[Relation, ...], asked: str) -> Path:
        """The path whose last part is looked up in this entity."""
        synonym = self.mapper.synonyms.get(pieces[-1])
        name = synonym.name if synonym is not None else pieces[-1]
        text = ".".join((*pieces[:-1], name))
        single = not any(step.cardinality.is_to_many for step in through)
        if name in self.columns:
            column = self.columns[name]
            # Of a type that is not known here, its database has to know.
            can_order = column.orderable or column.kind is Kind.OTHER
            return Path(text, through, column=column, sortable=single and can_order)
        if name in self.relations:
            return Path(text, through, relation=self.relations[name])
        # Asking with hasattr would run a hybrid, which may be able to answer for a record only.
        if name.startswith("_") or not any(name in cls.__dict__ for cls in self.model.__mro__):
            raise UnknownPath(asked, name, self.model.__name__, (*self.columns, *self.relations))
        printed = self._rendered(name, asked)
        if printed is not None:
            is_sortable = single and printed.orderable
            return Path(text, through, attribute=name, sortable=is_sortable, stands_for=printed.name)
        made = self._statement_of(name)
        computed = None if made is None else computed_column(name, made, self.sources)
        return Path(text, through, attribute=name, sortable=single and made is not None, computed=computed)

    def _rendered(self, name: str, asked: str) -> Column | None:
        """The column that a method is marked to stand for; raises `UnknownPath` where there is none of that name."""
        wanted = rendered_column(getattr_static(self.model, name))
        if wanted is not None and wanted not in self.columns:
            raise UnknownPath(asked, wanted, self.model.__name__, tuple(self.columns))
        return None if wanted is None else self.columns[wanted]

    def _statement_of(self, name: str) -> sa.Select[Any] | None:
        """A statement of what an attribute makes in SQL, as a hybrid property may; None where it makes nothing."""
        if not isinstance(self.mapper.all_orm_descriptors.get(name), hybrid_property):
            return None
        try:
            return sa.select(getattr(self.model, name))
        except (sa.exc.SQLAlchemyError, TypeError, ValueError, AttributeError, NotImplementedError):
            # The Python side of a hybrid was run on the class, and cannot.
            return None


def is_partly_unreadable(item: Any) -> bool:
    """Whether a record holds a value that could not be read."""
    held = vars(item)
    columns = Entity(type(item)).columns
    return any(unreadable(held.get(name), column) is not None for name, column in columns.items())


def _of_address(column: Column, type_: Any) -> Column:
    """A key's column as an address has it: a type of the host's own may store fewer characters than a person reads."""
    return replace(column, max_length=None) if isinstance(type_, sa.TypeDecorator) else column


def _is_text_uuid(type_: Any) -> bool:
    plain = plain_type(type_)
    return isinstance(plain, sa.Uuid) and not plain.as_uuid
