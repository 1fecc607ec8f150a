"""Choose which pauses of a case's clock count, and from when to when (docs/rules.md#deadline, part B)."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from dondoc.calendar import Days, WorkCalendar
from dondoc.checks.pause_table import PauseRow, first_that_fits
from dondoc.records import days_of, instants_of, unnest

NEVER = np.datetime64("NaT", "D")
LONG_AGO = np.datetime64("0001-01-01", "D")
FOR_EVER = np.datetime64("9999-12-31", "D")
CASE_SPAN = 8_000_000  # days; more than lie between the two, either way
COUNTED = (PauseRow.ANSWERED, PauseRow.RUNNING, PauseRow.CLOSED)


@dataclass(frozen=True)
class Pauses:
    """The pauses as a source records them; all arrays have one element per pause.

    Attributes:
        row: position of the case.
        start: day the clock stopped; it still counts.
        end: day it went on; the last that does not count. NaT where the source gives none.
        due_before: due instant the source recorded before it, NaT where none.
        due_after: due instant the source moved to, NaT where none.
    """

    row: np.ndarray
    start: Days
    end: Days
    due_before: np.ndarray
    due_after: np.ndarray

    def where(self, mask: np.ndarray) -> "Pauses":
        """Return the pauses at `mask`, a mask or positions."""
        return Pauses(*(array[mask] for array in vars(self).values()))


@dataclass(frozen=True)
class Clock:
    """The facts of the cases that decide which pauses count; shape (n,) each.

    Attributes:
        today: the business date.
        received: day each was received.
        finished: day the office finished, NaT where it has not by `today`.
        still: whether the status says that the clock stands.
    """

    today: np.datetime64
    received: Days
    finished: Days
    still: np.ndarray


@dataclass(frozen=True)
class Reading:
    """The pauses as the table reads them: by case, then by beginning, one with a new date before one without.

    Attributes:
        pauses: those that count have an end, and begin with the receipt at the earliest.
        rule: the table's row that says whether each counts.
        told: the same ones as the source gives them.
        joined: whether it begins no later than an earlier one ends: the clock stands already.
        since: day from which its days are its own; those before it belong to the earlier one.
    """

    pauses: Pauses
    rule: np.ndarray
    told: Pauses
    joined: np.ndarray
    since: Days

    @property
    def counts(self) -> np.ndarray:
        """Return which pauses count."""
        return np.isin(self.rule, COUNTED)

    def own_days(self, calendar: WorkCalendar) -> np.ndarray:
        """Return the working days each pause adds to those before it, shape (p,); 0 where it does not count."""
        days = np.zeros(len(self.rule), np.int32)
        own = np.flatnonzero(self.counts & (self.pauses.end > self.since))
        days[own] = calendar.days_between(self.since[own], self.pauses.end[own])
        return days


def pauses_of(cases: pd.DataFrame) -> Pauses:
    """Return the pauses of `cases`, schema `records.CASES`, as the source gives them."""
    flat = unnest(cases["pauses"])
    start = days_of(flat["from_at"])
    end = days_of(flat["to_at"])
    return Pauses(
        row=flat["row"].to_numpy(np.int64),
        start=start,
        end=np.where(np.isnat(end), NEVER, np.maximum(start, end)),
        due_before=instants_of(flat["due_before_at"]),
        due_after=instants_of(flat["due_after_at"]),
    )


def read_pauses(pauses: Pauses, clock: Clock) -> Reading:
    """Return the pauses as the table reads them on the clock's day; the first row that fits decides."""
    row = pauses.row
    start = pauses.start
    end = pauses.end
    received = clock.received[row]
    works_on = ~clock.still[row]
    unclosed = np.isnat(end)
    table = (
        (PauseRow.NOT_YET, start > clock.today),
        (PauseRow.AFTER_FINISH, start > clock.finished[row]),
        (PauseRow.BEFORE_RECEIPT, (start < received) & np.where(unclosed, works_on, end <= received)),
        (PauseRow.FORGOTTEN, unclosed & works_on & np.isnat(pauses.due_after)),
        (PauseRow.ANSWERED, unclosed & works_on),
        (PauseRow.RUNNING, unclosed | (end > clock.today)),
    )
    rule = first_that_fits(table, otherwise=PauseRow.CLOSED)
    start = np.maximum(start, received)
    end = np.select([rule == PauseRow.RUNNING, rule == PauseRow.CLOSED], [clock.today, end], start)
    return _in_order(replace(pauses, start=start, end=np.maximum(end, start)), rule, told=pauses)


def read_all(pauses: Pauses, clock: Clock) -> Reading:
    """Return all the pauses a source records as if they had happened, lasting ones up to the clock's day."""
    lasting = np.where(clock.still[pauses.row], np.maximum(clock.today, pauses.start), NEVER)
    ended = replace(pauses, end=np.where(np.isnat(pauses.end), lasting, pauses.end))
    return read_pauses(ended, replace(clock, today=FOR_EVER, finished=np.full(len(clock.still), NEVER)))


def first_due_before(pauses: Pauses) -> tuple[np.ndarray, np.ndarray]:
    """Return the cases whose first pause the source gives a due instant before, and those instants."""
    order = np.lexsort((pauses.due_before, pauses.start, pauses.row))
    row = pauses.row[order]
    before = pauses.due_before[order]
    given = (np.diff(row, prepend=-1) > 0) & ~np.isnat(before)
    return row[given], before[given]


def _in_order(pauses: Pauses, rule: np.ndarray, *, told: Pauses) -> Reading:
    # Those that do not count stand behind the others of their case, where they cover nothing.
    idle = ~np.isin(rule, COUNTED)
    undated = np.isnat(pauses.due_after)
    order = np.lexsort((pauses.due_after, pauses.end, undated, pauses.start, idle, pauses.row))
    pauses = pauses.where(order)
    rule = rule[order]
    told = told.where(order)
    reached = _reach(pauses)
    return Reading(pauses, rule, told, joined=reached >= pauses.start, since=np.maximum(pauses.start, reached))


def _reach(pauses: Pauses) -> Days:
    """Return the last day of all earlier pauses of the same case; long ago where there is none."""
    # One running maximum for all cases: each case's days are lifted above those of the case before.
    lift = pauses.row * CASE_SPAN + CASE_SPAN // 2
    reached = np.maximum.accumulate(pauses.end.astype(np.int64) + lift)
    before = np.concatenate([[0], reached])[: len(reached)] - lift
    return np.maximum(before, LONG_AGO.astype(np.int64)).astype("datetime64[D]")
