"""The office's own time: which days it works, and at which hours."""

from dondoc.calendar.days import ONE_DAY, Certainty, Days, Swap, WorkCalendar
from dondoc.calendar.hours import OfficeHours
from dondoc.calendar.official import Closing, official_calendar

__all__ = ["ONE_DAY", "Certainty", "Closing", "Days", "OfficeHours", "Swap", "WorkCalendar", "official_calendar"]
