"""The outbox's leases, windows and decisions; every attempt; the switch that stops all mail; refused contacts."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'

INSTANT = sa.DateTime(timezone=True)
NEW_COLUMNS: tuple[sa.Column, ...] = (
    sa.Column('fence', sa.Integer(), nullable=False, server_default='0'),
    sa.Column('attempts', sa.Integer(), nullable=False, server_default='0'),
    sa.Column('resends', sa.Integer(), nullable=False, server_default='0'),
    sa.Column('lease_owner', sa.String(length=80), nullable=True),
    sa.Column('lease_expires_at', INSTANT, nullable=True),
    sa.Column('offered_at', INSTANT, nullable=True),
    sa.Column('next_try_at', INSTANT, nullable=True),
    sa.Column('not_before', INSTANT, nullable=True),
    sa.Column('not_after', INSTANT, nullable=True),
    sa.Column('resend_on', sa.Date(), nullable=True),
    sa.Column('conflict_sha256', sa.String(length=64), nullable=True),
    sa.Column('conflict_path', sa.Text(), nullable=True),
    sa.Column('conflict_open', sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column('bounced_at', INSTANT, nullable=True),
    sa.Column('bounce', sa.Text(), nullable=True),
)


def upgrade() -> None:
    for column in NEW_COLUMNS:
        op.add_column('outbox', column)
    op.add_column('run', sa.Column('armed_by', sa.String(length=120), nullable=True))
    # Before leases, a row left in `sending` could not say by whom.
    op.execute("UPDATE outbox SET state = 'unknown' WHERE state = 'sending'")
    op.create_index('ix_outbox_day', 'outbox', ['campaign', 'business_date', 'state'])
    op.create_index('ix_outbox_state', 'outbox', ['state'])
    op.create_index('ix_outbox_message_id', 'outbox', ['message_id'])
    op.create_table('attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('outbox_id', sa.Integer(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('fence', sa.Integer(), nullable=False),
    sa.Column('stage', sa.String(length=10), nullable=False),
    sa.Column('code', sa.Integer(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('queue_id', sa.String(length=80), nullable=True),
    sa.Column('at', INSTANT, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempt')),
    sa.ForeignKeyConstraint(['outbox_id'], ['outbox.id'], name=op.f('fk_attempt_outbox_id'))
    )
    op.create_index('ix_attempt_outbox_id', 'attempt', ['outbox_id'])
    op.create_table('control',
    sa.Column('name', sa.String(length=20), nullable=False),
    sa.Column('kill_switch', sa.Boolean(), nullable=False),
    sa.Column('who', sa.String(length=120), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('changed_at', INSTANT, nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_control'))
    )
    op.create_table('refused_contact',
    sa.Column('campaign', sa.String(length=40), nullable=False),
    sa.Column('unit', sa.String(length=40), nullable=False),
    sa.Column('recipient', sa.String(length=254), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('flagged_at', INSTANT, nullable=False),
    sa.PrimaryKeyConstraint('campaign', 'unit', 'recipient', name=op.f('pk_refused_contact'))
    )
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


# What was attempted is never rewritten, not even by our own code.
APPEND_ONLY = {
    'sqlite': [
        f"CREATE TRIGGER attempt_no_{verb.lower()} BEFORE {verb} ON attempt "
        "BEGIN SELECT RAISE(ABORT, 'attempt is append-only'); END"
        for verb in ('UPDATE', 'DELETE')
    ],
    'postgresql': [
        "CREATE FUNCTION attempt_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'attempt is append-only'; END $$",
        "CREATE TRIGGER attempt_append_only BEFORE UPDATE OR DELETE ON attempt "
        "FOR EACH ROW EXECUTE FUNCTION attempt_append_only()",
    ],
}
