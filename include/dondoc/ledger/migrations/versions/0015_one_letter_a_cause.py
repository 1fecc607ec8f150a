"""One letter for one cause in all campaigns of an office; letters drafted before name no office."""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'


def upgrade() -> None:
    op.add_column("letter", sa.Column("office", sa.String(200)))
    live = sa.text("state NOT IN ('superseded', 'withdrawn')")
    op.create_index(
        "uq_letter_one_a_cause",
        "letter",
        ["office", "case_number", "cause"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )
