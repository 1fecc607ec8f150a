"""What of a day could not be made for one unit."""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'


def upgrade() -> None:
    op.create_table(
        "setback",
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("run.id", name="fk_setback_run_id"), nullable=False),
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "step", "unit", name="pk_setback"),
    )
