"""What somebody had seen of a record before a question about it, as digests that come back with the answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from appbuilder_lite.data.interface import DataModel
from appbuilder_lite.data.types import Path
from appbuilder_lite.data.written import written
from appbuilder_lite.resource.defaults import is_secret
from appbuilder_lite.resource.loaded import VERSION, Digest
from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.resource.policy import Policy

Columns = Mapping[str, Sequence[str]]
"""The names that somebody meets, and the columns of the record itself that stand behind each."""


def seen_columns(
    options: ResourceOptions, datamodel: DataModel, policy: Policy, can_open: Callable[[str], bool]
) -> Columns:
    """What the person meets on the pages that they may open, as far as the record itself holds it.

    Records behind a relation count by the foreign key alone, several of them not at all; nor does what is read only
    when it is asked for (deferred columns), or what a property or a method makes.
    """
    # A form has fields of its own, too, which are no columns.
    names = (name for name in _met(options, policy, can_open) if name in options.paths)
    found = {name: _behind(options.paths[name], datamodel) for name in names}
    return {name: columns for name, columns in found.items() if columns}


def field_digests(item: Any, columns: Columns, datamodel: DataModel, digest: Digest) -> Mapping[str, str]:
    """A digest of what stands behind each name, and of the version where the model keeps one."""
    return {name: digest(f"{name}={text}") for name, text in _texts(item, columns, datamodel)}


def record_digest(item: Any, columns: Columns, datamodel: DataModel, digest: Digest) -> str:
    """One digest of all that."""
    return digest(json.dumps(list(_texts(item, columns, datamodel))))


def _met(options: ResourceOptions, policy: Policy, can_open: Callable[[str], bool]) -> Iterator[str]:
    for action in ("show", "list", "edit"):
        for name in getattr(options, f"{action}_columns") if can_open(action) else ():
            # A form does not tell what is stored in the field of a password.
            if policy.can_access_field(name, action) and not (action == "edit" and is_secret(name)):
                yield name


def _behind(path: Path, datamodel: DataModel) -> Sequence[str]:
    first = path.through[0] if path.through else path.relation
    if first is not None:
        return () if first.cardinality.is_to_many else first.local_columns
    column = datamodel.columns.get(path.stands_for or "") if path.column is None else path.column
    return () if column is None or column.deferred else (column.name,)


def _texts(item: Any, columns: Columns, datamodel: DataModel) -> Iterator[tuple[str, str]]:
    version = datamodel.version(item)
    if version is not None:
        yield VERSION, str(version)
    for name, behind in columns.items():
        text = written([getattr(item, column) for column in behind])
        if text is not None:
            yield name, text
