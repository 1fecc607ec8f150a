"""Waivers that were applied: since when, until when, and why they ended."""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'


def upgrade() -> None:
    op.create_table(
        "waiver",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_waiver"),
    )
    lasting = sa.text("ended_on IS NULL")
    op.create_index(
        "uq_waiver_lasting",
        "waiver",
        ["campaign", "kind", "number", "by", "reason", "until"],
        unique=True,
        sqlite_where=lasting,
        postgresql_where=lasting,
    )
