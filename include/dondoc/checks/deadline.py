"""The due date that decides: the first one recorded, moved only by what the law knows."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from dondoc.calendar import Days, WorkCalendar
from dondoc.campaign import Rules
from dondoc.checks.moves import Moves, move
from dondoc.checks.pause_table import PauseRow
from dondoc.checks.pauses import (
    FOR_EVER,
    NEVER,
    Clock,
    Pauses,
    Reading,
    first_due_before,
    pauses_of,
    read_all,
    read_pauses,
)
from dondoc.records import CaseStatus, arrow_of, days_of, instants_of

PAUSED = (CaseStatus.SUPPLEMENT_ASKED, CaseStatus.FEE_ASKED, CaseStatus.STOPPED)
DONE = (CaseStatus.FINISHED, CaseStatus.RETURNED)
WORKING_DAY = "working_day"
DAY = "day"
WORKING_HOUR = "working_hour"


@dataclass(frozen=True)
class Deadlines:
    """Shape (n,) each, unless said otherwise; instants are datetime64[us], NaT where there is none.

    Attributes:
        at: the due instant that decides.
        first_at: the first one recorded, before any pause.
        promised_at: the same, or what the term gives where none is recorded.
        extended_at: the same after a lawful extension; this is what the pauses move.
        first_rule: the row of the table that says which one that is, int8.
        moved: whether the source's due date was moved and nothing recorded explains it.
        clock: what of the cases decided which pauses count.
        reading: which pauses count, in their order.
        moves: what each of them did.
    """

    at: np.ndarray
    first_at: np.ndarray
    promised_at: np.ndarray
    extended_at: np.ndarray
    first_rule: np.ndarray
    moved: np.ndarray
    clock: Clock
    reading: Reading
    moves: Moves

    @property
    def lapsed(self) -> np.ndarray:
        """Return whether a pause began only after the due date, so that the case was late before it."""
        return self._any(self.moves.late)

    @property
    def stands(self) -> np.ndarray:
        """Return whether the clock stands still on the day, as the pauses say."""
        return self._any(self.reading.rule == PauseRow.RUNNING)

    @property
    def ahead(self) -> np.ndarray:
        """Return whether a pause begins after the day."""
        return self._any(self.reading.rule == PauseRow.NOT_YET)

    def paused_days(self, due: Days, ended: Days, calendar: WorkCalendar) -> np.ndarray:
        """Return the working days after `due`, up to `ended`, on which the clock stood, int32.

        The days of a pause that moved the due date lie before it already.
        """
        late = np.flatnonzero(self.moves.late)
        pauses = self.reading.pauses
        row = pauses.row[late]
        start = np.maximum(self.reading.since[late], due[row])
        end = np.minimum(pauses.end[late], ended[row])
        inside = end > start
        days = np.zeros(len(self.at), np.int32)
        np.add.at(days, row[inside], calendar.days_between(start[inside], end[inside]))
        return days

    def _any(self, pauses: np.ndarray) -> np.ndarray:
        found = np.zeros(len(self.at), bool)
        found[self.reading.pauses.row[pauses]] = True
        return found


def decide_deadlines(
    cases: pd.DataFrame, *, as_of: date, calendar: WorkCalendar, rules: Rules, first_dates: pd.DataFrame | None = None
) -> Deadlines:
    """Return the due date that decides for each case.

    Args:
        cases: schema `records.CASES`, any order.
        as_of: the business date.
        calendar: the office's.
        rules: the campaign's choices.
        first_dates: schema `records.FIRST_DATES`, what earlier days recorded; None where there were none.

    Source: Decree 61/2018/NĐ-CP art. 19; Civil Code 2015 art. 147-148; docs/rules.md#deadline.
    """
    pauses = pauses_of(cases)
    clock = clock_on(cases, as_of)
    first, first_rule = first_recorded(cases, pauses, calendar=calendar, first_dates=first_dates)
    promised = _with_terms(cases, first, calendar)
    untold = np.isnat(first)
    first_rule[untold] = np.where(np.isnat(promised[untold]), PauseRow.NO_DATE, PauseRow.BY_TERM)
    due = np.fmax(promised, instants_of(cases["extension_due_at"]))
    reading = read_pauses(pauses, clock)
    moves = move(reading, due, first=promised, calendar=calendar, clears=rules.late_pause_clears)
    explained = move(read_all(pauses, clock), due, first=promised, calendar=calendar, clears=True).due
    return Deadlines(
        at=moves.due,
        first_at=first,
        promised_at=promised,
        extended_at=due,
        first_rule=first_rule,
        moved=_unexplained(instants_of(cases["due_at"]), first, explained),
        clock=clock,
        reading=reading,
        moves=moves,
    )


def clock_on(cases: pd.DataFrame, as_of: date) -> Clock:
    """Return what of `cases` decides which of their pauses count on a day."""
    today = np.datetime64(as_of, "D")
    status = cases["status"].to_numpy(np.int8)
    finished = days_of(cases["finished_at"])
    done = np.isin(status, DONE) & (finished <= today)
    return Clock(
        today=today,
        received=days_of(cases["received_at"]),
        finished=np.where(done, finished, NEVER),
        still=np.isin(status, PAUSED),
    )


def first_recorded(
    cases: pd.DataFrame, pauses: Pauses, *, calendar: WorkCalendar, first_dates: pd.DataFrame | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the first due instant recorded for each case, before any pause, and the table's row that says which.

    A source that moves its due dates itself tells the first one only less the days waited; a date an earlier day saw is
    the first one unless it is the very date such a source gives now.
    """
    recorded = instants_of(cases["due_at"])
    included = has_waits_included(cases)
    first = recorded.copy()
    rule = np.full(len(cases), PauseRow.AS_RECORDED, np.int8)
    if included.any():
        rows, before_the_wait = _less_the_wait(recorded, included, pauses, days_of(cases["received_at"]), calendar)
        first[rows] = before_the_wait
        rule[rows] = PauseRow.LESS_THE_WAIT
    rows, before_pause = first_due_before(pauses)
    first[rows] = before_pause
    rule[rows] = PauseRow.BEFORE_FIRST_PAUSE
    if first_dates is not None:
        known = known_dates(cases, first_dates, "due_at")
        rows = np.flatnonzero(~np.isnat(known))
        rows = rows[~included[rows] | (_day(known[rows]) != _day(recorded[rows]))]
        first[rows] = known[rows]
        rule[rows] = PauseRow.REMEMBERED
    return first, rule


def has_waits_included(cases: pd.DataFrame) -> np.ndarray:
    """Return whose source moves the due date by the days waited itself, shape (n,); False where that is not known."""
    return cases["due_includes_pauses"].to_numpy(bool, na_value=False)


def known_dates(cases: pd.DataFrame, first_dates: pd.DataFrame, name: str) -> np.ndarray:
    """Return the register's date `name` of each case, NaT where it has none."""
    place = pc.index_in(arrow_of(cases["case_number"]), value_set=arrow_of(first_dates["case_number"]))
    return instants_of(pd.Series(arrow_of(first_dates[name]).take(place), dtype=first_dates[name].dtype))


def due_by_term(cases: pd.DataFrame, rows: np.ndarray, calendar: WorkCalendar) -> np.ndarray:
    """Return the due instants that the terms of the cases at `rows` give, at the office's closing for days."""
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
    day, start, end = (_day(at) for at in (recorded, first, explained))
    return ~np.isnat(day) & ~np.isnat(start) & ((day < start) | (day > end))


def _less_the_wait(
    recorded: np.ndarray, included: np.ndarray, pauses: Pauses, received: Days, calendar: WorkCalendar
) -> tuple[np.ndarray, np.ndarray]:
    """Return the cases of `included` whose pauses have ended, and the due instants before those moved them."""
    days = waited_days(pauses.where(included[pauses.row]), received, calendar)
    rows = np.flatnonzero((days > 0) & ~np.isnat(recorded))
    at = recorded[rows]
    day = _day(at)
    return rows, calendar.working_days_before(day, days[rows]).astype("datetime64[us]") + (at - day)


def waited_days(pauses: Pauses, received: Days, calendar: WorkCalendar) -> np.ndarray:
    """Return the working days of the pauses that have an end, after the receipt, overlapping ones once; shape (n,)."""
    ended = pauses.where(~np.isnat(pauses.end))
    nobody = np.zeros(len(received), bool)
    never = np.full(len(received), NEVER)
    reading = read_all(ended, Clock(FOR_EVER, received, never, nobody))
    days = np.zeros(len(received), np.int32)
    np.add.at(days, reading.pauses.row, reading.own_days(calendar))
    return days


def _day(instants: np.ndarray) -> Days:
    return instants.astype("datetime64[D]")
