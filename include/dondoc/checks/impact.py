"""Compare the findings of a day under two calendars, before the new one is accepted."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dondoc.records import days_of

# What tells one finding from another, and what of it a calendar decides.
IDENTITY = ["kind", "number", "source_file", "source_row"]
COUNTED = ["due_on", "days_late", "days_left", "days_late_at_least"]


@dataclass(frozen=True)
class Conclusions:
    """The difference another calendar makes to the day's findings.

    Attributes:
        new: findings there are only under the other calendar, its columns.
        gone: findings there are only now.
        moved: findings of both whose due day, days late or days left differ.
        settled: how many of both are provisional now, and no longer under the other.
    """

    new: pd.DataFrame
    gone: pd.DataFrame
    moved: pd.DataFrame
    settled: int


def conclusions_impact(now: pd.DataFrame, then: pd.DataFrame) -> Conclusions:
    """Return what changes from the findings `now` to `then`, schema `records.FINDINGS` both."""
    before = now.set_index(IDENTITY, drop=False)
    after = then.set_index(IDENTITY, drop=False)
    shared = after.index[after.index.isin(before.index)]
    same_before = before.loc[shared]
    same_after = after.loc[shared]
    old, new = (frame[COUNTED].astype(object) for frame in (same_before, same_after))
    differs = ((old != new) & ~(old.isna() & new.isna())).any(axis=1).to_numpy(bool)
    was, still = (frame["provisional"].fillna(False).to_numpy(bool) for frame in (same_before, same_after))
    return Conclusions(
        new=after[~after.index.isin(before.index)],
        gone=before[~before.index.isin(after.index)],
        moved=same_after[differs],
        settled=int((was & ~still).sum()),
    )


def calendar_impact(now: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    """Return the cases that the other calendar judges differently, by number.

    Args:
        now: what `judge_cases` returns under the calendar in force.
        then: the same cases under the other one, in the same order.

    Returns:
        One row per case that changes: `case_number`, `unit`, and `late`, `days_late`, `due_on` each as `…_now` and
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
