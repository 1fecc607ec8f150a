"""What is ready to be signed is what is drafted without a gap, told of many cases at once."""

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dondoc.campaign.day import Day
from dondoc.letters.draft import COLUMNS, UnitAnswer, draft_letter
from dondoc.letters.readiness import ready_letters

from .conftest import CASE, frame

TODAY = date(2023, 11, 14)
# Before today, today, the due day, a Saturday, a working day, a holiday, no year of the calendar.
DAYS = [None, *(datetime(2023, 11, d) for d in (10, 13, 14, 18, 20)), datetime(2024, 1, 1), datetime(2099, 3, 4)]
TEXTS = [None, "", "  ", "chờ ý kiến"]
CASES = st.fixed_dictionaries(
    {
        "applicant": st.sampled_from([None, " ", "CÔNG TY TNHH MỘT"]),
        "reason": st.sampled_from(TEXTS),
        "new_due_at": st.sampled_from(DAYS),
        "due_at": st.sampled_from([datetime(2023, 11, 1), datetime(2023, 11, 13, 16), datetime(2023, 11, 20, 8)]),
        "ended_on": st.sampled_from([None, datetime(2023, 11, 13)]),
    }
)
PROMISES = [day and day.date() for day in DAYS]
ANSWERS = st.none() | st.builds(UnitAnswer, reason=st.sampled_from(["", "lý do"]), new_due_on=st.sampled_from(PROMISES))
# What a letter tells and its readiness does not depend on.
TOLD = {"days_late": 9, "days_late_at_least": False, "provisional": False}


@settings(max_examples=60)
@given(st.lists(st.tuples(CASES, ANSWERS), min_size=1, max_size=12))
def test_ready_is_what_would_be_drafted_without_a_gap(hai_phong, vietnam, drawn):
    day = Day(hai_phong, vietnam, TODAY)
    given_cases = [{name: case[name] for name in case if name != "ended_on"} for case, _ in drawn]
    numbered = [case | {"case_number": str(i)} for i, case in enumerate(given_cases)]
    cases = frame(numbered).assign(ended_on=[case["ended_on"] for case, _ in drawn], **TOLD)
    answers = {str(i): answer for i, (_, answer) in enumerate(drawn) if answer}
    drafts = [
        draft_letter(row, day, answer=answers.get(row["case_number"]))
        for row in cases[COLUMNS].astype(object).to_dict("records")
    ]
    assert ready_letters(cases, answers, day).tolist() == [not draft.missing for draft in drafts]


@pytest.mark.parametrize(("times", "ready"), [(None, True), (1, True), (2, False)])
def test_a_case_postponed_already_is_not_ready_for_another_date(hai_phong, vietnam, times, ready):
    cases = frame([CASE | {"postponed_times": times}]).assign(ended_on=[None], days_late=9)
    assert ready_letters(cases, {}, Day(hai_phong, vietnam, TODAY)).tolist() == [ready]
