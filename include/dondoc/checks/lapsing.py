"""The rules on cases about to fall due, and on apologies that lack a reason or a date."""

import numpy as np
import pandas as pd

from dondoc.campaign.day import Day
from dondoc.checks.facts import DayFacts
from dondoc.checks.findings import case_findings
from dondoc.records import CaseState, days_of

RULE_DUE_SOON = "due-soon"
RULE_APOLOGISE_BEFORE = "apologise-before-due"
RULE_INCOMPLETE = "apology-incomplete"
RULES = {
    RULE_DUE_SOON: "đang giải quyết, ngày hẹn trả đã gần",
    RULE_APOLOGISE_BEFORE: "nếu không kịp trả, phải xin lỗi chậm nhất 01 ngày trước khi hết hạn",
    RULE_INCOMPLETE: "đã xin lỗi nhưng chưa ghi lý do, hoặc chưa hẹn ngày trả mới",
}
DAYS_BEFORE_DUE = 1


def find_due_soon(facts: DayFacts) -> pd.DataFrame:
    """Return the cases in time whose due date is within the campaign's widest step, with the working days left."""
    return _within(facts, max(facts.day.campaign.rules.due_soon_days), RULE_DUE_SOON)


def find_apology_due_soon(facts: DayFacts) -> pd.DataFrame:
    """Return the cases that lapse today or on the next working day, and have no apology."""
    found = _within(facts, DAYS_BEFORE_DUE, RULE_APOLOGISE_BEFORE)
    given = facts.cases.loc[found.index, "apologised"].to_numpy(bool)
    return found[~given]


def find_incomplete_apologies(facts: DayFacts) -> pd.DataFrame:
    """Return the late cases whose apology, as the source has it, gives no reason or, while they are open, no new date.

    Our own letters cannot be approved without either.
    """
    cases = facts.cases
    late = cases[cases["late"] & cases["by_system"] & ~cases["by_register"]]
    no_reason = late["reason"].isna().to_numpy(bool)
    no_date = late["new_due_at"].isna().to_numpy(bool) & late["ended_on"].isna().to_numpy(bool)
    note = np.select(
        [no_reason & no_date, no_reason], ["thiếu lý do và ngày hẹn trả mới", "thiếu lý do"], "thiếu ngày hẹn trả mới"
    )
    lacking = no_reason | no_date
    return case_findings(late[lacking], rule=RULE_INCOMPLETE, note=note[lacking])


def about_to_lapse(cases: pd.DataFrame, day: Day) -> np.ndarray:
    """Return, shape (n,), which cases are open and in time, and lapse today or with the next working day.

    The last working day before a case lapses is when its applicant is to be told (Decree 61/2018/NĐ-CP art. 19).
    """
    return _near(cases, day, DAYS_BEFORE_DUE)


def _near(cases: pd.DataFrame, day: Day, steps: int) -> np.ndarray:
    calendar = day.calendar
    today = np.datetime64(day.business_date, "D")
    horizon = calendar.on_or_after(calendar.add_working_days(np.array([today]), np.array([steps])))[0]
    in_time = (cases["state"] == CaseState.IN_TIME).to_numpy(bool) & cases["counted"].to_numpy(bool)
    return in_time & (days_of(cases["due_at"]) <= horizon)


def _within(facts: DayFacts, steps: int, rule: str) -> pd.DataFrame:
    calendar = facts.day.calendar
    today = np.datetime64(facts.day.business_date, "D")
    near = _near(facts.cases, facts.day, steps)
    due = days_of(facts.cases["due_at"])
    # A due date on a rest day lapses with the working day before the next one opens.
    lapses = calendar.on_or_after(due[near])
    left = calendar.days_between(np.full(len(lapses), today), lapses)
    return case_findings(facts.cases[near], rule=rule, days_left=left, provisional=calendar.is_ahead(lapses))
