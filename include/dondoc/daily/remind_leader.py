"""Letters that wait for the leader: too long for a signature, or held because their case changed."""

import logging
from datetime import timedelta

from dondoc.daily import mail_planning
from dondoc.daily.outgoing import remove_withdrawn, withdraw_unowed
from dondoc.daily.step import step
from dondoc.installation.workplace import Workplace
from dondoc.ledger.batches import waiting_batches
from dondoc.ledger.held import held_counts
from dondoc.ledger.mail_kinds import SIGNOFF
from dondoc.ledger.store import now

log = logging.getLogger(__name__)


@step
def remind_leader(place: Workplace) -> int:
    """Plan one mail to the leader about what waits for a decision, and return how much does.

    Batches are told of when they wait longer than the campaign allows, letters that are held at once.
    """
    campaign = place.day.campaign
    since = now() - timedelta(hours=campaign.signoff.remind_after_hours)
    waiting = waiting_batches(place.ledger, campaign=campaign.code, since=since)
    held = held_counts(place.ledger, campaign=campaign.code, as_of=place.day.business_date)
    leader = campaign.signoff.leader_email
    keys = []
    if (waiting or held) and leader:
        keys.append(mail_planning.plan_signoff_reminder(place, leader, waiting, held))
    withdraw_unowed(place, SIGNOFF, keep=keys)
    remove_withdrawn(place, SIGNOFF)
    letters_held = sum(one.letters for one in held)
    log.info("%d tập thư chờ ký quá hạn, %d thư bị giữ", len(waiting), letters_held)
    return len(waiting) + letters_held
