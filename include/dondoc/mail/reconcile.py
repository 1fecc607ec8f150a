"""Mails in doubt, settled by evidence: what a fenced-off sender heard, the relay's log, an archive mailbox."""

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from dondoc.ledger import verdicts
from dondoc.ledger.claims import Moment
from dondoc.ledger.verdicts import Doubt
from dondoc.mail.relay_log import RelayLog, read_relay_log

log = logging.getLogger(__name__)

# Absence counts as proof only this long after the sender was given up: by then the server has ended the conversation
# on its side (RFC 5321 4.5.3.2: five minutes a command, ten for the end of the data).
GRACE = timedelta(minutes=15)
Archive = Callable[[Collection[str]], Collection[str]]


def reconcile(
    ledger: Engine,
    relay_logs: Sequence[Path],
    *,
    moment: Moment,
    zone: ZoneInfo,
    archive: Archive | None = None,
    grace: timedelta = GRACE,
) -> dict[str, int]:
    """Settle what evidence can settle; return how many were found sent, proven absent, or left to a person.

    Args:
        ledger: the outbox's database.
        relay_logs: the relay's log files in order of time; may be none.
        moment: now.
        zone: the relay's, for time stamps without one.
        archive: returns those of some Message-IDs that an archive mailbox holds; it can prove presence, never absence.
        grace: how long after the sender was given up the relay's silence means that it has nothing.
    """
    counts = {"sent": verdicts.settle_by_late_answers(ledger), "absent": 0, "open": 0}
    doubts = verdicts.list_doubts(ledger)
    if not doubts:
        return counts
    said = read_relay_log(relay_logs, zone=zone, year=moment.at.astimezone(zone).year)
    kept = set(archive([doubt.message_id for doubt in doubts])) if archive else set()
    for doubt in doubts:
        counts[_settle(ledger, doubt, said, kept=kept, grace=grace)] += 1
    log.info("thư chưa rõ: %s", counts)
    return counts


def _settle(ledger: Engine, doubt: Doubt, said: RelayLog, *, kept: set[str], grace: timedelta) -> str:
    if passages := said.taken.get(doubt.message_id):
        verdicts.settle_doubt(ledger, doubt, sent=True, evidence=f"nhật ký máy chủ thư: {', '.join(passages)}")
        return "sent"
    if doubt.message_id in kept:
        verdicts.settle_doubt(ledger, doubt, sent=True, evidence="hộp thư lưu có thư này")
        return "sent"
    if doubt.offered_at and said.covers(_utc(doubt.offered_at), _utc(doubt.changed_at) + grace):
        verdicts.settle_doubt(ledger, doubt, sent=False, evidence="nhật ký máy chủ thư không có thư này")
        return "absent"
    return "open"


def _utc(instant: datetime) -> datetime:
    """Return `instant` with its zone, which SQLite does not keep."""
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
