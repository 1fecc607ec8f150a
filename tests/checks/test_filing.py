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
from dondoc.records import CASES, WORK, FindingKind, conform, empty_frame

TODAY = date(2023, 11, 14)
UNREPORTED, UNFILED = FindingKind.WORK_UNREPORTED, FindingKind.WORK_UNFILED


def item(**given):
    base = {
        "item_number": "1",
        "summary": "V/v",
        "unit": "VP",
        "assigned_at": datetime(2023, 10, 2),
        "source_file": "a.xlsx",
        "source_row": 5,
    }
    return dict.fromkeys(WORK.names) | base | {"status": "open"} | given


def found_in(campaign, calendar, *items):
    work = judge_work(conform(pd.DataFrame(list(items)), WORK), as_of=TODAY, calendar=calendar)
    year = Period(first=date(2023, 1, 1), last=date(2023, 12, 31))
    cases = judge_cases(empty_frame(CASES), as_of=TODAY, period=year, by_timestamp=False, calendar=calendar)
    owed_alone = campaign.model_copy(update={"rules": Rules()})
    return find_all(DayFacts(Day(owed_alone, calendar, TODAY), judge_apologies(cases, as_of=TODAY), work))


@pytest.mark.parametrize(
    ("given", "owed"),
    [
        pytest.param({}, {UNREPORTED, UNFILED}, id="neither"),
        pytest.param({"status": "reported"}, {UNFILED}, id="only reported"),
        pytest.param({"status": "archived"}, {UNFILED}, id="only archived"),
        pytest.param({"file_code": "01.VP"}, {UNREPORTED}, id="only filed"),
        pytest.param({"status": "archived", "file_code": "01.VP"}, set(), id="both"),
        pytest.param({"status": "reported", "finished_at": datetime(2023, 11, 20)}, {UNREPORTED, UNFILED}, id="later"),
        pytest.param({"assigned_at": datetime(2023, 11, 15)}, set(), id="assigned after the day"),
    ],
)
def test_two_things_are_asked_of_each_item(hai_phong, vietnam, given, owed):
    assert set(found_in(hai_phong, vietnam, item(**given))["kind"]) == owed


@pytest.mark.parametrize(
    ("due", "days_late"),
    [(None, 0), (datetime(2023, 11, 14), 0), (datetime(2023, 11, 10), 2)],
)
def test_an_item_is_late_only_past_a_due_date_it_has(hai_phong, vietnam, due, days_late):
    found = found_in(hai_phong, vietnam, item(due_at=due))
    assert set(found["days_late"]) == {days_late}
