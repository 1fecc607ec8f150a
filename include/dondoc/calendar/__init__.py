"""The office's own time: which days it works, and at which hours."""

from dondoc.calendar.days import Days, WorkCalendar
from dondoc.calendar.hours import OfficeHours
from dondoc.calendar.official import Closing, official_calendar

__all__ = ["Closing", "Days", "OfficeHours", "WorkCalendar", "official_calendar"]
