"""A case of every year, days of years without a decree, and what is said of each."""

from datetime import date

import pyarrow as pa
import pytest
from tests.checks.conftest import at, case

from dondoc.campaign.horizon import awaited_year, calendar_warnings, safe_until
from dondoc.checks.explain import explain
from dondoc.checks.registry import find_all
from dondoc.records import FINDINGS, FindingKind
from dondoc.records.unit_findings import by_unit
from dondoc.sources.snapshot import read_snapshot, write_snapshot
from dondoc.vietnamese.wording import number

CHRISTMAS, NEW_YEAR = date(2026, 12, 25), date(2027, 1, 15)
KIND = FindingKind.CASE_OVERDUE


def found(office, *cases, as_of, kind=KIND, **given):
    facts = office.judge(*cases, as_of=as_of, **given)
    findings = find_all(facts)
    return findings[findings["kind"] == kind.value].to_dict("records"), facts


@pytest.fixture
def office_of_2026(office):
    """Return the office in a campaign of the turn of 2026."""
    period = office.campaign.period.model_copy(update={"first": date(2005, 1, 1), "last": date(2027, 12, 31)})
    dates = {"period": period, "starts_on": date(2026, 12, 1), "deadline": date(2027, 1, 15)}
    dates |= {"final_report_at": at("15/01/2027 16:00")}
    office.campaign = office.campaign.model_copy(update=dates)
    return office


def test_a_case_of_every_year_is_late_all_the_same(office_of_2026):
    years = range(2005, 2027)
    cases = [case(number=f"{year}", due=f"06/05/{year}", received=f"02/01/{year}") for year in years]
    overdue, facts = found(office_of_2026, *cases, as_of=CHRISTMAS)
    from_2015 = {year: max(date(year, 5, 7), date(2015, 1, 1)) for year in years}
    counted = {year: len(office_of_2026.calendar.working_days(first, CHRISTMAS)) for year, first in from_2015.items()}
    late = {int(one["number"]): (one["days_late"], one["days_late_at_least"]) for one in overdue}
    assert late == {year: (counted[year], year < 2015) for year in years}
    findings = find_all(facts)
    for year in (2005, 2014, 2015, 2026):
        told = " ".join(explain(facts, findings, f"{year}"))
        assert (f"từ {number(counted[year])} ngày làm việc trở lên" in told) is (year < 2015)


@pytest.mark.fault(96)
def test_an_open_case_due_in_2019_stops_no_day(office):
    [overdue], _ = found(office, case(due="06/05/2019", received="02/01/2019"), as_of=date(2023, 11, 14))
    counted = len(office.calendar.working_days(date(2019, 5, 7), date(2023, 11, 14)))
    assert (overdue["days_late"], overdue["days_late_at_least"], overdue["provisional"]) == (counted, False, False)


def test_an_advisory_rule_looks_over_the_years_end(office_of_2026):
    near = case(due="04/01/2027", received="01/12/2026")
    [soon], _ = found(office_of_2026, near, as_of=date(2026, 12, 31), kind=FindingKind.CASE_DUE_SOON)
    assert (soon["days_left"], soon["provisional"]) == (1, True)
    none, _ = found(office_of_2026, case(due="01/02/2027", received="01/12/2026"), as_of=CHRISTMAS)
    assert none == []


def test_a_term_that_runs_over_the_years_end_is_counted(office_of_2026):
    long = case(due=None, received="10/12/2026", term_length=20, term_unit="working_day")
    _, facts = found(office_of_2026, long, as_of=date(2026, 12, 11))
    assert facts.cases["due_at"].iloc[0] == at("08/01/2027 17:00")
    assert facts.cases["provisional"].iloc[0]


@pytest.mark.fault(96)
def test_lateness_over_provisional_days_says_so(office_of_2026):
    [overdue], facts = found(office_of_2026, case(due="30/12/2026", received="01/12/2026"), as_of=date(2027, 1, 4))
    assert (overdue["days_late"], overdue["provisional"]) == (2, True)
    told = "\n".join(explain(facts, find_all(facts), "A"))
    assert "01/01/2027: Tết Dương lịch (lịch dự kiến)" in told
    assert "chậm 2 ngày làm việc (lịch dự kiến)" in told


def test_official_days_bear_no_mark(office_of_2026):
    [overdue], facts = found(office_of_2026, case(due="18/12/2026", received="01/12/2026"), as_of=date(2026, 12, 31))
    assert overdue["provisional"] is False
    assert "dự kiến" not in "\n".join(explain(facts, find_all(facts), "A"))


@pytest.mark.fault(97)
def test_a_date_mistyped_by_a_century_stops_no_day(office):
    typo = case(due="14/11/2099", received="02/10/2023", new_due_at=at("31/12/2099"), extension_due_at=at("01/01/2099"))
    long = case(number="B", due=None, received="02/10/2023", term_length=2_000_000_000, term_unit="day")
    longest = case(number="C", due=None, received="02/10/2023", term_length=2_000_000_000, term_unit="working_hour")
    _, facts = found(office, typo, long, longest, as_of=date(2023, 11, 14))
    assert list(facts.cases["state"]) == ["in_time"] * 3
    assert all(explain(facts, find_all(facts), one) for one in "ABC")


@pytest.mark.fault(96)
def test_work_and_files_older_than_the_calendar_are_lower_bounds_too(office_of_2026):
    item = {"item_number": "1", "unit": "QLDT", "status": "open", "due_at": at("06/05/2009"), "source_file": "a"}
    file = {"file_code": "F", "unit": "QLDT", "state": "closed", "closed_at": at("06/05/2009"), "source_file": "a"}
    findings = office_of_2026.find(work=[item | {"source_row": 1}], files=[file | {"source_row": 2}], as_of=CHRISTMAS)
    assert set(findings["days_late_at_least"]) == {True}
    [rows] = by_unit(findings).values()
    counted = len(office_of_2026.calendar.working_days(date(2015, 1, 1), CHRISTMAS))
    shown = {row.days_late_shown for row in rows if row.days_late}
    assert shown == {f"từ {number(counted)} trở lên"}


@pytest.mark.parametrize(
    ("today", "year"),
    [
        (date(2026, 10, 31), None),
        (date(2026, 11, 1), 2027),
        (date(2026, 12, 31), 2027),
        (date(2027, 1, 4), 2027),
        (date(2027, 11, 1), 2028),
    ],
)
def test_next_years_decree_is_asked_for_from_november(vietnam, today, year):
    assert awaited_year(vietnam, today) == year


def test_a_campaign_is_told_until_when_it_is_safe(office_of_2026, vietnam):
    assert safe_until(office_of_2026.campaign, vietnam).startswith("an toàn đến hết ngày 31/12/2026")
    day = office_of_2026.judge(as_of=CHRISTMAS).day
    told = [problem.what for problem in calendar_warnings(day)]
    assert told == ["Từ ngày 01/01/2027 đến khi đợt kết thúc chỉ có lịch dự kiến."]


def test_a_campaign_that_touches_a_proposed_swap_is_told(office_of_2026):
    day = office_of_2026.judge(as_of=date(2026, 11, 20)).day
    dates = {"starts_on": date(2026, 11, 23), "deadline": date(2026, 12, 4), "final_report_at": at("04/12/2026 16:00")}
    moved = type(day)(day.campaign.model_copy(update=dates), day.calendar, date(2026, 11, 23))
    [problem] = calendar_warnings(moved)
    assert "23/11/2026 hoặc 28/11/2026" in problem.what
    assert "applied" in problem.remedy


@pytest.mark.fault(69)
def test_a_business_day_of_a_provisional_year_is_told_loudly(office_of_2026):
    day = office_of_2026.judge(as_of=NEW_YEAR).day
    [problem, *_] = calendar_warnings(day)
    assert "chưa có lịch nghỉ chính thức" in problem.what
    assert "(lịch dự kiến)" in problem.what


def test_findings_kept_by_an_older_version_are_read(office, tmp_path):
    findings = office.find(case())
    added = ("days_late_at_least", "provisional")
    older = pa.schema([field for field in FINDINGS if field.name not in added])
    path = write_snapshot(findings[older.names], older, folder=tmp_path, name="findings")
    [rows] = by_unit(read_snapshot(path, FINDINGS)).values()
    assert {row.days_late_shown for row in rows} == {2}
