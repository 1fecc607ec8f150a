"""The verdicts on files that came back as signed letters, append-only."""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0026'

SQLITE = tuple(
    f"""CREATE TRIGGER signed_file_only_grows_{action.lower()} BEFORE {action} ON signed_file
    BEGIN SELECT RAISE(ABORT, 'signed_file only grows'); END"""
    for action in ('UPDATE', 'DELETE')
)
POSTGRESQL = (
    """CREATE FUNCTION signed_file_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'signed_file only grows'; END $$""",
    """CREATE TRIGGER signed_file_only_grows BEFORE UPDATE OR DELETE ON signed_file FOR EACH ROW
    EXECUTE FUNCTION signed_file_refuse_change()""",
    "CREATE TRIGGER signed_file_whole BEFORE TRUNCATE ON signed_file EXECUTE FUNCTION signed_file_refuse_change()",
)


def upgrade() -> None:
    op.create_table(
        "signed_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("approved_sha256", sa.String(64), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("signatures", sa.JSON(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name="fk_signed_file_letter_id"),
        sa.PrimaryKeyConstraint("id", name="pk_signed_file"),
    )
    op.create_index("ix_signed_file_letter_id", "signed_file", ["letter_id"])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
