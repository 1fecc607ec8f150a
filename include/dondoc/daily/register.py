"""The campaign's days kept: none passes without a row, and no row stays open for ever."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import Engine

from dondoc.campaign.day import Day
from dondoc.campaign.ending import ending_of
from dondoc.daily.extensions import idle_days
from dondoc.ledger import days
from dondoc.ledger.deadlines import versions
from dondoc.ledger.store import now as stamp
from dondoc.vietnamese.wording import short_date

log = logging.getLogger(__name__)

# Longer than any run takes: a run that began earlier and is still open was killed.
LONGEST_RUN = timedelta(hours=12)


def keep(ledger: Engine, day: Day, *, now: datetime) -> None:
    """Enter the working days that passed without a run as missed, and end the runs that were cut short.

    Days before the campaign had its first run here were not missed: it was taken up later.

    Args:
        ledger: the ledger.
        day: any day of the campaign: its calendar says which days are worked.
        now: the office's time; days before its date have passed.
    """
    campaign = day.campaign
    yesterday = now.date() - timedelta(days=1)
    first = days.first_used(days.day_rows(ledger, campaign=campaign.code))
    if first is None or yesterday < max(first, campaign.starts_on):
        return
    past = day.calendar.working_days(max(first, campaign.starts_on), yesterday)
    last = ending_of(campaign, day.calendar).last_on
    idle = idle_days(campaign, day.calendar, versions(ledger, campaign=campaign.code))
    missed = days.mark_missed(
        ledger, campaign=campaign.code, days=[one for one in past if one <= last and one not in idle]
    )
    if missed:
        log.warning("%s: ngày bị lỡ: %s", campaign.code, ", ".join(map(short_date, missed)))
    days.end_cut_short(ledger, campaign=campaign.code, before=now.date(), started_before=stamp() - LONGEST_RUN)
