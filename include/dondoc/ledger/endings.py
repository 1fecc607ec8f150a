"""The mails that end a campaign, its final report and the closing notes: each tells of one end, by its day.

Of a final report the end is the day it was wanted on, of a closing note the deadline. A campaign whose end was moved
owes both anew. An older version wrote no end; the first version of the deadline that is kept gives those theirs.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, and_, or_, select

from dondoc.ledger.claims import CLAIMED, EXPIRED, FAILED, HELD, SENDING, SENT, UNKNOWN, WAITING, WITHDRAWN
from dondoc.ledger.mail_kinds import FINAL
from dondoc.ledger.tables import outbox

# Of the states of several tries of a day, the one that says most.
BEST_FIRST = (SENT, UNKNOWN, SENDING, CLAIMED, *WAITING, HELD, FAILED, EXPIRED)


@dataclass(frozen=True)
class Offered:
    """A mail that was offered to a server: of which day, to whom of which unit, telling of which end."""

    business_date: date
    unit: str
    recipient: str
    ending: date | None

    def tells_of(self, end: date) -> bool:
        """Return whether it tells of that end."""
        return self.ending is None or self.ending == end


@dataclass(frozen=True)
class FinalMail:
    """How far the latest day's mail of a final report got."""

    business_date: date
    state: str


def offered_on_other_days(ledger: Engine, *, campaign: str, kind: str, today: date) -> list[Offered]:
    """Return the mails of that kind, of other days than `today`, that were offered or will be again, oldest first."""
    columns = [outbox.c[name] for name in Offered.__dataclass_fields__]
    mine = (outbox.c.campaign == campaign, outbox.c.business_date != today, outbox.c.kind == kind)
    offered = outbox.c.state.in_((SENDING, SENT, UNKNOWN))
    # What was only claimed on its day can begin no more, unless a person lets it leave again.
    again = and_(outbox.c.state.in_((*WAITING, CLAIMED)), outbox.c.resend_on >= today)
    query = select(*columns).where(*mine, or_(offered, again)).order_by(outbox.c.business_date, outbox.c.id)
    with ledger.begin() as connection:
        return [Offered(**row._mapping) for row in connection.execute(query)]


def latest_final(ledger: Engine, *, campaign: str, end: date) -> FinalMail | None:
    """Return how far the final report for that end got on the latest day it was tried; None when it never was."""
    mine = (outbox.c.campaign == campaign, outbox.c.kind == FINAL, outbox.c.state != WITHDRAWN)
    this_end = or_(outbox.c.ending.is_(None), outbox.c.ending == end)
    with ledger.begin() as connection:
        rows = connection.execute(select(outbox.c.business_date, outbox.c.state).where(*mine, this_end)).all()
    if not rows:
        return None
    latest = max(row.business_date for row in rows)
    found = {row.state for row in rows if row.business_date == latest}
    return FinalMail(latest, next(state for state in BEST_FIRST if state in found))
