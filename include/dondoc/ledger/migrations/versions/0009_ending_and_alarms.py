"""The end of a campaign: final runs, missed days, absent sources, alarms."""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'


def upgrade() -> None:
    op.add_column("run", sa.Column("final_hold_reason", sa.Text()))
    op.add_column("run", sa.Column("units_behind", sa.Integer()))
    op.add_column("run", sa.Column("final_run", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("run", sa.Column("missed_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE run SET final_hold_reason = hold_reason")
    op.create_table(
        "absence",
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("run.id", name="fk_absence_run_id"), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "source", name="pk_absence"),
    )
    op.create_table(
        "alarm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign", sa.String(40), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("problem", sa.String(120), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alarm"),
        sa.UniqueConstraint("campaign", "told_on", "problem", name="uq_alarm_campaign"),
    )
