"""The prints leaders read, and the letters that are not offered since they may print other words."""

import sqlalchemy as sa
from alembic import op

revision = '0026'
down_revision = '0018'


def upgrade() -> None:
    op.create_table(
        "letter_print",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("pdf_sha256", sa.String(64), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", "pdf_sha256", name="pk_letter_print"),
    )
    op.create_table(
        "unoffered_letter",
        sa.Column(
            "letter_id",
            sa.Integer(),
            sa.ForeignKey("letter.id", name="fk_unoffered_letter_letter_id"),
            nullable=False,
        ),
        sa.Column("unshown", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("letter_id", name="pk_unoffered_letter"),
    )
