"""Whether a source's due dates hold the days waited already: as its profile says, or as its cases show."""

from collections.abc import Callable

import pandas as pd
import pyarrow as pa

from dondoc.calendar import WorkCalendar
from dondoc.checks.inclusion import InclusionCounts, weigh
from dondoc.sources.profile import Profile
from dondoc.vietnamese.wording import number

INCLUDED = {True: "đã gồm", False: "chưa gồm"}


def settle_waits(
    cases: pd.DataFrame, profile: Profile, *, calendar: WorkCalendar, first_dates: Callable[[], pd.DataFrame]
) -> tuple[pd.DataFrame, str]:
    """Return `cases` with `due_includes_pauses` filled, and the choice in words; unchanged and silent if none paused.

    Args:
        cases: schema `records.CASES`, of one source.
        profile: the source's.
        calendar: the office's.
        first_dates: reads what earlier days recorded, schema `records.FIRST_DATES`; asked only where it may tell.
    """
    if not cases["pauses"].list.len().fillna(0).any():
        return cases, ""
    if profile.due_includes_pauses != "detect":
        included = profile.due_includes_pauses == "yes"
        return _filled(cases, included), f"ngày hẹn trả {INCLUDED[included]} ngày chờ khi tạm dừng (theo cấu hình)"
    evidence = weigh(cases, calendar=calendar, first_dates=first_dates())
    return _filled(cases, evidence.included), _told(evidence)


def _told(evidence: InclusionCounts) -> str:
    choice = f"ngày hẹn trả {INCLUDED[evidence.included]} ngày chờ khi tạm dừng"
    if not evidence.moved and not evidence.kept:
        return f"{choice} (tự nhận: không hồ sơ nào cho biết; khai due_includes_pauses ở hồ sơ nguồn)"
    return (
        f"{choice} (tự nhận: {number(evidence.moved)} hồ sơ cho thấy đã gồm, "
        f"{number(evidence.kept)} hồ sơ cho thấy chưa gồm)"
    )


def _filled(cases: pd.DataFrame, included: bool) -> pd.DataFrame:
    value = pa.repeat(pa.scalar(included), len(cases))
    return cases.assign(due_includes_pauses=pd.arrays.ArrowExtensionArray(value))
