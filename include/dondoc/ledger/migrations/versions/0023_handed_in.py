"""The key of workbooks' tokens, what was set aside at a door, and promised dates that a person corrected."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0024'
INSTANT = sa.DateTime(timezone=True)
# Who corrected what a citizen is promised is never rewritten.
APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER promise_correction_no_{verb.lower()} BEFORE {verb} ON promise_correction "
        "BEGIN SELECT RAISE(ABORT, 'promise_correction is append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE FUNCTION promise_correction_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'promise_correction is append-only'; END $$",
        "CREATE TRIGGER promise_correction_append_only BEFORE UPDATE OR DELETE ON promise_correction "
        "FOR EACH ROW EXECUTE FUNCTION promise_correction_append_only()",
        "CREATE TRIGGER promise_correction_whole BEFORE TRUNCATE ON promise_correction "
        "EXECUTE FUNCTION promise_correction_append_only()",
    ],
}


def upgrade() -> None:
    key = op.create_table(
        "workbook_key", sa.Column("key", sa.String(64), nullable=False), sa.PrimaryKeyConstraint("key", name="pk_workbook_key")
    )
    op.bulk_insert(key, [{"key": secrets.token_hex(32)}])
    op.create_table(
        "set_aside",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign", sa.String(40), nullable=False),
        sa.Column("door", sa.String(20), nullable=False),
        sa.Column("origin", sa.String(254), nullable=False),
        sa.Column("sender", sa.String(254), nullable=False),
        sa.Column("unit", sa.String(40)),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_set_aside"),
        sa.UniqueConstraint("campaign", "door", "origin", name="uq_set_aside_campaign"),
    )
    op.create_table(
        "promise_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign", sa.String(40), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("was", sa.Date(), nullable=False),
        sa.Column("new_due_on", sa.Date(), nullable=False),
        sa.Column("corrected_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_promise_correction"),
    )
    op.create_index("ix_promise_correction_campaign", "promise_correction", ["campaign"])
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)
