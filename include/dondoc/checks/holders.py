"""Find the unit that answers for a late case: the one that held it longest while it was late."""

from collections.abc import Collection
from datetime import date

import numpy as np
import pandas as pd

from dondoc.calendar import WorkCalendar
from dondoc.records import days_of, unnest


def with_responsible(
    judged: pd.DataFrame, *, as_of: date, calendar: WorkCalendar, units: Collection[str]
) -> pd.DataFrame:
    """Return `judged` with `unit` the one responsible for each late case, and `case_unit` the source's.

    Responsible is the unit that held the case for most working days after it fell due; of two equal ones the earlier
    holder. Without a holder among `units` it is the case's own.

    Args:
        judged: what `judge_cases` returns.
        as_of: the business date; what is still held is held until then.
        calendar: covers the late intervals.
        units: codes of the campaign's units; others answer elsewhere.
    """
    held = unnest(judged["holders"])
    row = held["row"].to_numpy(np.int64)
    late = judged["late"].to_numpy(bool)[row] & held["unit"].isin(list(units)).to_numpy(bool)
    if not late.any():
        return judged.assign(case_unit=judged["unit"])
    held = held[late]
    row = row[late]
    today = np.datetime64(as_of, "D")
    due = days_of(judged["due_at"])[row]
    ended = days_of(judged["ended_on"])[row]
    until = np.fmin(np.fmin(days_of(held["to_at"]), ended), today)
    began = days_of(held["from_at"])
    # Whoever held it on the due day itself comes first where nobody held it longer.
    start = np.maximum(began, due)
    days = np.where(until >= start, 0, -1)
    inside = until > start
    days[inside] = calendar.days_between(start[inside], until[inside])
    total = pd.DataFrame({"row": row, "unit": held["unit"].to_numpy(object), "days": days, "began": began})
    total = (
        total[total["days"] >= 0]
        .groupby(["row", "unit"], as_index=False)
        .agg(days=("days", "sum"), began=("began", "min"))
    )
    most = total.sort_values(["row", "days", "began", "unit"], ascending=[True, False, True, True])
    most = most.drop_duplicates("row")
    unit = judged["unit"].to_numpy(object, copy=True)
    unit[most["row"].to_numpy(int)] = most["unit"].to_numpy(object)
    return judged.assign(case_unit=judged["unit"], unit=pd.array(unit, dtype=judged["unit"].dtype))
