"""What the watchdog asks the ledger, and which problems the operator was told of on which day."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from sqlalchemy import Engine, and_, delete, exists, func, or_, select
from sqlalchemy.exc import IntegrityError

from dondoc.ledger.claims import EXPIRED, FAILED, HELD, SENT, UNKNOWN
from dondoc.ledger.ending_tables import alarm
from dondoc.ledger.store import now
from dondoc.ledger.tables import outbox, run

TRIAL = "trial"


def claim_alarm(ledger: Engine, *, campaign: str, told_on: date, problem: str, words: str) -> bool:
    """Claim the right to tell of a problem on a day; false when it was told, or is being told, already."""
    values = {"campaign": campaign, "told_on": told_on, "problem": problem, "words": words, "claimed_at": now()}
    try:
        with ledger.begin() as connection:
            connection.execute(alarm.insert().values(**values))
    except IntegrityError:
        return False
    return True


def prove_writable(ledger: Engine) -> None:
    """Write into the ledger and take it back: one that only reads, or has no room left, says so here.

    Raises:
        SQLAlchemyError: it takes nothing.
    """
    values = {"campaign": "", "told_on": date.min, "problem": TRIAL, "words": "", "claimed_at": now()}
    with ledger.begin() as connection:
        connection.execute(delete(alarm).where(alarm.c.problem == TRIAL))
        connection.execute(alarm.insert().values(**values))
        connection.execute(delete(alarm).where(alarm.c.problem == TRIAL))


def release_alarms(ledger: Engine, *, campaign: str, told_on: date, problems: Iterable[str]) -> None:
    """Give the right back: the mail certainly did not leave."""
    mine = (alarm.c.campaign == campaign, alarm.c.told_on == told_on, alarm.c.problem.in_(list(problems)))
    with ledger.begin() as connection:
        connection.execute(delete(alarm).where(*mine))


def last_mail_on(ledger: Engine, *, campaign: str) -> date | None:
    """Return the latest day of which a mail was sent, None when none was."""
    query = select(func.max(outbox.c.business_date)).where(outbox.c.campaign == campaign, outbox.c.state == SENT)
    with ledger.begin() as connection:
        return connection.scalar(query)


def uneasy_mails(ledger: Engine, *, campaign: str, since: date) -> Counter[str]:
    """Return how many mails need a person, by state: those in doubt of any day, the others of days from `since` on.

    A mail held for what holds a whole run of its day is told of as that, not here.
    """
    with_its_day = exists().where(
        run.c.campaign == outbox.c.campaign,
        run.c.business_date == outbox.c.business_date,
        run.c.hold_reason.startswith(outbox.c.reason),
    )
    held_alone = and_(outbox.c.state == HELD, ~with_its_day)
    recent = outbox.c.business_date >= since
    columns = (outbox.c.state, outbox.c.conflict_open, outbox.c.bounced_at)
    told = or_(
        outbox.c.state == UNKNOWN,
        outbox.c.conflict_open,
        and_(recent, or_(outbox.c.state.in_((EXPIRED, FAILED)), held_alone, outbox.c.bounced_at.is_not(None))),
    )
    query = select(*columns).where(outbox.c.campaign == campaign, told)
    counts: Counter[str] = Counter()
    with ledger.begin() as connection:
        for row in connection.execute(query):
            counts["conflict" if row.conflict_open else "bounced" if row.bounced_at else row.state] += 1
    return counts
