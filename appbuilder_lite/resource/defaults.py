"""Which columns stand where when nothing is declared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from appbuilder_lite.data.interface import DataModel, UnknownPath
from appbuilder_lite.data.types import Cardinality, Column, Kind, Path, Relation
from appbuilder_lite.resource.editable import is_editable

_SECRET = re.compile(
    r"passw(or)?d|passphrase|(^|_)(pwd|secret|token|salt|hash|otp)(_|$)|(api|private|secret)_?key", re.IGNORECASE
)
_WORDLESS = frozenset({Kind.BOOLEAN, Kind.TIME, Kind.INTERVAL})
_TEXTS = frozenset({Kind.STRING, Kind.TEXT})


def is_secret(name: str) -> bool:
    """Whether a column's name says that its values are nobody's business: passwords, hashes, tokens, keys."""
    return bool(_SECRET.search(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)))


def is_offered(column: Column) -> bool:
    """Whether a form shows what a function makes for a column.

    What tells records apart is made when the record is saved: meanwhile somebody else could have taken it. So is what
    is nobody's business.
    """
    is_identity = column.unique or column.primary_key or column.kind is Kind.UUID
    return column.make_default is not None and not is_identity and not is_secret(column.name)


def shown_columns(datamodel: DataModel) -> tuple[str, ...]:
    """What a list and a show page have: all but generated keys, foreign keys and secrets, in the model's order.

    A to-one relation stands in the place of its foreign key; many-to-many relations come last. A key that people
    type themselves and a foreign key without a relation are shown, as nothing else holds them.
    """
    return tuple(name for name in _user_columns(datamodel) if not is_secret(name))


def form_columns(datamodel: DataModel) -> tuple[str, ...]:
    """What a form has: of what is shown, that which can be written."""
    return tuple(name for name in shown_columns(datamodel) if is_editable(datamodel.path(name)))


def edit_columns(datamodel: DataModel) -> tuple[str, ...]:
    """What the edit form has: the same without the key, which is the record's address."""
    keys = frozenset(datamodel.key_columns)
    own = {name: relation.own_columns for name, relation in datamodel.relations.items()}
    return tuple(
        name for name in form_columns(datamodel) if name not in keys and not keys.intersection(own.get(name, ()))
    )


def sorting_columns(datamodel: DataModel, relation: str, named: Mapping[str, Any]) -> tuple[str, ...]:
    """What a list is sorted by in the place of a relation to one record: the columns that name it, or nothing.

    `named` is what a view declares as `label_columns_of`, be it right or wrong.
    """
    columns = named.get(relation)
    if isinstance(columns, str) or not isinstance(columns, Sequence):
        return ()
    names = tuple(f"{relation}.{column}" for column in columns)
    try:
        paths = [datamodel.path(relation), *map(datamodel.path, names)]
    except UnknownPath:
        return ()
    is_one = paths[0].relation is not None and not paths[0].is_to_many
    return names if is_one and all(path.offers_order for path in paths[1:]) else ()


def search_columns(datamodel: DataModel, shown: tuple[str, ...]) -> tuple[str, ...]:
    """What the search box looks into: the model's texts that people get to see."""
    texts = (name for name in shown if name in datamodel.columns and datamodel.columns[name].kind in _TEXTS)
    return tuple(name for name in dict.fromkeys(texts) if not is_secret(name))


def holds_words(path: Path) -> bool:
    """Whether the search box can look for a word here; Flask-AppBuilder's `search_columns` also name what cannot."""
    return path.relation is None and (path.column is None or path.column.kind not in _WORDLESS)


def _user_columns(datamodel: DataModel) -> Iterator[str]:
    by_column = _to_one_relations(datamodel)
    told: set[str] = set()
    for name, column in datamodel.columns.items():
        relation = by_column.get(name)
        if relation is None:
            if not _is_generated(column):
                yield name
        elif relation.name not in told:
            told.add(relation.name)
            yield relation.name
    for name, item in datamodel.relations.items():
        if item.cardinality is Cardinality.MANY_TO_MANY:
            yield name


def _to_one_relations(datamodel: DataModel) -> dict[str, Relation]:
    """Foreign key column -> the relation that stands for it."""
    found: dict[str, Relation] = {}
    # The smaller foreign key first: a tenant's own, before that of a customer within the tenant.
    for relation in sorted(datamodel.relations.values(), key=lambda one: len(one.local_columns)):
        if not relation.cardinality.is_to_many and relation.writable:
            for column in relation.emptied or relation.local_columns:
                found.setdefault(column, relation)
    return found


def _is_generated(column: Column) -> bool:
    """Whether a key column fills itself."""
    return column.primary_key and column.has_default
