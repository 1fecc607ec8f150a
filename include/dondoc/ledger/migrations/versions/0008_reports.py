"""Versions of reports and addenda, and what each was made of."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'

SQLITE = tuple(
    f"""CREATE TRIGGER report_only_grows_{action.lower()} BEFORE {action} ON report
    BEGIN SELECT RAISE(ABORT, 'report only grows'); END"""
    for action in ('UPDATE', 'DELETE')
)
POSTGRESQL = (
    """CREATE FUNCTION report_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'report only grows'; END $$""",
    """CREATE TRIGGER report_only_grows BEFORE UPDATE OR DELETE ON report FOR EACH ROW
    EXECUTE FUNCTION report_refuse_change()""",
    "CREATE TRIGGER report_whole BEFORE TRUNCATE ON report EXECUTE FUNCTION report_refuse_change()",
)


def upgrade() -> None:
    op.create_table('report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('campaign', sa.String(length=40), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('basis_sha256', sa.String(length=64), nullable=False),
    sa.Column('document_sha256', sa.String(length=64), nullable=False),
    sa.Column('workbook_sha256', sa.String(length=64), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report'))
    )
    op.create_index('ix_report_day', 'report', ['campaign', 'business_date', 'kind'], unique=False)
    for statement in SQLITE if op.get_bind().dialect.name == 'sqlite' else POSTGRESQL:
        op.execute(statement)
