"""What a user chose to see, written; it is read with who asks, by `Store.snapshot`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete

from appbuilder_lite.security.inserts import insert_or_update
from appbuilder_lite.security.manager_parts import ManagerParts

LONGEST_NAME = 128
"""Characters of a preference's name that the table holds."""


def keep_preference(sm: ManagerParts, user_key: Any, name: str, value: str) -> None:
    """Keep a user's choice under a name, in place of an earlier one; commits."""
    row = {"user_id": user_key, "name": name, "value": value}
    with sm.writing(commit=True):
        statement = insert_or_update(sm.models.preference, sm.store.connection().dialect.name, row)
        sm.session.execute(statement, bind_arguments=sm.bind)


def forget_preference(sm: ManagerParts, user_key: Any, name: str) -> None:
    """Forget a user's choice; commits."""
    table = sm.models.preference
    with sm.writing(commit=True):
        statement = delete(table).where(table.c.user_id == user_key, table.c.name == name)
        sm.session.execute(statement, bind_arguments=sm.bind)
