"""What each rule finds, and the findings' evidence."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.checks.conftest import Office, at, case, pause, table

from dondoc.campaign import Rules, Waiver
from dondoc.checks.archives import handover_due
from dondoc.checks.explain import explain
from dondoc.checks.impact import calendar_impact
from dondoc.checks.promises import carry
from dondoc.checks.registry import ARTICLES, REGISTRY, find_all
from dondoc.records import CASES, FILES, FIRST_DATES, FindingKind, empty_frame

K = FindingKind


def item(**given):
    base = {"item_number": "1", "summary": "V/v", "unit": "VP", "assigned_at": at("02/10/2023"), "status": "open"}
    return base | {"source_file": "w.xlsx", "source_row": 5} | given


def held(unit, start, end=None):
    return {"unit": unit, "from_at": at(start), "to_at": at(end)}


def test_every_kind_has_its_rule_and_its_article():
    assert [rule.kind for rule in REGISTRY] == list(FindingKind)
    assert all(ARTICLES.values())


@pytest.mark.parametrize(
    ("given", "kinds"),
    [
        pytest.param({"due": "13/11/2023"}, {K.CASE_OVERDUE, K.APOLOGY_OWED}, id="lapsed"),
        pytest.param({"due": "14/11/2023"}, {K.CASE_DUE_SOON, K.APOLOGY_DUE_SOON}, id="today"),
        pytest.param({"due": "15/11/2023"}, {K.CASE_DUE_SOON, K.APOLOGY_DUE_SOON}, id="tomorrow (OpenCPS 1269)"),
        pytest.param({"due": "15/11/2023", "apologised_at": at("13/11/2023")}, {K.CASE_DUE_SOON}, id="apologised"),
        pytest.param({"due": "21/11/2023"}, {K.CASE_DUE_SOON}, id="five working days"),
        pytest.param({"due": "22/11/2023"}, set(), id="six working days"),
        pytest.param({"due": "15/11/2023", "status": 5}, set(), id="paused"),
        pytest.param({"apologised_at": at("09/11/2023")}, {K.CASE_OVERDUE, K.APOLOGY_INCOMPLETE}, id="no reason"),
        pytest.param(
            {"apologised_at": at("09/11/2023"), "reason": "x", "new_due_at": at("20/11/2023")},
            {K.CASE_OVERDUE},
            id="a whole apology",
        ),
        pytest.param(
            {"apologised_at": at("09/11/2023"), "reason": "x", "status": 9, "finished": "13/11/2023"},
            set(),
            id="finished late needs no new date",
        ),
        pytest.param({"due": "30/11/2023", "postponed_times": 2}, {K.SECOND_POSTPONEMENT}, id="postponed twice"),
        pytest.param({"due": "30/11/2023", "postponed_times": 1}, set(), id="postponed once"),
    ],
)
def test_what_is_found_in_a_case(office, given, kinds):
    assert office.kinds(case(**given)) == kinds


@pytest.mark.fault(70)
def test_a_due_date_on_a_rest_day_is_near_on_the_last_working_day(office):
    found = office.find(case(due="11/11/2023"), as_of=date(2023, 11, 10)).set_index("kind")
    assert found.loc[K.CASE_DUE_SOON, "days_left"] == 1
    assert K.APOLOGY_DUE_SOON in found.index


def test_a_second_new_date_is_seen_against_the_first(office):
    first = {"case_number": "A", "due_at": at("10/11/2023"), "new_due_at": at("20/11/2023")}
    assert K.SECOND_POSTPONEMENT in office.kinds(case(new_due_at=at("30/11/2023")), first=[first])
    assert K.SECOND_POSTPONEMENT not in office.kinds(case(new_due_at=at("20/11/2023")), first=[first])


@pytest.mark.parametrize(
    ("given", "cases", "differs"),
    [
        pytest.param({"case_number": "B"}, [case()], True, id="unknown case"),
        pytest.param({"case_number": "B"}, [], False, id="no cases were given at all"),
        pytest.param({"case_number": "A"}, [case()], False, id="open in both"),
        pytest.param({"case_number": "A", "status": "reported"}, [case()], True, id="done in the e-office alone"),
        pytest.param({"case_number": "A"}, [case(9, finished="09/11/2023")], True, id="done at the one-stop alone"),
        pytest.param({"case_number": None}, [case()], False, id="names no case"),
    ],
)
def test_the_two_systems_are_held_against_each_other(office, given, cases, differs):
    assert (K.SYSTEMS_DIFFER in office.kinds(*cases, work=[item(**given)])) == differs


def test_an_item_past_its_due_day_is_overdue_until_reported(office):
    late = {"due_at": at("10/11/2023")}
    assert K.WORK_OVERDUE in office.kinds(work=[item(**late)])
    assert K.WORK_OVERDUE not in office.kinds(work=[item(**late, status="reported", finished_at=at("13/11/2023"))])


@pytest.mark.parametrize(
    ("given", "due"),
    [
        pytest.param({"closed_at": at("31/10/2022")}, "2023-10-31", id="a year from its end"),
        pytest.param({"closed_at": at("29/02/2024")}, "2025-02-28", id="a leap day"),
        pytest.param({"closed_at": at("30/06/2025")}, "2026-06-30", id="the last day of the old law"),
        pytest.param({"closed_at": at("01/07/2025")}, "2026-12-31", id="a year from the year's end"),
        pytest.param({"year": 2022}, "2023-12-31", id="only its year is known"),
        pytest.param({}, "NaT", id="neither is known"),
    ],
)
def test_when_a_work_file_is_to_be_handed_over(given, due):
    named = {"file_code": "01.VP", "unit": "VP", "state": "closed", "source_file": "f.xlsx", "source_row": 3}
    files = table(FILES, named | given)
    assert str(handover_due(files, Rules())[0]) == due


def test_a_closed_file_kept_too_long_is_named(office):
    base = {"file_code": "01.VP", "unit": "VP", "closed_at": at("10/11/2022"), "source_file": "f.xlsx", "source_row": 3}
    found = office.find(files=[base | {"state": "closed"}, base | {"state": "archived", "file_code": "02.VP"}])
    assert found[["kind", "number", "days_late"]].to_numpy().tolist() == [[K.FILE_NOT_HANDED_OVER, "01.VP", 2]]


def test_a_statistics_sheet_is_held_against_the_list(office):
    sheet = {"unit": "VP", "work_total": 2, "work_unfiled": 5, "source_file": "s.xlsx", "source_row": 4}
    found = office.find(work=[item(), item(item_number="2", file_code="01.VP", source_row=6)], statistics=[sheet])
    differ = found[found["kind"] == K.STATISTICS_DIFFER]
    assert differ["note"].tolist() == ["thống kê ghi 5, danh sách có 1"]


@pytest.mark.parametrize(
    ("holders", "unit"),
    [
        pytest.param(None, "QLDT", id="nobody recorded"),
        pytest.param([held("VP", "02/10/2023", "13/11/2023"), held("TTR", "13/11/2023")], "VP", id="equal days"),
        pytest.param(
            [held("VP", "02/10/2023", "06/11/2023"), held("TTR", "06/11/2023")],
            "TTR",
            id="longest (OpenCPS 1280)",
        ),
        pytest.param([held("Sở khác", "02/10/2023")], "QLDT", id="held elsewhere"),
        pytest.param([held("VP", "02/10/2023", "08/11/2023")], "QLDT", id="passed on before it lapsed"),
    ],
)
def test_the_unit_whose_clock_ran_answers(office, holders, unit):
    assert set(office.find(case(holders=holders))["unit"]) == {unit}


@pytest.mark.parametrize(("until", "waived"), [(date(2023, 11, 14), True), (date(2023, 11, 13), False)])
def test_a_waiver_marks_and_never_removes(office, until, waived):
    excuse = Waiver(kind=K.APOLOGY_OWED, number="A", by="Trưởng ban", reason="đang chờ giám định", until=until)
    found = office.find(case(), waivers=[excuse]).set_index("kind")
    assert found["waived_by"].notna().to_dict() == {K.CASE_OVERDUE: False, K.APOLOGY_OWED: waived}


SOME = [
    case(number="A"),
    case(number="B", due="15/11/2023"),
    case(9, finished="13/11/2023", number="C", source_row=8),
    case(5, due="06/11/2023", number="D", pauses=[pause("08/11/2023")], source_row=9),
    case(number="E", due="30/11/2023", holders=[held("VP", "02/10/2023")], source_row=10),
]


@settings(derandomize=True, max_examples=8)
@given(order=st.permutations(SOME))
def test_the_order_of_rows_does_not_matter(hai_phong, vietnam, order):
    office = Office(hai_phong, vietnam)
    assert office.find(*order).equals(office.find(*SOME))


@settings(derandomize=True, max_examples=8)
@given(due=st.dates(date(2023, 1, 10), date(2023, 11, 10)), early=st.integers(0, 5))
def test_a_case_closed_in_time_adds_no_finding(hai_phong, vietnam, due, early):
    office = Office(hai_phong, vietnam)
    finished = np.datetime64(due) - np.timedelta64(early, "D")
    closed = case(10, due=f"{due:%d/%m/%Y}", finished=f"{finished.item():%d/%m/%Y}", received="01/01/2023", number="Z")
    assert office.find(*SOME, closed).equals(office.find(*SOME))


def test_the_register_is_the_fold_of_the_days(vietnam):
    days = [[case()], [case(due="30/11/2023"), case(number="B", new_due_at=at("01/12/2023"))], [case(number="B")]]
    register = empty_frame(FIRST_DATES)
    for rows in days:
        register = carry(register, table(CASES, *rows), vietnam)
    assert register["due_at"].tolist() == [at("10/11/2023")] * 2
    assert register["new_due_at"].tolist()[1] == at("01/12/2023")


def test_the_story_of_a_case_names_every_day(office, vietnam):
    facts = office.judge(case(due="28/04/2023", received="03/04/2023"), as_of=date(2023, 5, 5))
    told = "\n".join(explain(facts, find_all(facts), "A"))
    assert "Nguồn: tệp a.xlsx, dòng 7" in told
    assert all(vietnam.rest_name(day) in told for day in (date(2023, 4, 29), date(2023, 5, 1), date(2023, 5, 3)))
    assert "04/05/2023: ngày làm việc, chậm 1" in told
    assert "05/05/2023: ngày làm việc, chậm 2" in told
    assert "open-past-due" in told


def test_the_days_told_are_the_days_counted(office):
    paused = case(due="06/11/2023", pauses=[pause("08/11/2023", "10/11/2023")])
    facts = office.judge(paused)
    told = explain(facts, find_all(facts), "A")
    assert sum("tạm dừng, không tính" in line for line in told) == facts.cases.iloc[0]["days_paused"] == 2
    assert any(f"chậm {facts.cases.iloc[0]['days_late']}" in line and "14/11" in line for line in told)
    assert explain(facts, find_all(facts), "không có") == []


def test_a_late_decree_says_which_cases_it_changes(office, hai_phong):
    from dondoc.calendar import official_calendar

    decreed = official_calendar("VN", range(2022, 2027), closed={date(2023, 11, 13): "nghỉ bù"})
    rows = [case(), case(number="B", due=None, received="09/11/2023", term_length=2, term_unit="working_day")]
    changed = calendar_impact(office.judge(*rows).cases, Office(hai_phong, decreed).judge(*rows).cases)
    assert changed["days_late_now"].tolist() == [2, 1]
    assert changed["days_late_then"].tolist() == [1, 0]
    assert changed["late_then"].tolist() == [True, False]
