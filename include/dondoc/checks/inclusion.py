"""Tell whether a source itself moves its due dates by the days waited, from cases whose first date is known."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dondoc.calendar import Days, WorkCalendar
from dondoc.checks.deadline import due_by_term, has_term, known_dates, waited_days
from dondoc.checks.pauses import first_due_before, pauses_of
from dondoc.records import days_of


@dataclass(frozen=True)
class InclusionCounts:
    """The number of cases whose due date the source moved by the days waited, and of those where it did not."""

    moved: int
    kept: int

    @property
    def included(self) -> bool:
        """Return whether the source is held to move its due dates itself: only when more cases say so."""
        return self.moved > self.kept


def weigh(cases: pd.DataFrame, *, calendar: WorkCalendar, first_dates: pd.DataFrame) -> InclusionCounts:
    """Return what a source's cases tell of its due dates.

    A case tells when a pause of it has ended and its due date of before is known: the source gives it, an earlier day
    saw another one than today's, or its term gives it. It stands for the nearer of the two, that date and that date
    after the wait, unless it lies far from both.

    Args:
        cases: schema `records.CASES`, of one source.
        calendar: the office's.
        first_dates: schema `records.FIRST_DATES`, as the days before left it.
    """
    days = waited_days(pauses_of(cases), days_of(cases["received_at"]), calendar)
    recorded = days_of(cases["due_at"])
    first = _known_first(cases, days, calendar, first_dates)
    rows = np.flatnonzero((days > 0) & ~np.isnat(recorded) & ~np.isnat(first))
    recorded = recorded[rows]
    first = first[rows]
    days = days[rows]
    to_first = np.abs(calendar.days_between(first, recorded))
    to_moved = np.abs(calendar.days_between(calendar.add_working_days(first, days), recorded))
    return InclusionCounts(moved=int((2 * to_moved < days).sum()), kept=int((2 * to_first < days).sum()))


def _known_first(
    cases: pd.DataFrame, days_waited: np.ndarray, calendar: WorkCalendar, first_dates: pd.DataFrame
) -> Days:
    """Return the due day of before any pause, where something other than today's due date says it; NaT elsewhere."""
    first = np.full(len(cases), np.datetime64("NaT", "D"))
    told = (days_waited > 0) & has_term(cases) & calendar.is_known(days_of(cases["received_at"]))
    rows = np.flatnonzero(told)
    first[rows] = due_by_term(cases, rows, calendar).astype("datetime64[D]")
    known = known_dates(cases, first_dates, "due_at").astype("datetime64[D]")
    seen = ~np.isnat(known) & (known != days_of(cases["due_at"]))
    first[seen] = known[seen]
    rows, before = first_due_before(pauses_of(cases))
    first[rows] = before.astype("datetime64[D]")
    return first
