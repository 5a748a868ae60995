"""Runs the revisions of our own tables. `appbuilder_lite.migrating` hands over the connection and the layout."""

from __future__ import annotations

from alembic import context

attributes = context.config.attributes
if "layout" not in attributes:
    raise SystemExit("These migrations depend on the app that they are for. Run: flask appbuilder upgrade")

layout = attributes["layout"]
options = {"version_table": layout.version_table, "version_table_schema": layout.schema}

if context.is_offline_mode():
    context.configure(dialect_name=attributes["dialect"], literal_binds=True, **options)
else:
    context.configure(connection=attributes["connection"], **options)

with context.begin_transaction():
    context.run_migrations()
