"""Which cases are late on a day, and which of them are owed an apology."""

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from dondoc.calendar import WorkCalendar
from dondoc.campaign import Period
from dondoc.records import CaseState, CaseStatus, FindingKind, days_of

PAUSED = (CaseStatus.SUPPLEMENT_ASKED, CaseStatus.FEE_ASKED, CaseStatus.STOPPED)
NOT_RECEIVED = (CaseStatus.REGISTERED, CaseStatus.NOT_RECEIVED)
DONE = (CaseStatus.FINISHED, CaseStatus.RETURNED)

RULE_OPEN = "open-past-due"
RULE_FINISHED_LATE = "finished-past-due"
RULES = {
    RULE_OPEN: "đang giải quyết, ngày hẹn trả đã qua",
    RULE_FINISHED_LATE: "kết thúc xử lý sau thời điểm hẹn trả",
}


def judge_cases(
    cases: pd.DataFrame, *, as_of: date, period: Period, by_timestamp: bool, calendar: WorkCalendar
) -> pd.DataFrame:
    """Return `cases` with what each is on `as_of`, recomputed from its facts alone.

    A finished case is judged by the day the office finished, not by when the applicant collected. An open one is late
    from the day after its due day; a paused one is not late while paused. Facts dated after `as_of` have not happened.

    Args:
        cases: schema `records.CASES`, any order.
        as_of: the business date in the office's time zone. Never the clock.
        period: a late case belongs to the campaign when its late interval, due day to finish or `as_of`, touches it.
        by_timestamp: compare finish and due to the second instead of by day.
        calendar: must cover every year from the oldest due date of a late case to `as_of`.

    Returns:
        `cases` with `state` (CaseState), `counted` (belongs to the campaign), `late`, `ended_on` (day finished, NaT
        while open), `days_late` (working days after the due day, at least 1 when late, else 0), `days_off` (rest days
        and holidays passed over), `apologised` (an apology is dated `as_of` or before).

    Raises:
        CalendarGapError: a year in range has no official calendar.

    Source: Decree 61/2018/NĐ-CP art. 19-20; Civil Code 2015 art. 147-148; docs/rules.md#overdue.
    """
    today = np.datetime64(as_of, "D")
    status = cases["status"].to_numpy(np.int8)
    received, due, finished = days_of(cases["received_at"]), days_of(cases["due_at"]), days_of(cases["finished_at"])
    done = np.isin(status, DONE) & (finished <= today)
    ended = np.where(done, finished, today)

    sharp = "datetime64[us]" if by_timestamp else "datetime64[D]"
    due_at, finished_at = (_instants(cases[name]).astype(sharp) for name in ("due_at", "finished_at"))
    state = np.select(
        [
            np.isin(status, NOT_RECEIVED) | (received > today),
            status == CaseStatus.WITHDRAWN,
            np.isin(status, PAUSED),
            done & (finished_at > due_at),
            done & (finished_at < due_at),
            done,
            due < today,
        ],
        [
            CaseState.NOT_RECEIVED,
            CaseState.WITHDRAWN,
            CaseState.PAUSED,
            CaseState.FINISHED_LATE,
            CaseState.FINISHED_EARLY,
            CaseState.FINISHED_ON_TIME,
            CaseState.OVERDUE,
        ],
        CaseState.IN_TIME,
    )
    first, last = np.datetime64(period.first, "D"), np.datetime64(period.last, "D")
    late = np.isin(state, [CaseState.OVERDUE, CaseState.FINISHED_LATE]) & (due <= last) & (ended >= first)
    days_late, days_off = _lateness(due, ended, late, calendar)
    return cases.assign(
        state=pd.array(state, pd.ArrowDtype(pa.string())),
        counted=(state != CaseState.NOT_RECEIVED) & (received <= last) & ~(done & (finished < first)),
        late=late,
        ended_on=pd.array(np.where(done, finished, np.datetime64("NaT")).astype("datetime64[s]"), "datetime64[s]"),
        days_late=days_late,
        days_off=days_off,
        apologised=days_of(cases["apologised_at"]) <= today,
    )


def find_in_cases(judged: pd.DataFrame) -> pd.DataFrame:
    """Return the findings in cases: those still open past due, and the apologies owed.

    Args:
        judged: what `judge_cases` returns.

    Returns:
        Schema `records.FINDINGS`; an open late case without an apology gives one finding of each kind.
    """
    late = judged[judged["late"]]
    findings = pd.DataFrame(
        {
            "unit": late["unit"],
            "number": late["case_number"],
            "subject": late["procedure"],
            "official": late["official"],
            "due_on": late["due_at"],
            "ended_on": late["ended_on"],
            "days_late": late["days_late"],
            "days_off": late["days_off"],
            "rule": np.where(late["state"] == CaseState.OVERDUE, RULE_OPEN, RULE_FINISHED_LATE),
            "source_row": late["source_row"],
        }
    )
    still_open = findings[(late["state"] == CaseState.OVERDUE).to_numpy(bool)]
    owed = findings[~late["apologised"].to_numpy(bool)]
    return pd.concat(
        [still_open.assign(kind=FindingKind.CASE_OVERDUE), owed.assign(kind=FindingKind.APOLOGY_OWED)],
        ignore_index=True,
    )


def _instants(column: pd.Series) -> np.ndarray:
    return column.to_numpy("datetime64[us]", na_value=np.datetime64("NaT"))


def _lateness(
    due: np.ndarray, ended: np.ndarray, late: np.ndarray, calendar: WorkCalendar
) -> tuple[np.ndarray, np.ndarray]:
    days_late, days_off = np.zeros(len(late), np.int32), np.zeros(len(late), np.int32)
    # Finished on a rest day right after the due day: late by the calendar, and never reported as 0 days.
    days_late[late] = np.maximum(calendar.days_between(due[late], ended[late]), 1)
    days_off[late] = calendar.days_off_between(due[late], ended[late])
    return days_late, days_off
