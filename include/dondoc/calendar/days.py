"""Working days and hours of an office: the official calendar as prefix sums."""

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from dondoc.calendar.hours import OfficeHours
from dondoc.errors import CalendarGapError

Days = NDArray[np.datetime64]
Instants = NDArray[np.datetime64]

SATURDAY = 5
# NumPy adds no number without a unit to a date.
ONE_DAY = np.timedelta64(1, "D")
SECONDS_AN_HOUR = 3600
REST_DAYS = {5: "nghỉ thứ Bảy", 6: "nghỉ Chủ nhật"}


class WorkCalendar:
    """Answers for every day of some whole years whether the office works, in O(1), one day or a million at a time.

    `_before[i]` is the number of working days before day `i` of the table, so that the working days of any interval
    are one subtraction, swapped Saturdays included.
    """

    def __init__(
        self,
        years: range,
        *,
        off: Mapping[date, str],
        worked: Mapping[date, str],
        hours: OfficeHours | None = None,
        name: str = "",
    ) -> None:
        """Build the table.

        Args:
            years: the consecutive years the official calendar is known for.
            off: weekdays that are not worked, with the holiday's name.
            worked: rest days that are worked instead, with the decision that swapped them.
            hours: the spans of a working day; the usual ones when None.
            name: the calendar's file, for messages.
        """
        self.name = name
        self.hours = hours or OfficeHours()
        self.first, self.last = date(years.start, 1, 1), date(years.stop - 1, 12, 31)
        self.off = {day: why for day, why in off.items() if self.first <= day <= self.last}
        self.worked = {day: why for day, why in worked.items() if self.first <= day <= self.last}
        days = np.arange(np.datetime64(self.first, "D"), np.datetime64(self.last + timedelta(days=1), "D"))
        # 1970-01-01 was a Thursday, weekday 3.
        weekday = (days.astype(np.int64) + 3) % 7 < SATURDAY
        working = weekday.copy()
        working[self._index(list(self.off))] = False
        working[self._index(list(self.worked))] = True
        self._working = working
        self._working_days = days[working]
        self._before = np.concatenate([[0], np.cumsum(working, dtype=np.int32)])
        self._swapped_before = np.concatenate([[0], np.cumsum(working & ~weekday, dtype=np.int32)])

    def is_working(self, day: date) -> bool:
        """Return whether the office works on `day`."""
        return bool(self._working[self._index([day])][0])

    def rest_name(self, day: date) -> str | None:
        """Return why `day` is not worked, e.g. the holiday's name; None when it is worked."""
        return None if self.is_working(day) else self.off.get(day) or REST_DAYS[day.weekday()]

    def covers(self, days: Days) -> NDArray[np.bool_]:
        """Return which `days` lie in a year the calendar is known for; NaT does not."""
        return (days >= np.datetime64(self.first, "D")) & (days <= np.datetime64(self.last, "D"))

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

    def swapped_days_between(self, start: Days, end: Days) -> NDArray[np.int32]:
        """Return how many rest days worked instead lie after `start` up to and including `end`; arrays as above."""
        return self._swapped_before[self._index(end) + 1] - self._swapped_before[self._index(start) + 1]

    def add_working_days(self, start: Days, count: NDArray[np.signedinteger]) -> Days:
        """Return the last of `count` working days after `start`; `start` itself where `count` is 0.

        Args:
            start: shape (n,), datetime64[D], no NaT.
            count: shape (n,), not negative.

        Raises:
            CalendarGapError: `start` or the answer lies in a year without an official calendar.
        """
        added, moved = start.copy(), np.asarray(count) > 0
        added[moved] = self._nth(self._before[self._index(start[moved]) + 1] + count[moved] - 1)
        return added

    def working_days_before(self, end: Days, count: NDArray[np.signedinteger]) -> Days:
        """Return the working day from which `add_working_days` leads to `end` in `count` days; `end` itself for 0.

        Args:
            end: shape (n,), datetime64[D], working days.
            count: shape (n,), not negative.
        """
        return self._nth(np.maximum(self._before[self._index(end)] - count, 0))

    def on_or_after(self, days: Days) -> Days:
        """Return each day, or the first working day after it where it is a rest day (Civil Code 2015, art. 148)."""
        return self._nth(self._before[self._index(days)])

    def seconds_between(self, start: Instants, end: Instants) -> NDArray[np.int64]:
        """Return how many seconds of office hours lie between instants, datetime64[us]; negative when `end` is earlier.

        Raises:
            CalendarGapError: an instant lies in a year without an official calendar.
        """
        return self._worked_by(end) - self._worked_by(start)

    def add_hours(self, start: Instants, hours: NDArray[np.int64]) -> Instants:
        """Return when `hours`, at least 1, of office time have passed since `start`.

        Raises:
            CalendarGapError: `start` or the answer lies in a year without an official calendar.
        """
        a_day = self.hours.seconds_a_day
        target = self._worked_by(start) + np.asarray(hours, np.int64) * SECONDS_AN_HOUR
        whole = -(-target // a_day) - 1
        of_day = self.hours.when_worked(target - whole * a_day)
        return self._nth(whole).astype("datetime64[us]") + of_day.astype("timedelta64[s]")

    def counted_from(self, instants: Instants) -> Instants:
        """Return from when an event counts: after closing or on a rest day, at the next working day's opening.

        One before opening counts at opening, one in the midday rest when the afternoon begins.

        Raises:
            CalendarGapError: an instant lies in a year without an official calendar.
        """
        days, of_day = _split(instants)
        missed = (of_day > self.hours.closing) | ~self._working[self._index(days)]
        day = days.copy()
        day[missed] = self.add_working_days(days[missed], np.ones(int(missed.sum()), np.int64))
        counted = np.where(missed, self.hours.opening, self.hours.counted_from(of_day))
        return day.astype("datetime64[us]") + counted.astype("timedelta64[s]")

    def _worked_by(self, instants: Instants) -> NDArray[np.int64]:
        days, of_day = _split(instants)
        index = self._index(days)
        whole = self._before[index].astype(np.int64) * self.hours.seconds_a_day
        return whole + self._working[index] * self.hours.worked_by(of_day)

    def _nth(self, index: NDArray[np.signedinteger]) -> Days:
        beyond = index >= len(self._working_days)
        if np.any(beyond):
            raise self._gap(np.datetime64(self.last + timedelta(days=1), "D"))
        return self._working_days[index]

    def _index(self, days: Days | list[date]) -> NDArray[np.int64]:
        days = np.asarray(days, dtype="datetime64[D]")
        index = days.astype(np.int64) - np.datetime64(self.first, "D").astype(int)
        outside = (index < 0) | (index > (self.last - self.first).days)
        if outside.any():
            raise self._gap(days[outside][0])
        return index

    def _gap(self, day: np.datetime64) -> CalendarGapError:
        return CalendarGapError(
            f"Chưa có lịch nghỉ chính thức cho ngày {day}: lịch hiện có từ {self.first} đến {self.last}.",
            where=f"lịch làm việc {self.name}".strip(),
            remedy="thêm năm còn thiếu vào mục `years` của tệp lịch, kèm ngày nghỉ, ngày làm bù đã công bố.",
        )


def _split(instants: Instants) -> tuple[Days, NDArray[np.int64]]:
    """Return the days and the seconds of the day."""
    days = instants.astype("datetime64[D]")
    return days, (instants - days).astype("timedelta64[s]").astype(np.int64)
