"""The due date that decides, one awkward shape of case a line."""

from datetime import date

import pandas as pd
import pytest
from tests.checks.conftest import at, case, pause

from dondoc.campaign import Rules
from dondoc.records import CaseState, FindingKind

S, K = CaseState, FindingKind
CLEARING = Rules(late_pause_clears=True)


@pytest.mark.parametrize(
    ("given", "due", "state", "days_late"),
    [
        pytest.param(
            {"pauses": [pause("06/11/2023", "09/11/2023", before="10/11/2023", after="15/11/2023")]},
            "15/11/2023",
            S.IN_TIME,
            0,
            id="the source says where a pause moved it",
        ),
        pytest.param(
            {"pauses": [pause("06/11/2023", "08/11/2023")]},
            "14/11/2023",
            S.IN_TIME,
            0,
            id="the working days waited are added",
        ),
        pytest.param(
            {"pauses": [pause("06/11/2023", "07/11/2023")]}, "13/11/2023", S.OVERDUE, 1, id="and it lapses after them"
        ),
        pytest.param(
            {"pauses": [pause("30/10/2023", "01/11/2023"), pause("06/11/2023", "07/11/2023")], "due": "07/11/2023"},
            "10/11/2023",
            S.OVERDUE,
            2,
            id="late after several supplements (OpenCPS 1254)",
        ),
        pytest.param(
            {"pauses": [pause("30/10/2023", "02/11/2023"), pause("01/11/2023", "06/11/2023")], "due": "03/11/2023"},
            "10/11/2023",
            S.OVERDUE,
            2,
            id="overlapping pauses are one",
        ),
        pytest.param(
            {"pauses": [pause("08/11/2023", "10/11/2023")], "due": "06/11/2023"},
            "06/11/2023",
            S.OVERDUE,
            4,
            id="a pause after the due date moves nothing, and its days are not late",
        ),
        pytest.param(
            {"status": 5, "pauses": [pause("08/11/2023")], "due": "06/11/2023"},
            "06/11/2023",
            S.PAUSED,
            2,
            id="late before its pause, and still owed while paused",
        ),
        pytest.param({"status": 5, "pauses": [pause("08/11/2023")]}, "16/11/2023", S.PAUSED, 0, id="paused in time"),
        pytest.param(
            {"status": 5, "pauses": [pause("16/11/2023")]},
            "10/11/2023",
            S.OVERDUE,
            2,
            id="a supplement asked later than the day",
        ),
        pytest.param(
            {"status": 4, "pauses": [pause("06/11/2023")]}, "10/11/2023", S.OVERDUE, 2, id="a pause never closed"
        ),
        pytest.param(
            {"status": 9, "finished": "13/11/2023", "pauses": [pause("09/11/2023", "10/11/2023")]},
            "13/11/2023",
            S.FINISHED_ON_TIME,
            0,
            id="finished on the moved day",
        ),
        pytest.param({"extension_due_at": at("20/11/2023")}, "20/11/2023", S.IN_TIME, 0, id="a lawful extension"),
        pytest.param(
            {"pauses": [pause("06/11/2023", "09/11/2023"), pause("06/11/2023")]},
            "15/11/2023",
            S.IN_TIME,
            0,
            id="a duplicate request never closed swallows nothing",
        ),
        pytest.param(
            {
                "extension_due_at": at("17/11/2023"),
                "pauses": [pause("06/11/2023", "09/11/2023", after="13/11/2023")],
            },
            "17/11/2023",
            S.IN_TIME,
            0,
            id="a pause's new date leaves a later extension alone",
        ),
        pytest.param(
            {"due": "08/11/2023", "due_includes_pauses": True, "pauses": [pause("08/11/2023", "10/11/2023")]},
            "06/11/2023",
            S.OVERDUE,
            4,
            id="a source that moved the due date itself hides no lateness",
        ),
        pytest.param(
            {"due": "13/11/2023", "due_includes_pauses": True, "pauses": [pause("06/11/2023", "09/11/2023")]},
            "13/11/2023",
            S.OVERDUE,
            1,
            id="and its wait is not counted again",
        ),
        pytest.param(
            {"pauses": [pause("06/11/2023", after="15/11/2023")]},
            "15/11/2023",
            S.IN_TIME,
            0,
            id="a pause never closed that has a new date ends with it",
        ),
        pytest.param(
            {"pauses": [pause("06/11/2023", "08/11/2023", after="01/11/2023")]},
            "14/11/2023",
            S.IN_TIME,
            0,
            id="a new date before its pause is a slip",
        ),
        pytest.param(
            {"pauses": [pause("06/11/2023", "08/11/2023", after="09/11/2023")]},
            "14/11/2023",
            S.IN_TIME,
            0,
            id="a new date before the one promised is a slip",
        ),
        pytest.param(
            {"status": 5, "pauses": [pause("11/11/2023")]},
            "10/11/2023",
            S.PAUSED,
            1,
            id="a pause from the Saturday after comes too late (Civil Code art. 148)",
        ),
        pytest.param(
            {"pauses": [pause("25/09/2023", "29/09/2023")]},
            "10/11/2023",
            S.OVERDUE,
            2,
            id="a pause before the receipt moves nothing",
        ),
        pytest.param({"due": None}, None, S.IN_TIME, 0, id="neither due date nor term"),
    ],
)
def test_the_due_date_that_decides(office, given, due, state, days_late):
    judged = office.judge(case(**{"status": 4, "due": "10/11/2023"} | given)).cases.iloc[0]
    assert judged["due_at"] == at(due) or (due is None and pd.isna(judged["due_at"]))
    assert (judged["state"], judged["days_late"], judged["late"]) == (state, days_late, days_late > 0)


def test_a_campaign_may_let_a_late_pause_clear(office):
    paused = case(status=5, due="06/11/2023", pauses=[pause("08/11/2023")])
    assert office.judge(paused).cases.iloc[0]["late"]
    assert not office.judge(paused, rules=CLEARING).cases.iloc[0]["late"]


@pytest.mark.parametrize(
    ("received", "length", "unit", "due"),
    [
        pytest.param("10/11/2023 16:59", 1, "working_day", "13/11/2023 17:00", id="received in office hours"),
        pytest.param("10/11/2023 17:01", 1, "working_day", "14/11/2023 17:00", id="received after closing"),
        pytest.param("28/04/2023 09:00", 1, "working_day", "04/05/2023 17:00", id="over holidays (OpenCPS 354)"),
        pytest.param("26/04/2024 09:00", 3, "working_day", "04/05/2024 17:00", id="onto a swapped Saturday"),
        pytest.param("01/11/2023 09:00", 10, "day", "13/11/2023 17:00", id="calendar days end on a Saturday"),
        pytest.param("10/11/2023 16:00", 2, "working_hour", "13/11/2023 08:00", id="hours over a weekend"),
        pytest.param("10/11/2023 11:00", 1, "working_hour", "10/11/2023 14:00", id="hours over midday"),
    ],
)
def test_a_missing_due_date_is_counted_from_the_term(office, received, length, unit, due):
    untold = case(due=None, received=received, term_length=length, term_unit=unit)
    judged = office.judge(untold, as_of=date(2024, 12, 31)).cases.iloc[0]
    assert judged["due_at"] == at(due)


@pytest.mark.parametrize("term", [{"term_length": 10}, {"term_unit": "working_day"}, {}])
def test_half_a_term_gives_no_due_date(office, term):
    judged = office.judge(case(due=None, received="02/10/2023 09:00", **term)).cases.iloc[0]
    assert (pd.isna(judged["due_at"]), judged["late"]) == (True, False)


@pytest.mark.parametrize(("due", "doubted"), [("16/10/2023", False), ("17/10/2023", False), ("18/10/2023", True)])
def test_a_due_date_that_contradicts_its_term_is_doubted(office, due, doubted):
    told = case(due=due, received="02/10/2023 09:00", term_length=10, term_unit="working_day")
    found = office.find(told)
    assert (K.DUE_CONTRADICTS_TERM in set(found["kind"])) == doubted


FIRST = {"case_number": "A", "due_at": at("10/11/2023"), "new_due_at": None}


@pytest.mark.parametrize(
    ("given", "moved"),
    [
        pytest.param({"due": "30/11/2023"}, True, id="set anew without a reason"),
        pytest.param({"due": "10/11/2023"}, False, id="as first recorded"),
        pytest.param({"due": "08/11/2023"}, True, id="set earlier"),
        pytest.param({"due": "14/11/2023", "pauses": [pause("06/11/2023", "08/11/2023")]}, False, id="by a pause"),
        pytest.param({"due": "15/11/2023", "pauses": [pause("06/11/2023", "08/11/2023")]}, True, id="by more than it"),
        pytest.param({"due": "20/11/2023", "extension_due_at": at("20/11/2023")}, False, id="by an extension"),
    ],
)
def test_a_due_date_moved_without_a_reason_is_seen(office, given, moved):
    found = office.find(case(**given), first=[FIRST])
    assert (K.DUE_MOVED in set(found["kind"])) == moved


def test_a_case_once_late_stays_owed_whatever_the_source_says_now(office):
    found = office.find(case(due="30/11/2023"), first=[FIRST]).set_index("kind")
    assert {K.CASE_OVERDUE, K.APOLOGY_OWED} <= set(found.index)
    assert found.loc[K.APOLOGY_OWED, "days_late"] == 2
    assert found.loc[K.DUE_MOVED, "note"] == "ngày hẹn trả đầu tiên 10/11/2023, hệ thống nguồn nay ghi 30/11/2023"


def test_a_pause_after_the_finish_clears_nothing(office):
    finished = case(status=9, due="06/11/2023", finished="08/11/2023", pauses=[pause("09/11/2023", "13/11/2023")])
    judged = office.judge(finished, rules=CLEARING).cases.iloc[0]
    assert (judged["state"], judged["days_late"], judged["due_at"]) == (S.FINISHED_LATE, 2, at("06/11/2023"))


def test_a_pause_that_ends_after_the_day_still_runs_on_it(office):
    judged = office.judge(case(pauses=[pause("08/11/2023", "30/11/2023", after="20/12/2023")])).cases.iloc[0]
    assert (judged["state"], judged["due_at"]) == (S.PAUSED, at("20/12/2023"))


def test_overlapping_pauses_of_a_late_case_are_told_once(office):
    rows = [pause("08/11/2023", "10/11/2023"), pause("09/11/2023", "13/11/2023")]
    judged = office.judge(case(due="06/11/2023", pauses=rows)).cases.iloc[0]
    assert (judged["days_late"], judged["days_paused"], judged["days_off"]) == (3, 3, 2)
