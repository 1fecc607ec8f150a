"""The dates first promised, remembered from day to day, so that a date set anew cannot hide a delay."""

import numpy as np
import pandas as pd

from dondoc.calendar import WorkCalendar
from dondoc.checks.deadline import due_by_term, first_recorded, has_term, known_dates
from dondoc.checks.facts import DayFacts
from dondoc.checks.findings import case_findings
from dondoc.checks.pauses import pauses_of
from dondoc.records import FIRST_DATES, conform, days_of, instants_of
from dondoc.vietnamese.wording import PROVISIONAL

RULE_MOVED = "due-moved-unexplained"
RULE_TERM = "due-contradicts-term"
RULE_POSTPONED = "postponed-twice"
RULES = {
    RULE_MOVED: "ngày hẹn trả bị đặt lại, không có tạm dừng hay gia hạn nào được ghi; ngày ghi đầu tiên quyết định",
    RULE_TERM: "ngày hẹn trả lệch thời hạn giải quyết ghi trong hồ sơ",
    RULE_POSTPONED: "hẹn lại ngày trả kết quả quá một lần",
}
POSTPONEMENTS_ALLOWED = 1


def carry(first_dates: pd.DataFrame, cases: pd.DataFrame, calendar: WorkCalendar) -> pd.DataFrame:
    """Return the register after a day: what it held, and the first dates of what `cases` bring new.

    Folding the cases of all days, oldest first, rebuilds it.

    Args:
        first_dates: schema `records.FIRST_DATES`, of the days before.
        cases: schema `records.CASES`, the day's own.
        calendar: the office's.
    """
    first, _ = first_recorded(cases, pauses_of(cases), calendar=calendar)
    met = pd.DataFrame(
        {
            "case_number": cases["case_number"],
            "due_at": first,
            "new_due_at": instants_of(cases["new_due_at"]),
        }
    )
    both = pd.concat([first_dates.astype({"due_at": met["due_at"].dtype, "new_due_at": met["due_at"].dtype}), met])
    # `first` passes over what is not given.
    kept = both.groupby("case_number", as_index=False, sort=True).first()
    return conform(kept, FIRST_DATES)


def find_moved(facts: DayFacts) -> pd.DataFrame:
    """Return the cases whose due date the source moved without a recorded pause or extension."""
    moved = facts.cases[facts.cases["due_moved"] & facts.cases["counted"]]
    note = (
        "ngày hẹn trả đầu tiên "
        + moved["first_due_at"].dt.strftime("%d/%m/%Y")
        + ", hệ thống nguồn nay ghi "
        + moved["recorded_due_at"].dt.strftime("%d/%m/%Y")
    )
    return case_findings(moved, rule=RULE_MOVED, note=note)


def find_postponed_again(facts: DayFacts) -> pd.DataFrame:
    """Return the cases promised a new date more than once (Decree 61/2018/NĐ-CP art. 19)."""
    cases = facts.cases
    new = days_of(cases["new_due_at"])
    known = known_dates(cases, facts.first_dates, "new_due_at")
    changed = ~np.isnat(new) & ~np.isnat(known) & (new != known.astype("datetime64[D]"))
    counted_twice = (cases["postponed_times"] > POSTPONEMENTS_ALLOWED).fillna(False).to_numpy(bool)
    again = (changed | counted_twice) & cases["counted"].to_numpy(bool)
    note = np.where(changed[again], "ngày hẹn mới khác ngày đã hẹn lần trước", "hệ thống nguồn ghi hẹn lại từ hai lần")
    return case_findings(cases[again], rule=RULE_POSTPONED, note=note)


def find_contradicted(facts: DayFacts) -> pd.DataFrame:
    """Return the open cases whose first due date lies too far from what their term gives.

    Only cases received in years the calendar knows can be held against it.
    """
    cases = facts.cases
    calendar = facts.day.calendar
    first = days_of(cases["first_due_at"])
    asked = cases["counted"].to_numpy(bool) & cases["ended_on"].isna().to_numpy(bool) & has_term(cases)
    asked &= calendar.is_known(first) & calendar.is_known(days_of(cases["received_at"]))
    rows = np.flatnonzero(asked)
    by_term = due_by_term(cases, rows, calendar).astype("datetime64[D]")
    apart = np.abs(calendar.days_between(first[rows], by_term)) > facts.day.campaign.rules.term_tolerance_days
    told = by_term[apart]
    ahead = calendar.is_ahead(by_term[apart])
    note = "theo thời hạn giải quyết phải là " + pd.Series(told).dt.strftime("%d/%m/%Y").to_numpy(object)
    note += np.where(ahead, f" {PROVISIONAL}", "").astype(object)
    return case_findings(cases.iloc[rows[apart]], rule=RULE_TERM, note=note, provisional=ahead)
