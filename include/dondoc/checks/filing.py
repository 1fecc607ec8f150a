"""The rules on assigned work: find what is not reported complete or archived, and what is in no work file."""

from datetime import date

import numpy as np
import pandas as pd

from dondoc.calendar import WorkCalendar
from dondoc.checks.facts import DayFacts
from dondoc.checks.findings import MARKS
from dondoc.records import FINDINGS, days_of, empty_frame

RULE_UNREPORTED = "work-not-reported"
RULE_UNFILED = "work-without-file"
RULE_WORK_OVERDUE = "work-past-due"
RULES = {
    RULE_UNREPORTED: "chưa báo cáo hoàn thành và chưa lưu trữ trên văn phòng điện tử",
    RULE_UNFILED: "chưa có mã hồ sơ công việc",
    RULE_WORK_OVERDUE: "chưa báo cáo hoàn thành, hạn giải quyết đã qua",
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
        calendar: of an item due before it begins the days late are a lower bound.

    Returns:
        `work` with `counted` (assigned by `as_of`, or on no stated day), `reported`, `filed`, `days_late`, `days_off`
        and `swapped_days` (of items not reported, working days after the due day, rest days passed over and swapped
        days among them; else 0), `days_late_at_least` (a lower bound), `provisional` (`as_of` lies in a year without
        an official calendar).

    Source: Decree 30/2020/NĐ-CP art. 29 and 31; docs/rules.md#work.
    """
    today = np.datetime64(as_of, "D")
    due = days_of(work["due_at"])
    assigned = days_of(work["assigned_at"])
    # A list of what is still unfiled does not say when an item was assigned: that it stands there is enough.
    counted = (assigned <= today) | np.isnat(assigned)
    reported = (work["status"] != OPEN).to_numpy(bool) & ~(days_of(work["finished_at"]) > today)
    late = counted & ~reported & (due < today)
    days_late, days_off, swapped = (np.zeros(len(work), np.int32) for _ in range(3))
    until = np.full(int(late.sum()), today)
    since = calendar.counted_since(due[late])
    days_late[late] = np.maximum(calendar.days_between(since, until), 1)
    days_off[late] = calendar.days_off_between(since, until)
    swapped[late] = calendar.swapped_days_between(since, until)
    return work.assign(
        counted=counted,
        reported=counted & reported,
        filed=counted & work["file_code"].notna().to_numpy(bool),
        days_late=days_late,
        days_off=days_off,
        swapped_days=swapped,
        days_late_at_least=late & calendar.is_older(due),
        provisional=late & (as_of > calendar.last),
    )


def find_unreported(facts: DayFacts) -> pd.DataFrame:
    """Return the items neither reported complete nor archived."""
    return _missing(facts, "reported", RULE_UNREPORTED)


def find_unfiled(facts: DayFacts) -> pd.DataFrame:
    """Return the items that are in no work file."""
    return _missing(facts, "filed", RULE_UNFILED)


def find_overdue_work(facts: DayFacts) -> pd.DataFrame:
    """Return the items not reported whose due day has passed."""
    return work_findings(facts.work[facts.work["days_late"] > 0], rule=RULE_WORK_OVERDUE)


def work_findings(items: pd.DataFrame, *, rule: str, **evidence: object) -> pd.DataFrame:
    """Return one finding per item of `items`, as judged; `evidence` overrides single columns."""
    if items.empty:
        return empty_frame(FINDINGS)
    return pd.DataFrame(
        {
            "unit": items["unit"],
            "number": items["item_number"],
            "subject": items["summary"].fillna(items["symbol"]).fillna("(không có trích yếu)"),
            "official": items["official"],
            "due_on": items["due_at"],
            "ended_on": items["finished_at"].where(items["reported"]),
            **{name: items[name] for name in ("days_late", "days_off", "swapped_days", *MARKS)},
            "rule": rule,
            "source_file": items["source_file"],
            "source_row": items["source_row"],
        }
    ).assign(**evidence)


def _missing(facts: DayFacts, what: str, rule: str) -> pd.DataFrame:
    return work_findings(facts.work[facts.work["counted"] & ~facts.work[what]], rule=rule)
