from datetime import date, datetime

import pandas as pd
import pytest

from dondoc.checks.filing import find_in_work, judge_work
from dondoc.records import WORK, FindingKind, conform

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


def judge(calendar, *items):
    return judge_work(conform(pd.DataFrame(list(items)), WORK), as_of=TODAY, calendar=calendar)


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
def test_two_things_are_asked_of_each_item(vietnam, given, owed):
    assert set(find_in_work(judge(vietnam, item(**given)))["kind"]) == owed


@pytest.mark.parametrize(
    ("due", "days_late"),
    [(None, 0), (datetime(2023, 11, 14), 0), (datetime(2023, 11, 10), 2)],
)
def test_an_item_is_late_only_past_a_due_date_it_has(vietnam, due, days_late):
    found = find_in_work(judge(vietnam, item(due_at=due)))
    assert set(found["days_late"]) == {days_late}
