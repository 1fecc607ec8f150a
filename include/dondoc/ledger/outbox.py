"""The outbox: a mail is a row first; sending is a separate step that may be killed anywhere (`ledger/claims.py`).

A mail's key says what it is (kind, campaign, day, unit, recipient, series). The same key with another body is never
sent in silence: before anything was offered the newer body takes the older one's place; after that it is a conflict,
kept beside what was sent until a person decides.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, func, or_, select, update

from dondoc.ledger.claims import (
    CLAIMED,
    DEFERRED,
    EXPIRED,
    FAILED,
    FINAL,
    HELD,
    OFFERED,
    PLANNED,
    SENDING,
    SENT,
    UNKNOWN,
    WAITING,
)
from dondoc.ledger.store import now
from dondoc.ledger.tables import outbox, refused_contact

OPEN_STATES = (PLANNED, DEFERRED, HELD, FAILED, EXPIRED)
# What a person should know of: everything that did not simply leave.
UNEASY = (HELD, DEFERRED, FAILED, UNKNOWN, EXPIRED, SENDING)

__all__ = [
    "CLAIMED",
    "DEFERRED",
    "EXPIRED",
    "FAILED",
    "HELD",
    "PLANNED",
    "SENDING",
    "SENT",
    "UNKNOWN",
    "PlannedMail",
    "count_mails",
    "hold_excess",
    "list_refused_contacts",
    "list_uneasy",
    "plan_mail",
]


@dataclass(frozen=True)
class PlannedMail:
    """A mail to one recipient; `path` of its file is relative to the output folder; it may leave within its window."""

    dedupe_key: str
    campaign: str
    business_date: date
    kind: str
    unit: str
    recipient: str
    message_id: str
    path: str
    payload_sha256: str
    not_before: datetime
    not_after: datetime


def plan_mail(ledger: Engine, mail: PlannedMail, *, hold_reason: str | None, conflict_path: str) -> bool:
    """Enter `mail`, or bring its row up to date while it has not been offered to a server.

    Args:
        ledger: the ledger.
        mail: what is to be sent.
        hold_reason: why it may not leave, None when it may.
        conflict_path: where its body goes when this key was already sent, or may have been, with another.

    Returns:
        Whether the row carries this payload; false is a conflict, recorded for a person to decide.
    """
    state = {"state": HELD if hold_reason else PLANNED, "reason": hold_reason, "changed_at": now()}
    with ledger.begin() as connection:
        known = connection.execute(
            select(outbox).where(outbox.c.dedupe_key == mail.dedupe_key).with_for_update()
        ).one_or_none()
        if known is None:
            connection.execute(outbox.insert().values(**vars(mail), **state))
            return True
        if known.state in OPEN_STATES:
            _refresh(connection, known, mail, state)
            return True
        if known.payload_sha256 == mail.payload_sha256:
            return True
        if known.conflict_sha256 != mail.payload_sha256:
            beside = {"conflict_sha256": mail.payload_sha256, "conflict_path": conflict_path, "conflict_open": True}
            connection.execute(update(outbox).where(outbox.c.id == known.id).values(**beside))
        return False


def hold_excess(ledger: Engine, *, campaign: str, business_date: date, day_cap: int, unit_cap: int) -> list[str]:
    """Hold what waits to be sent when the day, or a unit, has more mails than its cap; return the reasons.

    All mails of the day count, sent or not, so that a template gone wrong is stopped before its first mail; the final
    report, one mail, is never held for the others' number.
    """
    mine = (outbox.c.campaign == campaign, outbox.c.business_date == business_date)
    counting = select(outbox.c.unit, func.count()).where(*mine).group_by(outbox.c.unit).order_by(outbox.c.unit)
    reasons = []
    with ledger.begin() as connection:
        by_unit = {row[0]: int(row[1]) for row in connection.execute(counting)}
        total = sum(by_unit.values())
        scopes: list[tuple[tuple[ColumnElement[bool], ...], str]] = []
        if total > day_cap:
            scopes.append((mine, f"{total} thư trong ngày, vượt mức {day_cap}"))
        scopes += [
            ((*mine, outbox.c.unit == unit), f"{count} thư cho đơn vị {unit} trong ngày, vượt mức {unit_cap}")
            for unit, count in by_unit.items()
            if count > unit_cap
        ]
        for scope, reason in scopes:
            held = update(outbox).where(*scope, outbox.c.state.in_(WAITING), outbox.c.kind != FINAL)
            connection.execute(held.values(state=HELD, reason=reason, changed_at=now()))
            reasons.append(reason)
    return reasons


def count_mails(ledger: Engine, *, campaign: str, business_date: date) -> Mapping[str, int]:
    """Return the number of that day's mails by state."""
    query = select(outbox.c.state).where(outbox.c.campaign == campaign, outbox.c.business_date == business_date)
    with ledger.begin() as connection:
        return Counter(connection.scalars(query))


def was_offered(ledger: Engine, dedupe_key: str) -> bool:
    """Return whether the mail with that key may be, or surely is, in its recipient's hands."""
    query = select(outbox.c.id).where(outbox.c.dedupe_key == dedupe_key, outbox.c.state.in_(OFFERED))
    with ledger.begin() as connection:
        return connection.scalar(query) is not None


def units_offered(ledger: Engine, *, campaign: str, business_date: date, kind: str) -> set[str]:
    """Return the units to which a mail of that kind was offered on that day."""
    mine = (outbox.c.campaign == campaign, outbox.c.business_date == business_date, outbox.c.kind == kind)
    with ledger.begin() as connection:
        return set(connection.scalars(select(outbox.c.unit).where(*mine, outbox.c.state.in_(OFFERED))))


def offered_on_other_days(ledger: Engine, *, campaign: str, kind: str, today: date) -> set[str]:
    """Return the recipients to whom a mail of that kind, one for the whole campaign, was offered on another day."""
    mine = (outbox.c.campaign == campaign, outbox.c.business_date != today, outbox.c.kind == kind)
    with ledger.begin() as connection:
        return set(connection.scalars(select(outbox.c.recipient).where(*mine, outbox.c.state.in_(OFFERED))))


def list_uneasy(
    ledger: Engine, *, campaign: str | None = None, business_date: date | None = None
) -> Sequence[Row[Any]]:
    """Return the mails a person should look at: not sent, perhaps sent, sent with another body, or come back."""
    uneasy = or_(outbox.c.state.in_(UNEASY), outbox.c.conflict_open, outbox.c.bounced_at.is_not(None))
    query = select(outbox).where(uneasy).order_by(outbox.c.business_date, outbox.c.id)
    if campaign is not None:
        query = query.where(outbox.c.campaign == campaign)
    if business_date is not None:
        query = query.where(outbox.c.business_date == business_date)
    with ledger.begin() as connection:
        return connection.execute(query).all()


def list_refused_contacts(ledger: Engine, *, campaign: str) -> Sequence[Row[Any]]:
    """Return the campaign's contacts whose mail came back: unit, recipient, reason."""
    query = select(refused_contact).where(refused_contact.c.campaign == campaign).order_by(refused_contact.c.unit)
    with ledger.begin() as connection:
        return connection.execute(query).all()


def _refresh(connection: Connection, known: Row[Any], mail: PlannedMail, state: dict[str, Any]) -> None:
    """Bring an unsent row up to date; one that is as wanted keeps its stamps, and a deferred one its back-off."""
    wanted = {(state["state"], state["reason"])}
    if state["state"] == PLANNED:
        wanted.add((DEFERRED, known.reason))
    if known.payload_sha256 == mail.payload_sha256 and (known.state, known.reason) in wanted:
        return
    new = {"path": mail.path, "payload_sha256": mail.payload_sha256, "not_before": mail.not_before}
    connection.execute(
        update(outbox).where(outbox.c.id == known.id).values(**new, **state, not_after=mail.not_after, next_try_at=None)
    )
