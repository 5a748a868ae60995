"""Notices that grants changed, and marks it: a new random grant version, and fingerprints that no longer hold.

The mark is written right after the change, on the same connection and in the same transaction. A random value, not a
counter: two transactions that run at once cannot both arrive at the same one, and a value that was rolled back never
comes again.
"""

from __future__ import annotations

import secrets
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, event, inspect, update
from sqlalchemy.orm import Session, scoped_session
from sqlalchemy.sql.dml import UpdateBase

from appbuilder_lite.security.inserts import insert_ignoring
from appbuilder_lite.security.models import SecurityModels

GRANTS = "grants"
FINGERPRINT_PREFIX = "sync:"
WITHOUT_MARK = MappingProxyType({"appbuilder_lite_without_mark": True})
"""Execution options of a statement whose caller marks the change itself."""
_WATCHED = "appbuilder_lite.grant_changes"


def touch_grants(target: Connection | Session | scoped_session[Any], models: SecurityModels) -> None:
    """Tell every process that grants changed, at the end of the running transaction; call it after raw SQL.

    Example: `touch_grants(db.session, sm.models); db.session.commit()`.
    """
    connection = _connection(target, models)
    state, version = models.state, secrets.token_hex(16)
    marked = connection.execute(update(state).where(state.c.name == GRANTS).values(value=version))
    if not marked.rowcount:
        insertion = insert_ignoring(state, connection.dialect.name)
        connection.execute(insertion, [{"name": GRANTS, "value": version}])


def forget_fingerprints(target: Connection | Session | scoped_session[Any], models: SecurityModels) -> None:
    """Make the next start compare all names again, because permission records were removed or renamed."""
    state = models.state
    _connection(target, models).execute(delete(state).where(state.c.name.startswith(FINGERPRINT_PREFIX)))


def _connection(target: Connection | Session | scoped_session[Any], models: SecurityModels) -> Connection:
    if isinstance(target, Connection):
        return target
    return target.connection(bind_arguments={"mapper": inspect(models.role)})


def watch(models: SecurityModels) -> None:
    """Mark every change of grants that a statement of SQLAlchemy's makes, in this process. Idempotent.

    Sessions flush by such statements too, so it makes no difference which session or connection is used. What is
    watched is kept on the tables' own metadata and goes with them; the one listener holds nothing.
    """
    names = {inspect(model).local_table for model in (models.permission, models.view_menu, models.permission_view)}
    grants = {inspect(models.role).local_table, models.permission_view_role}
    for table in names | grants:
        watched = table.metadata.info.setdefault(_WATCHED, {})
        watched.setdefault(table.key, {})[models.state.key] = (models, table in names)
    if not event.contains(Engine, "after_execute", _after_execute):
        event.listen(Engine, "after_execute", _after_execute)


def _after_execute(  # SQLAlchemy's signature
    connection: Connection, statement: Any, _many: Any, _values: Any, options: Any, _result: Any
) -> None:
    """Look at an INSERT, UPDATE or DELETE statement that has just run; every other one passes at once."""
    if not isinstance(statement, UpdateBase):
        return
    table: Any = statement.table
    watched = isinstance(table, Table) and table.metadata.info.get(_WATCHED, {}).get(table.key)
    if not watched or WITHOUT_MARK.items() <= options.items():
        return
    for models, holds_names in watched.values():
        # Names alone grant nothing; a new one changes no decision.
        if holds_names and statement.is_insert:
            continue
        if holds_names:
            forget_fingerprints(connection, models)
        touch_grants(connection, models)
