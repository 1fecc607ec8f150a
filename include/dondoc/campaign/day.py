"""A business day of a campaign: what every rule and every text needs to know of when and for whom."""

from dataclasses import dataclass
from datetime import date

from dondoc.calendar import WorkCalendar
from dondoc.campaign import Campaign
from dondoc.campaign.regime import Regime
from dondoc.vietnamese.wording import PROVISIONAL


@dataclass(frozen=True)
class Day:
    """One business day of a campaign; never the clock.

    Attributes:
        campaign: the typed configuration.
        calendar: the office's working calendar.
        business_date: the day all is computed for.
        rehearsal: whether an old day is being played through; mails then say so.
        regime: the law of the business date, None where none is known.
    """

    campaign: Campaign
    calendar: WorkCalendar
    business_date: date
    rehearsal: bool = False
    regime: Regime | None = None

    @property
    def working_days_left(self) -> int:
        """Return the working days after this one up to and including the deadline; 0 from the deadline on."""
        if self.business_date >= self.campaign.deadline:
            return 0
        days = self.calendar.working_days(self.business_date, self.campaign.deadline)
        return len(days) - int(self.calendar.is_working(self.business_date))

    @property
    def is_provisional(self) -> bool:
        """Return whether the business date lies in a year without an official calendar."""
        return self.business_date > self.calendar.last

    @property
    def mark_to_deadline(self) -> str:
        """Return the mark of what is counted to the deadline: none where an official calendar covers both."""
        return f" {PROVISIONAL}" if max(self.business_date, self.campaign.deadline) > self.calendar.last else ""
