"""What becomes of mails nobody is sure of: by evidence, or by a person's word."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, exists, func, select, update

from dondoc.actor import Actor
from dondoc.errors import MailError
from dondoc.files import sha256_of
from dondoc.ledger import audit
from dondoc.ledger.audit import Act
from dondoc.ledger.claims import PLANNED, SENT, UNKNOWN, ClockReading
from dondoc.ledger.digests import note
from dondoc.ledger.mail_kinds import REMINDER
from dondoc.ledger.outbox import PlannedMail
from dondoc.ledger.store import now, zoned
from dondoc.ledger.tables import attempt, outbox, refused_contact

ACCEPTED = 250


@dataclass(frozen=True)
class Doubt:
    """A mail that may have been delivered: offered at `offered_at`, given up at `changed_at`, both with their zone."""

    id: int
    message_id: str
    recipient: str
    offered_at: datetime
    changed_at: datetime


@dataclass(frozen=True)
class MailDecision:
    """A person's word on one mail: `sent`, `resend` or `keep`."""

    dedupe_key: str
    word: str
    by: Actor
    reason: str


def list_doubts(ledger: Engine) -> list[Doubt]:
    """Return the mails in state `unknown`, oldest first."""
    # One put there without ever having been offered is doubted from when it was put there.
    offered_at = func.coalesce(outbox.c.offered_at, outbox.c.changed_at).label("offered_at")
    others = [outbox.c[field.name] for field in fields(Doubt) if field.name != "offered_at"]
    query = select(*others, offered_at).where(outbox.c.state == UNKNOWN)
    with ledger.begin() as connection:
        rows = connection.execute(query.order_by(outbox.c.id)).all()
    return [
        Doubt(row.id, row.message_id, row.recipient, offered_at=zoned(row.offered_at), changed_at=zoned(row.changed_at))
        for row in rows
    ]


def list_confirmed(ledger: Engine, *, since: datetime, until: datetime) -> dict[str, datetime]:
    """Return when the server said that it took a mail, by Message-ID, of mails it took in that span."""
    query = (
        select(outbox.c.message_id, attempt.c.at)
        .join(attempt, attempt.c.outbox_id == outbox.c.id)
        .where(attempt.c.code == ACCEPTED, attempt.c.at >= since, attempt.c.at <= until)
        .order_by(attempt.c.at)
    )
    with ledger.begin() as connection:
        return {row.message_id: zoned(row.at) for row in connection.execute(query)}


def settle_by_late_answers(ledger: Engine) -> int:
    """Set to `sent` the unknown mails whose sender, fenced off, did hear the server accept them; return how many."""
    heard = exists().where(attempt.c.outbox_id == outbox.c.id, attempt.c.code == ACCEPTED)
    accepted = update(outbox).where(outbox.c.state == UNKNOWN, heard)
    with ledger.begin() as connection:
        heard_of = accepted.values(state=SENT, reason=None, changed_at=now()).returning(outbox.c.id)
        ids = connection.scalars(heard_of).all()
        note(connection, outbox, outbox.c.id.in_(ids))
    return len(ids)


def settle_doubt(ledger: Engine, doubt: Doubt, *, sent: bool, evidence: str) -> bool:
    """Move a doubtful mail to `sent`, or back to `planned` when it was proven absent; return whether it moved."""
    new = {"state": SENT, "reason": evidence} if sent else {"state": PLANNED, "reason": None, "next_try_at": None}
    with ledger.begin() as connection:
        known = connection.execute(_still(doubt)).one_or_none()
        if known is None:
            return False
        story = {"outbox_id": doubt.id, "n": known.attempts, "fence": known.fence, "stage": "reconcile"}
        connection.execute(attempt.insert().values(**story, answer=evidence, at=now()))
        connection.execute(update(outbox).where(outbox.c.id == doubt.id).values(**new, changed_at=now()))
        note(connection, outbox, outbox.c.id == doubt.id)
    return True


def mark_bounced(ledger: Engine, *, message_id: str, recipient: str, reason: str) -> bool:
    """Mark the mail with that Message-ID as come back and flag its contact; false when we sent no such mail."""
    with ledger.begin() as connection:
        row = connection.execute(
            select(outbox).where(outbox.c.message_id == message_id).with_for_update()
        ).one_or_none()
        if row is None or recipient.lower() not in {row.recipient.lower(), ""}:
            return False
        if row.bounced_at is None:
            connection.execute(update(outbox).where(outbox.c.id == row.id).values(bounced_at=now(), bounce=reason))
            note(connection, outbox, outbox.c.id == row.id)
            _flag(connection, row, reason)
    return True


def decide(ledger: Engine, decision: MailDecision, moment: ClockReading, *, until: datetime) -> str:
    """Do what a person decided about one mail; return the key it now goes by.

    Args:
        ledger: the ledger.
        decision: which mail, what, who, why.
        moment: now; a mail to be sent again may leave from now on.
        until: when its window closes.

    Raises:
        MailError: there is no such mail, or the decision does not fit its state.
    """
    with ledger.begin() as connection:
        row = connection.execute(
            select(outbox).where(outbox.c.dedupe_key == decision.dedupe_key).with_for_update()
        ).one_or_none()
        if row is None:
            raise _misfit("Không có thư mang khoá này.", decision)
        key = row.dedupe_key
        if row.conflict_open and decision.word in {"resend", "keep"}:
            key = _decide_conflict(connection, row, decision, window=(moment, until))
        elif row.state == UNKNOWN and decision.word == "sent":
            _set(connection, row, state=SENT, reason=f"{decision.by.words} xác nhận đã tới: {decision.reason}")
        elif row.state == UNKNOWN and decision.word == "resend":
            _resend(connection, row, decision, window=(moment, until))
        else:
            raise _misfit("Thư này không còn gì để quyết như vậy.", decision)
        detail = {"reason": decision.reason}
        audit.record(connection, Act(decision.by, f"mail.{decision.word}", decision.dedupe_key, detail))
    return key


def _resend(
    connection: Connection, row: Row[Any], decision: MailDecision, *, window: tuple[ClockReading, datetime]
) -> None:
    if row.kind == REMINDER:
        raise _misfit("Thư nhắc việc chỉ gửi tối đa một lần: ngày làm việc sau đã có thư mới.", decision)
    _set(connection, row, state=PLANNED, reason=None, resends=row.resends + 1, next_try_at=None, **_opened(window))


def _decide_conflict(
    connection: Connection, row: Row[Any], decision: MailDecision, *, window: tuple[ClockReading, datetime]
) -> str:
    """Let the sent body stand, or send the other one as a mail of its own; return the key."""
    _set(connection, row, conflict_open=False)
    if decision.word == "keep":
        return str(row.dedupe_key)
    key = f"{row.dedupe_key}|{row.conflict_sha256[:12]}"
    same = {field.name: row._mapping[field.name] for field in fields(PlannedMail)}
    domain = row.message_id.rpartition("@")[2]
    new = same | {
        "dedupe_key": key,
        "message_id": f"<{sha256_of(key.encode())[:32]}@{domain}",
        "path": row.conflict_path,
        "payload_sha256": row.conflict_sha256,
    }
    values = new | _opened(window) | {"state": PLANNED, "resends": 1, "changed_at": now()}
    connection.execute(outbox.insert().values(**values))
    note(connection, outbox, outbox.c.dedupe_key == key)
    return key


def _opened(window: tuple[ClockReading, datetime]) -> dict[str, date | datetime]:
    moment, until = window
    return {"resend_on": moment.today, "not_before": moment.office_at, "not_after": until}


def _set(connection: Connection, row: Row[Any], **values: Any) -> None:
    connection.execute(update(outbox).where(outbox.c.id == row.id).values(**values, changed_at=now()))
    note(connection, outbox, outbox.c.id == row.id)


def _flag(connection: Connection, row: Row[Any], reason: str) -> None:
    key = {name: row._mapping[name] for name in ("campaign", "unit", "recipient")}
    mine = [refused_contact.c[name] == value for name, value in key.items()]
    if connection.scalar(select(refused_contact.c.unit).where(*mine)) is None:
        connection.execute(refused_contact.insert().values(**key, reason=reason, flagged_at=now()))


def _still(doubt: Doubt) -> Any:
    return (
        select(outbox.c.attempts, outbox.c.fence)
        .where(outbox.c.id == doubt.id, outbox.c.state == UNKNOWN)
        .with_for_update()
    )


def _misfit(what: str, decision: MailDecision) -> MailError:
    return MailError(what, where=decision.dedupe_key, remedy="xem các thư cần người quyết: `dondoc mail list`.")
