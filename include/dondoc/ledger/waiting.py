"""The mails that were put off and are offered again outside the day's run, and those that never left."""

from datetime import date, datetime, timedelta

from sqlalchemy import Engine, and_, exists, func, or_, select

from dondoc.ledger.claims import DEFERRED, EXPIRED, OF_ANSWERS, PLANNED, ClockReading, may_leave
from dondoc.ledger.mail_kinds import FINAL
from dondoc.ledger.outbox import UNSETTLED, day_over
from dondoc.ledger.runs import DAILY, DONE
from dondoc.ledger.tables import outbox, run


def put_off_mails(ledger: Engine, *, campaign: str, today: date) -> list[tuple[date, str]]:
    """Return the days and kinds of which mails wait that no run of theirs offers any more, the final report's first.

    What a server put off waits for the next try. What is planned though it was offered before was found by evidence not
    to have left, or chosen by a person to be sent again; what is planned though its day's run is done was left by a
    sender that died, or missed the hours of mail. Receipts have their own run.
    """
    ended = exists().where(
        run.c.campaign == outbox.c.campaign,
        run.c.business_date == outbox.c.business_date,
        run.c.kind == DAILY,
        run.c.state == DONE,
    )
    left = or_(outbox.c.state == DEFERRED, and_(outbox.c.state == PLANNED, or_(ended, outbox.c.attempts > 0)))
    of_today = or_(outbox.c.business_date == today, outbox.c.resend_on == today)
    query = select(outbox.c.business_date, outbox.c.kind).distinct()
    with ledger.begin() as connection:
        rows = connection.execute(
            query.where(outbox.c.campaign == campaign, outbox.c.kind.not_in(OF_ANSWERS), of_today, left)
        )
        return sorted((tuple(row) for row in rows), key=lambda one: (one[1] != FINAL, one))


def count_put_off(ledger: Engine, *, campaign: str) -> dict[date, int]:
    """Return how many mails that were put off still wait, by day."""
    mine = outbox.c.campaign == campaign, outbox.c.state == DEFERRED
    query = select(outbox.c.business_date, func.count()).where(*mine).group_by(outbox.c.business_date)
    with ledger.begin() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def count_forgotten(ledger: Engine, moment: ClockReading, *, campaign: str, waited: timedelta) -> int:
    """Return how many mails that may leave now were due for another try so long ago, and had none."""
    mine = outbox.c.campaign == campaign, outbox.c.state == DEFERRED, outbox.c.next_try_at <= moment.at - waited
    with ledger.begin() as connection:
        return connection.scalar(select(func.count()).select_from(outbox).where(*mine, may_leave(moment))) or 0


def count_left(ledger: Engine, moment: ClockReading, *, campaign: str, since: date, waited: timedelta) -> int:
    """Return how many mails of days from `since` on stand unsettled so long, though their day's run has ended."""
    mine = outbox.c.campaign == campaign, outbox.c.business_date >= since, outbox.c.changed_at <= moment.at - waited
    left = outbox.c.state.in_(UNSETTLED), day_over()
    with ledger.begin() as connection:
        return connection.scalar(select(func.count()).select_from(outbox).where(*mine, *left)) or 0


def count_expired(ledger: Engine, *, campaign: str, since: datetime) -> int:
    """Return how many of the campaign's mails missed their window since then."""
    mine = outbox.c.campaign == campaign, outbox.c.state == EXPIRED, outbox.c.changed_at >= since
    with ledger.begin() as connection:
        return connection.scalar(select(func.count()).select_from(outbox).where(*mine)) or 0
