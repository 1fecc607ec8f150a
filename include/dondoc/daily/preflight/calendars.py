"""The calendar covers the day, and the campaign's end."""

from collections.abc import Iterator

from dondoc.ending import ending_of
from dondoc.errors import Problem
from dondoc.workplace import Workplace


def check_calendar(place: Workplace) -> Iterator[Problem | str]:
    """Ask the calendar for the business date and for the campaign's end.

    Raises:
        CalendarGapError: a year has no official calendar.
        CampaignError: the office works on no day of the campaign.
    """
    day = place.day
    day.calendar.is_working(day.business_date)
    ending_of(day.campaign, day.calendar)
    yield from ()
