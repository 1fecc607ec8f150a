"""The official calendar of a country, as late decisions and an office's own closing days change it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from holidays import countries

from dondoc.calendar.days import Swap, WorkCalendar
from dondoc.calendar.hours import OfficeHours

# The Prime Minister decides on a year in the autumn before it: by then two years ahead are asked for, terms included.
YEARS_AHEAD = 2


@dataclass(frozen=True)
class Closing:
    """Days an office closes of its own, every year: month and day, both included; it may cross New Year."""

    first: tuple[int, int]
    last: tuple[int, int]
    reason: str

    def days(self, years: range) -> Iterator[date]:
        """Yield the days of `years` it closes; one that began in the year before is included."""
        for year in range(years.start - 1, years.stop):
            day = date(year, *self.first)
            last = date(year + (self.last < self.first), *self.last)
            while day <= last:
                if day.year in years:
                    yield day
                day += timedelta(days=1)


def official_calendar(
    country: str,
    years: range,
    *,
    provisional_until: int | None = None,
    subdivision: str | None = None,
    closed: Mapping[date, str] | None = None,
    worked: Mapping[date, str] | None = None,
    every_year: Sequence[Closing] = (),
    proposed: Sequence[Swap] = (),
    hours: OfficeHours | None = None,
    name: str = "",
) -> WorkCalendar:
    """Return the calendar of the `holidays` library, as the office's own corrections change it.

    Corrections win: the library knows neither late decisions nor an office's own closing days. A day named in `worked`
    is worked even inside a yearly closing. The years after `years`, up to `provisional_until` and two of them unless
    said, come from the library alone, which knows the fixed dates of the law but no decision: they are provisional.

    Raises:
        NotImplementedError: the library knows no such country.
    """
    until = max(years.stop - 1, years.stop - 1 + YEARS_AHEAD if provisional_until is None else provisional_until)
    known = range(years.start, until + 1)
    official, swapped = _announced(country, subdivision, known)
    own_off = {day: closing.reason for closing in every_year for day in closing.days(known)} | dict(closed or {})
    own_worked = dict(worked or {})
    own_off = {day: why for day, why in own_off.items() if day not in own_worked}
    off = {**official, **own_off}
    return WorkCalendar(
        years,
        off={day: why for day, why in off.items() if day not in own_worked},
        worked={day: why for day, why in {**swapped, **own_worked}.items() if day not in own_off},
        provisional_until=until,
        proposed=proposed,
        hours=hours,
        name=name,
    )


@cache
def _announced(country: str, subdivision: str | None, years: range) -> tuple[Mapping[date, str], Mapping[date, str]]:
    """Return the days off and the rest days worked instead, as the country announced them; neither may be changed."""
    # The library's own lookup loads its 270 countries when it is first asked: anew in each process forked for a task.
    if not hasattr(countries, country):
        raise NotImplementedError(country)
    official = getattr(countries, country)(subdiv=subdivision, years=years, language="vi")
    worked = sorted(getattr(official, "weekend_workdays", set()))
    return {day: official[day] for day in sorted(official)}, dict.fromkeys(worked, "làm bù theo lịch được công bố")
