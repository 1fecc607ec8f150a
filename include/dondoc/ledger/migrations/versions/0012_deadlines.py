"""The versions of a campaign's end, and of which end a mail tells."""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'

SQLITE = tuple(
    f"""CREATE TRIGGER deadline_only_grows_{action.lower()} BEFORE {action} ON deadline
    BEGIN SELECT RAISE(ABORT, 'deadline only grows'); END"""
    for action in ('UPDATE', 'DELETE')
)
POSTGRESQL = (
    """CREATE FUNCTION deadline_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'deadline only grows'; END $$""",
    """CREATE TRIGGER deadline_only_grows BEFORE UPDATE OR DELETE ON deadline FOR EACH ROW
    EXECUTE FUNCTION deadline_refuse_change()""",
    "CREATE TRIGGER deadline_whole BEFORE TRUNCATE ON deadline EXECUTE FUNCTION deadline_refuse_change()",
)


def upgrade() -> None:
    op.create_table(
        "deadline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign", sa.String(40), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("report_on", sa.Date(), nullable=False),
        sa.Column("report_at", sa.Time(), nullable=False),
        sa.Column("moved_by", sa.Text()),
        sa.Column("document", sa.Text()),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deadline"),
    )
    op.create_index("ix_deadline_campaign", "deadline", ["campaign"])
    op.add_column("outbox", sa.Column("ending", sa.Date()))
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
