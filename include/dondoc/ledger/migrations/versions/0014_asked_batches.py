"""When a batch of letters was asked for: one that never was is asked for by the next run."""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'


def upgrade() -> None:
    op.add_column("batch", sa.Column("asked_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE batch SET asked_at = put_up_at")
