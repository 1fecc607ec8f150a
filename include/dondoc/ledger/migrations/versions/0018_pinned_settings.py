"""The settings that were pinned when a run opened."""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'


def upgrade() -> None:
    op.add_column("run", sa.Column("settings", sa.String(16)))
