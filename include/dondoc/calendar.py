"""Working days of an office: the official calendar as a prefix-sum table."""

from collections.abc import Mapping
from datetime import date, timedelta

import holidays
import numpy as np
from numpy.typing import NDArray

from dondoc.errors import CalendarGapError

Days = NDArray[np.datetime64]

SATURDAY = 5


class WorkCalendar:
    """Answers for every day of some whole years whether the office works, in O(1), one day or a million at a time.

    `_before[i]` is the number of working days before day `i` of the table, so that the working days of any interval
    are one subtraction, swapped Saturdays included.
    """

    def __init__(self, years: range, *, off: Mapping[date, str], worked: Mapping[date, str], name: str = "") -> None:
        """Build the table.

        Args:
            years: the consecutive years the official calendar is known for.
            off: weekdays that are not worked, with the holiday's name.
            worked: rest days that are worked instead, with the decision that swapped them.
            name: the calendar's file, for messages.
        """
        self.name = name
        self.first, self.last = date(years.start, 1, 1), date(years.stop - 1, 12, 31)
        self.off = {day: why for day, why in off.items() if self.first <= day <= self.last}
        self.worked = {day: why for day, why in worked.items() if self.first <= day <= self.last}
        days = np.arange(np.datetime64(self.first, "D"), np.datetime64(self.last + timedelta(days=1), "D"))
        # 1970-01-01 was a Thursday, weekday 3.
        working = (days.astype(np.int64) + 3) % 7 < SATURDAY
        working[self._index(list(self.off))] = False
        working[self._index(list(self.worked))] = True
        self._working = working
        self._before = np.concatenate([[0], np.cumsum(working, dtype=np.int32)])

    @classmethod
    def of_country(
        cls,
        country: str,
        years: range,
        *,
        subdivision: str | None = None,
        corrections_off: Mapping[date, str] | None = None,
        corrections_worked: Mapping[date, str] | None = None,
        name: str = "",
    ) -> "WorkCalendar":
        """Return the calendar of the `holidays` library, as the office's own corrections change it.

        Corrections win: the library knows neither late decisions nor an office's own closing days.
        """
        official = holidays.country_holidays(country, subdiv=subdivision, years=years, language="vi")
        off = {day: official[day] for day in sorted(official)}
        swapped = dict.fromkeys(sorted(getattr(official, "weekend_workdays", set())), "làm bù")
        off_own, worked_own = dict(corrections_off or {}), dict(corrections_worked or {})
        off = {day: why for day, why in (off | off_own).items() if day not in worked_own}
        worked = {day: why for day, why in (swapped | worked_own).items() if day not in off_own}
        return cls(years, off=off, worked=worked, name=name)

    def is_working(self, day: date) -> bool:
        """Return whether the office works on `day`."""
        return bool(self._working[self._index([day])][0])

    def working_days(self, first: date, last: date) -> list[date]:
        """Return the working days from `first` to `last`, both included."""
        start, stop = self._index([first, last])
        return [self.first + timedelta(days=int(i)) for i in range(start, stop + 1) if self._working[i]]

    def days_between(self, start: Days, end: Days) -> NDArray[np.int32]:
        """Return how many working days lie after `start` up to and including `end`; negative when `end` is earlier.

        The day of the event itself is never counted (Civil Code 2015, art. 147).

        Args:
            start: shape (n,), datetime64[D], no NaT.
            end: shape (n,), datetime64[D], no NaT.

        Raises:
            CalendarGapError: a day lies in a year without an official calendar.
        """
        return self._before[self._index(end) + 1] - self._before[self._index(start) + 1]

    def days_off_between(self, start: Days, end: Days) -> NDArray[np.int32]:
        """Return how many rest days and holidays lie after `start` up to and including `end`; arrays as above."""
        calendar_days = (np.asarray(end, "datetime64[D]") - np.asarray(start, "datetime64[D]")).astype(np.int32)
        return calendar_days - self.days_between(start, end)

    def _index(self, days: Days | list[date]) -> NDArray[np.int64]:
        index = np.asarray(days, dtype="datetime64[D]").astype(np.int64) - np.datetime64(self.first, "D").astype(int)
        outside = (index < 0) | (index > (self.last - self.first).days)
        if outside.any():
            day = np.asarray(days, dtype="datetime64[D]")[outside][0]
            raise CalendarGapError(
                f"Chưa có lịch nghỉ chính thức cho ngày {day}: lịch hiện có từ {self.first} đến {self.last}.",
                where=f"lịch làm việc {self.name}".strip(),
                remedy="thêm năm còn thiếu vào mục `years` của tệp lịch, kèm ngày nghỉ, ngày làm bù đã công bố.",
            )
        return index
