"""Move due dates by the pauses that count, one after the other (docs/rules.md#deadline, part C)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dondoc.calendar import Days, WorkCalendar
from dondoc.checks.pause_table import PauseRow, first_that_fits
from dondoc.checks.pauses import Reading

LATE = (PauseRow.BEGUN_LATE, PauseRow.BEGUN_ON_REST_DAY)
NAT = np.datetime64("NaT", "us")


@dataclass(frozen=True)
class Moves:
    """The moved due dates, and the rows of the table that moved them.

    Attributes:
        due: shape (n,), datetime64[us], the due instants after all pauses; NaT where there is none.
        rule: shape (p,), the row that decided each pause of the reading; 0 where it does not count.
        days: shape (p,), the working days that are each pause's own.
        became: shape (p,), the due instant after each pause that counts.
    """

    due: np.ndarray
    rule: np.ndarray
    days: np.ndarray
    became: np.ndarray

    @property
    def late(self) -> np.ndarray:
        """Return which pauses began after the due date they found, and moved nothing."""
        return np.isin(self.rule, LATE)


def move(reading: Reading, due: np.ndarray, *, first: np.ndarray, calendar: WorkCalendar, clears: bool) -> Moves:
    """Return the due instants as the pauses move them; `due` is left alone.

    Args:
        reading: which pauses count, in their order.
        due: shape (n,), datetime64[us], NaT where there is none; extensions are in it already.
        first: shape (n,), datetime64[us], what was promised first; a new date before it is a slip.
        calendar: the office's.
        clears: whether a pause that begins after the due date moves it all the same.
    """
    pauses = reading.pauses
    days = reading.own_days(calendar)
    new, due, late = pauses.due_after, due.copy(), np.zeros(len(due), bool)
    dated = ~np.isnat(new)
    usable = dated & (_day(new) >= pauses.end) & ~(_day(new) < _day(first)[pauses.row])
    rule = np.zeros(len(new), np.int8)
    became = np.full(len(new), NAT)
    for at in _turns(reading):
        row = pauses.row[at]
        found = due[row]
        start = pauses.start[at]
        late[row] = np.where(reading.joined[at], late[row], start > _day(found))
        barred = late[row] & (not clears)
        table = (
            (PauseRow.BEGUN_ON_REST_DAY, barred & _no_day_worked(found, start, calendar)),
            (PauseRow.BEGUN_LATE, barred),
            (PauseRow.TO_NEW_DATE, usable[at] & ~(new[at] <= found)),
            (PauseRow.KEPT, usable[at]),
            (PauseRow.MISDATED, dated[at]),
        )
        rule[at] = first_that_fits(table, otherwise=PauseRow.WAITED)
        adds = np.isin(rule[at], (PauseRow.MISDATED, PauseRow.WAITED)) & ~np.isnat(found)
        due[row] = np.where(rule[at] == PauseRow.TO_NEW_DATE, new[at], found)
        due[row[adds]] = _later(found[adds], days[at[adds]], calendar)
        became[at] = due[row]
    return Moves(due, rule, days, became)


def _turns(reading: Reading) -> Iterator[np.ndarray]:
    """Yield the positions of each case's first pause that counts, of each second one, and so on."""
    counted = np.flatnonzero(reading.counts)
    row = reading.pauses.row[counted]
    opens = np.flatnonzero(np.diff(row, prepend=-1) > 0)
    turn = np.arange(len(row)) - np.repeat(opens, np.diff(np.append(opens, len(row))))
    order = np.argsort(turn, kind="stable")
    yield from np.split(counted[order], np.flatnonzero(np.diff(turn[order])) + 1) if len(counted) else ()


def _no_day_worked(due: np.ndarray, start: Days, calendar: WorkCalendar) -> np.ndarray:
    """Return where no day after the due day is worked up to and including `start`."""
    day = np.where(np.isnat(due), start, _day(due))
    return calendar.days_between(day, start) == 0


def _later(due: np.ndarray, days: np.ndarray, calendar: WorkCalendar) -> np.ndarray:
    day = _day(due)
    return calendar.add_working_days(day, days).astype("datetime64[us]") + (due - day)


def _day(instants: np.ndarray) -> Days:
    return instants.astype("datetime64[D]")
