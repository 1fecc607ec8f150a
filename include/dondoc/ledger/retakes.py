"""Decisions to take a source anew for a day that is past, and what was last taken for a day."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Column, Date, DateTime, Engine, Index, Integer, String, Table, Text, and_, func, select

from dondoc.actor import Actor
from dondoc.errors import LedgerError
from dondoc.ledger import audit
from dondoc.ledger.digests import note
from dondoc.ledger.store import now
from dondoc.ledger.tables import metadata, run, snapshot

# One row a decision; it holds for the next time the source is pulled for that day.
retake = Table(
    "retake",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("campaign", String(40), nullable=False),
    Column("business_date", Date, nullable=False),
    Column("source", String(40), nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_at", DateTime(timezone=True), nullable=False),
    Index("ix_retake_day", "campaign", "business_date", "source"),
)


@dataclass(frozen=True)
class Retake:
    """A decision to take `source` anew for a past day, by whom and why."""

    campaign: str
    business_date: date
    source: str
    decided_by: Actor
    reason: str


@dataclass(frozen=True)
class LastTaken:
    """What was last taken of a source for a day.

    Attributes:
        reference: the pull's own, None where nothing was taken or an older version took it.
        to_be_retaken: whether somebody decided since to take it anew.
    """

    reference: dict[str, Any] | None
    to_be_retaken: bool


def decide_retake(ledger: Engine, wish: Retake) -> None:
    """Record the decision, in the audit too.

    Raises:
        LedgerError: it names no reason.
    """
    reason = " ".join(wish.reason.split())
    if not reason:
        raise LedgerError(
            "Quyết định lấy lại nguồn phải có lý do.",
            where=f"đợt {wish.campaign}, ngày {wish.business_date:%d/%m/%Y}, nguồn {wish.source}",
            remedy="điền lý do.",
        )
    with ledger.begin() as connection:
        values = vars(wish) | {"decided_by": wish.decided_by.words, "reason": reason, "decided_at": now()}
        connection.execute(retake.insert().values(**values))
        note(connection, retake, and_(retake.c.campaign == wish.campaign, retake.c.source == wish.source))
        subject = f"{wish.campaign} {wish.business_date}"
        detail = {"source": wish.source, "reason": reason}
        audit.record(connection, audit.Act(wish.decided_by, "source.retaken", subject, detail))


def last_taken(ledger: Engine, *, campaign: str, business_date: date, source: str) -> LastTaken:
    """Return what was last taken of `source` for the day, by whichever run."""
    day = run.c.campaign == campaign, run.c.business_date == business_date, snapshot.c.source == source
    taken = select(snapshot.c.reference, snapshot.c.taken_at).join(run, run.c.id == snapshot.c.run_id).where(*day)
    asked = select(func.max(retake.c.decided_at)).where(
        retake.c.campaign == campaign, retake.c.business_date == business_date, retake.c.source == source
    )
    with ledger.begin() as connection:
        row = connection.execute(taken.order_by(snapshot.c.taken_at.desc(), snapshot.c.id.desc()).limit(1)).first()
        decided_at = connection.scalar(asked)
    anew = decided_at is not None and (row is None or decided_at > row.taken_at)
    return LastTaken(row.reference if row else None, anew)
