"""What a pull left, whole, and decisions to take a source anew for a past day."""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'


def upgrade() -> None:
    op.add_column("snapshot", sa.Column("reference", sa.JSON()))
    op.create_table(
        "retake",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign", sa.String(40), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_retake"),
    )
    op.create_index("ix_retake_day", "retake", ["campaign", "business_date", "source"])
