"""The right to send: one sender at a time holds a mail, for a while, under a number that only grows.

planned | deferred → claimed → sending → sent | deferred | failed | unknown; planned | deferred → expired. What was not
offered and is no longer owed is `withdrawn` (`ledger/outbox.py`).

`sending` is committed before the server hears of the mail, and no transaction stays open while it does. Leases are
short, and their sender renews them while it lives (`mail/heartbeat.py`). A `claimed` row whose lease ran out may be
claimed again under a higher fence. A `sending` row whose lease ran out becomes `unknown`: it may have been delivered,
so no machine sends it again without proof that it was not.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Engine, and_, case, exists, func, or_, select, update

from dondoc.ledger.digests import note
from dondoc.ledger.mail_kinds import kinds_with
from dondoc.ledger.runs import ANSWERS, DAILY
from dondoc.ledger.tables import attempt, control, outbox, run

PLANNED = "planned"
CLAIMED = "claimed"
SENDING = "sending"
HELD = "held"
SENT = "sent"
DEFERRED = "deferred"
FAILED = "failed"
UNKNOWN = "unknown"
EXPIRED = "expired"
WITHDRAWN = "withdrawn"
WAITING = (PLANNED, DEFERRED)
# What a mail was before it was claimed: only one that was put off has an hour for its next try.
AS_BEFORE = case((outbox.c.next_try_at.is_not(None), DEFERRED), else_=PLANNED)
# Perhaps or surely in the recipient's hands.
OFFERED = (CLAIMED, SENDING, SENT, UNKNOWN)
OF_ANSWERS = kinds_with(run=ANSWERS)
OWN_GATE = kinds_with(own_gate=True)


@dataclass(frozen=True)
class ClockReading:
    """Now, three ways: the office's date, its instant (a rehearsal plays both), and the clock leases run by; in UTC."""

    today: date
    office_at: datetime
    at: datetime


@dataclass(frozen=True)
class SendJob:
    """Which mails one sender takes care of, and under which name it holds them."""

    campaign: str
    business_date: date
    kind: str
    owner: str


@dataclass(frozen=True)
class ClaimedMail:
    """A mail in one sender's hands; `fence` proves it."""

    id: int
    fence: int
    attempts: int
    resends: int
    unit: str
    recipient: str
    message_id: str
    path: str
    payload_sha256: str


@dataclass(frozen=True)
class SendResult:
    """What an attempt came to: the new state, the stage it reached, and the server's word."""

    state: str
    stage: str
    code: int | None
    answer: str
    queue_id: str | None = None
    next_try_at: datetime | None = None


def count_waiting(ledger: Engine, job: SendJob) -> Counter[str]:
    """Return how many of the job's mails are `planned` and how many `deferred`."""
    query = select(outbox.c.state).where(*_of(job))
    with ledger.begin() as connection:
        return Counter(connection.scalars(query))


def claim(ledger: Engine, job: SendJob, moment: ClockReading, *, limit: int, lease: timedelta) -> list[ClaimedMail]:
    """Return up to `limit` mails that may leave now, taken for this sender alone, oldest first."""
    waiting = (
        select(outbox.c.id)
        .where(
            *_of(job),
            or_(outbox.c.next_try_at.is_(None), outbox.c.next_try_at <= moment.at),
            may_leave(moment),
        )
        .order_by(outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=outbox)
    )
    taken = {
        "state": CLAIMED,
        "fence": outbox.c.fence + 1,
        "lease_owner": job.owner,
        "lease_expires_at": moment.at + lease,
        "changed_at": moment.at,
    }
    columns = [outbox.c[name] for name in ClaimedMail.__dataclass_fields__]
    with ledger.begin() as connection:
        ids = connection.scalars(waiting).all()
        mine = update(outbox).where(outbox.c.id.in_(ids), outbox.c.state.in_(WAITING)).values(**taken)
        rows = [ClaimedMail(**row._mapping) for row in connection.execute(mine.returning(*columns))] if ids else []
    return sorted(rows, key=lambda row: row.id)


def renew(ledger: Engine, owner: str, moment: ClockReading, *, claim_lease: timedelta, offer_lease: timedelta) -> bool:
    """Prolong the leases of what this sender holds; return whether that of a mail being offered was.

    A lease that is over stays over: whoever woke late gets none back.
    """
    mine = outbox.c.lease_owner == owner, outbox.c.lease_expires_at > moment.at
    claimed = update(outbox).where(*mine, outbox.c.state == CLAIMED).values(lease_expires_at=moment.at + claim_lease)
    offered = update(outbox).where(*mine, outbox.c.state == SENDING).values(lease_expires_at=moment.at + offer_lease)
    with ledger.begin() as connection:
        connection.execute(claimed)
        return connection.execute(offered).rowcount > 0


def count_unsettled(ledger: Engine, job: SendJob, moment: ClockReading) -> int:
    """Return how many of the job's mails are in a sender's hands, or could leave now and were not taken."""
    due = and_(outbox.c.state == PLANNED, outbox.c.next_try_at.is_(None), may_leave(moment))
    unsettled = or_(outbox.c.state.in_((CLAIMED, SENDING)), due)
    with ledger.begin() as connection:
        return connection.scalar(select(func.count()).select_from(outbox).where(*_named(job), unsettled)) or 0


def begin(ledger: Engine, mail: ClaimedMail, moment: ClockReading, *, lease: timedelta) -> bool:
    """Commit that `mail` is about to be offered; false when it is no longer this sender's or may no longer leave."""
    offering = (
        update(outbox)
        .where(_held_by(mail, CLAIMED), outbox.c.lease_expires_at > moment.at, may_leave(moment))
        .values(
            state=SENDING,
            attempts=outbox.c.attempts + 1,
            offered_at=moment.at,
            lease_expires_at=moment.at + lease,
            changed_at=moment.at,
        )
    )
    with ledger.begin() as connection:
        return connection.execute(offering).rowcount == 1


def still_held(ledger: Engine, mail: ClaimedMail, moment: ClockReading) -> bool:
    """Return whether the mail being offered is still this sender's."""
    query = select(outbox.c.id).where(_held_by(mail, SENDING), outbox.c.lease_expires_at > moment.at)
    with ledger.connect() as connection:
        return connection.scalar(query) is not None


def settle(ledger: Engine, mail: ClaimedMail, result: SendResult, moment: ClockReading) -> bool:
    """Record the attempt, and move the row unless it is another's by now; return whether it moved."""
    new = {
        "state": result.state,
        "reason": None if result.state == SENT else result.answer,
        "next_try_at": result.next_try_at,
        "lease_owner": None,
        "lease_expires_at": None,
        "changed_at": moment.at,
    }
    word = {"stage": result.stage, "code": result.code, "answer": result.answer, "queue_id": result.queue_id}
    with ledger.begin() as connection:
        values = {"outbox_id": mail.id, "n": mail.attempts + 1, "fence": mail.fence, "at": moment.at, **word}
        connection.execute(attempt.insert().values(**values))
        return connection.execute(update(outbox).where(_held_by(mail, SENDING)).values(**new)).rowcount == 1


def put_aside(ledger: Engine, mail: ClaimedMail, moment: ClockReading, *, state: str, reason: str) -> None:
    """Move a claimed mail that cannot be offered to `held` or `failed`."""
    with ledger.begin() as connection:
        aside = {"state": state, "reason": reason, "lease_owner": None, "changed_at": moment.at}
        connection.execute(update(outbox).where(_held_by(mail, CLAIMED)).values(**aside))


def put_off(ledger: Engine, job: SendJob, moment: ClockReading, *, reason: str, back_off: timedelta) -> None:
    """Set the job's mails that were not offered to `deferred`: the server could not be asked about them now."""
    waiting = update(outbox).where(*_of(job), outbox.c.state == PLANNED)
    later = {"state": DEFERRED, "reason": reason, "next_try_at": moment.at + back_off, "changed_at": moment.at}
    with ledger.begin() as connection:
        connection.execute(waiting.values(**later))


def release(ledger: Engine, mails: Sequence[ClaimedMail], job: SendJob, moment: ClockReading) -> None:
    """Give back the mails this sender claimed and never offered."""
    mine = (outbox.c.id.in_([mail.id for mail in mails]), outbox.c.lease_owner == job.owner)
    with ledger.begin() as connection:
        free = {"state": AS_BEFORE, "lease_owner": None, "lease_expires_at": None, "changed_at": moment.at}
        connection.execute(update(outbox).where(*mine, outbox.c.state == CLAIMED).values(**free))


def tidy(ledger: Engine, moment: ClockReading) -> None:
    """Free what dead senders claimed, set what they were sending to `unknown`, and expire what missed its window."""
    dead = or_(outbox.c.lease_expires_at.is_(None), outbox.c.lease_expires_at <= moment.at)
    late = and_(outbox.c.state.in_(WAITING), outbox.c.not_after <= moment.office_at)
    freed = {"lease_owner": None, "changed_at": moment.at}
    unsure = update(outbox).where(outbox.c.state == SENDING, dead)
    unsure = unsure.values(state=UNKNOWN, reason="tiến trình gửi dừng giữa chừng", **freed)
    with ledger.begin() as connection:
        lost = connection.execute(unsure.returning(outbox.c.id, outbox.c.attempts, outbox.c.fence)).all()
        for row in lost:
            story = {"outbox_id": row.id, "n": row.attempts, "fence": row.fence, "stage": "lease"}
            connection.execute(attempt.insert().values(**story, answer="hết hạn giữ thư", at=moment.at))
        if lost:
            note(connection, outbox, outbox.c.id.in_([row.id for row in lost]))
        claimed = update(outbox).where(outbox.c.state == CLAIMED, dead)
        connection.execute(claimed.values(state=AS_BEFORE, **freed))
        missed = "hết giờ gửi thư trong ngày mà chưa gửi được"
        expiring = update(outbox).where(late).values(state=EXPIRED, reason=missed, **freed).returning(outbox.c.id)
        if expired := connection.scalars(expiring).all():
            note(connection, outbox, outbox.c.id.in_(expired))


def may_leave(moment: ClockReading) -> ColumnElement[bool]:
    """Return the condition under which a row of the outbox may leave, whoever asks and whenever."""
    armed = exists().where(
        run.c.campaign == outbox.c.campaign,
        run.c.business_date == outbox.c.business_date,
        # Receipts answer a unit whatever the day's data are worth; the gates hold all other mail.
        run.c.kind == case((outbox.c.kind.in_(OF_ANSWERS), ANSWERS), else_=DAILY),
        run.c.mode == "armed",
        run.c.armed_by.is_not(None),
        or_(run.c.hold_reason.is_(None), and_(outbox.c.kind.in_(OWN_GATE), run.c.final_hold_reason.is_(None))),
    )
    stopped = exists().where(control.c.kill_switch)
    return and_(
        armed,
        ~stopped,
        or_(outbox.c.business_date == moment.today, outbox.c.resend_on == moment.today),
        outbox.c.not_before <= moment.office_at,
        outbox.c.not_after > moment.office_at,
    )


def _named(job: SendJob) -> tuple[ColumnElement[bool], ...]:
    return (
        outbox.c.campaign == job.campaign,
        outbox.c.business_date == job.business_date,
        outbox.c.kind == job.kind,
    )


def _of(job: SendJob) -> tuple[ColumnElement[bool], ...]:
    return (*_named(job), outbox.c.state.in_(WAITING))


def _held_by(mail: ClaimedMail, state: str) -> ColumnElement[bool]:
    return and_(outbox.c.id == mail.id, outbox.c.state == state, outbox.c.fence == mail.fence)
