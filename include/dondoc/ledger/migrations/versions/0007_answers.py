"""Workbooks that went out, files that came back, what each cell of them said, and the receipts owed."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'

INSTANT = sa.DateTime(timezone=True)

# What a unit once said is never rewritten, not even by our own code.
APPEND_ONLY = {
    'sqlite': [
        f"CREATE TRIGGER answer_no_{verb.lower()} BEFORE {verb} ON answer "
        "BEGIN SELECT RAISE(ABORT, 'answer is append-only'); END"
        for verb in ('UPDATE', 'DELETE')
    ],
    'postgresql': [
        "CREATE FUNCTION answer_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'answer is append-only'; END $$",
        "CREATE TRIGGER answer_append_only BEFORE UPDATE OR DELETE ON answer "
        "FOR EACH ROW EXECUTE FUNCTION answer_append_only()",
        "CREATE TRIGGER answer_whole BEFORE TRUNCATE ON answer EXECUTE FUNCTION answer_append_only()",
    ],
}


def upgrade() -> None:
    op.create_table('workbook',
    sa.Column('identity', sa.String(length=32), nullable=False),
    sa.Column('campaign', sa.String(length=40), nullable=False),
    sa.Column('unit', sa.String(length=40), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('lines', sa.Text(), nullable=False),
    sa.Column('issued_at', INSTANT, nullable=False),
    sa.PrimaryKeyConstraint('identity', name=op.f('pk_workbook'))
    )
    op.create_index('ix_workbook_unit', 'workbook', ['campaign', 'unit', 'business_date'])
    op.create_table('answer_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('campaign', sa.String(length=40), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('sender', sa.String(length=254), nullable=False),
    sa.Column('origin', sa.String(length=120), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('identity', sa.String(length=32), nullable=True),
    sa.Column('unit', sa.String(length=40), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.Column('taken_at', INSTANT, nullable=False),
    sa.ForeignKeyConstraint(['identity'], ['workbook.identity'], name=op.f('fk_answer_file_identity')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer_file')),
    sa.UniqueConstraint('campaign', 'sha256', 'sender', name=op.f('uq_answer_file_campaign_sha256_sender'))
    )
    op.create_table('answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('campaign', sa.String(length=40), nullable=False),
    sa.Column('unit', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('field', sa.String(length=20), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('at', INSTANT, nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['answer_file.id'], name=op.f('fk_answer_file_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer'))
    )
    op.create_index(op.f('ix_answer_file_id'), 'answer', ['file_id'])
    op.create_index('ix_answer_field', 'answer', ['campaign', 'state', 'business_date'])
    promised = sa.text("field = 'new_due_on' AND state = 'accepted'")
    op.create_index('uq_answer_new_date', 'answer', ['campaign', 'number'], unique=True,
    sqlite_where=promised, postgresql_where=promised)
    op.create_table('answer_notice',
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('owed_on', sa.Date(), nullable=False),
    sa.Column('told_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['file_id'], ['answer_file.id'], name=op.f('fk_answer_notice_file_id')),
    sa.PrimaryKeyConstraint('file_id', 'owed_on', name=op.f('pk_answer_notice'))
    )
    op.create_table('answer_mail',
    sa.Column('campaign', sa.String(length=40), nullable=False),
    sa.Column('mailbox', sa.String(length=120), nullable=False),
    sa.Column('uid', sa.String(length=40), nullable=False),
    sa.Column('read_at', INSTANT, nullable=False),
    sa.PrimaryKeyConstraint('campaign', 'mailbox', 'uid', name=op.f('pk_answer_mail'))
    )
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)
