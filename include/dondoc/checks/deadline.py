"""The due date that decides: the first one recorded, moved only by what the law knows."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from dondoc.calendar import WorkCalendar
from dondoc.campaign import Rules
from dondoc.checks.pauses import FOR_EVER, Pauses, moved_by, pauses_of
from dondoc.records import CaseStatus, arrow_of, instants_of

PAUSED = (CaseStatus.SUPPLEMENT_ASKED, CaseStatus.FEE_ASKED, CaseStatus.STOPPED)
WORKING_DAY, DAY, WORKING_HOUR = "working_day", "day", "working_hour"


@dataclass(frozen=True)
class Deadlines:
    """Shape (n,) each, unless said otherwise; instants are datetime64[us], NaT where there is none.

    Attributes:
        at: the due instant that decides.
        recorded_at: the one in the source today.
        first_at: the first one recorded, before any pause.
        moved: whether the source's due date was moved and nothing recorded explains it.
        lapsed: whether a pause began only after the due date, so that the case was late before it.
        pauses: those begun by the day, each with an end.
        waited: which of them moved the due date by the days waited.
        covered: whether the clock stands still on the day, as the pauses say.
        ahead: whether the last pause begins after the day.
    """

    at: np.ndarray
    recorded_at: np.ndarray
    first_at: np.ndarray
    moved: np.ndarray
    lapsed: np.ndarray
    pauses: Pauses
    waited: np.ndarray
    covered: np.ndarray
    ahead: np.ndarray


def decide_deadlines(
    cases: pd.DataFrame, *, as_of: date, calendar: WorkCalendar, rules: Rules, first_dates: pd.DataFrame | None = None
) -> Deadlines:
    """Return the due date that decides for each case.

    Args:
        cases: schema `records.CASES`, any order.
        as_of: the business date.
        calendar: must cover the pauses, and the terms of cases without a due date.
        rules: the campaign's choices.
        first_dates: schema `records.FIRST_DATES`, what earlier days recorded; None where there were none.

    Raises:
        CalendarGapError: a year in range has no official calendar.

    Source: Decree 61/2018/NĐ-CP art. 19; Civil Code 2015 art. 147-148; docs/rules.md#deadline.
    """
    today = np.datetime64(as_of, "D")
    recorded = instants_of(cases["due_at"])
    still = np.isin(cases["status"].to_numpy(np.int8), PAUSED)
    everything = pauses_of(cases)
    first = first_recorded(cases, everything, first_dates)
    due = np.fmax(_with_terms(cases, first, calendar), instants_of(cases["extension_due_at"]))
    begun = everything.where(everything.start <= today).ending(still, today)
    at, waited = moved_by(begun, due, calendar=calendar, late_ones_too=rules.late_pause_clears)
    # Each late pause is one that began after the due date it found; the final one is never earlier.
    lapsed, covered, ahead = (np.zeros(len(cases), bool) for _ in range(3))
    if not rules.late_pause_clears:
        lapsed[begun.row[begun.start > at[begun.row].astype("datetime64[D]")]] = True
    lasting = everything.where((everything.start <= today) & (everything.end > today))
    covered[lasting.row[(lasting.end < FOR_EVER) | still[lasting.row]]] = True
    ahead[everything.row[everything.start > today]] = True
    explained, _ = moved_by(everything.ending(still, today), due, calendar=calendar, late_ones_too=True)
    return Deadlines(
        at=at,
        recorded_at=recorded,
        first_at=first,
        moved=_unexplained(recorded, first, explained),
        lapsed=lapsed,
        pauses=begun,
        waited=waited,
        covered=covered,
        ahead=ahead,
    )


def first_recorded(cases: pd.DataFrame, pauses: Pauses, first_dates: pd.DataFrame | None) -> np.ndarray:
    """Return the first due instant recorded for each case: by an earlier day, before its first pause, or now."""
    first = instants_of(cases["due_at"]).copy()
    before = pauses.where((pauses.rank == 0) & ~np.isnat(pauses.due_before))
    first[before.row] = before.due_before
    if first_dates is None:
        return first
    known = known_dates(cases, first_dates, "due_at")
    return np.where(np.isnat(known), first, known)


def known_dates(cases: pd.DataFrame, first_dates: pd.DataFrame, name: str) -> np.ndarray:
    """Return the register's date `name` of each case, NaT where it has none."""
    place = pc.index_in(arrow_of(cases["case_number"]), value_set=arrow_of(first_dates["case_number"]))
    return instants_of(pd.Series(arrow_of(first_dates[name]).take(place), dtype=first_dates[name].dtype))


def due_by_term(cases: pd.DataFrame, rows: np.ndarray, calendar: WorkCalendar) -> np.ndarray:
    """Return the due instants that the terms of the cases at `rows` give, at the office's closing for days.

    Raises:
        CalendarGapError: a year in range has no official calendar.
    """
    chosen = cases.iloc[rows]
    length = chosen["term_length"].to_numpy(np.int64)
    unit = chosen["term_unit"].to_numpy(object)
    counted = calendar.counted_from(instants_of(chosen["received_at"]))
    begun = counted.astype("datetime64[D]")
    due = np.full(len(rows), np.datetime64("NaT", "us"))
    closing = np.timedelta64(calendar.hours.closing, "s")
    working, plain, hourly = (unit == name for name in (WORKING_DAY, DAY, WORKING_HOUR))
    due[working] = calendar.add_working_days(begun[working], length[working]).astype("datetime64[us]") + closing
    last_day = begun[plain] + length[plain].astype("timedelta64[D]")
    due[plain] = calendar.on_or_after(last_day).astype("datetime64[us]") + closing
    due[hourly] = calendar.add_hours(counted[hourly], length[hourly])
    return due


def has_term(cases: pd.DataFrame) -> np.ndarray:
    """Return which cases have a term and its unit."""
    length = cases["term_length"].to_numpy(np.float64, na_value=np.nan)
    return (length > 0) & cases["term_unit"].notna().to_numpy(bool)


def _with_terms(cases: pd.DataFrame, first: np.ndarray, calendar: WorkCalendar) -> np.ndarray:
    rows = np.flatnonzero(np.isnat(first) & has_term(cases))
    due = first.copy()
    due[rows] = due_by_term(cases, rows, calendar)
    return due


def _unexplained(recorded: np.ndarray, first: np.ndarray, explained: np.ndarray) -> np.ndarray:
    """Return where the source's due day lies outside what the first one and its pauses and extension explain."""
    day, start, end = (at.astype("datetime64[D]") for at in (recorded, first, explained))
    return ~np.isnat(day) & ~np.isnat(start) & ((day < start) | (day > end))
