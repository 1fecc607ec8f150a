"""The ladder of reminders: which rung a mail carries; nobody is reminded twice a day of one unit."""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'

ONE_REMINDER = sa.text("kind = 'reminder' AND state <> 'withdrawn' AND resends = 0")


def upgrade() -> None:
    op.create_table('rung',
    sa.Column('outbox_id', sa.Integer(), nullable=False),
    sa.Column('unit', sa.String(length=40), nullable=False),
    sa.Column('rung', sa.String(length=20), nullable=False),
    sa.Column('deadline', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['outbox_id'], ['outbox.id'], name=op.f('fk_rung_outbox_id')),
    sa.PrimaryKeyConstraint('outbox_id', 'unit', 'rung', name=op.f('pk_rung'))
    )
    op.create_index('uq_outbox_one_reminder', 'outbox', ['campaign', 'business_date', 'unit', 'recipient'],
                    unique=True, sqlite_where=ONE_REMINDER, postgresql_where=ONE_REMINDER)
