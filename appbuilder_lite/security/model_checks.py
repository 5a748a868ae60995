"""What can be wrong with the classes that a manager brings, and with the tables that we are to make."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import MetaData
from sqlalchemy import inspect as sqla_inspect

from appbuilder_lite.errors import Problem
from appbuilder_lite.security.protocols import Database

LONGEST_PREFIX = 20
_PREFIX = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|")


def slot_problems(
    brought: Mapping[str, Any],
    mixins: Mapping[str, type[Any]],
    places: Mapping[str, str],
    metadata: MetaData,
    db: Database,
) -> Iterator[Problem]:
    """Problems of the classes that the host brings, by slot."""
    for slot, model in brought.items():
        where, mapper = places[slot], sqla_inspect(model, raiseerr=False)
        if not isinstance(model, type) or mapper is None:
            yield Problem("AB303", where, f"{model!r} is no mapped class", "name a SQLAlchemy model")
        elif len(mapper.primary_key) != 1:
            keys = ", ".join(column.name for column in mapper.primary_key)
            message = f"{model.__name__} has a key of {len(mapper.primary_key)} columns ({keys})"
            yield Problem("AB304", where, message, "use a class whose primary key is a single column")
        elif slot in mixins and not issubclass(model, mixins[slot]):
            name = mixins[slot].__name__
            fix = f"declare it as class {model.__name__}({name}, db.Model)"
            yield Problem("AB305", where, f"{model.__name__} is not built on {name}", fix)
        elif slot != "user" and mapper.local_table.metadata is not metadata and _is_on(db, mapper):
            fix = "give every security model the __bind_key__ of the user model"
            yield Problem("AB308", where, f"{model.__name__} lives in another database than the user model", fix)


def _is_on(db: Database, mapper: Any) -> bool:
    return any(mapper.local_table.metadata is metadata for metadata in db.metadatas.values())


def table_problems(
    where: str, prefix: str, names: Iterable[str], schema: str | None, db: Database
) -> Iterator[Problem]:
    """Problems of the tables that are to be made."""
    if not _PREFIX.fullmatch(prefix) or len(prefix) > LONGEST_PREFIX:
        fix = f"use at most {LONGEST_PREFIX} letters, digits and underscores, e.g. 'ab_'"
        yield Problem("AB307", where, f"the table prefix {prefix!r} cannot begin a table's name", fix)
        return
    for name in names:
        key = f"{schema}.{prefix}{name}" if schema else f"{prefix}{name}"
        if any(key in metadata.tables for metadata in db.metadatas.values()):
            owner = _owner(db, key)
            fix = "set APPBUILDER_TABLE_PREFIX to a prefix of your own, or give your class to the security manager"
            yield Problem("AB306", where, f"the table {key} that we would make is already {owner}", fix)


def _owner(db: Database, key: str) -> str:
    for mapper in db.Model.registry.mappers:
        if getattr(mapper.local_table, "key", None) == key:
            return f"that of {mapper.class_.__module__}.{mapper.class_.__qualname__}"
    return "on the metadata"
