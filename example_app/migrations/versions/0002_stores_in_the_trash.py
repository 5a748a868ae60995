"""Stores that are deleted stay, with the time of it.

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-22 14:35:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("store", sa.Column("deleted_at", sa.DateTime(), nullable=True))


def downgrade():
    with op.batch_alter_table("store") as batch:
        batch.drop_column("deleted_at")
