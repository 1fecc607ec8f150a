"""The register of letters: states, signatures, events that cannot be changed, approved bytes that cannot be changed."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'

FROZEN = ('campaign', 'case_number', 'cause', 'version', 'path', 'sha256', 'approved_at')
KEPT = "(OLD.approved_at IS NOT NULL OR OLD.state IN ('approved', 'signed', 'published'))"
FALLEN_BACK = "(OLD.state IN ('approved', 'signed', 'published') AND NEW.state IN ('drafted', 'complete', 'superseded', 'withdrawn'))"

SQLITE = (
    f"""CREATE TRIGGER letter_frozen BEFORE UPDATE ON letter WHEN {KEPT} AND (
    {' OR '.join(f'NEW.{name} IS NOT OLD.{name}' for name in FROZEN)} OR {FALLEN_BACK})
    BEGIN SELECT RAISE(ABORT, 'an approved letter never changes'); END""",
    f"""CREATE TRIGGER letter_kept BEFORE DELETE ON letter WHEN {KEPT}
    BEGIN SELECT RAISE(ABORT, 'an approved letter is never deleted'); END""",
    """CREATE TRIGGER letter_event_update BEFORE UPDATE ON letter_event
    BEGIN SELECT RAISE(ABORT, 'letter_event only grows'); END""",
    """CREATE TRIGGER letter_event_delete BEFORE DELETE ON letter_event
    BEGIN SELECT RAISE(ABORT, 'letter_event only grows'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'an approved letter never changes, letter_event only grows'; END $$""",
    f"""CREATE TRIGGER letter_frozen BEFORE UPDATE ON letter FOR EACH ROW WHEN ({KEPT} AND (
    {' OR '.join(f'NEW.{name} IS DISTINCT FROM OLD.{name}' for name in FROZEN)} OR {FALLEN_BACK}))
    EXECUTE FUNCTION refuse_change()""",
    f"CREATE TRIGGER letter_kept BEFORE DELETE ON letter FOR EACH ROW WHEN ({KEPT}) EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER letter_whole BEFORE TRUNCATE ON letter EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER letter_event_only_grows BEFORE UPDATE OR DELETE ON letter_event FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER letter_event_whole BEFORE TRUNCATE ON letter_event EXECUTE FUNCTION refuse_change()",
)


def upgrade() -> None:
    for name in ('missing', 'facts'):
        op.add_column('letter', sa.Column(name, sa.Text(), nullable=False, server_default=''))
    for name in ('drafted_sha256', 'basis_sha256', 'facts_sha256'):
        op.add_column('letter', sa.Column(name, sa.String(length=64), nullable=False, server_default=''))
    for name in ('promised_on', 'signed_on'):
        op.add_column('letter', sa.Column(name, sa.Date(), nullable=True))
    for name in ('put_up_at', 'approved_at'):
        op.add_column('letter', sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    for name in ('number', 'signer', 'reason', 'stale_reason'):
        op.add_column('letter', sa.Column(name, sa.Text(), nullable=True))
    for name in ('signed_sha256', 'stale_facts_sha256'):
        op.add_column('letter', sa.Column(name, sa.String(length=64), nullable=True))
    letter = sa.table('letter', sa.column('state'), sa.column('complete'), sa.column('missing'), sa.column('facts'),
    sa.column('sha256'), sa.column('drafted_sha256'))
    drafted = letter.c.state == 'drafted'
    op.execute(letter.update().values(facts='{}', drafted_sha256=letter.c.sha256))
    op.execute(letter.update().where(drafted, letter.c.complete == sa.true()).values(state='complete'))
    op.execute(letter.update().where(drafted).values(missing='reason'))
    op.drop_column('letter', 'complete')
    latest = sa.text("state != 'superseded'")
    op.create_index('uq_letter_latest', 'letter', ['campaign', 'case_number', 'cause'], unique=True,
    sqlite_where=latest, postgresql_where=latest)
    op.create_table('letter_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('letter_id', sa.Integer(), nullable=False),
    sa.Column('action', sa.String(length=12), nullable=False),
    sa.Column('from_state', sa.String(length=12), nullable=True),
    sa.Column('to_state', sa.String(length=12), nullable=False),
    sa.Column('detail', sa.Text(), nullable=True),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['letter_id'], ['letter.id'], name=op.f('fk_letter_event_letter_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_event'))
    )
    op.create_index(op.f('ix_letter_event_letter_id'), 'letter_event', ['letter_id'])
    for statement in SQLITE if op.get_bind().dialect.name == 'sqlite' else POSTGRESQL:
        op.execute(statement)
