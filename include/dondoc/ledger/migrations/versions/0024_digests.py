"""The chain of what each transaction left, the ledger's own name; triggers that stop REPLACE and TRUNCATE too."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0022'

# What must not meet a row that is there: INSERT OR REPLACE would delete it, and passes the triggers that refuse that.
KEYS = {
    'audit': ('seq = NEW.seq', 'hash = NEW.hash'),
    'digest': ('seq = NEW.seq', 'hash = NEW.hash'),
    'attempt': ('id = NEW.id',),
    'letter_event': ('id = NEW.id',),
    'report': ('id = NEW.id',),
    'signed_file': ('id = NEW.id',),
    'deadline': ('id = NEW.id',),
    'answer': (
        'id = NEW.id',
        "(campaign = NEW.campaign AND number = NEW.number AND field = 'new_due_on' AND state = 'accepted' "
        "AND NEW.field = 'new_due_on' AND NEW.state = 'accepted')",
    ),
    'letter': (
        'id = NEW.id',
        '(campaign = NEW.campaign AND case_number = NEW.case_number AND cause = NEW.cause AND version = NEW.version)',
        "(campaign = NEW.campaign AND case_number = NEW.case_number AND cause = NEW.cause AND state <> 'superseded' "
        "AND NEW.state <> 'superseded')",
        "(office = NEW.office AND case_number = NEW.case_number AND cause = NEW.cause "
        "AND state NOT IN ('superseded', 'withdrawn') AND NEW.state NOT IN ('superseded', 'withdrawn'))",
    ),
    'outbox': ('id = NEW.id', 'dedupe_key = NEW.dedupe_key'),
    'batch': ('id = NEW.id',),
    'gate_override': ('id = NEW.id',),
    'run': (
        'id = NEW.id',
        '(campaign = NEW.campaign AND business_date = NEW.business_date AND kind = NEW.kind)',
    ),
}
SQLITE = [
    f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
    f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {' OR '.join(keys)}) "
    f"BEGIN SELECT RAISE(ABORT, 'a row of {table} is never replaced'); END"
    for table, keys in KEYS.items()
] + [
    f"CREATE TRIGGER digest_no_{verb.lower()} BEFORE {verb} ON digest "
    "BEGIN SELECT RAISE(ABORT, 'digest is append-only'); END"
    for verb in ('UPDATE', 'DELETE')
]
WHOLE = ('attempt', 'outbox', 'batch', 'batch_letter', 'gate_override', 'run', 'waiver', 'control', 'retake')
POSTGRESQL = [
    "CREATE FUNCTION refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'rows of % are never truncated', TG_TABLE_NAME; END $$",
    "CREATE FUNCTION digest_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'digest is append-only'; END $$",
    'CREATE TRIGGER digest_append_only BEFORE UPDATE OR DELETE ON digest FOR EACH ROW '
    'EXECUTE FUNCTION digest_append_only()',
] + [
    f'CREATE TRIGGER {table}_never_truncated BEFORE TRUNCATE ON {table} EXECUTE FUNCTION refuse_truncate()'
    for table in ('digest', *WHOLE)
]


def upgrade() -> None:
    op.create_table(
        'digest',
        sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('at', sa.String(32), nullable=False),
        sa.Column('audit_seq', sa.Integer(), nullable=False),
        sa.Column('audit_hash', sa.String(64), nullable=False),
        sa.Column('digests', sa.Text(), nullable=False),
        sa.Column('prev_hash', sa.String(64), nullable=False),
        sa.Column('hash', sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint('seq', name='pk_digest'),
        sa.UniqueConstraint('hash', name='uq_digest_hash'),
    )
    head = op.create_table(
        'digest_head',
        sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('seq', sa.Integer(), nullable=False),
        sa.Column('hash', sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint('id', name='pk_digest_head'),
    )
    op.bulk_insert(head, [{'id': 1, 'seq': 0, 'hash': '0' * 64}])
    identity = op.create_table(
        'identity',
        sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('ledger', sa.String(32), nullable=False),
        sa.Column('store', sa.String(32)),
        sa.PrimaryKeyConstraint('id', name='pk_identity'),
    )
    op.bulk_insert(identity, [{'id': 1, 'ledger': uuid4().hex}])
    for statement in SQLITE if op.get_bind().dialect.name == 'sqlite' else POSTGRESQL:
        op.execute(statement)
