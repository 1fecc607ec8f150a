"""The calendar covers the day and the campaign's end, and says how far it is official."""

from collections.abc import Iterator

from dondoc.calendar import Certainty
from dondoc.campaign.horizon import calendar_warnings, safe_until
from dondoc.errors import Problem
from dondoc.installation.workplace import Workplace


def check_calendar(place: Workplace) -> Iterator[Problem | str]:
    """Ask the calendar for the business date and for the campaign's end, and yield until when it is official.

    Raises:
        CalendarGapError: a year has neither an official nor a provisional calendar.
        CampaignError: the office works on no day of the campaign.
    """
    day = place.day
    day.calendar.require(day.business_date)
    yield safe_until(day.campaign, day.calendar)


def warn_of_calendar(place: Workplace) -> Iterator[Problem | str]:
    """Yield what is counted by a provisional calendar, and which proposed swaps of days touch the campaign."""
    day = place.day
    if day.calendar.certainty(day.business_date) is not Certainty.UNKNOWN:
        yield from calendar_warnings(day)
