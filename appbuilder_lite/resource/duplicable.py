"""Which columns of a record another one can begin with."""

from __future__ import annotations

from collections.abc import Iterable

from appbuilder_lite.data.interface import DataModel
from appbuilder_lite.data.types import Cardinality, Column, Kind, Path
from appbuilder_lite.resource.defaults import is_secret
from appbuilder_lite.resource.editable import is_editable

_SHARED = frozenset({Cardinality.MANY_TO_ONE, Cardinality.MANY_TO_MANY})
# With a default of these kinds that is no plain value, a record is dated or numbered when it is made.
_MADE_ANEW = frozenset({Kind.DATE, Kind.TIME, Kind.DATETIME, Kind.UUID})


def copied_columns(datamodel: DataModel, columns: Iterable[str]) -> tuple[str, ...]:
    """Those of an add form's columns that a duplicate takes unless others are declared."""
    known = [name for name in columns if name in datamodel.columns or name in datamodel.relations]
    return tuple(
        name for name in known if not why_not(datamodel.path(name), datamodel) and not _is_new(datamodel, name)
    )


def why_not(path: Path, datamodel: DataModel) -> str:
    """Why no duplicate can take what stands here; empty where one can."""
    if path.through or not is_editable(path):
        return "is nothing that a form of this model writes"
    if path.relation is not None and path.relation.cardinality not in _SHARED:
        return "belongs to one record alone, which a duplicate would take it from"
    if path.column is not None and is_secret(path.column.name):
        return "is secret by its name, so its value is put into no form"
    local = [path.column.name] if path.column is not None else path.relation.local_columns if path.relation else ()
    if any(_is_single(datamodel.columns[name]) for name in local):
        return "is unique, so two records cannot have the same"
    return ""


def _is_single(column: Column) -> bool:
    return column.unique or column.primary_key


def _is_new(datamodel: DataModel, name: str) -> bool:
    column = datamodel.columns.get(name)
    return column is not None and column.has_default and column.default is None and column.edited.kind in _MADE_ANEW
