"""What lies between two ends of a campaign that was taken up again after it was over."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from dondoc.calendar import WorkCalendar
from dondoc.campaign import Campaign
from dondoc.campaign.ending import ending_of
from dondoc.ledger.deadlines import DeadlineVersion

DAY = timedelta(days=1)


def idle_days(campaign: Campaign, calendar: WorkCalendar, known: Sequence[DeadlineVersion]) -> frozenset[date]:
    """Return the working days on which the campaign was over, before a run saw that its end had been moved.

    Nobody missed a run on them.

    Args:
        campaign: as it is configured.
        calendar: the office's.
        known: the versions of its end, oldest first.
    """
    idle: set[date] = set()
    for before, after in pairwise(known):
        report_at = datetime.combine(before.report_on, before.report_at)
        then = campaign.model_copy(update={"deadline": before.deadline, "final_report_at": report_at})
        over_on = ending_of(then, calendar).last_on
        if after.seen_on is not None and after.seen_on > over_on + DAY:
            idle |= set(calendar.working_days(over_on + DAY, after.seen_on - DAY))
    return frozenset(idle)
