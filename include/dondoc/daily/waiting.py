"""Letters that wait too long for their signature: the leader is reminded."""

import logging
from datetime import timedelta

from dondoc.daily import postroom
from dondoc.daily.outgoing import remove_withdrawn, withdraw_unowed
from dondoc.daily.step import step
from dondoc.ledger.batches import waiting_batches
from dondoc.ledger.store import now
from dondoc.workplace import Workplace

log = logging.getLogger(__name__)


@step
def remind_leader(place: Workplace) -> int:
    """Plan one mail to the leader about the batches that wait longer than the campaign allows; return how many do."""
    campaign = place.day.campaign
    since = now() - timedelta(hours=campaign.signoff.remind_after_hours)
    waiting = waiting_batches(place.ledger, campaign=campaign.code, since=since)
    leader, keys = campaign.signoff.leader_email, []
    if waiting and leader:
        keys.append(postroom.plan_signoff_reminder(place, leader, waiting))
    withdraw_unowed(place, postroom.SIGNOFF, keep=keys)
    remove_withdrawn(place, postroom.SIGNOFF)
    log.info("%d tập thư chờ ký quá hạn", len(waiting))
    return len(waiting)
