"""A scope put on the keys of a list: what it joins must not multiply the rows."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from appbuilder_lite.data.interface import Scope
from appbuilder_lite.data.sqla_entity import Entity
from appbuilder_lite.data.sqla_paths import sources


def scoped_keys(entity: Entity, base: sa.Select[Any], scope: Scope) -> sa.Select[Any]:
    """`base`, which selects the keys alone, narrowed by a scope; `base` itself where the scope narrows nothing.

    Of a scope that joins other tables, the keys are taken: each row comes once however many others it is joined to.
    Where rows have no key of their own they cannot be told by it, and come as the scope gives them.
    """
    scoped: sa.Select[Any] = scope(base)
    if scoped is base or not entity.has_own_key or sources(scoped) == sources(base):
        return scoped
    keys = only_keys(entity, scoped).order_by(None).correlate(None)
    return base.where(entity.has_key_in(entity.model, keys))


def only_keys(entity: Entity, scoped: sa.Select[Any]) -> sa.Select[Any]:
    """The statement without the columns that a scope has added."""
    return scoped.with_only_columns(*entity.key_attributes(entity.model), maintain_column_froms=True)
