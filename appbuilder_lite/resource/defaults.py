"""Which columns stand where when nothing is declared."""

from __future__ import annotations

import re
from collections.abc import Iterator

from appbuilder_lite.data.interface import DataModel
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
    own = {name: relation.local_columns for name, relation in datamodel.relations.items()}
    return tuple(
        name for name in form_columns(datamodel) if name not in keys and not keys.intersection(own.get(name, ()))
    )


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
    for relation in datamodel.relations.values():
        if not relation.cardinality.is_to_many and relation.writable:
            for column in relation.local_columns:
                found.setdefault(column, relation)
    return found


def _is_generated(column: Column) -> bool:
    """Whether a key column fills itself."""
    return column.primary_key and column.has_default
