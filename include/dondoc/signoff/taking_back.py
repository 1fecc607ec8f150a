"""An approval taken back: the leader pressed the wrong button, or saw something too late, and nothing is signed yet."""

import logging
from datetime import datetime

from dondoc.actor import Actor
from dondoc.campaign.permissions import Right
from dondoc.errors import LetterError
from dondoc.installation.workplace import Workplace
from dondoc.ledger import audit, transitions
from dondoc.ledger.batches import APPROVED, CLOSED, BatchDecision, find_batch, settle
from dondoc.ledger.rights import require_right

log = logging.getLogger(__name__)

TAKEN_BACK = "letters.approval_taken_back"


def take_back(place: Workplace, key: int, *, reason: str, by: Actor, at: datetime) -> int:
    """Take back the approval of batch `key` and return how many letters wait to be put up anew.

    Raises:
        NotEntitledError: who may not sign may not take back either; it is audited.
        LetterError: no reason is given, the batch is not approved, or a letter of it is signed; nothing is moved.
    """
    campaign = place.day.campaign
    batch = find_batch(place.ledger, key)
    where = f"tập thư số {key}"
    if batch is None or batch.campaign != campaign.code or batch.state != APPROVED:
        raise LetterError("Tập thư này không ở trạng thái đã duyệt.", where=where, remedy="tải lại trang của tập thư.")
    subject = f"{batch.campaign} {batch.unit}"
    require_right(place.ledger, campaign, Right.SIGN, by, subject=subject)
    reason = " ".join(reason.split())
    if not reason:
        raise LetterError("Thu lại lời duyệt phải có lý do.", where=where, remedy="ghi lý do rồi thu lại.")
    with place.ledger.begin() as connection:
        transitions.take_back(connection, list(batch.shown), reason=reason, by=by.words, at=at)
        settle(connection, key, BatchDecision(CLOSED, by.words, at, f"thu lại lời duyệt: {reason}"))
        detail = {"batch": key, "sha256": batch.sha256, "letters": len(batch.shown), "note": reason}
        audit.record(connection, audit.Act(by, TAKEN_BACK, subject, detail))
    log.info("tập %d: thu lại lời duyệt, %d thư", key, len(batch.shown))
    return len(batch.shown)
