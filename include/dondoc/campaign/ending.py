"""How a campaign ends: the day and the hour of its final report, the closing day, and the slots of all its runs."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from dondoc.calendar import WorkCalendar
from dondoc.campaign import Campaign
from dondoc.errors import CampaignError

# Before the report is due: time for a source that fails to be mended, and for a mail server that does not answer.
FINAL_LEAD = timedelta(hours=2)
# Two runs closer than this to each other would be one.
LEAST_APART = timedelta(hours=1)


@dataclass(frozen=True)
class Ending:
    """When a campaign ends, by its office's calendar; instants carry the office's zone.

    Attributes:
        final_on: the working day on which the final report must leave.
        due_at: until when.
        run_at: when the final run begins; on `final_on`, whatever runs from then on makes the final report.
        closing_on: the first working day after the deadline, when the units hear how it ended.
    """

    final_on: date
    due_at: datetime
    run_at: datetime
    closing_on: date

    @property
    def last_on(self) -> date:
        """Return the last day that has a run."""
        return max(self.final_on, self.closing_on)

    def is_final_run(self, business_date: date, now: datetime) -> bool:
        """Return whether a run of `business_date` at `now` has to make the final report, or is later than that."""
        return business_date > self.final_on or (business_date == self.final_on and now >= self.run_at)


def ending_of(campaign: Campaign, calendar: WorkCalendar) -> Ending:
    """Return how the campaign ends.

    A report due on a day that is not worked is due on the last working day before it, at the same hour: later would be
    late. A rest day worked instead of another is a working day like any.

    Raises:
        CampaignError: the office works on no day from the start to the day the report is due.
        CalendarGapError: a day lies in a year without an official calendar.
    """
    wanted = campaign.report_wanted_at
    worked = calendar.working_days(campaign.starts_on, max(wanted.date(), campaign.starts_on))
    if not worked or wanted.date() < campaign.starts_on:
        raise CampaignError(
            "Không có ngày làm việc nào từ ngày bắt đầu đến ngày phải có báo cáo cuối cùng.",
            where=f"đợt {campaign.code}, mục starts_on, final_report_at",
            remedy="sửa một trong hai mục, hoặc kiểm tra tệp lịch làm việc.",
        )
    final_on = worked[-1]
    due_at = datetime.combine(final_on, wanted.time(), campaign.zone)
    daily_at = datetime.combine(final_on, campaign.daily_at, campaign.zone)
    run_at = due_at - FINAL_LEAD
    if run_at - daily_at < LEAST_APART:
        run_at = min(daily_at, due_at)
    after = np.array([campaign.deadline + timedelta(days=1)], "datetime64[D]")
    return Ending(final_on, due_at, run_at, calendar.on_or_after(after)[0].item())


def run_slots(campaign: Campaign, calendar: WorkCalendar) -> list[datetime]:
    """Return when the campaign's runs begin: each working day at its hour, once more for the final report, at the end.

    Raises:
        CampaignError: as `ending_of`.
        CalendarGapError: as `ending_of`.
    """
    ending = ending_of(campaign, calendar)
    days = calendar.working_days(campaign.starts_on, ending.last_on)
    slots = {datetime.combine(day, campaign.daily_at, campaign.zone) for day in days}
    return sorted(slots | {ending.run_at})
