"""The day a letter's case was last seen changed, so that no re-run of an earlier day undoes what a later one saw."""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'


def upgrade() -> None:
    op.add_column("letter", sa.Column("stale_on", sa.Date()))
