"""The outbox: a mail is a row first; sending is a separate step that may be killed anywhere (`ledger/claims.py`).

A mail's key says what it is (kind, campaign, day, unit, recipient, series). The same key with another body is never
sent in silence: before anything was offered the newer body takes the older one's place; after that it is a conflict,
kept beside what was sent until a person decides. A reminder's series is a hash of what is owed: a mail of other facts
has a key of its own, takes the place of the day's mail to that recipient while it is not offered, and is a conflict
after that. What the day no longer owes is withdrawn.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, and_, case, exists, or_, select, update

from dondoc.ledger.claims import (
    CLAIMED,
    DEFERRED,
    EXPIRED,
    FAILED,
    HELD,
    OF_ANSWERS,
    OFFERED,
    PLANNED,
    SENDING,
    SENT,
    UNKNOWN,
    WITHDRAWN,
)
from dondoc.ledger.digests import note
from dondoc.ledger.mail_kinds import kinds_with
from dondoc.ledger.rungs import MailedRung, carry
from dondoc.ledger.runs import ANSWERS, DAILY, RUNNING
from dondoc.ledger.store import now
from dondoc.ledger.tables import outbox, refused_contact, run

# Not offered, or refused: another body may take its place.
OPEN_STATES = (PLANNED, DEFERRED, HELD, FAILED, EXPIRED, WITHDRAWN)
# What a mail has to itself on a day, whatever its words.
SLOT = ("campaign", "business_date", "kind", "unit", "recipient")
SLOTTED = kinds_with(once_per_day=True)
REPLACED = "thay bằng thư có số liệu mới hơn"
# What a person should know of: everything that did not simply leave.
UNEASY = (HELD, DEFERRED, FAILED, UNKNOWN, EXPIRED)
# Still to be sent, or being sent: what every mail is while its day runs, and none may be once it is over.
UNSETTLED = (PLANNED, CLAIMED, SENDING)

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
    "WITHDRAWN",
    "Entry",
    "PlannedMail",
    "count_mails",
    "list_mails",
    "list_refused_contacts",
    "list_uneasy",
    "plan_mails",
    "withdraw_unowed",
]


@dataclass(frozen=True)
class PlannedMail:
    """A mail to one recipient; `path` of its file is relative to the output folder; it may leave within its window.

    `ending` says of which end of the campaign it tells, where it tells of one: ledger/endings.py.
    """

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
    ending: date | None = None


@dataclass(frozen=True)
class Entry:
    """A mail to be entered.

    Attributes:
        mail: what is to be sent.
        hold_reason: why it may not leave, None when it may.
        conflict_path: where its body goes when this key was already sent, or may have been, with another.
        rungs: the rungs of the ladder it carries.
    """

    mail: PlannedMail
    hold_reason: str | None
    conflict_path: str
    rungs: Collection[MailedRung] = ()


def plan_mails(ledger: Engine, entries: Sequence[Entry]) -> list[bool]:
    """Enter mails, all or none, or bring their rows up to date while they have not been offered to a server.

    Returns:
        Whether each row carries its payload; false is a conflict, recorded for a person to decide.
    """
    if not entries:
        return []
    carried = []
    fresh = []
    rungs = {}
    with ledger.begin() as connection:
        standing = _in_their_places(connection, [entry.mail for entry in entries])
        for entry, rows in zip(entries, standing, strict=True):
            offered = [row for row in rows if row.state not in OPEN_STATES]
            carried.append(not offered or _meet(connection, offered[0], entry.mail, entry.conflict_path))
            if offered:
                continue
            known = [row for row in rows if row.dedupe_key == entry.mail.dedupe_key]
            rivals = [row.id for row in rows if row.dedupe_key != entry.mail.dedupe_key]
            if rivals:
                _withdraw(connection, outbox.c.id.in_(rivals), REPLACED)
            if known:
                _refresh(connection, known[0], entry.mail, _state(entry))
                rungs[known[0].id] = entry.rungs
            else:
                fresh.append(entry)
        if fresh:
            entering = outbox.insert().returning(outbox.c.id, sort_by_parameter_order=True)
            ids = connection.scalars(entering, [vars(entry.mail) | _state(entry) for entry in fresh])
            rungs |= {row_id: entry.rungs for row_id, entry in zip(ids, fresh, strict=True)}
        carry(connection, rungs)
        note(connection, outbox, outbox.c.id.in_([*rungs, *(row.id for rows in standing for row in rows)]))
    return carried


def _state(entry: Entry) -> dict[str, Any]:
    return {"state": HELD if entry.hold_reason else PLANNED, "reason": entry.hold_reason, "changed_at": now()}


def withdraw_unowed(
    ledger: Engine,
    *,
    campaign: str,
    business_date: date,
    kind: str,
    keep: Collection[str],
    units: Collection[str] | None = None,
) -> int:
    """Withdraw the day's mails of `kind` (to `units` alone) that were not offered and whose keys are not in `keep`.

    A run that is repeated with other facts no longer owes what an earlier attempt planned. Returns how many.
    """
    mine = [outbox.c.campaign == campaign, outbox.c.business_date == business_date, outbox.c.kind == kind]
    if units is not None:
        mine.append(outbox.c.unit.in_(units))
    with ledger.begin() as connection:
        return _withdraw(connection, and_(*mine, outbox.c.dedupe_key.not_in(keep)), "chạy lại: không còn phải gửi")


def count_mails(ledger: Engine, *, campaign: str, business_date: date) -> Mapping[str, int]:
    """Return the number of that day's mails by state; those withdrawn are no mails of the day."""
    return Counter(row.state for row in list_mails(ledger, campaign=campaign, business_date=business_date))


def list_mails(ledger: Engine, *, campaign: str, business_date: date, withdrawn: bool = False) -> Sequence[Row[Any]]:
    """Return that day's mails in the order they were planned: all that stand, or those `withdrawn`."""
    which = outbox.c.state == WITHDRAWN if withdrawn else outbox.c.state != WITHDRAWN
    query = select(outbox).where(outbox.c.campaign == campaign, outbox.c.business_date == business_date, which)
    with ledger.begin() as connection:
        return connection.execute(query.order_by(outbox.c.id)).all()


def was_offered(ledger: Engine, *, campaign: str, business_date: date, kind: str, unit: str, recipient: str) -> bool:
    """Return whether that day's mail of that kind for the unit may be, or surely is, in its recipient's hands."""
    mine = (outbox.c.campaign == campaign, outbox.c.business_date == business_date, outbox.c.kind == kind)
    query = select(outbox.c.id).where(*mine, outbox.c.unit == unit, outbox.c.recipient == recipient)
    with ledger.begin() as connection:
        return connection.scalar(query.where(outbox.c.state.in_(OFFERED)).limit(1)) is not None


def units_offered(ledger: Engine, *, campaign: str, business_date: date, kind: str) -> set[str]:
    """Return the units to which a mail of that kind was offered on that day."""
    mine = (outbox.c.campaign == campaign, outbox.c.business_date == business_date, outbox.c.kind == kind)
    with ledger.begin() as connection:
        return set(connection.scalars(select(outbox.c.unit).where(*mine, outbox.c.state.in_(OFFERED))))


def list_uneasy(
    ledger: Engine, *, campaign: str | None = None, business_date: date | None = None
) -> Sequence[Row[Any]]:
    """Return the mails a person should look at: not sent, perhaps sent, sent with another body, or come back.

    What still waits for its sender, or is in one's hands, is among them where its day's run has ended; or on the day
    asked for, which is being closed or was.
    """
    unsettled = outbox.c.state.in_(UNSETTLED)
    left = and_(unsettled, day_over()) if business_date is None else unsettled
    uneasy = or_(outbox.c.state.in_(UNEASY), left, outbox.c.conflict_open, outbox.c.bounced_at.is_not(None))
    query = select(outbox).where(uneasy).order_by(outbox.c.business_date, outbox.c.id)
    if campaign is not None:
        query = query.where(outbox.c.campaign == campaign)
    if business_date is not None:
        query = query.where(outbox.c.business_date == business_date)
    with ledger.begin() as connection:
        return connection.execute(query).all()


def day_over() -> ColumnElement[bool]:
    """Return the condition under which the run that sends a row of the outbox has ended."""
    return exists().where(
        run.c.campaign == outbox.c.campaign,
        run.c.business_date == outbox.c.business_date,
        run.c.kind == case((outbox.c.kind.in_(OF_ANSWERS), ANSWERS), else_=DAILY),
        run.c.state != RUNNING,
    )


def list_refused_contacts(ledger: Engine, *, campaign: str) -> Sequence[Row[Any]]:
    """Return the campaign's contacts whose mail came back: unit, recipient, reason."""
    query = select(refused_contact).where(refused_contact.c.campaign == campaign).order_by(refused_contact.c.unit)
    with ledger.begin() as connection:
        return connection.execute(query).all()


def _in_their_places(connection: Connection, mails: Sequence[PlannedMail]) -> list[list[Row[Any]]]:
    """Return for each mail the row with its key, then the day's others of its kind, unit and recipient; all locked."""
    rival = and_(*(outbox.c[name].in_({getattr(mail, name) for mail in mails}) for name in SLOT))
    alive = outbox.c.state != WITHDRAWN, outbox.c.resends == 0, outbox.c.kind.in_(SLOTTED)
    keyed = outbox.c.dedupe_key.in_([mail.dedupe_key for mail in mails])
    found = select(outbox).where(or_(keyed, and_(rival, *alive))).order_by(outbox.c.id)
    rows = connection.execute(found.with_for_update()).all()
    by_key = {row.dedupe_key: row for row in rows}
    in_slot: dict[tuple[Any, ...], list[Row[Any]]] = {}
    for row in rows:
        if row.state != WITHDRAWN and row.resends == 0 and row.kind in SLOTTED:
            in_slot.setdefault(tuple(row._mapping[name] for name in SLOT), []).append(row)
    standing = []
    for mail in mails:
        known = by_key.get(mail.dedupe_key)
        rivals = in_slot.get(tuple(getattr(mail, name) for name in SLOT), [])
        others = [row for row in rivals if row.dedupe_key != mail.dedupe_key]
        standing.append([known, *others] if known is not None else others)
    return standing


def _meet(connection: Connection, offered: Row[Any], mail: PlannedMail, conflict_path: str) -> bool:
    """Return whether what was offered is this very mail; keep another body beside it for a person to decide."""
    if offered.payload_sha256 == mail.payload_sha256:
        return True
    if offered.conflict_sha256 != mail.payload_sha256:
        beside = {"conflict_sha256": mail.payload_sha256, "conflict_path": conflict_path, "conflict_open": True}
        connection.execute(update(outbox).where(outbox.c.id == offered.id).values(**beside))
    return False


def _withdraw(connection: Connection, which: ColumnElement[bool], reason: str) -> int:
    unsent = outbox.c.state.in_(OPEN_STATES), outbox.c.state != WITHDRAWN, outbox.c.resends == 0
    gone = {"state": WITHDRAWN, "reason": reason, "next_try_at": None, "changed_at": now()}
    ids = connection.scalars(update(outbox).where(which, *unsent).values(**gone).returning(outbox.c.id)).all()
    note(connection, outbox, outbox.c.id.in_(ids))
    return len(ids)


def _refresh(connection: Connection, known: Row[Any], mail: PlannedMail, state: dict[str, Any]) -> None:
    """Bring an unsent row up to date; one that is as wanted keeps its stamps, and a deferred one its back-off."""
    wanted = {(state["state"], state["reason"])}
    if state["state"] == PLANNED:
        wanted.add((DEFERRED, known.reason))
    if known.payload_sha256 == mail.payload_sha256 and (known.state, known.reason) in wanted:
        return
    named = ("path", "payload_sha256", "not_before", "not_after", "ending")
    new = {name: getattr(mail, name) for name in named}
    connection.execute(update(outbox).where(outbox.c.id == known.id).values(**new, **state, next_try_at=None))
