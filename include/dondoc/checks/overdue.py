"""Judge each case from its facts: late on the day or not, and by how many working days."""

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from dondoc.calendar import ONE_DAY, WorkCalendar
from dondoc.campaign import Period, Rules
from dondoc.checks.deadline import Deadlines, decide_deadlines
from dondoc.checks.facts import DayFacts
from dondoc.checks.findings import case_findings
from dondoc.records import INSTANT, CaseState, CaseStatus, days_of, instants_of

NOT_RECEIVED = (CaseStatus.REGISTERED, CaseStatus.NOT_RECEIVED)
STATES = tuple(CaseState)
LATE_STATES = (CaseState.OVERDUE, CaseState.FINISHED_LATE)

RULE_OPEN = "open-past-due"
RULE_FINISHED_LATE = "finished-past-due"
RULE_LAPSED = "paused-past-due"
RULES = {
    RULE_OPEN: "đang giải quyết, ngày hẹn trả đã qua",
    RULE_FINISHED_LATE: "kết thúc xử lý sau thời điểm hẹn trả",
    RULE_LAPSED: "tạm dừng sau khi ngày hẹn trả đã qua; việc tạm dừng không xóa quá hạn",
}


def judge_cases(
    cases: pd.DataFrame,
    *,
    as_of: date,
    period: Period,
    by_timestamp: bool,
    calendar: WorkCalendar,
    rules: Rules | None = None,
    first_dates: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return `cases` with what each is on `as_of`, recomputed from its facts alone.

    A finished case is judged by the day the office finished, not by when the applicant collected. An open one is late
    from the day after its due day; a paused one is not overdue while paused, but one that was late before its pause
    stays late. Facts dated after `as_of` have not happened.

    Args:
        cases: schema `records.CASES`, any order.
        as_of: the business date in the office's time zone. Never the clock.
        period: a late case belongs to the campaign when its late interval, due day to finish or `as_of`, touches it.
        by_timestamp: compare finish and due to the second instead of by day.
        calendar: of a case due before it begins the days late are a lower bound, counted from its first day.
        rules: the campaign's choices; the defaults when None.
        first_dates: schema `records.FIRST_DATES`, what earlier days recorded.

    Returns:
        `cases` with `due_at` the due date that decides, `recorded_due_at` the source's, `first_due_at` the first
        recorded, `due_moved` (the source's was moved without a recorded reason); and `state` (CaseState), `due_soon`
        (in time, due on `as_of` or the day after), `counted` (belongs to the campaign), `late`, `ended_on` (day
        finished, NaT while open), `days_late` (working days after the due day, at least 1 when late, else 0),
        `days_off` (rest days and holidays passed over), `days_paused`, `swapped_days`, `days_late_at_least` (the days
        are a lower bound), `provisional` (days of a year without an official calendar decided the due date or the days
        late), `by_system` (the source dates an apology `as_of` or before; whether it counts is `judge_apologies`'s to
        say).

    Source: Decree 61/2018/NĐ-CP art. 19-20; Civil Code 2015 art. 147-148; docs/rules.md#overdue.
    """
    rules = rules or Rules()
    deadlines = decide_deadlines(cases, as_of=as_of, calendar=calendar, rules=rules, first_dates=first_dates)
    today = np.datetime64(as_of, "D")
    due = deadlines.at.astype("datetime64[D]")
    received = deadlines.clock.received
    finished = deadlines.clock.finished
    ended = np.where(np.isnat(finished), today, finished)
    state = _states(cases, deadlines, by_timestamp=by_timestamp)
    first = np.datetime64(period.first, "D")
    last = np.datetime64(period.last, "D")
    late = _is(state, *LATE_STATES) | (_is(state, CaseState.PAUSED) & deadlines.lapsed)
    late &= (due <= last) & (ended >= first)
    return cases.assign(
        due_at=_column(deadlines.at, INSTANT),
        recorded_due_at=cases["due_at"],
        first_due_at=_column(deadlines.first_at, INSTANT),
        due_moved=deadlines.moved,
        state=_words(state),
        due_soon=_is(state, CaseState.IN_TIME) & (due <= today + ONE_DAY),
        counted=~_is(state, CaseState.NOT_RECEIVED) & (received <= last) & ~(finished < first),
        late=late,
        ended_on=_column(finished.astype("datetime64[s]"), pa.timestamp("s")),
        **_lateness(deadlines, ended=ended, late=late, calendar=calendar),
        days_late_at_least=late & calendar.is_older(due),
        provisional=(late & calendar.is_ahead(ended)) | (calendar.is_ahead(due) & _computed(cases, deadlines)),
        by_system=days_of(cases["apologised_at"]) <= today,
    )


def find_overdue(facts: DayFacts) -> pd.DataFrame:
    """Return the late cases still in process."""
    overdue = facts.cases["late"] & (facts.cases["state"] == CaseState.OVERDUE)
    return case_findings(facts.cases[overdue], rule=RULE_OPEN)


def rule_of(late: pd.DataFrame) -> pd.Series:
    """Return by which rule each of the cases `late` is late."""
    by_state = {CaseState.OVERDUE.value: RULE_OPEN, CaseState.PAUSED.value: RULE_LAPSED}
    return late["state"].map(by_state).fillna(RULE_FINISHED_LATE)


def _states(cases: pd.DataFrame, deadlines: Deadlines, *, by_timestamp: bool) -> np.ndarray:
    """Return the place in STATES of each case's state, int8."""
    status = cases["status"].to_numpy(np.int8)
    clock = deadlines.clock
    done = ~np.isnat(clock.finished)
    sharp = "datetime64[us]" if by_timestamp else "datetime64[D]"
    due_at = deadlines.at.astype(sharp)
    finished_at = instants_of(cases["finished_at"]).astype(sharp)
    state = np.full(len(cases), STATES.index(CaseState.IN_TIME), np.int8)
    for condition, found in (
        (deadlines.at.astype("datetime64[D]") < clock.today, CaseState.OVERDUE),
        (deadlines.stands | (clock.still & ~deadlines.ahead), CaseState.PAUSED),
        (done, CaseState.FINISHED_ON_TIME),
        (done & (finished_at < due_at), CaseState.FINISHED_EARLY),
        (done & (finished_at > due_at), CaseState.FINISHED_LATE),
        (status == CaseStatus.WITHDRAWN, CaseState.WITHDRAWN),
        (np.isin(status, NOT_RECEIVED) | (clock.received > clock.today), CaseState.NOT_RECEIVED),
    ):  # the last that applies decides
        state[condition] = STATES.index(found)
    return state


def _lateness(
    deadlines: Deadlines, *, ended: np.ndarray, late: np.ndarray, calendar: WorkCalendar
) -> dict[str, np.ndarray]:
    due = calendar.counted_since(deadlines.at.astype("datetime64[D]"))
    ended = np.maximum(ended, due)
    counts = {name: np.zeros(len(late), np.int32) for name in ("days_late", "days_off", "swapped_days")}
    days_paused = np.where(late, deadlines.paused_days(due, ended, calendar), 0).astype(np.int32)
    # Finished on a rest day right after the due day: late by the calendar, and never reported as 0 days.
    days = calendar.days_between(due[late], ended[late])
    counts["days_late"][late] = np.maximum(days - days_paused[late], 1)
    counts["days_off"][late] = (ended[late] - due[late]).astype(np.int32) - days
    counts["swapped_days"][late] = calendar.swapped_days_between(due[late], ended[late])
    return counts | {"days_paused": days_paused}


def _computed(cases: pd.DataFrame, deadlines: Deadlines) -> np.ndarray:
    """Return which due days no source has said: counted from a term, or moved by days waited."""
    said = (instants_of(cases["due_at"]), instants_of(cases["extension_due_at"]), deadlines.first_at)
    return np.logical_and.reduce([deadlines.at.astype("datetime64[D]") != one.astype("datetime64[D]") for one in said])


def _is(state: np.ndarray, *wanted: CaseState) -> np.ndarray:
    return np.isin(state, [STATES.index(one) for one in wanted])


def _words(state: np.ndarray) -> pd.Series:
    words = pa.DictionaryArray.from_arrays(pa.array(state), pa.array([str(one.value) for one in STATES]))
    return pd.Series(pd.arrays.ArrowExtensionArray(words.cast(pa.string())))


def _column(values: np.ndarray, dtype: pa.DataType) -> pd.api.extensions.ExtensionArray:
    return pd.arrays.ArrowExtensionArray(pa.array(values, dtype))
