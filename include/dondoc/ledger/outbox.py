"""The outbox: a mail is a row first; sending is a separate step that may be killed anywhere.

planned → sending → sent | planned (refused for now) | failed | unknown; held while no mail may leave.
`sending` is committed before the server hears of the mail. A row found in `sending` that nobody is sending becomes
`unknown`: it may have been delivered, so no machine sends it again.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Engine, select, update

from dondoc.ledger.store import now
from dondoc.ledger.tables import outbox

PLANNED, HELD, SENDING, SENT, FAILED, UNKNOWN = "planned", "held", "sending", "sent", "failed", "unknown"
OPEN_STATES = (PLANNED, HELD, FAILED)
# Longer than connecting and the longest wait for a server's final answer together.
ABANDONED_AFTER = timedelta(minutes=20)


@dataclass(frozen=True)
class PlannedMail:
    """A mail to one recipient; `path` of its file is relative to the output folder."""

    dedupe_key: str
    campaign: str
    business_date: date
    kind: str
    unit: str
    recipient: str
    message_id: str
    path: str
    payload_sha256: str


def plan_mail(ledger: Engine, mail: PlannedMail, *, hold_reason: str | None) -> bool:
    """Enter `mail`, or bring its row up to date while it has not been offered to a server.

    Returns:
        Whether the row carries this payload: false for a mail that was already sent, or may have been, with another.
    """
    state = {"state": HELD if hold_reason else PLANNED, "reason": hold_reason, "changed_at": now()}
    with ledger.begin() as connection:
        known = connection.execute(
            select(outbox.c.state, outbox.c.payload_sha256, outbox.c.reason)
            .where(outbox.c.dedupe_key == mail.dedupe_key)
            .with_for_update()
        ).one_or_none()
        if known is None:
            connection.execute(outbox.insert().values(**vars(mail), **state))
            return True
        unchanged = known.payload_sha256 == mail.payload_sha256
        if known.state not in OPEN_STATES:
            return unchanged
        if not (unchanged and known.state == state["state"] and known.reason == hold_reason):
            mine = outbox.c.dedupe_key == mail.dedupe_key
            connection.execute(
                update(outbox).where(mine).values(path=mail.path, payload_sha256=mail.payload_sha256, **state)
            )
        return True


def planned_mails(ledger: Engine, *, campaign: str, business_date: date, kind: str) -> list[PlannedMail]:
    """Return the mails of that day and kind that wait to be sent, oldest first."""
    columns = [outbox.c[name] for name in PlannedMail.__dataclass_fields__]
    query = select(*columns).where(*_of_day(campaign, business_date), outbox.c.kind == kind, outbox.c.state == PLANNED)
    with ledger.begin() as connection:
        return [PlannedMail(**row._mapping) for row in connection.execute(query.order_by(outbox.c.id))]


def claim(ledger: Engine, dedupe_key: str) -> bool:
    """Take the mail for sending; false when another sender has it or it is no longer planned."""
    return _move(ledger, dedupe_key, PLANNED, SENDING, reason=None)


def settle(ledger: Engine, dedupe_key: str, state: str, reason: str) -> None:
    """Record what became of a mail that was being sent."""
    _move(ledger, dedupe_key, SENDING, state, reason=reason)


def release_abandoned(ledger: Engine) -> int:
    """Set to `unknown` the mails whose sender died while sending; return how many."""
    query = update(outbox).where(outbox.c.state == SENDING, outbox.c.changed_at < now() - ABANDONED_AFTER)
    with ledger.begin() as connection:
        return connection.execute(query.values(state=UNKNOWN, reason="tiến trình gửi dừng giữa chừng")).rowcount


def count_mails(ledger: Engine, *, campaign: str, business_date: date) -> Mapping[str, int]:
    """Return the number of that day's mails by state."""
    query = select(outbox.c.state).where(*_of_day(campaign, business_date))
    with ledger.begin() as connection:
        return Counter(connection.scalars(query))


def _of_day(campaign: str, business_date: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return outbox.c.campaign == campaign, outbox.c.business_date == business_date


def _move(ledger: Engine, dedupe_key: str, old: str, new: str, *, reason: str | None) -> bool:
    query = update(outbox).where(outbox.c.dedupe_key == dedupe_key, outbox.c.state == old)
    with ledger.begin() as connection:
        return connection.execute(query.values(state=new, reason=reason, changed_at=now())).rowcount == 1
