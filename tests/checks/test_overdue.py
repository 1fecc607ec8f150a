from datetime import date, datetime

import pandas as pd
import pytest

from dondoc.campaign import Period, Rules
from dondoc.campaign.day import Day
from dondoc.checks.apologies import judge_apologies
from dondoc.checks.facts import DayFacts
from dondoc.checks.filing import judge_work
from dondoc.checks.overdue import judge_cases
from dondoc.checks.registry import find_all
from dondoc.records import CASES, WORK, CaseState, FindingKind, conform, empty_frame

TODAY = date(2023, 11, 14)
PERIOD = Period(first=date(2023, 1, 1), last=date(2023, 12, 31))
S = CaseState


def at(text):
    return datetime.strptime(text, "%d/%m/%Y %H:%M" if " " in text else "%d/%m/%Y") if text else None


def case(status, due, finished=None, *, received="01/10/2022", apologised=None, number="A"):
    dates = {"received_at": received, "due_at": due, "finished_at": finished, "apologised_at": apologised}
    blank = dict.fromkeys(CASES.names) | {"source_file": "a.xlsx", "source_row": 7}
    given = {"case_number": number, "procedure": "Cấp phép", "unit": "QLDT", "status": status}
    return blank | given | {name: at(text) for name, text in dates.items()}


def judge(calendar, *cases, by_timestamp=False, as_of=TODAY):
    frame = conform(pd.DataFrame(list(cases)), CASES)
    return judge_cases(frame, as_of=as_of, period=PERIOD, by_timestamp=by_timestamp, calendar=calendar)


def found_in(campaign, calendar, *cases):
    no_work = judge_work(empty_frame(WORK), as_of=TODAY, calendar=calendar)
    owed_alone = campaign.model_copy(update={"rules": Rules()})
    judged = judge_apologies(judge(calendar, *cases), as_of=TODAY)
    return find_all(DayFacts(Day(owed_alone, calendar, TODAY), judged, no_work))


@pytest.mark.parametrize(
    ("status", "due", "finished", "state", "days_late"),
    [
        pytest.param(4, "14/11/2023", None, S.IN_TIME, 0, id="open on its due day"),
        pytest.param(2, "13/11/2023", None, S.OVERDUE, 1, id="open on the first working day after"),
        pytest.param(4, "10/11/2023", None, S.OVERDUE, 2, id="a weekend is passed over"),
        pytest.param(4, "19/01/2023", None, S.OVERDUE, 203, id="open since before Tết"),
        pytest.param(4, None, None, S.IN_TIME, 0, id="open without a due date"),
        pytest.param(5, "01/11/2023", None, S.PAUSED, 0, id="waiting for a supplement"),
        pytest.param(6, "01/11/2023", None, S.PAUSED, 0, id="waiting for a fee"),
        pytest.param(8, "01/11/2023", None, S.PAUSED, 0, id="stopped"),
        pytest.param(7, "01/11/2023", None, S.WITHDRAWN, 0, id="withdrawn"),
        pytest.param(1, "01/11/2023", None, S.NOT_RECEIVED, 0, id="only registered"),
        pytest.param(3, "01/11/2023", None, S.NOT_RECEIVED, 0, id="refused"),
        pytest.param(9, "10/11/2023", "09/11/2023", S.FINISHED_EARLY, 0, id="finished early"),
        pytest.param(10, "10/11/2023", "10/11/2023 16:59", S.FINISHED_ON_TIME, 0, id="finished on the day"),
        pytest.param(10, None, "10/11/2023", S.FINISHED_ON_TIME, 0, id="finished without a due date"),
        pytest.param(9, "03/11/2023", "06/11/2023", S.FINISHED_LATE, 1, id="finished the Monday after"),
        pytest.param(9, "28/04/2023", "04/05/2023", S.FINISHED_LATE, 1, id="finished after the May holidays"),
        pytest.param(9, "10/11/2023", "11/11/2023", S.FINISHED_LATE, 1, id="finished on the Saturday after"),
        pytest.param(9, "13/11/2023", "20/11/2023", S.OVERDUE, 1, id="finished only after the day"),
        pytest.param(10, "14/11/2023", "20/11/2023", S.IN_TIME, 0, id="finished later, not due yet"),
    ],
)
def test_what_a_case_is_on_the_day(vietnam, status, due, finished, state, days_late):
    judged = judge(vietnam, case(status, due, finished)).iloc[0]
    assert (judged["state"], judged["days_late"], judged["late"]) == (state, days_late, days_late > 0)


@pytest.mark.parametrize(
    ("due", "finished", "belongs"),
    [
        pytest.param("20/12/2022", "04/01/2023", True, id="late into the period"),
        pytest.param("20/12/2022", "28/12/2022", False, id="late before the period"),
        pytest.param("20/12/2022", None, True, id="due before and still open"),
    ],
)
def test_a_late_case_belongs_when_its_lateness_touches_the_period(vietnam, due, finished, belongs):
    judged = judge(vietnam, case(10 if finished else 4, due, finished)).iloc[0]
    assert judged["late"] == belongs
    assert judged["counted"] == belongs


@pytest.mark.parametrize(
    ("finished", "state"), [("10/11/2023 16:00", S.FINISHED_ON_TIME), ("10/11/2023 16:01", S.FINISHED_LATE)]
)
def test_a_campaign_may_compare_to_the_minute(vietnam, finished, state):
    judged = judge(vietnam, case(9, "10/11/2023 16:00", finished), by_timestamp=True).iloc[0]
    assert judged["state"] == state


def test_a_case_received_after_the_day_is_not_there_yet(vietnam):
    judged = judge(vietnam, case(2, "01/12/2023", received="15/11/2023")).iloc[0]
    assert (judged["state"], judged["counted"]) == (S.NOT_RECEIVED, False)


@pytest.mark.parametrize(
    ("apologised", "kinds"),
    [
        pytest.param(None, {FindingKind.CASE_OVERDUE, FindingKind.APOLOGY_OWED}, id="not yet"),
        pytest.param("14/11/2023", {FindingKind.CASE_OVERDUE}, id="given today"),
        pytest.param("15/11/2023", {FindingKind.CASE_OVERDUE, FindingKind.APOLOGY_OWED}, id="dated tomorrow"),
    ],
)
def test_an_open_late_case_is_owed_its_result_and_an_apology(hai_phong, vietnam, apologised, kinds):
    found = found_in(hai_phong, vietnam, case(4, "10/11/2023", apologised=apologised))
    assert set(found["kind"]) == kinds


def test_a_closed_case_added_adds_no_finding(hai_phong, vietnam):
    late = case(4, "10/11/2023")
    alone = found_in(hai_phong, vietnam, late)
    joined = found_in(hai_phong, vietnam, late, case(10, "10/11/2023", "09/11/2023", number="B"))
    assert joined.equals(alone)
