"""Working days and hours of an office: the official calendar as prefix sums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

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
# The table reaches beyond every date a source may give; what a term adds past it stays on its last working day.
TABLE_FIRST = date(1900, 1, 1)
TABLE_LAST = date(2199, 12, 31)


class Certainty(StrEnum):
    """The ways a day is known: by decision, ahead of one from the fixed dates of the Labour Code, or by its weekday."""

    OFFICIAL = "official"
    PROVISIONAL = "provisional"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Swap:
    """A weekday off against a rest day worked that was proposed and not decided; nothing is counted by it."""

    off: date
    worked: date
    reason: str


class WorkCalendar:
    """Tell for every day whether the office works, in O(1), one day or a million at a time.

    Arithmetic over arrays of days never fails, whatever a source says: outside the years known the weekday alone
    decides. Who counts asks `is_ahead` and `is_older` how far the answer is to be trusted. Questions about a single
    day of the office itself, such as the business date, are refused in a year that is not known.

    `_before[i]` is the number of working days before day `i` of the table, so that the working days of any interval
    are one subtraction, swapped Saturdays included.
    """

    def __init__(
        self,
        years: range,
        *,
        off: Mapping[date, str],
        worked: Mapping[date, str],
        provisional_until: int | None = None,
        proposed: Sequence[Swap] = (),
        hours: OfficeHours | None = None,
        name: str = "",
    ) -> None:
        """Build the table.

        Args:
            years: the consecutive years the official calendar is known for.
            provisional_until: the last of the years after them that is known ahead of the decision; none when None.
            proposed: swaps of days that may yet be decided.
            off: weekdays that are not worked, with the holiday's name.
            worked: rest days that are worked instead, with the decision that swapped them.
            hours: the spans of a working day; the usual ones when None.
            name: the calendar's file, for messages.
        """
        self.name = name
        self.hours = hours or OfficeHours()
        self.proposed = tuple(proposed)
        self.first = date(years.start, 1, 1)
        self.last = date(years.stop - 1, 12, 31)
        self.known_until = max(self.last, date(provisional_until or 1, 12, 31))
        self.off = {day: why for day, why in off.items() if self.first <= day <= self.known_until}
        self.worked = {day: why for day, why in worked.items() if self.first <= day <= self.known_until}
        days = np.arange(np.datetime64(TABLE_FIRST, "D"), np.datetime64(TABLE_LAST, "D") + ONE_DAY)
        # 1970-01-01 was a Thursday, weekday 3.
        weekday = (days.astype(np.int64) + 3) % 7 < SATURDAY
        working = weekday.copy()
        self._working = working
        working[self._index(_days(self.off))] = False
        working[self._index(_days(self.worked))] = True
        self._working_days = days[working]
        self._before = np.concatenate([[0], np.cumsum(working, dtype=np.int32)])
        self._swapped_before = np.concatenate([[0], np.cumsum(working & ~weekday, dtype=np.int32)])

    def certainty(self, day: date) -> Certainty:
        """Return how `day` is known."""
        if not self.first <= day <= self.known_until:
            return Certainty.UNKNOWN
        return Certainty.OFFICIAL if day <= self.last else Certainty.PROVISIONAL

    def require(self, day: date) -> None:
        """Refuse a day of the office itself that lies in a year nothing is known of.

        Raises:
            CalendarGapError: neither an official nor a provisional calendar has the year.
        """
        if self.certainty(day) is Certainty.UNKNOWN:
            raise CalendarGapError(
                f"Chưa có lịch nghỉ cho ngày {day:%d/%m/%Y}: lịch chính thức có từ {self.first:%d/%m/%Y} đến "
                f"{self.last:%d/%m/%Y}, lịch dự kiến đến {self.known_until:%d/%m/%Y}.",
                where=f"lịch làm việc {self.name}".strip(),
                remedy="thêm năm còn thiếu vào mục `years` của tệp lịch, kèm ngày nghỉ, ngày làm bù đã công bố.",
            )

    def is_working(self, day: date) -> bool:
        """Return whether the office works on `day`.

        Raises:
            CalendarGapError: as `require`.
        """
        self.require(day)
        return bool(self._working[self._index(np.array([day], "datetime64[D]"))][0])

    def rest_name(self, day: date) -> str | None:
        """Return why `day` is not worked, e.g. the holiday's name; None when it is worked.

        Raises:
            CalendarGapError: as `require`.
        """
        return None if self.is_working(day) else self.off.get(day) or REST_DAYS[day.weekday()]

    def is_known(self, days: Days) -> NDArray[np.bool_]:
        """Return which `days` lie in an official or a provisional year; NaT does not."""
        return (days >= np.datetime64(self.first, "D")) & (days <= np.datetime64(self.known_until, "D"))

    def is_ahead(self, days: Days) -> NDArray[np.bool_]:
        """Return which `days` lie after the last official year: what is counted up to them may yet change."""
        return days > np.datetime64(self.last, "D")

    def is_older(self, days: Days) -> NDArray[np.bool_]:
        """Return which `days` lie before the first official year: what is counted from them is a lower bound."""
        return days < np.datetime64(self.first, "D")

    def counted_since(self, days: Days) -> Days:
        """Return each day, or the eve of the calendar's first where it is older: from there counting is certain."""
        return np.maximum(days, np.datetime64(self.first, "D") - ONE_DAY)

    def working_days(self, first: date, last: date) -> list[date]:
        """Return the working days from `first` to `last`, both included.

        Raises:
            CalendarGapError: one of the two lies in a year nothing is known of.
        """
        self.require(first)
        self.require(last)
        start, stop = self._index(np.array([first, last], "datetime64[D]"))
        return [TABLE_FIRST + timedelta(days=int(i)) for i in range(start, stop + 1) if self._working[i]]

    def days_between(self, start: Days, end: Days) -> NDArray[np.int32]:
        """Return how many working days lie after `start` up to and including `end`; negative when `end` is earlier.

        The day of the event itself is never counted (Civil Code 2015, art. 147).

        Args:
            start: shape (n,), datetime64[D], no NaT.
            end: shape (n,), datetime64[D], no NaT.
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
        """
        added = start.copy()
        moved = np.asarray(count) > 0
        added[moved] = self._nth(self._before[self._index(start[moved]) + 1] + count[moved] - 1)
        return added

    def working_days_before(self, end: Days, count: NDArray[np.signedinteger]) -> Days:
        """Return the working day from which `add_working_days` leads to `end` in `count` days.

        An `end` that is a rest day stands for the next working day (Civil Code 2015, art. 148).

        Args:
            end: shape (n,), datetime64[D], no NaT.
            count: shape (n,), positive.
        """
        return self._nth(np.maximum(self._before[self._index(end)] - count, 0))

    def on_or_after(self, days: Days) -> Days:
        """Return each day, or the first working day after it where it is a rest day (Civil Code 2015, art. 148)."""
        return self._nth(self._before[self._index(days)])

    def add_hours(self, start: Instants, hours: NDArray[np.int64]) -> Instants:
        """Return when `hours`, at least 1, of office time have passed since `start`."""
        a_day = self.hours.seconds_a_day
        target = self._worked_by(start) + np.asarray(hours, np.int64) * SECONDS_AN_HOUR
        whole = -(-target // a_day) - 1
        of_day = self.hours.when_worked(target - whole * a_day)
        return self._nth(whole).astype("datetime64[us]") + of_day.astype("timedelta64[s]")

    def counted_from(self, instants: Instants) -> Instants:
        """Return from when an event counts: after closing or on a rest day, at the next working day's opening.

        One before opening counts at opening, one in the midday rest when the afternoon begins.
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
        return self._working_days[np.minimum(index, len(self._working_days) - 1)]

    def _index(self, days: Days) -> NDArray[np.int64]:
        if np.isnat(days).any():
            raise ValueError("a day is NaT")
        index = days.astype("datetime64[D]").astype(np.int64) - np.datetime64(TABLE_FIRST, "D").astype(int)
        return np.clip(index, 0, len(self._working) - 1)


def _days(named: Mapping[date, str]) -> Days:
    return np.array(list(named), "datetime64[D]")


def _split(instants: Instants) -> tuple[Days, NDArray[np.int64]]:
    """Return the days and the seconds of the day."""
    days = instants.astype("datetime64[D]")
    return days, (instants - days).astype("timedelta64[s]").astype(np.int64)
