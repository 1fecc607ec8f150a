"""Mails in doubt, settled by evidence: what a fenced-off sender heard, the relay's log, an archive mailbox."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from dondoc.ledger import verdicts
from dondoc.ledger.claims import ClockReading
from dondoc.ledger.verdicts import Doubt
from dondoc.mail.relay_log import Inquiry, RelayLog, read_relay_log
from dondoc.mail.witness import why_unproven

log = logging.getLogger(__name__)

# Absence counts as proof only this long after the sender was given up: by then the server has ended the conversation
# on its side (RFC 5321 4.5.3.2: five minutes a command, ten for the end of the data).
GRACE = timedelta(minutes=15)
# How far around a doubt the log must show the mails that were confirmed.
NEAR = timedelta(days=1)
Archive = Callable[[Collection[str]], Collection[str]]


@dataclass
class Reconciled:
    """What became of the mails in doubt.

    Attributes:
        sent: how many were found to have arrived.
        absent: how many were proven not to have.
        open: how many are left to a person.
        troubles: why, a sentence each: what could not be read, what the log does not show.
    """

    sent: int = 0
    absent: int = 0
    open: int = 0
    troubles: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class DeliveryEvidence:
    """What can be known of mails in doubt.

    Attributes:
        said: the relay's log.
        kept: the Message-IDs an archive mailbox holds; it can prove presence, never absence.
        confirmed: when the server said it took a mail, of mails near by, by Message-ID.
        grace: how long after the sender was given up the relay's silence means that it has nothing.
    """

    said: RelayLog
    kept: Collection[str]
    confirmed: Mapping[str, datetime]
    grace: timedelta


def reconcile(
    ledger: Engine,
    relay_logs: Sequence[Path],
    *,
    moment: ClockReading,
    zone: ZoneInfo,
    archive: Archive | None = None,
    grace: timedelta = GRACE,
) -> Reconciled:
    """Settle what evidence can settle; whatever is wrong with a log is told, and stops nothing.

    Args:
        ledger: the outbox's database.
        relay_logs: the relay's log files in order of time; may be none.
        moment: now.
        zone: the relay's, for time stamps without one.
        archive: returns those of some Message-IDs that an archive mailbox holds.
        grace: how long after the sender was given up the relay's silence means that it has nothing.
    """
    found = Reconciled(sent=verdicts.settle_by_late_answers(ledger))
    doubts = verdicts.list_doubts(ledger)
    if not doubts:
        return found
    since = min(doubt.offered_at for doubt in doubts) - NEAR
    confirmed = verdicts.list_confirmed(ledger, since=since, until=max(doubt.changed_at for doubt in doubts) + NEAR)
    wanted = {doubt.message_id for doubt in doubts}
    said = read_relay_log(relay_logs, Inquiry(wanted | set(confirmed), since, moment.at, zone))
    kept = set(archive(wanted)) if archive else set()
    evidence = DeliveryEvidence(said, kept, confirmed, grace)
    for doubt in doubts:
        _settle(ledger, doubt, evidence, found)
    if relay_logs:
        found.troubles += dict.fromkeys(said.troubles)
    log.info("thư chưa rõ: %d đã tới, %d chưa tới, %d chờ người quyết", found.sent, found.absent, found.open)
    for trouble in found.troubles:
        log.warning("%s", trouble)
    return found


def _settle(ledger: Engine, doubt: Doubt, evidence: DeliveryEvidence, found: Reconciled) -> None:
    said = evidence.said
    if passages := said.taken.get(doubt.message_id):
        verdicts.settle_doubt(ledger, doubt, sent=True, evidence=f"nhật ký máy chủ thư: {', '.join(passages)}")
        found.sent += 1
    elif doubt.message_id in evidence.kept:
        verdicts.settle_doubt(ledger, doubt, sent=True, evidence="hộp thư lưu có thư này")
        found.sent += 1
    elif why := why_unproven(doubt, said, confirmed=evidence.confirmed, grace=evidence.grace):
        found.open += 1
        if said.first_at and not said.troubles and why not in found.troubles:
            found.troubles.append(why)
    else:
        verdicts.settle_doubt(ledger, doubt, sent=False, evidence="nhật ký máy chủ thư không có thư này")
        found.absent += 1
