"""An approval may be taken back until its letter is signed: its bytes stay, it waits to be put up anew."""

from alembic import op

revision = '0031'
down_revision = '0023'

FROZEN = ('campaign', 'case_number', 'cause', 'version', 'path', 'sha256')
KEPT = "(OLD.approved_at IS NOT NULL OR OLD.state IN ('approved', 'signed', 'published'))"
TAKEN_BACK = (
    "(OLD.state = 'approved' AND NEW.state = 'complete' AND NEW.approved_at IS NULL AND NEW.put_up_at IS NULL "
    'AND NEW.signed_sha256 IS NULL)'
)
FALLEN_BACK = (
    "(OLD.state IN ('approved', 'signed', 'published') "
    "AND NEW.state IN ('drafted', 'complete', 'superseded', 'withdrawn'))"
)


def _condition(differs: str) -> str:
    changed = ' OR '.join(f'NEW.{name} {differs} OLD.{name}' for name in FROZEN)
    moved = f'(NEW.approved_at {differs} OLD.approved_at OR {FALLEN_BACK}) AND NOT {TAKEN_BACK}'
    return f'{KEPT} AND ({changed} OR ({moved}))'


def upgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP TRIGGER letter_frozen ON letter')
        op.execute(
            f"""CREATE TRIGGER letter_frozen BEFORE UPDATE ON letter FOR EACH ROW
            WHEN ({_condition('IS DISTINCT FROM')}) EXECUTE FUNCTION refuse_change()"""
        )
        return
    op.execute('DROP TRIGGER letter_frozen')
    op.execute(
        f"""CREATE TRIGGER letter_frozen BEFORE UPDATE ON letter WHEN {_condition('IS NOT')}
        BEGIN SELECT RAISE(ABORT, 'an approved letter never changes'); END"""
    )
