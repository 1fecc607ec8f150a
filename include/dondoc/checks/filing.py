"""Which assigned work is not reported complete or archived, and which is not in a work file."""

from datetime import date

import numpy as np
import pandas as pd

from dondoc.calendar import WorkCalendar
from dondoc.records import FindingKind, days_of

RULE_UNREPORTED = "work-not-reported"
RULE_UNFILED = "work-without-file"
RULES = {
    RULE_UNREPORTED: "chưa báo cáo hoàn thành và chưa lưu trữ trên văn phòng điện tử",
    RULE_UNFILED: "chưa có mã hồ sơ công việc",
}

OPEN = "open"


def judge_work(work: pd.DataFrame, *, as_of: date, calendar: WorkCalendar) -> pd.DataFrame:
    """Return `work` with what is done of each item on `as_of`.

    Two things are asked of each item, independently: reported complete or archived, and placed in a work file. An item
    without a due date can be unreported and unfiled, never late. Facts dated after `as_of` have not happened; a file
    code carries no date and counts as given.

    Args:
        work: schema `records.WORK`, any order; only the unit that leads an item answers for it.
        as_of: the business date.
        calendar: must cover every year from the oldest due date of an open late item to `as_of`.

    Returns:
        `work` with `counted` (assigned by `as_of`), `reported`, `filed`, `days_late` and `days_off` (of items not
        reported, working days after the due day and rest days passed over; else 0).

    Raises:
        CalendarGapError: a year in range has no official calendar.

    Source: Decree 30/2020/NĐ-CP art. 29 and 31; docs/rules.md#work.
    """
    today = np.datetime64(as_of, "D")
    due = days_of(work["due_at"])
    counted = days_of(work["assigned_at"]) <= today
    reported = (work["status"] != OPEN).to_numpy(bool) & ~(days_of(work["finished_at"]) > today)
    late = counted & ~reported & (due < today)
    days_late, days_off = np.zeros(len(work), np.int32), np.zeros(len(work), np.int32)
    until = np.full(int(late.sum()), today)
    days_late[late] = np.maximum(calendar.days_between(due[late], until), 1)
    days_off[late] = calendar.days_off_between(due[late], until)
    return work.assign(
        counted=counted,
        reported=counted & reported,
        filed=counted & work["file_code"].notna().to_numpy(bool),
        days_late=days_late,
        days_off=days_off,
    )


def find_in_work(judged: pd.DataFrame) -> pd.DataFrame:
    """Return the findings in work, schema `records.FINDINGS`: one for each thing an item still lacks."""
    counted = judged[judged["counted"]]
    findings = pd.DataFrame(
        {
            "unit": counted["unit"],
            "number": counted["item_number"],
            "subject": counted["summary"],
            "official": counted["official"],
            "due_on": counted["due_at"],
            "ended_on": counted["finished_at"].where(counted["reported"]),
            "days_late": counted["days_late"],
            "days_off": counted["days_off"],
            "source_row": counted["source_row"],
        }
    )
    unreported = findings[~counted["reported"]].assign(kind=FindingKind.WORK_UNREPORTED, rule=RULE_UNREPORTED)
    unfiled = findings[~counted["filed"]].assign(kind=FindingKind.WORK_UNFILED, rule=RULE_UNFILED)
    return pd.concat([unreported, unfiled], ignore_index=True)
