"""The stretches of time a case's clock stood still, and what they do to its due date."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dondoc.calendar import Days, WorkCalendar
from dondoc.records import instants_of, unnest

NAT = np.datetime64("NaT", "us")
FOR_EVER = np.datetime64("9999-12-31", "D")


@dataclass(frozen=True)
class Pauses:
    """Pauses that overlap are one; ordered by case, then by start. All arrays have one element a pause.

    Attributes:
        row: position of the case.
        rank: 0 for a case's first pause, then 1, …
        start: day the clock stopped; it still counts.
        end: day it went on; the last that does not count. FOR_EVER where the source gives none.
        due_before: due instant the source recorded before it, NaT where none.
        due_after: due instant the source moved to, NaT where none.
    """

    row: np.ndarray
    rank: np.ndarray
    start: Days
    end: Days
    due_before: np.ndarray
    due_after: np.ndarray

    def where(self, mask: np.ndarray) -> "Pauses":
        """Return the pauses of `mask`."""
        return Pauses(*(array[mask] for array in vars(self).values()))

    def ending(self, still: np.ndarray, today: np.datetime64) -> "Pauses":
        """Return them with those that have no end cut off: today where the case of `still` is paused, else at once.

        An interval left open in a case that works on says only that the source forgot to close it.
        """
        cut = np.where(still[self.row], np.maximum(today, self.start), self.start)
        return Pauses(**(vars(self) | {"end": np.where(self.end == FOR_EVER, cut, self.end)}))


def pauses_of(cases: pd.DataFrame) -> Pauses:
    """Return the pauses of `cases`, schema `records.CASES`, overlapping ones merged."""
    flat = unnest(cases["pauses"])
    start, end = (
        instants_of(flat["from_at"]).astype("datetime64[D]"),
        instants_of(flat["to_at"]).astype("datetime64[D]"),
    )
    end = np.maximum(np.where(np.isnat(end), FOR_EVER, end), start)
    frame = pd.DataFrame(
        {
            "row": flat["row"].to_numpy(np.int64),
            "start": start.astype(np.int64),
            "end": end.astype(np.int64),
            "due_before": instants_of(flat["due_before_at"]),
            "due_after": instants_of(flat["due_after_at"]),
        }
    ).sort_values(["row", "start", "end"], kind="stable")
    reach = frame.groupby("row")["end"].cummax().groupby(frame["row"]).shift()
    frame["rank"] = (~(frame["start"] <= reach)).groupby(frame["row"]).cumsum() - 1
    # `first` and `last` pass over what is not given.
    merged = frame.groupby(["row", "rank"], as_index=False).agg(
        start=("start", "min"), end=("end", "max"), due_before=("due_before", "first"), due_after=("due_after", "last")
    )
    return Pauses(
        row=merged["row"].to_numpy(np.int64),
        rank=merged["rank"].to_numpy(np.int64),
        start=merged["start"].to_numpy(np.int64).astype("datetime64[D]"),
        end=merged["end"].to_numpy(np.int64).astype("datetime64[D]"),
        due_before=merged["due_before"].to_numpy("datetime64[us]"),
        due_after=merged["due_after"].to_numpy("datetime64[us]"),
    )


def moved_by(
    pauses: Pauses, due: np.ndarray, *, calendar: WorkCalendar, late_ones_too: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Return the due instants as the pauses move them, and which pauses moved one by the days waited.

    A pause moves the due date to the one the source gives, else by the working days waited; one that begins after the
    due date moves nothing unless `late_ones_too`.

    Args:
        pauses: with an end, each.
        due: shape (n,), datetime64[us], NaT where there is none; it is left alone.
        calendar: must cover the pauses and the due dates they move.
        late_ones_too: whether a pause that begins after the due date moves it.

    Raises:
        CalendarGapError: a year in range has no official calendar.
    """
    due, waited = due.copy(), np.zeros(len(pauses.row), bool)
    for rank in range(int(pauses.rank.max(initial=-1)) + 1):
        at = np.flatnonzero(pauses.rank == rank)
        before = due[pauses.row[at]]
        counts = ~np.isnat(before) & (late_ones_too | (pauses.start[at] <= before.astype("datetime64[D]")))
        at, before = at[counts], before[counts]
        given = ~np.isnat(pauses.due_after[at])
        due[pauses.row[at[given]]] = pauses.due_after[at[given]]
        waiting, before = at[~given], before[~given]
        day = before.astype("datetime64[D]")
        days = calendar.days_between(pauses.start[waiting], pauses.end[waiting])
        due[pauses.row[waiting]] = calendar.add_working_days(day, days).astype("datetime64[us]") + (before - day)
        waited[waiting] = True
    return due, waited


def paused_days(pauses: Pauses, *, due: Days, ended: Days, late: np.ndarray, calendar: WorkCalendar) -> np.ndarray:
    """Return the working days after `due`, up to `ended`, that lie in pauses, shape (n,); 0 where not `late`."""
    row = pauses.row
    start, end = np.maximum(pauses.start, due[row]), np.minimum(pauses.end, ended[row])
    inside = late[row] & (end > start)
    found = np.zeros(len(late), np.int32)
    np.add.at(found, row[inside], calendar.days_between(start[inside], end[inside]))
    return found
