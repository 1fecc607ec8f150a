"""The progress of the office and each unit: since yesterday, since the first day, and when all will be done."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from dondoc.campaign.day import Day
from dondoc.figures.columns import OFFICE, UNIT
from dondoc.figures.remaining import DONE, DUE, remaining
from dondoc.frames import rows_of
from dondoc.records import conform

# The pace is taken over so many working days, or over as many as there are.
PACE_DAYS = 5
NOTHING = "nothing"
REACHED = "reached"
IN_TIME = "in_time"
TOO_LATE = "too_late"
NEVER = "never"
UNKNOWN = "unknown"
PROGRESS = pa.schema(
    [
        pa.field("scope", pa.string(), nullable=False),
        pa.field("code", pa.string(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("due", pa.int64(), nullable=False),  # cases to apologise for and work assigned
        pa.field("done", pa.int64(), nullable=False),
        pa.field("remaining", pa.int64(), nullable=False),
        pa.field("rate", pa.float64()),  # percent; null where nothing was to be done
        pa.field("done_yesterday", pa.int64()),  # more done than on the day reported before; null without one
        pa.field("done_since_first", pa.int64()),
        pa.field("rate_yesterday", pa.float64()),  # percentage points
        pa.field("rate_since_first", pa.float64()),
        pa.field("pace", pa.float64()),  # done a working day; null without an earlier day
        pa.field("needed", pa.int64()),  # a working day until the deadline; null where none is left
        pa.field("verdict", pa.string(), nullable=False),
        pa.field("reached_on", pa.date32()),  # at this pace; null unless it will be
        pa.field("forecast", pa.float64()),  # percent on the deadline at this pace
    ]
)


@dataclass(frozen=True)
class Earlier:
    """The figures of an earlier day, schema FIGURES."""

    on: date
    figures: pd.DataFrame


def progress_of(figures: pd.DataFrame, day: Day, *, earlier: Sequence[Earlier]) -> pd.DataFrame:
    """Return the progress of the office and of each unit, schema PROGRESS.

    Args:
        figures: schema FIGURES, of `day`.
        day: the business day.
        earlier: the days before, oldest first; none on the first day.
    """
    rows = rows_of(figures[figures["scope"].isin([OFFICE, UNIT])])
    then = [(past.on, _by_code(past.figures)) for past in earlier]
    return conform(pd.DataFrame([_progress(row, day, then) for row in rows], columns=PROGRESS.names), PROGRESS)


def needed_a_day(count: int, days_left: int) -> int | None:
    """Return how many of `count` things must be done each working day left, rounded up.

    A thing is done whole, and what is needed is never told too small. 0 where nothing remains, whatever the day; None
    where something does and no day is left.
    """
    if count == 0:
        return 0
    return -(-count // days_left) if days_left > 0 else None


def pace_words(pace: float | None) -> str:
    """Return a pace, rounded to a tenth, e.g. "2,4"; empty where it is not known."""
    if pace is None or pd.isna(pace):
        return ""
    return f"{pace:.1f}".removesuffix(".0").replace(".", ",")


def _by_code(figures: pd.DataFrame) -> dict[str, dict[str, Any]]:
    mine = figures[figures["scope"].isin([OFFICE, UNIT])]
    return {row["code"]: row for row in rows_of(mine)}


def _progress(
    row: Mapping[str, Any], day: Day, then: Sequence[tuple[date, Mapping[str, Mapping[str, Any]]]]
) -> dict[str, Any]:
    due, done = (sum(int(row[name]) for name in names) for names in (DUE, DONE))
    known = [(on, rows[row["code"]]) for on, rows in then if row["code"] in rows]
    left = remaining(row)
    found = {name: row[name] for name in ("scope", "code", "name", "rate")}
    found |= {"due": due, "done": done, "remaining": left}
    for what, past in (("yesterday", known[-1:]), ("since_first", known[:1])):
        before = past[0][1] if past else None
        found[f"done_{what}"] = done - _done(before) if before else None
        both = before is not None and pd.notna(row["rate"]) and pd.notna(before["rate"])
        found[f"rate_{what}"] = round(row["rate"] - before["rate"], 2) if both and before else None
    pace = _pace(done, day, known)
    return found | {"pace": pace, "needed": needed_a_day(left, day.working_days_left)} | _outlook(due, done, pace, day)


def _done(row: Mapping[str, Any]) -> int:
    return sum(int(row[name]) for name in DONE)


def _pace(done: int, day: Day, known: Sequence[tuple[date, Mapping[str, Any]]]) -> float | None:
    long_ago = [one for one in known if _working_days(day, one[0], day.business_date) >= PACE_DAYS]
    base = (long_ago[-1:] or known[:1]) or None
    if base is None:
        return None
    days = _working_days(day, base[0][0], day.business_date)
    return (done - _done(base[0][1])) / days if days else None


def _outlook(due: int, done: int, pace: float | None, day: Day) -> dict[str, Any]:
    """Return the verdict, the day all is done at `pace`, and the rate on the deadline."""
    if due == 0:
        return {"verdict": NOTHING, "reached_on": None, "forecast": None}
    if done == due:
        return {"verdict": REACHED, "reached_on": day.business_date, "forecast": 100.0}
    if pace is None:
        return {"verdict": UNKNOWN, "reached_on": None, "forecast": None}
    by_deadline = min(max(done + pace * day.working_days_left, 0), due)
    forecast = round(100 * by_deadline / due, 2)
    if pace <= 0:
        return {"verdict": NEVER, "reached_on": None, "forecast": forecast}
    reached_on = _after(day, math.ceil(round((due - done) / pace, 9)))
    in_time = reached_on is not None and reached_on <= day.campaign.deadline
    return {"verdict": IN_TIME if in_time else TOO_LATE, "reached_on": reached_on, "forecast": forecast}


def _after(day: Day, working_days: int) -> date | None:
    """Return the last of so many working days to come; None where no calendar reaches so far."""
    start = np.array([day.business_date], "datetime64[D]")
    reached = day.calendar.add_working_days(start, np.array([working_days]))
    return reached[0].item() if day.calendar.is_known(reached)[0] else None


def _working_days(day: Day, start: date, end: date) -> int:
    return int(day.calendar.days_between(np.array([start], "datetime64[D]"), np.array([end], "datetime64[D]"))[0])
