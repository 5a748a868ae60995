"""${message}

Revision: ${up_revision}, after ${down_revision | comma,n}
"""

from alembic import context, op
from sqlalchemy import Column
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    """Only CREATE TABLE, CREATE INDEX and ADD COLUMN of nullable columns, on `context.config.attributes["layout"]`."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
