"""What another calendar would change, before it is accepted."""

import numpy as np
import pandas as pd

from dondoc.records import days_of


def calendar_impact(now: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    """Return the cases that the other calendar judges differently, by number.

    Args:
        now: what `judge_cases` returns under the calendar in force.
        then: the same cases under the other one, in the same order.

    Returns:
        One row a case that changes: `case_number`, `unit`, and `late`, `days_late`, `due_on` each as `…_now` and
        `…_then`.
    """
    columns = {"case_number": now["case_number"].to_numpy(object), "unit": now["unit"].to_numpy(object)}
    changes = np.zeros(len(now), bool)
    for name in ("late", "days_late", "due_on"):
        before, after = (days_of(one["due_at"]) if name == "due_on" else one[name].to_numpy() for one in (now, then))
        same = (before == after) | (pd.isna(before) & pd.isna(after))
        changes |= ~same
        columns |= {f"{name}_now": before, f"{name}_then": after}
    return pd.DataFrame(columns)[changes].sort_values("case_number", ignore_index=True)
